import { disputeCourtAbi } from '../../chain/system/abi/disputeCourt.ts'
import { oracleHubAbi } from '../../chain/system/abi/oracleHub.ts'
import { taskMarketAbi } from '../../chain/system/abi/taskMarket.ts'
import { predeploys } from '../../chain/system/addresses.ts'
import { getEvents } from '../client/events.ts'
import { verdicts } from '../client/states.ts'
import type { PocaClient } from '../client/transactions.ts'
import type { JuryDuty } from './juryDuty.ts'
import type { RecheckDuty } from './recheckDuty.ts'
import type { TaskDuty } from './taskDuty.ts'

/** A share of a fee that may be this oracle's. */
export type FeeDuty = {
  readonly type: 'fee'
  readonly taskId: bigint
  readonly slot: number
  readonly height: bigint
}

/** Something on the chain that may want this oracle to act. */
export type Duty = TaskDuty | RecheckDuty | JuryDuty | FeeDuty

/** The last round of a dispute is the directors'. */
const lastJuryRound = 2

/** Reads what there is to do from the events of some blocks. */
export async function readDuties(
  client: PocaClient,
  range: { readonly fromBlock: bigint; readonly toBlock: bigint },
): Promise<readonly Duty[]> {
  return [
    ...(await readTaskDuties(client, range)),
    ...(await readHubDuties(client, range)),
    ...(await readJuryDuties(client, range)),
  ]
}

/** What tells a duty from all others. */
export function keyOf(duty: Duty): string {
  switch (duty.type) {
    case 'task':
      return `task ${duty.taskId}`
    case 'jury':
      return `jury ${duty.juryKey}`
    default:
      return `${duty.type} ${duty.taskId} ${duty.slot}`
  }
}

type Range = Parameters<typeof readDuties>[1]

async function readTaskDuties(client: PocaClient, range: Range): Promise<readonly TaskDuty[]> {
  const events = await getEvents(client, {
    address: predeploys.taskMarket,
    abi: taskMarketAbi,
    eventNames: ['AttestingOpened'],
    ...range,
  })
  return events.map(({ args: { taskId, attestBy }, blockNumber: height, blockHash }) => ({
    type: 'task',
    taskId,
    attestBy,
    height,
    blockHash,
    quorumHeights: new Map(),
  }))
}

async function readHubDuties(
  client: PocaClient,
  range: Range,
): Promise<readonly (RecheckDuty | FeeDuty)[]> {
  const events = await getEvents(client, {
    address: predeploys.oracleHub,
    abi: oracleHubAbi,
    eventNames: ['SlotAttested', 'OracleFeeCredited'],
    ...range,
  })
  return events.flatMap((event): readonly (RecheckDuty | FeeDuty)[] => {
    const { taskId, slot } = event.args
    const height = event.blockNumber
    if (event.eventName === 'OracleFeeCredited') return [{ type: 'fee', taskId, slot, height }]
    if (event.args.verdict !== verdicts.valid) return []
    const kept = { reviews: new Map(), quorumHeights: new Map() }
    return [{ type: 'recheck', taskId, slot, height, ...kept }]
  })
}

async function readJuryDuties(client: PocaClient, range: Range): Promise<readonly JuryDuty[]> {
  const events = await getEvents(client, {
    address: predeploys.disputeCourt,
    abi: disputeCourtAbi,
    eventNames: ['RoundOpened'],
    ...range,
  })
  return events
    .filter(({ args }) => args.round <= lastJuryRound)
    .map(({ args: { disputeId, round, juryKey }, blockNumber: height }) => ({
      type: 'jury',
      disputeId,
      round,
      juryKey,
      height,
      reviews: new Map(),
      dueHeights: new Map(),
    }))
}
