import { createLegacyTx, createTx, type TypedTransaction } from '@ethereumjs/tx'
import {
  Account,
  type Address as AddressObject,
  bigIntToUnpaddedBytes,
  concatBytes,
  createAddressFromString,
  eoaCode7702RecoverAuthority,
  hexToBytes,
  type PrefixedHexString,
} from '@ethereumjs/util'
import { runTx } from '@ethereumjs/vm'
import { toHex } from '../codec/bytes.ts'
import { TX_GAS_MAX } from '../codec/checkTransaction.ts'
import { PocaError } from '../primitives/errors.ts'
import type { Address } from '../primitives/hex.ts'
import { DELEGATION_PREFIX, isDelegated } from './delegation.ts'
import type { AccountOverride, Authorization, CallMessage, CallOutcome } from './engine.ts'
import { EvmError } from './errors.ts'
import { contextBlock, type EngineContext, openWorkspace, type Workspace } from './workspace.ts'

/**
 * Runs a message and throws its effects away.
 * @throws EvmError `EVM_INSUFFICIENT_FUNDS`, `EVM_BAD_CALL`, and what the pace throws
 */
export async function runMessage(
  context: EngineContext,
  message: CallMessage,
): Promise<CallOutcome> {
  const pace = context.pacing?.call()
  try {
    const found = await runOn(context, await openWorkspace(context, message.at, pace), message)
    // A precompile that was ended looks like one that failed, so its answer must not get out.
    pace?.pulse?.()
    return found
  } finally {
    pace?.end()
  }
}

async function runOn(
  context: EngineContext,
  workspace: Workspace,
  message: CallMessage,
): Promise<CallOutcome> {
  await applyOverrides(workspace, message.overrides ?? {})
  const from = createAddressFromString(message.from)
  const balance = (await workspace.state.getAccount(from))?.balance ?? 0n
  const gas = message.asTransaction && message.gas > TX_GAS_MAX ? TX_GAS_MAX : message.gas
  const required = message.value + gas * (message.gasPrice ?? 0n)
  if (balance < required) {
    throw new EvmError(
      { code: 'EVM_INSUFFICIENT_FUNDS', from: message.from, balance, required },
      `insufficient funds for gas * price + value: address ${message.from} ` +
        `have ${balance} want ${required}`,
    )
  }
  return message.asTransaction
    ? runAsTransaction(context, workspace, { ...message, gas }, from)
    : runAsCall(context, workspace, message, from)
}

async function runAsCall(
  context: EngineContext,
  workspace: Workspace,
  message: CallMessage,
  from: AddressObject,
): Promise<CallOutcome> {
  const { vm } = workspace
  await delegate(workspace, message)
  warm(workspace, message)
  const { execResult } = await vm.evm.runCall({
    block: contextBlock(context, message.block),
    caller: from,
    ...(message.to === undefined ? {} : { to: createAddressFromString(message.to) }),
    data: hexToBytes(message.data),
    value: message.value,
    gasLimit: message.gas,
    gasPrice: message.gasPrice ?? 0n,
    // A creation takes its address from a nonce that was raised before.
    skipNonceIncrement: message.to !== undefined,
  })
  return outcome(execResult.returnValue, execResult.executionGasUsed, execResult.exceptionError)
}

async function runAsTransaction(
  context: EngineContext,
  workspace: Workspace,
  message: CallMessage,
  from: AddressObject,
): Promise<CallOutcome> {
  const block = contextBlock(context, {
    ...message.block,
    // Without a price the caller pays nothing, as eth_estimateGas promises.
    ...(message.gasPrice === undefined ? { baseFeePerGas: 0n } : {}),
  })
  if (await isContract(workspace, from)) return runForContract(context, workspace, message, from)
  try {
    const result = await runTx(workspace.vm, {
      tx: unsignedTransaction(context, message, from),
      block,
      skipNonce: true,
      skipBlockGasLimitValidation: true,
      reportAccessList: message.reportAccessList ?? false,
    })
    const { execResult, totalGasSpent, accessList } = result
    const found = outcome(execResult.returnValue, totalGasSpent, execResult.exceptionError)
    return accessList === undefined ? found : { ...found, accessList }
  } catch (cause) {
    if (cause instanceof PocaError) throw cause
    const reason = cause instanceof Error ? cause.message : String(cause)
    if (reason.includes('INTRINSIC_GAS_TOO_LOW')) {
      const failure = { kind: 'outOfGas', reason: 'intrinsic gas too low' } as const
      return { returnData: '0x', gasUsed: message.gas, failure }
    }
    throw new EvmError({ code: 'EVM_BAD_CALL', reason }, `The call cannot run: ${reason}.`, {
      cause,
    })
  }
}

/** EIP-3607 keeps contracts from sending; estimates for them count as a transaction would. */
async function runForContract(
  context: EngineContext,
  workspace: Workspace,
  message: CallMessage,
  from: AddressObject,
): Promise<CallOutcome> {
  const intrinsic = unsignedTransaction(context, message, from).getIntrinsicGas()
  if (message.gas < intrinsic) {
    const failure = { kind: 'outOfGas', reason: 'intrinsic gas too low' } as const
    return { returnData: '0x', gasUsed: message.gas, failure }
  }
  const gas = message.gas - intrinsic
  const result = await runAsCall(context, workspace, { ...message, gas }, from)
  return { ...result, gasUsed: result.gasUsed + intrinsic }
}

