import { numberToHex } from 'viem'
import type { Address, Hex } from '../../chain/primitives/hex.ts'
import { proposerAtCall } from '../../chain/system/encoders.ts'
import type { Genesis } from '../../chain/system/genesis/genesisFile.ts'

/** What both Hardhat's connections and viem's clients have. */
export type RPCProvider = {
  request(args: { readonly method: string; readonly params?: unknown[] }): Promise<unknown>
}

/**
 * Puts a whole genesis into a simulated Hardhat network: code, storage, balances and nonces at the
 * same addresses as on the chain, and the first seat's signer as coinbase.
 *
 * The network keeps its own genesis block. When its clock is behind the chain's genesis time, the
 * next block comes one second after that.
 */
export async function loadGenesis(provider: RPCProvider, genesis: Genesis): Promise<void> {
  const send = (method: string, ...params: unknown[]) => provider.request({ method, params })
  for (const { address, balance, nonce, code, storage } of genesis.accounts) {
    await send('hardhat_setBalance', address, numberToHex(balance))
    if (code !== '0x') await send('hardhat_setCode', address, code)
    if (nonce > 0n) await send('hardhat_setNonce', address, numberToHex(nonce))
    for (const [slot, value] of storage) {
      await send('hardhat_setStorageAt', address, numberToHex(BigInt(slot)), value)
    }
  }
  await send('hardhat_setCoinbase', await proposerAt(provider, 1n))
  // The shape is that of the JSON-RPC specification.
  const latest = (await send('eth_getBlockByNumber', 'latest', false)) as {
    readonly timestamp: Hex
  }
  if (BigInt(latest.timestamp) > genesis.timestamp) return
  await send('evm_setNextBlockTimestamp', numberToHex(genesis.timestamp + 1n))
}

/** Who proposes `height` in round 0. */
export async function proposerAt(provider: RPCProvider, height: bigint): Promise<Address> {
  const { to, data, decode } = proposerAtCall(height, 0)
  const result = await provider.request({ method: 'eth_call', params: [{ to, data }, 'latest'] })
  return decode(result as Hex) // eth_call answers with hex
}
