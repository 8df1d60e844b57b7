import type { Address, Hash } from '../../chain/primitives/hex.ts'
import type { Log } from '../../chain/primitives/receipt.ts'
import type { GenesisAccount } from '../../chain/system/genesis/genesisFile.ts'

/**
 * Executes transactions on a state of given accounts, without blocks, hub or database: what public
 * state tests ask of an engine, and the quickest way to compare two of them.
 */
export type StateTestExecutor = {
  readonly name: string
  /** Whether it knows the rules of a fork, called as `@ethereumjs/common` calls it. */
  supports(hardfork: string): boolean
  /** Whether it takes transactions of type 3, which no block of this chain may hold. */
  readonly acceptsBlobs: boolean
  open(request: OpenRequest): Promise<ExecutorState>
}

/** The state that transactions start from, and the rules they run under. */
export type OpenRequest = {
  readonly hardfork: string
  readonly chainId: bigint
  readonly accounts: readonly GenesisAccount[]
}

/** A state in memory that each run changes. */
export type ExecutorState = {
  /** Runs the transactions of one block; those that cannot run change nothing. */
  run(
    block: BlockEnvironment,
    transactions: readonly Uint8Array[],
  ): Promise<readonly TransactionOutcome[]>
  stateRoot(): Promise<Hash>
  /** Nonce and balance in wei; zeros where there is nobody. */
  account(address: Address): Promise<{ readonly nonce: bigint; readonly balance: bigint }>
}

/** What transactions see of their block. */
export type BlockEnvironment = {
  readonly number: bigint
  readonly timestamp: bigint
  readonly coinbase: Address
  readonly gasLimit: bigint
  /** Wei per gas; absent before London. */
  readonly baseFeePerGas?: bigint
  /** Since the merge. */
  readonly mixHash: Hash
  /** Before the merge. */
  readonly difficulty: bigint
  readonly excessBlobGas: bigint
  readonly hashOf: (height: bigint) => Uint8Array
}

/** What became of a transaction. */
export type TransactionOutcome =
  | {
      readonly kind: 'executed'
      readonly status: 0 | 1
      readonly gasUsed: bigint
      readonly contractAddress: Address | null
      readonly logs: readonly Log[]
    }
  | { readonly kind: 'refused'; readonly reason: string }
