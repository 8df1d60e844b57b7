import type { Block } from '@ethereumjs/block'
import { Address, bytesToHex, bytesToUnprefixedHex, concatBytes } from '@ethereumjs/util'
import { checkTransaction } from '../../codec/checkTransaction.ts'
import { floorGas, intrinsicGas, minimumGas } from '../../codec/intrinsicGas.ts'
import type { ReceiptInput, ReceiptsWriter } from '../../codec/receiptsWriter.ts'
import type { Transaction } from '../../codec/transaction.ts'
import { accessListOf, authorizationsOf } from '../../codec/transactionLists.ts'
import { assert } from '../../primitives/assert.ts'
import type { Entry, FlatState } from '../../state/flatState.ts'
import { EMPTY_CODE_HASH } from '../../state/nodeHash.ts'
import { authorityOf, DELEGATION_PREFIX, isDelegated } from '../delegation.ts'
import { isFaultOfNode } from '../errors.ts'
import { TransactionFault } from './faults.ts'
import type { FastEvm } from './interpreter/fastEvm.ts'

/** Gas of a transaction that does nothing. */
const TX_GAS = 21_000n
/** A refund is at most one fifth of the gas used. @source EIP-3529 */
const REFUND_QUOTIENT = 5n
/** What an authorization of an account that exists gives back. @source EIP-7702 */
const AUTHORIZATION_REFUND = 12_500n
const NONCE_MAX = 2n ** 64n - 1n
/** Zeros that addresses reserved for precompiles begin with. */
export const LOW_ADDRESS_ZEROS = 18

/** A block while its transactions run. */
export type Run = {
  readonly state: FlatState
  /** The header so far, as contracts see it. */
  readonly block: Block
  readonly chainId: bigint
  readonly baseFee: bigint
  readonly coinbase: Entry
  /** Precompiles that are not at a low address, in hex; a chain has none, a test may. */
  readonly highPrecompiles: ReadonlySet<string>
  readonly receipts: ReceiptsWriter
  readonly openEvm: () => Promise<FastEvm>
  /** Replaced when a bug in it has left it in disorder. */
  evm: FastEvm
  /** Tips of plain transfers that the coinbase's balance does not have yet, wei. */
  tips: bigint
  /** A transaction ran; from then on the coinbase counts as touched (EIP-161). */
  hasRun: boolean
  /** Of the transaction that ran last. */
  lastStatus: 0 | 1
  /** A contract destroyed itself in the transaction that created it, and its coin with it. */
  hasSelfDestruct: boolean
}

/**
 * Executes one transaction, or throws and leaves the state as it was.
 *
 * The rules are those of `runTx` of `@ethereumjs/vm` for Osaka without blobs; the differential fuzz
 * compares the two.
 *
 * @param gasLeft Gas that the block has for it.
 * @throws TransactionFault, TransactionError
 */
export function processTransaction(
  run: Run,
  tx: Transaction,
  sender: Uint8Array,
  gasLeft: bigint,
): Promise<void> | undefined {
  const from = admitTransaction(run, tx, sender, gasLeft)
  if (transferCoin(run, tx, from)) return undefined
  return executeTransaction(run, tx, from)
}

/** Gives the coinbase what it has earned. Call it before anything reads its balance. */
export function payTips(run: Run): void {
  const { coinbase, state } = run
  if (!run.hasRun) return
  if (run.tips > 0n) {
    state.save(coinbase)
    coinbase.exists = true
    coinbase.balance += run.tips
    run.tips = 0n
  } else removeEmpty(run, coinbase)
}

/**
 * The account that a transaction is of.
 * @throws TransactionFault, TransactionError when the block cannot hold it as things stand.
 */
export function admitTransaction(
  run: Run,
  tx: Transaction,
  sender: Uint8Array,
  gasLeft: bigint,
): Entry {
  const { baseFee, state } = run
  const from = state.entryOf(sender)
  // It may spend what it has earned in this block.
  if (from === run.coinbase) payTips(run)
  checkTransaction(tx, run.chainId)
  if (tx.gas > gasLeft) fail('gas above what the block has left')
  if (tx.gas < minimumGas(tx)) fail('gas below the intrinsic gas')
  if (tx.maxFee < baseFee) fail('fee cap below the base fee')
  if (from.codeHash !== EMPTY_CODE_HASH && hasCode(from) && !isDelegated(state.codeOf(from))) {
    fail('sender is a contract')
  }
  if (from.balance < tx.gas * tx.maxFee + tx.value) fail('sender cannot pay')
  if (from.nonce !== tx.nonce) fail('wrong nonce')
  return from
}

