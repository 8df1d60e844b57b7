// Shows that words become bytes and names, and bytes words, as the library's own conversions do it.
import { bigIntToBytes, bytesToBigInt, setLengthLeft } from '@ethereumjs/util'
import { describe, expect, it } from 'vitest'
import {
  bytesOf,
  nameOf,
  nameOfWord,
  readWord,
  shortBytesOf,
  wordOf,
  writeWord,
} from '../../../../chain/evm/fast/interpreter/words.ts'
import { createRandom } from './random.ts'

const seed = Date.now() % 1_000_000_000

function words(): readonly bigint[] {
  console.log(`words: seed ${seed}`)
  const random = createRandom(seed)
  const shifts = Array.from({ length: 257 }, (_, bit) => (1n << BigInt(bit)) - 1n)
  const edges = shifts.flatMap((word) => (word < 2n ** 256n - 1n ? [word, word + 1n] : [word]))
  const others = Array.from({ length: 2_000 }, () => bytesToBigInt(random.bytes(random.below(33))))
  return [...edges, ...others]
}

describe('a word', () => {
  it('is 32 bytes, few bytes, or a name', () => {
    for (const word of words()) {
      const padded = setLengthLeft(bigIntToBytes(word), 32)
      expect(bytesOf(word)).toEqual(padded)
      expect(shortBytesOf(word)).toEqual(word === 0n ? new Uint8Array(0) : bigIntToBytes(word))
      expect(wordOf(padded)).toBe(word)
      expect(wordOf(shortBytesOf(word))).toBe(word)
      expect(nameOfWord(word)).toBe(nameOf(padded))
      expect(nameOfWord(word)).toBe(nameOf(shortBytesOf(word)))
    }
  })

  it('is written to any place and read from there', () => {
    const bytes = new Uint8Array(100).fill(0xaa)
    const view = new DataView(bytes.buffer)
    for (const [i, word] of words().entries()) {
      const at = i % 60
      bytes.fill(0xaa)
      writeWord(view, at, word)
      expect(readWord(view, at)).toBe(word)
      expect(bytes.subarray(at, at + 32)).toEqual(setLengthLeft(bigIntToBytes(word), 32))
      expect([bytes[at - 1] ?? 0xaa, bytes[at + 32]]).toEqual([0xaa, 0xaa])
    }
  })

  it('has a name of its own', () => {
    const all = new Set(words())
    expect(new Set([...all].map(nameOfWord)).size).toBe(all.size)
  })
})
