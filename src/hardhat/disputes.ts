import { parseEventLogs, type TransactionReceipt } from 'viem'
import type { Address } from '../../chain/primitives/hex.ts'
import { abis } from '../../chain/system/abis.ts'
import { disputeStates } from '../client/states.ts'
import { accountOf, type RoleAccount, roleAccounts } from './accounts.ts'
import { type Stage, stuck } from './stage.ts'
import { warp } from './time.ts'

/** Who doubts a result. */
export type DisputeOptions = {
  /** Pays the bond; the first holder when left out. */
  readonly opener?: RoleAccount
}

/** A dispute that has ended, and the transaction in which it did. */
export type EndedDispute = {
  readonly disputeId: bigint
  readonly isFaulty: boolean
  readonly receipt: TransactionReceipt
}

/** Blocks after which a jury has to be drawn. */
const drawBlocksMax = 8

/** Pays the bond in and has a slot executed again by a jury. Resolves with the dispute's number. */
export async function openDispute(
  stage: Stage,
  taskId: bigint,
  slot: number,
  { opener = roleAccounts().holders[0] }: DisputeOptions = {},
): Promise<bigint> {
  if (opener === undefined) throw stuck('an account that doubts')
  const { disputeCourt, collateralVault } = stage.contractsAs(opener)
  const bond = await disputeCourt.read.bondFor([taskId])
  const free = await collateralVault.read.freeOf([opener.address])
  if (free < bond) await collateralVault.write.deposit({ value: bond - free })
  const hash = await disputeCourt.write.openDispute([taskId, slot])
  const { logs } = await stage.client.getTransactionReceipt({ hash })
  const [opened] = parseEventLogs({ abi: abis.disputeCourt, eventName: 'DisputeOpened', logs })
  if (opened === undefined) throw stuck('the event DisputeOpened')
  return opened.args.disputeId
}

/** Has every juror of the round vote the same. */
export async function voteOnDispute(
  stage: Stage,
  disputeId: bigint,
  isFaulty: boolean,
): Promise<void> {
  const { disputeCourt, oracleHub } = stage.contractsAs(roleAccounts().client)
  const { round } = await disputeCourt.read.disputeOf([disputeId])
  const key = await disputeCourt.read.juryKeyOf([disputeId, round])
  const jury = await stage.until(drawBlocksMax, () => oracleHub.read.committeeOf([BigInt(key)]))
  if (jury === undefined) throw stuck(`the jury of dispute ${disputeId}`)
  const [members]: readonly [readonly Address[], `0x${string}`, number] = jury
  for (const member of members) {
    await stage.contractsAs(accountOf(member)).disputeCourt.write.vote([disputeId, isFaulty])
  }
}

/** Counts the votes, lets the time to appeal pass, and carries out what was decided. */
export async function closeDispute(stage: Stage, disputeId: bigint): Promise<EndedDispute> {
  const { disputeCourt } = stage.contractsAs(roleAccounts().client)
  const before = await disputeCourt.read.disputeOf([disputeId])
  if (before.state === disputeStates.voting) await disputeCourt.write.decide([disputeId])
  const { deadline, isFaulty } = await disputeCourt.read.disputeOf([disputeId])
  const after = BigInt(deadline) + 1n
  if (after > (await stage.now())) await warp(stage.time, { to: after })
  const hash = await disputeCourt.write.close([disputeId])
  const receipt = await stage.client.getTransactionReceipt({ hash })
  return { disputeId, isFaulty, receipt }
}