/**
 * Runs a transfer of coin to an account without code, in place of the EVM: which would do the same,
 * after a hundred times as many steps.
 * @returns false, and has done nothing, when it is not one.
 */
export function transferCoin(run: Run, tx: Transaction, from: Entry): boolean {
  const { to } = tx
  // What the proposer pays may be what it needs to end the block: that can be taken back.
  if (from === run.coinbase) return false
  if (to === null || tx.data.length > 0 || tx.type === 4) return false
  if (tx.accessListAddresses > 0) return false
  const into = run.state.entryOf(to)
  if (hasCode(into) || hasCode(from) || isReserved(run, to)) return false
  const { coinbase, receipts } = run
  if (into === coinbase) payTips(run)
  const tip = tipOf(tx, run.baseFee)
  const price = run.baseFee + tip
  run.hasRun = true
  from.exists = true
  from.nonce += 1n
  from.balance -= TX_GAS * price + tx.value
  into.balance += tx.value
  into.exists = true
  removeEmpty(run, into)
  run.tips += TX_GAS * tip
  run.lastStatus = 1
  receipts.add({
    type: tx.type,
    status: 1,
    from: from.address,
    to,
    contractAddress: null,
    gasUsed: TX_GAS,
    effectiveGasPrice: price,
    logs: NO_LOGS,
  })
  return true
}

const NO_LOGS: readonly never[] = []

/**
 * Runs a transaction on the EVM.
 *
 * @param accept Asked at its end whether it may stay; what it says against it takes it back.
 * @throws TransactionFault; what reading a damaged state throws
 */
export async function executeTransaction(
  run: Run,
  tx: Transaction,
  from: Entry,
  accept?: () => TransactionFault | undefined,
): Promise<void> {
  const { state } = run
  payTips(run)
  const depth = state.depth
  const { hasSelfDestruct } = run
  state.startTransaction()
  state.checkpointSync()
  try {
    const receipt = await runMessage(run, tx, from)
    const fault = accept?.()
    if (fault !== undefined) throw fault
    state.commitSync()
    run.receipts.add(receipt)
    run.lastStatus = receipt.status
    run.hasRun = true
  } catch (cause) {
    // An exception inside the EVM leaves checkpoints open; the state knows how to take them back.
    const isInOrder = state.depth === depth + 1
    while (state.depth > depth) state.revertSync()
    run.hasSelfDestruct = hasSelfDestruct
    if (!isInOrder || !(cause instanceof TransactionFault)) run.evm = await run.openEvm()
    if (cause instanceof TransactionFault || isFaultOfNode(cause)) throw cause
    throw new TransactionFault('the EVM failed', { cause })
  } finally {
    run.evm.fastJournal.cleanJournal()
    state.startTransaction()
  }
}

async function runMessage(run: Run, tx: Transaction, from: Entry): Promise<ReceiptInput> {
  const { state, evm, coinbase } = run
  const tip = tipOf(tx, run.baseFee)
  const price = run.baseFee + tip
  warm(run, tx, from)

  state.save(from)
  from.exists = true
  from.balance -= tx.gas * price
  from.nonce += 1n

  const authorizationRefund = tx.type === 4 ? authorize(run, tx) : 0n
  const intrinsic = intrinsicGas(tx)
  const floor = floorGas(tx)
  const { execResult, createdAddress } = await evm.runCall({
    block: run.block,
    gasPrice: price,
    caller: new Address(from.address),
    gasLimit: tx.gas - intrinsic,
    ...(tx.to === null ? {} : { to: new Address(tx.to.slice()) }),
    value: tx.value,
    data: tx.data,
    skipNonceIncrement: true,
  })

  const spent = execResult.executionGasUsed + intrinsic
  const refund = authorizationRefund + (execResult.gasRefund ?? 0n)
  const refundMax = spent / REFUND_QUOTIENT
  const net = spent - (refund < refundMax ? refund : refundMax)
  const gasUsed = net < floor ? floor : net

  state.save(from)
  from.exists = true
  from.balance += (tx.gas - gasUsed) * price
  state.save(coinbase)
  coinbase.exists = true
  coinbase.balance += gasUsed * tip
  destroy(run, execResult.selfdestruct, execResult.createdAddresses)
  removeEmpty(run, coinbase)
  for (const { bytes } of evm.fastJournal.touched()) removeEmpty(run, state.entryOf(bytes))
  return {
    type: tx.type,
    status: execResult.exceptionError === undefined ? 1 : 0,
    from: from.address,
    to: tx.to,
    contractAddress: tx.to === null ? (createdAddress?.bytes ?? null) : null,
    gasUsed,
    effectiveGasPrice: price,
    logs: execResult.logs ?? NO_LOGS,
  }
}

