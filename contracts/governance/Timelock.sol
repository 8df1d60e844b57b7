// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
import {Predeploys} from "../libraries/Predeploys.sol";

/// @title The delay between a vote and its effect.
/// @notice The one account that may change the system. Only the Governor proposes and cancels,
/// anyone executes, and there is no admin: even the delay changes by vote.
contract Timelock is TimelockController {
    uint256 private constant _DELAY_MIN = 60;
    uint256 private constant _DELAY_MAX = 30 days;

    error TimelockDelayOutOfBounds(uint256 delay, uint256 min, uint256 max);

    /// @param minDelay seconds.
    constructor(
        uint256 minDelay
    )
        TimelockController(minDelay, _only(Predeploys.POCA_GOVERNOR), _only(address(0)), address(0))
    {}

    /// @inheritdoc TimelockController
    /// @dev Holders can neither do away with the delay nor wait for ever.
    function updateDelay(uint256 newDelay) public override {
        require(
            _DELAY_MIN <= newDelay && newDelay <= _DELAY_MAX,
            TimelockDelayOutOfBounds(newDelay, _DELAY_MIN, _DELAY_MAX)
        );
        super.updateDelay(newDelay);
    }

    function _only(address account) private pure returns (address[] memory accounts) {
        accounts = new address[](1);
        accounts[0] = account;
    }
}
