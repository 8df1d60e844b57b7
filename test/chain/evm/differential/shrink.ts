import type { Payload, StepPlan, TransactionPlan } from './plan.ts'
import type { BlockPlan, WorldPlan } from './runWorld.ts'

/**
 * The smallest world found in which `differs` still holds: blocks, transactions, spoiled copies,
 * steps and details are left out one after the other as long as it does.
 */
export async function shrinkWorld(
  plan: WorldPlan,
  differs: (plan: WorldPlan) => Promise<boolean>,
  triesMax: number,
): Promise<WorldPlan> {
  let best = plan
  let tries = 0
  const attempt = async (smaller: WorldPlan): Promise<boolean> => {
    if (tries >= triesMax) return false
    tries++
    if (!(await differs(smaller))) return false
    best = smaller
    return true
  }
  for (let before: WorldPlan | undefined; before !== best && tries < triesMax; ) {
    before = best
    await dropItems(best.blocks, (blocks) => attempt({ ...best, blocks }))
    for (let index = 0; index < best.blocks.length; index++) {
      const change = (block: Partial<BlockPlan>) => attempt(withBlock(best, index, block))
      const now = (): BlockPlan => best.blocks[index] ?? emptyBlock
      if (now().hasReads) await change({ hasReads: false })
      await dropItems(now().corruptions, (corruptions) => change({ corruptions }))
      await dropItems(now().transactions, (transactions) => change({ transactions }))
      for (let place = 0; place < now().transactions.length; place++) {
        await simplify(now().transactions[place], (tx) =>
          change({ transactions: now().transactions.map((one, i) => (i === place ? tx : one)) }),
        )
      }
    }
  }
  return best
}

const emptyBlock: BlockPlan = {
  proposer: 0,
  seconds: 1,
  isSkipping: false,
  transactions: [],
  corruptions: [],
  hasReads: false,
}

function withBlock(plan: WorldPlan, index: number, change: Partial<BlockPlan>): WorldPlan {
  const blocks = plan.blocks.map((block, i) => (i === index ? { ...block, ...change } : block))
  return { ...plan, blocks }
}

/** Leaves out runs of items, the long ones first. */
async function dropItems<T>(
  items: readonly T[],
  attempt: (fewer: readonly T[]) => Promise<boolean>,
): Promise<void> {
  let left = items
  for (let size = left.length; size >= 1; size = Math.floor(size / 2)) {
    for (let at = 0; at < left.length; ) {
      const fewer = [...left.slice(0, at), ...left.slice(at + size)]
      if (await attempt(fewer)) left = fewer
      else at += size
    }
  }
}

/** Replaces each detail of a transaction by a plainer one. */
async function simplify(
  tx: TransactionPlan | undefined,
  attempt: (plainer: TransactionPlan) => Promise<boolean>,
): Promise<void> {
  if (tx === undefined) return
  let best = tx
  const change = async (part: Partial<TransactionPlan>): Promise<void> => {
    const plainer = { ...best, ...part }
    if (JSON.stringify(plainer) !== JSON.stringify(best) && (await attempt(plainer))) best = plainer
  }
  await change({ accessList: [] })
  await change({ value: '0x0' })
  await change({ tip: 0 })
  await change({ feeDelta: 0 })
  await change({ damage: undefined })
  await change({ nonceDelta: 0 })
  await change({ payload: { hex: '0x' } })
  if ('steps' in best.payload) {
    await simplifySteps(best.payload.steps, async (steps) => {
      const before = best
      await change({ payload: { steps } })
      return best !== before
    })
  }
  await dropItems(best.authorizations, async (authorizations) => {
    const before = best
    await change({ authorizations })
    return best !== before
  })
  await change({ type: 0, isProtected: true })
  await change({ gas: { from: 'intrinsic', plus: 300_000 } })
}

/** Leaves out steps, then steps of the calls that are left. */
async function simplifySteps(
  steps: readonly StepPlan[],
  attempt: (fewer: readonly StepPlan[]) => Promise<boolean>,
): Promise<void> {
  let best = steps
  const keep = async (fewer: readonly StepPlan[]): Promise<boolean> => {
    if (!(await attempt(fewer))) return false
    best = fewer
    return true
  }
  await dropItems(best, keep)
  for (let index = 0; index < best.length; index++) {
    const withPayload = (payload: Payload) =>
      keep(best.map((one, i) => (i === index ? { ...one, payload } : one)))
    const payload = best[index]?.payload
    if (payload === undefined || !('steps' in payload)) continue
    if (!(await withPayload({ hex: '0x' }))) {
      await simplifySteps(payload.steps, (inner) => withPayload({ steps: inner }))
    }
  }
}
