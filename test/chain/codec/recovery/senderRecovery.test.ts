// Whatever the number of threads, and whatever happens to them, a job ends with exactly the senders
// that ethereumjs and noble see, each at its place.
import { execFile } from 'node:child_process'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { promisify } from 'node:util'
import { Worker } from 'node:worker_threads'
import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import { createBatch } from '../../../../chain/codec/recovery/recoverBatch.ts'
import { createSenderCache } from '../../../../chain/codec/recovery/senderCache.ts'
import {
  createSenderRecovery,
  type SenderRecovery,
} from '../../../../chain/codec/recovery/senderRecovery.ts'
import { startThread, type ThreadData } from '../../../../chain/codec/recovery/threads.ts'
import { limits } from '../../../../chain/primitives/limits.ts'
import { createKnownBatch, rawAt } from './batches.ts'

const opened: SenderRecovery[] = []

/** A recovery that ends with the test. */
function open(...parameters: Parameters<typeof createSenderRecovery>): SenderRecovery {
  const recovery = createSenderRecovery(...parameters)
  opened.push(recovery)
  return recovery
}

afterEach(async () => {
  await Promise.all(opened.splice(0).map((recovery) => recovery.close()))
})

/** Real threads that can be counted and killed. */
function createWatchedThreads() {
  const started: Worker[] = []
  return {
    started,
    startThread(data: ThreadData): Worker {
      const worker = startThread(data)
      started.push(worker)
      return worker
    },
  }
}

/** Threads of which the first `count` stop within their first chunk and are then killed. */
function createMortalThreads(count: number) {
  const killed: Promise<number>[] = []
  let starts = 0
  return {
    killed,
    startThread(data: ThreadData): Worker {
      if (starts++ >= count) return startThread(data)
      const worker = new Worker(new URL('./stallingWorker.ts', import.meta.url), {
        workerData: data,
      })
      worker.once('message', () => killed.push(worker.terminate()))
      return worker
    },
  }
}

describe('begin', () => {
  test.each([0, 1, 2])('finds every sender with %d threads', async (threads) => {
    const recovery = open({ threads })
    for (const count of [0, 1, 3, 4, 97, 500, limits.recoverySlotTxsMax + 1]) {
      const { batch, expected } = createKnownBatch(count)
      const job = await recovery.begin(batch)
      expect(job.count).toBe(count)
      expect(await job.finish(), `${count} transactions`).toEqual(expected)
      expect(job.isDone()).toBe(true)
      expect(await job.finish()).toEqual(expected)
    }
  })

  test('threads do it alone when nobody waits', async () => {
    const recovery = open({ threads: 1 })
    const { batch, expected } = createKnownBatch(300)
    const job = await recovery.begin(batch)
    while (!job.isDone()) await nextTurn()
    expect(await job.finish()).toEqual(expected)
  })

  test('takes a transaction that is bigger than a slot among others', async () => {
    const { batch, expected } = createKnownBatch(10)
    const big = new Uint8Array(limits.recoverySlotSizeMax + 1).fill(0xc1)
    const raws = Array.from({ length: 10 }, (_, i) => rawAt(batch, i))
    const recovery = open({ threads: 1 })
    const job = await recovery.begin(createBatch([...raws, big, ...raws, big]))
    const { ok, senders } = await job.finish()
    expect(ok).toEqual(Uint8Array.of(...expected.ok, 0, ...expected.ok, 0))
    expect(senders.slice(0, 200)).toEqual(expected.senders)
    expect(senders.slice(220, 420)).toEqual(expected.senders)
  })

  test('keeps many jobs at once apart', async () => {
    const recovery = open({ threads: 2 })
    const counts = fc.sample(fc.integer({ min: 0, max: 120 }), { numRuns: 60, seed: 11 })
    await Promise.all(
      counts.map(async (count, i) => {
        const { batch, expected } = createKnownBatch(count, i)
        expect(await (await recovery.begin(batch)).finish()).toEqual(expected)
      }),
    )
  })

  test('lets in no more jobs than its limit, in their order', async () => {
    const recovery = open({ threads: 1 })
    const { batch, expected } = createKnownBatch(limits.recoveryInlineTxsMax + 1)
    const jobs = await Promise.all(
      Array.from({ length: limits.recoveryJobsMax }, () => recovery.begin(batch)),
    )
    const order: number[] = []
    const late = [0, 1, 2].map(async (i) => {
      const job = await recovery.begin(batch)
      order.push(i)
      return job
    })
    const all = [...jobs, ...(await Promise.all(late))]
    expect(order).toEqual([0, 1, 2])
    for (const job of all) expect(await job.finish()).toEqual(expected)
  })

  test('a wait for a turn ends when its signal does', async () => {
    const recovery = open({ threads: 0 })
    const { batch } = createKnownBatch(limits.recoveryInlineTxsMax + 1)
    for (let i = 0; i < limits.recoveryJobsMax; i++) await recovery.begin(batch)
    const controller = new AbortController()
    const late = recovery.begin(batch, { signal: controller.signal })
    controller.abort(new Error('enough'))
    await expect(late).rejects.toThrow('enough')
  })
})

