import { bytesToBigInt, createAddressFromString, hexToBytes } from '@ethereumjs/util'
import type { StateRef, SystemRead } from './engine.ts'
import { EvmError } from './errors.ts'
import { type EngineContext, openWorkspace } from './workspace.ts'

/** Gas for asking a system contract for one number. */
const READ_GAS = 1_000_000n

/**
 * Asks system contracts of one state for numbers; undefined when one has code and does not answer
 * with a number. Opening the state is most of what a question costs.
 * @throws EvmError `EVM_NO_SYSTEM_HUB` when there is no code at an address.
 */
export async function openSystemReads(
  context: EngineContext,
  at: StateRef,
): Promise<(read: SystemRead) => Promise<bigint | undefined>> {
  const { vm } = await openWorkspace(context, at)
  return async (read) => {
    const to = createAddressFromString(read.to)
    if ((await vm.stateManager.getCode(to)).length === 0) throw missing(read)
    const { execResult } = await vm.evm.runCall({
      to,
      data: hexToBytes(read.data),
      gasLimit: READ_GAS,
      isStatic: true,
      skipNonceIncrement: true,
    })
    if (execResult.exceptionError !== undefined || execResult.returnValue.length < 32) return
    return bytesToBigInt(execResult.returnValue.slice(0, 32))
  }
}

/**
 * Asks a system contract for one number that it always has.
 * @throws EvmError `EVM_NO_SYSTEM_HUB` when nothing at that address answers.
 */
export async function readNumber(
  context: EngineContext,
  at: StateRef,
  read: SystemRead,
): Promise<bigint> {
  const ask = await openSystemReads(context, at)
  const value = await ask(read)
  if (value === undefined) throw missing(read)
  return value
}

function missing(read: SystemRead): EvmError {
  return new EvmError(
    { code: 'EVM_NO_SYSTEM_HUB', hub: read.to },
    `The system contract ${read.to} does not answer; this genesis is not one of a POCA chain.`,
  )
}
