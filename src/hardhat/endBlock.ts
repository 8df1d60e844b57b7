import { numberToHex } from 'viem'
import type { Address, Hash, Hex } from '../../chain/primitives/hex.ts'
import { type EndBlockInput, encodeEndBlock, systemTxTarget } from '../../chain/system/encoders.ts'
import { proposerAt, type RPCProvider } from './loadGenesis.ts'

/** The fields of a block that its child's system transaction reports. */
type ParentBlock = {
  readonly number: Hex
  readonly gasUsed: Hex
  readonly baseFeePerGas: Hex
  readonly miner: Address
}

export type EndBlockOptions = {
  /** Gas limit of the system transaction. */
  readonly systemTxGas: bigint
  /** What differs from the facts about the parent. */
  readonly input?: Partial<EndBlockInput>
}

/**
 * Mines a block that holds the system transaction, sent by the proposer with real fees, as the last
 * of every block of the chain is. Resolves with its hash.
 */
export async function endBlock(provider: RPCProvider, options: EndBlockOptions): Promise<Hash> {
  const send = (method: string, ...params: unknown[]) => provider.request({ method, params })
  // The shape is that of the JSON-RPC specification.
  const parent = (await send('eth_getBlockByNumber', 'latest', false)) as ParentBlock
  const input = { ...inputAfter(parent), ...options.input }
  const from = await proposerAt(provider, input.height)

  await send('hardhat_setCoinbase', from)
  await send('hardhat_impersonateAccount', from)
  try {
    const pending = (await send('eth_getBlockByNumber', 'pending', false)) as ParentBlock
    const hash = await send('eth_sendTransaction', {
      from,
      to: systemTxTarget,
      data: encodeEndBlock(input),
      gas: numberToHex(options.systemTxGas),
      maxFeePerGas: pending.baseFeePerGas,
      maxPriorityFeePerGas: '0x0',
    })
    return hash as Hash // the method answers with the transaction's hash
  } finally {
    await send('hardhat_stopImpersonatingAccount', from)
  }
}

/** The input that follows from the parent on a chain with one seat that never misses its turn. */
export function inputAfter(parent: ParentBlock): EndBlockInput {
  return {
    height: BigInt(parent.number) + 1n,
    parentRound: 0,
    parentGasUsed: BigInt(parent.gasUsed),
    parentBaseFee: BigInt(parent.baseFeePerGas),
    parentProposer: parent.miner,
    parentSigners: 1n,
    skippedSeats: [],
    evidence: [],
  }
}