describe('finish', () => {
  test('leaves turns of the event loop to others while it works itself', async () => {
    const recovery = open({ threads: 0 })
    const chunks = 20
    const { batch } = createKnownBatch(chunks * limits.recoveryChunkTxsMax)
    const job = await recovery.begin(batch)
    let turns = 0
    let isOver = false
    const others = (async () => {
      while (!isOver) {
        await nextTurn()
        turns++
      }
    })()
    await job.finish()
    isOver = true
    await others
    expect(turns).toBeGreaterThanOrEqual(chunks)
  })

  test('ends with its signal, and the job goes on', async () => {
    const recovery = open({ threads: 0 })
    const { batch, expected } = createKnownBatch(500)
    const job = await recovery.begin(batch)
    const controller = new AbortController()
    const first = job.finish(controller.signal)
    await nextTurn()
    controller.abort(new Error('enough'))
    await expect(first).rejects.toThrow('enough')
    await expect(job.finish(controller.signal)).rejects.toThrow('enough')
    expect(await job.finish()).toEqual(expected)
  })
})

describe('a thread that dies', () => {
  test('is replaced, and its chunk is done by the next', async () => {
    const { killed, startThread } = createMortalThreads(3)
    const recovery = open({ threads: 1 }, { startThread })
    const { batch, expected } = createKnownBatch(300)
    const job = await recovery.begin(batch)
    // Nobody helps.
    while (!job.isDone()) await nextTurn()
    expect(killed.length).toBe(3)
    expect(await job.finish()).toEqual(expected)
  })

  test('leaves its chunk to the one who waits', async () => {
    const { killed, startThread } = createMortalThreads(2)
    const recovery = open({ threads: 2 }, { startThread })
    const { batch, expected } = createKnownBatch(1_000)
    const job = await recovery.begin(batch)
    while (killed.length === 0) await nextTurn()
    expect(await job.finish()).toEqual(expected)
  })

  test('may be killed at any moment', async () => {
    const threads = createWatchedThreads()
    const recovery = open({ threads: 2 }, { startThread: threads.startThread })
    const turns = fc.sample(fc.nat({ max: 400 }), { numRuns: 12, seed: 17 })
    for (const [i, wait] of turns.entries()) {
      const { batch, expected } = createKnownBatch(400, i)
      const result = (await recovery.begin(batch)).finish()
      for (let turn = 0; turn < wait; turn++) await nextTurn()
      await threads.started.at(-1)?.terminate()
      expect(await result).toEqual(expected)
    }
  })

  test('is replaced a limited number of times; then the caller does the work', async () => {
    let starts = 0
    const dying = (): Worker => {
      starts++
      return new Worker('throw new Error("no such luck")', { eval: true })
    }
    const causes: unknown[] = []
    const onThreadDeath = (cause: unknown): unknown => causes.push(cause)
    const recovery = open({ threads: 2 }, { startThread: dying, onThreadDeath })
    const { batch, expected } = createKnownBatch(200)
    expect(await (await recovery.begin(batch)).finish()).toEqual(expected)
    while (starts < 2 + limits.recoveryRestartsMax) await nextTurn()
    expect(await (await recovery.begin(batch)).finish()).toEqual(expected)
    expect(starts).toBe(2 + limits.recoveryRestartsMax)
    expect(causes[0]).toMatchObject({ message: 'no such luck' })
  })
})

