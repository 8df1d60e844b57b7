// SPDX-License-Identifier: MIT
pragma solidity >=0.8.24;

import {INodeRegistry} from "./INodeRegistry.sol";

/// @title What follows from a proof of power: tiers, rewards, and the proof that it was false.
/// @notice NodeRegistry samples what a worker computed. Anyone who knows of a wrong entry among the
/// others shows it here: the contract computes that entry from the seed and compares. Nodes that
/// pass the challenge in an epoch of 24 hours share what the subsidy's Challenge pool accrued in
/// it, by proved power, and count in OnlineReward with a unit for each `node.unitPower`, rounded
/// down: whoever splits a machine into many nodes has no more of either.
/// @custom:source TS 2.4; TS 3.2; TS 4.3.3.2
/// @custom:invariant sum of the rewards of an epoch <= budget of the epoch
interface ICapabilityChallenge {
    /// @notice A node's latest pass of the challenge for which no reward is owed yet.
    struct Pass {
        uint32 epoch; // ──╮ days since 1970
        uint64 power; // ──╯
        bytes32 seed;
    }

    struct Epoch {
        uint128 power; // ──╮ of all nodes that passed in it
        uint128 budget; // ─╯ wei; 0 until it is closed
    }

    event ChallengePassed(
        address indexed worker,
        uint32 indexed epoch,
        bytes32 indexed seed,
        uint64 power
    );
    event EpochClosed(uint32 indexed epoch, uint256 power, uint256 budget);
    event ChallengeRewarded(address indexed worker, uint32 indexed epoch, uint256 amount);
    event ChallengeRewardClaimed(address indexed worker, uint256 amount);
    /// @notice OnlineReward failed; `syncUnits` makes up for it.
    event UnitsNotSet(address indexed worker);
    /// @param place among the entries of all products; `given` what was committed to there.
    event PowerDisproved(
        address indexed worker,
        bytes32 indexed seed,
        address indexed finder,
        uint256 place,
        int256 given,
        int256 actual
    );

    /// @notice The worker has no proof, or not of this claim.
    error CapabilityChallengeNotProved(address worker, bytes32 given, bytes32 proofHash);
    error CapabilityChallengeOutOfBounds(uint256 place, uint256 count);
    error CapabilityChallengeEntryCorrect(address worker, uint256 place, int256 entry);
    error CapabilityChallengeNothingToClaim(address worker);
    error CapabilityChallengeUnknownTier(uint256 tier);
    error CapabilityChallengeUnitsNotSet(address worker);

    /// @notice Notes that `worker` proved `power`. NodeRegistry only.
    function onProved(address worker, bytes32 seed, uint64 power) external;
    /// @notice Notes that `worker` has no power any more. NodeRegistry only.
    function onLost(address worker) external;
    /// @notice Tells OnlineReward how many units count for `worker`: its proved power in
    /// `node.unitPower`, rounded down. Proofs do it; only where that failed this call makes up for
    /// it, once. Anyone may call.
    function syncUnits(address worker) external;
    /// @notice Shows that an entry that a worker proved its power with is wrong: takes the power
    /// and the bond, of which the caller gets 10 %. Anyone may call, until the worker proves anew.
    /// @param proved what the worker committed to.
    /// @param place of the entry: (product * n + row) * n + column.
    function disprove(
        address worker,
        INodeRegistry.Claim calldata proved,
        uint256 place,
        INodeRegistry.Opening calldata opening
    ) external;
    /// @notice Fixes the budget of the epoch that last had a pass, once it is over. Anyone may
    /// call; claims and the next pass do it too.
    function closeEpoch() external;
    /// @notice Credits `worker` at the RewardDistributor with what its passes in closed epochs
    /// earned. Anyone may call.
    function claim(address worker) external returns (uint256 amount);

    /// @notice What `claim` would pay if the epoch were closed now, wei.
    function rewardOf(address worker) external view returns (uint256 amount);
    /// @notice Whether the products of this seed were shown to be wrong.
    function provedFalse(address worker, bytes32 seed) external view returns (bool);
    /// @notice Tier of the proved power: 0 without one, else 1 to 4.
    function tierOf(address worker) external view returns (uint256 tier);
    /// @notice Least power of a tier, 1 to 4, million multiply-adds per second.
    function tierPower(uint256 tier) external view returns (uint256 power);
    function passOf(address worker) external view returns (Pass memory);
    function epochAt(uint32 epoch) external view returns (Epoch memory);
    /// @notice The epoch that the passes of now belong to.
    function currentEpoch() external view returns (uint32 epoch);
}
