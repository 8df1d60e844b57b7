// Shows that a worker killed without warning loses nothing: its process is killed right after it
// took a slot and again right after it committed, and its third life reveals, is judged by three
// oracles and is paid. Chain, oracles and worker are the real ones; the worker is its own process.
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { createWalletClient, http, parseEther } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { devAccounts, devRoles } from '../../chain/params/devAccounts.ts'
import { type DevChain, startDevChain } from '../../src/cli/dev/devChain.ts'
import { pocaActions, pocaDev, watchTask } from '../../src/client/index.ts'
import { sleep } from '../../src/client/sleep.ts'
import { taskStates } from '../../src/client/states.ts'
import { digitsManifest, encodeDigitsManifest } from '../../src/compute/digitsManifest.ts'
import { type RunningOracle, startOracle } from '../../src/oracle/startOracle.ts'
import { engineOfTests } from '../engineOfTests.ts'

const accounts = devAccounts()
const keyOf = (index: number) => {
  const account = accounts[index]
  if (!account) throw new Error(`there is no account ${index}`)
  return account.privateKey
}

let folder: string
let chain: DevChain
let oracles: readonly RunningOracle[] = []
let child: ChildProcess | undefined

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'poca-restart-'))
  const fail = (error: unknown) => {
    throw error
  }
  chain = await startDevChain({
    host: '127.0.0.1',
    port: 0,
    dataDir: join(folder, 'chain'),
    blockTimeMs: 1_000,
    engine: engineOfTests,
    now: () => Date.now() / 1_000,
    onFatal: fail,
    onProblem: fail,
  })
  oracles = await Promise.all(
    devRoles.oracles.map((index) =>
      startOracle({
        url: chain.server.url,
        account: privateKeyToAccount(keyOf(index)),
        dataDir: join(folder, `oracle-${index}`),
      }),
    ),
  )
  await writeFile(join(folder, 'key'), keyOf(12))
})

afterAll(async () => {
  child?.kill('SIGKILL')
  await Promise.all(oracles.map((oracle) => oracle.stop()))
  await chain.stop()
  await rm(folder, { recursive: true })
})

/** Starts the worker's process and resolves with it once it has told of an event. */
async function runUntil(type: string): Promise<ChildProcess> {
  const main = join(import.meta.dirname, '../../src/cli/poca.mjs')
  const options = ['--rpc', chain.server.url, '--key-file', join(folder, 'key')]
  const started = spawn(
    process.execPath,
    [main, 'worker', ...options, '--data', join(folder, 'worker'), '--power', '50'],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  )
  child = started
  if (!started.stderr) throw new Error('the worker has no stderr')
  for await (const line of createInterface({ input: started.stderr })) {
    if (!line.startsWith('{')) throw new Error(line)
    if (JSON.parse(line).type === type) return started
  }
  throw new Error(`the worker ended before it was ${type}`)
}

async function killed(process: ChildProcess): Promise<void> {
  await new Promise((resolve) => {
    process.once('exit', resolve)
    process.kill('SIGKILL')
  })
}

it('a worker killed twice in one task, and asked for a piece of its result, is paid for it', {
  timeout: 480_000,
}, async () => {
  const client = createWalletClient({
    account: privateKeyToAccount(keyOf(11)),
    chain: pocaDev,
    transport: http(chain.server.url),
  }).extend(pocaActions())
  const first = await runUntil('proved')
  const { taskId } = await client.createTask({
    kind: 'digits',
    manifest: encodeDigitsManifest(digitsManifest),
    price: parseEther('10'),
    units: 64,
    expectedSeconds: 120,
    slotCount: 1,
  })
  await killed(first)

  await killed(await runUntil('accepted'))
  await killed(await runUntil('committed'))
  const last = runUntil('paid')

  const names: string[] = []
  for await (const event of watchTask(client, { taskId })) {
    names.push(event.eventName)
    if (event.eventName !== 'ChallengeOpened') continue
    // Whoever doubts asks for a piece of the result; the worker shows it and the task goes on.
    await client.depositCollateral({ amount: parseEther('10') })
    await client.askForChunk({ taskId, slot: 0, leafIndex: 5 })
    while ((await client.getTask({ taskId })).state !== taskStates.challenge) {
      await sleep(200)
    }
    // Nobody objects; the chain's clock goes past the window and the producer settles.
    const { challengeWindow } = await client.getTask({ taskId })
    await fetch(chain.server.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        jsonrpc: '2.0',
        id: 1,
        method: 'evm_increaseTime',
        params: [challengeWindow + 1],
      }),
    })
  }
  await killed(await last)
  expect(names).toEqual([
    'TaskCreated',
    'SlotOffered',
    'SlotAccepted',
    'TaskStarted',
    'ResultCommitted',
    'RevealOpened',
    'ResultRevealed',
    'AttestingOpened',
    'SlotVerdict',
    'ChallengeOpened',
    'TaskDisputed',
    'DisputeSettled',
    'SlotPaid',
    'TaskCompleted',
  ])
})
