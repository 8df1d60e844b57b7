// Whatever was added is found under its key and nothing else is, after merges, after going back,
// after opening again, and when a transaction of the database came to nothing.
import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { openRunIndex, type RunIndex } from '../../../chain/storage/runIndex.ts'
import {
  createKeys,
  hashEntries,
  type Keys,
  keyEntries,
} from '../../../chain/storage/sortedEntries.ts'
import { withTable } from './table.ts'

const seed = Number(process.env.POCA_SEED ?? Math.floor(Math.random() * 2 ** 31))
const everything = { from: 0, to: Number.MAX_SAFE_INTEGER }

function hashOf(name: string): Uint8Array {
  return new Uint8Array(createHash('sha256').update(name).digest())
}

function joined(hashes: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(Buffer.concat(hashes))
}

/** What `add` takes for the next hashes. */
function next(index: RunIndex, hashes: readonly Uint8Array[]) {
  const first = index.end()
  return { first, end: first + hashes.length, entries: hashEntries(joined(hashes)) }
}

type Step =
  | { readonly type: 'add'; readonly count: number; readonly isLost: boolean }
  | { readonly type: 'truncate'; readonly share: number }
  | { readonly type: 'open' }

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      type: fc.constant('add' as const),
      count: fc.oneof(fc.nat({ max: 3 }), fc.nat({ max: 300 })),
      isLost: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant('truncate' as const),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('open' as const) }) },
)

describe('run index', () => {
  test('finds what a list finds, whatever happens to it', async () => {
    console.log(`POCA_SEED=${seed}`)
    const steps = fc.array(step, { minLength: 1, maxLength: 40 })
    const property = fc.asyncProperty(steps, (list) =>
      withTable(async (table, write) => {
        let index = openRunIndex(table, 'here', undefined)
        let record: Uint8Array | undefined
        const model: Uint8Array[] = []
        let made = 0
        for (const todo of list) {
          if (todo.type === 'open') index = openRunIndex(table, 'here', record)
          if (todo.type === 'truncate') {
            const end = Math.floor(todo.share * model.length)
            const change = await write(() => index.truncate(end))
            index.accept(change)
            record = change.record
            model.length = end
          }
          if (todo.type !== 'add') continue
          // Every fourth key is one of three, so that keys repeat.
          const hashes = Array.from({ length: todo.count }, () =>
            hashOf(made++ % 4 === 0 ? `same ${made % 3}` : `${made}`),
          )
          if (todo.isLost) {
            const lost = write(() => {
              index.add(next(index, hashes))
              throw new Error('lost')
            })
            await expect(lost).rejects.toThrow('lost')
            continue
          }
          const change = await write(() => index.add(next(index, hashes)))
          index.accept(change)
          record = change.record
          model.push(...hashes)
        }
        expect(index.end()).toBe(model.length)
        const names = ['same 0', 'same 1', 'same 2', '1', '17', '101', 'none']
        for (const key of names.map(hashOf)) {
          const places = model.flatMap((hash, at) => (Buffer.compare(hash, key) === 0 ? [at] : []))
          expect(index.find({ key, ...everything })).toEqual(places)
          const half = Math.floor(model.length / 2)
          expect(index.find({ key, from: half, to: half + 50 })).toEqual(
            places.filter((at) => at >= half && at < half + 50),
          )
        }
      }),
    )
    await fc.assert(property, { seed, numRuns: 40 })
  }, 60_000)

  test('large runs are found on disk, also when one key goes over several records', async () => {
    await withTable(async (table, write) => {
      let index = openRunIndex(table, 'here', undefined)
      const same = hashOf('same')
      let record: Uint8Array = new Uint8Array()
      // 5,000 of one key in each; one record has 2,045 entries.
      for (let block = 0; block < 3; block++) {
        const hashes = Array.from({ length: 30_000 }, (_, at) =>
          at % 6 === 0 ? same : hashOf(`${block}:${at}`),
        )
        const change = await write(() => index.add(next(index, hashes)))
        index.accept(change)
        record = change.record
      }
      index = openRunIndex(table, 'here', record)
      const found = index.find({ key: same, ...everything })
      expect(found).toEqual(Array.from({ length: 15_000 }, (_, at) => 6 * at))
      expect(index.find({ key: same, from: 31_000, to: 31_010 })).toEqual([31_002, 31_008])
      for (let at = 1; at < 30_000; at += 997) {
        if (at % 6 === 0) continue
        const key = hashOf(`2:${at}`)
        expect(index.find({ key, ...everything })).toEqual([60_000 + at])
      }
      expect(index.find({ key: hashOf('none'), ...everything })).toEqual([])
    })
  })

  test('the number of runs stays small, and entries are written a few times each', async () => {
    await withTable(async (table, write) => {
      const index = openRunIndex(table, 'here', undefined)
      let runs = 0
      let written = 0
      const blocks = 1_000
      for (let block = 0; block < blocks; block++) {
        const change = await write(() => index.add(next(index, [hashOf(`${block}`)])))
        index.accept(change)
        runs = Math.max(runs, change.runs.length)
        written += change.runs.at(-1)?.count ?? 0
      }
      // Five tiers of at most three runs: 4 ** 5 is more than 1,000.
      expect(runs).toBeLessThanOrEqual(15)
      expect(written / blocks).toBeLessThan(6)
    })
  }, 30_000)

  test('golden vectors of version 2 of the database', async () => {
    await withTable(async (table, write) => {
      const index = openRunIndex(table, 'here', undefined)
      const hashes = [0x55, 0x44].map((byte) => new Uint8Array(32).fill(byte))
      const { record } = await write(() => index.add({ ...next(index, hashes), first: 7, end: 9 }))
      const hex = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString('hex')
      const number = (value: number) => value.toString(16).padStart(16, '0')
      const fields = [1, 1, 0, 7, 9, 2] // next id, runs, then the run: id, first, end, count
      expect(hex(record)).toBe(fields.map(number).join(''))
      const [chunk] = [...table.getRange()]
      expect(hex(chunk?.key)).toBe(`${number(0)}4444444444000001`)
      expect(hex(chunk?.value)).toBe('44444444440000015555555555000000')
    })
  })

  test('a table that lost a record is found out', async () => {
    await withTable(async (table, write) => {
      const index = openRunIndex(table, 'here', undefined)
      const hashes = Array.from({ length: 100 }, (_, at) => hashOf(`${at}`))
      const { record } = await write(() => index.add(next(index, hashes)))
      await write(() => {
        for (const key of [...table.getKeys()]) table.remove(key)
      })
      const again = openRunIndex(table, 'here', record)
      expect(() => again.find({ key: hashOf('1'), ...everything })).toThrow(
        expect.objectContaining({ code: 'STORAGE_CORRUPT' }),
      )
    })
  })
})

test('entries of keys are there once each', () => {
  const add = (keys: Keys, ...list: readonly (readonly [number, number])[]): Keys => {
    for (const [high, low] of list) keys.add(high, low)
    return keys
  }
  const keys = add(createKeys(9), [2, 1], [0xffffffff, 255], [1, 7], [2, 1], [1, 6], [1, 7])
  expect(Buffer.from(keyEntries(keys)).toString('hex')).toBe(
    '0000000106000000' + '0000000107000000' + '0000000201000000' + 'ffffffffff000000',
  )
  expect(keyEntries(createKeys(0))).toHaveLength(0)
})
