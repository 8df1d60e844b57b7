// SPDX-License-Identifier: MIT
pragma solidity >=0.8.24;

import {ITaskBook} from "../interfaces/ITaskBook.sol";

/// @title How much work a slot's worker can have done.
/// @notice One rule for all ways in which oracles speak: signed reports, second reports and hidden
/// verdicts.
library WorkLimit {
    /// @dev Reported work may exceed what the proved power does in the time by a tenth.
    uint256 private constant _TOLERANCE_BPS = 11_000;
    uint256 private constant _BPS = 10_000;

    /// @notice Units that nobody with the slot's proved power can have exceeded.
    /// @dev Floored. Work that was handed in at once counts as a second's.
    /// @custom:source TS 2.8
    function maxUnits(ITaskBook.Slot memory slot) internal pure returns (uint256 max) {
        uint256 elapsed = slot.committedAt > slot.startedAt ? slot.committedAt - slot.startedAt : 1;
        // What workers before this one did was theirs to do.
        return slot.resumedUnits + (slot.power * elapsed * _TOLERANCE_BPS) / _BPS;
    }
}
