import { Command, InvalidArgumentError } from 'commander'
import { isAddress } from 'viem'
import type { Address } from '../../../chain/primitives/hex.ts'
import type { ActOptions } from '../act.ts'
import { amount, count, id, withReadOptions, withSendOptions } from '../actOptions.ts'
import { type CreateOptions, defaults, type ExtendOptions, type TakeOptions } from './options.ts'

/** `poca lease`: paid time on a machine. */
export function leaseCommand(): Command {
  const command = new Command('lease').description('rent a machine by the second')
  const one = (name: string, does: string) =>
    withSendOptions(command.command(name).description(does)).argument('<lease>', 'number', id)

  withSendOptions(command.command('create').description('offer a lease and pay for its start'))
    .requiredOption('--rate <coin>', 'per second; the highest one with --units', amount)
    .option('--deposit <coin>', 'first payment; else what the minimum term costs', amount)
    .option('--min-seconds <number>', 'the worker is bound so long', count, defaults.minSeconds)
    .option('--max-seconds <number>', 'the longest term', count, defaults.maxSeconds)
    .option(
      '--notice-seconds <number>',
      'between the notice of the worker and its leaving',
      count,
      defaults.noticeSeconds,
    )
    .option('--worker <address>', 'who may take it; else anyone', address)
    .option('--units <number>', 'billion multiply-adds a second: priced in dollars', count)
    .action(async (options: CreateOptions) => (await import('./handler.ts')).create(options))
  one('extend', 'pay for more time')
    .requiredOption('--deposit <coin>', 'how much', amount)
    .action(async (leaseId: bigint, options: ExtendOptions) =>
      (await import('./handler.ts')).extend(leaseId, options),
    )
  one('take', 'take an offered lease, as its worker; locks collateral')
    .option('--deposit', 'pay in the collateral that is missing', false)
    .action(async (leaseId: bigint, options: TakeOptions) =>
      (await import('./handler.ts')).take(leaseId, options),
    )
  one('close', 'end a lease, or withdraw its offer, and get back what is left').action(
    async (leaseId: bigint, options: ActOptions) =>
      (await import('./handler.ts')).close(leaseId, options),
  )
  withReadOptions(command.command('show').description('show how a lease stands'))
    .argument('<lease>', 'number', id)
    .action(async (leaseId: bigint, options: ActOptions) =>
      (await import('./handler.ts')).show(leaseId, options),
    )
  return command
}

function address(text: string): Address {
  if (isAddress(text)) return text
  throw new InvalidArgumentError('It must be an address: 0x and 40 hex digits.')
}
