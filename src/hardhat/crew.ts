import { asciiKey } from '../../chain/system/asciiKey.ts'
import { computeProducts, planWorkload } from '../compute/kernelChallenge.ts'
import { type RoleAccount, roleAccounts } from './accounts.ts'
import { type Amount, weiOf } from './amounts.ts'
import type { SystemContracts } from './contracts.ts'
import { type Stage, stuck } from './stage.ts'
import { playKind } from './tasks.ts'
import { badCount } from './time.ts'

/** What the people of a test bring along. */
export type CrewOptions = {
  /**
   * How many sell compute, from 1 to 5; or the power each of them proves, million multiply-adds per
   * second. They compute what proves it: a sum of 100 takes about two seconds.
   */
  readonly workers?: number | readonly bigint[]
  /** Free collateral of each worker in the vault. */
  readonly collateral?: Amount
  /** Collateral of each oracle, besides the least that it needs. */
  readonly oracleCollateral?: Amount
}

/** People who are ready to work. */
export type Crew = {
  readonly client: RoleAccount
  readonly workers: readonly RoleAccount[]
  readonly oracles: readonly RoleAccount[]
}

/**
 * Million exact multiply-adds per second that a worker proves when the test does not say. It really
 * does: each 100 take about two seconds.
 */
const usualPower = 10n

/** Blocks after which a seed has to be there. */
const seedBlocksMax = 8

/** From registering to the commitment, on a chain whose time tests move. */
const roundSeconds = 12n

/** Makes the oracles active and the workers proved, as they become so on the chain. */
export async function gatherCrew(stage: Stage, options: CrewOptions = {}): Promise<Crew> {
  const { client, workers: all, oracles } = roleAccounts()
  const wanted = options.workers ?? 3
  const powers =
    typeof wanted === 'number'
      ? Array.from({ length: Math.max(0, Math.trunc(wanted)) }, () => usualPower)
      : wanted
  if (powers.length < 1 || powers.length > all.length) throw badCount('workers', powers.length)

  for (const oracle of oracles) await activateOracle(stage, oracle, options.oracleCollateral)
  const workers = all.slice(0, powers.length)
  for (const [index, worker] of workers.entries()) {
    await proveWorker(stage, worker, {
      power: powers[index] ?? usualPower,
      collateral: options.collateral ?? '1000',
    })
  }
  return { client, workers, oracles }
}

async function activateOracle(
  { contractsAs }: Stage,
  oracle: RoleAccount,
  extra: Amount = '4000',
): Promise<void> {
  const { oracleHub, collateralVault, protocolParams } = contractsAs(oracle)
  const members = await oracleHub.read.members()
  if (members.some((member) => member === oracle.address)) return
  const least = await protocolParams.read.get([asciiKey('oracle.collateral')])
  await collateralVault.write.deposit({ value: least + weiOf(extra) })
  await oracleHub.write.activate()
}

/** Registers a worker, computes the products of its challenge and opens what is sampled. */
async function proveWorker(
  stage: Stage,
  worker: RoleAccount,
  facts: { readonly power: bigint; readonly collateral: Amount },
): Promise<void> {
  const { nodeRegistry, collateralVault, protocolParams } = stage.contractsAs(worker)
  await collateralVault.write.deposit({ value: weiOf(facts.collateral) })
  await nodeRegistry.write.declareKinds([[playKind]])
  const windowSeconds = await protocolParams.read.get([asciiKey('node.challengeWindow')])
  const workload = planWorkload(facts.power, windowSeconds)
  await beginRound(stage, nodeRegistry)
  await nodeRegistry.write.register([workload.size, workload.products])
  const seed = await stage.until(seedBlocksMax, () => nodeRegistry.read.seedOf([worker.address]))
  if (seed === undefined) throw stuck('the seed of a challenge')
  const { root, open } = await computeProducts({ seed, ...workload })
  await nodeRegistry.write.commitProducts([root])
  const places = await stage.until(seedBlocksMax, () =>
    nodeRegistry.read.samplesOf([worker.address]),
  )
  if (places === undefined) throw stuck('the samples of a challenge')
  await nodeRegistry.write.openProducts([places.map(open)])
}

/** Goes on to the next round of challenges when the one that runs is about to end. */
async function beginRound(
  stage: Stage,
  nodeRegistry: SystemContracts['nodeRegistry'],
): Promise<void> {
  const [startsAt, commitBy] = await nodeRegistry.read.challengeRound()
  const now = await stage.now()
  if (now < startsAt) await stage.setNextTime(startsAt)
  else if (now + roundSeconds > commitBy) await stage.setNextTime(commitBy)
}
