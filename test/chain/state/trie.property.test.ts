// The trie in memory against `@ethereumjs/mpt`: random keys that part late, so that extensions
// split, branches collapse and nodes are small enough to stand in their parent; after every batch
// the roots are equal, also when what lies below was dropped from memory or read from the log anew.
import { MerklePatriciaTrie } from '@ethereumjs/mpt'
import { RLP } from '@ethereumjs/rlp'
import { bytesToHex } from '@ethereumjs/util'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { evictBelow } from '../../../chain/state/evict.ts'
import { rootHash } from '../../../chain/state/nodeHash.ts'
import { createPatch } from '../../../chain/state/nodeLog.ts'
import { type Child, createSlotLeaf, createStub } from '../../../chain/state/nodes.ts'
import { deleteLeaf, findLeaf, putLeaf, type TrieContext } from '../../../chain/state/trie.ts'
import { createMemoryLog, type MemoryLog } from './memoryLog.ts'

/** What happens to the nodes in memory after a batch. */
type Aftermath = 'keep' | 'write' | 'evict' | 'reload'

/** One change: an absent value removes the key. */
type Change = { readonly key: Uint8Array; readonly value: Uint8Array | undefined }
type Batch = { readonly changes: readonly Change[]; readonly aftermath: Aftermath }

/** Keys that differ in few places, from the first nibble to the last. */
const keys = fc
  .tuple(fc.constantFrom(0, 1, 15, 16, 30, 31), fc.integer({ min: 0, max: 255 }), fc.boolean())
  .map(([at, byte, isHigh]) => {
    const key = new Uint8Array(32)
    key[at] = byte
    if (isHigh) key[31] = (key[31] ?? 0) ^ 0x10
    return key
  })

const values = fc.oneof(
  fc.uint8Array({ minLength: 1, maxLength: 1, min: 1 }),
  fc.uint8Array({ minLength: 1, maxLength: 3, min: 1 }),
  fc.uint8Array({ minLength: 32, maxLength: 32, min: 1 }),
)

const batches: fc.Arbitrary<readonly Batch[]> = fc.array(
  fc.record({
    changes: fc.array(
      fc.record({ key: keys, value: fc.option(values, { nil: undefined, freq: 2 }) }),
      { minLength: 1, maxLength: 24 },
    ),
    aftermath: fc.constantFrom<Aftermath>('keep', 'write', 'evict', 'reload'),
  }),
  { minLength: 1, maxLength: 10 },
)

/** A trie of slots that is worked with as a state works with it: a generation for each batch. */
class TestTrie {
  readonly log: MemoryLog = createMemoryLog()
  root: Child
  #clock = 1
  #context: TrieContext = this.#next()

  apply({ key, value }: Change): void {
    this.root =
      value === undefined
        ? deleteLeaf(this.#context, this.root, key)
        : putLeaf(this.#context, this.root, createSlotLeaf(key, value))
  }

  find(key: Uint8Array): Uint8Array | undefined {
    const holder = { root: this.root }
    const leaf = findLeaf(this.#context, holder, key)
    this.root = holder.root
    return leaf !== undefined && 'value' in leaf ? leaf.value : undefined
  }

  endBatch(aftermath: Aftermath): void {
    const hash = rootHash(this.root)
    if (aftermath !== 'keep') {
      const name = bytesToHex(hash)
      this.log.append(createPatch(name, this.root, new Map()))
      const position = this.log.rootPosition(name)
      if (aftermath === 'evict') evictBelow(this.root, this.#clock + 1)
      if (aftermath === 'reload' && this.root !== undefined && position !== undefined) {
        this.root = createStub(hash, position)
      }
    }
    this.#context = this.#next()
  }

  #next(): TrieContext {
    this.#clock++
    const clock = this.#clock
    return { log: this.log, generation: clock, clock, isKeeping: true, loadedCount: 0 }
  }
}

describe('trie', () => {
  it('has the root of the stock trie after every batch of changes', async () => {
    await fc.assert(
      fc.asyncProperty(batches, async (list) => {
        const stock = new MerklePatriciaTrie()
        const trie = new TestTrie()
        const content = new Map<string, Uint8Array>()
        for (const { changes, aftermath } of list) {
          for (const change of changes) {
            const { key, value } = change
            trie.apply(change)
            if (value === undefined) {
              content.delete(bytesToHex(key))
              await stock.del(key)
            } else {
              content.set(bytesToHex(key), value)
              await stock.put(key, RLP.encode(value))
            }
          }
          expect(bytesToHex(rootHash(trie.root))).toBe(bytesToHex(stock.root()))
          trie.endBatch(aftermath)
          for (const { key } of changes) {
            expect(trie.find(key)).toEqual(content.get(bytesToHex(key)))
          }
        }
      }),
      { numRuns: 150 },
    )
  })

  it('leaves every older state as it was', () => {
    fc.assert(
      fc.property(batches, (list) => {
        const trie = new TestTrie()
        const content = new Map<string, Uint8Array>()
        const older: { readonly root: Child; readonly content: typeof content }[] = []
        for (const { changes } of list) {
          for (const change of changes) {
            const { key, value } = change
            trie.apply(change)
            if (value === undefined) content.delete(bytesToHex(key))
            else content.set(bytesToHex(key), value)
          }
          // Hashed, so that a node changed later would still claim its old hash.
          rootHash(trie.root)
          older.push({ root: trie.root, content: new Map(content) })
          trie.endBatch('keep')
        }
        const everyKey = list.flatMap(({ changes }) => changes.map(({ key }) => key))
        for (const then of older) {
          trie.root = then.root
          for (const key of everyKey) {
            expect(trie.find(key)).toEqual(then.content.get(bytesToHex(key)))
          }
        }
      }),
      { numRuns: 100 },
    )
  })
})
