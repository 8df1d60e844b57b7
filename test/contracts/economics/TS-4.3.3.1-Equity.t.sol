// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SeatSchedule} from "../../../contracts/libraries/SeatSchedule.sol";
import {vm} from "../support/Vm.sol";
import {SignersTest} from "../signers/SignersTest.sol";

/// @title TS 4.3.3.1: "equity * target value > ProofHash"
/// @custom:sentence only one "POS light node" is authorized to generate blocks anytime anywhere.
/// @custom:sentence Each "POS light node" obtains equity by pledging coins as collateral.
/// @custom:sentence The greater the equity is, the bigger the probability is of getting the right
/// to produce block.
/// @custom:sentence we select block producers based on the updated "POS"
/// @custom:sentence The equity only represents the probability that the node will obtain the block
/// production right.
contract TS4331EquityTest is SignersTest {
    function setUp() public override {}

    /// @dev The target grows until the first seat passes; that is who the schedule names.
    function testFuzzTheFirstSeatToPassTheFormulaProduces(bytes32 seed, uint64 height) public pure {
        uint8[] memory equities = _equities(4, 1, 9);
        uint256 winner = SeatSchedule.draw(equities, seed, height);
        uint256 hash = SeatSchedule.proofHash(seed, height, winner);
        // The least whole target for which the winner passes.
        uint256 target = hash / equities[winner] + 1;
        assertTrue(equities[winner] * target > hash, "equity x target > ProofHash");
        for (uint256 i = 0; i < 3; ++i) {
            uint256 other = SeatSchedule.proofHash(seed, height, i);
            if (i != winner) assertTrue(equities[i] * (target - 1) <= other, "none before it");
        }
    }

    function testOneSeatAtATime() public pure {
        uint8[] memory equities = _equities(4, 4, 4);
        for (uint256 height = 0; height < 300; ++height) {
            uint256 winner = SeatSchedule.draw(equities, bytes32(uint256(7)), height);
            assertTrue(winner < 3, "one of them");
            assertEq(
                SeatSchedule.draw(equities, bytes32(uint256(7)), height),
                winner,
                "and always the same"
            );
        }
    }

    function testGreaterEquityProducesMoreOften() public pure {
        uint8[] memory equities = _equities(1, 4, 16);
        uint256[3] memory wins;
        for (uint256 height = 0; height < 1_000; ++height) {
            ++wins[SeatSchedule.draw(equities, bytes32(uint256(1)), height)];
        }
        assertTrue(wins[2] > wins[1] && wins[1] > wins[0], "in the order of equity");
        assertTrue(wins[0] > 0, "and the least has its turns");
    }

    function _equities(uint8 a, uint8 b, uint8 c) private pure returns (uint8[] memory equities) {
        equities = new uint8[](3);
        equities[0] = a;
        equities[1] = b;
        equities[2] = c;
    }
}
