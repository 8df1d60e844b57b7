// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title An account that refuses coin, or strikes back when it is paid.
contract RefusingReceiver {
    error RefusingReceiverRefuses(uint256 amount);

    /// @notice Whether the call made on the last payment succeeded, and what it returned.
    bool public actSucceeded;
    bytes public actReturned;

    address private _actTarget;
    bytes private _actData;

    /// @dev Refuses, unless told what to call instead.
    receive() external payable {
        if (_actTarget == address(0)) revert RefusingReceiverRefuses(msg.value);
        (actSucceeded, actReturned) = _actTarget.call(_actData);
    }

    /// @notice From now on takes coin and calls `target` with `data` while it does.
    function act(address target, bytes calldata data) external {
        _actTarget = target;
        _actData = data;
    }

    /// @notice Calls `target` as this account.
    function forward(
        address target,
        bytes calldata data
    ) external payable returns (bytes memory returned) {
        bool success;
        (success, returned) = target.call{value: msg.value}(data);
        if (!success) {
            assembly ("memory-safe") {
                revert(add(returned, 0x20), mload(returned))
            }
        }
    }
}
