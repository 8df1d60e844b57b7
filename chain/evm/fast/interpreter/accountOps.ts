import { Address } from '@ethereumjs/util'
import { accountOf } from './contextOps.ts'
import { charge, type Frame, holds, peek } from './frame.ts'
import { growGas, wordsIn } from './gas.ts'
import type { Handler, SyncState } from './host.ts'
import { copyIn } from './memoryOps.ts'
import { bytesOf, wordOf } from './words.ts'

const MASK_160 = 2n ** 160n - 1n

/** What code in the format of EIP-3540 looks like from outside. */
const OTHER_FORMAT = Uint8Array.of(0xef, 0x00)

/** The instructions that look at other accounts, on a state that answers at once. */
export function createAccountOps(sync: SyncState): readonly (readonly [op: number, Handler])[] {
  return [
    [0x31, (frame, base) => balance(frame, base, sync)],
    [0x3b, (frame, base) => extcodesize(frame, base, sync)],
    [0x3c, (frame, base) => extcodecopy(frame, base, sync)],
    [0x3f, (frame, base) => extcodehash(frame, base, sync)],
  ]
}

/** The address that a word of the stack names. */
export function addressOfWord(word: bigint): Address {
  return new Address(bytesOf(word & MASK_160).subarray(12))
}

/** What looking at an address costs; it is warm from now on. @source EIP-2929 */
export function lookGas({ host }: Frame, address: Uint8Array): number {
  const { costs, journal } = host
  return journal.warmAddress(address) ? costs.warmRead : costs.coldAccount
}

function balance(frame: Frame, base: number, sync: SyncState): void {
  const address = look(frame, base)
  if (address === undefined) return
  const isSelf = wordOf(address.bytes) === wordOf(frame.address)
  const account = isSelf ? accountOf(frame) : sync.getAccountSync(address)
  frame.stack[frame.sp - 1] = account?.balance ?? 0n
}

function extcodesize(frame: Frame, base: number, sync: SyncState): void {
  const address = look(frame, base)
  if (address === undefined) return
  frame.stack[frame.sp - 1] = BigInt(codeOf(sync, address).length)
}

function extcodehash(frame: Frame, base: number, sync: SyncState): void {
  const address = look(frame, base)
  if (address === undefined) return
  frame.stack[frame.sp - 1] = codeHashOf(frame, sync, address)
}

function codeHashOf({ host }: Frame, sync: SyncState, address: Address): bigint {
  if (codeOf(sync, address) === OTHER_FORMAT) return wordOf(host.keccak256(OTHER_FORMAT))
  const account = sync.getAccountSync(address)
  return account === undefined || account.isEmpty() ? 0n : wordOf(account.codeHash)
}

function extcodecopy(frame: Frame, base: number, sync: SyncState): void {
  if (!holds(frame, 4)) return
  const address = addressOfWord(peek(frame, 0))
  const [to, from, length] = [peek(frame, 1), peek(frame, 2), peek(frame, 3)]
  const grown = growGas(frame, to, length)
  const price = lookGas(frame, address.bytes) + frame.host.costs.copyWord * wordsIn(length)
  if (!charge(frame, base + grown + price)) return
  frame.sp -= 4
  if (length !== 0n) copyIn(frame, codeOf(sync, address), { to, from, length })
}

/** Pays for the address on top of the stack; undefined when the frame is over. */
function look(frame: Frame, base: number): Address | undefined {
  if (!holds(frame, 1)) return undefined
  const address = addressOfWord(peek(frame, 0))
  return charge(frame, base + lookGas(frame, address.bytes)) ? address : undefined
}

function codeOf(sync: SyncState, address: Address): Uint8Array {
  const code = sync.getCodeSync(address)
  return code[0] === 0xef && code[1] === 0x00 ? OTHER_FORMAT : code
}
