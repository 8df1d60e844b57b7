import { workerData } from 'node:worker_threads'
import { claim, openArena, word, work } from './arena.ts'
import type { ThreadData } from './threads.ts'

// What `startThread` hands over.
const { buffer, thread } = workerData as ThreadData
const arena = openArena(buffer)

// Ends with the thread, which its owner terminates.
for (;;) {
  const seen = Atomics.load(arena.control, word.work)
  const claimed = claim(arena, thread)
  if (claimed === undefined) Atomics.wait(arena.control, word.work, seen)
  else work(arena, claimed)
}