async function isContract({ state }: Workspace, address: AddressObject): Promise<boolean> {
  const code = await state.getCode(address)
  return code.length > 0 && !isDelegated(code)
}

/** A transaction whose sender is known without a signature. */
function unsignedTransaction(
  context: EngineContext,
  message: CallMessage,
  from: AddressObject,
): TypedTransaction {
  const { common } = context
  const base = {
    gasLimit: message.gas,
    value: message.value,
    data: hexToBytes(message.data),
    ...(message.to === undefined ? {} : { to: createAddressFromString(message.to) }),
  }
  const gasPrice = message.gasPrice ?? 0n
  const accessList = (message.accessList ?? []).map((entry) => ({
    address: entry.address,
    storageKeys: [...entry.storageKeys],
  }))
  let tx: TypedTransaction
  try {
    if (message.authorizationList !== undefined && message.authorizationList.length > 0) {
      const authorizationList = message.authorizationList.map((item) => ({
        chainId: quantity(item.chainId),
        address: item.address,
        nonce: quantity(item.nonce),
        yParity: quantity(BigInt(item.yParity)),
        r: quantity(item.r),
        s: quantity(item.s),
      }))
      const fees = { maxFeePerGas: gasPrice, maxPriorityFeePerGas: 0n }
      const data = { ...base, ...fees, type: 4, accessList, authorizationList }
      tx = createTx(data, { common, freeze: false })
    } else if (accessList.length > 0) {
      tx = createTx({ ...base, gasPrice, type: 1, accessList }, { common, freeze: false })
    } else {
      tx = createLegacyTx({ ...base, gasPrice }, { common, freeze: false })
    }
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new EvmError({ code: 'EVM_BAD_CALL', reason }, `The call cannot run: ${reason}.`, {
      cause,
    })
  }
  return Object.assign(tx, { getSenderAddress: () => from })
}

/** Lets authorities delegate before a plain call, without checking nonces or chain ids. */
async function delegate({ state }: Workspace, message: CallMessage): Promise<void> {
  for (const item of message.authorizationList ?? []) {
    const authority = authorityOf(item)
    // EIP-7702 passes over what nobody can have signed.
    if (authority === undefined) continue
    await state.putCode(authority, concatBytes(DELEGATION_PREFIX, hexToBytes(item.address)))
  }
}

function authorityOf(item: Authorization): AddressObject | undefined {
  try {
    return eoaCode7702RecoverAuthority([
      bigIntToUnpaddedBytes(item.chainId),
      hexToBytes(item.address),
      bigIntToUnpaddedBytes(item.nonce),
      bigIntToUnpaddedBytes(BigInt(item.yParity)),
      bigIntToUnpaddedBytes(item.r),
      bigIntToUnpaddedBytes(item.s),
    ])
  } catch {
    return undefined
  }
}

/** EIP-2929: what a transaction finds warm. */
function warm({ vm }: Workspace, message: CallMessage): void {
  const { journal } = vm.evm
  const add = (address: Address): void => journal.addAlwaysWarmAddress(address.slice(2))
  for (const [precompile] of vm.evm.precompiles) journal.addAlwaysWarmAddress(precompile)
  add(message.from)
  add(message.block.coinbase)
  if (message.to !== undefined) add(message.to)
  for (const { address, storageKeys } of message.accessList ?? []) {
    add(address)
    for (const key of storageKeys) journal.addAlwaysWarmSlot(address.slice(2), key.slice(2))
  }
}

async function applyOverrides(
  { state }: Workspace,
  overrides: Readonly<Record<Address, AccountOverride>>,
): Promise<void> {
  for (const [key, override] of Object.entries(overrides)) {
    const address = createAddressFromString(key)
    const account = (await state.getAccount(address)) ?? new Account()
    account.balance = override.balance ?? account.balance
    account.nonce = override.nonce ?? account.nonce
    await state.putAccount(address, account)
    if (override.code !== undefined) await state.putCode(address, hexToBytes(override.code))
    if (override.state !== undefined) await state.clearStorage(address)
    const slots = { ...override.state, ...override.stateDiff }
    for (const [slot, value] of Object.entries(slots)) {
      // Object.entries forgets that the keys are hashes.
      await state.putStorage(address, hexToBytes(slot as PrefixedHexString), hexToBytes(value))
    }
  }
  await state.flush()
}

function outcome(
  returnValue: Uint8Array,
  gasUsed: bigint,
  error: { readonly error: string } | undefined,
): CallOutcome {
  const returnData = toHex(returnValue)
  if (error === undefined) return { returnData, gasUsed }
  const kind =
    error.error === 'revert' ? 'revert' : error.error === 'out of gas' ? 'outOfGas' : 'other'
  return { returnData, gasUsed, failure: { kind, reason: error.error } }
}

function quantity(value: bigint): PrefixedHexString {
  return `0x${value.toString(16)}`
}
