import { type Command, InvalidArgumentError } from 'commander'
import { parseEther } from 'viem'

/** What commands that do one thing use when nothing is said. */
const defaults = { rpc: 'http://127.0.0.1:8545', keyFile: 'client.key', json: false } as const

/** Adds what every command that reads takes. */
export function withReadOptions(command: Command): Command {
  return command
    .option('--rpc <url>', 'node to talk to', defaults.rpc)
    .option('--json', 'print one JSON object; amounts are in wei', defaults.json)
}

/** Adds what every command that sends takes. */
export function withSendOptions(command: Command): Command {
  return withReadOptions(command).option(
    '--key-file <file>',
    'file with the private key, 64 hex digits',
    defaults.keyFile,
  )
}

/** The number of something on the chain. */
export function id(text: string): bigint {
  if (/^\d{1,18}$/.test(text)) return BigInt(text)
  throw new InvalidArgumentError('It must be a whole number.')
}

/** A small whole number: a slot, a leaf, seconds. */
export function count(text: string): number {
  const value = Number(text)
  if (/^\d{1,10}$/.test(text) && value < 2 ** 32) return value
  throw new InvalidArgumentError('It must be a whole number below 2^32.')
}

/** An amount of coin, such as `0.25`. */
export function amount(text: string): bigint {
  if (/^\d{1,10}(\.\d{1,18})?$/.test(text)) return parseEther(text)
  throw new InvalidArgumentError('It must be an amount of coin such as 0.25.')
}
