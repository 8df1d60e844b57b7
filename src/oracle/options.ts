/** How an oracle works. */
export type OracleOptions = {
  /** Folder for what should survive a restart; without it the chain is read again. */
  readonly dataDir: string
  /** Blocks after which the next member in line submits, should the one before not have. */
  readonly backupBlocks: bigint
  /** Milliseconds between two looks at the chain. */
  readonly intervalMs: number
}

/** What is used for options that are left out. */
export const oracleDefaults = {
  backupBlocks: 3n,
  intervalMs: 500,
} as const satisfies Partial<OracleOptions>
