// SPDX-License-Identifier: MIT
pragma solidity >=0.8.24;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// @title A queue by second whose every step costs the same, however long it is.
/// @dev A list of ids for each second and a bit for each second that has a list, 256 seconds to a
/// word. Entries of one second come out last in, first out.
library DueWheel {
    struct Wheel {
        uint128 cursor; // ─╮ first word that may have a bit
        uint128 count; // ──╯ entries
        mapping(uint256 word => uint256 bits) seconds_;
        mapping(uint256 time => uint64[] ids) lists;
    }

    /// @dev Words passed over in one look: half an hour and more of silence.
    uint256 private constant WORDS_MAX = 16;

    /// @return second the second under which the entry stands: `time`, or the first of the wheel
    /// when that has passed `time`.
    function add(Wheel storage wheel, uint256 time, uint256 id) internal returns (uint256 second) {
        (uint256 cursor, uint256 count) = (wheel.cursor, wheel.count);
        second = time;
        // An empty wheel turns to wherever its first entry is.
        if (count == 0) cursor = Math.min(time, block.timestamp) >> 8;
        else second = Math.max(time, cursor << 8);
        // A time divided by 256, and one more than there were.
        (wheel.cursor, wheel.count) = (uint128(cursor), uint128(count + 1));
        uint64[] storage list = wheel.lists[second];
        // Ids are counted from 1 and never reach 64 bits.
        list.push(uint64(id));
        if (list.length == 1) wheel.seconds_[second >> 8] |= 1 << (second & 0xff);
    }

    /// @dev Turns the wheel and finds the last entry of the first second before `now_`.
    /// @return time of the entry.
    /// @return id 0 when there is none, or none was found yet.
    function first(Wheel storage wheel, uint256 now_) internal returns (uint256 time, uint256 id) {
        if (wheel.count == 0) return (0, 0);
        uint256 from = wheel.cursor;
        uint256 word = from;
        uint256 bits = wheel.seconds_[word];
        uint256 last = (now_ - 1) >> 8;
        for (uint256 i = 0; i < WORDS_MAX && bits == 0 && word < last; ++i) {
            bits = wheel.seconds_[++word];
        }
        // A time divided by 256.
        if (word != from) wheel.cursor = uint128(word);
        if (bits == 0) return (0, 0);
        time = (word << 8) | Math.log2(bits & (~bits + 1));
        if (time >= now_) return (0, 0);
        uint64[] storage list = wheel.lists[time];
        id = list[list.length - 1];
    }

    /// @dev Removes the last entry of a second that has one.
    function remove(Wheel storage wheel, uint256 time) internal {
        uint64[] storage list = wheel.lists[time];
        list.pop();
        --wheel.count;
        if (list.length == 0) wheel.seconds_[time >> 8] &= ~(1 << (time & 0xff));
    }
}
