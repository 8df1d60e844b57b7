// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Initializable} from "@openzeppelin/contracts-upgradeable/proxy/utils/Initializable.sol";
import {LowLevelCall} from "@openzeppelin/contracts/utils/LowLevelCall.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ITreasury} from "../interfaces/ITreasury.sol";
import {SystemContract} from "../libraries/SystemContract.sol";

/// @title The chain's purse.
/// @notice Takes coin from anyone; gives by vote only.
contract Treasury
    is ITreasury, SystemContract, Initializable
    layout at erc7201("poca.storage.Treasury")
{
    uint256 private constant _PURPOSE_MAX = 256;
    uint256 private constant _PERIOD_MIN = 1 days;
    uint256 private constant _PERIOD_MAX = 1461 days;
    uint256 private constant _PAGE_MAX = 100;

    Budget[] private _budgets;
    Spending[] private _spendings;

    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor() {
        _disableInitializers();
    }

    /// @notice Nothing to set; closes the initializer.
    function initialize() external initializer {}

    receive() external payable {
        emit Received(msg.sender, msg.value);
    }

    /* SPENDING */

    /// @inheritdoc ITreasury
    function spend(address to, uint256 amount, string calldata purpose) external onlyTimelock {
        uint256 balance = address(this).balance;
        require(amount <= balance, TreasuryInsufficient(amount, balance));
        _requirePurpose(purpose);
        _spendings.push(
            Spending({
                to: to,
                // Cast: not above a balance, and all coin together is below 2^96.
                amount: uint96(amount),
                time: uint40(block.timestamp),
                budgetId: 0,
                purpose: purpose
            })
        );
        emit Spent(to, amount, purpose);
        require(LowLevelCall.callNoReturn(to, amount, ""), TreasuryTransferFailed(to, amount));
    }

    /* BUDGETS */

    /// @inheritdoc ITreasury
    function setBudget(
        address spender,
        uint96 amount,
        uint40 period,
        string calldata purpose
    ) external onlyTimelock returns (uint256 budgetId) {
        require(
            spender != address(0) && amount != 0 && _PERIOD_MIN <= period && period <= _PERIOD_MAX,
            TreasuryBadBudget(spender, amount, period)
        );
        _requirePurpose(purpose);
        uint40 start = uint40(block.timestamp);
        _budgets.push(
            Budget({
                spender: spender,
                amount: amount,
                drawn: 0,
                start: start,
                period: period,
                end: start + period,
                purpose: purpose
            })
        );
        budgetId = _budgets.length;
        emit BudgetSet(budgetId, spender, amount, period, purpose);
    }

    /// @inheritdoc ITreasury
    function stopBudget(uint256 budgetId) external onlyTimelock {
        Budget storage budget = _budget(budgetId);
        require(block.timestamp < budget.end, TreasuryBudgetStopped(budgetId, budget.end));
        budget.end = uint40(block.timestamp);
        emit BudgetStopped(budgetId, _accrued(budget));
    }

    /// @inheritdoc ITreasury
    function draw(uint256 budgetId) external returns (uint256 amount) {
        Budget storage budget = _budget(budgetId);
        address spender = budget.spender;
        require(msg.sender == spender, TreasuryNotSpender(budgetId, msg.sender, spender));
        amount = Math.min(_accrued(budget) - budget.drawn, address(this).balance);
        require(amount != 0, TreasuryNothingAccrued(budgetId));
        // Casts: a part of an amount of 96 bits; each budget costs a vote.
        budget.drawn += uint96(amount);
        _spendings.push(
            Spending({
                to: spender,
                amount: uint96(amount),
                time: uint40(block.timestamp),
                budgetId: uint32(budgetId),
                purpose: ""
            })
        );
        emit BudgetDrawn(budgetId, spender, amount);
        require(
            LowLevelCall.callNoReturn(spender, amount, ""),
            TreasuryTransferFailed(spender, amount)
        );
    }

    /* READING */

    /// @inheritdoc ITreasury
    function budgetCount() external view returns (uint256 count) {
        return _budgets.length;
    }

    /// @inheritdoc ITreasury
    function budgetOf(uint256 budgetId) external view returns (Budget memory) {
        return _budget(budgetId);
    }

    /// @inheritdoc ITreasury
    function accruedOf(uint256 budgetId) external view returns (uint256 amount) {
        return _accrued(_budget(budgetId));
    }

    /// @inheritdoc ITreasury
    function spendingCount() external view returns (uint256 count) {
        return _spendings.length;
    }

    /// @inheritdoc ITreasury
    function spendings(uint256 from, uint256 count) external view returns (Spending[] memory page) {
        uint256 total = _spendings.length;
        if (from >= total) return page;
        page = new Spending[](Math.min(Math.min(count, _PAGE_MAX), total - from));
        for (uint256 i = 0; i < page.length; ++i) {
            page[i] = _spendings[from + i];
            uint256 budgetId = page[i].budgetId;
            if (budgetId != 0) page[i].purpose = _budgets[budgetId - 1].purpose;
        }
    }

    function _budget(uint256 budgetId) private view returns (Budget storage) {
        require(0 < budgetId && budgetId <= _budgets.length, TreasuryUnknownBudget(budgetId));
        return _budgets[budgetId - 1];
    }

    function _accrued(Budget storage budget) private view returns (uint256 amount) {
        uint256 elapsed = Math.min(block.timestamp, budget.end) - budget.start;
        return (uint256(budget.amount) * elapsed) / budget.period;
    }

    function _requirePurpose(string calldata purpose) private pure {
        uint256 length = bytes(purpose).length;
        require(0 < length && length <= _PURPOSE_MAX, TreasuryBadPurpose(length, _PURPOSE_MAX));
    }
}
