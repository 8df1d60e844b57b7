import { code, forever, type Item, join } from './bytecode.ts'
import { precompileCases } from './precompileCases.ts'
import { transactionCases } from './transactionCases.ts'

/** What is in the state before a case runs. */
export type Account = {
  readonly code?: Uint8Array
  readonly balance?: bigint
  readonly storage?: ReadonlyMap<bigint, bigint>
}

/** Something to measure. Programs run until their gas is used up. */
export type Case = {
  readonly name: string
  readonly group: Group
  readonly accounts?: ReadonlyMap<bigint, Account>
  /** The program, and its calldata; or else transactions, in RLP. */
  readonly program?: Uint8Array
  readonly data?: Uint8Array
  readonly transactions?: readonly Uint8Array[]
  /** Gas of the shortest run in which it happens at all. */
  readonly gasMin?: bigint
}

export type Group = 'arithmetic' | 'memory' | 'state' | 'calls' | 'precompiles' | 'transactions'

/** A full 256-bit operand, and a modulus that nothing makes easier. */
const FULL = 2n ** 256n - 189n
const ODD = 2n ** 255n + 95n
const CODE_SIZE_MAX = 24_576
const INITCODE_SIZE_MAX = 49_152
/** Where the accounts of a case begin, and how many there are at most. */
const ACCOUNTS_AT = 0x1000_0000n
const ACCOUNTS = 2_048

/** Everything that is measured, in no order. */
export function allCases(): readonly Case[] {
  return [
    ...arithmeticCases(),
    ...memoryCases(),
    ...stateCases(),
    ...callCases(),
    ...precompileCases(),
    ...transactionCases(),
  ]
}

function program(group: Group, name: string, ...body: readonly Item[]): Case {
  return { name, group, program: forever(code(...body)) }
}

/** An instruction on operands that lie on the stack for good. */
function onStack(name: string, operands: readonly bigint[]): Case {
  const dups = operands.map(() => `DUP${operands.length}`)
  return {
    name,
    group: 'arithmetic',
    program: forever(code(...dups, name, 'POP'), code(...operands)),
  }
}

function arithmeticCases(): readonly Case[] {
  const two = ['ADD', 'MUL', 'SUB', 'DIV', 'SDIV', 'MOD', 'SMOD', 'LT', 'SLT', 'EQ', 'AND', 'XOR']
  return [
    ...two.map((name) => onStack(name, [ODD, FULL])),
    ...['ADDMOD', 'MULMOD'].map((name) => onStack(name, [ODD, FULL, FULL - 1n])),
    ...['ISZERO', 'NOT', 'CLZ'].map((name) => onStack(name, [FULL])),
    ...['SHL', 'SHR', 'SAR', 'BYTE'].map((name) => onStack(name, [FULL, 7n])),
    onStack('SIGNEXTEND', [FULL, 30n]),
    onStack('EXP', [2n ** 256n - 1n, FULL]),
    { ...onStack('EXP', [255n, FULL]), name: 'EXP, exponent of one byte' },
    program('arithmetic', 'PUSH1, POP', 1, 'POP'),
    program('arithmetic', 'PUSH32, POP', FULL, 'POP'),
    program('arithmetic', 'PUSH0, POP', 'PUSH0', 'POP'),
    {
      name: 'DUP16, POP',
      group: 'arithmetic',
      program: forever(code('DUP16', 'POP'), code(...Array.from({ length: 16 }, () => FULL))),
    },
    {
      name: 'SWAP16',
      group: 'arithmetic',
      program: forever(code('SWAP16'), code(...Array.from({ length: 17 }, () => FULL))),
    },
    program('arithmetic', 'JUMPDEST', 'JUMPDEST'),
    { name: 'JUMP', group: 'arithmetic', program: code('JUMPDEST', 'PUSH0', 'JUMP') },
    { name: 'JUMPI', group: 'arithmetic', program: code('JUMPDEST', 1, 'PUSH0', 'JUMPI') },
    ...['PC', 'GAS', 'ADDRESS', 'CALLER', 'CALLVALUE', 'CALLDATASIZE', 'CODESIZE', 'GASPRICE'].map(
      (name) => program('arithmetic', name, name, 'POP'),
    ),
    ...['COINBASE', 'TIMESTAMP', 'NUMBER', 'BASEFEE', 'MSIZE', 'RETURNDATASIZE'].map((name) =>
      program('arithmetic', name, name, 'POP'),
    ),
    program('arithmetic', 'CALLDATALOAD', 'PUSH0', 'CALLDATALOAD', 'POP'),
  ]
}

