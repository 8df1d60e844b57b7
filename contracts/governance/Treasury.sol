// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Initializable} from "@openzeppelin/contracts-upgradeable/proxy/utils/Initializable.sol";
import {LowLevelCall} from "@openzeppelin/contracts/utils/LowLevelCall.sol";
import {ITreasury} from "../interfaces/ITreasury.sol";
import {SystemContract} from "../libraries/SystemContract.sol";

/// @title The chain's purse.
/// @notice Takes coin from anyone; gives by vote only.
contract Treasury
    is ITreasury, SystemContract, Initializable
    layout at erc7201("poca.storage.Treasury")
{
    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor() {
        _disableInitializers();
    }

    /// @notice Nothing to set; closes the initializer.
    function initialize() external initializer {}

    receive() external payable {
        emit Received(msg.sender, msg.value);
    }

    /// @inheritdoc ITreasury
    function spend(address to, uint256 amount, string calldata purpose) external onlyTimelock {
        uint256 balance = address(this).balance;
        require(amount <= balance, TreasuryInsufficient(amount, balance));
        emit Spent(to, amount, purpose);
        require(LowLevelCall.callNoReturn(to, amount, ""), TreasuryTransferFailed(to, amount));
    }
}
