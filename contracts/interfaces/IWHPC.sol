// SPDX-License-Identifier: MIT
pragma solidity >=0.8.24;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// @title The coin as an ERC-20 token.
/// @notice One token per coin, as in WETH9, with permits.
/// @custom:invariant address(this).balance >= totalSupply()
interface IWHPC is IERC20 {
    event Deposit(address indexed account, uint256 amount);
    event Withdrawal(address indexed account, uint256 amount);

    error WHPCTransferFailed(address to, uint256 amount);

    /// @notice Wraps the sent coin for the caller. A plain transfer does the same.
    function deposit() external payable;
    /// @notice Unwraps the caller's tokens.
    function withdraw(uint256 amount) external;
}
