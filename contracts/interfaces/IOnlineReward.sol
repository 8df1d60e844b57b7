// SPDX-License-Identifier: MIT
pragma solidity >=0.8.24;

import {IHubModule} from "./IHubModule.sol";

/// @title What a node earns for being there.
/// @notice A node is paid per file, or per proof of computing power, that counts in an epoch of 24
/// hours. The rate falls with the use of the network, so that a busy network, where clients pay,
/// issues less per file; who serves more files still earns more. Rates are scaled down when a
/// pool's budget of the epoch does not reach. What is not earned stays in the reserve.
/// @custom:source SC 4.3; TS 3.2
/// @custom:invariant What an epoch pays is at most what its pool accrued in that epoch.
/// @custom:invariant The rate never rises with utilisation.
interface IOnlineReward is IHubModule {
    /// @notice What a node is paid for. Each has its own pool, units and utilisation. The order is
    /// part of the interface.
    enum Service {
        Compute, // one unit: a passed capability challenge; pool Online
        Storage, // one unit: a file of 64 MiB whose storage is proved; pool Storage
        Transmission // one unit: a file delivered; pool Transmission
    }

    struct Ledger {
        uint128 perUnit; // ─╮ 128 bits, wei that one unit has earned since genesis
        uint64 units; //     │  64 bits, that count in this epoch
        uint32 smoothed; //  │  32 bits, 8 x utilisation in basis points
        uint32 reported; // ─╯  32 bits, utilisation that the market reported, basis points
        uint128 settled; // ─── 128 bits, wei the pool had accrued when the epoch began
    }

    struct Account {
        uint128 perUnitPaid; // ─╮ 128 bits, `perUnit` up to which `owed` is reckoned
        uint32 units; //         │  32 bits
        uint40 validUntil; //   ─╯  40 bits, last epoch in which the units count
        uint128 owed; // ─── 128 bits, wei earned and not yet credited
    }

    event UnitsSet(Service indexed service, address indexed node, uint32 units, uint40 validUntil);
    event UtilisationReported(Service indexed service, uint32 utilisationBps);
    /// @param utilisationBps smoothed.
    /// @param ratePerUnit what the curve says, wei.
    /// @param paidPerUnit what a unit earns: less than the rate when the budget does not reach.
    event EpochClosed(
        Service indexed service,
        uint40 indexed epoch,
        uint64 units,
        uint256 utilisationBps,
        uint256 ratePerUnit,
        uint256 paidPerUnit,
        uint256 budget
    );
    event RewardDrawn(Service indexed service, address indexed node, uint256 amount);

    error OnlineRewardNotReporter(Service service, address caller);
    error OnlineRewardUtilisationTooHigh(uint256 given, uint256 max);
    error OnlineRewardNothingEarned(Service service, address node);

    /// @notice Sets how many units of computing power count for `node`, from this epoch on until
    /// they are set again or `reward.unitEpochs` epochs have passed. NodeRegistry or
    /// CapabilityChallenge only.
    function setUnits(address node, uint32 units) external;

    /// @notice The same for files. The storage market only.
    function setFiles(Service service, address node, uint32 files) external;

    /// @notice Tells how much of what is offered is in use, in basis points. The storage market
    /// only; the use of computing power is read from the NodeRegistry.
    function reportUtilisation(Service service, uint32 utilisationBps) external;

    /// @notice Credits `node` in the RewardDistributor with what it has earned in closed epochs.
    /// Anyone may call; the money goes to `node`.
    function draw(Service service, address node) external returns (uint256 amount);

    /// @notice Wei per unit and epoch at a utilisation, floored; utilisation above 10,000 counts as
    /// 10,000.
    function rateAt(uint256 utilisationBps) external view returns (uint256 rate);

    /// @notice Smoothed utilisation, basis points, floored.
    function utilisationOf(Service service) external view returns (uint256 utilisationBps);

    function earnedOf(Service service, address node) external view returns (uint256 amount);
    function ledgerOf(Service service) external view returns (Ledger memory);
    function accountOf(Service service, address node) external view returns (Account memory);
    /// @notice The epoch that runs, and when it ends at the earliest.
    function epoch() external view returns (uint40 number, uint40 endsAt);
}
