// Shows that a worker or oracle does one piece of work at a time and that a stop calls it off.
import { describe, expect, it } from 'vitest'
import { createJobs } from '../../../src/compute/jobs.ts'

const untilAborted = (signal: AbortSignal) =>
  new Promise<void>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason))
  })

describe('createJobs', () => {
  it('calls off the job of a key, and no other', async () => {
    const errors: unknown[] = []
    const jobs = createJobs((error) => errors.push(error))
    jobs.start('a', untilAborted)
    jobs.stop('b')
    await jobs.settled('b')
    jobs.stop('a')
    await jobs.settled('a')
    expect(errors).toEqual([])
  })

  it('refuses a job while one runs, and takes one afterwards', async () => {
    const done: string[] = []
    const jobs = createJobs(() => {})
    let release = () => {}
    jobs.start('a', async () => {
      await new Promise<void>((resolve) => {
        release = resolve
      })
      done.push('first')
    })
    jobs.start('a', async () => void done.push('second'))
    release()
    await jobs.settled()
    jobs.start('a', async () => void done.push('third'))
    await jobs.settled()
    expect(done).toEqual(['first', 'third'])
  })

  it('reports a failure, but not one that comes from being called off', async () => {
    const errors: unknown[] = []
    const jobs = createJobs((error) => errors.push(error))
    jobs.start('a', async () => {
      throw new Error('broken')
    })
    await jobs.settled()
    jobs.start('a', untilAborted)
    jobs.close()
    await jobs.settled()
    jobs.start('a', async () => void errors.push('started after the end'))
    await jobs.settled()
    expect(errors).toEqual([expect.objectContaining({ message: 'broken' })])
  })
})
