import { zeroAddress } from 'viem'
import { toAccount } from 'viem/accounts'
import { connect, disconnect } from '../client/connect.ts'
import { ClientError } from '../client/errors.ts'
import type { PocaClient } from '../client/transactions.ts'
import { CliError } from './errors.ts'
import { readKeyFile } from './readKeyFile.ts'

/** Options of every command that does one thing and ends. */
export type ActOptions = {
  readonly rpc: string
  /** File with the key that signs; left out by commands that only read. */
  readonly keyFile?: string
  readonly json: boolean
}

/** Something learned: its name, the value for programs, and how people read it. */
export type Fact = readonly [
  name: string,
  value: string | number | bigint | boolean,
  shown?: string,
]

/** What a contract's refusal means for who gave the command, and what to do about it. */
export type Remedies = Readonly<Record<string, (args: Readonly<Record<string, unknown>>) => string>>

/** Connects, does one thing and prints what was learned: lines for people, or one JSON object. */
export async function act(
  options: ActOptions,
  remedies: Remedies,
  work: (client: PocaClient) => Promise<readonly Fact[]>,
): Promise<void> {
  const { rpc, keyFile, json } = options
  // Reading needs an account as little as a key.
  const account = keyFile === undefined ? toAccount(zeroAddress) : await readKeyFile(keyFile)
  const client = await connect({ url: rpc, account })
  try {
    const facts = await work(client)
    process.stdout.write(json ? asJSON(facts) : asLines(facts))
  } catch (error) {
    throw explain(error, remedies)
  } finally {
    await disconnect(client)
  }
}

function asJSON(facts: readonly Fact[]): string {
  const values = facts.map(([name, value]) => [
    name,
    typeof value === 'bigint' ? value.toString() : value,
  ])
  return `${JSON.stringify(Object.fromEntries(values))}\n`
}

function asLines(facts: readonly Fact[]): string {
  const width = Math.max(...facts.map(([name]) => name.length))
  return facts
    .map(([name, value, shown]) => `${name.padEnd(width)}  ${shown ?? String(value)}\n`)
    .join('')
}

function explain(error: unknown, remedies: Remedies): unknown {
  if (!(error instanceof ClientError) || error.facts.code !== 'CLIENT_CONTRACT_REVERTED') {
    return error
  }
  const { error: name, args } = error.facts
  const remedy = Object.hasOwn(remedies, name) ? remedies[name]?.(args) : undefined
  if (remedy === undefined) return error
  return new CliError({ code: 'CLI_REFUSED', error: name, args }, remedy, { cause: error })
}
