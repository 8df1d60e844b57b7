// A real development chain for tests, with clients of it, POCA's own programs as processes of
// their own, and the chain's clock in the test's hands.
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { createWalletClient, type Hex, http } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { devAccounts } from '../../chain/params/devAccounts.ts'
import { type DevChain, startDevChain } from '../../src/cli/dev/devChain.ts'
import { pocaDev } from '../../src/client/chain.ts'
import { pocaActions } from '../../src/client/pocaActions.ts'
import { sleep } from '../../src/client/sleep.ts'
import { engineOfTests } from '../engineOfTests.ts'

const main = join(import.meta.dirname, '../../src/cli/poca.mjs')

/** A line of a service's log: what it told, and with which fields. */
export type Told = Readonly<Record<string, unknown>>

/** A process of `poca worker` or `poca oracle`. */
export type Service = {
  /** All that it has told so far. */
  readonly told: readonly Told[]
  /** Resolves once it has told of an event with these facts; at once when it has. */
  until(type: string, facts?: Told): Promise<Told>
  kill(): Promise<void>
  isOver(): boolean
}

/** What a program printed and how it ended. */
export type Outcome = { readonly code: number; readonly stdout: string; readonly stderr: string }

export type World = Awaited<ReturnType<typeof startWorld>>

/** The key of a development account. */
export function keyOf(index: number): Hex {
  const account = devAccounts()[index]
  if (!account) throw new Error(`there is no account ${index}`)
  return account.privateKey
}

/** Starts a chain; `blockTimeMs` 0 makes blocks for transactions only. */
export async function startWorld(options: { readonly blockTimeMs?: number } = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'poca-world-'))
  const fail = (error: unknown) => {
    throw error
  }
  const chain: DevChain = await startDevChain({
    host: '127.0.0.1',
    port: 0,
    dataDir: join(folder, 'chain'),
    blockTimeMs: options.blockTimeMs ?? 0,
    engine: engineOfTests,
    now: () => Date.now() / 1_000,
    onFatal: fail,
    onProblem: fail,
  })
  const { url } = chain.server
  const services: Service[] = []
  const clientOf = (index: number) =>
    createWalletClient({
      account: privateKeyToAccount(keyOf(index)),
      chain: pocaDev,
      // A machine that also compiles answers late.
      transport: http(url, { timeout: 60_000 }),
      pollingInterval: 50,
    }).extend(pocaActions())
  const rpc = async (method: string, params: readonly unknown[] = []) => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
    })
    const { error, result } = (await response.json()) as { error?: unknown; result?: unknown }
    if (error) throw new Error(JSON.stringify(error))
    return result
  }
  const keyFile = async (index: number) => {
    const path = join(folder, `${index}.key`)
    await writeFile(path, keyOf(index))
    return path
  }
  return {
    url,
    folder,
    clientOf,
    rpc,
    keyFile,
    /** Lets time pass on the chain, in one block. */
    async pass(seconds: number) {
      await rpc('evm_increaseTime', [seconds])
      await rpc('evm_mine')
    },
    /** Starts `poca worker` or `poca oracle` for a development account. */
    async serve(name: 'worker' | 'oracle', index: number, flags: readonly string[] = []) {
      const data = join(folder, `${name}-${index}`)
      const key = await keyFile(index)
      const args = [name, '--rpc', url, '--key-file', key, '--data', data, ...flags]
      const service = watch(spawn(process.execPath, [main, ...args], { stdio: pipes }))
      services.push(service)
      return service
    },
    /** Runs a program of `poca` to its end. */
    run: (args: readonly string[]) => collect(spawn(process.execPath, [main, ...args])),
    async stop() {
      await Promise.all(services.map((service) => service.kill()))
      await chain.stop()
      await rm(folder, { recursive: true })
    },
  }
}

/** Asks again and again until there is an answer. */
export async function eventually<T>(
  ask: () => Promise<T | undefined>,
  patienceMs = 480_000,
): Promise<T> {
  const deadline = performance.now() + patienceMs
  for (;;) {
    const answer = await ask()
    if (answer !== undefined) return answer
    if (performance.now() > deadline) throw new Error('it did not come to that')
    await sleep(100)
  }
}

const pipes: ['ignore', 'ignore', 'pipe'] = ['ignore', 'ignore', 'pipe']

function watch(child: ChildProcess): Service {
  const told: Told[] = []
  const rest: string[] = []
  const waiting = new Set<() => void>()
  const wake = () => {
    for (const look of waiting) look()
  }
  let isOver = false
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => {
      isOver = true
      wake()
      resolve()
    })
  })
  if (!child.stderr) throw new Error('the service has no stderr')
  createInterface({ input: child.stderr }).on('line', (line) => {
    if (line.startsWith('{')) told.push(JSON.parse(line))
    else rest.push(line)
    wake()
  })
  return {
    told,
    until: (type, facts = {}) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = told.find((line) => isAbout(line, { type, ...facts }))
          if (!found && !isOver) return
          waiting.delete(look)
          if (found) resolve(found)
          else reject(new Error(`it ended before it told of ${type}: ${rest.join('\n')}`))
        }
        waiting.add(look)
        look()
      }),
    isOver: () => isOver,
    async kill() {
      if (!isOver) child.kill('SIGKILL')
      await ended
    },
  }
}

function isAbout(line: Told, facts: Told): boolean {
  return Object.entries(facts).every(([name, value]) => line[name] === value)
}

function collect(child: ChildProcess): Promise<Outcome> {
  const texts = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.on('data', (chunk: Buffer) => {
      texts[name] += chunk.toString('utf8')
    })
  }
  return new Promise((resolve) => {
    child.once('close', (code) => resolve({ code: code ?? -1, ...texts }))
  })
}
