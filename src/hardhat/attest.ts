import { keccak256, stringToHex, type TransactionReceipt } from 'viem'
import type { Address } from '../../chain/primitives/hex.ts'
import { hashTaskAttestation } from '../client/attestations.ts'
import { verdicts } from '../client/states.ts'
import { roleAccounts } from './accounts.ts'
import { firstOf, signAs } from './signatures.ts'
import { type Stage, stuck } from './stage.ts'

/** What the oracles of a task report about a slot. */
export type AttestOptions = {
  readonly verdict?: keyof typeof verdicts
  /** Indexes in the committee of those who sign; a quorum of the first when left out. */
  readonly signers?: readonly number[]
  /** Seconds for which the report may be submitted. */
  readonly validSeconds?: number
}

/** Blocks after which a task's committee has to be drawn. */
const drawBlocksMax = 8

/** Signs a report with the keys of the task's own committee and submits it. */
export async function attestSlot(
  stage: Stage,
  taskId: bigint,
  slot: number,
  { verdict = 'valid', signers, validSeconds = 3_600 }: AttestOptions = {},
): Promise<TransactionReceipt> {
  const { oracleHub, taskMarket } = stage.contractsAs(roleAccounts().client)
  const committee = await stage.until(drawBlocksMax, () => oracleHub.read.committeeOf([taskId]))
  if (committee === undefined) throw stuck(`the committee of task ${taskId}`)
  const [members, configDigest, quorum]: readonly [readonly Address[], `0x${string}`, number] =
    committee
  const [task, { attempt, resultRoot, doneUnits }] = await Promise.all([
    taskMarket.read.taskOf([taskId]),
    taskMarket.read.slotOf([taskId, slot]),
  ])
  const message = {
    configDigest,
    taskId,
    slot,
    attempt,
    verdict: verdicts[verdict],
    resultRoot,
    inputRoot: task.manifestHash,
    workUnits: doneUnits,
    evidenceRoot: keccak256(stringToHex(`evidence ${taskId}/${slot}`)),
    validUntil: Number(await stage.now()) + validSeconds,
  }
  const hash = hashTaskAttestation(stage.chainId, message)
  const signed = await signAs(members, signers ?? firstOf(quorum), hash)
  const sent = await oracleHub.write.submitReport([message, signed.bitmap, signed.signatures])
  return stage.client.getTransactionReceipt({ hash: sent })
}