describe('close', () => {
  test('fails the jobs that are not done, those that wait and those to come', async () => {
    const recovery = createSenderRecovery({ threads: 1 })
    const { batch } = createKnownBatch(2_000)
    const small = createKnownBatch(limits.recoveryInlineTxsMax + 1).batch
    const job = await recovery.begin(batch)
    for (let i = 1; i < limits.recoveryJobsMax; i++) await recovery.begin(small)
    const waiting = recovery.begin(small)
    const single = recovery.recoverOne(rawAt(batch, 0))
    const results = Promise.allSettled([job.finish(), waiting, single])
    await nextTurn()
    await recovery.close()
    expect((await results).slice(0, 2)).toMatchObject([
      { status: 'rejected', reason: { code: 'RECOVERY_CLOSED' } },
      { status: 'rejected', reason: { code: 'RECOVERY_CLOSED' } },
    ])
    await expect(recovery.begin(batch)).rejects.toMatchObject({ code: 'RECOVERY_CLOSED' })
    await expect(recovery.recoverOne(rawAt(batch, 0))).rejects.toMatchObject({
      code: 'RECOVERY_CLOSED',
    })
    await recovery.close()
  })

  test('ends the threads', async () => {
    const threads = createWatchedThreads()
    const recovery = createSenderRecovery({ threads: 2 }, { startThread: threads.startThread })
    const { batch } = createKnownBatch(100)
    await (await recovery.begin(batch)).finish()
    const exits = threads.started.map((worker) => new Promise((end) => worker.on('exit', end)))
    await recovery.close()
    await Promise.all(exits)
    expect(threads.started.length).toBe(2)
  })

  test('is not needed for the process to end', async () => {
    const folder = new URL('../../../../chain/codec/recovery/', import.meta.url)
    const script = `
      import { createSenderRecovery } from '${folder}senderRecovery.ts'
      const recovery = createSenderRecovery({ threads: 1 })
      const count = 2000
      const offsets = Int32Array.from({ length: count + 1 }, (_, i) => i)
      const batch = { bytes: new Uint8Array(count), offsets }
      const found = await (await recovery.begin(batch)).finish()
      await recovery.begin(batch)
      process.stdout.write(String(found.ok.length))
      if (process.argv.length > 1) {
        await recovery.close()
        process.stdout.write(' closed')
      }
    `
    const run = promisify(execFile)
    const options = ['--input-type=module', '-e', script]
    expect((await run(process.execPath, options)).stdout).toBe('2000')
    // Nor does it end before the threads have.
    expect((await run(process.execPath, [...options, 'close'])).stdout).toBe('2000 closed')
  })

  test('threads start with the first batch that is worth it', async () => {
    const threads = createWatchedThreads()
    const recovery = open({ threads: 1 }, { startThread: threads.startThread })
    await recovery.begin(createKnownBatch(limits.recoveryInlineTxsMax).batch)
    expect(threads.started.length).toBe(0)
    await recovery.begin(createKnownBatch(limits.recoveryInlineTxsMax + 1).batch)
    expect(threads.started.length).toBe(1)
  })
})

describe('recoverOne', () => {
  test('finds the senders of those asked within one turn', async () => {
    const recovery = open({ threads: 1 })
    const count = limits.recoverySinglesMax + 10
    const { batch, expected } = createKnownBatch(count)
    const found = await Promise.all(
      Array.from({ length: count }, (_, i) => recovery.recoverOne(rawAt(batch, i))),
    )
    for (const [i, one] of found.entries()) {
      expect(one !== undefined).toBe(expected.ok[i] === 1)
      if (one === undefined) continue
      expect(one.sender).toEqual(expected.senders.slice(20 * i, 20 * i + 20))
      expect(one.hash).toEqual(expected.hashes.slice(32 * i, 32 * i + 32))
    }
  })

  test('costs no thread for a single one', async () => {
    const threads = createWatchedThreads()
    const recovery = open({ threads: 1 }, { startThread: threads.startThread })
    const { batch, expected } = createKnownBatch(1)
    const found = await recovery.recoverOne(rawAt(batch, 0))
    expect(found?.sender).toEqual(expected.senders)
    expect(threads.started.length).toBe(0)
  })
})

describe('cache', () => {
  test('a batch that may be known takes what it knows and recovers the rest', async () => {
    const recovery = open({ threads: 1 })
    const { batch, expected } = createKnownBatch(400)
    const first = createKnownBatch(200, 97)
    await (await recovery.begin(first.batch)).finish()
    for (let repeats = 0; repeats < 2; repeats++) {
      const job = await recovery.begin(batch, { mayBeKnown: true })
      expect(await job.finish()).toEqual(expected)
    }
  })

  test('is asked only by who says so, and by the hash of all the bytes', async () => {
    const cache = createSenderCache(64)
    const recovery = open({ threads: 0 }, { cache })
    const { batch, expected } = createKnownBatch(10)
    const wrong = new Uint8Array(20).fill(0xee)
    cache.write(expected.hashes, 32 * 4, wrong, 0)

    const known = await (await recovery.begin(batch, { mayBeKnown: true })).finish()
    expect(known.senders.slice(80, 100)).toEqual(wrong)
    expect(known.senders.slice(100)).toEqual(expected.senders.slice(100))
    const asked = await (await recovery.begin(batch)).finish()
    expect(asked).toEqual(expected)
  })

  test('a twin with a malleated signature does not find the sender of the original', async () => {
    const recovery = open({ threads: 0 })
    const { batch, expected } = createKnownBatch(1)
    const raw = rawAt(batch, 0)
    await (await recovery.begin(batch)).finish()
    expect(recovery.cache.read(expected.hashes, 0, new Uint8Array(20), 0)).toBe(true)

    // The last byte is of s: the same fields under another signature.
    const twin = raw.slice()
    twin[twin.length - 1] = (twin.at(-1) ?? 0) ^ 1
    const job = await recovery.begin(createBatch([twin]), { mayBeKnown: true })
    const found = await job.finish()
    expect(found.senders).not.toEqual(expected.senders)
    expect(found.hashes).not.toEqual(expected.hashes)
  })
})
