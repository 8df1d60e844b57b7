// SPDX-License-Identifier: MIT
pragma solidity >=0.8.24;

/// @title The chain's purse.
/// @notice Receives the platform's share of fees; spends by vote, each time with a stated purpose.
interface ITreasury {
    event Received(address indexed from, uint256 amount);
    event Spent(address indexed to, uint256 amount, string purpose);

    error TreasuryInsufficient(uint256 wanted, uint256 balance);
    error TreasuryTransferFailed(address to, uint256 amount);

    /// @notice Sends coin. Timelock only.
    function spend(address to, uint256 amount, string calldata purpose) external;
}
