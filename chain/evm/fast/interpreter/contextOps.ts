import { Account } from '@ethereumjs/util'
import { type Frame, push } from './frame.ts'
import { wordOf } from './words.ts'

/** ADDRESS */
export function address(frame: Frame): void {
  push(frame, wordOf(frame.address))
}

/** CALLER */
export function caller(frame: Frame): void {
  push(frame, wordOf(frame.message.caller.bytes))
}

/** CALLVALUE */
export function callvalue(frame: Frame): void {
  push(frame, frame.message.value)
}

/** CALLDATASIZE */
export function calldatasize(frame: Frame): void {
  push(frame, BigInt(frame.callData.length))
}

/** CODESIZE */
export function codesize(frame: Frame): void {
  push(frame, BigInt(frame.code.length))
}

/** RETURNDATASIZE */
export function returndatasize(frame: Frame): void {
  push(frame, BigInt(frame.returned.length))
}

/** SELFBALANCE, on a state that answers at once. */
export function selfbalance(frame: Frame): void {
  push(frame, accountOf(frame).balance)
}

/** The account that the frame runs as, read when it is needed. */
export function accountOf(frame: Frame): Account {
  const { sync, zeroAddress } = frame.host
  frame.account ??= sync?.getAccountSync(frame.message.to ?? zeroAddress) ?? new Account()
  return frame.account
}
