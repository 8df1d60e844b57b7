// A thread that claims one chunk, says so by a message and does nothing more.
import { parentPort, workerData } from 'node:worker_threads'
import { claim, openArena, word } from '../../../../chain/codec/recovery/arena.ts'
import type { ThreadData } from '../../../../chain/codec/recovery/threads.ts'

const { buffer, thread } = workerData as ThreadData // as `startThread` gives it
const arena = openArena(buffer)
while (claim(arena, thread) === undefined) {
  Atomics.wait(arena.control, word.work, Atomics.load(arena.control, word.work), 1)
}
parentPort?.postMessage('stalled')
Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
