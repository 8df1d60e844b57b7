import { assert } from '../../../primitives/assert.ts'
import { type CallResult, enterCall, leaveCall, resultOf, takeResult } from './calls.ts'
import type { Frame } from './frame.ts'
import { runByLibrary } from './library.ts'
import { runSteps } from './runSteps.ts'

/**
 * Runs a frame and all it calls until it is over. Frames wait in a list and not on the stack of
 * this thread, which a thousand of them would overflow.
 */
export async function runFrames(root: Frame): Promise<void> {
  const waiting: Frame[] = []
  let frame = root
  for (;;) {
    const outcome = runSteps(frame)
    if (outcome === 'rest') await frame.rest
    else if (outcome === 'library') await runByLibrary(frame)
    else if (outcome === 'call') {
      const entered = enter(frame)
      const begun = entered instanceof Promise ? await entered : entered
      if ('code' in begun) {
        waiting.push(frame)
        frame = begun
      } else finish(frame, begun)
    }
    while (frame.isOver) {
      const caller = waiting.pop()
      if (caller === undefined) return
      finish(caller, resultOf(frame))
      frame = caller
    }
  }
}

function enter({ host, pending }: Frame): ReturnType<typeof enterCall> {
  assert(host.sync !== undefined && pending !== undefined, 'a frame called at once')
  return enterCall(host, host.sync, pending.message)
}

function finish(caller: Frame, result: CallResult): void {
  leaveCall(caller.host, result)
  takeResult(caller, result)
}
