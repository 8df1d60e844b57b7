import { bytesToBigInt, concat, keccak256, numberToHex } from 'viem'
import type { Hash, Hex } from '../../chain/primitives/hex.ts'
import { verdicts } from '../client/states.ts'
import type { DigitsRow } from '../compute/digits.ts'
import { decodeDigitsResult, digitLabelMax, digitsResultRoot } from '../compute/digitsResult.ts'
import { ComputeError } from '../compute/errors.ts'

/** Rows of a slot that are computed again. All oracles must take the same number. */
export const sampleCountMax = 32

/** What a review found; the number goes into the evidence. */
export const findings = {
  right: 0,
  /** The result's size is not that of the slice. */
  malformed: 1,
  /** The root is not that of the rows. */
  wrongRoot: 2,
  /** A label is no digit. */
  labelRange: 3,
  /** A sampled row has the wrong label or the wrong products. */
  wrongRow: 4,
  /** The task is of no kind that is known, or its manifest cannot be read. */
  unknownWork: 5,
} as const

export type Finding = keyof typeof findings

/** A slot's revealed result and what it is judged by. */
export type RevealedSlot = {
  readonly slot: number
  readonly slice: { readonly from: number; readonly to: number }
  readonly resultRoot: Hash
  readonly result: Hex
}

/** The outcome of a review; equal for all oracles. */
export type Review = {
  readonly verdict: number
  readonly finding: Finding
  readonly sampleCount: number
  readonly evidenceRoot: Hash
}

/**
 * The rows of a slot that are computed again.
 *
 * seed = keccak256(hash of the block in which attesting was opened ‖ u256 task ‖ u8 slot): nobody
 * knows it before the result is revealed, and all find the same. Row j is
 * from + keccak256(seed ‖ u32 j) mod count, j = 0, 1, …, each row once, until there are enough.
 */
export function drawSample(
  blockHash: Hash,
  taskId: bigint,
  { slot, slice }: Pick<RevealedSlot, 'slot' | 'slice'>,
): readonly number[] {
  const count = slice.to - slice.from
  const seed = keccak256(
    concat([blockHash, numberToHex(taskId, { size: 32 }), numberToHex(slot, { size: 1 })]),
  )
  const wanted = Math.min(sampleCountMax, count)
  const rows = new Set<number>()
  for (let j = 0; rows.size < wanted; j++) {
    const hash = keccak256(concat([seed, numberToHex(j, { size: 4 })]), 'bytes')
    rows.add(slice.from + Number(bytesToBigInt(hash) % BigInt(count)))
  }
  return [...rows].sort((a, b) => a - b)
}

/**
 * Judges a revealed result by the rows that were computed again.
 *
 * evidenceRoot = keccak256(u8 finding ‖ for each sampled row: u32 row ‖ u8 right label ‖ right
 * product hash ‖ u8 given label ‖ given product hash). It carries no rows when the result already
 * fails by its form.
 */
export function reviewSlot(revealed: RevealedSlot, recomputed: readonly DigitsRow[]): Review {
  const rows = readRows(revealed)
  if (!rows) return conclude('malformed', [])
  if (digitsResultRoot(rows) !== revealed.resultRoot) return conclude('wrongRoot', [])
  if (rows.some(({ label }) => label > digitLabelMax)) return conclude('labelRange', [])
  const pairs = recomputed.map((right) => ({ right, given: rows[right.row - revealed.slice.from] }))
  const isRight = pairs.every(
    ({ right, given }) =>
      given && given.label === right.label && given.productHash === right.productHash,
  )
  const evidence = pairs.map(({ right, given }) =>
    concat([
      numberToHex(right.row, { size: 4 }),
      encodeRow(right),
      given ? encodeRow(given) : '0x',
    ]),
  )
  return conclude(isRight ? 'right' : 'wrongRow', evidence)
}

/**
 * What is said of every slot of a task that nobody can judge: saying nothing would be punished as
 * silence, and anyone can order such a task.
 */
export function refuseUnknownWork(): Review {
  return conclude('unknownWork', [])
}

function conclude(finding: Finding, evidence: readonly Hex[]): Review {
  return {
    verdict: finding === 'right' ? verdicts.valid : verdicts.invalid,
    finding,
    sampleCount: evidence.length,
    evidenceRoot: keccak256(concat([numberToHex(findings[finding], { size: 1 }), ...evidence])),
  }
}

function encodeRow({ label, productHash }: DigitsRow): Hex {
  return concat([numberToHex(label, { size: 1 }), productHash])
}

function readRows({ result, slice }: RevealedSlot): readonly DigitsRow[] | undefined {
  try {
    return decodeDigitsResult(result, slice)
  } catch (error) {
    if (error instanceof ComputeError) return undefined
    throw error
  }
}
