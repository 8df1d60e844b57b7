// SPDX-License-Identifier: MIT
pragma solidity >=0.8.24;

import {IERC5805} from "@openzeppelin/contracts/interfaces/IERC5805.sol";

/// @title Locked coin as votes.
/// @notice One vote per wei locked. Not transferable. Counts for its holder without any further
/// act, and can be delegated. Time is in seconds.
interface IVotingPower is IERC5805 {
    event VotesLocked(address indexed account, uint256 amount);
    event VotesUnlocked(address indexed account, uint256 amount);

    error VotingPowerInsufficient(address account, uint256 wanted, uint256 locked);
    error VotingPowerZeroAmount();
    error VotingPowerTransferFailed(address to, uint256 amount);

    function lock() external payable;
    function unlock(uint256 amount) external;
    function lockedOf(address account) external view returns (uint256 amount);
    function totalLocked() external view returns (uint256 amount);
}
