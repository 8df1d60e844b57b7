import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { keccak256 as keccakHex } from 'viem'
import { COIN } from '../../chain/params/chainSpec.ts'
import type { Address, Hash, Hex } from '../../chain/primitives/hex.ts'
import { predeploys } from '../../chain/system/addresses.ts'
import {
  type Genesis,
  type GenesisAccount,
  parseGenesis,
} from '../../chain/system/genesis/genesisFile.ts'
import { type AccountCounts, type Accounts, deriveAccounts } from './accounts.ts'
import { keyOf, root } from './cacheFolder.ts'
import { stressAddress, stressCode } from './stressContract.ts'

/** All that decides a benchmark's genesis. */
export type BenchGenesisOptions = AccountCounts & {
  /** Whether each account also holds the wrapped coin. */
  readonly hasTokens: boolean
  /** Bytes that the code of the wrapped coin has; 0 as compiled. More are never run. */
  readonly tokenCodeSize: number
  /** Transactions that each sender is taken to have sent before. */
  readonly senderNonce: number
}

/** A genesis whose accounts a benchmark knows. */
export type BenchGenesis = {
  readonly key: string
  readonly genesis: Genesis
  readonly accounts: Accounts
  /** Nonce that each sender begins with. */
  readonly senderNonce: number
}

/** Gas of a block: never what stops one. Blocks are as long as the benchmark says. */
export const blockGasLimit = 30_000_000_000n

/** Coin of each account. */
const balance = 100n * COIN
/** Tokens of each holder, and the slot of the mapping that holds them in OpenZeppelin's ERC-20. */
const tokenBalance = 10n ** 12n
const BALANCES_SLOT = 0n

const basePath = join(root, 'deploy', 'genesis', 'dev.json')

/** A name for what `options` decide, also of what is in the development genesis. */
export function benchGenesisKey(options: BenchGenesisOptions): string {
  return keyOf({ version: 1, options, base: keccakHex(readFileSync(basePath)) })
}

/**
 * The development chain's genesis with funded accounts besides its own. What they have the reserve
 * has less, so that the supply is still the cap.
 */
export function createBenchGenesis(options: BenchGenesisOptions): BenchGenesis {
  const base = parseGenesis(JSON.parse(readFileSync(basePath, 'utf8')))
  const accounts = deriveAccounts(options)
  const funded = [...accounts.senders, ...accounts.idle]
  const given = balance * BigInt(funded.length)
  const changed = base.accounts.map((account) => {
    if (account.address === predeploys.emissionReserve) {
      return { ...account, balance: account.balance - given }
    }
    if (account.address !== predeploys.whpc) return account
    const storage = options.hasTokens ? withHolders(account, funded) : account.storage
    return { ...account, storage, code: padded(account.code, options.tokenCodeSize) }
  })
  const added: readonly GenesisAccount[] = [
    ...accounts.senders.map((address) => plainAccount(address, options.senderNonce)),
    ...accounts.idle.map((address) => plainAccount(address, 0)),
    { address: stressAddress, balance: 0n, nonce: 1n, code: stressCode(), storage: [] },
  ]
  const all = [...changed, ...added].sort((a, b) => (a.address < b.address ? -1 : 1))
  return {
    key: benchGenesisKey(options),
    genesis: { ...base, gasLimit: blockGasLimit, accounts: all },
    accounts,
    senderNonce: options.senderNonce,
  }
}

function plainAccount(address: Address, nonce: number): GenesisAccount {
  return { address, balance, nonce: BigInt(nonce), code: '0x', storage: [] }
}

/** Bytes of code of the ERC-20 that E1 and E2 call. */
export function tokenCodeSizeOf({ genesis }: BenchGenesis): number {
  const token = genesis.accounts.find(({ address }) => address === predeploys.whpc)
  return ((token?.code.length ?? 2) - 2) / 2
}

function withHolders(
  token: GenesisAccount,
  holders: readonly Address[],
): GenesisAccount['storage'] {
  const value = word(tokenBalance)
  const entries = holders.map((holder): readonly [Hash, Hash] => [balanceSlot(holder), value])
  return [...token.storage, ...entries].sort(([a], [b]) => (a < b ? -1 : 1))
}

/** Where the token keeps what `holder` has. */
function balanceSlot(holder: Address): Hash {
  return keccakHex(`0x${holder.slice(2).padStart(64, '0')}${word(BALANCES_SLOT).slice(2)}`)
}

function word(value: bigint): Hash {
  return `0x${value.toString(16).padStart(64, '0')}`
}

function padded(code: Hex, size: number): Hex {
  const missing = size - (code.length - 2) / 2
  return missing <= 0 ? code : `0x${code.slice(2)}${'00'.repeat(missing)}`
}
