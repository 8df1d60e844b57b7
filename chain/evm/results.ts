import type { Block } from '@ethereumjs/block'
import type { TypedTransaction } from '@ethereumjs/tx'
import { bytesToHex } from '@ethereumjs/util'
import type { RunTxResult } from '@ethereumjs/vm'
import { keepReceipts } from '../codec/receipts.ts'
import { assert } from '../primitives/assert.ts'
import type { Receipt } from '../primitives/receipt.ts'
import { checkConservation } from './conservation.ts'
import type { ExecutedBlock, StateRef } from './engine.ts'
import { invalidBlock } from './errors.ts'
import { readNumber } from './systemRead.ts'
import type { EngineContext, Workspace } from './workspace.ts'

/** Checks what holds after every block and gathers what is kept of it. */
export async function finishBlock(
  context: EngineContext,
  workspace: Workspace,
  block: Block,
  results: readonly RunTxResult[],
): Promise<ExecutedBlock> {
  const { header } = block
  const stateRoot = bytesToHex(header.stateRoot)
  const receipts = receiptsOf(block, results)
  checkConservation({
    height: header.number,
    change: await workspace.state.balanceChange(),
    gasUsed: header.gasUsed,
    baseFeePerGas: header.baseFeePerGas ?? 0n,
    hasSelfDestruct: results.some(destroysWhatItCreated),
  })
  const state = workspace.overlay.patch(stateRoot)
  const isDegraded = receipts.at(-1)?.status !== 1
  if (isDegraded) await checkNotEnded(context, { stateRoot, unsaved: state }, header.number)
  return {
    height: header.number,
    hash: bytesToHex(block.hash()),
    raw: block.serialize(),
    stateRoot,
    timestamp: header.timestamp,
    receipts: keepReceipts(receipts),
    state,
    isDegraded,
  }
}

/** What transactions did, in the form that is kept. */
function receiptsOf(block: Block, results: readonly RunTxResult[]): readonly Receipt[] {
  const baseFee = block.header.baseFeePerGas ?? 0n
  return results.map((result, index) => {
    const tx = block.transactions[index]
    assert(tx !== undefined, 'each result belongs to a transaction')
    const { receipt } = result
    assert('status' in receipt, 'receipts have a status since Byzantium')
    return {
      type: tx.type,
      status: receipt.status === 1 ? 1 : 0,
      from: bytesToHex(tx.getSenderAddress().bytes),
      to: tx.to === undefined ? null : bytesToHex(tx.to.bytes),
      contractAddress:
        tx.to === undefined && result.createdAddress !== undefined
          ? bytesToHex(result.createdAddress.bytes)
          : null,
      gasUsed: result.totalGasSpent,
      cumulativeGasUsed: receipt.cumulativeBlockGasUsed,
      effectiveGasPrice: effectiveGasPrice(tx, baseFee),
      logs: receipt.logs.map(([address, topics, data]) => ({
        address: bytesToHex(address),
        topics: topics.map((topic) => bytesToHex(topic)),
        data: bytesToHex(data),
      })),
    }
  })
}

/** Wei per gas that a transaction pays at `baseFee`. */
function effectiveGasPrice(tx: TypedTransaction, baseFee: bigint): bigint {
  if (!('maxFeePerGas' in tx)) return tx.gasPrice
  const wanted = baseFee + tx.maxPriorityFeePerGas
  return wanted < tx.maxFeePerGas ? wanted : tx.maxFeePerGas
}

/** EIP-6780: destruction is real only in the transaction that created the contract. */
function destroysWhatItCreated({ execResult }: RunTxResult): boolean {
  for (const address of execResult.selfdestruct?.keys() ?? []) {
    if (execResult.createdAddresses?.has(address) === true) return true
  }
  return false
}

/** A failed system transaction is tolerated only when the hub did not run. */
export async function checkNotEnded(
  context: EngineContext,
  at: StateRef,
  height: bigint,
): Promise<void> {
  const last = await readNumber(context, at, context.rules.lastBlock)
  if (last !== height) return
  const text = 'ends with a failed system transaction although the hub has already ended it'
  throw invalidBlock({ code: 'EVM_SYSTEM_TX_FAILED_AFTER_END', height }, text)
}
