import { encodeFunctionData, type Hex } from 'viem'
import type { Intent } from '../signIntent.ts'
import { stressAbi, stressAddress } from '../stressContract.ts'
import type { WorkloadContext } from '../workloads.ts'

const gas = 2_000_000n

type Kind = 'store' | 'hash' | 'create' | 'nest'
type IntentOf = (index: number, context: WorkloadContext) => Intent

const encoders: Readonly<Record<Kind, (index: number) => Hex>> = {
  // 32 slots, half of them written for the first time.
  store: (index) =>
    encodeFunctionData({
      abi: stressAbi,
      functionName: 'store',
      args: [BigInt(index * 16), 32n],
    }),
  hash: () => encodeFunctionData({ abi: stressAbi, functionName: 'hash', args: [1_000n] }),
  create: () => encodeFunctionData({ abi: stressAbi, functionName: 'create', args: [8n] }),
  nest: () => encodeFunctionData({ abi: stressAbi, functionName: 'nest', args: [24n] }),
}

const kinds: readonly Kind[] = ['store', 'hash', 'create', 'nest']

/** Calls that do one kind of heavy work each. */
export const stressKinds: Readonly<Record<Kind, IntentOf>> = {
  store: (index, context) => callStress('store', index, context),
  hash: (index, context) => callStress('hash', index, context),
  create: (index, context) => callStress('create', index, context),
  nest: (index, context) => callStress('nest', index, context),
}

/** The kinds by turns. */
export function stress(index: number, context: WorkloadContext): Intent {
  return callStress(kinds[index % kinds.length] ?? 'store', index, context)
}

function callStress(kind: Kind, index: number, { accounts }: WorkloadContext): Intent {
  const sender = index % accounts.senders.length
  return { sender, to: stressAddress, value: 0n, data: encoders[kind](index), gas }
}
