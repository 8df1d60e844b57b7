// SPDX-License-Identifier: MIT
pragma solidity >=0.8.24;

/// @title How much computing power there is, and how much of it is at work.
/// @notice What OnlineReward asks of the NodeRegistry.
interface IPowerTotals {
    /// @return provedPower of all nodes whose proof is good, million multiply-adds per second.
    /// @return leasedPower of the slots and leases that are running, the same unit.
    function totals() external view returns (uint256 provedPower, uint256 leasedPower);
}
