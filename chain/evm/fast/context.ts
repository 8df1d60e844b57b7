import type { StageClock } from '../../primitives/stageClock.ts'
import type { EngineContext } from '../workspace.ts'
import type { Programs } from './interpreter/programs.ts'

/** What the parts of the fast engine share. */
export type FastContext = EngineContext & {
  /** What is known of the code of contracts; outlives the EVM of one block. */
  readonly programs: Programs
  /** Told what the work is, for measurements. */
  readonly onStage?: StageClock | undefined
}
