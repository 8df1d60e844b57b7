import type { ScannedBlock } from '../codec/block.ts'
import type { LazyReceipts } from '../codec/receipts.ts'
import type { RecoveryJob } from '../codec/recovery/senderRecovery.ts'
import type { Address, Hash, Hex } from '../primitives/hex.ts'
import type { StatePatch } from '../state/nodeLog.ts'
import type { StateSource } from '../state/stateSource.ts'
import type { EndBlockInput } from '../system/encoders.ts'

/**
 * Executes blocks and calls. `createReferenceEngine` is the plain one; whatever replaces it must
 * give the same results to the last bit.
 */
export type Engine = {
  /** Base fee of the block after `parent`, wei per gas. */
  nextBaseFee(parent: ParentBlock): Promise<bigint>
  /** Least base fee there can ever be under the parameters in the state after `parent`. */
  baseFeeFloor(parent: ParentBlock): Promise<bigint>
  /**
   * Executes candidates until the block is full or its CPU time is spent, then the system
   * transaction.
   * @throws EvmError `EVM_NO_GAS_FLOAT`, `EVM_SUPPLY_NOT_CONSERVED`
   */
  build(request: BuildRequest): Promise<BuiltBlock>
  /**
   * Begins what can be done for a block before the one before it is executed.
   * @throws EvmError `EVM_MALFORMED_BLOCK`
   */
  prepare(raw: Uint8Array): PreparedBlock
  /**
   * Recomputes everything that `raw` states.
   * @throws EvmError with the first rule that it breaks; `EVM_BLOCK_TOO_LONG`
   */
  verify(request: VerifyRequest): Promise<ExecutedBlock>
  /** Runs a message on a state and throws the result away. */
  call(request: CallMessage): Promise<CallOutcome>
  /** Runs a final block again: the calls of each of its transactions, in order. */
  trace(request: TraceRequest): Promise<readonly CallFrame[]>
  account(address: Address, at: StateRef): Promise<AccountState>
  code(address: Address, at: StateRef): Promise<Hex>
  storage(address: Address, slot: Hash, at: StateRef): Promise<Hash>
  proof(address: Address, slots: readonly Hash[], at: StateRef): Promise<AccountProof>
}

/** What the engine reads; `chain/node` hands in the database. */
export type ChainSource = StateSource & {
  /** Hash of the block at a height at or below the head. */
  blockHash(height: bigint): Uint8Array | undefined
}

/** A state, and what of it is not in the database yet. */
export type StateRef = {
  readonly stateRoot: Hash
  readonly unsaved?: StatePatch
}

/** What a block must know of the one before it. */
export type ParentBlock = {
  readonly hash: Hash
  readonly height: bigint
  readonly timestamp: bigint
  readonly stateRoot: Hash
  readonly coinbase: Address
  readonly gasLimit: bigint
  readonly gasUsed: bigint
  readonly baseFeePerGas: bigint
  readonly certificate: ParentCertificate
}

/** What follows from the certificate that made the parent final. */
export type ParentCertificate = {
  /** Becomes parentBeaconBlockRoot. */
  readonly hash: Hash
  /** Becomes mixHash. */
  readonly randomness: Hash
  readonly round: number
  /** Bit i: seat i signed. */
  readonly signers: bigint
}

/** Who proposes a block. */
export type Proposer = {
  readonly coinbase: Address
  readonly round: number
  readonly seat: number
}

/** A transaction that may go into a block. */
export type Candidate = {
  readonly hash: Hash
  readonly raw: Uint8Array
  readonly gas: bigint
  /** Who signed it, when that is known. */
  readonly sender?: Address
}

/** Candidates, best first. `skipSender` leaves out the rest of the sender just given. */
export type Candidates = Iterable<Candidate> & { skipSender(): void }

export type BuildRequest = {
  readonly parent: ParentBlock
  readonly timestamp: bigint
  readonly proposer: Proposer
  /** Signs a 32-byte hash with the proposer's key: r ‖ s ‖ yParity. */
  readonly sign: (hash: Uint8Array) => Uint8Array
  /** Called once a block; again when what candidates did leaves no way to end it. */
  readonly candidates: (baseFee: bigint) => Candidates
  /**
   * Milliseconds of CPU time for the candidates of this block; unlimited when it is left out or the
   * engine has no meter.
   */
  readonly cpuBudgetMs?: number | undefined
}

export type VerifyRequest = {
  readonly parent: ParentBlock
  readonly proposer: Proposer
  /** The block in RLP. */
  readonly raw: Uint8Array
  /** What `prepare` gave for this very array. */
  readonly prepared?: PreparedBlock
  /**
   * Milliseconds of CPU time after which verification is given up with `EVM_BLOCK_TOO_LONG`: for a
   * voter, who may stay silent about a slow block, never for a block that is final already.
   */
  readonly cpuBudgetMs?: number | undefined
}

