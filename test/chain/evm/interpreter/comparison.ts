// Runs the same messages through the library's EVM and through ours, on equal states.
import {
  createEVM,
  type EVM,
  EVMMockBlockchain,
  type EVMResult,
  type EVMRunCallOpts,
} from '@ethereumjs/evm'
import { Account, type Address, bytesToHex, createAddressFromBigInt } from '@ethereumjs/util'
import { customCrypto } from '../../../../chain/crypto/customCrypto.ts'
import { createFastEvm, type FastEvm } from '../../../../chain/evm/fast/interpreter/fastEvm.ts'
import { common as chainCommon } from '../../fixtures/smallChain.ts'
import { MemoryState, SyncMemoryState } from './memoryState.ts'
import { type Names, writeProgram } from './programs.ts'
import type { Random } from './random.ts'

/** An EVM on a state of its own. */
export type Machine<E extends EVM = EVM> = { readonly evm: E; readonly state: MemoryState }

/** Accounts and code that programs run on. */
export type World = { readonly state: MemoryState; readonly names: Names }

/** Who sends all messages. */
export const sender = createAddressFromBigInt(0xeeee0n)
const contracts = [0n, 1n, 2n, 3n, 4n].map((i) => 0xc0de000000000000000000000000000000000000n + i)
const precompiles = [1n, 2n, 3n, 4n, 5n, 6n, 7n, 8n, 9n, 10n, 11n, 13n, 16n, 17n, 256n]
const delegated = 0xde1e6a7en
const others = [0xeeee0n, 0xeeee1n, 0xabcdefn, delegated]

/** A chain in which the hash of a block follows from its number. */
class NumberedBlocks extends EVMMockBlockchain {
  override async getBlock(height?: number) {
    return { hash: () => keyOf(height ?? 0).fill(0xbb, 0, 8) }
  }

  override shallowCopy(): this {
    return this
  }
}

/** The library's EVM. */
export async function createStockMachine(): Promise<Machine> {
  const state = new MemoryState()
  const options = { common: commonOf(), stateManager: state, blockchain: new NumberedBlocks() }
  return { evm: await createEVM(options), state }
}

/** Ours, on a state that answers at once or only with promises. */
export async function createFastMachine(isSync: boolean): Promise<Machine<FastEvm>> {
  const state = isSync ? new SyncMemoryState() : new MemoryState()
  const options = { common: commonOf(), stateManager: state, blockchain: new NumberedBlocks() }
  return { evm: await createFastEvm(options), state }
}

function commonOf() {
  return Object.assign(chainCommon.copy(), { customCrypto })
}

/** A handful of contracts with random code, storage and balance, and accounts without. */
export async function createWorld(random: Random): Promise<World> {
  const addresses = [...contracts, ...contracts, ...contracts, ...precompiles, ...others]
  const noCreations: Names = { addresses, initCodes: [Uint8Array.of(0x00)] }
  const initCodes = [0, 1, 2].map(() => writeProgram(random, noCreations, random.below(6)))
  initCodes.push(
    // A contract that writes a slot; an empty one; one that begins with the byte of EIP-3541.
    ...[hex('6460016000556000526005601bf3'), hex('5f5ff3'), hex('60ef5f5360015ff3')],
    // A contract that destroys itself when it is called, and one that never comes to be.
    ...[hex('6133ff5f526002601ef3'), hex('33ff')],
  )
  const names: Names = { addresses, initCodes }
  const state = new MemoryState()
  await state.putAccount(sender, new Account(1n, 10n ** 18n))
  await state.putAccount(createAddressFromBigInt(0xeeee1n), new Account(0n, 77n))
  for (const at of contracts) {
    const address = createAddressFromBigInt(at)
    await state.putAccount(address, new Account(1n, BigInt(random.below(100))))
    await state.putCode(
      address,
      writeProgram(random, names, 1 + random.below(random.oneIn(3) ? 25 : 8)),
    )
    for (let slot = 0; slot < 5; slot++) {
      if (random.oneIn(2)) {
        await state.putStorage(address, keyOf(slot), Uint8Array.of(1 + random.below(3)))
      }
    }
  }
  const target = createAddressFromBigInt(random.pick(contracts))
  const designator = Uint8Array.of(0xef, 0x01, 0x00, ...target.bytes)
  await state.putAccount(createAddressFromBigInt(delegated), new Account(3n, 5n))
  await state.putCode(createAddressFromBigInt(delegated), designator)
  return { state, names }
}

