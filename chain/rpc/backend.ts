import type { Address, Hash, Hex } from '../primitives/hex.ts'

/**
 * What JSON-RPC needs of a node. `chain/node` implements it; nothing here knows of databases or
 * engines. All methods may reject with a `PocaError` whose code `rpc/errors.ts` knows.
 */
export type Backend = {
  readonly chainId: bigint
  readonly clientVersion: string
  readonly genesisHash: Hash

  /** The newest block. Every block is final. */
  head(): BlockView
  blockByNumber(height: bigint): Promise<BlockView | undefined>
  blockByHash(hash: Hash): Promise<BlockView | undefined>
  /** A block as if the pool were mined now; its hash is not final. */
  pendingBlock(): Promise<BlockView>
  receipts(block: BlockView): Promise<ReceiptList>
  /** A transaction in a block, or one that waits in the pool. */
  transaction(hash: Hash): Promise<TransactionView | undefined>
  receipt(hash: Hash): Promise<ReceiptView | undefined>

  account(address: Address, block: BlockView): Promise<AccountView>
  code(address: Address, block: BlockView): Promise<Hex>
  storage(address: Address, slot: Hash, block: BlockView): Promise<Hash>
  proof(address: Address, slots: readonly Hash[], block: BlockView): Promise<ProofView>
  /** Next nonce of `address` counting what waits in the pool without a gap. */
  pendingNonce(address: Address): Promise<bigint>

  /** Runs a message on the state after `block` and throws the result away. */
  call(request: CallRequest, block: BlockView): Promise<CallResult>
  logs(filter: LogFilter): Promise<readonly LogView[]>
  /** Calls of each transaction of a final block, found by running it again. */
  trace(block: BlockView): Promise<readonly CallFrameView[]>

  /** Takes a signed transaction into the pool; resolves with its hash once it is there. */
  submit(raw: Uint8Array): Promise<Hash>
  /** Does for many what `submit` would do for each: finds out who signed them. */
  prepareToSubmit(raws: readonly Uint8Array[]): Promise<void>
  pool(): PoolView
  /** How many wait: those that can run now, and those that cannot yet. */
  poolStatus(): { readonly pending: number; readonly queued: number }
  /** Base fee of the next block, wei per gas. */
  nextBaseFee(): Promise<bigint>

  /** Calls `listener` for each event until the returned function is called. */
  subscribe(listener: (event: ChainEvent) => void): () => void

  /** Short notices under a topic, kept in memory: how oracles find each other's signatures. */
  readonly notices: NoticeBoard
  /** Present on development chains only. */
  readonly dev?: DevControls
}

export type ChainEvent =
  | {
      readonly type: 'block'
      readonly block: BlockView
      readonly receipts: ReceiptList
    }
  | { readonly type: 'pendingTransaction'; readonly hash: Hash }

export type BlockView = {
  readonly hash: Hash
  readonly parentHash: Hash
  readonly number: bigint
  readonly timestamp: bigint
  readonly coinbase: Address
  readonly stateRoot: Hash
  readonly transactionsRoot: Hash
  readonly receiptsRoot: Hash
  readonly withdrawalsRoot: Hash
  readonly requestsHash: Hash
  readonly parentBeaconBlockRoot: Hash
  readonly mixHash: Hash
  readonly extraData: Hex
  readonly logsBloom: Hex
  readonly gasLimit: bigint
  readonly gasUsed: bigint
  readonly baseFeePerGas: bigint
  readonly blobGasUsed: bigint
  readonly excessBlobGas: bigint
  /** RLP size of the block in bytes. */
  readonly size: number
  readonly transactions: TransactionList
}

/** Transactions of a block; each is decoded when somebody asks for it. */
export type TransactionList = {
  readonly length: number
  at(index: number): TransactionView | undefined
  hashAt(index: number): Hash | undefined
  /** In order. */
  hashes(): readonly Hash[]
  /** Place of the transaction with this hash; -1 where there is none. */
  indexOf(hash: Hash): number
  all(): readonly TransactionView[]
}

/** Receipts of a block; each is decoded when somebody asks for it. */
export type ReceiptList = {
  readonly length: number
  at(index: number): ReceiptView | undefined
  /** Receipt of the transaction with this hash. */
  of(transactionHash: Hash): ReceiptView | undefined
  all(): readonly ReceiptView[]
  /** What each transaction paid for; cheaper than whole receipts. */
  payments(): readonly Pick<ReceiptView, 'gasUsed' | 'effectiveGasPrice'>[]
  /** Logs of all receipts; costs little where there are none. */
  logs(): readonly LogView[]
}

export type TransactionView = {
  readonly hash: Hash
  readonly type: 0 | 1 | 2 | 3 | 4
  readonly from: Address
  readonly to: Address | null
  readonly nonce: bigint
  readonly gas: bigint
  readonly value: bigint
  readonly input: Hex
  /** Legacy and 2930 price; for the others the fee cap. */
  readonly gasPrice: bigint
  readonly maxFeePerGas?: bigint
  readonly maxPriorityFeePerGas?: bigint
  readonly chainId?: bigint
  readonly accessList?: readonly {
    readonly address: Address
    readonly storageKeys: readonly Hash[]
  }[]
  readonly authorizationList?: readonly AuthorizationView[]
  readonly v: bigint
  readonly r: bigint
  readonly s: bigint
  readonly yParity?: 0 | 1
  /** The signed bytes. */
  readonly raw: Hex
  /** Where it was included; undefined while it waits. */
  readonly inclusion?: {
    readonly blockHash: Hash
    readonly blockNumber: bigint
    readonly blockTimestamp: bigint
    readonly index: number
    readonly baseFeePerGas: bigint
  }
}

