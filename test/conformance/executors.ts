import type { StateTestExecutor } from './executor.ts'
import { referenceExecutor } from './referenceExecutor.ts'

/** Every executor that public state tests can run on, by name. */
export const executors: ReadonlyMap<string, StateTestExecutor> = new Map(
  [referenceExecutor].map((executor) => [executor.name, executor]),
)
