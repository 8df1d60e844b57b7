// SPDX-License-Identifier: MIT
pragma solidity >=0.8.24;

/// @title What prices and leases want of the NodeRegistry.
interface INodeSlots {
    function onSlotOpened(address worker) external;
    function onSlotClosed(address worker) external;

    /// @return provedPower of all nodes that may get work, million multiply-adds per second.
    /// @return leasedPower of those that work.
    function totals() external view returns (uint256 provedPower, uint256 leasedPower);
    /// @return reason why a node gets no work, a short ASCII string; 0 when it does.
    function reasonOf(address worker) external view returns (bytes32 reason);
    function powerOf(address worker) external view returns (uint64 power);
}
