import { Command, Option } from 'commander'
import { defaults, type OracleCommandOptions } from './options.ts'

/** `poca oracle`: judges results and signs reports. */
export function oracleCommand(): Command {
  return new Command('oracle')
    .description('judge results: recompute samples, sign reports, collect fees')
    .option('--rpc <url>', 'node to talk to', defaults.rpc)
    .option('--key-file <file>', 'file with the private key, 64 hex digits', defaults.keyFile)
    .option('--data <folder>', 'what should survive a restart', defaults.data)
    .addOption(
      new Option(
        '--price-source <file or URL>',
        'JSON with the price of the coin to post',
      ).conflicts('coinPrice'),
    )
    .option('--coin-price <USD>', 'post this price of the coin: an assumption, for test networks')
    .action(async (options: OracleCommandOptions) => {
      const { runOracle } = await import('./handler.ts')
      await runOracle(options)
    })
}
