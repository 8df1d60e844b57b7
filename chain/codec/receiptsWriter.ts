import { assert } from '../primitives/assert.ts'
import { BLOOM_SIZE, bloomOf, EMPTY_BLOOM, mergeBloom } from './bloom.ts'
import { copyBytes, uintSize, writeUintBytes } from './bytes.ts'
import {
  type ConsensusReceipt,
  consensusReceiptSize,
  NO_LOGS,
  writeConsensusReceipt,
} from './consensusReceipt.ts'
import { logsSize, type RawLog, writeLogs } from './logs.ts'
import { orderedTrieRoot } from './orderedTrie.ts'
import {
  ADDRESS_SIZE,
  HAS_CREATED,
  HAS_LOGS,
  HAS_TO,
  HEADER_SIZE,
  RECEIPTS_VERSION,
  STATUS_SHIFT,
  TYPE_MASK,
} from './receiptsFormat.ts'

/** What a transaction did, as the EVM tells it. */
export type ReceiptInput = {
  readonly type: number
  readonly status: 0 | 1
  readonly from: Uint8Array
  readonly to: Uint8Array | null
  /** Set when the transaction created a contract. */
  readonly contractAddress: Uint8Array | null
  readonly gasUsed: bigint
  /** Wei per gas. */
  readonly effectiveGasPrice: bigint
  readonly logs: readonly RawLog[]
}

/** Receipts of a block that is being executed. */
export type ReceiptsWriter = {
  /** Appends the receipt of the next transaction. Copies what it is given. */
  add(receipt: ReceiptInput): void
  readonly count: number
  /** Gas of all transactions so far. */
  readonly gasUsed: bigint
  /** All receipts in the form that is kept; see `lazyReceipts`. */
  toBytes(): Uint8Array
  /** What the header states of them. */
  root(): Uint8Array
  bloom(): Uint8Array
}

/** Most bytes of a receipt beside its logs: flags, three addresses, two numbers. */
const FIXED_SIZE_MAX = 1 + 3 * ADDRESS_SIZE + 2 * (1 + 32)

type State = {
  bytes: Uint8Array
  size: number
  count: number
  logCount: number
  gasUsed: number
  readonly bloom: Uint8Array
  /** Per receipt, for its consensus form: type and status, gas up to it, where its logs lie. */
  flags: Uint8Array
  gas: Float64Array
  logs: Int32Array
  /** Of those with logs. */
  readonly blooms: Map<number, Uint8Array>
}

/**
 * Collects receipts without an object for each. The same bytes serve to keep them and to compute
 * the receipts root.
 */
export function createReceiptsWriter(): ReceiptsWriter {
  const state: State = {
    bytes: new Uint8Array(4_096),
    size: HEADER_SIZE,
    count: 0,
    logCount: 0,
    gasUsed: 0,
    bloom: new Uint8Array(BLOOM_SIZE),
    flags: new Uint8Array(64),
    gas: new Float64Array(64),
    logs: new Int32Array(128),
    blooms: new Map(),
  }
  return {
    add: (receipt) => add(state, receipt),
    get count() {
      return state.count
    },
    get gasUsed() {
      return BigInt(state.gasUsed)
    },
    toBytes: () => toBytes(state),
    root: () => rootOf(state),
    bloom: () => state.bloom.slice(),
  }
}

function add(state: State, receipt: ReceiptInput): void {
  const { type, status, from, to, contractAddress, gasUsed, effectiveGasPrice, logs } = receipt
  assert(type <= TYPE_MASK, 'a transaction type fits in three bits')
  assert(gasUsed < 1n << 48n, 'gas of a transaction stays below 2^48')
  const logsBytes = logs.length === 0 ? 0 : logsSize(logs)
  reserve(state, FIXED_SIZE_MAX + logsBytes)
  const { bytes, count } = state
  const flags =
    type |
    (status << STATUS_SHIFT) |
    (to === null ? 0 : HAS_TO) |
    (contractAddress === null ? 0 : HAS_CREATED) |
    (logs.length === 0 ? 0 : HAS_LOGS)
  let at = state.size
  bytes[at++] = flags
  at = writeAddress(from, bytes, at)
  if (to !== null) at = writeAddress(to, bytes, at)
  if (contractAddress !== null) at = writeAddress(contractAddress, bytes, at)
  const gas = Number(gasUsed)
  at = writeSized(gasUsed, bytes, at)
  at = writeSized(effectiveGasPrice, bytes, at)
  state.gasUsed += gas
  state.flags[count] = flags
  state.gas[count] = state.gasUsed
  if (logs.length > 0) {
    state.logs[2 * count] = at
    at = writeLogs(logs, bytes, at)
    state.logs[2 * count + 1] = at
    const bloom = bloomOf(logs)
    state.blooms.set(count, bloom)
    mergeBloom(state.bloom, bloom)
    state.logCount += logs.length
  }
  state.size = at
  state.count++
}

function toBytes(state: State): Uint8Array {
  const out = state.bytes.slice(0, state.size)
  const view = new DataView(out.buffer)
  view.setUint8(0, RECEIPTS_VERSION)
  view.setUint32(1, state.count)
  view.setUint32(5, state.logCount)
  return out
}

function rootOf(state: State): Uint8Array {
  return orderedTrieRoot({
    count: state.count,
    size: (index) => consensusReceiptSize(consensusReceiptAt(state, index)),
    write: (index, target, at) =>
      writeConsensusReceipt(consensusReceiptAt(state, index), target, at),
  })
}

function consensusReceiptAt(state: State, index: number): ConsensusReceipt {
  const flags = state.flags[index] ?? 0
  const hasLogs = (flags & HAS_LOGS) !== 0
  return {
    type: flags & TYPE_MASK,
    status: ((flags >> STATUS_SHIFT) & 1) === 1 ? 1 : 0,
    cumulativeGasUsed: state.gas[index] ?? 0,
    bloom: state.blooms.get(index) ?? EMPTY_BLOOM,
    logs: hasLogs
      ? {
          source: state.bytes,
          from: state.logs[2 * index] ?? 0,
          to: state.logs[2 * index + 1] ?? 0,
        }
      : NO_LOGS,
  }
}

function writeAddress(address: Uint8Array, target: Uint8Array, at: number): number {
  assert(address.length === ADDRESS_SIZE, 'an address has 20 bytes')
  return copyBytes(address, 0, ADDRESS_SIZE, target, at)
}

/** size(1) ‖ value. */
function writeSized(value: bigint, target: Uint8Array, at: number): number {
  const size = uintSize(value)
  target[at] = size
  return writeUintBytes(value, size, target, at + 1)
}

/** Makes room for one more receipt of at most `size` bytes. */
function reserve(state: State, size: number): void {
  if (state.size + size > state.bytes.length) {
    const bytes = new Uint8Array(2 * (state.size + size))
    bytes.set(state.bytes.subarray(0, state.size))
    state.bytes = bytes
  }
  if (state.count < state.flags.length) return
  const room = 2 * state.flags.length
  const flags = new Uint8Array(room)
  flags.set(state.flags)
  state.flags = flags
  const gas = new Float64Array(room)
  gas.set(state.gas)
  state.gas = gas
  const logs = new Int32Array(2 * room)
  logs.set(state.logs)
  state.logs = logs
}
