import { appealDispute } from '../../client/actions/appealDispute.ts'
import { askForChunk } from '../../client/actions/askForChunk.ts'
import { closeDispute } from '../../client/actions/closeDispute.ts'
import { decideDispute } from '../../client/actions/decideDispute.ts'
import { getBondFor } from '../../client/actions/getBondFor.ts'
import { type GetDisputeReturnType, getDispute } from '../../client/actions/getDispute.ts'
import { getHead } from '../../client/actions/getHead.ts'
import { getParam } from '../../client/actions/getParam.ts'
import { getSlot } from '../../client/actions/getSlot.ts'
import { openDispute } from '../../client/actions/openDispute.ts'
import { disputeKinds, disputeStates, nameState } from '../../client/states.ts'
import type { Included } from '../../client/transactions.ts'
import { showLeaf } from '../../worker/askedLeaves.ts'
import { openWorkerStore } from '../../worker/store.ts'
import { type ActOptions, act, type Fact } from '../act.ts'
import { ensureCollateral } from '../collateral.ts'
import { CliError } from '../errors.ts'
import { coin } from '../ui/amounts.ts'
import { moment } from '../ui/times.ts'
import type { AnswerOptions, AppealOptions, AskOptions, OpenOptions } from './options.ts'
import { remedies } from './remedies.ts'

/** Opens a dispute that a jury decides. */
export function openOne(options: OpenOptions): Promise<void> {
  const { task: taskId, slot, deposit } = options
  return act(options, remedies, async (client) => {
    await ensureCollateral(client, await getBondFor(client, { taskId }), deposit)
    const { disputeId, bond, hash } = await openDispute(client, { taskId, slot })
    const facts = factsOf(disputeId, await getDispute(client, { disputeId }))
    return [...facts, ['staked', bond, coin(bond)], ['transaction', hash]]
  })
}

/** Asks a worker for a leaf. */
export function ask(options: AskOptions): Promise<void> {
  const { task: taskId, slot, leaf: leafIndex, deposit } = options
  return act(options, remedies, async (client) => {
    await ensureCollateral(client, await getParam(client, { key: 'court.bondMin' }), deposit)
    const { disputeId, hash } = await askForChunk(client, { taskId, slot, leafIndex })
    const dispute = await getDispute(client, { disputeId })
    return [...factsOf(disputeId, dispute), ['transaction', hash]]
  })
}

/** Tells how a dispute stands. */
export function show(disputeId: bigint, options: ActOptions): Promise<void> {
  return act(options, remedies, async (client) =>
    factsOf(disputeId, await getDispute(client, { disputeId })),
  )
}

/** Shows the leaf that a dispute asks for. */
export function answer(disputeId: bigint, options: AnswerOptions): Promise<void> {
  return act(options, remedies, async (client) => {
    const dispute = await getDispute(client, { disputeId })
    const { taskId, slot, state, kind } = dispute
    if (state !== disputeStates.asked) {
      throw new CliError(
        { code: 'CLI_NOTHING_ASKED', disputeId, state },
        `Dispute ${disputeId} (${nameState(disputeKinds, kind)}) is ` +
          `${nameState(disputeStates, state)}: nobody is asked for a leaf. ` +
          'A jury does the work again by itself.',
      )
    }
    const store = await openWorkerStore(options.data)
    const { attempt } = await getSlot(client, { taskId, slot })
    const hash = await showLeaf({ client, store }, { disputeId, dispute, attempt })
    if (!hash) {
      throw new CliError(
        { code: 'CLI_NO_RESULT', data: options.data, taskId },
        `The folder ${options.data} holds no result of task ${taskId}, slot ${slot}; ` +
          'name the folder of the worker that did it with --data.',
      )
    }
    return [...factsOf(disputeId, await getDispute(client, { disputeId })), ['transaction', hash]]
  })
}

/** Takes a decided dispute to the next round. */
export function appeal(disputeId: bigint, options: AppealOptions): Promise<void> {
  return act(options, remedies, async (client) => {
    const { bond, taskId } = await getDispute(client, { disputeId })
    const least = await getBondFor(client, { taskId })
    await ensureCollateral(client, bond * 2n > least ? bond * 2n : least, options.deposit)
    return after(await appealDispute(client, { disputeId }))
  })

  function after({ hash }: Included): readonly Fact[] {
    return [
      ['dispute', disputeId],
      ['transaction', hash],
    ]
  }
}

/** Counts the votes or ends the dispute, whichever is due. */
export function close(disputeId: bigint, options: ActOptions): Promise<void> {
  return act(options, remedies, async (client) => {
    const { state, deadline } = await getDispute(client, { disputeId })
    const { timestamp } = await getHead(client)
    if (state !== disputeStates.voting && timestamp <= BigInt(deadline)) {
      throw new CliError(
        { code: 'CLI_NOTHING_DUE', deadline },
        `Dispute ${disputeId} is ${nameState(disputeStates, state)} until ${moment(deadline)}; ` +
          'come back after that.',
      )
    }
    const step = state === disputeStates.voting ? decideDispute : closeDispute
    const { hash } = await step(client, { disputeId })
    const facts = factsOf(disputeId, await getDispute(client, { disputeId }))
    return [...facts, ['transaction', hash]]
  })
}

function factsOf(disputeId: bigint, dispute: GetDisputeReturnType): readonly Fact[] {
  const { taskId, slot, kind, state, round, deadline, bond, opener } = dispute
  const { isFaulty, forCount, againstCount, jurySize, leafIndex } = dispute
  const facts: readonly Fact[] = [
    ['dispute', disputeId],
    ['task', taskId],
    ['slot', slot],
    ['kind', nameState(disputeKinds, kind)],
    ['state', nameState(disputeStates, state)],
    ['opener', opener],
    ['bond', bond, coin(bond)],
    ['deadline', deadline, moment(deadline)],
  ]
  if (kind === disputeKinds.chunkMissing) return [...facts, ['leaf', leafIndex]]
  return [
    ...facts,
    ['round', round],
    ['jury', jurySize],
    ['forFaulty', forCount],
    ['against', againstCount],
    ['isFaulty', isFaulty],
  ]
}
