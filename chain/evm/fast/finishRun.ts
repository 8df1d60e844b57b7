import { createBlockHeader } from '@ethereumjs/block'
import { bytesToHex, hexToBytes, KECCAK256_RLP, SHA256_NULL } from '@ethereumjs/util'
import { encodeBlock } from '../../codec/block.ts'
import { arrayItems, orderedTrieRoot } from '../../codec/orderedTrie.ts'
import { lazyReceipts } from '../../codec/receipts.ts'
import { keccak256 } from '../../crypto/keccak.ts'
import { checkConservation } from '../conservation.ts'
import type { ExecutedBlock } from '../engine.ts'
import { headerDataOf } from '../header.ts'
import { checkNotEnded } from '../results.ts'
import type { EngineContext } from '../workspace.ts'
import type { FastContext } from './context.ts'
import type { BlockStart } from './openRun.ts'
import { payTips, type Run } from './processor.ts'

/** What transactions have done to a block, as its header states it. */
export type RunResults = {
  readonly stateRoot: Uint8Array
  readonly receiptsRoot: Uint8Array
  readonly logsBloom: Uint8Array
  readonly gasUsed: bigint
  readonly executed: Pick<ExecutedBlock, 'stateRoot' | 'receipts' | 'state' | 'isDegraded'>
}

/**
 * Closes the state after the last transaction and checks what holds after every block.
 * @throws EvmError `EVM_SUPPLY_NOT_CONSERVED`, `EVM_SYSTEM_TX_FAILED_AFTER_END`
 */
export async function finishRun(
  context: FastContext,
  run: Run,
  start: BlockStart,
): Promise<RunResults> {
  const { receipts, state } = run
  const height = start.parent.height + 1n
  context.onStage?.('root')
  payTips(run)
  checkConservation({
    height,
    change: state.balanceChange(),
    gasUsed: receipts.gasUsed,
    baseFeePerGas: run.baseFee,
    hasSelfDestruct: run.hasSelfDestruct,
  })
  const patch = state.finish()
  const { stateRoot } = patch
  context.onStage?.('tries')
  const isDegraded = run.lastStatus !== 1
  if (isDegraded) await checkNotEnded(context, { stateRoot, unsaved: patch }, height)
  return {
    stateRoot: hexToBytes(stateRoot),
    receiptsRoot: receipts.root(),
    logsBloom: receipts.bloom(),
    gasUsed: receipts.gasUsed,
    executed: { stateRoot, receipts: lazyReceipts(receipts.toBytes()), state: patch, isDegraded },
  }
}

/** The block that `results` come from. */
export function sealBlock(
  context: EngineContext,
  start: BlockStart,
  transactions: readonly Uint8Array[],
  results: RunResults,
): ExecutedBlock {
  const header = createBlockHeader(
    {
      ...headerDataOf(start),
      stateRoot: results.stateRoot,
      transactionsTrie: orderedTrieRoot(arrayItems(transactions)),
      receiptTrie: results.receiptsRoot,
      logsBloom: results.logsBloom,
      gasUsed: results.gasUsed,
      withdrawalsRoot: KECCAK256_RLP,
      // Of no requests at all, EIP-7685.
      requestsHash: SHA256_NULL,
    },
    { common: context.common },
  ).serialize()
  return {
    height: start.parent.height + 1n,
    hash: bytesToHex(keccak256(header)),
    raw: encodeBlock(header, transactions),
    timestamp: start.timestamp,
    ...results.executed,
  }
}
