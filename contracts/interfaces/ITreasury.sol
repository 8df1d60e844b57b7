// SPDX-License-Identifier: MIT
pragma solidity >=0.8.24;

/// @title The chain's purse.
/// @notice Receives the platform's share of fees; spends by vote, each time with a stated purpose.
/// A vote also sets budgets: an amount that accrues evenly over a period to a named spender. Every
/// payment is listed on chain. Nothing is paid out by share: there are no dividends.
/// @custom:source TS 7, TS 9.1
/// @custom:invariant drawn of a budget <= accrued of it <= its amount
interface ITreasury {
    struct Budget {
        address spender; // ─╮ 160 bits
        uint96 amount; //   ─╯  96 bits, wei over the whole period
        uint96 drawn; // ─╮     96 bits, wei
        uint40 start; //  │     40 bits, seconds
        uint40 period; // │     40 bits, seconds
        uint40 end; //   ─╯     40 bits, seconds; accrues up to here
        string purpose;
    }

    struct Spending {
        address to; // ─────╮ 160 bits
        uint96 amount; //  ─╯  96 bits, wei
        uint40 time; // ────╮  40 bits, seconds
        uint32 budgetId; // ─╯ 32 bits, 0: decided by a vote of its own
        string purpose;
    }

    event Received(address indexed from, uint256 amount);
    event Spent(address indexed to, uint256 amount, string purpose);
    event BudgetSet(
        uint256 indexed budgetId,
        address indexed spender,
        uint256 amount,
        uint256 period,
        string purpose
    );
    event BudgetStopped(uint256 indexed budgetId, uint256 accrued);
    event BudgetDrawn(uint256 indexed budgetId, address indexed spender, uint256 amount);

    error TreasuryInsufficient(uint256 wanted, uint256 balance);
    error TreasuryTransferFailed(address to, uint256 amount);
    /// @notice A purpose has from 1 to `max` bytes.
    error TreasuryBadPurpose(uint256 length, uint256 max);
    error TreasuryBadBudget(address spender, uint256 amount, uint256 period);
    error TreasuryUnknownBudget(uint256 budgetId);
    error TreasuryBudgetStopped(uint256 budgetId, uint256 end);
    error TreasuryNotSpender(uint256 budgetId, address caller, address spender);
    error TreasuryNothingAccrued(uint256 budgetId);

    /// @notice Sends coin. Timelock only.
    function spend(address to, uint256 amount, string calldata purpose) external;

    /// @notice Lets `amount` wei accrue to `spender`, evenly from now on over `period` seconds.
    /// Timelock only.
    /// @return budgetId counted from 1.
    function setBudget(
        address spender,
        uint96 amount,
        uint40 period,
        string calldata purpose
    ) external returns (uint256 budgetId);

    /// @notice Ends the accrual of a budget now; what has accrued stays the spender's. Timelock
    /// only.
    function stopBudget(uint256 budgetId) external;

    /// @notice Pays the caller what has accrued to it, as far as there is coin.
    /// @return amount wei.
    function draw(uint256 budgetId) external returns (uint256 amount);

    function budgetCount() external view returns (uint256 count);
    function budgetOf(uint256 budgetId) external view returns (Budget memory);

    /// @notice What has accrued in all, drawn or not, wei. Rounded down.
    function accruedOf(uint256 budgetId) external view returns (uint256 amount);

    function spendingCount() external view returns (uint256 count);

    /// @notice Payments from number `from` on, counted from 0, at most `count`.
    function spendings(uint256 from, uint256 count) external view returns (Spending[] memory);
}
