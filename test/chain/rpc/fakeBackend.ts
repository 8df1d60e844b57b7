import { keccak256, toHex } from 'viem'
import type { Hash, Hex } from '../../../chain/primitives/hex.ts'
import type {
  Backend,
  BlockView,
  CallRequest,
  CallResult,
  ChainEvent,
  DevControls,
  LogView,
  ReceiptList,
  ReceiptView,
  TransactionList,
  TransactionView,
} from '../../../chain/rpc/backend.ts'

/** A 32-byte word with `value` at its end. */
export const word = (value: number | bigint): Hash => toHex(BigInt(value), { size: 32 })
/** An address with `value` at its end. */
export const at = (value: number): Hex => toHex(value, { size: 20 })
export const GWEI = 10n ** 9n
const BLOOM: Hex = `0x${'00'.repeat(256)}`

/** A log of contract 0xc0 in a block, with the block's height as its second topic. */
export function logIn(number: bigint): LogView {
  return {
    address: at(0xc0),
    topics: [word(1), word(number)],
    data: '0x2a',
    blockHash: word(1000n + number),
    blockNumber: number,
    blockTimestamp: 100n + number,
    transactionHash: word(2000n + number),
    transactionIndex: 0,
    logIndex: 0,
  }
}

/** An included type 2 transaction. */
export function transactionIn(number: bigint): TransactionView {
  return {
    hash: word(2000n + number),
    type: 2,
    from: at(1),
    to: at(0xc0),
    nonce: number - 1n,
    gas: 50_000n,
    value: 0n,
    input: '0x',
    gasPrice: 10n * GWEI,
    maxFeePerGas: 10n * GWEI,
    maxPriorityFeePerGas: 2n * GWEI,
    chainId: 18512n,
    accessList: [],
    v: 1n,
    r: 5n,
    s: 6n,
    yParity: 1,
    raw: '0x02c0',
    inclusion: {
      blockHash: word(1000n + number),
      blockNumber: number,
      blockTimestamp: 100n + number,
      index: 0,
      baseFeePerGas: GWEI,
    },
  }
}

/** A receipt of `transactionIn`. */
export function receiptIn(number: bigint): ReceiptView {
  return {
    transactionHash: word(2000n + number),
    transactionIndex: 0,
    blockHash: word(1000n + number),
    blockNumber: number,
    from: at(1),
    to: at(0xc0),
    type: 2,
    status: 1,
    gasUsed: 30_000n,
    cumulativeGasUsed: 30_000n,
    effectiveGasPrice: 3n * GWEI,
    contractAddress: null,
    logs: [logIn(number)],
    logsBloom: BLOOM,
  }
}

/** A block with one transaction; genesis has none. */
export function blockAt(number: bigint): BlockView {
  return {
    hash: word(1000n + number),
    parentHash: number === 0n ? word(0) : word(999n + number),
    number,
    timestamp: 100n + number,
    coinbase: at(0xbeef),
    stateRoot: word(11),
    transactionsRoot: word(12),
    receiptsRoot: word(13),
    withdrawalsRoot: word(14),
    requestsHash: word(15),
    parentBeaconBlockRoot: word(16),
    mixHash: word(17),
    extraData: '0x01000000000000',
    logsBloom: BLOOM,
    gasLimit: 30_000_000n,
    gasUsed: number === 0n ? 0n : 30_000n,
    baseFeePerGas: GWEI,
    blobGasUsed: 0n,
    excessBlobGas: 0n,
    size: 700,
    transactions: transactionListOf(number === 0n ? [] : [transactionIn(number)]),
  }
}

/** Transactions that were never bytes, in the form of a block's. */
export function transactionListOf(transactions: readonly TransactionView[]): TransactionList {
  const hashes = transactions.map(({ hash }) => hash)
  return {
    length: transactions.length,
    at: (index) => transactions[index],
    hashAt: (index) => hashes[index],
    hashes: () => hashes,
    indexOf: (hash) => hashes.indexOf(hash),
    all: () => transactions,
  }
}

/** The same of receipts. */
export function receiptListOf(receipts: readonly ReceiptView[]): ReceiptList {
  return {
    length: receipts.length,
    at: (index) => receipts[index],
    of: (hash) => receipts.find(({ transactionHash }) => transactionHash === hash),
    all: () => receipts,
    payments: () => receipts,
    logs: () => receipts.flatMap(({ logs }) => logs),
  }
}

