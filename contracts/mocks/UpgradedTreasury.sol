// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Initializable} from "@openzeppelin/contracts-upgradeable/proxy/utils/Initializable.sol";
import {ITreasury} from "../interfaces/ITreasury.sol";

/// @title Code that replaces the Treasury's in tests of upgrades.
/// @notice Keeps what the old code stored and appends a field of its own.
contract UpgradedTreasury is Initializable layout at erc7201("poca.storage.Treasury") {
    ITreasury.Budget[] private _budgets;
    ITreasury.Spending[] private _spendings;
    uint256 private _limit;

    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor() {
        _disableInitializers();
    }

    /// @notice Sets what the new version adds.
    function initializeLimit(uint256 limit_) external reinitializer(2) {
        _limit = limit_;
    }

    /// @notice The most that one day may cost.
    function limit() external view returns (uint256) {
        return _limit;
    }

    /// @notice A budget that the old code set, counted from 1.
    function budgetOf(uint256 budgetId) external view returns (ITreasury.Budget memory) {
        return _budgets[budgetId - 1];
    }

    /// @notice How many payments there were under both versions.
    function spendingCount() external view returns (uint256) {
        return _spendings.length;
    }
}
