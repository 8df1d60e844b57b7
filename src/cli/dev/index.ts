import { Command, InvalidArgumentError, Option } from 'commander'
import { type DevOptions, defaults } from './options.ts'

/** `poca dev`: a chain for one person, in one process. */
export function devCommand(): Command {
  return new Command('dev')
    .description('start a development chain: one signer, known accounts, a block per transaction')
    .option('--host <address>', 'address to listen on', defaults.host)
    .option(
      '--port <number>',
      'port for HTTP and WebSocket; 0 picks a free one',
      port,
      defaults.port,
    )
    .option('--allow-host <names...>', 'host names that may use development methods')
    .option('--data-dir <folder>', 'where the chain is kept; .poca/dev, or .poca/demo with --demo')
    .option('--fresh', 'forget the chain that is kept there and start anew', defaults.fresh)
    .option(
      '--block-time <seconds>',
      'also a block every so often; 0 for none',
      seconds,
      defaults.blockTime,
    )
    .option('--accounts', 'print all accounts with their keys', defaults.accounts)
    .option(
      '--oracles',
      'also run the three oracles: they judge results and post an assumed price of the coin',
      defaults.oracles,
    )
    .addOption(
      new Option('--engine <name>', 'what executes blocks')
        .choices(['fast', 'reference'])
        .default(defaults.engine)
        .env('POCA_ENGINE'),
    )
    .option(
      '--audit-every <blocks>',
      'execute one block in so many on the reference engine too; 0 for none',
      blocks,
      defaults.auditEvery,
    )
    .option('--demo', 'tell the whole story on a fresh chain of its own', defaults.demo)
    .option(
      '--exit',
      'with --demo: stop after the story, with 0 when every step checked out',
      defaults.exit,
    )
    .option('--json', 'with --demo: print the outcome as one JSON object', defaults.json)
    .action(async (given: Partial<DevOptions>) => {
      // Loaded late, so that --help is instant.
      const { runDev } = await import('./handler.ts')
      process.exitCode = await runDev({ ...defaults, ...given })
    })
}

function port(text: string): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 0 || value > 65_535) {
    throw new InvalidArgumentError('A port is a whole number from 0 to 65535.')
  }
  return value
}

function blocks(text: string): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 0 || value > 1_000_000) {
    throw new InvalidArgumentError('An interval is a whole number of blocks up to a million.')
  }
  return value
}

function seconds(text: string): number {
  const value = Number(text)
  if (!Number.isFinite(value) || value < 0 || value > 3_600) {
    throw new InvalidArgumentError('A block time is a number of seconds from 0 to 3600.')
  }
  return value
}