/** What a test may set. */
export type FakeOptions = {
  readonly height?: bigint
  readonly hasDev?: boolean
  readonly call?: (request: CallRequest) => CallResult
}

/** A chain of `height` blocks in memory; for tests of dispatch and format only. */
export function createFakeBackend({ height = 3n, hasDev = true, call }: FakeOptions = {}) {
  const listeners = new Set<(event: ChainEvent) => void>()
  const notices = new Map<Hash, Hex[]>()
  const state = { height, submitted: [] as Hash[], calls: [] as CallRequest[] }
  const exists = (number: bigint) => number >= 0n && number <= state.height
  const backend: Backend = {
    chainId: 18512n,
    clientVersion: 'hardhat/poca-test',
    genesisHash: word(1000),
    head: () => blockAt(state.height),
    blockByNumber: async (number) => (exists(number) ? blockAt(number) : undefined),
    blockByHash: async (hash) => {
      const number = BigInt(hash) - 1000n
      return exists(number) ? blockAt(number) : undefined
    },
    pendingBlock: async () => blockAt(state.height + 1n),
    receipts: async ({ number }) => receiptListOf(number === 0n ? [] : [receiptIn(number)]),
    transaction: async (hash) => {
      const number = BigInt(hash) - 2000n
      return number > 0n && exists(number) ? transactionIn(number) : undefined
    },
    receipt: async (hash) => {
      const number = BigInt(hash) - 2000n
      return number > 0n && exists(number) ? receiptIn(number) : undefined
    },
    account: async () => ({
      balance: 10n ** 18n,
      nonce: 7n,
      codeHash: word(1),
      storageRoot: word(2),
    }),
    code: async () => '0x6001',
    storage: async (_, slot) => slot,
    proof: async (address, slots) => ({
      address,
      balance: 0n,
      nonce: 0n,
      codeHash: word(1),
      storageRoot: word(2),
      accountProof: ['0x01'],
      storageProof: slots.map((key) => ({ key, value: 16n, proof: [] })),
    }),
    pendingNonce: async () => 9n,
    call: async (request) => {
      state.calls.push(request)
      return call?.(request) ?? { returnData: '0x', gasUsed: 21_000n }
    },
    logs: async ({ fromBlock, toBlock }) => {
      const logs: LogView[] = []
      for (let n = fromBlock; n <= toBlock; n++) if (n > 0n) logs.push(logIn(n))
      return logs
    },
    trace: async () => [
      {
        type: 'CALL',
        from: at(1),
        to: at(0xc0),
        value: 0n,
        gas: 50_000n,
        gasUsed: 30_000n,
        input: '0x',
        output: '0x',
        error: 'execution reverted',
        calls: [],
      },
    ],
    prepareToSubmit: async () => undefined,
    submit: async (raw) => {
      const hash = keccak256(raw)
      state.submitted.push(hash)
      emit({ type: 'pendingTransaction', hash })
      return hash
    },
    pool: () => ({ pending: [], queued: [] }),
    poolStatus: () => ({ pending: 0, queued: 0 }),
    nextBaseFee: async () => GWEI,
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    notices: {
      post: (topic, notice) => notices.set(topic, [...(notices.get(topic) ?? []), notice]),
      read: (topic) => notices.get(topic) ?? [],
    },
    ...(hasDev ? { dev: createDev() } : {}),
  }
  function emit(event: ChainEvent) {
    for (const listener of listeners) listener(event)
  }
  /** Adds blocks and tells of them. */
  function grow(count = 1) {
    for (let i = 0; i < count; i++) {
      state.height++
      const receipts = receiptListOf([receiptIn(state.height)])
      emit({ type: 'block', block: blockAt(state.height), receipts })
    }
  }
  return { backend, state, emit, grow, listeners }
}

function createDev(): DevControls {
  let isAutomine = true
  return {
    accounts: [{ address: at(1), privateKey: word(1) }],
    sign: (_, address) => (address === at(1) ? { r: 1n, s: 2n, yParity: 0 } : undefined),
    mine: async () => undefined,
    increaseTime: (seconds) => BigInt(seconds),
    setNextTimestamp: () => undefined,
    automine: () => isAutomine,
    setAutomine: (isOn) => {
      isAutomine = isOn
    },
    setInterval: () => undefined,
    snapshot: async () => 1n,
    revert: async (id) => id === 1n,
    dropTransaction: () => false,
  }
}
