import { hexToBytes, keccak256, recoverAddress, toHex } from 'viem'
import { mnemonicToAccount } from 'viem/accounts'
import { signatureOf, signingHash } from '../../../chain/codec/signature.ts'
import type { Address } from '../../../chain/primitives/hex.ts'
import type { SenderState } from '../../../chain/txpool/entry.ts'
import { defaultPoolOptions, type PoolOptions } from '../../../chain/txpool/options.ts'
import { createPool, type Pool } from '../../../chain/txpool/pool.ts'

export const CHAIN_ID = 18512n
export const GWEI = 10n ** 9n
export const HPC = 10n ** 18n
/** The mnemonic everybody knows. */
export const MNEMONIC = 'test test test test test test test test test test test junk'

/** The first development accounts, with their keys. */
export const accounts = [0, 1, 2].map((addressIndex) =>
  mnemonicToAccount(MNEMONIC, { addressIndex }),
)

/** A pool over accounts that the test writes. */
export type World = {
  readonly pool: Pool
  readonly senders: Map<Address, SenderState>
  readonly fees: { baseFee: bigint; floor: bigint }
  gasMax: bigint
}

/** Starts a pool whose chain is a map; every account owns 10,000 HPC unless the test says else. */
export function createWorld(options: Partial<PoolOptions> = {}): World {
  const senders = new Map<Address, SenderState>()
  const fees = { baseFee: GWEI, floor: GWEI }
  const world = { senders, fees, gasMax: 20_000_000n }
  const pool = createPool(
    { ...defaultPoolOptions, ...options },
    {
      chainId: CHAIN_ID,
      keccak256: (bytes) => keccak256(bytes, 'bytes'),
      recoverSender: async (tx) => {
        const digest = signingHash(tx)
        const { r, s, yParity } = signatureOf(tx)
        const signature = { r: toHex(r, { size: 32 }), s: toHex(s, { size: 32 }), yParity }
        const address = await recoverAddress({ hash: toHex(digest), signature })
        return address.toLowerCase() as Address // viem answers with a checksum
      },
      readSender: (address) => senders.get(address) ?? fundedAccount(),
      fees: () => fees,
      gasMax: () => world.gasMax,
    },
  )
  return Object.assign(world, { pool })
}

/** An account that has sent nothing. */
export function fundedAccount(changes: Partial<SenderState> = {}): SenderState {
  return { nonce: 0n, balance: 10_000n * HPC, hasContractCode: false, ...changes }
}

/** Address of a development account as the pool writes it. */
export function addressOf(index = 0): Address {
  const account = accounts[index]
  if (account === undefined) throw new RangeError(`no account ${index}`)
  return account.address.toLowerCase() as Address // an address stays one in lower case
}

/** Signs a transfer of 1 wei, or what `changes` make of it. */
export async function signTx(
  changes: Record<string, unknown> & { from?: number } = {},
): Promise<Uint8Array> {
  const { from = 0, ...rest } = changes
  const account = accounts[from]
  if (account === undefined) throw new RangeError(`no account ${from}`)
  const fees = 'gasPrice' in rest ? {} : { maxFeePerGas: 3n * GWEI, maxPriorityFeePerGas: GWEI }
  const transaction = {
    chainId: Number(CHAIN_ID),
    nonce: 0,
    gas: 21_000n,
    to: addressOf(1),
    value: 1n,
    ...fees,
    ...rest,
  }
  // viem infers the kind of transaction from literal types; this one is put together at run time.
  const signed = await account.signTransaction(transaction as never)
  return hexToBytes(signed as `0x${string}`)
}
