// Programs written down by the names of their instructions.

const simple: Readonly<Record<string, number>> = {
  ...{ STOP: 0x00, ADD: 0x01, MUL: 0x02, SUB: 0x03, DIV: 0x04, SDIV: 0x05, MOD: 0x06, SMOD: 0x07 },
  ...{ ADDMOD: 0x08, MULMOD: 0x09, EXP: 0x0a, SIGNEXTEND: 0x0b, LT: 0x10, SLT: 0x12, EQ: 0x14 },
  ...{ ISZERO: 0x15, AND: 0x16, XOR: 0x18, NOT: 0x19, BYTE: 0x1a, SHL: 0x1b, SHR: 0x1c, SAR: 0x1d },
  ...{ CLZ: 0x1e, KECCAK256: 0x20, ADDRESS: 0x30, BALANCE: 0x31, CALLER: 0x33, CALLVALUE: 0x34 },
  ...{ CALLDATALOAD: 0x35, CALLDATASIZE: 0x36, CALLDATACOPY: 0x37, CODESIZE: 0x38, CODECOPY: 0x39 },
  ...{ GASPRICE: 0x3a, EXTCODESIZE: 0x3b, EXTCODECOPY: 0x3c, RETURNDATASIZE: 0x3d },
  ...{ RETURNDATACOPY: 0x3e, EXTCODEHASH: 0x3f, BLOCKHASH: 0x40, COINBASE: 0x41, TIMESTAMP: 0x42 },
  ...{ NUMBER: 0x43, SELFBALANCE: 0x47, BASEFEE: 0x48, POP: 0x50, MLOAD: 0x51, MSTORE: 0x52 },
  ...{ MSTORE8: 0x53, SLOAD: 0x54, SSTORE: 0x55, JUMP: 0x56, JUMPI: 0x57, PC: 0x58, MSIZE: 0x59 },
  ...{ GAS: 0x5a, JUMPDEST: 0x5b, TLOAD: 0x5c, TSTORE: 0x5d, MCOPY: 0x5e, PUSH0: 0x5f },
  ...{ CREATE: 0xf0, CALL: 0xf1, CALLCODE: 0xf2, RETURN: 0xf3, DELEGATECALL: 0xf4, CREATE2: 0xf5 },
  ...{ STATICCALL: 0xfa, REVERT: 0xfd, SELFDESTRUCT: 0xff },
}

/** An instruction by name, or a number to push in as few bytes as it needs. */
export type Item = string | number | bigint

/** The bytes of a program; DUPn, SWAPn and LOGn are understood by their number. */
export function code(...items: readonly Item[]): Uint8Array {
  return new Uint8Array(items.flatMap(bytesOf))
}

function bytesOf(item: Item): readonly number[] {
  if (typeof item !== 'string') return push(BigInt(item))
  const known = simple[item]
  if (known !== undefined) return [known]
  const [, kind, number] = /^(DUP|SWAP|LOG)(\d+)$/.exec(item) ?? []
  if (kind === 'DUP') return [0x7f + Number(number)]
  if (kind === 'SWAP') return [0x8f + Number(number)]
  if (kind === 'LOG') return [0xa0 + Number(number)]
  throw new Error(`${item} is no instruction`)
}

function push(value: bigint): readonly number[] {
  if (value === 0n) return [0x5f]
  const hex = value.toString(16)
  const bytes = [...Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex')]
  return [0x5f + bytes.length, ...bytes]
}

export function join(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts))
}

/** `before`, then `body` as often as it fits into a contract, for ever. */
export function forever(
  body: Uint8Array,
  before: Uint8Array = new Uint8Array(),
  sizeMax = 12_000,
): Uint8Array {
  const times = Math.max(1, Math.floor((sizeMax - before.length) / body.length))
  const bodies = Array.from({ length: times }, () => body)
  return join(before, code('JUMPDEST'), ...bodies, code(before.length, 'JUMP'))
}
