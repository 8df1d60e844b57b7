import { hexToBytes } from '@ethereumjs/util'
import type { Hex } from '../../../../chain/primitives/hex.ts'

/** An item of EVM assembly: an instruction, a number to push, bytes to push, a label or its use. */
export type Item =
  | keyof typeof opcodes
  | number
  | bigint
  | { readonly label: string }
  | { readonly ref: string }
  | { readonly push: Hex }

/** Instructions by name; Osaka. */
export const opcodes = {
  STOP: 0x00,
  ADD: 0x01,
  MUL: 0x02,
  SUB: 0x03,
  DIV: 0x04,
  SDIV: 0x05,
  MOD: 0x06,
  SMOD: 0x07,
  ADDMOD: 0x08,
  MULMOD: 0x09,
  EXP: 0x0a,
  SIGNEXTEND: 0x0b,
  LT: 0x10,
  GT: 0x11,
  SLT: 0x12,
  SGT: 0x13,
  EQ: 0x14,
  ISZERO: 0x15,
  AND: 0x16,
  OR: 0x17,
  XOR: 0x18,
  NOT: 0x19,
  BYTE: 0x1a,
  SHL: 0x1b,
  SHR: 0x1c,
  SAR: 0x1d,
  CLZ: 0x1e,
  KECCAK256: 0x20,
  ADDRESS: 0x30,
  BALANCE: 0x31,
  ORIGIN: 0x32,
  CALLER: 0x33,
  CALLVALUE: 0x34,
  CALLDATALOAD: 0x35,
  CALLDATASIZE: 0x36,
  CALLDATACOPY: 0x37,
  CODESIZE: 0x38,
  CODECOPY: 0x39,
  GASPRICE: 0x3a,
  EXTCODESIZE: 0x3b,
  EXTCODECOPY: 0x3c,
  RETURNDATASIZE: 0x3d,
  RETURNDATACOPY: 0x3e,
  EXTCODEHASH: 0x3f,
  BLOCKHASH: 0x40,
  COINBASE: 0x41,
  TIMESTAMP: 0x42,
  NUMBER: 0x43,
  PREVRANDAO: 0x44,
  GASLIMIT: 0x45,
  CHAINID: 0x46,
  SELFBALANCE: 0x47,
  BASEFEE: 0x48,
  BLOBHASH: 0x49,
  BLOBBASEFEE: 0x4a,
  POP: 0x50,
  MLOAD: 0x51,
  MSTORE: 0x52,
  MSTORE8: 0x53,
  SLOAD: 0x54,
  SSTORE: 0x55,
  JUMP: 0x56,
  JUMPI: 0x57,
  PC: 0x58,
  MSIZE: 0x59,
  GAS: 0x5a,
  JUMPDEST: 0x5b,
  TLOAD: 0x5c,
  TSTORE: 0x5d,
  MCOPY: 0x5e,
  PUSH0: 0x5f,
  DUP1: 0x80,
  DUP2: 0x81,
  DUP3: 0x82,
  DUP4: 0x83,
  DUP5: 0x84,
  DUP6: 0x85,
  DUP7: 0x86,
  SWAP1: 0x90,
  SWAP2: 0x91,
  SWAP3: 0x92,
  LOG0: 0xa0,
  LOG1: 0xa1,
  LOG2: 0xa2,
  LOG3: 0xa3,
  LOG4: 0xa4,
  CREATE: 0xf0,
  CALL: 0xf1,
  CALLCODE: 0xf2,
  RETURN: 0xf3,
  DELEGATECALL: 0xf4,
  CREATE2: 0xf5,
  STATICCALL: 0xfa,
  REVERT: 0xfd,
  INVALID: 0xfe,
  SELFDESTRUCT: 0xff,
} as const

const PUSH1 = 0x60

/** Bytes of a program. A label is a JUMPDEST; its use is a PUSH2. */
export function assemble(items: readonly Item[]): Uint8Array {
  const out: number[] = []
  const places = new Map<string, number>()
  const uses: { readonly at: number; readonly name: string }[] = []
  for (const item of items) {
    if (typeof item === 'string') out.push(opcodes[item])
    else if (typeof item === 'number' || typeof item === 'bigint') out.push(...push(BigInt(item)))
    else if ('push' in item) out.push(...pushBytes(hexToBytes(item.push)))
    else if ('label' in item) {
      places.set(item.label, out.length)
      out.push(opcodes.JUMPDEST)
    } else {
      uses.push({ at: out.length + 1, name: item.ref })
      out.push(PUSH1 + 1, 0, 0)
    }
  }
  for (const { at, name } of uses) {
    const place = places.get(name)
    if (place === undefined) throw new Error(`no label ${name}`)
    out[at] = place >> 8
    out[at + 1] = place & 255
  }
  return Uint8Array.from(out)
}

function push(value: bigint): readonly number[] {
  if (value === 0n) return [opcodes.PUSH0]
  const digits = value.toString(16)
  return pushBytes(Buffer.from(digits.length % 2 === 0 ? digits : `0${digits}`, 'hex'))
}

function pushBytes(bytes: Uint8Array): readonly number[] {
  return [PUSH1 + bytes.length - 1, ...bytes]
}
