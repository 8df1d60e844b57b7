import { abortSlot } from './actions/abortSlot.ts'
import { acceptSlot } from './actions/acceptSlot.ts'
import { activateOracle } from './actions/activateOracle.ts'
import { advanceTask } from './actions/advanceTask.ts'
import { appealDispute } from './actions/appealDispute.ts'
import { askForChunk } from './actions/askForChunk.ts'
import { cancelLease } from './actions/cancelLease.ts'
import { cancelTask } from './actions/cancelTask.ts'
import { castVote } from './actions/castVote.ts'
import { castVoteWithBalanceProof } from './actions/castVoteWithBalanceProof.ts'
import { checkpointLease } from './actions/checkpointLease.ts'
import { claimOracleFee } from './actions/claimOracleFee.ts'
import { claimReward } from './actions/claimReward.ts'
import { closeDispute } from './actions/closeDispute.ts'
import { closeLease } from './actions/closeLease.ts'
import { commitProducts } from './actions/commitProducts.ts'
import { commitResult } from './actions/commitResult.ts'
import { createLease } from './actions/createLease.ts'
import { createTask } from './actions/createTask.ts'
import { decideDispute } from './actions/decideDispute.ts'
import { declareKinds } from './actions/declareKinds.ts'
import { declineSlot } from './actions/declineSlot.ts'
import { depositCollateral } from './actions/depositCollateral.ts'
import { executeProposal } from './actions/executeProposal.ts'
import { expireTask } from './actions/expireTask.ts'
import { extendLease } from './actions/extendLease.ts'
import { finalizeTask } from './actions/finalizeTask.ts'
import { getBalanceProof } from './actions/getBalanceProof.ts'
import { getBondFor } from './actions/getBondFor.ts'
import { getChallengeRound } from './actions/getChallengeRound.ts'
import { getCollateral } from './actions/getCollateral.ts'
import { getCommittee } from './actions/getCommittee.ts'
import { getCredit } from './actions/getCredit.ts'
import { getDispute } from './actions/getDispute.ts'
import { getHead } from './actions/getHead.ts'
import { getKinds } from './actions/getKinds.ts'
import { getLease } from './actions/getLease.ts'
import { getManifest } from './actions/getManifest.ts'
import { getNode } from './actions/getNode.ts'
import { getNodeSeed } from './actions/getNodeSeed.ts'
import { getNotices } from './actions/getNotices.ts'
import { getOrder } from './actions/getOrder.ts'
import { getParam } from './actions/getParam.ts'
import { getPriceFeed } from './actions/getPriceFeed.ts'
import { getReason } from './actions/getReason.ts'
import { getRecheck } from './actions/getRecheck.ts'
import { getReward } from './actions/getReward.ts'
import { getSamples } from './actions/getSamples.ts'
import { getSlice } from './actions/getSlice.ts'
import { getSlot } from './actions/getSlot.ts'
import { getSupply } from './actions/getSupply.ts'
import { getTask } from './actions/getTask.ts'
import { getTaskEvents } from './actions/getTaskEvents.ts'
import { lockVotes } from './actions/lockVotes.ts'
import { openDispute } from './actions/openDispute.ts'
import { openProducts } from './actions/openProducts.ts'
import { payJuror } from './actions/payJuror.ts'
import { postCoinPrice } from './actions/postCoinPrice.ts'
import { postNotice } from './actions/postNotice.ts'
import { propose } from './actions/propose.ts'
import { queueProposal } from './actions/queueProposal.ts'
import { quoteTask } from './actions/quoteTask.ts'
import { rateTask } from './actions/rateTask.ts'
import { refundLease } from './actions/refundLease.ts'
import { registerNode } from './actions/registerNode.ts'
import { retireNode } from './actions/retireNode.ts'
import { revealResult } from './actions/revealResult.ts'
import { showChunk } from './actions/showChunk.ts'
import { signBallot } from './actions/signBallot.ts'
import { submitRecheck } from './actions/submitRecheck.ts'
import { submitReport } from './actions/submitReport.ts'
import { takeLease } from './actions/takeLease.ts'
import { unlockVotes } from './actions/unlockVotes.ts'
import { voteOnDispute } from './actions/voteOnDispute.ts'
import { watchTask } from './actions/watchTask.ts'
import { withdrawCollateral } from './actions/withdrawCollateral.ts'
import { withdrawCredit } from './actions/withdrawCredit.ts'
import { withdrawLeaseCredit } from './actions/withdrawLeaseCredit.ts'
import type { PocaClient } from './transactions.ts'

/** What `pocaActions` adds: every action with the client given. */
export type PocaActions = {
  readonly [name in keyof typeof actions]: Bound<(typeof actions)[name]>
}

/**
 * Adds the actions of POCA to a viem client. Those that send need a client with an account; they
 * wait until their transaction is in a block.
 *
 * @example createWalletClient({ account, chain: pocaDev, transport: http() }).extend(pocaActions())
 */
export function pocaActions() {
  return (client: PocaClient): PocaActions => {
    const bound = Object.entries<Action>(actions).map(([name, action]) => [
      name,
      (...parameters: never[]) => action(client, ...parameters),
    ])
    // The names and functions of `actions`, less the first parameter.
    return Object.fromEntries(bound) as PocaActions
  }
}

type Action = (client: PocaClient, ...parameters: never[]) => unknown

type Bound<A> = A extends (client: PocaClient, ...parameters: infer P) => infer R
  ? (...parameters: P) => R
  : never

const actions = {
  abortSlot,
  acceptSlot,
  activateOracle,
  advanceTask,
  appealDispute,
  askForChunk,
  cancelLease,
  cancelTask,
  castVote,
  castVoteWithBalanceProof,
  checkpointLease,
  claimOracleFee,
  claimReward,
  closeDispute,
  closeLease,
  commitProducts,
  commitResult,
  createLease,
  createTask,
  decideDispute,
  declareKinds,
  declineSlot,
  depositCollateral,
  executeProposal,
  expireTask,
  extendLease,
  finalizeTask,
  getBalanceProof,
  getBondFor,
  getChallengeRound,
  getCollateral,
  getCommittee,
  getCredit,
  getDispute,
  getHead,
  getKinds,
  getLease,
  getManifest,
  getNode,
  getNodeSeed,
  getNotices,
  getOrder,
  getParam,
  getPriceFeed,
  getReason,
  getRecheck,
  getReward,
  getSamples,
  getSlice,
  getSlot,
  getSupply,
  getTask,
  getTaskEvents,
  lockVotes,
  openDispute,
  openProducts,
  payJuror,
  postCoinPrice,
  postNotice,
  propose,
  queueProposal,
  quoteTask,
  rateTask,
  refundLease,
  registerNode,
  retireNode,
  revealResult,
  showChunk,
  signBallot,
  submitRecheck,
  submitReport,
  takeLease,
  unlockVotes,
  voteOnDispute,
  watchTask,
  withdrawCollateral,
  withdrawCredit,
  withdrawLeaseCredit,
} as const
