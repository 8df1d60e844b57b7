import type { VM } from '@ethereumjs/vm'
import { assert } from '../primitives/assert.ts'

/** Lets other work of the process in between the steps of one long execution. */
export type Pace = {
  /**
   * Asked again and again while code runs. What it gives is awaited; what it throws ends the
   * execution.
   */
  step(): Promise<void> | undefined
  /** Asked inside long precompiles, where nothing can be awaited; what it throws ends them. */
  pulse?(): void
  /** The execution is over. */
  end(): void
}

/**
 * How the engine shares the process: a pace per execution. Without one it runs straight through.
 */
export type Pacing = {
  /** For what a client asks, which may be endless. */
  call(): Pace
  /** For blocks, which have to come to their end. */
  block(): Pace
}

/** No loop is without a jump or a call; the others are the slowest for their gas. */
const PACED_NAMES = [
  ...['JUMP', 'JUMPI', 'CALL', 'CALLCODE', 'DELEGATECALL', 'STATICCALL', 'CREATE', 'CREATE2'],
  ...['SLOAD', 'SSTORE', 'KECCAK256', 'EXP', 'MULMOD'],
]

/** Steps that are not worth looking at the clock, a power of two. */
const STEPS_PER_LOOK = 16

/** Gas between two looks at the clock, however few the steps: it may have gone into slow ones. */
const GAS_PER_LOOK = 30_000n

type RunState = { readonly gasLeft: bigint }

type OpHandler = (runState: RunState, common: never) => void | Promise<void>

type OpcodeEntry = {
  readonly opcodeInfo: { readonly name: string; readonly isAsync: boolean }
  readonly opHandler: OpHandler
}

/** Asks `pace` before the instructions through which every long execution comes. */
export function setPace(vm: VM, pace: Pace): void {
  const map = opcodeMapOf(vm)
  let steps = 0
  let gasAtLook = 0n
  const isDue = ({ gasLeft }: RunState): boolean => {
    steps = (steps + 1) % STEPS_PER_LOOK
    // A frame that begins or ends changes it by more, which is a time to look as well.
    const used = gasAtLook - gasLeft
    if (steps !== 0 && used < GAS_PER_LOOK && used > -GAS_PER_LOOK) return false
    gasAtLook = gasLeft
    return true
  }
  for (const [code, entry] of map.entries()) {
    if (!PACED_NAMES.includes(entry.opcodeInfo.name)) continue
    const { opcodeInfo, opHandler } = entry
    map[code] = {
      ...entry,
      // Frozen, so a copy; asynchronous, so that the interpreter waits for what the handler gives.
      opcodeInfo: { ...opcodeInfo, isAsync: true },
      opHandler: (runState, common) => {
        const rest = isDue(runState) ? pace.step() : undefined
        if (rest === undefined) return opHandler(runState, common)
        return rest.then(() => opHandler(runState, common))
      },
    }
  }
}

function opcodeMapOf(vm: VM): OpcodeEntry[] {
  // Declared private; the version of the package is pinned and a test shows that calls do end. Each
  // EVM builds its own.
  const { _opcodeMap: map } = vm.evm as unknown as { readonly _opcodeMap: OpcodeEntry[] }
  assert(Array.isArray(map), 'the EVM keeps its instructions')
  return map
}
