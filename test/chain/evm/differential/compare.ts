import { createBlockFromRLP } from '@ethereumjs/block'
import { bytesToHex } from '@ethereumjs/util'
import type { BuiltBlock, ExecutedBlock } from '../../../../chain/evm/engine.ts'
import { EvmError } from '../../../../chain/evm/errors.ts'
import type { Hash } from '../../../../chain/primitives/hex.ts'
import { receiptsOf } from './engines.ts'
import { refusalClass } from './refusals.ts'
import { common } from './world.ts'

/** Something that two engines do not agree on. */
export type Difference = {
  /** The operation, and the part of its outcome. */
  readonly where: string
  readonly left: string
  readonly right: string
}

/** What an operation gave, or the error that it ended with. */
export type Outcome<T> = { readonly value: T } | { readonly error: unknown }

export async function attempt<T>(run: () => Promise<T>): Promise<Outcome<T>> {
  try {
    return { value: await run() }
  } catch (error) {
    return { error }
  }
}

/** An error without its words: code, and which field, result or transaction. */
export function errorClass(error: unknown): string {
  if (!(error instanceof EvmError)) {
    // Anything else is a fault of an engine, and the same fault in both is none of a comparison.
    return `unexpected ${error instanceof Error ? error.message : String(error)}`
  }
  const { facts } = error
  const detail = 'field' in facts ? facts.field : 'index' in facts ? facts.index : ''
  return `${facts.code} ${detail}`.trim()
}

/** First difference between two outcomes, values compared by `parts`. */
export function compareOutcomes<T>(
  where: string,
  [left, right]: readonly [Outcome<T>, Outcome<T>],
  parts: (value: T) => Readonly<Record<string, unknown>>,
): Difference | undefined {
  if ('error' in left || 'error' in right) {
    const [a, b] = [left, right].map((one) => ('error' in one ? errorClass(one.error) : 'no error'))
    return a === b ? undefined : { where, left: a ?? '', right: b ?? '' }
  }
  const [a, b] = [parts(left.value), parts(right.value)]
  for (const key of Object.keys(a)) {
    const [x, y] = [stringify(a[key]) ?? 'nothing', stringify(b[key]) ?? 'nothing']
    if (x !== y) return narrow({ where: `${where}: ${key}`, left: x, right: y })
  }
  return undefined
}

/** The innermost part that differs. */
function narrow(difference: Difference): Difference {
  const [left, right] = [parse(difference.left), parse(difference.right)]
  if (typeof left !== 'object' || typeof right !== 'object') return difference
  for (const key of new Set([...Object.keys(left ?? {}), ...Object.keys(right ?? {})])) {
    const [x, y] = [left, right].map((one) => stringify(one?.[key]) ?? 'nothing')
    if (x !== undefined && y !== undefined && x !== y) {
      return narrow({ where: `${difference.where}.${key}`, left: x, right: y })
    }
  }
  return difference
}

function parse(json: string): Readonly<Record<string, unknown>> | null | undefined {
  // What `stringify` wrote, or the word for what it could not.
  return json === 'nothing' ? undefined : (JSON.parse(json) as Readonly<Record<string, unknown>>)
}

/** Everything that an executed block states; what is most telling comes first. */
export function partsOfBlock(block: ExecutedBlock): Readonly<Record<string, unknown>> {
  const { header, transactions } = createBlockFromRLP(block.raw, { common })
  const { height, hash, timestamp, stateRoot, isDegraded } = block
  return {
    transactions: transactions.map((tx) => bytesToHex(tx.hash())),
    receipts: receiptsOf(block),
    header: header.toJSON(),
    facts: { height, hash, timestamp, stateRoot, isDegraded },
    raw: bytesToHex(block.raw),
  }
}

/**
 * Also what was left out, and what kind of reason there was; of `damaged` transactions, which have
 * more than one fault, only that they were.
 */
export function partsOfBuilt(
  block: BuiltBlock,
  damaged: ReadonlySet<Hash>,
): Readonly<Record<string, unknown>> {
  const dropped = block.dropped.map(({ hash, reason }) => [
    hash,
    damaged.has(hash) ? 'damaged' : refusalClass(reason),
  ])
  return { dropped, ...partsOfBlock(block) }
}

export function stringify(value: unknown): string | undefined {
  return JSON.stringify(value, (_, one: unknown) => {
    if (typeof one === 'bigint') return `0x${one.toString(16)}`
    return one instanceof Uint8Array ? bytesToHex(one) : one
  })
}
