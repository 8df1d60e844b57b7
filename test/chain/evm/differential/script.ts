// A contract that carries out what its calldata says, step by step, and the encoding of such steps.
// One contract of this kind can do to the state whatever any contract can.
import { bytesToBigInt, concatBytes, hexToBytes, setLengthLeft } from '@ethereumjs/util'
import type { Address } from '../../../../chain/primitives/hex.ts'
import { assemble, type Item } from './assembler.ts'

/** What a step does with its operands `a` and `b` and its payload. */
export const stepKinds = [
  'call', // target, gas and value; the payload is calldata
  'callcode',
  'delegatecall',
  'staticcall',
  'create', // value b; the payload is init code
  'create2', // salt a
  'callCreated', // calls what was created last
  'sstore', // b at slot a
  'sload',
  'tstore',
  'tload',
  'save', // the hash of the last results at slot a
  'log0',
  'log1',
  'log2',
  'log3',
  'log4',
  'account', // reads all there is about address a
  'environment', // and the hash of block a
  'arithmetic',
  'expand', // memory
  'mcopy',
  'burn', // about b gas
  'selfdestruct', // to a
  'return',
  'revert',
  'invalid',
  'stop',
  'jump', // to a, most likely nowhere
  'returnPast', // copies return data that is not there
] as const

export type StepKind = (typeof stepKinds)[number]

/** One step. */
export type Step = {
  readonly kind: StepKind
  readonly a: bigint
  readonly b: bigint
  readonly payload: Uint8Array
}

/** Calldata that makes the contract take `steps`. */
export function encodeSteps(steps: readonly Step[]): Uint8Array {
  return concatBytes(
    ...steps.map(({ kind, a, b, payload }) =>
      concatBytes(
        Uint8Array.of(stepKinds.indexOf(kind)),
        setLengthLeft(bytesOf(a), 32),
        setLengthLeft(bytesOf(b), 32),
        Uint8Array.of(payload.length >> 8, payload.length & 255),
        payload,
      ),
    ),
  )
}

/** Operand `a` of the calls: whom, and with how much gas. */
export function callTarget(address: Address, gas: bigint): bigint {
  return (gas << 160n) | bytesToBigInt(hexToBytes(address))
}

function bytesOf(value: bigint): Uint8Array {
  return hexToBytes(`0x${(value % 2n ** 256n).toString(16).padStart(64, '0')}`)
}

/** Where results lie in memory, and the address that was created last. */
const RESULT = 0x1000
const CREATED = 0x1060

const store = (at: number): readonly Item[] => [at, 'MSTORE']
const next: readonly Item[] = [{ ref: 'done' }, 'JUMP']

/** Behind a call: its success and the size of what it returned. */
const keepCall: readonly Item[] = [
  ...store(RESULT),
  'RETURNDATASIZE',
  ...store(RESULT + 0x20),
  'POP',
  'POP',
  ...next,
]
const keepWord: readonly Item[] = [...store(RESULT), 'POP', 'POP', ...next]

const environment = [
  ...(['ADDRESS', 'ORIGIN', 'CALLER', 'CALLVALUE', 'CALLDATASIZE', 'CODESIZE'] as const),
  ...(['GASPRICE', 'RETURNDATASIZE', 'COINBASE', 'TIMESTAMP', 'NUMBER', 'PREVRANDAO'] as const),
  ...(['GASLIMIT', 'CHAINID', 'SELFBALANCE', 'BASEFEE', 'BLOBBASEFEE', 'PC'] as const),
  ...(['MSIZE', 'GAS'] as const),
] as const
const binary = [
  ...(['ADD', 'MUL', 'SUB', 'DIV', 'SDIV', 'MOD', 'SMOD', 'EXP', 'SIGNEXTEND', 'LT'] as const),
  ...(['GT', 'SLT', 'SGT', 'EQ', 'AND', 'OR', 'XOR', 'BYTE', 'SHL', 'SHR', 'SAR'] as const),
] as const

