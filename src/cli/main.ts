import { Command, CommanderError } from 'commander'
import { PocaError } from '../../chain/primitives/errors.ts'
import packageJson from '../../package.json' with { type: 'json' }
import { devCommand } from './dev/index.ts'
import { disputeCommand } from './dispute/index.ts'
import { leaseCommand } from './lease/index.ts'
import { oracleCommand } from './oracle/index.ts'
import { workerCommand } from './worker/index.ts'

/** Exit codes of every command: done, failed, wrong usage, node not reached. */
const exitCodes = { failed: 1, usage: 2, unreachable: 3 } as const

const program = new Command('poca')
  .description('An EVM chain for renting compute, and the tools around it')
  .version(packageJson.version)
  .showHelpAfterError('Run with --help to see what there is.')
  .exitOverride()

const commands = [devCommand, workerCommand, oracleCommand, disputeCommand, leaseCommand]
for (const command of commands.map((make) => make())) {
  inherit(command, program)
  program.addCommand(command)
}

try {
  await program.parseAsync()
} catch (error) {
  process.exitCode = report(error)
}

/** Passes on how errors are told and where the process ends, to verbs of verbs as well. */
function inherit(command: Command, from: Command): void {
  command.copyInheritedSettings(from)
  for (const verb of command.commands) inherit(verb, command)
}

function report(error: unknown): number {
  if (error instanceof CommanderError) {
    return error.exitCode === 0 ? 0 : exitCodes.usage
  }
  if (error instanceof PocaError) {
    process.stderr.write(`${error.message} [${error.code}]\n`)
    return error.code.endsWith('_UNREACHABLE') ? exitCodes.unreachable : exitCodes.failed
  }
  process.stderr.write(`Unexpected: ${error instanceof Error ? error.stack : String(error)}\n`)
  return exitCodes.failed
}
