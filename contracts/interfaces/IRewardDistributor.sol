// SPDX-License-Identifier: MIT
pragma solidity >=0.8.24;

import {IHubModule} from "./IHubModule.sol";

/// @title Splits the subsidy.
/// @notice In every block the newly emitted coin is split over pools by governed shares. Producers'
/// part is credited to the proposer at once; the other pools are budgets that their spenders draw
/// on. Credits are claimed, never pushed. Coin leaves the reserve when it is claimed, so a budget
/// that nobody earns stays there.
/// @custom:source SC 3.2.6; SC 4.1; SC 4.3; TS 3.2
/// @custom:invariant sum over pools of accrued(pool) == reserve.emitted(settledUntil())
/// @custom:invariant paid(pool) <= accrued(pool)
interface IRewardDistributor is IHubModule {
    /// @notice Who the subsidy goes to. The order is part of the interface.
    enum Pool {
        Producer,
        Standby,
        Online,
        Challenge,
        Storage,
        AutoMine,
        Ecosystem,
        Transmission
    }

    event SubsidySplit(
        uint64 indexed height,
        address indexed proposer,
        uint256 emitted,
        uint256 toProducer
    );
    event RewardCredited(Pool indexed pool, address indexed to, uint256 amount);
    event RewardClaimed(address indexed account, uint256 amount);
    event GasRefunded(address indexed proposer, uint256 amount);
    event SharesChanged(uint16[8] sharesBps);
    event SpenderChanged(Pool indexed pool, address indexed spender);

    error RewardDistributorSharesSum(uint256 sum);
    error RewardDistributorNotSpender(Pool pool, address caller);
    error RewardDistributorOverBudget(Pool pool, uint256 wanted, uint256 available);
    error RewardDistributorNothingToClaim(address account);
    /// @notice The pool's money goes out block by block and is no budget.
    error RewardDistributorPaidEachBlock(Pool pool);

    /// @notice Credits `to` from a pool's budget. Only the pool's spender, and not from `Producer`
    /// or `AutoMine`, which are paid in each block.
    function payFrom(Pool pool, address to, uint256 amount) external;

    /// @notice Pays the caller what is credited to it.
    function claim() external returns (uint256 amount);

    /// @notice Pays `account` what is credited to it. Anyone may call; the money goes to `account`.
    function claimFor(address account) external returns (uint256 amount);

    /// @notice Pays the proposer's gas float back out of its credit, as far as that reaches. Hub
    /// only.
    function refundGas(address proposer, uint256 amount) external;

    /// @notice Sets the pools' shares; they must sum to 10,000 basis points. Timelock only.
    function setShares(uint16[8] calldata sharesBps) external;

    /// @notice Names who may draw on a pool; the zero address for nobody. Timelock only.
    /// @dev For `AutoMine` the zero address switches the special node off: what accrues from then
    /// on stays in the reserve for good, unless `setShares` gives the share to other pools.
    function setSpender(Pool pool, address spender) external;

    function shares() external view returns (uint16[8] memory sharesBps);
    function spenderOf(Pool pool) external view returns (address spender);
    function accrued(Pool pool) external view returns (uint256 amount);
    function paid(Pool pool) external view returns (uint256 amount);
    function creditOf(address account) external view returns (uint256 amount);
    /// @notice Time up to which the subsidy is split.
    function settledUntil() external view returns (uint256 t);
}
