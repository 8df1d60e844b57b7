import { createTxFromRLP } from '@ethereumjs/tx'
import { Account, Address, createAddressFromString, hexToBytes } from '@ethereumjs/util'
import { createVM, runTx, type VM } from '@ethereumjs/vm'
import { decodeTransaction } from '../../chain/codec/transaction.ts'
import { privateKeyToAddress } from '../../chain/crypto/secp256k1.ts'
import type { SystemRules } from '../../chain/evm/engine.ts'
import { createPrograms } from '../../chain/evm/fast/interpreter/programs.ts'
import { createRun } from '../../chain/evm/fast/openRun.ts'
import { processTransaction } from '../../chain/evm/fast/processor.ts'
import { senderOf } from '../../chain/evm/fast/senders.ts'
import {
  contextBlock,
  createEngineContext,
  type EngineContext,
  openState,
  openVM,
} from '../../chain/evm/workspace.ts'
import { cpuMeter } from '../../chain/node/cpuMeter.ts'
import type { Hash, Hex } from '../../chain/primitives/hex.ts'
import { FlatState } from '../../chain/state/flatState.ts'
import { createStateTree } from '../../chain/state/stateTree.ts'
import { createMemoryLog } from '../../test/chain/state/memoryLog.ts'
import { addressBytes, type Case, SELF } from './cases.ts'
import { common, SENDER_BALANCE, senderKey } from './transactionCases.ts'

/** What one case costs on one target. */
export type Measurement = { readonly gas: number; readonly usPerGas: number; readonly runs: number }

/** What executes. */
export const targets = {
  /** The fast engine. */
  fast: runFast,
  /** `@ethereumjs/evm` with our precompiles and native hashes. */
  reference: (job) => runStock(job, (context, state) => openVM(context, state)),
  /** The same with the precompiles that the package comes with. */
  stock: (job) => runStock(job, ({ common }, state) => createVM({ common, stateManager: state })),
} as const satisfies Readonly<Record<string, (job: Job) => Promise<Used>>>

export type TargetName = keyof typeof targets

type Job = { readonly item: Case; readonly prepared: Prepared; readonly gas: bigint }
type Used = { readonly gas: bigint; readonly ms: number }
type State = ReturnType<typeof openState>['state']

/** A transaction can have no more. */
const GAS_MAX = 16_000_000n
/** First try, from which the gas of the measured runs follows. */
const GAS_MIN = 150_000n
/** What a run should take; shorter ones say little. */
const RUN_MS = 80

/** Measures one case: the best of several runs, each on a state that nothing has been read from. */
export async function measure(item: Case, target: TargetName): Promise<Measurement> {
  const prepared = await prepare(item)
  const once = (gas: bigint) => targets[target]({ item, prepared, gas })
  const gasMin = item.gasMin ?? GAS_MIN
  const first = await once(gasMin)
  const wanted = BigInt(Math.ceil(Number(first.gas) * (RUN_MS / Math.max(first.ms, 0.5))))
  if (item.transactions !== undefined) return sumOf(once, gasMin)
  const gas = wanted > GAS_MAX ? GAS_MAX : wanted < gasMin ? gasMin : wanted
  let best = Number.POSITIVE_INFINITY
  let used = 0
  const runs = first.ms > 4 * RUN_MS ? 2 : 3
  for (let i = 0; i < runs; i++) {
    const { ms, gas: spent } = await once(gas)
    best = Math.min(best, (ms * 1_000) / Number(spent))
    used = Number(spent)
  }
  return { gas: used, usPerGas: best, runs }
}

/** A case of given transactions, as often as it takes to see its time; each on a fresh state. */
async function sumOf(once: (gas: bigint) => Promise<Used>, gas: bigint): Promise<Measurement> {
  let ms = 0
  let used = 0
  let runs = 0
  for (; ms < 2 * RUN_MS && runs < RUNS_MAX; runs++) {
    const found = await once(gas)
    ms += found.ms
    used += Number(found.gas)
  }
  return { gas: used, usPerGas: (ms * 1_000) / used, runs }
}

const RUNS_MAX = 100

