// Five seconds of the benchmark with budgets: small blocks of transfers and of ERC-20 transfers,
// from raw bytes to disk. Processor time counts, not time on the wall, and it is counted in
// signature recoveries measured in the same breath: a slow or busy machine slows both alike. The
// budgets have room for three times what is usual; whoever makes an engine three times slower
// fails here. `npm run bench` measures in earnest.
import { describe, expect, test } from 'vitest'
import { keccak256 } from '../../../chain/crypto/keccak.ts'
import { recoverPublicKey, sign } from '../../../chain/crypto/secp256k1.ts'
import { prepareBaseState } from '../../../scripts/bench/benchChain.ts'
import { createBenchGenesis } from '../../../scripts/bench/benchGenesis.ts'
import { prepareBlockFile, readBlockFile } from '../../../scripts/bench/blockFile.ts'
import { engineTargets } from '../../../scripts/bench/engineTargets.ts'
import { measureImport } from '../../../scripts/bench/importCell.ts'
import { prepareTxFile } from '../../../scripts/bench/txFile.ts'
import { workloadOf } from '../../../scripts/bench/workloads.ts'
import budgets from './budgets.json' with { type: 'json' }

const seed = 'smoke'
const sizes: Readonly<Record<string, { readonly count: number; readonly blockTxs: number }>> = {
  T1: { count: 400, blockTxs: 200 },
  E1: { count: 160, blockTxs: 80 },
}

async function prepare(id: string) {
  const workload = workloadOf(id)!
  const size = sizes[id]!
  const bench = createBenchGenesis({
    ...{ seed, accounts: 1_000, senders: 500, tokenCodeSize: 0, senderNonce: 0 },
    hasTokens: workload.needsTokens,
  })
  const txs = prepareTxFile({ workload, seed, ...size }, bench)
  const base = await prepareBaseState(bench)
  const blocksPath = await prepareBlockFile({ txs, blockTxs: size.blockTxs, base })
  return { base, blocksPath, size }
}

/** Microseconds of processor time that one native signature recovery takes here and now. */
function recoveryUs(): number {
  const key = keccak256(new TextEncoder().encode(seed))
  const signature = sign(key, key)
  const rounds = 400
  const work = () => recoverPublicKey(key, signature.subarray(0, 64), signature[64]!)
  for (let i = 0; i < rounds; i++) work()
  const before = process.cpuUsage()
  for (let i = 0; i < rounds; i++) work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / rounds
}

describe.each(engineTargets)('$name', (target) => {
  test.each(Object.entries(budgets))('stays in the budget of %s', async (id, byTarget) => {
    const budget = Object.entries(byTarget).find(([name]) => name === target.name)?.[1]
    expect(budget, `budgets.json has no budget of ${id} for ${target.name}`).toBeDefined()
    const { base, blocksPath, size } = await prepare(id)
    const result = await measureImport({
      ...{ level: 'L3', target, base, blocksPath, warmupBlocks: 1, secondsMax: 5 },
    })
    expect(result.failedTxs).toBe(0)
    expect(result.txs).toBeGreaterThanOrEqual(size.blockTxs)
    expect(result.diskBytes).toBeGreaterThan(0)
    const recoveries = result.cpuUs / result.txs / recoveryUs()
    expect(recoveries).toBeLessThan(budget!)
  })

  test('gives back the roots of whoever made the blocks, and says so when it does not', async () => {
    const { base, blocksPath } = await prepare('E1')
    const [block] = readBlockFile(blocksPath)
    expect(block).toMatchObject({ txCount: sizes.E1!.blockTxs, failedCount: 0 })
    const wrong = {
      ...target,
      open: (deps: Parameters<typeof target.open>[0]) => {
        const opened = target.open(deps)
        const { engine } = opened
        const lie = async (request: Parameters<typeof engine.verify>[0]) => ({
          ...(await engine.verify(request)),
          stateRoot: `0x${'00'.repeat(32)}` as const,
        })
        return { ...opened, engine: { ...engine, verify: lie } }
      },
    }
    const job = { level: 'L2', base, blocksPath, warmupBlocks: 0, secondsMax: 1 } as const
    await expect(measureImport({ ...job, target: wrong })).rejects.toThrow('another root')
  })
})
