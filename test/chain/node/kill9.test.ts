// A node is killed with SIGKILL at random moments while it makes blocks under load; each time it is
// opened again, every receipt that it had acknowledged must be there, and the head must follow from
// its parent (the node re-executes it when it opens, so the state root verifies). 50 times, or
// fewer
// when a minute is over; POCA_KILLS sets another number, without that bound. The seed of the
// moments
// is printed, POCA_SEED repeats it.
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { bytesToHex } from '@ethereumjs/util'
import { expect, test } from 'vitest'
import { createBackend } from '../../../chain/node/backend.ts'
import { createNode } from '../../../chain/node/node.ts'
import { defaults } from '../../../chain/node/options.ts'
import type { Hash } from '../../../chain/primitives/hex.ts'
import { engineOfTests } from '../../engineOfTests.ts'
import { compiled, keys, smallGenesis } from '../fixtures/smallChain.ts'

const wanted = process.env.POCA_KILLS
const kills = Number(wanted ?? 50)
/** Milliseconds after which no further kill is begun, unless a number was asked for. */
const patienceMs = wanted === undefined ? 57_000 : Number.POSITIVE_INFINITY
/** A slower machine than this shows too little. */
const killsMin = Math.min(kills, 12)
const seed = Number(process.env.POCA_SEED ?? Math.floor(Math.random() * 2 ** 31))
const child = join(import.meta.dirname, 'kill9Child.ts')

type Ack = { readonly hash: Hash; readonly height: bigint; readonly blockHash: Hash }

/** Whole numbers below a bound, the same ones for the same seed (a linear congruence). */
function createRandom(start: number): (below: number) => number {
  let state = BigInt(start)
  return (below) => {
    state = (state * 1_103_515_245n + 12_345n) % 2n ** 31n
    return Number((state >> 16n) % BigInt(below))
  }
}

/** Runs a node until it has acknowledged `acks` receipts, then kills it after `delayMs`. */
function runAndKill(dataDir: string, acks: number, delayMs: number): Promise<readonly Ack[]> {
  return new Promise((resolve, reject) => {
    const process_: ChildProcess = spawn(process.execPath, [child, dataDir], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, POCA_SMALL_CHAIN: JSON.stringify(compiled) },
    })
    const seen: Ack[] = []
    let errors = ''
    let isKilled = false
    process_.stderr?.on('data', (text) => {
      errors += String(text)
    })
    createInterface({ input: process_.stdout as NodeJS.ReadableStream }).on('line', (line) => {
      const [word, hash, height, blockHash] = line.split(' ')
      if (word !== 'ack' || hash === undefined || blockHash === undefined) return
      // A line may be cut by the kill; only whole ones were acknowledged.
      if (hash.length !== 66 || blockHash.length !== 66) return
      seen.push({ hash: hash as Hash, height: BigInt(height ?? 0), blockHash: blockHash as Hash })
      if (seen.length < acks || isKilled) return
      isKilled = true
      setTimeout(() => process_.kill('SIGKILL'), delayMs)
    })
    process_.on('close', () => (isKilled ? resolve(seen) : reject(new Error(errors))))
  })
}

test(
  `nothing acknowledged is lost when the process is killed ${kills} times`,
  async () => {
    console.log(`POCA_SEED=${seed}`)
    const random = createRandom(seed)
    const started = performance.now()
    let killed = 0
    const dataDir = mkdtempSync(join(tmpdir(), 'poca-kill-'))
    const acknowledged: Ack[] = []
    let height = 0n
    try {
      for (let isLast = false; !isLast; ) {
        // At most four blocks, then anywhere in the next two.
        const fresh = await runAndKill(dataDir, 1 + random(30), random(60))
        acknowledged.push(...fresh)
        killed += 1
        const node = await createNode(
          {
            ...defaults,
            engine: engineOfTests,
            genesis: smallGenesis(),
            dataDir,
            signerKey: bytesToHex(keys[0] as Uint8Array),
            intervalMs: 0,
          },
          { now: () => 0 },
        )
        const backend = createBackend(node)
        // The newest each time, and all that there ever were after the last kill.
        isLast = killed === kills || performance.now() - started >= patienceMs
        for (const { hash, height, blockHash } of isLast ? acknowledged : fresh) {
          const receipt = await backend.receipt(hash)
          expect(receipt).toMatchObject({ blockNumber: height, blockHash, status: 1 })
        }
        expect(backend.head().number).toBeGreaterThan(height)
        height = backend.head().number
        await node.stop()
      }
      expect(killed).toBeGreaterThanOrEqual(killsMin)
      expect(acknowledged.length).toBeGreaterThan(killed)
      console.log(`killed ${killed} times, ${acknowledged.length} receipts kept, height ${height}`)
    } finally {
      rmSync(dataDir, { recursive: true, force: true })
    }
  },
  Math.max(120_000, kills * 8_000),
)
