import { concatBytes } from '@ethereumjs/util'
import { assemble, type Item, type opcodes } from './assembler.ts'
import type { Random } from './random.ts'

type Name = keyof typeof opcodes

/** Instructions by how many words they take; each leaves one. */
const byInputs: readonly (readonly [Name, ...Name[]])[] = [
  ['ADDRESS', 'ORIGIN', 'CALLER', 'CALLVALUE', 'CALLDATASIZE', 'CODESIZE', 'GASPRICE', 'COINBASE'],
  ['BALANCE', 'CALLDATALOAD', 'EXTCODESIZE', 'EXTCODEHASH', 'BLOCKHASH', 'SLOAD', 'TLOAD', 'MLOAD'],
  ['ADD', 'MUL', 'SUB', 'DIV', 'SDIV', 'EXP', 'SHL', 'SAR', 'BYTE', 'SIGNEXTEND', 'KECCAK256'],
  ['ADDMOD', 'MULMOD', 'CREATE'],
  ['CREATE2'],
]

/** Runtime code of random statements, some of them nonsense. */
export function randomCode(random: Random): Uint8Array {
  if (random.oneIn(6)) return random.bytes(random.below(80))
  const items: Item[] = []
  const count = 1 + random.below(20)
  for (let index = 0; index < count; index++) items.push(...statement(random, index))
  const code = assemble(items)
  return random.oneIn(5) ? concatBytes(code, random.bytes(10)) : code
}

function statement(random: Random, index: number): readonly Item[] {
  switch (random.below(8)) {
    case 0:
      return [...operand(random), random.below(4), 'SSTORE']
    case 1:
      return [...operand(random), random.below(4), 'TSTORE']
    case 2: {
      const log = random.pick(['LOG0', 'LOG1', 'LOG2', 'LOG3', 'LOG4'])
      const topics = Number(log.slice(3))
      const operands = Array.from({ length: topics }, () => operand(random)).flat()
      return [...operands, random.below(70), random.below(70), log]
    }
    case 3: {
      // Skips a few words on a condition.
      const label = `after ${index}`
      return [...operand(random), { ref: label }, 'JUMPI', ...statement0(random), { label }]
    }
    case 4: {
      const call = random.pick(['CALL', 'STATICCALL', 'DELEGATECALL', 'CALLCODE'])
      const hasValue = call === 'CALL' || call === 'CALLCODE'
      return [
        ...[random.below(64), random.below(64), random.below(64), random.below(64)],
        ...(hasValue ? [random.below(2)] : []),
        ...operand(random),
        ...(['GAS', 2, 'SWAP1', 'DIV'] as const),
        call,
        0x11,
        'SSTORE',
      ]
    }
    case 5:
      return random.oneIn(8)
        ? [random.pick(['INVALID', 'STOP', 'RETURN', 'REVERT'])]
        : ['PC', 'POP']
    default:
      return statement0(random)
  }
}

/** An expression whose value is stored or dropped. */
function statement0(random: Random): readonly Item[] {
  const inputs = random.below(byInputs.length)
  const names = byInputs[inputs]
  if (names === undefined) return []
  const operands = Array.from({ length: inputs }, () => operand(random)).flat()
  const end: readonly Item[] = random.oneIn(2) ? ['POP'] : [random.below(4), 'SSTORE']
  return [...operands, random.pick(names), ...end]
}

function operand(random: Random): readonly Item[] {
  switch (random.below(5)) {
    case 0:
      return [random.below(0x12)]
    case 1:
      return [random.pick([0xa100, 0xb100, 0xb102, 0xd100, 0xe100, 0xf100])]
    case 2:
      return [random.pick(['CALLER', 'COINBASE', 'ADDRESS', 'GAS', 'TIMESTAMP', 'PREVRANDAO'])]
    case 3:
      return [random.bigBelow(2n ** 256n)]
    default:
      return [random.below(300)]
  }
}
