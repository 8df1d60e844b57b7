import { setImmediate } from 'node:timers/promises'
import { limits } from '../primitives/limits.ts'
import type { Backend, BlockView } from './backend.ts'
import { toQuantity } from './format.ts'

/** Blocks that a tip suggestion looks back on, as geth does. */
const SUGGESTION_BLOCKS = 20n
const SUGGESTION_PERCENT = 60
/** What to offer where nobody has offered anything, wei per gas. */
const TIP_DEFAULT = 1_000_000_000n

/** Tips of blocks, and what follows from those before a head, for as long as these are at hand. */
const tipsOf = new WeakMap<BlockView, readonly bigint[]>()
const suggestionAt = new WeakMap<BlockView, Promise<bigint>>()

/** A tip that has lately been enough: the 60th percentile of what the last blocks took. */
export function suggestTip(backend: Backend): Promise<bigint> {
  const head = backend.head()
  const known = suggestionAt.get(head)
  if (known !== undefined) return known
  const suggestion = findTip(backend, head)
  suggestionAt.set(head, suggestion)
  suggestion.catch(() => suggestionAt.delete(head))
  return suggestion
}

async function findTip(backend: Backend, head: BlockView): Promise<bigint> {
  const tips: bigint[] = []
  for (let back = 0n; back < SUGGESTION_BLOCKS && back <= head.number; back++) {
    const block = back === 0n ? head : await backend.blockByNumber(head.number - back)
    if (block === undefined) break
    if (!tipsOf.has(block)) {
      tipsOf.set(block, paidTips(block))
      await setImmediate()
    }
    tips.push(...(tipsOf.get(block) ?? []))
  }
  tips.sort((a, b) => (a < b ? -1 : 1))
  return tips[Math.floor(((tips.length - 1) * SUGGESTION_PERCENT) / 100)] ?? TIP_DEFAULT
}

/**
 * Tips of a block, without what the proposer sends itself; of a large one, tips of a sample.
 * PERF: decodes each, four microseconds.
 */
function paidTips(block: BlockView): readonly bigint[] {
  const { length } = block.transactions
  const step = Math.ceil(length / limits.feeSampleTxsMax)
  const tips: bigint[] = []
  for (let index = 0; index < length; index += step) {
    const tx = block.transactions.at(index)
    if (tx === undefined || tx.from === block.coinbase) continue
    const cap = (tx.maxFeePerGas ?? tx.gasPrice) - block.baseFeePerGas
    const wanted = tx.maxPriorityFeePerGas ?? cap
    tips.push(wanted < cap ? wanted : cap)
  }
  return tips
}

/** What eth_feeHistory was asked for. */
export type FeeHistoryQuery = {
  readonly count: bigint
  readonly newest: BlockView
  /** Rising, 0 to 100. */
  readonly percentiles: readonly number[] | undefined
}

/** Base fees, fullness and tips of the blocks up to `newest`. */
export async function readFeeHistory(backend: Backend, query: FeeHistoryQuery) {
  const { newest, percentiles } = query
  const count = query.count <= newest.number + 1n ? query.count : newest.number + 1n
  const oldest = newest.number - count + 1n
  const blocks: Pick<BlockView, 'baseFeePerGas' | 'gasUsed' | 'gasLimit'>[] = []
  const rewards = []
  for (let at = oldest; at <= newest.number; at++) {
    const block = at === newest.number ? newest : await backend.blockByNumber(at)
    if (block === undefined) continue
    const { baseFeePerGas, gasUsed, gasLimit } = block
    blocks.push({ baseFeePerGas, gasUsed, gasLimit })
    if (percentiles !== undefined) rewards.push(await readRewards(backend, block, percentiles))
    // Blocks may be large and many: none is held on to, and others have their turn in between.
    await setImmediate()
  }

  const next = await backend.blockByNumber(newest.number + 1n)
  const nextBaseFee = next?.baseFeePerGas ?? (await backend.nextBaseFee())
  return {
    oldestBlock: toQuantity(oldest),
    baseFeePerGas: [...blocks.map((block) => block.baseFeePerGas), nextBaseFee].map(toQuantity),
    gasUsedRatio: blocks.map((block) => Number(block.gasUsed) / Number(block.gasLimit)),
    baseFeePerBlobGas: [...blocks, newest].map(() => '0x1'),
    blobGasUsedRatio: blocks.map(() => 0),
    ...(percentiles === undefined ? {} : { reward: rewards }),
  }
}

/** Tips at the given percentiles of the gas that the block used. */
async function readRewards(backend: Backend, block: BlockView, percentiles: readonly number[]) {
  const paid = (await backend.receipts(block)).payments().map(({ effectiveGasPrice, gasUsed }) => ({
    tip: effectiveGasPrice - block.baseFeePerGas,
    gas: gasUsed,
  }))
  paid.sort((a, b) => (a.tip < b.tip ? -1 : 1))
  let at = 0
  let sum = paid[0]?.gas ?? 0n
  return percentiles.map((percent) => {
    const threshold = (block.gasUsed * BigInt(Math.round(percent * 100))) / 10_000n
    while (sum < threshold && at < paid.length - 1) {
      at++
      sum += paid[at]?.gas ?? 0n
    }
    return toQuantity(paid[at]?.tip ?? 0n)
  })
}
