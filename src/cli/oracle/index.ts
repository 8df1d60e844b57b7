import { Command } from 'commander'
import { defaults, type OracleCommandOptions } from './options.ts'

/** `poca oracle`: judges results and signs reports. */
export function oracleCommand(): Command {
  return new Command('oracle')
    .description('judge results: recompute samples, sign reports, collect fees')
    .option('--rpc <url>', 'node to talk to', defaults.rpc)
    .option('--key-file <file>', 'file with the private key, 64 hex digits', defaults.keyFile)
    .option('--data <folder>', 'what should survive a restart', defaults.data)
    .action(async (options: OracleCommandOptions) => {
      const { runOracle } = await import('./handler.ts')
      await runOracle(options)
    })
}