export type AuthorizationView = {
  readonly chainId: bigint
  readonly address: Address
  readonly nonce: bigint
  readonly yParity: 0 | 1
  readonly r: bigint
  readonly s: bigint
}

export type ReceiptView = {
  readonly transactionHash: Hash
  readonly transactionIndex: number
  readonly blockHash: Hash
  readonly blockNumber: bigint
  readonly from: Address
  readonly to: Address | null
  readonly type: number
  readonly status: 0 | 1
  readonly gasUsed: bigint
  readonly cumulativeGasUsed: bigint
  readonly effectiveGasPrice: bigint
  readonly contractAddress: Address | null
  readonly logs: readonly LogView[]
  readonly logsBloom: Hex
}

export type LogView = {
  readonly address: Address
  readonly topics: readonly Hash[]
  readonly data: Hex
  readonly blockHash: Hash
  readonly blockNumber: bigint
  readonly blockTimestamp: bigint
  readonly transactionHash: Hash
  readonly transactionIndex: number
  readonly logIndex: number
}

export type LogFilter = {
  readonly fromBlock: bigint
  readonly toBlock: bigint
  /** Empty: any. */
  readonly addresses: readonly Address[]
  /** Per position: empty means any, else one of. */
  readonly topics: readonly (readonly Hash[])[]
}

export type AccountView = {
  readonly balance: bigint
  readonly nonce: bigint
  readonly codeHash: Hash
  readonly storageRoot: Hash
}

/** As eth_getProof, EIP-1186. */
export type ProofView = AccountView & {
  readonly address: Address
  readonly accountProof: readonly Hex[]
  readonly storageProof: readonly {
    readonly key: Hash
    readonly value: bigint
    readonly proof: readonly Hex[]
  }[]
}

export type CallRequest = {
  readonly from?: Address
  readonly to?: Address
  readonly data?: Hex
  readonly value?: bigint
  readonly gas?: bigint
  /** When set, the caller must be able to pay it, as in a transaction. */
  readonly gasPrice?: bigint
  readonly accessList?: TransactionView['accessList']
  readonly authorizationList?: readonly AuthorizationView[]
  /** Changes to the state before the call, as geth's third eth_call parameter. */
  readonly stateOverrides?: Readonly<Record<Address, StateOverride>>
  /** As a transaction: intrinsic gas counts, refunds apply. For eth_estimateGas. */
  readonly asTransaction?: boolean
  /** Asks for `accessList` in the result; only as a transaction. */
  readonly reportAccessList?: boolean
}

export type StateOverride = {
  readonly balance?: bigint
  readonly nonce?: bigint
  readonly code?: Hex
  readonly state?: Readonly<Record<Hash, Hash>>
  readonly stateDiff?: Readonly<Record<Hash, Hash>>
}

export type CallResult = {
  readonly returnData: Hex
  /** Gas a transaction would pay for, refunds taken off; execution gas alone for plain calls. */
  readonly gasUsed: bigint
  /** Absent on success. `revert` carries the raw revert data in `returnData`. */
  readonly failure?: { readonly kind: 'revert' | 'outOfGas' | 'other'; readonly reason: string }
  /** What it touched, with everything that is warm anyway. */
  readonly accessList?: NonNullable<TransactionView['accessList']>
}

/** One call, with the calls that it made; geth's `callTracer`. */
export type CallFrameView = {
  readonly type: string
  readonly from: Address
  readonly to: Address | undefined
  readonly value: bigint
  readonly gas: bigint
  readonly gasUsed: bigint
  readonly input: Hex
  readonly output: Hex
  readonly error?: string
  readonly calls: readonly CallFrameView[]
}

export type PoolView = {
  readonly pending: readonly TransactionView[]
  readonly queued: readonly TransactionView[]
}

export type NoticeBoard = {
  post(topic: Hash, notice: Hex): void
  read(topic: Hash): readonly Hex[]
}

/** What a development chain lets its user do. */
export type DevControls = {
  /** Accounts whose keys the node holds. */
  readonly accounts: readonly { readonly address: Address; readonly privateKey: Hex }[]
  /** Signs with a held key; undefined when the account is not held. */
  sign(
    hash: Hash,
    address: Address,
  ): { readonly r: bigint; readonly s: bigint; readonly yParity: 0 | 1 } | undefined
  mine(options: { readonly blocks: number; readonly intervalSeconds: number }): Promise<void>
  increaseTime(seconds: number): bigint
  setNextTimestamp(timestamp: bigint): void
  automine(): boolean
  setAutomine(on: boolean): void
  /** Milliseconds between blocks; 0 for none. */
  setInterval(ms: number): void
  /** Remembers the chain as it is; `revert` goes back to it and forgets later ones. */
  snapshot(): Promise<bigint>
  revert(id: bigint): Promise<boolean>
  dropTransaction(hash: Hash): boolean
}
