import { Command, InvalidArgumentError } from 'commander'
import { defaults, type WorkerCommandOptions } from './options.ts'

/** `poca worker`: sells this machine's computing time. */
export function workerCommand(): Command {
  return new Command('worker')
    .description('sell computing time: take tasks, compute, collect the pay')
    .option('--rpc <url>', 'node to talk to', defaults.rpc)
    .option('--key-file <file>', 'file with the private key, 64 hex digits', defaults.keyFile)
    .option('--data <folder>', 'what must survive a restart', defaults.data)
    .option(
      '--power <number>',
      'power to prove, million multiply-adds a second; else what is easy',
      power,
    )
    .option('--no-contest', 'leave it at that when the oracles refuse a result')
    .action(async (options: WorkerCommandOptions) => {
      const { runWorker } = await import('./handler.ts')
      await runWorker(options)
    })
}

function power(text: string): bigint {
  if (!/^[1-9]\d{0,17}$/.test(text)) {
    throw new InvalidArgumentError('Power is a whole number of million multiply-adds per second.')
  }
  return BigInt(text)
}
