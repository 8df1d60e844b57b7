// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Initializable} from "@openzeppelin/contracts-upgradeable/proxy/utils/Initializable.sol";

/// @title Code that replaces the Treasury's in tests of upgrades.
contract UpgradedTreasury is Initializable layout at erc7201("poca.storage.Treasury") {
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
}
