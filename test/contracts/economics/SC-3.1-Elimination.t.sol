// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {vm} from "../support/Vm.sol";
import {SignersTest} from "../signers/SignersTest.sol";

/// @title SC 3.1 and SC 5.1: "For unqualified signature nodes, any signature node can initiate a
/// vote to eliminate them."
/// @custom:sentence The signature nodes have an elimination mechanism.
/// @custom:sentence For unqualified signature nodes, any signature node can initiate a vote to
/// eliminate them.
contract SC31EliminationTest is SignersTest {
    function testAnySignerInitiatesAVote() public {
        _grantSeats(5);
        address unqualified = _account(4);
        for (uint16 i = 0; i < 4; ++i) {
            vm.prank(BOARD.seatAt(i));
            BOARD.voteToEliminate(unqualified);
            (uint256 id, ) = BOARD.ballotOf(unqualified);
            assertEq(id, uint256(i) + 1, "a ballot of its own");
            // Nobody joins in; after three days the next signer starts anew.
            _pass(1, 3 days + 1);
        }
        assertTrue(BOARD.isSigner(unqualified), "one vote eliminates nobody");
    }

    function testThreeOfTheFourOthersEliminate() public {
        _grantSeats(5);
        address unqualified = _account(4);
        for (uint16 i = 0; i < 3; ++i) {
            assertTrue(BOARD.isSigner(unqualified), "not yet");
            vm.prank(BOARD.seatAt(i));
            BOARD.voteToEliminate(unqualified);
        }
        _pass(1, 1);
        assertTrue(!BOARD.isSigner(unqualified), "eliminated");
        assertEq(BOARD.seatCount(), 4, "seats");
        assertEq(BOARD.memberOf(unqualified).readmitAt, _time - 1 + 7 days, "a week outside");
    }
}
