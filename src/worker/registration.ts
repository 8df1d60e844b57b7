import type { Account } from 'viem'
import { getBalance } from 'viem/actions'
import { answerChallenge as sendAnswer } from '../client/actions/answerChallenge.ts'
import { depositCollateral } from '../client/actions/depositCollateral.ts'
import { getCollateral } from '../client/actions/getCollateral.ts'
import type { GetHeadReturnType } from '../client/actions/getHead.ts'
import { getNode } from '../client/actions/getNode.ts'
import { getNodeSeed } from '../client/actions/getNodeSeed.ts'
import { registerNode } from '../client/actions/registerNode.ts'
import { translateErrors } from '../client/errors.ts'
import { nodeStates } from '../client/states.ts'
import type { PocaClient } from '../client/transactions.ts'
import { answerChallenge } from '../compute/kernelChallenge.ts'
import type { WorkerEvent } from './events.ts'

/** How many blocks back the chain knows the hash that a challenge comes from. */
const answerBlocks = 256n

/** Coin kept back for gas when collateral is paid in, wei. */
const gasReserve = 10n ** 18n

/** What registration needs of the worker. */
export type RegistrationContext = {
  readonly client: PocaClient
  readonly account: Account
  readonly power: bigint
  readonly emit: (event: WorkerEvent) => void
}

/** Takes the next step towards a proved power, if one is due. Whether the worker may take tasks. */
export async function keepRegistered(
  { client, account, power, emit }: RegistrationContext,
  head: GetHeadReturnType,
): Promise<boolean> {
  const node = await getNode(client, { worker: account.address })
  if (node.state === nodeStates.proved) return true
  const isStale = head.height > node.challengeHeight + answerBlocks
  const isWaiting = node.state === nodeStates.challenged || node.state === nodeStates.answered
  if (!isWaiting || isStale) {
    await registerNode(client, { claimedPower: power })
    emit({ type: 'registered', power })
  } else if (node.state === nodeStates.challenged && head.height > node.challengeHeight) {
    const seed = await getNodeSeed(client, { worker: account.address })
    await sendAnswer(client, { product: answerChallenge(seed) })
    emit({ type: 'challengeAnswered' })
  }
  return false
}

/** Pays collateral in until that much is free, as far as the balance reaches. */
export async function keepCollateral(context: RegistrationContext, wanted: bigint): Promise<void> {
  const { client, account } = context
  await payIn(context, wanted - (await getCollateral(client, { account: account.address })).free)
}

/** Pays collateral in until that much is there, counting what open tasks have locked. */
export async function fillCollateral(context: RegistrationContext, wanted: bigint): Promise<void> {
  const { client, account } = context
  const { free, locked } = await getCollateral(client, { account: account.address })
  await payIn(context, wanted - free - locked)
}

async function payIn(
  { client, account, emit }: RegistrationContext,
  missing: bigint,
): Promise<void> {
  if (missing <= 0n) return
  const { address } = account
  const spare = (await translateErrors(() => getBalance(client, { address }))) - gasReserve
  const amount = missing < spare ? missing : spare
  if (amount <= 0n) return
  await depositCollateral(client, { amount })
  emit({ type: 'deposited', amount })
}