function memoryCases(): readonly Case[] {
  const big = 64 * 1_024
  const withMemory = (name: string, ...body: readonly Item[]): Case => ({
    name,
    group: 'memory',
    program: forever(code(...body), code('PUSH0', big - 32, 'MSTORE')),
  })
  const copies = ['CALLDATACOPY', 'CODECOPY', 'MCOPY']
  return [
    withMemory('MLOAD', 'PUSH0', 'MLOAD', 'POP'),
    withMemory('MSTORE', FULL, 'PUSH0', 'MSTORE'),
    withMemory('MSTORE8', 'PUSH0', 'PUSH0', 'MSTORE8'),
    withMemory('KECCAK256 of nothing', 'PUSH0', 'PUSH0', 'KECCAK256', 'POP'),
    withMemory('KECCAK256 of 32 bytes', 32, 'PUSH0', 'KECCAK256', 'POP'),
    withMemory('KECCAK256 of 64 KiB', big, 'PUSH0', 'KECCAK256', 'POP'),
    ...copies.map((name) => withMemory(`${name} of 32 bytes`, 32, 'PUSH0', 'PUSH0', name)),
    ...copies.map((name) => withMemory(`${name} of 64 KiB`, big, 'PUSH0', 'PUSH0', name)),
    withMemory('MCOPY of 64 KiB over itself', big - 32, 'PUSH0', 32, 'MCOPY'),
    withMemory('LOG0 of nothing', 'PUSH0', 'PUSH0', 'LOG0'),
    withMemory('LOG4 of nothing', FULL, FULL, FULL, FULL, 'PUSH0', 'PUSH0', 'LOG4'),
    withMemory('LOG0 of 64 KiB', big, 'PUSH0', 'LOG0'),
    {
      name: 'memory of 256 KiB in each frame',
      group: 'memory',
      program: forever(
        code('PUSH0', 'PUSH0', 'PUSH0', 'PUSH0', ACCOUNTS_AT, 2_000_000, 'STATICCALL', 'POP'),
      ),
      accounts: new Map([[ACCOUNTS_AT, { code: code('PUSH0', 256 * 1_024, 'MSTORE') }]]),
    },
    {
      name: 'RETURNDATACOPY of 24 KiB',
      group: 'memory',
      program: forever(
        code(24 * 1_024, 'PUSH0', 'PUSH0', 'RETURNDATACOPY'),
        code('PUSH0', 'PUSH0', 24 * 1_024, 'PUSH0', 4, 'GAS', 'STATICCALL', 'POP'),
      ),
    },
  ]
}

function stateCases(): readonly Case[] {
  const accounts = new Map(
    Array.from({ length: ACCOUNTS }, (_, i) => [ACCOUNTS_AT + BigInt(i), { balance: 1n }] as const),
  )
  const storage = new Map(Array.from({ length: ACCOUNTS }, (_, i) => [BigInt(i), 7n] as const))
  const state = (name: string, ...body: readonly Item[]): Case => program('state', name, ...body)
  /** A counter on the stack goes on by one each time. */
  const counting = (name: string, start: bigint, ...body: readonly Item[]): Case => ({
    name,
    group: 'state',
    program: forever(code('DUP1', ...body, 1, 'ADD'), code(start)),
  })
  const absent = 2n ** 100n
  return [
    state('SLOAD of a warm slot', 'PUSH0', 'SLOAD', 'POP'),
    counting('SLOAD of cold slots that are empty', absent, 'SLOAD', 'POP'),
    { ...counting('SLOAD of cold slots', 0n, 'SLOAD', 'POP'), accounts: self(storage) },
    state('SSTORE of the same value', 'PUSH0', 'PUSH0', 'SSTORE'),
    state('SSTORE to and fro', 1, 'PUSH0', 'SSTORE', 2, 'PUSH0', 'SSTORE'),
    counting('SSTORE of new slots', absent, 'DUP1', 'SSTORE'),
    {
      ...counting('SSTORE that clears slots', 0n, 'PUSH0', 'SWAP1', 'SSTORE'),
      accounts: self(storage),
    },
    state('TLOAD', 'PUSH0', 'TLOAD', 'POP'),
    state('TSTORE', FULL, 'PUSH0', 'TSTORE'),
    counting('TSTORE of new slots', absent, 'DUP1', 'TSTORE'),
    state('BALANCE of a warm account', 'PUSH0', 'BALANCE', 'POP'),
    state('SELFBALANCE', 'SELFBALANCE', 'POP'),
    ...['BALANCE', 'EXTCODEHASH', 'EXTCODESIZE'].flatMap((name) => [
      { ...counting(`${name} of cold accounts`, ACCOUNTS_AT, name, 'POP'), accounts },
      counting(`${name} of cold accounts that are not there`, absent, name, 'POP'),
    ]),
    {
      name: 'EXTCODECOPY of 24 KiB',
      group: 'state',
      program: forever(code(CODE_SIZE_MAX, 'PUSH0', 'PUSH0', ACCOUNTS_AT, 'EXTCODECOPY')),
      accounts: new Map([[ACCOUNTS_AT, { code: new Uint8Array(CODE_SIZE_MAX) }]]),
    },
    counting('BLOCKHASH', 0n, 'BLOCKHASH', 'POP'),
  ]
}

/** The account whose program is measured. */
export const SELF = 0x5e1fn

function self(storage: ReadonlyMap<bigint, bigint>): ReadonlyMap<bigint, Account> {
  return new Map([[SELF, { storage }]])
}

