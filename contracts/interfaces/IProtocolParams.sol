// SPDX-License-Identifier: MIT
pragma solidity >=0.8.24;

/// @title Every number that holders may vote on.
/// @notice Parameters are named (`task.feeBps`), typed by their unit and bounded; a vote outside
/// the bounds reverts. Bounds are fixed at genesis. Also the schedule of forks.
interface IProtocolParams {
    struct Param {
        bytes32 key; // short ASCII string, see ParamKeys
        uint128 value;
        uint128 min;
        uint128 max;
    }

    event ParamChanged(bytes32 indexed key, uint256 oldValue, uint256 newValue);
    event ForkScheduled(bytes32 indexed name, uint64 timestamp);

    error ProtocolParamsUnknownKey(bytes32 key);
    error ProtocolParamsDuplicateKey(bytes32 key);
    error ProtocolParamsOutOfBounds(bytes32 key, uint256 value, uint256 min, uint256 max);
    error ProtocolParamsForkInPast(bytes32 name, uint64 timestamp);

    /// @notice Changes a parameter. Timelock only.
    function set(bytes32 key, uint256 value) external;

    /// @notice Announces that fork `name` is active from `timestamp` on. Timelock only.
    function scheduleFork(bytes32 name, uint64 timestamp) external;

    function get(bytes32 key) external view returns (uint256 value);
    function param(bytes32 key) external view returns (Param memory);
    function all() external view returns (Param[] memory);
    /// @notice When fork `name` becomes active, 0 when it is not scheduled.
    function forkTime(bytes32 name) external view returns (uint64 timestamp);
}
