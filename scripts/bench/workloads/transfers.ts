import { devAddresses, devRoles } from '../../../chain/params/devAccounts.ts'
import type { Address } from '../../../chain/primitives/hex.ts'
import type { Intent } from '../signIntent.ts'
import type { WorkloadContext } from '../workloads.ts'

const transfer = { value: 1_000_000_000n, data: '0x', gas: 21_000n } as const

/** Within a turn of all senders, everybody pays once and somebody else is paid. */
export function payUnique(index: number, { accounts }: WorkloadContext): Intent {
  const { senders, idle } = accounts
  return { ...transfer, sender: index % senders.length, to: pick(idle, index) }
}

/** The few that are active pay each other, spread over all accounts. */
export function payWithin(index: number, { accounts, random }: WorkloadContext): Intent {
  const { senders } = accounts
  const sender = index % senders.length
  const step = 1 + random.below(senders.length - 1)
  return { ...transfer, sender, to: pick(senders, sender + step) }
}

/** One account pays for a whole block, nonce after nonce. */
export function payNonceChain(index: number, { accounts, blockTxs }: WorkloadContext): Intent {
  const sender = Math.floor(index / blockTxs) % accounts.senders.length
  return { ...transfer, sender, to: pick(accounts.idle, index) }
}

/** Everybody pays the same account. */
export function payHotRecipient(index: number, { accounts }: WorkloadContext): Intent {
  return { ...transfer, sender: index % accounts.senders.length, to: pick(accounts.idle, 0) }
}

/** Every second payment goes to who proposes the blocks. */
export function payCoinbase(index: number, context: WorkloadContext): Intent {
  const intent = payUnique(index, context)
  return index % 2 === 0 ? intent : { ...intent, to: devAddresses[devRoles.signer] }
}

function pick(addresses: readonly Address[], index: number): Address {
  const address = addresses[index % addresses.length]
  if (address === undefined) throw new Error('A workload needs accounts that only receive.')
  return address
}
