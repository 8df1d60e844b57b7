import type { BuiltBlock, ParentBlock } from '../../../../chain/evm/engine.ts'
import type { Address } from '../../../../chain/primitives/hex.ts'
import { attempt, compareOutcomes, type Difference } from './compare.ts'
import type { Side } from './engines.ts'
import { bytesOf } from './plan.ts'
import type { BlockPlan } from './runWorld.ts'
import { common, places, senders, word } from './world.ts'

/** Slots that contracts of the world write. */
const slots = [0n, 1n, 2n, 3n, 4n, 0x11n].map(word)

/** Compares what two engines say of the state after a block, and of how it came about. */
export async function compareReads(
  sides: readonly [Side, Side],
  facts: { readonly block: BuiltBlock; readonly parent: ParentBlock; readonly plan: BlockPlan },
): Promise<Difference | undefined> {
  const { block, parent, plan } = facts
  const at = { stateRoot: block.stateRoot }
  const addresses = [...senders, ...places.scripts, ...places.empty, ...places.absent, places.big]
  const operations: (readonly [string, (side: Side) => Promise<unknown>])[] = []
  for (const address of addresses) {
    operations.push([`account ${address}`, ({ engine }) => engine.account(address, at)])
    operations.push([`code ${address}`, ({ engine }) => engine.code(address, at)])
  }
  for (const address of [...places.scripts, ...places.random, ...senders.slice(0, 4)]) {
    for (const slot of slots) {
      operations.push([`storage ${address}`, ({ engine }) => engine.storage(address, slot, at)])
    }
    operations.push([`proof ${address}`, ({ engine }) => engine.proof(address, slots, at)])
  }
  const request = { parentStateRoot: parent.stateRoot, raw: block.raw }
  operations.push(['trace', ({ engine }) => engine.trace(request)])
  operations.push(...calls(block, plan))
  for (const [where, read] of operations) {
    const both = [await attempt(() => read(sides[0])), await attempt(() => read(sides[1]))] as const
    const difference = compareOutcomes(where, both, (value) => ({ value }))
    if (difference !== undefined) return difference
  }
  return undefined
}

/** The transactions of the plan as messages on the state after the block. */
function calls(
  block: BuiltBlock,
  plan: BlockPlan,
): readonly (readonly [string, (side: Side) => Promise<unknown>])[] {
  const context = {
    number: block.height + 1n,
    timestamp: block.timestamp + 1n,
    coinbase: senders[plan.proposer] ?? (`0x${'0'.repeat(40)}` as Address),
    gasLimit: 30_000_000n,
    baseFeePerGas: 1_000_000_000n,
    mixHash: word(BigInt(common.chainId())),
  }
  return plan.transactions.slice(0, 10).map((tx, index) => [
    `call ${index}`,
    ({ engine }) =>
      engine.call({
        at: { stateRoot: block.stateRoot },
        block: context,
        from: senders[tx.sender] ?? places.plain,
        ...(tx.to === null ? {} : { to: tx.to }),
        data: `0x${Buffer.from(bytesOf(tx.payload)).toString('hex')}`,
        value: tx.value === 'all' || tx.value === 'tooMuch' ? 1n : BigInt(tx.value),
        gas: 1_000_000n,
        asTransaction: index % 2 === 0,
      }),
  ])
}
