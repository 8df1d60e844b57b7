// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {LowLevelCall} from "@openzeppelin/contracts/utils/LowLevelCall.sol";
import {IWHPC} from "../interfaces/IWHPC.sol";

/// @title The coin as an ERC-20 token.
/// @notice Immutable, without owner.
contract WHPC is IWHPC, ERC20Permit {
    constructor() ERC20("Wrapped HPC", "WHPC") ERC20Permit("Wrapped HPC") {}

    receive() external payable {
        deposit();
    }

    /// @inheritdoc IWHPC
    function withdraw(uint256 amount) external {
        _burn(msg.sender, amount);
        emit Withdrawal(msg.sender, amount);
        require(
            LowLevelCall.callNoReturn(msg.sender, amount, ""),
            WHPCTransferFailed(msg.sender, amount)
        );
    }

    /// @inheritdoc IWHPC
    function deposit() public payable {
        _mint(msg.sender, msg.value);
        emit Deposit(msg.sender, msg.value);
    }
}
