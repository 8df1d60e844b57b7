import { Command } from 'commander'
import type { ActOptions } from '../act.ts'
import { count, id, withReadOptions, withSendOptions } from '../actOptions.ts'
import {
  type AnswerOptions,
  type AppealOptions,
  type AskOptions,
  defaults,
  type OpenOptions,
} from './options.ts'

/** `poca dispute`: doubting a result before it is paid. */
export function disputeCommand(): Command {
  const command = new Command('dispute').description('doubt a result before it is paid')
  const about = (name: string, does: string) =>
    withSendOptions(command.command(name).description(does))
      .requiredOption('--task <number>', 'the task', id)
      .requiredOption('--slot <number>', 'the slot', count)
      .option('--deposit', 'pay in the collateral that is missing', defaults.deposit)
  const one = (name: string, does: string) =>
    withSendOptions(command.command(name).description(does)).argument('<dispute>', 'number', id)

  about('open', 'have a jury of oracles do the work again; puts a bond at stake').action(
    async (options: OpenOptions) => (await import('./handler.ts')).openOne(options),
  )
  about('ask', 'ask the worker for one leaf of its result; puts a bond at stake')
    .requiredOption('--leaf <number>', 'the leaf, counted through the whole task', count)
    .action(async (options: AskOptions) => (await import('./handler.ts')).ask(options))
  withReadOptions(command.command('show').description('show how a dispute stands'))
    .argument('<dispute>', 'number', id)
    .action(async (disputeId: bigint, options: ActOptions) =>
      (await import('./handler.ts')).show(disputeId, options),
    )
  one('answer', 'show the leaf that the worker is asked for, from its folder')
    .option('--data <folder>', 'of the worker that did the work', defaults.data)
    .action(async (disputeId: bigint, options: AnswerOptions) =>
      (await import('./handler.ts')).answer(disputeId, options),
    )
  one('appeal', 'take a decided dispute to a larger jury; puts twice the bond at stake')
    .option('--deposit', 'pay in the collateral that is missing', defaults.deposit)
    .action(async (disputeId: bigint, options: AppealOptions) =>
      (await import('./handler.ts')).appeal(disputeId, options),
    )
  one('close', 'carry out what is due: count the votes, or end the dispute').action(
    async (disputeId: bigint, options: ActOptions) =>
      (await import('./handler.ts')).close(disputeId, options),
  )
  return command
}