type Prepared = { readonly context: () => EngineContext; readonly stateRoot: Hash }

/** Puts the accounts of a case into a state, as it lies on disk. */
async function prepare(item: Case): Promise<Prepared> {
  const log = createMemoryLog()
  const flat = new FlatState(createStateTree(log), undefined)
  const accounts = new Map(item.accounts)
  const own = accounts.get(SELF)
  accounts.set(SELF, { ...own, code: item.program ?? new Uint8Array() })
  for (const [key, { balance = 0n, code, storage }] of accounts) {
    const address = new Address(addressBytes(key))
    flat.putAccountSync(address, new Account(1n, balance))
    if (code !== undefined) flat.putCodeSync(address, code)
    for (const [slot, value] of storage ?? []) {
      flat.putStorageSync(address, word(slot), word(value))
    }
  }
  const sender = createAddressFromString(privateKeyToAddress(senderKey))
  flat.putAccountSync(sender, new Account(0n, SENDER_BALANCE))
  const patch = flat.finish()
  log.append(patch)
  const blockHash = (height: bigint) => new Uint8Array(32).fill(Number(height % 256n))
  const source = { ...log, blockHash }
  return {
    // Nothing here ends a block, so there are no rules of one; nothing is in memory yet.
    context: () => createEngineContext({ common }, { source, rules: {} as SystemRules }),
    stateRoot: patch.stateRoot,
  }
}

function openBlock(context: EngineContext) {
  return contextBlock(context, {
    number: 300n,
    timestamp: 1_800_000_000n,
    coinbase: COINBASE,
    gasLimit: 2n ** 40n,
    baseFeePerGas: 1n,
    mixHash: `0x${'00'.repeat(32)}`,
  })
}

const COINBASE: Hex = `0x${'c0'.repeat(20)}`

async function runFast({ item, prepared, gas }: Job): Promise<Used> {
  const context = { ...prepared.context(), programs: createPrograms() }
  const { tree } = context
  const state = new FlatState(tree, tree.rootOf(prepared.stateRoot))
  const block = openBlock(context)
  const coinbase = state.entryOf(hexToBytes(COINBASE))
  const run = await createRun(context, { state, block, baseFee: 1n, coinbase })
  globalThis.gc?.()
  const start = cpuMeter()
  if (item.transactions === undefined) {
    state.checkpointSync()
    const used = await callProgram(run.evm, block, item, gas)
    return { gas: used, ms: cpuMeter() - start }
  }
  for (const raw of item.transactions) {
    const tx = decodeTransaction(raw)
    await processTransaction(run, tx, senderOf(tx), 2n ** 40n)
  }
  return { gas: run.receipts.gasUsed, ms: cpuMeter() - start }
}

async function runStock(
  { item, prepared, gas }: Job,
  open: (context: EngineContext, state: State) => Promise<VM>,
): Promise<Used> {
  const context = prepared.context()
  const { state } = openState(context, { stateRoot: prepared.stateRoot })
  const vm = await open(context, state)
  const block = openBlock(context)
  await state.checkpoint()
  globalThis.gc?.()
  const start = cpuMeter()
  if (item.transactions === undefined) {
    const used = await callProgram(vm.evm, block, item, gas)
    return { gas: used, ms: cpuMeter() - start }
  }
  let used = 0n
  for (const raw of item.transactions) {
    const tx = createTxFromRLP(raw, { common })
    const result = await runTx(vm, { tx, block, skipHardForkValidation: true })
    used += result.totalGasSpent
  }
  return { gas: used, ms: cpuMeter() - start }
}

async function callProgram(
  evm: Pick<VM['evm'], 'runCall'>,
  block: ReturnType<typeof openBlock>,
  item: Case,
  gasLimit: bigint,
): Promise<bigint> {
  const to = new Address(addressBytes(SELF))
  const data = item.data ?? new Uint8Array()
  const { execResult } = await evm.runCall({ block, to, data, gasLimit })
  return execResult.executionGasUsed
}

function word(value: bigint): Uint8Array {
  return new Uint8Array(Buffer.from(value.toString(16).padStart(64, '0'), 'hex'))
}
