import { EVMError } from '@ethereumjs/evm'
import { bytesToHex } from '@ethereumjs/util'
import { blockhash } from './blockOps.ts'
import { prepareCall } from './callOps.ts'
import { type Frame, type Halt, halt, STACK_MAX } from './frame.ts'
import type { Tracer } from './host.ts'
import { jumpsOf, pushAt } from './programs.ts'

/** Why the loop stopped. */
export type Outcome = 'over' | 'rest' | 'library' | 'call'

/**
 * Runs a frame until it is over, or until something else comes first: what `frame.rest` waits for,
 * the library's handler of the instruction that `frame.pc` stands on, or the call in
 * `frame.pending`.
 *
 * Gas is a double here: exact, because a frame starts below `GAS_MAX`.
 */
// biome-ignore lint/complexity/noExcessiveLinesPerFunction: the hot loop keeps its state in locals.
export function runSteps(frame: Frame): Outcome {
  const { code, stack, program, host } = frame
  const { fees, bases, handlers, tracer, sync } = host
  const { length } = code
  let { pushes, jumps } = program
  let { pc, sp, gas } = frame

  while (pc < length) {
    const op = code[pc] ?? 0
    if (tracer !== undefined) trace(frame, tracer, { pc, sp, gas })
    gas -= fees[op] ?? 0
    if (gas < 0) return fail(frame, op)
    if (op >= 0x60) {
      if (op < 0x80) {
        if (sp >= STACK_MAX) return stop(frame, gas, 'STACK_OVERFLOW')
        stack[sp++] = pushes?.[pc] ?? pushAt(program, pc, op)
        pc += op - 0x5e
        continue
      }
      if (op < 0x90) {
        const depth = op - 0x7f
        if (sp < depth) return stop(frame, gas, 'STACK_UNDERFLOW')
        if (sp >= STACK_MAX) return stop(frame, gas, 'STACK_OVERFLOW')
        stack[sp] = stack[sp - depth] ?? 0n
        sp++
        pc++
        continue
      }
      if (op < 0xa0) {
        const at = sp - op + 0x8e
        if (at < 0) return stop(frame, gas, 'STACK_UNDERFLOW')
        const top = stack[sp - 1] ?? 0n
        stack[sp - 1] = stack[at] ?? 0n
        stack[at] = top
        pc++
        continue
      }
    }
    switch (op) {
      case 0x00:
        frame.gas = gas
        frame.isOver = true
        return 'over'
      case 0x01:
        if (sp < 2) return stop(frame, gas, 'STACK_UNDERFLOW')
        sp--
        stack[sp - 1] = BigInt.asUintN(256, (stack[sp] ?? 0n) + (stack[sp - 1] ?? 0n))
        break
      case 0x02:
        if (sp < 2) return stop(frame, gas, 'STACK_UNDERFLOW')
        sp--
        stack[sp - 1] = BigInt.asUintN(256, (stack[sp] ?? 0n) * (stack[sp - 1] ?? 0n))
        break
      case 0x03:
        if (sp < 2) return stop(frame, gas, 'STACK_UNDERFLOW')
        sp--
        stack[sp - 1] = BigInt.asUintN(256, (stack[sp] ?? 0n) - (stack[sp - 1] ?? 0n))
        break
      case 0x10:
        if (sp < 2) return stop(frame, gas, 'STACK_UNDERFLOW')
        sp--
        stack[sp - 1] = (stack[sp] ?? 0n) < (stack[sp - 1] ?? 0n) ? 1n : 0n
        break
      case 0x11:
        if (sp < 2) return stop(frame, gas, 'STACK_UNDERFLOW')
        sp--
        stack[sp - 1] = (stack[sp] ?? 0n) > (stack[sp - 1] ?? 0n) ? 1n : 0n
        break
      case 0x14:
        if (sp < 2) return stop(frame, gas, 'STACK_UNDERFLOW')
        sp--
        stack[sp - 1] = (stack[sp] ?? 0n) === (stack[sp - 1] ?? 0n) ? 1n : 0n
        break
      case 0x15:
        if (sp < 1) return stop(frame, gas, 'STACK_UNDERFLOW')
        stack[sp - 1] = (stack[sp - 1] ?? 0n) === 0n ? 1n : 0n
        break
      case 0x16:
        if (sp < 2) return stop(frame, gas, 'STACK_UNDERFLOW')
        sp--
        stack[sp - 1] = (stack[sp] ?? 0n) & (stack[sp - 1] ?? 0n)
        break
      case 0x17:
        if (sp < 2) return stop(frame, gas, 'STACK_UNDERFLOW')
        sp--
        stack[sp - 1] = (stack[sp] ?? 0n) | (stack[sp - 1] ?? 0n)
        break
      case 0x18:
        if (sp < 2) return stop(frame, gas, 'STACK_UNDERFLOW')
        sp--
        stack[sp - 1] = (stack[sp] ?? 0n) ^ (stack[sp - 1] ?? 0n)
        break
      case 0x19:
        if (sp < 1) return stop(frame, gas, 'STACK_UNDERFLOW')
        stack[sp - 1] = BigInt.asUintN(256, ~(stack[sp - 1] ?? 0n))
        break
      case 0x1b: {
        if (sp < 2) return stop(frame, gas, 'STACK_UNDERFLOW')
        sp--
        const by = stack[sp] ?? 0n
        stack[sp - 1] = by < 256n ? BigInt.asUintN(256, (stack[sp - 1] ?? 0n) << by) : 0n
        break
      }
      case 0x1c: {
        if (sp < 2) return stop(frame, gas, 'STACK_UNDERFLOW')
        sp--
        const by = stack[sp] ?? 0n
        stack[sp - 1] = by < 256n ? (stack[sp - 1] ?? 0n) >> by : 0n
        break
      }
      case 0x50:
        if (sp < 1) return stop(frame, gas, 'STACK_UNDERFLOW')
        sp--
        break
      case 0x56: {
        if (sp < 1) return stop(frame, gas, 'STACK_UNDERFLOW')
        if (jumps === undefined) {
          jumps = jumpsOf(program)
          pushes = program.pushes
        }
        const target = Number(stack[--sp] ?? 0n)
        if (target >= length || jumps[target] !== 1) return stray(frame, pc)
        if (gas < frame.lookAt && look(frame, target, sp, gas)) return 'rest'
        pc = target
        continue
      }
      case 0x57: {
        if (sp < 2) return stop(frame, gas, 'STACK_UNDERFLOW')
        sp -= 2
        if ((stack[sp] ?? 0n) === 0n) break
        if (jumps === undefined) {
          jumps = jumpsOf(program)
          pushes = program.pushes
        }
        const target = Number(stack[sp + 1] ?? 0n)
        if (target >= length || jumps[target] !== 1) return stray(frame, pc)
        if (gas < frame.lookAt && look(frame, target, sp, gas)) return 'rest'
        pc = target
        continue
      }
      case 0x58:
        if (sp >= STACK_MAX) return stop(frame, gas, 'STACK_OVERFLOW')
        stack[sp++] = BigInt(pc)
        break
      case 0x5a:
        if (sp >= STACK_MAX) return stop(frame, gas, 'STACK_OVERFLOW')
        stack[sp++] = BigInt(gas)
        break
      case 0x5b:
        break
      case 0x5f:
        if (sp >= STACK_MAX) return stop(frame, gas, 'STACK_OVERFLOW')
        stack[sp++] = 0n
        break
      case 0x40:
        frame.pc = pc
        frame.sp = sp
        frame.gas = gas
        if (!blockhash(frame, bases[op] ?? 0)) return 'library'
        if (frame.isOver) return 'over'
        gas = frame.gas
        break
      case 0xf1:
      case 0xf2:
      case 0xf4:
      case 0xfa: {
        frame.pc = pc
        frame.sp = sp
        frame.gas = gas
        if (sync === undefined || host.isWatched()) return 'library'
        if (!prepareCall(frame, sync, bases[op] ?? 0, op)) return 'over'
        frame.pc = pc + 1
        if (frame.pending !== undefined) return 'call'
        ;({ sp, gas } = frame)
        break
      }
      default: {
        frame.pc = pc
        frame.sp = sp
        frame.gas = gas
        const handler = handlers[op]
        if (handler === undefined) return 'library'
        handler(frame, bases[op] ?? 0, op)
        if (frame.isOver) return 'over'
        ;({ sp, gas } = frame)
        if (gas < frame.lookAt && look(frame, pc + 1, sp, gas)) return 'rest'
      }
    }
    pc++
  }
  frame.gas = gas
  frame.isOver = true
  return 'over'
}

