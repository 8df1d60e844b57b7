import { assert } from '../../../primitives/assert.ts'
import { type CallResult, enterCall, leaveCall, resultOf, takeResult } from './calls.ts'
import { type Frame, peek } from './frame.ts'
import { runByLibrary } from './library.ts'
import { runSteps } from './runSteps.ts'

const BLOCKHASH = 0x40

/**
 * Runs a frame and all it calls until it is over. Frames wait in a list and not on the stack of
 * this thread, which a thousand of them would overflow.
 */
export async function runFrames(root: Frame): Promise<void> {
  const waiting: Frame[] = []
  let frame = root
  for (;;) {
    const outcome = runSteps(frame)
    // Both take long for one instruction.
    if (outcome === 'call' || outcome === 'library') {
      const rest = frame.host.pace?.step()
      if (rest !== undefined) await rest
    }
    if (outcome === 'rest') await frame.rest
    else if (outcome === 'library') await askLibrary(frame)
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

async function askLibrary(frame: Frame): Promise<void> {
  const { code, pc, host } = frame
  const block = code[pc] === BLOCKHASH && frame.sp > 0 ? peek(frame, 0) : undefined
  await runByLibrary(frame)
  if (block !== undefined && !frame.isOver) host.blockWords().hashes.set(block, peek(frame, 0))
}

function enter({ host, pending }: Frame): ReturnType<typeof enterCall> {
  assert(host.sync !== undefined && pending !== undefined, 'a frame called at once')
  return enterCall(host, host.sync, pending.message)
}

function finish(caller: Frame, result: CallResult): void {
  leaveCall(caller.host, result)
  takeResult(caller, result)
}