/** EIP-161: what was touched and is empty is not there. */
function removeEmpty({ state }: Run, entry: Entry): void {
  if (entry.exists && isEmpty(entry)) state.deleteEntry(entry)
}

/** EIP-6780: only what was created in the same transaction is destroyed. */
function destroy(
  run: Run,
  destroyed: ReadonlyMap<string, string> | undefined,
  created: ReadonlySet<string> | undefined,
): void {
  for (const key of destroyed?.keys() ?? []) {
    if (created?.has(key) !== true) continue
    run.hasSelfDestruct = true
    const bytes = Uint8Array.from(Buffer.from(key.slice(2), 'hex'))
    run.state.deleteEntry(run.state.entryOf(bytes))
  }
}

/** EIP-2929, 2930 and 3651: what a transaction finds warm. */
function warm(run: Run, tx: Transaction, from: Entry): void {
  const { fastJournal } = run.evm
  const addresses = [from.address, run.coinbase.address]
  if (tx.to !== null) addresses.push(tx.to)
  fastJournal.startTransaction(addresses)
  for (const { address, storageKeys } of accessListOf(tx)) {
    const name = bytesToHex(address)
    fastJournal.addAlwaysWarmAddress(name)
    for (const key of storageKeys) fastJournal.addAlwaysWarmSlot(name, bytesToHex(key))
  }
}

/**
 * Lets accounts delegate to code, as they have signed; passes over what does not hold.
 * @returns gas to give back.
 * @source EIP-7702
 */
function authorize(run: Run, tx: Transaction): bigint {
  const { state, evm } = run
  let refund = 0n
  for (const item of authorizationsOf(tx)) {
    if (item.chainId !== 0n && item.chainId !== run.chainId) continue
    if (item.nonce >= NONCE_MAX) continue
    const authority = authorityOf(item)
    if (authority === undefined) continue
    const address = new Address(authority)
    evm.fastJournal.addAlwaysWarmAddress(address.toString())
    const entry = state.entryOf(authority)
    if (hasCode(entry) && !isDelegated(state.codeOf(entry))) continue
    if (entry.nonce !== item.nonce) continue
    if (entry.exists) refund += AUTHORIZATION_REFUND
    state.save(entry)
    entry.exists = true
    entry.nonce += 1n
    const isClearing = item.address.every((byte) => byte === 0)
    const code = isClearing ? new Uint8Array() : concatBytes(DELEGATION_PREFIX, item.address)
    state.putCodeSync(address, code)
  }
  return refund
}

/** Wei per gas that the coinbase gets. */
function tipOf(tx: Transaction, baseFee: bigint): bigint {
  const room = tx.maxFee - baseFee
  assert(room >= 0n, 'the fee cap was compared with the base fee')
  return room < tx.maxTip ? room : tx.maxTip
}

function hasCode(entry: Entry): boolean {
  const { codeHash } = entry
  if (codeHash === EMPTY_CODE_HASH) return false
  for (let i = 0; i < 32; i++) if (codeHash[i] !== EMPTY_CODE_HASH[i]) return true
  return false
}

/** EIP-161. */
function isEmpty(entry: Entry): boolean {
  return entry.nonce === 0n && entry.balance === 0n && !hasCode(entry)
}

/** Low addresses are precompiles, now or after a fork: the EVM decides about them. */
function isReserved({ highPrecompiles }: Run, address: Uint8Array): boolean {
  if (highPrecompiles.size > 0 && highPrecompiles.has(bytesToUnprefixedHex(address))) return true
  for (let i = 0; i < LOW_ADDRESS_ZEROS; i++) if (address[i] !== 0) return false
  return true
}

function fail(reason: TransactionFault['reason']): never {
  throw new TransactionFault(reason)
}
