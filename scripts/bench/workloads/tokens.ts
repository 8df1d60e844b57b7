import type { Address, Hex } from '../../../chain/primitives/hex.ts'
import { predeploys } from '../../../chain/system/addresses.ts'
import type { Intent } from '../signIntent.ts'
import type { WorkloadContext } from '../workloads.ts'

/** The first four bytes of `transfer(address,uint256)`. */
const TRANSFER = 'a9059cbb'
const gas = 60_000n

/** Within a turn, every holder moves a unit of the wrapped coin to another holder. */
export function moveTokens(index: number, { accounts }: WorkloadContext): Intent {
  return move(index, accounts.idle[index % accounts.idle.length], accounts.senders.length)
}

/** All holders move a unit to the same one. */
export function moveTokensToOne(index: number, { accounts }: WorkloadContext): Intent {
  return move(index, accounts.idle[0], accounts.senders.length)
}

function move(index: number, to: Address | undefined, senderCount: number): Intent {
  const data: Hex = `0x${TRANSFER}${word(to ?? '0x')}${word('0x01')}`
  return { sender: index % senderCount, to: predeploys.whpc, value: 0n, data, gas }
}

function word(value: Hex): string {
  return value.slice(2).padStart(64, '0')
}
