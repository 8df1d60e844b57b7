import { isDeepStrictEqual } from 'node:util'
import type { Hash } from '../../chain/primitives/hex.ts'
import { commitProducts } from '../client/actions/commitProducts.ts'
import { declareKinds } from '../client/actions/declareKinds.ts'
import { getChallengeRound } from '../client/actions/getChallengeRound.ts'
import type { GetHeadReturnType } from '../client/actions/getHead.ts'
import { getKinds } from '../client/actions/getKinds.ts'
import { type GetNodeReturnType, getNode } from '../client/actions/getNode.ts'
import { getNodeSeed } from '../client/actions/getNodeSeed.ts'
import { getReason } from '../client/actions/getReason.ts'
import { getSamples } from '../client/actions/getSamples.ts'
import { openProducts } from '../client/actions/openProducts.ts'
import { registerNode } from '../client/actions/registerNode.ts'
import type { ParamCache } from '../client/paramCache.ts'
import { nodeStates } from '../client/states.ts'
import { knownKinds } from '../compute/digitsOrder.ts'
import {
  type ComputedProducts,
  computeProducts,
  planWorkload,
  type Workload,
} from '../compute/kernelChallenge.ts'
import { type CollateralContext, withCollateral } from './collateral.ts'

/** How many blocks back the chain knows the hash that picks the samples. */
const hashBlocks = 256n

/** What registration needs of the worker. */
export type RegistrationContext = CollateralContext & {
  /** Power to prove, million multiply-adds per second. */
  readonly power: bigint
  /** What this machine does, million multiply-adds per second. */
  readonly speed: bigint
  readonly params: ParamCache
  /** Products that were computed last, kept until they are opened. */
  readonly computed: Map<Hash, ComputedProducts>
  readonly signal: AbortSignal
}

/** Takes the next step towards a proved power, if one is due. Whether the worker may take tasks. */
export async function keepRegistered(
  context: RegistrationContext,
  head: GetHeadReturnType,
): Promise<boolean> {
  const { client, account, params } = context
  const worker = account.address
  const node = await getNode(client, { worker })
  const { committed, challenged, proved } = nodeStates
  if (node.state === committed && head.height <= node.commitHeight + hashBlocks) {
    if (head.height > node.commitHeight) await open(context, node)
  } else if (node.state === challenged && head.timestamp <= BigInt(node.commitBy)) {
    if (head.height > node.challengeHeight) await commit(context, node)
  } else if (node.state !== proved || (await isDueAgain(params, node, head))) {
    await registerInTime(context, head)
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

/** Registers in the first half of a round, so that the rest of it is enough for the work. */
async function registerInTime(
  context: RegistrationContext,
  { timestamp }: GetHeadReturnType,
): Promise<void> {
  const { client, power, emit } = context
  const { startsAt, commitBy } = await getChallengeRound(client)
  const windowSeconds = commitBy - startsAt
  if (timestamp < startsAt || timestamp > startsAt + windowSeconds / 2n) return
  const workload = planWorkload(power, windowSeconds)
  await withCollateral(context, () => registerNode(client, workload))
  emit({ type: 'registered', power })
}

/** Computes what was registered for, unless that is done already, and commits to it. */
async function commit(context: RegistrationContext, node: GetNodeReturnType): Promise<void> {
  const { client, account, emit } = context
  const seed = await getNodeSeed(client, { worker: account.address })
  const { root } = await compute(context, seed, node)
  await commitProducts(client, { root })
  emit({ type: 'productsCommitted', root })
}

/** Shows what the chain asks for. After a restart the products are computed again. */
async function open(context: RegistrationContext, node: GetNodeReturnType): Promise<void> {
  const { client, account, computed } = context
  const { open: show } = await compute(context, node.seed, node)
  const places = await getSamples(client, { worker: account.address })
  await openProducts(client, { openings: places.map(show) })
  computed.clear()
}

async function compute(
  { emit, computed, signal }: RegistrationContext,
  seed: Hash,
  { size, products }: Workload,
): Promise<ComputedProducts> {
  const known = computed.get(seed)
  if (known) return known
  const onProgress = (done: number, total: number) => emit({ type: 'proving', done, total })
  const result = await computeProducts({ seed, size, products }, { signal, onProgress })
  computed.clear()
  computed.set(seed, result)
  return result
}
