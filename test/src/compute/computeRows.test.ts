// Shows that the work runs in a thread of its own, reports progress, hands errors over with their
// code, and can be called off.
import { describe, expect, it } from 'vitest'
import { computeRows } from '../../../src/compute/computeRows.ts'
import { digitsManifest } from '../../../src/compute/digitsManifest.ts'

describe('computeRows', () => {
  it('reports progress and yields the rows asked for', async () => {
    const progress: (readonly [number, number])[] = []
    const rows = await computeRows(
      { manifest: digitsManifest, rows: Array.from({ length: 20 }, (_, i) => 900 + i) },
      { onProgress: (done, total) => progress.push([done, total]) },
    )
    expect(rows.map(({ row }) => row)).toEqual(Array.from({ length: 20 }, (_, i) => 900 + i))
    expect(progress).toEqual([
      [16, 20],
      [20, 20],
    ])
  })

  it('fails with the code of the work', async () => {
    const work = computeRows({ manifest: digitsManifest, rows: [1_000] })
    await expect(work).rejects.toMatchObject({ code: 'COMPUTE_ROW_UNKNOWN' })
  })

  it('says so when the thread dies of something else', async () => {
    // What a parser would have refused: the thread trips over it and ends.
    const manifest = {} as typeof digitsManifest
    const work = computeRows({ manifest, rows: [0] })
    await expect(work).rejects.toMatchObject({
      facts: { code: 'COMPUTE_THREAD_FAILED', reason: expect.stringContaining('TypeError') },
    })
  })

  it('ends when it is called off', async () => {
    const controller = new AbortController()
    const request = { manifest: digitsManifest, rows: Array.from({ length: 1_000 }, (_, i) => i) }
    const work = computeRows(request, {
      signal: controller.signal,
      onProgress: () => controller.abort(),
    })
    await expect(work).rejects.toMatchObject({ code: 'COMPUTE_CANCELLED' })
    const late = computeRows(request, { signal: controller.signal })
    await expect(late).rejects.toMatchObject({ code: 'COMPUTE_CANCELLED' })
  })
})