function callCases(): readonly Case[] {
  const other = ACCOUNTS_AT
  const at = (codeOfOther: Uint8Array) => new Map([[other, { code: codeOfOther, balance: 1n }]])
  const give = ['PUSH0', 'PUSH0', 'PUSH0', 'PUSH0'] as const
  const call = (kind: string, to: bigint, gas: Item = 'GAS'): readonly Item[] =>
    kind === 'CALL' || kind === 'CALLCODE'
      ? [...give, 'PUSH0', to, gas, kind, 'POP']
      : [...give, to, gas, kind, 'POP']
  const loop = (name: string, body: readonly Item[], accounts?: Case['accounts']): Case => ({
    name,
    group: 'calls',
    program: forever(code(...body)),
    ...(accounts === undefined ? {} : { accounts }),
  })
  /** Calls itself again and again, from the bottom of the stack of calls up. */
  const tree = (kind: string): Case => ({
    name: `${kind} tree`,
    group: 'calls',
    program: code('JUMPDEST', ...call(kind, SELF), 'PUSH0', 'JUMP'),
  })
  /** Jumps, so that the machine has to find out where that is allowed. */
  const jumper = (filler: number) =>
    join(code(3, 'JUMP', 'JUMPDEST', 'STOP'), new Uint8Array(CODE_SIZE_MAX - 5).fill(filler))
  const initcode = (size: number) =>
    join(code(3, 'JUMP', 'JUMPDEST', 'STOP'), new Uint8Array(size - 5).fill(0x5b))
  return [
    ...['CALL', 'CALLCODE', 'DELEGATECALL', 'STATICCALL'].map((kind) =>
      loop(
        `${kind} of an account without code`,
        call(kind, other),
        new Map([[other, { balance: 1n }]]),
      ),
    ),
    ...['CALL', 'DELEGATECALL', 'STATICCALL'].map((kind) =>
      loop(`${kind} of a contract that stops`, call(kind, other), at(code('STOP'))),
    ),
    ...['CALL', 'DELEGATECALL', 'STATICCALL'].map(tree),
    loop('call of 24 KiB of JUMPDESTs that jump once', call('STATICCALL', other), at(jumper(0x5b))),
    loop('call of 24 KiB of PUSH1s that jump once', call('STATICCALL', other), at(jumper(0x60))),
    loop('call of 24 KiB of PUSH32s that jump once', call('STATICCALL', other), at(jumper(0x7f))),
    loop(
      'call through a delegation',
      call('STATICCALL', other + 1n),
      new Map([
        [other, { code: code('STOP') }],
        [other + 1n, { code: join(new Uint8Array([0xef, 1, 0]), addressBytes(other)) }],
      ]),
    ),
    {
      name: 'CALL that pays new accounts',
      group: 'calls',
      program: forever(
        code('DUP1', ...give, 1, 'DUP6', 'GAS', 'CALL', 'POP', 'POP', 1, 'ADD'),
        code(2n ** 100n),
      ),
      accounts: new Map([[SELF, { balance: 10n ** 18n }]]),
    },
    loop('CREATE of nothing', ['PUSH0', 'PUSH0', 'PUSH0', 'CREATE', 'POP']),
    ...[true, false].map((isOne): Case => {
      const size = isOne ? INITCODE_SIZE_MAX : 10_000
      return {
        name: `CREATE2 with ${size} bytes of initcode that jump`,
        group: 'calls',
        program: forever(
          code('GAS', size, 'PUSH0', 'PUSH0', 'CREATE2', 'POP'),
          code(size, 'PUSH0', 'PUSH0', 'CALLDATACOPY'),
        ),
        data: initcode(size),
      }
    }),
    {
      name: 'CREATE of 24 KiB of code',
      group: 'calls',
      program: forever(
        code(5, 'PUSH0', 'PUSH0', 'CREATE', 'POP'),
        code(5, 'PUSH0', 'PUSH0', 'CALLDATACOPY'),
      ),
      data: code(CODE_SIZE_MAX, 'PUSH0', 'RETURN'),
    },
    {
      name: 'CREATE and SELFDESTRUCT',
      group: 'calls',
      program: forever(
        code(2, 'PUSH0', 'PUSH0', 'CREATE', 'POP'),
        code(2, 'PUSH0', 'PUSH0', 'CALLDATACOPY'),
      ),
      data: code('ADDRESS', 'SELFDESTRUCT'),
    },
    {
      name: 'CREATE tree',
      group: 'calls',
      program: forever(
        code('CODESIZE', 'PUSH0', 'PUSH0', 'CREATE', 'POP'),
        code('CODESIZE', 'PUSH0', 'PUSH0', 'CODECOPY'),
        24,
      ),
    },
    loop('SELFDESTRUCT', call('CALL', other), at(code('ADDRESS', 'SELFDESTRUCT'))),
  ]
}

export function addressBytes(address: bigint): Uint8Array {
  return new Uint8Array(Buffer.from(address.toString(16).padStart(40, '0'), 'hex'))
}
