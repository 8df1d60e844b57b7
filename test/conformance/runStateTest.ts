import { RLP } from '@ethereumjs/rlp'
import { bytesToHex, hexToBytes } from '@ethereumjs/util'
import { keccak256 } from '../../chain/crypto/keccak.ts'
import type { Hash } from '../../chain/primitives/hex.ts'
import type { Log } from '../../chain/primitives/receipt.ts'
import type { StateTestExecutor, TransactionOutcome } from './executor.ts'
import { forkNames, type StateTest } from './fixture.ts'

/** How a state test went. */
export type Verdict =
  | { readonly kind: 'pass' }
  | { readonly kind: 'fail'; readonly difference: string }
  /** The executor does not know the fork. */
  | { readonly kind: 'skip'; readonly reason: string }

/** What a transaction left behind. */
export type Aftermath = {
  readonly outcome: TransactionOutcome
  readonly stateRoot: Hash
  readonly logsHash: Hash
}

/** Runs a state test and compares root, logs and refusal with what the file says. */
export async function runStateTest(executor: StateTestExecutor, test: StateTest): Promise<Verdict> {
  const hardfork = forkNames[test.fork]
  if (hardfork === undefined) return { kind: 'skip', reason: `unknown fork ${test.fork}` }
  const reason = reasonToSkip(executor, test, hardfork)
  if (reason !== undefined) return { kind: 'skip', reason }
  const { outcome, stateRoot, logsHash } = await execute(executor, test, hardfork)
  const { expected } = test
  const isRefused = outcome.kind === 'refused'
  if (isRefused !== (expected.exception !== undefined)) {
    const found = isRefused ? `refused: ${outcome.reason}` : 'executed'
    return { kind: 'fail', difference: `${found}, expected ${expected.exception ?? 'execution'}` }
  }
  if (stateRoot !== expected.stateRoot) {
    return { kind: 'fail', difference: `state root ${stateRoot}, expected ${expected.stateRoot}` }
  }
  if (!isRefused && logsHash !== expected.logsHash) {
    return { kind: 'fail', difference: `logs hash ${logsHash}, expected ${expected.logsHash}` }
  }
  return { kind: 'pass' }
}

/** Runs a state test under `hardfork` on two executors and compares what they did. */
export async function compareOnStateTest(
  executors: readonly [StateTestExecutor, StateTestExecutor],
  test: StateTest,
  hardfork: string,
): Promise<Verdict> {
  for (const executor of executors) {
    const reason = reasonToSkip(executor, test, hardfork)
    if (reason !== undefined) return { kind: 'skip', reason }
  }
  const [a, b] = [
    await execute(executors[0], test, hardfork),
    await execute(executors[1], test, hardfork),
  ]
  const [left, right] = [summary(a), summary(b)]
  if (left === right) return { kind: 'pass' }
  const names = executors.map(({ name }) => name)
  return { kind: 'fail', difference: `${names[0]}: ${left}; ${names[1]}: ${right}` }
}

function reasonToSkip(
  { name, supports, acceptsBlobs }: StateTestExecutor,
  { raw }: StateTest,
  hardfork: string,
): string | undefined {
  if (!supports(hardfork)) return `${name} knows no ${hardfork}`
  return acceptsBlobs || raw[0] !== BLOB_TYPE ? undefined : `${name} takes no blob transactions`
}

/** First byte of a blob transaction. */
const BLOB_TYPE = 3

async function execute(
  executor: StateTestExecutor,
  test: StateTest,
  hardfork: string,
): Promise<Aftermath> {
  const { chainId, accounts, block, raw } = test
  const state = await executor.open({ hardfork, chainId, accounts })
  const [outcome] = await state.run(block, [raw])
  if (outcome === undefined) throw new Error(`${executor.name} gave no outcome`)
  const logs = outcome.kind === 'executed' ? outcome.logs : []
  return { outcome, stateRoot: await state.stateRoot(), logsHash: hashLogs(logs) }
}

function summary({ outcome, stateRoot, logsHash }: Aftermath): string {
  const how =
    outcome.kind === 'refused' ? 'refused' : `status ${outcome.status} gas ${outcome.gasUsed}`
  return `${how} root ${stateRoot} logs ${logsHash}`
}

/** Keccak of the RLP of logs, as the public tests state it. */
export function hashLogs(logs: readonly Log[]): Hash {
  const items = logs.map(({ address, topics, data }) => [
    hexToBytes(address),
    topics.map((topic) => hexToBytes(topic)),
    hexToBytes(data),
  ])
  return bytesToHex(keccak256(RLP.encode(items)))
}