/** Work on a block that is under way; undefined when the engine does none. */
export type PreparedBlock =
  | { readonly scanned: ScannedBlock; readonly senders: Promise<RecoveryJob> }
  | undefined

export type TraceRequest = {
  readonly parentStateRoot: Hash
  /** The block in RLP. */
  readonly raw: Uint8Array
}

/** One call, with the calls that it made. */
export type CallFrame = {
  readonly type: 'CALL' | 'CALLCODE' | 'DELEGATECALL' | 'STATICCALL' | 'CREATE' | 'CREATE2'
  readonly from: Address
  /** Callee, or the created contract; undefined when nothing was created. */
  readonly to: Address | undefined
  readonly value: bigint
  /** Given and used; of the outermost call, the transaction's. */
  readonly gas: bigint
  readonly gasUsed: bigint
  readonly input: Hex
  readonly output: Hex
  /** Why it failed. */
  readonly error?: string
  readonly calls: readonly CallFrame[]
}

/** A block and what it does. */
export type ExecutedBlock = {
  readonly height: bigint
  readonly hash: Hash
  readonly raw: Uint8Array
  readonly stateRoot: Hash
  readonly timestamp: bigint
  readonly receipts: LazyReceipts
  /** Hashes of its transactions, 32 bytes each, when they are at hand. */
  readonly transactionHashes?: Uint8Array
  /** What this block changes in the state. */
  readonly state: StatePatch
  /** The system transaction failed: economics pause for a block, the chain goes on. */
  readonly isDegraded: boolean
}

/** A candidate that cannot go into this block. */
export type Dropped = { readonly hash: Hash; readonly reason: string }

export type BuiltBlock = ExecutedBlock & { readonly dropped: readonly Dropped[] }

/** The header fields that contracts can read. */
export type BlockContext = {
  readonly number: bigint
  readonly timestamp: bigint
  readonly coinbase: Address
  readonly gasLimit: bigint
  readonly baseFeePerGas: bigint
  readonly mixHash: Hash
}

/** A message, as eth_call and eth_estimateGas describe it. */
export type CallMessage = {
  readonly at: StateRef
  readonly block: BlockContext
  readonly from: Address
  readonly to?: Address
  readonly data: Hex
  readonly value: bigint
  readonly gas: bigint
  /** When set, `from` must be able to pay it. */
  readonly gasPrice?: bigint
  readonly accessList?:
    | readonly { readonly address: Address; readonly storageKeys: readonly Hash[] }[]
    | undefined
  readonly authorizationList?: readonly Authorization[]
  readonly overrides?: Readonly<Record<Address, AccountOverride>>
  /** Counts gas as a transaction: intrinsic gas, refunds and the calldata floor apply. */
  readonly asTransaction: boolean
  /** Asks for `accessList` in the outcome; only as a transaction. */
  readonly reportAccessList?: boolean
}

export type Authorization = {
  readonly chainId: bigint
  readonly address: Address
  readonly nonce: bigint
  readonly yParity: 0 | 1
  readonly r: bigint
  readonly s: bigint
}

export type AccountOverride = {
  readonly balance?: bigint
  readonly nonce?: bigint
  readonly code?: Hex
  readonly state?: Readonly<Record<Hash, Hash>>
  readonly stateDiff?: Readonly<Record<Hash, Hash>>
}

export type CallOutcome = {
  readonly returnData: Hex
  readonly gasUsed: bigint
  readonly failure?: {
    readonly kind: 'revert' | 'outOfGas' | 'other'
    readonly reason: string
  }
  /** What it touched, with everything that is warm anyway. */
  readonly accessList?: readonly {
    readonly address: Address
    readonly storageKeys: readonly Hash[]
  }[]
}

export type AccountState = {
  readonly balance: bigint
  readonly nonce: bigint
  readonly codeHash: Hash
  readonly storageRoot: Hash
}

export type AccountProof = AccountState & {
  readonly address: Address
  readonly accountProof: readonly Hex[]
  readonly storageProof: readonly {
    readonly key: Hash
    readonly value: bigint
    readonly proof: readonly Hex[]
  }[]
}

/** What execution must know of the system contracts; built from `chain/system`. */
export type SystemRules = {
  readonly hub: Address
  /** Gas limit of the system transaction. */
  readonly gas: bigint
  readonly endBlockSelector: Hex
  encodeEndBlock(input: EndBlockInput): Hex
  /** A call that tells the height of the last block the hub ended. */
  readonly lastBlock: SystemRead
  /** Calls that tell the floor (wei per gas) and the denominator of the base fee. */
  readonly baseFeeFloor: BoundedRead
  readonly baseFeeDenominator: BoundedRead
}

/** A call of a system contract that returns one number. */
export type SystemRead = { readonly to: Address; readonly data: Hex }

/** A governed number, its bounds, and the value it has when the contract gives none within them. */
export type BoundedRead = SystemRead & {
  readonly min: bigint
  readonly max: bigint
  readonly initial: bigint
}
