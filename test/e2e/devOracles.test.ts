// Shows that `poca dev --oracles`, by itself, is a chain on which work can be ordered in dollars,
// and that it says that the price is an assumption.
import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createWalletClient, http, parseEther } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { expect, it } from 'vitest'
import { pocaDev } from '../../src/client/chain.ts'
import { pocaActions } from '../../src/client/pocaActions.ts'
import { eventually, keyOf } from './world.ts'

const main = join(import.meta.dirname, '../../src/cli/poca.mjs')

it('a development chain with oracles takes orders in dollars', { timeout: 480_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'poca-dev-'))
  const flags = ['dev', '--oracles', '--port', '0', '--data-dir', folder, '--block-time', '0']
  const child = spawn(process.execPath, [main, ...flags], { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
  let words = ''
  child.stdout.on('data', (chunk: Buffer) => {
    words += chunk.toString('utf8')
  })
  try {
    await eventually(async () => (words.includes('Serving.') ? true : undefined))
    expect(words).toMatch(/a coin is 0\.25 USD: an\s+assumption/)
    const url = /RPC +(http:\S+)/.exec(words)?.[1]
    const client = createWalletClient({
      account: privateKeyToAccount(keyOf(0)),
      chain: pocaDev,
      transport: http(url),
    }).extend(pocaActions())
    await eventually(async () => ((await client.getPriceFeed()).freshUntil > 0 ? true : undefined))
    const { taskId, price } = await client.createTask({
      kind: 'digits',
      manifest: '0x',
      price: parseEther('100'),
      quoted: { computeUnits: 3, storageGiB: 0 },
      units: 16,
      expectedSeconds: 120,
      slotCount: 1,
    })
    expect(taskId).toBe(1n)
    expect(price).toBeGreaterThan(0n)
    child.kill('SIGINT')
    expect(await ended).toBe(0)
  } finally {
    child.kill('SIGKILL')
    await ended
    await rm(folder, { recursive: true })
  }
})
