import { createTxFromRLP } from '@ethereumjs/tx'
import {
  Account,
  Address,
  bytesToHex,
  createAddressFromString,
  KECCAK256_RLP,
} from '@ethereumjs/util'
import { createVM, runTx, type VM } from '@ethereumjs/vm'
import { privateKeyToAddress } from '../../chain/crypto/secp256k1.ts'
import type { SystemRules } from '../../chain/evm/engine.ts'
import { contextBlock, type EngineContext, openState, openVM } from '../../chain/evm/workspace.ts'
import { cpuMeter } from '../../chain/node/cpuMeter.ts'
import type { Hash } from '../../chain/primitives/hex.ts'
import { addressBytes, type Case, SELF } from './cases.ts'
import { common, SENDER_BALANCE, senderKey } from './transactionCases.ts'

/** What one case costs on one target. */
export type Measurement = { readonly gas: number; readonly usPerGas: number; readonly runs: number }

/** Machines that programs run on. */
export const targets = {
  /** What both engines build on: `@ethereumjs/evm` with our precompiles and native hashes. */
  reference: (context, state) => openVM(context, state),
  /** The same with the precompiles that the package comes with. */
  stock: (context, state) => createVM({ common: context.common, stateManager: state }),
} as const satisfies Readonly<Record<string, Target>>

export type TargetName = keyof typeof targets

type Target = (context: EngineContext, state: State) => Promise<VM>
type State = ReturnType<typeof openState>['state']

const EMPTY = bytesToHex(KECCAK256_RLP)
/** A transaction can have no more. */
const GAS_MAX = 16_000_000n
/** First try, from which the gas of the measured runs follows. */
const GAS_MIN = 150_000n
/** What a run should take; shorter ones say little. */
const RUN_MS = 80

/** Measures one case: the best of several runs, each on a state that nothing has been read from. */
export async function measure(item: Case, target: TargetName): Promise<Measurement> {
  const prepared = await prepare(item)
  const once = (gas: bigint) => run(item, prepared, target, gas)
  const gasMin = item.gasMin ?? GAS_MIN
  const first = await once(gasMin)
  const wanted = BigInt(Math.ceil(Number(first.gas) * (RUN_MS / Math.max(first.ms, 0.5))))
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

type Prepared = { readonly context: EngineContext; readonly stateRoot: Hash }

/** Puts the accounts of a case into a state and gives it away as bytes. */
async function prepare(item: Case): Promise<Prepared> {
  const nodes = new Map<string, Uint8Array>()
  const context: EngineContext = {
    common,
    evmOpts: {},
    // Nothing here ends a block.
    rules: {} as SystemRules,
    source: {
      node: (key) => nodes.get(key),
      blockHash: (height) => new Uint8Array(32).fill(Number(height % 256n)),
    },
  }
  const { state, overlay } = openState(context, { stateRoot: EMPTY })
  await state.checkpoint()
  const accounts = new Map(item.accounts)
  const own = accounts.get(SELF)
  accounts.set(SELF, { ...own, code: item.program ?? new Uint8Array() })
  for (const [key, { balance = 0n, code, storage }] of accounts) {
    const address = new Address(addressBytes(key))
    await state.putAccount(address, new Account(1n, balance))
    if (code !== undefined) await state.putCode(address, code)
    for (const [slot, value] of storage ?? []) {
      await state.putStorage(address, word(slot), word(value))
    }
  }
  const sender = createAddressFromString(privateKeyToAddress(senderKey))
  await state.putAccount(sender, new Account(0n, SENDER_BALANCE))
  await state.commit()
  const stateRoot = bytesToHex(await state.getStateRoot())
  for (const [key, node] of overlay.reachable(stateRoot)) nodes.set(key, node)
  return { context, stateRoot }
}

async function run(item: Case, { context, stateRoot }: Prepared, target: TargetName, gas: bigint) {
  const { state } = openState(context, { stateRoot })
  const vm = await targets[target](context, state)
  const block = contextBlock(context, {
    number: 300n,
    timestamp: 1_800_000_000n,
    coinbase: `0x${'c0'.repeat(20)}`,
    gasLimit: 2n ** 40n,
    baseFeePerGas: 1n,
    mixHash: `0x${'00'.repeat(32)}`,
  })
  await state.checkpoint()
  globalThis.gc?.()
  const start = cpuMeter()
  let used = 0n
  if (item.transactions === undefined) {
    const { execResult } = await vm.evm.runCall({
      block,
      to: new Address(addressBytes(SELF)),
      data: item.data ?? new Uint8Array(),
      gasLimit: gas,
    })
    used = execResult.executionGasUsed
  } else {
    for (const raw of item.transactions) {
      const tx = createTxFromRLP(raw, { common })
      const result = await runTx(vm, { tx, block, skipHardForkValidation: true })
      used += result.totalGasSpent
    }
  }
  return { gas: used, ms: cpuMeter() - start }
}

function word(value: bigint): Uint8Array {
  return new Uint8Array(Buffer.from(value.toString(16).padStart(64, '0'), 'hex'))
}
