import type { Address, Hash } from '../primitives/hex.ts'
import { limits } from '../primitives/limits.ts'
import type { Backend, LogFilter, LogView } from './backend.ts'
import { type BlockRef, blockNumberOrTag } from './blockRef.ts'
import { createRpcError, invalidParams } from './errors.ts'
import { address, hash, list, object, optional, type Parser } from './parse.ts'

/** Which logs match, wherever they are. */
export type LogPattern = Pick<LogFilter, 'addresses' | 'topics'>

/** A pattern and where to look for it. */
export type LogQuery = LogPattern & {
  readonly from: BlockRef
  readonly to: BlockRef
  readonly blockHash?: Hash
}

const TOPICS_MAX = 4

/** Addresses and topics, each one, several, or none for any. */
export const logPattern: Parser<LogPattern> = (value, name) => {
  const given = object(value, name)
  return {
    addresses: optional(oneOrMore(address))(given.address, `${name}.address`) ?? [],
    topics: optional(list(anyOrMore(hash), TOPICS_MAX))(given.topics, `${name}.topics`) ?? [],
  }
}

/** A pattern with a range of blocks or one block's hash. */
export const logQuery: Parser<LogQuery> = (value, name) => {
  const { fromBlock, toBlock, blockHash } = object(value, name)
  const head: BlockRef = { type: 'head' }
  const query = {
    ...logPattern(value, name),
    from: optional(blockNumberOrTag)(fromBlock, `${name}.fromBlock`) ?? head,
    to: optional(blockNumberOrTag)(toBlock, `${name}.toBlock`) ?? head,
  }
  if (blockHash === undefined || blockHash === null) return query
  if ((fromBlock ?? toBlock) !== undefined) {
    throw invalidParams('cannot specify both blockHash and fromBlock/toBlock')
  }
  return { ...query, blockHash: hash(blockHash, `${name}.blockHash`) }
}

/** Searches the chain. */
export async function findLogs(backend: Backend, query: LogQuery): Promise<readonly LogView[]> {
  if (query.blockHash !== undefined) {
    const block = await backend.blockByHash(query.blockHash)
    if (block === undefined) {
      throw createRpcError({ code: 'RPC_BLOCK_NOT_FOUND', block: query.blockHash })
    }
    return findInRange(backend, query, block.number, block.number)
  }
  const head = backend.head().number
  const fromBlock = query.from.type === 'number' ? query.from.number : head
  const toBlock = query.to.type === 'number' ? query.to.number : head
  if (fromBlock > toBlock) throw invalidParams('invalid block range: fromBlock is after toBlock')
  if (toBlock > head) throw invalidParams(`block range extends beyond the head, ${head}`)
  return findInRange(backend, query, fromBlock, toBlock)
}

/** Searches a range that is known to exist. */
export async function findInRange(
  backend: Backend,
  { addresses, topics }: LogPattern,
  fromBlock: bigint,
  toBlock: bigint,
): Promise<readonly LogView[]> {
  if (toBlock - fromBlock >= BigInt(limits.logRangeMax)) {
    const facts = { what: 'blocks in the range of one query', max: limits.logRangeMax }
    throw createRpcError({ code: 'RPC_LIMIT_EXCEEDED', ...facts })
  }
  const logs = await backend.logs({ fromBlock, toBlock, addresses, topics })
  if (logs.length > limits.logResultMax) {
    const facts = { what: 'logs in one answer, narrow the range', max: limits.logResultMax }
    throw createRpcError({ code: 'RPC_LIMIT_EXCEEDED', ...facts })
  }
  return logs
}

/** Whether a log has one of the addresses and, at each position, one of the topics. */
export function matchesLog({ addresses, topics }: LogPattern, log: LogView): boolean {
  if (addresses.length > 0 && !addresses.includes(log.address)) return false
  return topics.every((wanted, at) => {
    const topic = log.topics[at]
    if (wanted.length === 0) return topic !== undefined
    return topic !== undefined && wanted.includes(topic)
  })
}

function oneOrMore<T extends Address | Hash>(parser: Parser<T>): Parser<readonly T[]> {
  return (value, name) =>
    Array.isArray(value)
      ? list(parser, limits.rpcLogFilterItemsMax)(value, name)
      : [parser(value, name)]
}

/** As `oneOrMore`; null, also inside a list, means any. */
function anyOrMore<T extends Hash>(parser: Parser<T>): Parser<readonly T[]> {
  return (value, name) => {
    if (value === null || value === undefined) return []
    if (Array.isArray(value) && value.includes(null)) return []
    return oneOrMore(parser)(value, name)
  }
}
