// The one-pass root equals the one that @ethereumjs/mpt arrives at by putting item after item, for
// lists of every shape of key and for items so short that nodes lie inside their parents.

import { MerklePatriciaTrie } from '@ethereumjs/mpt'
import { RLP } from '@ethereumjs/rlp'
import { KECCAK256_RLP } from '@ethereumjs/util'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { arrayItems, orderedTrieRoot, tableItems } from '../../../chain/codec/orderedTrie.ts'
import { keccak256 } from '../../../chain/crypto/keccak.ts'

async function expectedRoot(items: readonly Uint8Array[]): Promise<Uint8Array> {
  const trie = new MerklePatriciaTrie({ useKeyHashingFunction: keccak256 })
  for (const [index, item] of items.entries()) await trie.put(RLP.encode(index), item)
  return trie.root()
}

type Entry = { readonly path: string; readonly item: Uint8Array }
type Node = (Uint8Array | Node)[]

/** The definition of the trie, word by word, with nested arrays for nodes. */
function plainRoot(items: readonly Uint8Array[]): Uint8Array {
  const entries = items.map((item, index) => ({
    path: Buffer.from(RLP.encode(index)).toString('hex'),
    item,
  }))
  return keccak256(RLP.encode(nodeOf(entries)))
}

function nodeOf(entries: readonly Entry[]): Node {
  const [first] = entries
  if (first === undefined) return []
  if (entries.length === 1) return [hexPrefix(first.path, true), first.item]
  const shared = sharedSize(entries)
  if (shared > 0) {
    const branch = entries.map(({ path, item }) => ({ path: path.slice(shared), item }))
    return [hexPrefix(first.path.slice(0, shared), false), referenceOf(nodeOf(branch))]
  }
  const groups = Map.groupBy(entries, ({ path }) => path[0])
  const children = [...'0123456789abcdef'].map((nibble) => {
    const below = groups.get(nibble)
    if (below === undefined) return new Uint8Array()
    return referenceOf(nodeOf(below.map(({ path, item }) => ({ path: path.slice(1), item }))))
  })
  return [...children, new Uint8Array()]
}

function referenceOf(node: Node): Uint8Array | Node {
  const bytes = RLP.encode(node)
  return bytes.length < 32 ? node : keccak256(bytes)
}

function sharedSize(entries: readonly Entry[]): number {
  const [first] = entries
  let size = 0
  while (first !== undefined && entries.every(({ path }) => path[size] === first.path[size])) size++
  return size
}

function hexPrefix(path: string, isLeaf: boolean): Uint8Array {
  const isOdd = path.length % 2 === 1
  const flags = (isLeaf ? 2 : 0) + (isOdd ? 1 : 0)
  return Uint8Array.from(Buffer.from(`${flags}${isOdd ? '' : '0'}${path}`, 'hex'))
}

/** Bytes that look random and are the same every time. */
function itemOf(seed: number, size: number): Uint8Array {
  const out = new Uint8Array(size)
  for (let at = 0; at < size; at += 32) {
    const hash = keccak256(Uint8Array.of(seed >> 24, seed >> 16, seed >> 8, seed, at >> 5))
    out.set(hash.subarray(0, Math.min(32, size - at)), at)
  }
  return out
}

describe('root of an ordered list', () => {
  test('is that of an empty string for nothing', () => {
    expect(orderedTrieRoot(arrayItems([]))).toEqual(KECCAK256_RLP)
  })

  test('equals @ethereumjs/mpt for random items', async () => {
    const item = fc.oneof(
      fc.uint8Array({ minLength: 1, maxLength: 3 }),
      fc.uint8Array({ minLength: 20, maxLength: 70 }),
      fc.uint8Array({ minLength: 200, maxLength: 700 }),
    )
    const list = fc.array(item, { maxLength: 300, size: 'max' })
    await fc.assert(
      fc.asyncProperty(list, async (items) => {
        expect(orderedTrieRoot(arrayItems(items))).toEqual(await expectedRoot(items))
      }),
      { numRuns: 60 },
    )
  })

  test('equals @ethereumjs/mpt at every count up to 300', async () => {
    for (const size of [1, 30, 115]) {
      const trie = new MerklePatriciaTrie({ useKeyHashingFunction: keccak256 })
      const items: Uint8Array[] = []
      for (let index = 0; index < 300; index++) {
        const item = size === 1 ? Uint8Array.of(1 + (index % 255)) : itemOf(index, size)
        items.push(item)
        await trie.put(RLP.encode(index), item)
        expect(orderedTrieRoot(arrayItems(items)), `${index + 1} of ${size}`).toEqual(trie.root())
      }
    }
  })

  test('equals a plain recursion, itself equal to @ethereumjs/mpt, beyond 65,536 items', async () => {
    const all = Array.from({ length: 66_100 }, (_, index) => {
      const item = itemOf(index, index % 5 === 0 ? 2 : 34)
      return item[0] === 0 ? item.fill(1, 0, 1) : item
    })
    for (const count of [1, 2, 127, 128, 129, 300]) {
      const items = all.slice(0, count)
      expect(plainRoot(items)).toEqual(await expectedRoot(items))
    }
    for (const count of [4_352, 65_536, 65_537, 66_100]) {
      const items = all.slice(0, count)
      expect(orderedTrieRoot(arrayItems(items)), `${count}`).toEqual(plainRoot(items))
    }
  })

  test('is the same from a table as from arrays, wherever the rows lie', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ minLength: 1, maxLength: 200 })), (items) => {
        const spans = new Int32Array(2 * items.length)
        let at = 7
        for (const [index, item] of items.entries()) {
          spans.set([at, at + item.length], 2 * index)
          at += item.length + (index % 3)
        }
        const bytes = new Uint8Array(at).fill(0xee)
        for (const [index, item] of items.entries()) bytes.set(item, spans[2 * index])
        const root = orderedTrieRoot(tableItems({ bytes, spans }))
        expect(root).toEqual(orderedTrieRoot(arrayItems(items)))
      }),
    )
  })

  test('refuses an empty item, which a trie cannot hold', () => {
    expect(() => orderedTrieRoot(arrayItems([new Uint8Array()]))).toThrow('no empty items')
  })
})
