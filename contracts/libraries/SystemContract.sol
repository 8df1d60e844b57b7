// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Predeploys} from "./Predeploys.sol";

/// @title What system contracts share: who may call what.
/// @dev The callers are constants, so nothing has to be wired and nothing can be taken over.
abstract contract SystemContract {
    /// @notice `caller` is not the one contract that may do this.
    error SystemContractUnauthorized(address caller, address required);

    modifier onlyHub() {
        _requireCaller(Predeploys.SYSTEM_HUB);
        _;
    }

    modifier onlyTimelock() {
        _requireCaller(Predeploys.TIMELOCK);
        _;
    }

    modifier onlyMarket() {
        _requireCaller(Predeploys.TASK_MARKET);
        _;
    }

    modifier onlyOracleHub() {
        _requireCaller(Predeploys.ORACLE_HUB);
        _;
    }

    function _requireCaller(address required) internal view {
        require(msg.sender == required, SystemContractUnauthorized(msg.sender, required));
    }
}
