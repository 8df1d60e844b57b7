export { balanceProofsAbi } from '../../chain/system/abi/balanceProofs.ts'
export { collateralVaultAbi } from '../../chain/system/abi/collateralVault.ts'
export { disputeCourtAbi } from '../../chain/system/abi/disputeCourt.ts'
export { emissionReserveAbi } from '../../chain/system/abi/emissionReserve.ts'
export { leaseMarketAbi } from '../../chain/system/abi/leaseMarket.ts'
export { nodeRegistryAbi } from '../../chain/system/abi/nodeRegistry.ts'
export { oracleHubAbi } from '../../chain/system/abi/oracleHub.ts'
export { pocaGovernorAbi } from '../../chain/system/abi/pocaGovernor.ts'
export { priceBookAbi } from '../../chain/system/abi/priceBook.ts'
export { protocolParamsAbi } from '../../chain/system/abi/protocolParams.ts'
export { reputationAbi } from '../../chain/system/abi/reputation.ts'
export { rewardDistributorAbi } from '../../chain/system/abi/rewardDistributor.ts'
export { rewardFormulaAbi } from '../../chain/system/abi/rewardFormula.ts'
export { supplyMeterAbi } from '../../chain/system/abi/supplyMeter.ts'
export { systemHubAbi } from '../../chain/system/abi/systemHub.ts'
export { taskEscrowAbi } from '../../chain/system/abi/taskEscrow.ts'
export { taskMarketAbi } from '../../chain/system/abi/taskMarket.ts'
export { timelockAbi } from '../../chain/system/abi/timelock.ts'
export { treasuryAbi } from '../../chain/system/abi/treasury.ts'
export { votingPowerAbi } from '../../chain/system/abi/votingPower.ts'
export { whpcAbi } from '../../chain/system/abi/whpc.ts'
export { predeploys } from '../../chain/system/addresses.ts'
export {
  type AbortSlotParameters,
  type AbortSlotReturnType,
  abortSlot,
} from './actions/abortSlot.ts'
export {
  type AcceptSlotParameters,
  type AcceptSlotReturnType,
  acceptSlot,
} from './actions/acceptSlot.ts'
export { type ActivateOracleReturnType, activateOracle } from './actions/activateOracle.ts'
export {
  type AdvanceTaskParameters,
  type AdvanceTaskReturnType,
  advanceTask,
} from './actions/advanceTask.ts'
export {
  type AppealDisputeParameters,
  type AppealDisputeReturnType,
  appealDispute,
} from './actions/appealDispute.ts'
export {
  type AskForChunkParameters,
  type AskForChunkReturnType,
  askForChunk,
} from './actions/askForChunk.ts'
export {
  type CancelLeaseParameters,
  type CancelLeaseReturnType,
  cancelLease,
} from './actions/cancelLease.ts'
export {
  type CancelTaskParameters,
  type CancelTaskReturnType,
  cancelTask,
} from './actions/cancelTask.ts'
export {
  type CastVoteParameters,
  type CastVoteReturnType,
  castVote,
  type VoteSupport,
} from './actions/castVote.ts'
export {
  type CastVoteWithBalanceProofParameters,
  type CastVoteWithBalanceProofReturnType,
  castVoteWithBalanceProof,
} from './actions/castVoteWithBalanceProof.ts'
export {
  type CheckpointLeaseParameters,
  type CheckpointLeaseReturnType,
  checkpointLease,
} from './actions/checkpointLease.ts'
export {
  type ClaimOracleFeeParameters,
  type ClaimOracleFeeReturnType,
  claimOracleFee,
} from './actions/claimOracleFee.ts'
export {
  type ClaimRewardParameters,
  type ClaimRewardReturnType,
  claimReward,
} from './actions/claimReward.ts'
export {
  type CloseDisputeParameters,
  type CloseDisputeReturnType,
  closeDispute,
} from './actions/closeDispute.ts'
export {
  type CloseLeaseParameters,
  type CloseLeaseReturnType,
  closeLease,
} from './actions/closeLease.ts'
export {
  type CommitProductsParameters,
  type CommitProductsReturnType,
  commitProducts,
} from './actions/commitProducts.ts'
export {
  type CommitResultParameters,
  type CommitResultReturnType,
  commitResult,
} from './actions/commitResult.ts'
export {
  type CreateLeaseParameters,
  type CreateLeaseReturnType,
  createLease,
} from './actions/createLease.ts'
export {
  type CreateTaskParameters,
  type CreateTaskReturnType,
  createTask,
} from './actions/createTask.ts'
export {
  type DecideDisputeParameters,
  type DecideDisputeReturnType,
  decideDispute,
} from './actions/decideDispute.ts'
export {
  type DeclareKindsParameters,
  type DeclareKindsReturnType,
  declareKinds,
} from './actions/declareKinds.ts'
export {
  type DeclineSlotParameters,
  type DeclineSlotReturnType,
  declineSlot,
} from './actions/declineSlot.ts'
export {
  type DepositCollateralParameters,
  type DepositCollateralReturnType,
  depositCollateral,
} from './actions/depositCollateral.ts'
export { type ExecuteProposalReturnType, executeProposal } from './actions/executeProposal.ts'
export {
  type ExpireTaskParameters,
  type ExpireTaskReturnType,
  expireTask,
} from './actions/expireTask.ts'
export {
  type ExtendLeaseParameters,
  type ExtendLeaseReturnType,
  extendLease,
} from './actions/extendLease.ts'
export {
  type FinalizeTaskParameters,
  type FinalizeTaskReturnType,
  finalizeTask,
} from './actions/finalizeTask.ts'
export {
  type GetBalanceProofParameters,
  type GetBalanceProofReturnType,
  getBalanceProof,
} from './actions/getBalanceProof.ts'
export {
  type GetBondForParameters,
  type GetBondForReturnType,
  getBondFor,
} from './actions/getBondFor.ts'
export {
  type GetChallengeRoundReturnType,
  getChallengeRound,
} from './actions/getChallengeRound.ts'
export {
  type GetCollateralParameters,
  type GetCollateralReturnType,
  getCollateral,
} from './actions/getCollateral.ts'
export {
  type GetCommitteeParameters,
  type GetCommitteeReturnType,
  getCommittee,
} from './actions/getCommittee.ts'
export {
  type GetCreditParameters,
  type GetCreditReturnType,
  getCredit,
} from './actions/getCredit.ts'
export {
  type GetDisputeParameters,
  type GetDisputeReturnType,
  getDispute,
} from './actions/getDispute.ts'
export { type GetHeadReturnType, getHead } from './actions/getHead.ts'
export { type GetKindsParameters, type GetKindsReturnType, getKinds } from './actions/getKinds.ts'
export {
  type GetLeaseParameters,
  type GetLeaseReturnType,
  getLease,
} from './actions/getLease.ts'
export {
  type GetManifestParameters,
  type GetManifestReturnType,
  getManifest,
} from './actions/getManifest.ts'
export { type GetNodeParameters, type GetNodeReturnType, getNode } from './actions/getNode.ts'
export {
  type GetNodeSeedParameters,
  type GetNodeSeedReturnType,
  getNodeSeed,
} from './actions/getNodeSeed.ts'
export {
  type GetNoticesParameters,
  type GetNoticesReturnType,
  getNotices,
} from './actions/getNotices.ts'
export { type GetOrderParameters, type GetOrderReturnType, getOrder } from './actions/getOrder.ts'
export { type GetParamParameters, type GetParamReturnType, getParam } from './actions/getParam.ts'
export { type GetPriceFeedReturnType, getPriceFeed } from './actions/getPriceFeed.ts'
export {
  type GetReasonParameters,
  type GetReasonReturnType,
  getReason,
} from './actions/getReason.ts'
export {
  type GetRecheckParameters,
  type GetRecheckReturnType,
  getRecheck,
} from './actions/getRecheck.ts'
export {
  type GetRewardParameters,
  type GetRewardReturnType,
  getReward,
} from './actions/getReward.ts'
export {
  type GetSamplesParameters,
  type GetSamplesReturnType,
  getSamples,
} from './actions/getSamples.ts'
export { type GetSliceParameters, type GetSliceReturnType, getSlice } from './actions/getSlice.ts'
export { type GetSlotParameters, type GetSlotReturnType, getSlot } from './actions/getSlot.ts'
export { type GetSupplyReturnType, getSupply } from './actions/getSupply.ts'
export { type GetTaskParameters, type GetTaskReturnType, getTask } from './actions/getTask.ts'
export {
  type GetTaskEventsParameters,
  type GetTaskEventsReturnType,
  getTaskEvents,
  type TaskEvent,
} from './actions/getTaskEvents.ts'
export {
  type LockVotesParameters,
  type LockVotesReturnType,
  lockVotes,
} from './actions/lockVotes.ts'
export {
  type OpenDisputeParameters,
  type OpenDisputeReturnType,
  openDispute,
} from './actions/openDispute.ts'
export {
  type OpenProductsParameters,
  type OpenProductsReturnType,
  openProducts,
} from './actions/openProducts.ts'
export {
  type PayJurorParameters,
  type PayJurorReturnType,
  payJuror,
} from './actions/payJuror.ts'
export {
  type PostCoinPriceParameters,
  type PostCoinPriceReturnType,
  postCoinPrice,
} from './actions/postCoinPrice.ts'
export { type PostNoticeParameters, postNotice } from './actions/postNotice.ts'
export {
  type Proposal,
  type ProposalCall,
  type ProposeReturnType,
  propose,
} from './actions/propose.ts'
export { type QueueProposalReturnType, queueProposal } from './actions/queueProposal.ts'
export {
  type QuoteTaskParameters,
  type QuoteTaskReturnType,
  quoteTask,
} from './actions/quoteTask.ts'
export { type RateTaskParameters, type RateTaskReturnType, rateTask } from './actions/rateTask.ts'
export {
  type RefundLeaseParameters,
  type RefundLeaseReturnType,
  refundLease,
} from './actions/refundLease.ts'
export {
  type RegisterNodeParameters,
  type RegisterNodeReturnType,
  registerNode,
} from './actions/registerNode.ts'
export { type RetireNodeReturnType, retireNode } from './actions/retireNode.ts'
export {
  type RevealResultParameters,
  type RevealResultReturnType,
  revealResult,
} from './actions/revealResult.ts'
export {
  type ShowChunkParameters,
  type ShowChunkReturnType,
  showChunk,
} from './actions/showChunk.ts'
export {
  type SignBallotParameters,
  type SignBallotReturnType,
  signBallot,
} from './actions/signBallot.ts'
export {
  type SubmitRecheckParameters,
  type SubmitRecheckReturnType,
  submitRecheck,
} from './actions/submitRecheck.ts'
export {
  type SubmitReportParameters,
  type SubmitReportReturnType,
  submitReport,
} from './actions/submitReport.ts'
export {
  type TakeLeaseParameters,
  type TakeLeaseReturnType,
  takeLease,
} from './actions/takeLease.ts'
export {
  type UnlockVotesParameters,
  type UnlockVotesReturnType,
  unlockVotes,
} from './actions/unlockVotes.ts'
export {
  type VoteOnDisputeParameters,
  type VoteOnDisputeReturnType,
  voteOnDispute,
} from './actions/voteOnDispute.ts'
export {
  type WatchTaskParameters,
  type WatchTaskReturnType,
  watchTask,
} from './actions/watchTask.ts'
export {
  type WithdrawCollateralParameters,
  type WithdrawCollateralReturnType,
  withdrawCollateral,
} from './actions/withdrawCollateral.ts'
export { type WithdrawCreditReturnType, withdrawCredit } from './actions/withdrawCredit.ts'
export {
  type WithdrawLeaseCreditReturnType,
  withdrawLeaseCredit,
} from './actions/withdrawLeaseCredit.ts'
export { hashTaskAttestation, type TaskAttestation } from './attestations.ts'
export { pocaDev } from './chain.ts'
export { type ConnectOptions, connect } from './connect.ts'
export { ClientError, type ClientErrorType, isRefusal, isRevert, isUnreachable } from './errors.ts'
export { type Commitment, hashCommitment } from './hashCommitment.ts'
export { type PocaActions, pocaActions } from './pocaActions.ts'
export {
  disputeKinds,
  disputeStates,
  isTerminal,
  leaseStates,
  nameState,
  nameTaskState,
  nodeStates,
  slotStates,
  taskStates,
  verdicts,
} from './states.ts'
export type { Included, PocaClient } from './transactions.ts'
