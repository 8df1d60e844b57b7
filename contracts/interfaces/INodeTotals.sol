// SPDX-License-Identifier: MIT
pragma solidity >=0.8.24;

/// @title How much power there is and how much of it works.
interface INodeTotals {
    /// @return provedPower of all nodes that may get work, million multiply-adds per second.
    /// @return leasedPower of those, in tasks and leases.
    function totals() external view returns (uint256 provedPower, uint256 leasedPower);
}
