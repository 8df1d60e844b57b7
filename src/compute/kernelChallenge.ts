import { bytesToHex, concat, hexToBytes, keccak256, numberToHex } from 'viem'
import { assert } from '../../chain/primitives/assert.ts'
import type { Hash, Hex } from '../../chain/primitives/hex.ts'
import { createFreivaldsTest } from './freivalds.ts'
import { multiplyInt8, packColumns } from './matrix.ts'

/** Rows and columns of the matrices a worker multiplies to be admitted. */
export const challengeSize = 64

/** Size of the answer: 64 x 64 int32. */
export const challengeAnswerSizeBytes = challengeSize * challengeSize * 4

/** The two matrices of a challenge. */
export type KernelChallenge = {
  /** A, row by row. */
  readonly leftRows: Int8Array
  /** B, column by column. */
  readonly rightColumns: Int8Array
}

/**
 * Expands a seed into the two 64 x 64 int8 matrices of a challenge.
 *
 * Matrix m (A is 0, B is 1) is the byte stream keccak256(seed ‖ u8 m ‖ u32 block), block = 0..127,
 * 32 bytes each, read as two's complement int8: A row by row, B column by column.
 */
export function expandChallenge(seed: Hash): KernelChallenge {
  return { leftRows: expandMatrix(seed, 0), rightColumns: expandMatrix(seed, 1) }
}

/** The answer to a challenge: A B row by row, int32 big endian. */
export function answerChallenge(seed: Hash): Hex {
  const { leftRows, rightColumns } = expandChallenge(seed)
  return encodeInt32(multiplyInt8(leftRows, packColumns(rightColumns, challengeSize)))
}

/** Whether `answer` is the product the seed asks for, by Freivalds' test. */
export function isChallengeAnswer(seed: Hash, answer: Hex): boolean {
  const bytes = hexToBytes(answer)
  if (bytes.length !== challengeAnswerSizeBytes) return false
  const { leftRows, rightColumns } = expandChallenge(seed)
  return createFreivaldsTest(rightColumns, challengeSize)(leftRows, decodeInt32(bytes))
}

function expandMatrix(seed: Hash, matrix: 0 | 1): Int8Array {
  const bytes = new Uint8Array(challengeSize * challengeSize)
  const domain = numberToHex(matrix, { size: 1 })
  for (let block = 0; block < bytes.length / 32; block++) {
    const hash = keccak256(concat([seed, domain, numberToHex(block, { size: 4 })]), 'bytes')
    bytes.set(hash, block * 32)
  }
  return new Int8Array(bytes.buffer)
}

function encodeInt32(values: Int32Array): Hex {
  const view = new DataView(new ArrayBuffer(values.length * 4))
  values.forEach((value, i) => {
    view.setInt32(i * 4, value)
  })
  return bytesToHex(new Uint8Array(view.buffer))
}

function decodeInt32(bytes: Uint8Array): Int32Array {
  assert(bytes.length % 4 === 0, 'whole int32 values')
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return Int32Array.from({ length: bytes.length / 4 }, (_, i) => view.getInt32(i * 4))
}
