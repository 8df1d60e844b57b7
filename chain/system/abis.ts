import { additionalIssuanceAbi } from './abi/additionalIssuance.ts'
import { allocationVestingAbi } from './abi/allocationVesting.ts'
import { balanceProofsAbi } from './abi/balanceProofs.ts'
import { capabilityChallengeAbi } from './abi/capabilityChallenge.ts'
import { collateralVaultAbi } from './abi/collateralVault.ts'
import { contributionBoardAbi } from './abi/contributionBoard.ts'
import { councilAbi } from './abi/council.ts'
import { disputeCourtAbi } from './abi/disputeCourt.ts'
import { emissionReserveAbi } from './abi/emissionReserve.ts'
import { leaseMarketAbi } from './abi/leaseMarket.ts'
import { nodeRegistryAbi } from './abi/nodeRegistry.ts'
import { onlineRewardAbi } from './abi/onlineReward.ts'
import { oracleBallotAbi } from './abi/oracleBallot.ts'
import { oracleHubAbi } from './abi/oracleHub.ts'
import { pocaGovernorAbi } from './abi/pocaGovernor.ts'
import { priceBookAbi } from './abi/priceBook.ts'
import { protocolParamsAbi } from './abi/protocolParams.ts'
import { proxyAdminAbi } from './abi/proxyAdmin.ts'
import { reputationAbi } from './abi/reputation.ts'
import { rewardDistributorAbi } from './abi/rewardDistributor.ts'
import { rewardFormulaAbi } from './abi/rewardFormula.ts'
import { signerBoardAbi } from './abi/signerBoard.ts'
import { slashCourtAbi } from './abi/slashCourt.ts'
import { supplyMeterAbi } from './abi/supplyMeter.ts'
import { systemHubAbi } from './abi/systemHub.ts'
import { taskEscrowAbi } from './abi/taskEscrow.ts'
import { taskMarketAbi } from './abi/taskMarket.ts'
import { timelockAbi } from './abi/timelock.ts'
import { treasuryAbi } from './abi/treasury.ts'
import { votingPowerAbi } from './abi/votingPower.ts'
import { whpcAbi } from './abi/whpc.ts'
import type { PredeployName } from './addresses.ts'

/** The ABI of every predeploy that exists, by its name in `predeploys`. */
export const abis = {
  systemHub: systemHubAbi,
  emissionReserve: emissionReserveAbi,
  rewardDistributor: rewardDistributorAbi,
  nodeRegistry: nodeRegistryAbi,
  signerBoard: signerBoardAbi,
  collateralVault: collateralVaultAbi,
  taskEscrow: taskEscrowAbi,
  taskMarket: taskMarketAbi,
  rewardFormula: rewardFormulaAbi,
  reputation: reputationAbi,
  oracleHub: oracleHubAbi,
  protocolParams: protocolParamsAbi,
  votingPower: votingPowerAbi,
  pocaGovernor: pocaGovernorAbi,
  timelock: timelockAbi,
  proxyAdmin: proxyAdminAbi,
  treasury: treasuryAbi,
  whpc: whpcAbi,
  supplyMeter: supplyMeterAbi,
  slashCourt: slashCourtAbi,
  capabilityChallenge: capabilityChallengeAbi,
  disputeCourt: disputeCourtAbi,
  priceBook: priceBookAbi,
  council: councilAbi,
  allocationVesting: allocationVestingAbi,
  additionalIssuance: additionalIssuanceAbi,
  onlineReward: onlineRewardAbi,
  leaseMarket: leaseMarketAbi,
  contributionBoard: contributionBoardAbi,
  oracleBallot: oracleBallotAbi,
  balanceProofs: balanceProofsAbi,
} as const satisfies Partial<Record<PredeployName, unknown>>
