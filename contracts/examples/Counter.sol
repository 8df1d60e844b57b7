// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title A first contract to deploy.
/// @notice Anyone may count; the contract remembers how often each account did.
contract Counter {
    event Counted(address indexed by, uint256 count);

    error CounterStepTooLarge(uint256 step, uint256 max);

    /// @notice The largest step of one call.
    uint256 public constant STEP_MAX = 100;

    /// @notice The sum of all steps.
    uint256 public count;

    /// @notice The sum of an account's steps.
    mapping(address account => uint256 count) public countOf;

    /// @notice Counts one up.
    function increment() external {
        _add(1);
    }

    /// @notice Counts `step` up.
    function add(uint256 step) external {
        require(step <= STEP_MAX, CounterStepTooLarge(step, STEP_MAX));
        _add(step);
    }

    function _add(uint256 step) private {
        count += step;
        countOf[msg.sender] += step;
        emit Counted(msg.sender, count);
    }
}
