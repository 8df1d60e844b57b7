// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
import {Predeploys} from "../libraries/Predeploys.sol";

/// @title The delay between a vote and its effect.
/// @notice The one account that may change the system. Only the Governor proposes and cancels,
/// anyone executes, and there is no admin: even the delay changes by vote.
contract Timelock is TimelockController {
    /// @param minDelay seconds.
    constructor(
        uint256 minDelay
    )
        TimelockController(minDelay, _only(Predeploys.POCA_GOVERNOR), _only(address(0)), address(0))
    {}

    function _only(address account) private pure returns (address[] memory accounts) {
        accounts = new address[](1);
        accounts[0] = account;
    }
}
