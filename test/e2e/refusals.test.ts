// Shows what workers and oracles say when they cannot start, against a real development chain:
// the code of each error, and that the programs end with one sentence and exit code 1.
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { createWalletClient, http, parseEther } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { sendTransaction } from 'viem/actions'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { devAccounts, devRoles } from '../../chain/params/devAccounts.ts'
import { type DevChain, startDevChain } from '../../src/cli/dev/devChain.ts'
import { readKeyFile } from '../../src/cli/readKeyFile.ts'
import { pocaDev } from '../../src/client/chain.ts'
import { startOracle } from '../../src/oracle/startOracle.ts'
import { startWorker } from '../../src/worker/startWorker.ts'
import { engineOfTests } from '../engineOfTests.ts'

const rich = privateKeyToAccount(devAccounts()[11]?.privateKey ?? '0x')
const poor = privateKeyToAccount(generatePrivateKey())

let folder: string
let chain: DevChain

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'poca-refusals-'))
  const fail = (error: unknown) => {
    throw error
  }
  chain = await startDevChain({
    host: '127.0.0.1',
    port: 0,
    dataDir: join(folder, 'chain'),
    blockTimeMs: 0,
    engine: engineOfTests,
    now: () => Date.now() / 1_000,
    onFatal: fail,
    onProblem: fail,
  })
})

afterAll(async () => {
  await chain.stop()
  await rm(folder, { recursive: true })
})

const optionsOf = (account: typeof rich) => ({
  url: chain.server.url,
  account,
  dataDir: join(folder, 'data'),
})

describe('startWorker', () => {
  it('refuses an account without coin', async () => {
    await expect(startWorker(optionsOf(poor))).rejects.toMatchObject({
      facts: { code: 'WORKER_NO_COIN', worker: poor.address, balance: 0n },
    })
  })

  it('refuses a power that this machine cannot prove', async () => {
    const power = 10_000_000n
    await expect(startWorker({ ...optionsOf(rich), power })).rejects.toMatchObject({
      facts: { code: 'WORKER_POWER_OUT_OF_REACH', wanted: power },
    })
  })

  it('refuses another chain', async () => {
    const wrong = { ...optionsOf(rich), chain: { ...pocaDev, id: 1 } }
    await expect(startWorker(wrong)).rejects.toMatchObject({
      facts: { code: 'CLIENT_WRONG_CHAIN', given: 18_512, wanted: 1 },
    })
  })
})

describe('startOracle', () => {
  it('refuses an account without coin', async () => {
    await expect(startOracle(optionsOf(poor))).rejects.toMatchObject({
      facts: { code: 'ORACLE_NO_COIN', oracle: poor.address },
    })
  })

  it('refuses an account that cannot pay the collateral', async () => {
    const some = privateKeyToAccount(generatePrivateKey())
    const wallet = createWalletClient({
      account: rich,
      chain: pocaDev,
      transport: http(chain.server.url),
    })
    await sendTransaction(wallet, { to: some.address, value: parseEther('1') })
    await expect(startOracle(optionsOf(some))).rejects.toMatchObject({
      facts: { code: 'ORACLE_COLLATERAL_SHORT', oracle: some.address, balance: parseEther('1') },
    })
  })

  it('refuses an account that the holders have not admitted', async () => {
    expect(devRoles.oracles).not.toContain(11)
    await expect(startOracle(optionsOf(rich))).rejects.toMatchObject({
      facts: { code: 'ORACLE_NOT_ADMITTED', oracle: rich.address },
    })
  })
})

describe('readKeyFile', () => {
  it('reads a key with and without 0x', async () => {
    const key = generatePrivateKey()
    const path = join(folder, 'good.key')
    for (const text of [`${key}\n`, key.slice(2)]) {
      await writeFile(path, text)
      expect((await readKeyFile(path)).address).toBe(privateKeyToAccount(key).address)
    }
  })

  it('tells a missing file from one without a key, and quotes none', async () => {
    const missing = join(folder, 'missing.key')
    await expect(readKeyFile(missing)).rejects.toMatchObject({
      facts: { code: 'KEY_FILE_UNREADABLE', path: missing },
    })
    const path = join(folder, 'bad.key')
    await writeFile(path, 'not a key')
    const error: unknown = await readKeyFile(path).catch((reason: unknown) => reason)
    expect(error).toMatchObject({ facts: { code: 'KEY_FILE_MALFORMED', path } })
    expect(inspect(error)).not.toContain('not a key')
  })
})

describe.each(['worker', 'oracle'])('poca %s', (name) => {
  it('ends with one sentence when no node is there', async () => {
    const keyFile = join(folder, 'main.key')
    await writeFile(keyFile, generatePrivateKey())
    const main = join(import.meta.dirname, '../../src/cli/poca.mjs')
    // Port 1 is reserved; nobody serves JSON-RPC there.
    const args = [
      main,
      name,
      '--rpc',
      'http://127.0.0.1:1',
      '--key-file',
      keyFile,
      '--data',
      folder,
    ]
    const { code, stderr } = await new Promise<{ code: unknown; stderr: string }>((resolve) => {
      execFile(process.execPath, args, (error, _, text) =>
        resolve({ code: error?.code, stderr: text }),
      )
    })
    expect(code).toBe(3)
    expect(stderr).toMatch(/^The node cannot be reached; .*\[CLIENT_UNREACHABLE\]\n$/)
  })
})
