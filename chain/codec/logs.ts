import type { Log } from '../primitives/receipt.ts'
import { toHex } from './bytes.ts'
import {
  createCursor,
  headerSize,
  isAtEnd,
  openList,
  payloadOf,
  RLP_LIST,
  type RlpCursor,
  RlpFault,
  readFixed,
  readList,
  readString,
  stringSize,
  writeHeader,
  writeString,
} from './rlp.ts'

/** A log as the EVM makes it: address, topics, data. */
export type RawLog = readonly [address: Uint8Array, topics: readonly Uint8Array[], data: Uint8Array]

const ADDRESS_SIZE = 20
const TOPIC_SIZE = 32
const TOPICS_MAX = 4
// Each is short enough for a header of one byte.
const ADDRESS_STRING = 1 + ADDRESS_SIZE
const TOPIC_STRING = 1 + TOPIC_SIZE

/** Bytes of the RLP list of `logs`, header included. */
export function logsSize(logs: readonly RawLog[]): number {
  const body = logsBodySize(logs)
  return headerSize(body) + body
}

/** Writes the RLP list of `logs`; one past the last byte written. */
export function writeLogs(logs: readonly RawLog[], target: Uint8Array, at: number): number {
  let next = writeHeader(RLP_LIST, logsBodySize(logs), target, at)
  for (const log of logs) next = writeLog(log, target, next)
  return next
}

/**
 * Reads the list of logs that fills `bytes[start, limit)`, as views.
 * @throws RlpFault
 */
export function readLogs(bytes: Uint8Array, start: number, limit: number): readonly RawLog[] {
  const cursor = openList(bytes, start, limit)
  const logs: RawLog[] = []
  while (!isAtEnd(cursor)) {
    readList(cursor)
    logs.push(readLog(createCursor(bytes, cursor.from, cursor.next)))
  }
  return logs
}

/** The log in hex. */
export function formatLog([address, topics, data]: RawLog): Log {
  return { address: toHex(address), topics: topics.map(toHex), data: toHex(data) }
}

function readLog(cursor: RlpCursor): RawLog {
  readFixed(cursor, ADDRESS_SIZE)
  const address = payloadOf(cursor)
  readList(cursor)
  const topics = readTopics(createCursor(cursor.bytes, cursor.from, cursor.next))
  readString(cursor)
  const data = payloadOf(cursor)
  if (!isAtEnd(cursor)) throw new RlpFault('a log has more than 3 fields')
  return [address, topics, data]
}

function readTopics(cursor: RlpCursor): readonly Uint8Array[] {
  const topics: Uint8Array[] = []
  while (!isAtEnd(cursor)) {
    readFixed(cursor, TOPIC_SIZE)
    topics.push(payloadOf(cursor))
  }
  if (topics.length > TOPICS_MAX) throw new RlpFault(`a log has more than ${TOPICS_MAX} topics`)
  return topics
}

function writeLog(log: RawLog, target: Uint8Array, at: number): number {
  const [address, topics, data] = log
  let next = writeHeader(RLP_LIST, logBodySize(log), target, at)
  next = writeString(address, target, next)
  next = writeHeader(RLP_LIST, topics.length * TOPIC_STRING, target, next)
  for (const topic of topics) next = writeString(topic, target, next)
  return writeString(data, target, next)
}

function logsBodySize(logs: readonly RawLog[]): number {
  let size = 0
  for (const log of logs) {
    const body = logBodySize(log)
    size += headerSize(body) + body
  }
  return size
}

function logBodySize([, topics, data]: RawLog): number {
  const topicsBody = topics.length * TOPIC_STRING
  return ADDRESS_STRING + headerSize(topicsBody) + topicsBody + stringSize(data)
}
