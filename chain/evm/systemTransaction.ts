import type { Block } from '@ethereumjs/block'
import type { Common } from '@ethereumjs/common'
import { createFeeMarket1559Tx, type TypedTransaction } from '@ethereumjs/tx'
import { bytesToHex } from '@ethereumjs/util'
import { decodeSignature } from '../crypto/secp256k1.ts'
import type { Hex } from '../primitives/hex.ts'
import type { EndBlockInput } from '../system/encoders.ts'
import type { ParentBlock, Proposer, SystemRules } from './engine.ts'
import { invalidBlock } from './errors.ts'

/** What every node derives for the block after `parent`. */
export function endBlockInputOf(parent: ParentBlock): EndBlockInput {
  return {
    height: parent.height + 1n,
    parentRound: parent.certificate.round,
    parentGasUsed: parent.gasUsed,
    parentBaseFee: parent.baseFeePerGas,
    parentProposer: parent.coinbase,
    parentSigners: parent.certificate.signers,
    skippedSeats: [],
    evidence: [],
  }
}

/** The proposer's signed call of `endBlock`. */
export function createSystemTransaction(facts: {
  readonly common: Common
  readonly rules: SystemRules
  readonly parent: ParentBlock
  readonly baseFeePerGas: bigint
  readonly nonce: bigint
  readonly sign: (hash: Uint8Array) => Uint8Array
}): TypedTransaction {
  const { common, rules, parent, baseFeePerGas, nonce } = facts
  const unsigned = createFeeMarket1559Tx(
    {
      chainId: common.chainId(),
      nonce,
      gasLimit: rules.gas,
      maxFeePerGas: baseFeePerGas,
      maxPriorityFeePerGas: 0n,
      to: rules.hub,
      value: 0n,
      data: rules.encodeEndBlock(endBlockInputOf(parent)),
    },
    { common },
  )
  const { r, s, yParity } = decodeSignature(facts.sign(unsigned.getHashedMessageToSign()))
  return unsigned.addSignature(BigInt(yParity), r, s)
}

/** Whether a transaction calls `endBlock` of the hub, which only the last one may. */
export function callsEndBlock(tx: TypedTransaction, rules: SystemRules): boolean {
  return (
    tx.to?.toString() === rules.hub && bytesToHex(tx.data.slice(0, 4)) === rules.endBlockSelector
  )
}

/**
 * The last transaction is the one that this node derives, and no other ends the block.
 * @throws EvmError `EVM_SYSTEM_TX_MISSING`, `EVM_SYSTEM_TX_WRONG`, `EVM_SYSTEM_TX_EXTRA`,
 *   `EVM_BLOB_TRANSACTION`
 */
export function checkSystemTransaction(block: Block, facts: SystemTransactionFacts): void {
  const { rules } = facts
  const last = block.transactions.length - 1
  for (const [index, tx] of block.transactions.entries()) {
    if (tx.type === 3) {
      throw invalidBlock({ code: 'EVM_BLOB_TRANSACTION', index }, `carries a blob transaction`)
    }
    if (index !== last && callsEndBlock(tx, rules)) {
      const text = `calls endBlock in transaction ${index}, before its last one`
      throw invalidBlock({ code: 'EVM_SYSTEM_TX_EXTRA', index }, text)
    }
  }
  checkLastTransaction(block.transactions[last], facts)
}

/** What the last transaction of a block must be. */
export type SystemTransactionFacts = {
  readonly rules: SystemRules
  readonly parent: ParentBlock
  readonly proposer: Proposer
  readonly baseFeePerGas: bigint
}

/**
 * The last transaction is the one that this node derives.
 * @throws EvmError `EVM_SYSTEM_TX_MISSING`, `EVM_SYSTEM_TX_WRONG`
 */
export function checkLastTransaction(
  tx: TypedTransaction | undefined,
  { rules, parent, proposer, baseFeePerGas }: SystemTransactionFacts,
): void {
  if (tx === undefined || !callsEndBlock(tx, rules)) {
    const facts = { code: 'EVM_SYSTEM_TX_MISSING', height: parent.height + 1n } as const
    throw invalidBlock(facts, 'does not end with a call of SystemHub.endBlock')
  }
  const must = (field: string, holds: boolean): void => {
    if (holds) return
    const text = `ends with a system transaction whose ${field} is not the one that is due`
    throw invalidBlock({ code: 'EVM_SYSTEM_TX_WRONG', field }, text)
  }
  must('type', tx.type === 2 && 'maxFeePerGas' in tx)
  if (!('maxFeePerGas' in tx)) return
  const data: Hex = bytesToHex(tx.data)
  must('sender', senderOf(tx) === proposer.coinbase)
  must('data', data === rules.encodeEndBlock(endBlockInputOf(parent)))
  must('gasLimit', tx.gasLimit === rules.gas)
  must('maxFeePerGas', tx.maxFeePerGas === baseFeePerGas)
  must('maxPriorityFeePerGas', tx.maxPriorityFeePerGas === 0n)
  must('value', tx.value === 0n)
  must('accessList', tx.accessList.length === 0)
}

function senderOf(tx: TypedTransaction): string | undefined {
  try {
    return tx.getSenderAddress().toString()
  } catch {
    return undefined
  }
}
