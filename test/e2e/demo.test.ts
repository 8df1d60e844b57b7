// Tells the whole story as a user would (`npm start -- --exit`), then re-executes every block it
// made
// on an unmodified @ethereumjs/vm with its own state manager and JavaScript cryptography.
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { createBlockFromRLP } from '@ethereumjs/block'
import { EVMMockBlockchain } from '@ethereumjs/evm'
import { MerkleStateManager } from '@ethereumjs/statemanager'
import { bytesToHex, hexToBytes } from '@ethereumjs/util'
import { createVM, runBlock } from '@ethereumjs/vm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { commonOf } from '../../chain/params/common.ts'
import { dev } from '../../chain/params/specs.ts'
import { Store } from '../../chain/storage/store.ts'
import { parseGenesis } from '../../chain/system/genesis/genesisFile.ts'
import { putGenesisAccounts } from '../../chain/system/genesis/loadGenesis.ts'

const root = join(import.meta.dirname, '..', '..')
const readGenesis = (name: string) => readFileSync(join(root, 'deploy', 'genesis', name), 'utf8')
const dataDir = mkdtempSync(join(tmpdir(), 'poca-demo-'))

type Report = {
  readonly ok: boolean
  readonly checks: readonly { readonly sentence: string; readonly holds: boolean }[]
  readonly height: string
  readonly hash: string
}

let report: Report
let story: string

beforeAll(async () => {
  const poca = join(root, 'src', 'cli', 'poca.mjs')
  const flags = ['dev', '--demo', '--exit', '--json', '--port', '0', '--data-dir', dataDir]
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [poca, ...flags])
  report = JSON.parse(stdout)
  story = stderr
}, 480_000)

afterAll(() => rmSync(dataDir, { recursive: true, force: true }))

describe('the demo', () => {
  it('exits with 0 because every check holds', () => {
    expect(report.checks.filter(({ holds }) => !holds)).toEqual([])
    expect(report.ok).toBe(true)
    expect(report.checks.length).toBeGreaterThanOrEqual(28)
  })

  it('pays three workers by the formula and shows two faults', () => {
    const paid = report.checks.filter(({ sentence }) => /what the formula says/.test(sentence))
    expect(paid).toHaveLength(3)
    expect(story).toMatch(/accuracy +9[3-9]\.\d % of the digits/)
    expect(report.checks.map(({ sentence }) => sentence)).toEqual(
      expect.arrayContaining([
        'task 2 ended as aborted, by itself',
        'task 3 ended as late, by itself',
        'the penalty lasts 3 days and then is over',
        'the penalty lasts 10 days and then is over',
        'the first era emits exactly 105,000,000 HPC',
        'all balances + burned base fees = the cap, to the wei',
      ]),
    )
  })

  it('is the same chain on an unmodified @ethereumjs/vm, block by block', async () => {
    const genesis = parseGenesis(JSON.parse(readGenesis('dev.json')))
    const common = commonOf(dev)
    const state = new MerkleStateManager({ common })
    await putGenesisAccounts(state, genesis.accounts)
    const store = await Store.open({
      path: join(dataDir, 'chain.mdb'),
      genesisHash: JSON.parse(readGenesis('dev.lock')).blockHash,
      durable: true,
    })
    try {
      const blockchain = new (class extends EVMMockBlockchain {
        override async getBlock(height = 0) {
          const hash = new Uint8Array(hexToBytes(store.hashAt(BigInt(height)) ?? '0x'))
          return { hash: () => hash }
        }
      })()
      const vm = await createVM({ common, stateManager: state, blockchain })
      const height = store.head()?.height ?? 0n
      // A timed block may have come between the report and the end.
      expect(height).toBeGreaterThanOrEqual(BigInt(report.height))
      expect(height).toBeGreaterThan(50n)
      for (let at = 1n; at <= height; at += 1n) {
        const block = createBlockFromRLP(store.blockAt(at) ?? new Uint8Array(), { common })
        // Header rules that differ, such as the base fee's, are ours; execution is not.
        const result = await runBlock(vm, { block, skipHeaderValidation: true })
        expect(bytesToHex(result.stateRoot), `state root of ${at}`).toBe(
          bytesToHex(block.header.stateRoot),
        )
        expect(bytesToHex(result.receiptsRoot)).toBe(bytesToHex(block.header.receiptTrie))
        expect(bytesToHex(result.logsBloom)).toBe(bytesToHex(block.header.logsBloom))
      }
      expect(store.hashAt(BigInt(report.height))).toBe(report.hash)
    } finally {
      await store.close()
    }
  }, 480_000)
})
