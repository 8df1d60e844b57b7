import type { ActOptions } from '../act.ts'

/** Options of `poca dispute open`. */
export type OpenOptions = ActOptions & {
  readonly task: bigint
  readonly slot: number
  /** Pay in the collateral that is missing. */
  readonly deposit: boolean
}

/** Options of `poca dispute ask`. */
export type AskOptions = OpenOptions & { readonly leaf: number }

/** Options of `poca dispute appeal`. */
export type AppealOptions = ActOptions & { readonly deposit: boolean }

/** Options of `poca dispute answer`. */
export type AnswerOptions = ActOptions & {
  /** Folder of the worker that did the work. */
  readonly data: string
}

/** What `poca dispute` does when nothing is said. */
export const defaults = { deposit: false, data: '.poca/worker' } as const
