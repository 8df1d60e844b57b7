// Shows that a loop goes on after a failure, waits longer then, and ends when it is told to.
import { describe, expect, it } from 'vitest'
import { startPollLoop } from '../../../src/client/pollLoop.ts'
import { sleep } from '../../../src/client/sleep.ts'

describe('startPollLoop', () => {
  it('goes on after a failure and reports it', async () => {
    const errors: unknown[] = []
    let steps = 0
    const third = Promise.withResolvers<void>()
    const loop = startPollLoop({
      async step() {
        steps += 1
        if (steps === 1) throw new Error('first')
        if (steps === 3) third.resolve()
      },
      intervalMs: 0,
      onError: (error) => errors.push(error),
    })
    await third.promise
    await loop.stop()
    const ended = steps
    await sleep(5)
    expect(steps).toBe(ended)
    expect(errors).toEqual([expect.objectContaining({ message: 'first' })])
  })

  it('ends a step that waits, and does not report that', async () => {
    const errors: unknown[] = []
    const begun = Promise.withResolvers<void>()
    const loop = startPollLoop({
      step: (signal) =>
        new Promise((_, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason))
          begun.resolve()
        }),
      intervalMs: 0,
      onError: (error) => errors.push(error),
    })
    await begun.promise
    await loop.stop()
    expect(errors).toEqual([])
  })
})

describe('sleep', () => {
  it('ends at once when it is called off', async () => {
    const controller = new AbortController()
    const waiting = sleep(3_600_000, controller.signal)
    controller.abort()
    await waiting
    await sleep(3_600_000, controller.signal)
  })
})