/** Gas between two looks at the clock: a few tens of microseconds. */
const GAS_PER_LOOK = 10_000

/**
 * Asks the pace whether others have to be let in; then the frame goes on at `pc` when they are done.
 */
function look(frame: Frame, pc: number, sp: number, gas: number): boolean {
  frame.lookAt = gas - GAS_PER_LOOK
  frame.rest = frame.host.pace?.step()
  if (frame.rest === undefined) return false
  frame.pc = pc
  frame.sp = sp
  frame.gas = gas
  return true
}

type Position = { readonly pc: number; readonly sp: number; readonly gas: number }

function trace(frame: Frame, tracer: Tracer, { pc, sp, gas }: Position): void {
  const op = frame.code[pc] ?? 0
  const isInvalid = isUnknown(frame, op)
  tracer({ pc, op, isInvalid, gas, depth: frame.message.depth, stack: frame.stack.slice(0, sp) })
}

function isUnknown({ host }: Frame, op: number): boolean {
  return host.opcodes[op]?.opcodeInfo.isInvalid === true
}

/** The price exceeds the gas, which it always does for what is no instruction. */
function fail(frame: Frame, op: number): Outcome {
  frame.gas = 0
  halt(frame, isUnknown(frame, op) ? 'INVALID_OPCODE' : 'OUT_OF_GAS')
  return 'over'
}

function stop(frame: Frame, gas: number, reason: Halt): Outcome {
  frame.gas = gas
  halt(frame, reason)
  return 'over'
}

/** A jump to where nothing may land; the error says from where, as the library's does. */
function stray(frame: Frame, pc: number): Outcome {
  const { program, host, address } = frame
  program.hash ??= host.keccak256(frame.code)
  const place = `${bytesToHex(program.hash)}/${bytesToHex(address)}:${pc}`
  const text = `${EVMError.errorMessages.INVALID_JUMP} at ${place}`
  frame.isOver = true
  // The library's errors carry texts beyond its own list in this one case.
  frame.error = new EVMError(text as EVMError['error'])
  return 'over'
}
