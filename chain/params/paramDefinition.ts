/** One number that holders may vote on. */
export type ParamDefinition = {
  /** Name of the constant in `contracts/libraries/ParamKeys.sol`. */
  readonly constant: string
  /** The key on chain, a short ASCII string. */
  readonly key: string
  /** Value at genesis. */
  readonly value: bigint
  readonly min: bigint
  readonly max: bigint
  readonly unit: ParamUnit
  readonly meaning: string
  /** Where it comes from: SC and TS are the whitepapers. */
  readonly source: string
}

export type ParamUnit =
  | 'wei'
  | 'wei per gas'
  | 'bps'
  | 'seconds'
  | 'count'
  | 'million MAC/s'
  | 'pico-USD'