/** Code of each step. It finds a on the stack, then b, the next step and the payload's size. */
const handlers: Readonly<Record<StepKind, readonly Item[]>> = {
  call: [
    'PUSH0',
    'PUSH0',
    'DUP6',
    'PUSH0',
    'DUP6',
    'DUP6',
    'DUP1',
    160,
    'SHR',
    'CALL',
    ...keepCall,
  ],
  callcode: [
    ...(['PUSH0', 'PUSH0', 'DUP6', 'PUSH0', 'DUP6', 'DUP6', 'DUP1', 160, 'SHR'] as const),
    'CALLCODE',
    ...keepCall,
  ],
  delegatecall: [
    ...(['PUSH0', 'PUSH0', 'DUP6', 'PUSH0', 'DUP5', 'DUP1', 160, 'SHR', 'DELEGATECALL'] as const),
    ...keepCall,
  ],
  staticcall: [
    ...(['PUSH0', 'PUSH0', 'DUP6', 'PUSH0', 'DUP5', 'DUP1', 160, 'SHR', 'STATICCALL'] as const),
    ...keepCall,
  ],
  create: ['DUP4', 'PUSH0', 'DUP4', 'CREATE', 'DUP1', ...store(CREATED), ...keepWord],
  create2: ['DUP1', 'DUP5', 'PUSH0', 'DUP5', 'CREATE2', 'DUP1', ...store(CREATED), ...keepWord],
  callCreated: [
    ...(['PUSH0', 'PUSH0', 'DUP6', 'PUSH0', 'DUP6', CREATED, 'MLOAD', 'DUP7', 160, 'SHR'] as const),
    'CALL',
    ...keepCall,
  ],
  sstore: ['SSTORE', ...next],
  sload: ['SLOAD', ...store(RESULT), 'POP', ...next],
  tstore: ['TSTORE', ...next],
  tload: ['TLOAD', ...store(RESULT), 'POP', ...next],
  save: [0x60, RESULT, 'KECCAK256', 'SWAP1', 'SSTORE', 'POP', ...next],
  log0: ['POP', 'POP', 'DUP2', 'PUSH0', 'LOG0', ...next],
  log1: ['SWAP1', 'POP', 'DUP3', 'PUSH0', 'LOG1', ...next],
  log2: ['DUP4', 'PUSH0', 'LOG2', ...next],
  log3: ['DUP1', 'DUP5', 'PUSH0', 'LOG3', ...next],
  log4: ['DUP2', 'DUP2', 'DUP6', 'PUSH0', 'LOG4', ...next],
  account: [
    ...(['DUP1', 'BALANCE', RESULT, 'MSTORE', 'DUP1', 'EXTCODESIZE', RESULT + 0x20] as const),
    ...(['MSTORE', 'DUP1', 'EXTCODEHASH', RESULT + 0x40, 'MSTORE'] as const),
    ...([0x40, 'PUSH0', RESULT + 0x80, 'DUP4', 'EXTCODECOPY', 0xc0, RESULT] as const),
    'KECCAK256',
    ...keepWord,
  ],
  environment: [
    'PUSH0',
    ...environment.flatMap((name): readonly Item[] => [31, 'MUL', name, 'ADD']),
    ...(['DUP2', 'BLOCKHASH', 'ADD', 'PUSH0', 'BLOBHASH', 'ADD', 'ORIGIN', 'BALANCE'] as const),
    ...(['ADD', 'COINBASE', 'BALANCE', 'XOR'] as const),
    ...keepWord,
  ],
  arithmetic: [
    'PUSH0',
    ...binary.flatMap((name): readonly Item[] => [31, 'MUL', 'DUP3', 'DUP3', name, 'XOR']),
    ...(['DUP3', 'DUP3', 'DUP1', 'ADDMOD', 'XOR', 'DUP3', 'DUP3', 'DUP1', 'MULMOD'] as const),
    ...(['XOR', 'DUP2', 'NOT', 'XOR', 'DUP2', 'CLZ', 'ADD', 'DUP2', 'ISZERO', 'ADD'] as const),
    ...keepWord,
  ],
  expand: [0xfffff, 'AND', 'MSTORE', ...next],
  mcopy: ['DUP4', 'SWAP2', 0xffff, 'AND', 'SWAP1', 0xffff, 'AND', 'MCOPY', ...next],
  burn: [
    ...(['POP', 'GAS', 'SUB'] as const),
    { label: 'burning' },
    ...([0x2000, 'PUSH0', 'KECCAK256', 'POP', 'GAS', 'DUP2', 'LT'] as const),
    { ref: 'burning' },
    'JUMPI',
    'POP',
    ...next,
  ],
  selfdestruct: ['SELFDESTRUCT'],
  return: ['DUP4', 'PUSH0', 'RETURN'],
  revert: ['DUP4', 'PUSH0', 'REVERT'],
  invalid: ['INVALID'],
  stop: ['STOP'],
  jump: ['JUMP'],
  returnPast: [1, 'RETURNDATASIZE', 'PUSH0', 'RETURNDATACOPY', 'POP', 'POP', ...next],
}

/** Bytes before a step's payload: kind, a, b and size. */
const HEAD_SIZE = 67
/** Bytes of a row of the jump table: JUMPDEST, PUSH2, JUMP. */
const ROW_SIZE = 5

/** Runtime code of the contract. */
export const scriptCode: Uint8Array = assemble([
  'PUSH0',
  { label: 'loop' },
  'CALLDATASIZE',
  'DUP2',
  'LT',
  'ISZERO',
  { ref: 'end' },
  'JUMPI',
  ...(['DUP1', 'CALLDATALOAD', 0xf8, 'SHR'] as const), // kind
  ...(['DUP2', HEAD_SIZE - 2, 'ADD', 'CALLDATALOAD', 0xf0, 'SHR'] as const), // size
  ...(['DUP1', 'DUP4', HEAD_SIZE, 'ADD', 'PUSH0', 'CALLDATACOPY'] as const),
  ...(['DUP1', 'DUP4', 'ADD', HEAD_SIZE, 'ADD'] as const), // next
  ...(['DUP4', 33, 'ADD', 'CALLDATALOAD'] as const), // b
  ...(['DUP5', 1, 'ADD', 'CALLDATALOAD'] as const), // a
  ...(['DUP5', ROW_SIZE, 'MUL'] as const),
  { ref: 'table' },
  'ADD',
  'JUMP',
  { label: 'done' },
  ...(['SWAP3', 'POP', 'POP', 'POP'] as const),
  { ref: 'loop' },
  'JUMP',
  { label: 'table' },
  ...stepKinds.flatMap((kind, index): readonly Item[] => [
    ...(index === 0 ? [] : [{ label: `row ${kind}` } as const]),
    { ref: `handler ${kind}` },
    'JUMP',
  ]),
  ...stepKinds.flatMap((kind): readonly Item[] => [
    { label: `handler ${kind}` },
    ...handlers[kind],
  ]),
  { label: 'end' },
  'STOP',
])
