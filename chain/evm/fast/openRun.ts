import { createBlock } from '@ethereumjs/block'
import { createAddressFromString, hexToBytes } from '@ethereumjs/util'
import { createReceiptsWriter } from '../../codec/receiptsWriter.ts'
import { assert } from '../../primitives/assert.ts'
import { FlatState } from '../../state/flatState.ts'
import type { ChainSource, ParentBlock, Proposer } from '../engine.ts'
import { headerDataOf } from '../header.ts'
import type { Pace } from '../pace.ts'
import { BlockHashes, evmOptionsOf, rootOf } from '../workspace.ts'
import type { FastContext } from './context.ts'
import { createFastEvm, type FastEvm } from './interpreter/fastEvm.ts'
import { LOW_ADDRESS_ZEROS, type Run } from './processor.ts'

/** What of a block is known before its transactions run. */
export type BlockStart = {
  readonly parent: ParentBlock
  readonly proposer: Proposer
  readonly timestamp: bigint
  readonly baseFeePerGas: bigint
}

/** @source EIP-4788 */
const beaconRoots = createAddressFromString('0x000f3df6d732807ef1319fb7b8bb8522d0beac02')
const BEACON_ROOTS_LENGTH = 8_191n
/** @source EIP-2935 */
const blockHashes = createAddressFromString('0x0000f90827f1c53a10cb7a02335b175320002935')
const BLOCK_HASHES_LENGTH = 8_191n
/** Where EIP-7002 and EIP-7251 keep requests to a beacon chain. There is none. */
const requests = [
  createAddressFromString('0x00000961ef480eb55e80d19ad83579a64c007002'),
  createAddressFromString('0x0000bbddc7ce488642fb579f8b00f3a590007251'),
] as const
const STOP = 0
const LOW = '00'.repeat(LOW_ADDRESS_ZEROS)

/** Opens the state after the parent for a block, as it is before the first transaction. */
export async function openRun(context: FastContext, start: BlockStart, pace?: Pace): Promise<Run> {
  const { parent, proposer, baseFeePerGas } = start
  const state = new FlatState(context.tree, rootOf(context, { stateRoot: parent.stateRoot }))
  beginBlock(state, start)
  const facts = {
    state,
    block: createBlock({ header: headerDataOf(start) }, { common: context.common }),
    baseFee: baseFeePerGas,
    coinbase: state.entryOf(hexToBytes(proposer.coinbase)),
  }
  return createRun(context, facts, pace)
}

/** What transactions run with, on a state that is open. */
export async function createRun(
  context: Pick<FastContext, 'common' | 'evmOpts' | 'programs'> & {
    readonly source: Pick<ChainSource, 'blockHash'>
  },
  facts: Pick<Run, 'state' | 'block' | 'baseFee' | 'coinbase'>,
  pace?: Pace,
): Promise<Run> {
  const { common, programs } = context
  const openEvm = async (): Promise<FastEvm> => {
    const evm = await createFastEvm({
      ...evmOptionsOf(context.evmOpts, pace?.pulse),
      common,
      stateManager: facts.state,
      blockchain: new BlockHashes(context.source),
      programs,
    })
    evm.pace = pace
    return evm
  }
  const evm = await openEvm()
  const precompiles = [...evm.precompiles.keys()]
  return {
    ...facts,
    evm,
    openEvm,
    chainId: common.chainId(),
    highPrecompiles: new Set(precompiles.filter((address) => !address.startsWith(LOW))),
    receipts: createReceiptsWriter(),
    tips: 0n,
    hasRun: false,
    lastStatus: 0,
    hasSelfDestruct: false,
  }
}

/** What every block writes before its transactions, as far as the contracts for it are there. */
function beginBlock(state: FlatState, { parent, timestamp }: BlockStart): void {
  if (state.getCodeSync(beaconRoots).length > 0) {
    const slot = timestamp % BEACON_ROOTS_LENGTH
    state.putStorageSync(beaconRoots, wordOf(slot), wordOf(timestamp))
    const root = hexToBytes(parent.certificate.hash)
    state.putStorageSync(beaconRoots, wordOf(slot + BEACON_ROOTS_LENGTH), root)
  }
  if (state.getCodeSync(blockHashes).length > 0) {
    const slot = parent.height % BLOCK_HASHES_LENGTH
    state.putStorageSync(blockHashes, wordOf(slot), hexToBytes(parent.hash))
  }
  for (const address of requests) {
    const [first = STOP] = state.getCodeSync(address)
    assert(first === STOP, 'a chain without a beacon chain collects no requests for one')
  }
}

function wordOf(value: bigint): Uint8Array {
  return hexToBytes(`0x${value.toString(16).padStart(64, '0')}`)
}
