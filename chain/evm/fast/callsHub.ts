import { bytesToHex } from '@ethereumjs/util'
import type { Transaction } from '../../codec/transaction.ts'
import type { SystemRules } from '../engine.ts'

/** Whether a transaction calls `endBlock` of the hub, which only the last one may. */
export function callsHub({ to, data }: Transaction, rules: SystemRules): boolean {
  if (to === null || data.length < 4) return false
  return bytesToHex(to) === rules.hub && bytesToHex(data.subarray(0, 4)) === rules.endBlockSelector
}
