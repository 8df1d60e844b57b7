// Records of any size come back from wherever they lie on the pages, also after opening again, and
// what is not there is an error with a code.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { NODE_PAGE_SIZE, openPagedLog } from '../../../chain/storage/pagedLog.ts'
import { numberKey } from '../../../chain/storage/records.ts'
import { withTable } from './table.ts'

const seed = Number(process.env.POCA_SEED ?? Math.floor(Math.random() * 2 ** 31))
const corrupt = expect.objectContaining({ code: 'STORAGE_CORRUPT' })

/** A record: its size, then bytes that tell records apart. */
function recordOf(size: number, mark: number): Uint8Array {
  const out = new Uint8Array(2 + size)
  new DataView(out.buffer).setUint16(0, size)
  for (let i = 0; i < size; i++) out[2 + i] = mark + 31 * i
  return out
}

// Sizes around a page's, so that size bytes and records are cut at every place.
const size = fc.oneof(
  fc.nat({ max: 600 }),
  fc.integer({ min: NODE_PAGE_SIZE - 6, max: NODE_PAGE_SIZE + 3 }),
  fc.integer({ min: 2 * NODE_PAGE_SIZE - 5, max: 2 * NODE_PAGE_SIZE + 2 }),
  fc.constant(65_535),
)
const blocks = fc.array(fc.array(size, { maxLength: 6 }), { minLength: 1, maxLength: 6 })

describe('paged log', () => {
  test('gives back what was appended, block by block and after opening again', async () => {
    console.log(`POCA_SEED=${seed}`)
    const appended = fc.asyncProperty(blocks, (sizes) =>
      withTable(async (table, write) => {
        let log = openPagedLog(table, 'here', 0)
        const records: { readonly position: number; readonly bytes: Uint8Array }[] = []
        for (const [height, block] of sizes.entries()) {
          let position = log.end()
          const parts = block.map((bytes, index) => recordOf(bytes, 7 * height + index))
          for (const part of parts) {
            records.push({ position, bytes: part })
            position += part.length
          }
          const extension = log.extend(Uint8Array.from(Buffer.concat(parts)))
          await write(() => {
            for (const page of extension.pages) table.put(page.key, page.value)
          })
          log.accept(extension)
          expect(log.end()).toBe(position)
          if (height % 2 === 0) log = openPagedLog(table, 'here', log.end())
        }
        for (const { position, bytes } of records) {
          expect(Buffer.compare(log.read(position), bytes.subarray(2))).toBe(0)
        }
        expect(() => log.read(log.end())).toThrow(corrupt)
      }),
    )
    await fc.assert(appended, { seed, numRuns: 25 })
  }, 60_000)

  test('an extension that was not accepted changes nothing', async () => {
    await withTable(async (table, write) => {
      const log = openPagedLog(table, 'here', 0)
      const first = log.extend(recordOf(100, 1))
      await write(() => {
        for (const page of first.pages) table.put(page.key, page.value)
      })
      log.accept(first)
      log.extend(recordOf(50, 2))
      expect(log.end()).toBe(102)
      expect(() => log.read(102)).toThrow(corrupt)
      const second = log.extend(recordOf(60, 3))
      await write(() => {
        for (const page of second.pages) table.put(page.key, page.value)
      })
      log.accept(second)
      expect(log.read(102)).toEqual(recordOf(60, 3).subarray(2))
      expect(log.read(0)).toEqual(recordOf(100, 1).subarray(2))
    })
  })

  test('pages that are gone or short are found', async () => {
    await withTable(async (table, write) => {
      const log = openPagedLog(table, 'here', 0)
      const extension = log.extend(recordOf(40_000, 1))
      await write(() => {
        for (const page of extension.pages) table.put(page.key, page.value)
      })
      log.accept(extension)
      expect(log.read(0)).toHaveLength(40_000)
      await write(() => table.put(numberKey(1), new Uint8Array(5)))
      expect(() => log.read(0)).toThrow(corrupt)
      await write(() => table.remove(numberKey(1)))
      expect(() => log.read(0)).toThrow(corrupt)
      expect(() => openPagedLog(table, 'here', NODE_PAGE_SIZE + 1)).toThrow(corrupt)
    })
  })
})
