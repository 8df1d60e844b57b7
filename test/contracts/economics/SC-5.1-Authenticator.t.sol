// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {vm} from "../support/Vm.sol";
import {SignersTest} from "../signers/SignersTest.sol";

/// @title SC 5.1: "Responsible for network-wide governance and block production management, and
/// taking turns to produce blocks and receive rewards"
/// @custom:sentence Responsible for network-wide governance and block production management, and
/// taking turns to produce blocks and receive rewards based on state replication and voting
/// algorithms.
/// @custom:sentence At the same time, based on state replication and voting algorithms, they take
/// turns to produce blocks and obtain rewards.
/// @custom:sentence At the same time, based on the state replication and voting algorithm, blocks
/// are produced and rewards are obtained in turns.
contract SC51AuthenticatorTest is SignersTest {
    function testFourSignersTakeTurnsAndEachIsRewarded() public {
        _grantSeats(4);
        _pass(4 - (_height % 4), 1);
        for (uint256 i = 0; i < 8; ++i) {
            assertEq(_turnOf, BOARD.seatAt(uint16(i % 4)), "in turn");
            uint256 before = DISTRIBUTOR.creditOf(_turnOf);
            address proposer = _turnOf;
            _finish(_plainInput());
            assertTrue(DISTRIBUTOR.creditOf(proposer) > before, "rewarded");
        }
    }

    function testASilentSignersRoundGoesToTheNext() public {
        _grantSeats(4);
        uint64 height = 400;
        for (uint32 round = 0; round < 8; ++round) {
            assertEq(
                BOARD.proposerAt(height, round),
                BOARD.seatAt(uint16(round % 4)),
                "every seat within four rounds"
            );
        }
    }
}
