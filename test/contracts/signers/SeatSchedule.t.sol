// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SeatSchedule} from "../../../contracts/libraries/SeatSchedule.sol";
import {vm} from "../support/Vm.sol";
import {SignersTest} from "./SignersTest.sol";

/// @dev Shows that turns are exactly as many as weights say, and evenly spread.
contract SeatScheduleTest is SignersTest {
    function setUp() public override {}

    function testEqualSeatsTakeTurnsInOrder() public pure {
        uint8[] memory weights = new uint8[](4);
        for (uint256 i = 0; i < 4; ++i) weights[i] = 9;
        for (uint256 height = 0; height < 40; ++height) {
            assertEq(SeatSchedule.rotate(weights, height), height % 4, "turn");
        }
    }

    function testAWorkedCycle() public pure {
        uint8[] memory weights = new uint8[](3);
        weights[0] = 4;
        weights[1] = 1;
        weights[2] = 1;
        uint8[6] memory expected = [0, 0, 1, 0, 2, 0];
        for (uint256 height = 0; height < 18; ++height) {
            assertEq(SeatSchedule.rotate(weights, height), expected[height % 6], "turn");
        }
    }

    function testFuzzTurnsAreProportional(uint256 seed, uint64 start) public pure {
        uint8[] memory weights = _weights(seed, 1 + (seed % 12));
        uint256 cycle = 0;
        for (uint256 i = 0; i < weights.length; ++i) cycle += weights[i];
        uint256[] memory turns = new uint256[](weights.length);
        for (uint256 i = 0; i < cycle; ++i) {
            ++turns[SeatSchedule.rotate(weights, uint256(start) + i)];
        }
        for (uint256 i = 0; i < weights.length; ++i) {
            assertEq(turns[i], weights[i], "turns in any cycle");
        }
    }

    function testFuzzTurnsAreSpread(uint256 seed) public pure {
        uint8[] memory weights = _weights(seed, 2 + (seed % 5));
        uint256 cycle = 0;
        for (uint256 i = 0; i < weights.length; ++i) cycle += weights[i];
        // Between two turns of seat 0 each other seat has floor or ceil of the quotient.
        uint256[] memory between = new uint256[](weights.length);
        bool started = false;
        for (uint256 height = 0; height < 2 * cycle; ++height) {
            uint256 seat = SeatSchedule.rotate(weights, height);
            ++between[seat];
            if (seat != 0) continue;
            for (uint256 i = 1; i < weights.length; ++i) {
                uint256 low = weights[i] / weights[0];
                uint256 high = (weights[i] + weights[0] - 1) / weights[0];
                if (started) assertTrue(between[i] >= low && between[i] <= high, "spread");
                between[i] = 0;
            }
            started = true;
        }
    }

    function testTheLargestBoardIsReadWithinAMillionGas() public view {
        uint8[] memory weights = _weights(7, 127);
        uint256 before = gasleft();
        SeatSchedule.rotate(weights, type(uint64).max);
        assertTrue(before - gasleft() < 600_000, "rotation");
        before = gasleft();
        SeatSchedule.draw(weights, bytes32(uint256(1)), type(uint64).max);
        assertTrue(before - gasleft() < 200_000, "lottery");
    }

    function testFuzzTheLotteryTakesTheSmallestQuotient(uint256 seed, uint64 height) public pure {
        uint8[] memory equities = _weights(seed, 1 + (seed % 20));
        uint256 winner = SeatSchedule.draw(equities, bytes32(seed), height);
        uint256 best = SeatSchedule.proofHash(bytes32(seed), height, winner);
        for (uint256 i = 0; i < equities.length; ++i) {
            uint256 hash = SeatSchedule.proofHash(bytes32(seed), height, i);
            assertTrue(best * equities[i] <= hash * equities[winner], "smallest");
        }
    }

    function _weights(uint256 seed, uint256 count) private pure returns (uint8[] memory weights) {
        uint8[9] memory values = [1, 2, 3, 4, 6, 8, 9, 12, 16];
        weights = new uint8[](count);
        for (uint256 i = 0; i < count; ++i) {
            weights[i] = values[uint256(keccak256(abi.encode(seed, i))) % 9];
        }
    }
}
