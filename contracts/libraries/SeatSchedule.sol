// SPDX-License-Identifier: MIT
pragma solidity >=0.8.24;

/// @title Which seat proposes first at a height.
/// @notice Both rules are pure functions of the seats' weights, so no state has to be advanced and
/// any past turn can be checked.
library SeatSchedule {
    /// @dev Common multiple of the weights there are: products of two numbers from 1 to 4.
    uint256 internal constant BEAT = 144;

    /// @notice Weighted round robin. In any `sum of weights` heights in a row each seat has exactly
    /// as many turns as its weight; between two turns of seat i, seat j has floor(w_j / w_i) or
    /// ceil(w_j / w_i). Equal weights take turns in seat order.
    /// @dev Turn k of seat i of n falls on beat (k n + i) 144 / w_i of 144 n. Turns are ordered by
    /// beat, then by seat. The beat of turn number `height` modulo the cycle is found by bisection:
    /// at most 15 passes over 127 seats.
    /// @param weights divisors of 144, at least one.
    function rotate(uint8[] memory weights, uint256 height) internal pure returns (uint256 seat) {
        uint256 count = weights.length;
        uint256[] memory steps = new uint256[](count);
        uint256 cycle = 0;
        for (uint256 i = 0; i < count; ++i) {
            steps[i] = BEAT / weights[i];
            cycle += weights[i];
        }
        uint256 turn = height % cycle;

        // The first beat until which more than `turn` turns have fallen.
        uint256 low = 0;
        uint256 high = BEAT * count - 1;
        while (low < high) {
            uint256 middle = (low + high) / 2;
            if (_turnsUntil(steps, middle) > turn) high = middle;
            else low = middle + 1;
        }
        uint256 before = low == 0 ? 0 : _turnsUntil(steps, low - 1);
        for (seat = 0; seat < count; ++seat) {
            uint256 place = low / steps[seat];
            if (low % steps[seat] != 0 || place < seat || (place - seat) % count != 0) continue;
            if (before == turn) return seat;
            ++before;
        }
    }

    /// @notice The seat with the smallest ProofHash / equity: the first for which
    /// equity x target > ProofHash as the target grows. Equal ones go to the lower seat.
    /// @dev 248 bits of each hash are compared, so that the products fit.
    /// @custom:source TS 4.3.3.1
    function draw(
        uint8[] memory equities,
        bytes32 seed,
        uint256 height
    ) internal pure returns (uint256 winner) {
        uint256 best = proofHash(seed, height, 0);
        for (uint256 seat = 1; seat < equities.length; ++seat) {
            uint256 hash = proofHash(seed, height, seat);
            if (hash * equities[winner] < best * equities[seat]) {
                winner = seat;
                best = hash;
            }
        }
    }

    function proofHash(
        bytes32 seed,
        uint256 height,
        uint256 seat
    ) internal pure returns (uint256 hash) {
        return uint256(keccak256(abi.encode(seed, height, seat))) >> 8;
    }

    /// @dev How many turns fall on beats up to and including `beat`.
    function _turnsUntil(
        uint256[] memory steps,
        uint256 beat
    ) private pure returns (uint256 turns) {
        uint256 count = steps.length;
        // Cannot wrap or divide by 0: no number here exceeds 144 x 127, steps are at least 9, and
        // `count` is not 0.
        unchecked {
            for (uint256 i = 0; i < count; ++i) {
                uint256 place = beat / steps[i];
                if (place >= i) turns += (place - i) / count + 1;
            }
        }
    }
}
