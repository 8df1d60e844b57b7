import { isDeepStrictEqual } from 'node:util'
import { answerChallenge as sendAnswer } from '../client/actions/answerChallenge.ts'
import { declareKinds } from '../client/actions/declareKinds.ts'
import type { GetHeadReturnType } from '../client/actions/getHead.ts'
import { getKinds } from '../client/actions/getKinds.ts'
import { type GetNodeReturnType, getNode } from '../client/actions/getNode.ts'
import { getNodeSeed } from '../client/actions/getNodeSeed.ts'
import { getReason } from '../client/actions/getReason.ts'
import { registerNode } from '../client/actions/registerNode.ts'
import type { ParamCache } from '../client/paramCache.ts'
import { nodeStates } from '../client/states.ts'
import { knownKinds } from '../compute/digitsOrder.ts'
import { answerChallenge } from '../compute/kernelChallenge.ts'
import { type CollateralContext, withCollateral } from './collateral.ts'

/** How many blocks back the chain knows the hash that a challenge comes from. */
const answerBlocks = 256n

/** What registration needs of the worker. */
export type RegistrationContext = CollateralContext & {
  readonly power: bigint
  readonly params: ParamCache
}

/** Takes the next step towards a proved power, if one is due. Whether the worker may take tasks. */
export async function keepRegistered(
  context: RegistrationContext,
  head: GetHeadReturnType,
): Promise<boolean> {
  const { client, account, power, params, emit } = context
  const worker = account.address
  const node = await getNode(client, { worker })
  const isStale = head.height > node.challengeHeight + answerBlocks
  const isWaiting = node.state === nodeStates.challenged || node.state === nodeStates.answered
  const isFresh = node.state === nodeStates.proved && !(await isDueAgain(params, node, head))
  if (!isFresh && (!isWaiting || isStale)) {
    await withCollateral(context, () => registerNode(client, { claimedPower: power }))
    emit({ type: 'registered', power })
  } else if (node.state === nodeStates.challenged && head.height > node.challengeHeight) {
    const seed = await getNodeSeed(client, { worker })
    await sendAnswer(client, { product: answerChallenge(seed) })
    emit({ type: 'challengeAnswered' })
  }
  const isEligible = (await getReason(client, { worker })) === ''
  // Perhaps because of a parameter that was changed.
  if (!isEligible) params.forget()
  return isEligible
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
  params: ParamCache,
  { provedAt }: GetNodeReturnType,
  { height, timestamp }: GetHeadReturnType,
): Promise<boolean> {
  const maxAge = await params.read('node.proofMaxAge', height)
  return timestamp >= BigInt(provedAt) + maxAge / 2n
}
