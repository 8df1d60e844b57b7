import type { StateTestExecutor } from './executor.ts'
import { fastExecutor } from './fastExecutor.ts'
import { referenceExecutor } from './referenceExecutor.ts'

/** Every executor that public state tests can run on, by name. */
export const executors: ReadonlyMap<string, StateTestExecutor> = new Map(
  [referenceExecutor, fastExecutor].map((executor) => [executor.name, executor]),
)
