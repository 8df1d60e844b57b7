// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Invariant tests derive from it: the runner then calls from an address that has no part
/// in the economy. Where the runner's sender is also somebody a handler pranks, that account's
/// coin is gone after the call, which looks like a loss that no contract caused.
abstract contract OneSender {
    function targetSenders() public pure returns (address[] memory senders) {
        senders = new address[](1);
        senders[0] = address(0xCA11E2);
    }
}
