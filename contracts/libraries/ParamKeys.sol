// SPDX-License-Identifier: MIT
pragma solidity >=0.8.24;

/// @title Names of the governed parameters.
/// @dev The TypeScript twin, with values, bounds and units, is `chain/params/protocolParams.ts`.
library ParamKeys {
    bytes32 internal constant BASE_FEE_FLOOR = "fee.floor"; // wei per gas
    bytes32 internal constant BASE_FEE_DENOMINATOR = "fee.denominator";
    bytes32 internal constant TASK_FEE_BPS = "task.feeBps";
    bytes32 internal constant TASK_COST_RANGE_BPS = "task.costRangeBps";
    bytes32 internal constant TASK_MINER_BPS = "task.minerBps";
    bytes32 internal constant TASK_GRACE_BPS = "task.graceBps";
    bytes32 internal constant TASK_ASSIGN_WINDOW = "task.assignWindow"; // seconds
    bytes32 internal constant TASK_REVEAL_WINDOW = "task.revealWindow"; // seconds
    bytes32 internal constant TASK_ATTEST_WINDOW = "task.attestWindow"; // seconds
    bytes32 internal constant TASK_CHALLENGE_WINDOW = "task.challengeWindow"; // seconds
    bytes32 internal constant TASK_FAULT_BURN_BPS = "task.faultBurnBps";
    bytes32 internal constant TASK_FEE_ORACLE_BPS = "task.feeOracleBps"; // of the fee
    bytes32 internal constant TASK_FEE_BURN_BPS = "task.feeBurnBps"; // of the fee; the rest to the treasury
    bytes32 internal constant TASK_MAX_SLOT_LOSS = "task.maxSlotLoss";
    bytes32 internal constant TASK_DUE_PER_BLOCK = "task.duePerBlock";
    bytes32 internal constant ORACLE_COLLATERAL = "oracle.collateral"; // wei
    bytes32 internal constant NODE_POWER_MAX = "node.powerMax"; // million multiply-adds per second

    /* more: tasks */
    bytes32 internal constant TASK_ACCEPT_WINDOW = "task.acceptWindow"; // seconds
    bytes32 internal constant TASK_REPAIR_WINDOW = "task.repairWindow"; // seconds
    bytes32 internal constant TASK_DISPUTE_WINDOW = "task.disputeWindow"; // seconds
    bytes32 internal constant TASK_FREE_TIER = "task.freeTier"; // wei
    bytes32 internal constant TASK_RATING_PRICE_MIN = "task.ratingPriceMin"; // wei

    /* more: prices and leases */
    bytes32 internal constant PRICE_UNIT_SECOND = "price.unitSecond"; // pico-USD
    bytes32 internal constant PRICE_GIB_SECOND = "price.gibSecond"; // pico-USD
    bytes32 internal constant PRICE_FLOOR_BPS = "price.floorBps"; // of the voted price
    bytes32 internal constant PRICE_CEILING_BPS = "price.ceilingBps"; // of the voted price
    bytes32 internal constant LEASE_OFFER_WINDOW = "lease.offerWindow"; // seconds
    bytes32 internal constant LEASE_GRACE = "lease.grace"; // seconds
    bytes32 internal constant LEASE_SECONDS_MAX = "lease.secondsMax"; // seconds

    /* more: nodes */
    bytes32 internal constant NODE_PROOF_MAX_AGE = "node.proofMaxAge"; // seconds
    bytes32 internal constant NODE_POWER_MIN = "node.powerMin"; // million multiply-adds per second
    bytes32 internal constant NODE_TIER2_POWER = "node.tier2Power"; // million multiply-adds per second
    bytes32 internal constant NODE_TIER3_POWER = "node.tier3Power"; // million multiply-adds per second
    bytes32 internal constant NODE_TIER4_POWER = "node.tier4Power"; // million multiply-adds per second
    bytes32 internal constant NODE_COMMENT_MIN_BPS = "node.commentMinBps";
    bytes32 internal constant NODE_SLOTS_MAX = "node.slotsMax";
    bytes32 internal constant NODE_STAKE_COOLDOWN = "node.stakeCooldown"; // seconds
    bytes32 internal constant NODE_CHALLENGE_BOND = "node.challengeBond"; // wei
    bytes32 internal constant NODE_SUSPENSION = "node.suspension"; // seconds
    bytes32 internal constant NODE_CHALLENGE_WINDOW = "node.challengeWindow"; // seconds
    bytes32 internal constant NODE_CHALLENGE_INTERVAL = "node.challengeInterval"; // seconds
    bytes32 internal constant NODE_UNIT_POWER = "node.unitPower"; // million multiply-adds per second

    /* more: oracles and disputes */

    bytes32 internal constant ORACLE_UNBOND_SECONDS = "oracle.unbondSeconds";
    bytes32 internal constant ORACLE_HIDDEN_PRICE = "oracle.hiddenPrice"; // wei
    bytes32 internal constant ORACLE_RECHECK_BPS = "oracle.recheckBps";
    bytes32 internal constant COURT_BOND_MIN = "court.bondMin"; // wei
    bytes32 internal constant COURT_BOND_BPS = "court.bondBps"; // of the price
    bytes32 internal constant COURT_VOTE_WINDOW = "court.voteWindow"; // seconds
    bytes32 internal constant COURT_APPEAL_WINDOW = "court.appealWindow"; // seconds

    /* more: signers */

    bytes32 internal constant SIGNER_SEATS = "signer.seats";
    bytes32 internal constant SIGNER_COLLATERAL = "signer.collateral"; // wei
    bytes32 internal constant SIGNER_TERM = "signer.term"; // seconds
    bytes32 internal constant SIGNER_VOTE_WINDOW = "signer.voteWindow"; // seconds
    bytes32 internal constant SIGNER_COOL_DOWN = "signer.coolDown"; // seconds
    bytes32 internal constant SIGNER_UNBONDING = "signer.unbonding"; // seconds
    bytes32 internal constant SIGNER_MISSED_TURNS = "signer.missedTurns";
    bytes32 internal constant SIGNER_RECOVER_BLOCKS = "signer.recoverBlocks"; // blocks
    bytes32 internal constant SIGNER_PROXIES_MAX = "signer.proxiesMax";
    bytes32 internal constant SIGNER_STABILITY = "signer.stability"; // seconds
    bytes32 internal constant SIGNER_TRIAL_WINDOW = "signer.trialWindow"; // seconds

    /* more: governance */

    bytes32 internal constant GOVERNANCE_QUORUM_BPS = "governance.quorumBps"; // of the circulating coin
    bytes32 internal constant GOVERNANCE_QUORUM_FLOOR = "governance.quorumFloor"; // wei
    bytes32 internal constant COUNCIL_REPORT_PERIOD = "council.reportPeriod"; // seconds

    /* more: rewards */

    bytes32 internal constant REWARD_RATE_LOW = "reward.rateLow"; // wei per unit and epoch
    bytes32 internal constant REWARD_RATE_MIDDLE = "reward.rateMiddle"; // wei per unit and epoch
    bytes32 internal constant REWARD_RATE_FULL = "reward.rateFull"; // wei per unit and epoch
    bytes32 internal constant REWARD_UNIT_EPOCHS = "reward.unitEpochs";
    bytes32 internal constant REWARD_CONTRIBUTION_MAX = "reward.contributionMax"; // wei
}
