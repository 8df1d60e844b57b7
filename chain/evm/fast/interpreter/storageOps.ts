import { Address } from '@ethereumjs/util'
import { charge, type Frame, halt, holds, peek } from './frame.ts'
import type { SyncState } from './host.ts'
import { bytesOf, nameOfWord, shortBytesOf, wordOf } from './words.ts'

/** What an SSTORE weighs: a slot before the transaction, now, and afterwards. */
type Change = { readonly original: bigint; readonly current: bigint; readonly next: bigint }

/** SLOAD on a state that answers at once. */
export function createSload(state: SyncState) {
  return (frame: Frame, base: number): void => {
    if (!holds(frame, 1)) return
    const key = peek(frame, 0)
    const { journal, costs } = frame.host
    const isWarm = journal.warmSlot(frame.address, frame.owner, nameOfWord(key))
    if (!charge(frame, base + (isWarm ? costs.warmRead : costs.coldSlot))) return
    const value = state.getStorageSync(addressOf(frame), bytesOf(key))
    frame.stack[frame.sp - 1] = wordOf(value)
  }
}

/** SSTORE on a state that answers at once. */
export function createSstore(state: SyncState) {
  return (frame: Frame, base: number): void => {
    if (frame.message.isStatic) {
      halt(frame, 'STATIC_STATE_CHANGE')
      return
    }
    if (!holds(frame, 2)) return
    const key = bytesOf(peek(frame, 0))
    const slot = nameOfWord(peek(frame, 0))
    const next = peek(frame, 1)
    const { host, address, owner } = frame
    const at = addressOf(frame)
    const current = wordOf(state.getStorageSync(at, key))
    const original = wordOf(state.originalStorageSync(at, key))
    if (frame.gas <= host.costs.storeSentry) {
      halt(frame, 'OUT_OF_GAS')
      return
    }
    const price = storeGas(frame, { original, current, next }, slot)
    if (frame.isOver) return
    // After the price, which asks whether the slot was warm.
    const isWarm = host.journal.warmSlot(address, owner, slot)
    if (!charge(frame, base + price + (isWarm ? 0 : host.costs.coldSlot))) return
    frame.sp -= 2
    state.putStorageSync(at, key, shortBytesOf(next))
    // The account names the storage: whoever looks at it next has to read it again.
    frame.account = undefined
  }
}

/** TLOAD. @source EIP-1153 */
export function tload(frame: Frame): void {
  if (!holds(frame, 1)) return
  const key = bytesOf(peek(frame, 0))
  frame.stack[frame.sp - 1] = wordOf(frame.host.transient.get(addressOf(frame), key))
}

/** TSTORE. @source EIP-1153 */
export function tstore(frame: Frame): void {
  if (frame.message.isStatic) {
    halt(frame, 'STATIC_STATE_CHANGE')
    return
  }
  if (!holds(frame, 2)) return
  const key = bytesOf(peek(frame, 0))
  frame.host.transient.put(addressOf(frame), key, shortBytesOf(peek(frame, 1)))
  frame.sp -= 2
}

/**
 * The price of a change without that of a cold slot; moves the refund counter.
 * @source EIP-2200; EIP-2929 (prices)
 */
function storeGas(frame: Frame, { original, current, next }: Change, slot: string): number {
  const { costs, journal } = frame.host
  const isWarm = journal.isWarmSlot(frame.owner, slot)
  if (current === next) return isWarm ? costs.warmRead : costs.storeNoop
  if (original === current) {
    if (original === 0n) return costs.storeInit
    if (next === 0n) frame.refund += costs.clearRefund
    return costs.storeClean
  }
  if (original !== 0n) {
    if (current === 0n) {
      frame.refund -= costs.clearRefund
      if (frame.refund < 0) {
        frame.refund = 0
        halt(frame, 'REFUND_EXHAUSTED')
        return 0
      }
    } else if (next === 0n) frame.refund += costs.clearRefund
  }
  if (original === next) {
    const { warmRead } = costs
    if (original === 0n) {
      frame.refund += isWarm ? costs.storeInit - warmRead : costs.initRefund
    } else {
      frame.refund += isWarm ? costs.storeReset - costs.coldSlot - warmRead : costs.cleanRefund
    }
  }
  return costs.storeDirty
}

function addressOf(frame: Frame): Address {
  return frame.message.to ?? new Address(frame.address)
}
