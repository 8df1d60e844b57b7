/** Options of `poca oracle`. */
export type OracleCommandOptions = {
  readonly rpc: string
  readonly keyFile: string
  readonly data: string
  /** What a coin is worth, USD, as a decimal text. */
  readonly coinPrice?: string
  /** A file or a URL that says what a coin is worth. */
  readonly priceSource?: string
}

/** What `poca oracle` does when nothing is said. */
export const defaults: OracleCommandOptions = {
  rpc: 'http://127.0.0.1:8545',
  keyFile: 'oracle.key',
  data: '.poca/oracle',
}
