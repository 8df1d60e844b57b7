import { createAccountOps } from './accountOps.ts'
import {
  addmod,
  byte,
  clz,
  div,
  exp,
  mod,
  mulmod,
  sar,
  sdiv,
  sgt,
  signextend,
  slt,
  smod,
} from './arithmetic.ts'
import { blockOps } from './blockOps.ts'
import {
  address,
  calldatasize,
  caller,
  callvalue,
  codesize,
  returndatasize,
  selfbalance,
} from './contextOps.ts'
import type { Handler, SyncState } from './host.ts'
import { type OpcodeEntry, runByLibraryNow } from './library.ts'
import {
  calldatacopy,
  calldataload,
  codecopy,
  finish,
  keccak,
  log,
  mcopy,
  mload,
  msize,
  mstore,
  mstore8,
  returndatacopy,
  revert,
} from './memoryOps.ts'
import { createSload, createSstore, tload, tstore } from './storageOps.ts'

const own: ReadonlyMap<number, Handler> = new Map<number, Handler>([
  [0x04, div],
  [0x05, sdiv],
  [0x06, mod],
  [0x07, smod],
  [0x08, addmod],
  [0x09, mulmod],
  [0x0a, exp],
  [0x0b, signextend],
  [0x12, slt],
  [0x13, sgt],
  [0x1a, byte],
  [0x1d, sar],
  [0x1e, clz],
  [0x20, keccak],
  [0x30, address],
  [0x33, caller],
  [0x34, callvalue],
  [0x35, calldataload],
  [0x36, calldatasize],
  [0x37, calldatacopy],
  [0x38, codesize],
  [0x39, codecopy],
  [0x3d, returndatasize],
  [0x3e, returndatacopy],
  [0x47, selfbalance],
  [0x51, mload],
  [0x52, mstore],
  [0x53, mstore8],
  [0x59, msize],
  [0x5c, tload],
  [0x5d, tstore],
  [0x5e, mcopy],
  [0xa0, log],
  [0xa1, log],
  [0xa2, log],
  [0xa3, log],
  [0xa4, log],
  [0xf3, finish],
  [0xfd, revert],
  ...blockOps,
])

/** What the loop does with each instruction, by number. */
export type Table = {
  readonly fees: readonly number[]
  readonly bases: readonly number[]
  readonly handlers: readonly (Handler | undefined)[]
}

/** Prices and handlers under the rules that `opcodes` stands for. */
export function createTable(opcodes: readonly OpcodeEntry[], sync: SyncState | undefined): Table {
  const fees: number[] = []
  const bases: number[] = []
  const handlers: (Handler | undefined)[] = []
  const ofState = new Map<number, Handler>(
    sync === undefined
      ? []
      : [[0x54, createSload(sync)], [0x55, createSstore(sync)], ...createAccountOps(sync)],
  )
  for (const [op, { opcodeInfo }] of opcodes.entries()) {
    const { isInvalid, dynamicGas, isAsync } = opcodeInfo
    const fee = Number(opcodeInfo.feeBigInt)
    const mine = ofState.get(op) ?? own.get(op)
    const isStatic = !dynamicGas && (mine !== undefined || !isAsync)
    // What is no instruction costs more than any frame has.
    fees[op] = isInvalid ? Number.POSITIVE_INFINITY : isStatic ? fee : 0
    bases[op] = isStatic ? 0 : fee
    handlers[op] = mine ?? (isStatic ? runByLibraryNow : undefined)
  }
  return { fees, bases, handlers }
}
