import { isDeepStrictEqual } from 'node:util'
import type { Account } from 'viem'
import { getBalance } from 'viem/actions'
import { answerChallenge as sendAnswer } from '../client/actions/answerChallenge.ts'
import { declareKinds } from '../client/actions/declareKinds.ts'
import { depositCollateral } from '../client/actions/depositCollateral.ts'
import { getCollateral } from '../client/actions/getCollateral.ts'
import type { GetHeadReturnType } from '../client/actions/getHead.ts'
import { getKinds } from '../client/actions/getKinds.ts'
import { type GetNodeReturnType, getNode } from '../client/actions/getNode.ts'
import { getNodeSeed } from '../client/actions/getNodeSeed.ts'
import { getParam } from '../client/actions/getParam.ts'
import { getReason } from '../client/actions/getReason.ts'
import { registerNode } from '../client/actions/registerNode.ts'
import { isRevert, translateErrors } from '../client/errors.ts'
import { nodeStates } from '../client/states.ts'
import type { PocaClient } from '../client/transactions.ts'
import { knownKinds } from '../compute/digitsOrder.ts'
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
  context: RegistrationContext,
  head: GetHeadReturnType,
): Promise<boolean> {
  const { client, account, power, emit } = context
  const worker = account.address
  const node = await getNode(client, { worker })
  const isStale = head.height > node.challengeHeight + answerBlocks
  const isWaiting = node.state === nodeStates.challenged || node.state === nodeStates.answered
  const isFresh = node.state === nodeStates.proved && !(await isDueAgain(client, node, head))
  if (!isFresh && (!isWaiting || isStale)) {
    await registerWithBond(context)
    emit({ type: 'registered', power })
  } else if (node.state === nodeStates.challenged && head.height > node.challengeHeight) {
    const seed = await getNodeSeed(client, { worker })
    await sendAnswer(client, { product: answerChallenge(seed) })
    emit({ type: 'challengeAnswered' })
  }
  return (await getReason(client, { worker })) === ''
}

/** Says on the chain which kinds of task can be done here, unless it stands there already. */
export async function keepKinds({ client, account, emit }: RegistrationContext): Promise<void> {
  const declared = await getKinds(client, { worker: account.address })
  if (isDeepStrictEqual(declared, knownKinds)) return
  await declareKinds(client, { kinds: knownKinds })
  emit({ type: 'kindsDeclared', kinds: knownKinds })
}

/** A proof holds for a time; from the middle of it on a node may prove anew, and should. */
async function isDueAgain(
  client: PocaClient,
  { provedAt }: GetNodeReturnType,
  { timestamp }: GetHeadReturnType,
): Promise<boolean> {
  const maxAge = await getParam(client, { key: 'node.proofMaxAge' })
  return timestamp >= BigInt(provedAt) + maxAge / 2n
}

async function registerWithBond(context: RegistrationContext): Promise<void> {
  const { client, power } = context
  try {
    await registerNode(client, { claimedPower: power })
  } catch (error) {
    if (!isRevert(error, 'CollateralVaultInsufficientFree')) throw error
    const { facts } = error
    const wanted = facts.code === 'CLIENT_CONTRACT_REVERTED' ? facts.args.wanted : 0n
    await keepCollateral(context, typeof wanted === 'bigint' ? wanted : 0n)
    await registerNode(client, { claimedPower: power })
  }
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
