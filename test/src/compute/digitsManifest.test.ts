// Shows that a manifest survives its encoding and that each kind of fault is named.
import { stringToHex } from 'viem'
import { describe, expect, it } from 'vitest'
import {
  type DigitsManifest,
  digitsManifest,
  encodeDigitsManifest,
  parseDigitsManifest,
} from '../../../src/compute/digitsManifest.ts'
import { ComputeError } from '../../../src/compute/errors.ts'

function faultOf(text: string): string {
  try {
    parseDigitsManifest(stringToHex(text))
  } catch (error) {
    if (error instanceof ComputeError && error.facts.code === 'COMPUTE_MANIFEST_INVALID') {
      return error.facts.reason
    }
    throw error
  }
  return 'none'
}

const textOf = (changes: Partial<Record<keyof DigitsManifest, unknown>>) =>
  JSON.stringify({ ...digitsManifest, ...changes })

describe('parseDigitsManifest', () => {
  it('reads what encodeDigitsManifest writes', () => {
    expect(parseDigitsManifest(encodeDigitsManifest(digitsManifest))).toEqual(digitsManifest)
    expect(digitsManifest.k).toBe(3)
  })

  it.each([
    ['no JSON', '{', 'it is not JSON'],
    ['no object', '7', 'it: '],
    ['another version', textOf({ version: 2 }), 'version: '],
    ['another kind', textOf({ kind: 'letters' }), 'kind: '],
    ['no neighbours', textOf({ k: 0 }), 'k: '],
    ['too many neighbours', textOf({ k: 16 }), 'k: '],
    ['a fraction of neighbours', textOf({ k: 3.5 }), 'k: '],
    ['no test rows', textOf({ split: { seed: 'a', testCount: 0 } }), 'split.testCount: '],
    ['no train rows', textOf({ split: { seed: 'a', testCount: 10_000 } }), 'split.testCount: '],
    ['an empty seed', textOf({ split: { seed: '', testCount: 10 } }), 'split.seed: '],
    ['another data set', textOf({ dataset: { name: 'cifar' } }), 'dataset.name: '],
    ['a field nobody knows', JSON.stringify({ ...digitsManifest, note: 1 }), 'it: '],
    ['too many bytes', textOf({}).padEnd(4_097), 'it is over 4096 bytes long'],
  ])('refuses %s', (_, text, reason) => {
    expect(faultOf(text)).toContain(reason)
  })

  it('reads a manifest of just 4,096 bytes', () => {
    expect(faultOf(textOf({}).padEnd(4_096))).toBe('none')
  })
})
