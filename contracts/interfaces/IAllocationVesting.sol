// SPDX-License-Identifier: MIT
pragma solidity >=0.8.24;

/// @title What was allocated before the first block, and when it comes free.
/// @notice Grants of foundation and team are released linearly after their lock-up. The
/// distribution is awarded by vote: to contributors at once, to investors under a lock-up. What is
/// unsold at the closing date goes 70 % to mining and 30 % to the ecosystem fund, the treasury; the
/// odd wei goes to mining.
/// @custom:source TS 5.2; TS 5.4; TS 5.5
/// @custom:invariant released(grant) <= vested(grant, now) <= grant.total
/// @custom:invariant balance == what grants, awards, batches and the distribution still hold
interface IAllocationVesting {
    /// @notice total x (t - start) / (end - start), floored; 0 before `cliff`, all from `end` on.
    struct Grant {
        address beneficiary; // ─╮ 160 bits
        uint96 total; //        ─╯  96 bits, wei
        uint40 start; // ─╮  40 bits, seconds, where the line starts
        uint40 cliff; //  │  40 bits, seconds, nothing before
        uint40 end; //    │  40 bits, seconds
        uint96 released; //╯ 96 bits, wei
    }

    /// @notice Lock-up of what is sold to investors.
    struct Terms {
        uint40 start; // ─╮ 40 bits, seconds
        uint40 cliff; //  │ 40 bits, seconds
        uint40 end; //   ─╯ 40 bits, seconds
    }

    struct Batch {
        bytes32 root; // ─── 256 bits, of the Merkle tree of (account, amount)
        uint96 total; // ─╮ 96 bits, wei
        uint96 claimed; //│ 96 bits, wei
        bool isClosed; //─╯  8 bits
    }

    event GrantCreated(
        uint256 indexed grantId,
        address indexed beneficiary,
        uint96 total,
        uint40 start,
        uint40 cliff,
        uint40 end
    );
    event GrantReleased(uint256 indexed grantId, address indexed beneficiary, uint256 amount);
    event GrantOffered(uint256 indexed grantId, address indexed to);
    event GrantHandedOver(uint256 indexed grantId, address indexed from, address indexed to);
    event Awarded(address indexed account, uint256 amount, bytes32 reason);
    event AwardClaimed(address indexed account, uint256 amount);
    event BatchOpened(uint256 indexed batchId, bytes32 root, uint256 total, bytes32 reason);
    event BatchClaimed(uint256 indexed batchId, address indexed account, uint256 amount);
    event BatchClosed(uint256 indexed batchId, uint256 unclaimed);
    event UnsoldSplit(uint256 toMining, uint256 toEcosystemFund);

    error AllocationVestingInvalidGrant(uint256 grantId);
    error AllocationVestingUnderfunded(uint256 allocated, uint256 balance);
    error AllocationVestingUnknownGrant(uint256 grantId);
    error AllocationVestingNothingToRelease(uint256 grantId, uint256 releasableFrom);
    error AllocationVestingNotBeneficiary(uint256 grantId, address caller);
    error AllocationVestingNotOffered(uint256 grantId, address caller);
    error AllocationVestingClosed(uint256 closesAt);
    error AllocationVestingNotClosed(uint256 closesAt);
    error AllocationVestingExceedsDistribution(uint256 wanted, uint256 left);
    error AllocationVestingNothingAwarded(address account);
    error AllocationVestingTooManyBatches(uint256 max);
    error AllocationVestingUnknownBatch(uint256 batchId);
    error AllocationVestingBatchClosed(uint256 batchId);
    error AllocationVestingWrongProof(uint256 batchId, address account, uint256 amount);
    error AllocationVestingAlreadyClaimed(uint256 batchId, address account);
    error AllocationVestingExceedsBatch(uint256 batchId, uint256 wanted, uint256 left);
    error AllocationVestingNothingUnsold();
    error AllocationVestingTransferFailed(address to, uint256 amount);

    /// @notice Sends the beneficiary what has come free. Anyone may call.
    function release(uint256 grantId) external returns (uint256 amount);

    /// @notice Offers one's grant to another account, which has to accept; zero takes it back.
    function offer(uint256 grantId, address to) external;
    function accept(uint256 grantId) external;

    /// @notice Awards coin of the distribution to a contributor, free at once. Until the closing
    /// date. Timelock only.
    /// @param reason hash of what the award is for.
    function award(address account, uint96 amount, bytes32 reason) external;

    /// @notice Gives an investor a grant out of the distribution, under the investors' lock-up.
    /// Until the closing date. Timelock only.
    function awardLocked(address investor, uint96 amount) external returns (uint256 grantId);

    /// @notice Awards to many at once: a Merkle tree, as OpenZeppelin's StandardMerkleTree builds
    /// it, over (address account, uint256 amount). Until the closing date, at most 64 times.
    /// Timelock only.
    function openBatch(
        bytes32 root,
        uint96 total,
        bytes32 reason
    ) external returns (uint256 batchId);

    /// @notice Sends `account` its award. Anyone may call.
    function claimAward(address account) external returns (uint256 amount);

    /// @notice Sends `account` its part of a batch, once. Anyone may call.
    function claimBatch(
        uint256 batchId,
        address account,
        uint256 amount,
        bytes32[] calldata proof
    ) external;

    /// @notice From the closing date on, splits what was never awarded. Anyone may call.
    function splitUnsold() external;

    /// @notice From 180 days after the closing date on, splits what nobody claimed of a batch.
    /// Anyone may call.
    function closeBatch(uint256 batchId) external;

    function grantCount() external view returns (uint256 grants);
    function grantOf(uint256 grantId) external view returns (Grant memory);
    /// @notice Wei of a grant that are free by time `t`, floored.
    function vested(uint256 grantId, uint256 t) external view returns (uint256 amount);
    function releasable(uint256 grantId) external view returns (uint256 amount);
    function awardOf(address account) external view returns (uint256 amount);
    function batchCount() external view returns (uint256 batches);
    function batchOf(uint256 batchId) external view returns (Batch memory);
    /// @notice Wei of the distribution that are not awarded yet.
    function unsold() external view returns (uint256 amount);
    function closesAt() external view returns (uint256 t);
    function investorTerms() external view returns (Terms memory);
}
