import type { Address } from '../../../chain/primitives/hex.ts'
import type { ActOptions } from '../act.ts'

/** Options of `poca lease create`. */
export type CreateOptions = ActOptions & {
  /** Wei per second. */
  readonly rate: bigint
  /** Wei; what the minimum term costs when left out. */
  readonly deposit?: bigint
  readonly minSeconds: number
  readonly maxSeconds: number
  readonly noticeSeconds: number
  readonly worker?: Address
  /** Billion multiply-adds per second; with it the rate is quoted in dollars. */
  readonly units?: number
}

/** Options of `poca lease extend`. */
export type ExtendOptions = ActOptions & { readonly deposit: bigint }

/** Options of `poca lease take`. */
export type TakeOptions = ActOptions & { readonly deposit: boolean }

/** What `poca lease create` does when nothing is said. */
export const defaults = { minSeconds: 60, maxSeconds: 3_600, noticeSeconds: 0 } as const