/** A random message into a world: mostly calls, with gas for all, some or nothing of them. */
export function randomMessage(random: Random, { names }: World, gasUsed: number): EVMRunCallOpts {
  const isCreation = random.oneIn(10)
  const gas = random.pick([
    ...[random.below(2_000), random.below(100_000), random.below(gasUsed + 1), gasUsed],
    ...[300_000, 300_000, 300_000, 600_000],
  ])
  const target = random.pick([...contracts, ...contracts, delegated])
  return {
    // Mostly somebody who is there, and whose nonce the message uses.
    caller: random.oneIn(15) ? createAddressFromBigInt(0xabcdefn) : sender,
    skipNonceIncrement: random.oneIn(3),
    gasLimit: BigInt(gas),
    gasPrice: 7n,
    value: random.oneIn(4) ? BigInt(random.below(1_000)) : 0n,
    data: isCreation ? random.pick(names.initCodes) : random.bytes(random.below(100)),
    isStatic: random.oneIn(20),
    block,
    ...(isCreation ? {} : { to: createAddressFromBigInt(target) }),
    // Code that belongs to nobody.
    ...(random.oneIn(12) ? { code: writeProgram(random, names, 5) } : {}),
  }
}

/**
 * Runs a message as a transaction would, and tells everything about it that somebody could see:
 * result, logs, what was warm, the whole state before and after empty accounts went.
 */
export async function runOn(
  { evm, state }: Machine,
  message: EVMRunCallOpts,
): Promise<{ readonly lines: readonly string[]; readonly gasUsed: number }> {
  evm.journal.cleanJournal()
  state.originals.clear()
  evm.journal.addAlwaysWarmAddress(sender.toString())
  evm.journal.addAlwaysWarmAddress('0x0000000000000000000000000000000000000004')
  evm.journal.addAlwaysWarmSlot(addressText(contracts[1] ?? 0n), bytesToHex(keyOf(1)))
  const lines: string[] = []
  const result = await evm.runCall(message).catch((error: unknown) => error)
  if (result instanceof Error || !isResult(result)) return { lines: [String(result)], gasUsed: 0 }
  lines.push(...describe(result), ...warmthOf(evm), ...state.dump())
  await evm.journal.cleanup()
  lines.push('cleaned up', ...state.dump())
  return { lines, gasUsed: Number(result.execResult.executionGasUsed) }
}

function isResult(result: unknown): result is EVMResult {
  return typeof result === 'object' && result !== null && 'execResult' in result
}

function describe({ execResult, createdAddress }: EVMResult): readonly string[] {
  const { returnValue, exceptionError, executionGasUsed, gasRefund, logs } = execResult
  return [
    `returned ${bytesToHex(returnValue)}`,
    `error ${exceptionError?.error}`,
    `gas ${executionGasUsed} left ${exceptionError === undefined ? execResult.gas : '-'}`,
    `refund ${gasRefund}`,
    `created ${createdAddress} of ${[...(execResult.createdAddresses ?? [])].join()}`,
    `destroyed ${[...(execResult.selfdestruct ?? [])].join()}`,
    ...(logs ?? []).map(
      ([at, topics, data]) =>
        `log ${bytesToHex(at)} ${topics.map(bytesToHex).join()} ${bytesToHex(data)}`,
    ),
  ]
}

function warmthOf({ journal }: EVM): readonly string[] {
  const addresses = [...contracts, ...others, ...precompiles].map(createAddressFromBigInt)
  const slots = [0, 1, 2, 3, 4].map(keyOf)
  return addresses
    .filter(({ bytes }) => journal.isWarmedAddress(bytes))
    .map((address) => {
      const warm = slots.filter((slot) => journal.isWarmedStorage(address.bytes, slot))
      return `warm ${address} ${warm.map(bytesToHex).join()}`
    })
}

/** The block that they run in. */
export const block: NonNullable<EVMRunCallOpts['block']> = {
  header: {
    number: 300n,
    coinbase: createAddressFromBigInt(0xeeee1n),
    timestamp: 1_700_000_000n,
    difficulty: 0n,
    prevRandao: keyOf(99),
    gasLimit: 30_000_000n,
    baseFeePerGas: 5n,
    getBlobGasPrice: () => 1n,
  },
}

function keyOf(slot: number): Uint8Array<ArrayBuffer> {
  const key = new Uint8Array(32)
  key[31] = slot
  return key
}

function addressText(at: bigint): string {
  const address: Address = createAddressFromBigInt(at)
  return address.toString()
}

function hex(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text, 'hex'))
}
