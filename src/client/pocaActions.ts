import { abortSlot } from './actions/abortSlot.ts'
import { acceptSlot } from './actions/acceptSlot.ts'
import { activateOracle } from './actions/activateOracle.ts'
import { advanceTask } from './actions/advanceTask.ts'
import { answerChallenge } from './actions/answerChallenge.ts'
import { askForChunk } from './actions/askForChunk.ts'
import { cancelTask } from './actions/cancelTask.ts'
import { castVote } from './actions/castVote.ts'
import { castVoteWithBalanceProof } from './actions/castVoteWithBalanceProof.ts'
import { claimOracleFee } from './actions/claimOracleFee.ts'
import { claimReward } from './actions/claimReward.ts'
import { commitResult } from './actions/commitResult.ts'
import { createTask } from './actions/createTask.ts'
import { declineSlot } from './actions/declineSlot.ts'
import { depositCollateral } from './actions/depositCollateral.ts'
import { executeProposal } from './actions/executeProposal.ts'
import { expireTask } from './actions/expireTask.ts'
import { finalizeTask } from './actions/finalizeTask.ts'
import { getBalanceProof } from './actions/getBalanceProof.ts'
import { getCollateral } from './actions/getCollateral.ts'
import { getCommittee } from './actions/getCommittee.ts'
import { getCredit } from './actions/getCredit.ts'
import { getHead } from './actions/getHead.ts'
import { getManifest } from './actions/getManifest.ts'
import { getNode } from './actions/getNode.ts'
import { getNodeSeed } from './actions/getNodeSeed.ts'
import { getNotices } from './actions/getNotices.ts'
import { getOrder } from './actions/getOrder.ts'
import { getParam } from './actions/getParam.ts'
import { getPriceFeed } from './actions/getPriceFeed.ts'
import { getReason } from './actions/getReason.ts'
import { getReward } from './actions/getReward.ts'
import { getSlice } from './actions/getSlice.ts'
import { getSlot } from './actions/getSlot.ts'
import { getSupply } from './actions/getSupply.ts'
import { getTask } from './actions/getTask.ts'
import { getTaskEvents } from './actions/getTaskEvents.ts'
import { lockVotes } from './actions/lockVotes.ts'
import { postCoinPrice } from './actions/postCoinPrice.ts'
import { postNotice } from './actions/postNotice.ts'
import { propose } from './actions/propose.ts'
import { queueProposal } from './actions/queueProposal.ts'
import { quoteTask } from './actions/quoteTask.ts'
import { rateTask } from './actions/rateTask.ts'
import { registerNode } from './actions/registerNode.ts'
import { retireNode } from './actions/retireNode.ts'
import { revealResult } from './actions/revealResult.ts'
import { showChunk } from './actions/showChunk.ts'
import { signBallot } from './actions/signBallot.ts'
import { submitPowerReport } from './actions/submitPowerReport.ts'
import { submitReport } from './actions/submitReport.ts'
import { unlockVotes } from './actions/unlockVotes.ts'
import { watchTask } from './actions/watchTask.ts'
import { withdrawCollateral } from './actions/withdrawCollateral.ts'
import { withdrawCredit } from './actions/withdrawCredit.ts'
import type { PocaClient } from './transactions.ts'

/**
 * Adds the actions of POCA to a viem client. Those that send need a client with an account; they
 * wait until their transaction is in a block.
 *
 * @example createWalletClient({ account, chain: pocaDev, transport: http() }).extend(pocaActions())
 */
export function pocaActions() {
  return (client: PocaClient) => ({
    abortSlot: bind(client, abortSlot),
    acceptSlot: bind(client, acceptSlot),
    activateOracle: bind(client, activateOracle),
    advanceTask: bind(client, advanceTask),
    answerChallenge: bind(client, answerChallenge),
    askForChunk: bind(client, askForChunk),
    cancelTask: bind(client, cancelTask),
    castVote: bind(client, castVote),
    castVoteWithBalanceProof: bind(client, castVoteWithBalanceProof),
    claimOracleFee: bind(client, claimOracleFee),
    claimReward: bind(client, claimReward),
    commitResult: bind(client, commitResult),
    createTask: bind(client, createTask),
    declineSlot: bind(client, declineSlot),
    depositCollateral: bind(client, depositCollateral),
    executeProposal: bind(client, executeProposal),
    expireTask: bind(client, expireTask),
    finalizeTask: bind(client, finalizeTask),
    getBalanceProof: bind(client, getBalanceProof),
    getCollateral: bind(client, getCollateral),
    getCommittee: bind(client, getCommittee),
    getCredit: bind(client, getCredit),
    getHead: bind(client, getHead),
    getManifest: bind(client, getManifest),
    getNode: bind(client, getNode),
    getNodeSeed: bind(client, getNodeSeed),
    getNotices: bind(client, getNotices),
    getOrder: bind(client, getOrder),
    getParam: bind(client, getParam),
    getPriceFeed: bind(client, getPriceFeed),
    getReason: bind(client, getReason),
    getReward: bind(client, getReward),
    getSlice: bind(client, getSlice),
    getSlot: bind(client, getSlot),
    getSupply: bind(client, getSupply),
    getTask: bind(client, getTask),
    getTaskEvents: bind(client, getTaskEvents),
    lockVotes: bind(client, lockVotes),
    postCoinPrice: bind(client, postCoinPrice),
    postNotice: bind(client, postNotice),
    propose: bind(client, propose),
    queueProposal: bind(client, queueProposal),
    quoteTask: bind(client, quoteTask),
    rateTask: bind(client, rateTask),
    registerNode: bind(client, registerNode),
    retireNode: bind(client, retireNode),
    revealResult: bind(client, revealResult),
    showChunk: bind(client, showChunk),
    signBallot: bind(client, signBallot),
    submitPowerReport: bind(client, submitPowerReport),
    submitReport: bind(client, submitReport),
    unlockVotes: bind(client, unlockVotes),
    watchTask: bind(client, watchTask),
    withdrawCollateral: bind(client, withdrawCollateral),
    withdrawCredit: bind(client, withdrawCredit),
  })
}

/** What `pocaActions` adds. */
export type PocaActions = ReturnType<ReturnType<typeof pocaActions>>

function bind<P extends readonly unknown[], R>(
  client: PocaClient,
  action: (client: PocaClient, ...parameters: P) => R,
): (...parameters: P) => R {
  return (...parameters) => action(client, ...parameters)
}
