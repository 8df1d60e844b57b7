// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {vm} from "../support/Vm.sol";
import {SignersTest} from "../signers/SignersTest.sol";

/// @title SC 3.1: "other nodes need to be authorized and approved by the original signing node to
/// join."
/// @custom:sentence And block production management, other nodes need to be authorized and approved
/// by the original signing node to join.
/// @custom:sentence The entire network has multiple signature nodes based on the needs of the
/// network scale.
contract SC31AdmissionTest is SignersTest {
    address private constant _NODE = address(0x900D);

    function testWithoutApprovalACandidateNeverJoins() public {
        _applyWith(_NODE, 100_000e18, 1_000_000_000);
        _pass(1_000, 365 days);
        BOARD.seatTerm();
        assertTrue(!BOARD.isSigner(_NODE), "no signer");
        assertTrue(!BOARD.isStandby(_NODE), "not even a standby");
    }

    function testTheOriginalSignerApproves() public {
        address original = BOARD.seatAt(0);
        _applyWith(_NODE, 1_000e18, 1);
        vm.prank(original);
        BOARD.voteToAdmit(_NODE);
        assertTrue(BOARD.isStandby(_NODE), "joined");
    }

    function testThreeOfFiveApproveAndTwoDoNot() public {
        _grantSeats(5);
        _applyWith(_NODE, 1_000e18, 1);
        for (uint16 i = 0; i < 2; ++i) {
            vm.prank(BOARD.seatAt(i));
            BOARD.voteToAdmit(_NODE);
        }
        assertTrue(!BOARD.isStandby(_NODE), "two of five");
        vm.prank(BOARD.seatAt(2));
        BOARD.voteToAdmit(_NODE);
        assertTrue(BOARD.isStandby(_NODE), "three of five");
    }

    function testTheNetworkHasAsManySignersAsItNeeds() public {
        for (uint256 i = 0; i < 30; ++i) _join(_account(10 + i), 1_000e18, 1);
        _pass(1, 7 days);
        BOARD.seatTerm();
        // The number of seats is voted; 21 at first.
        assertEq(BOARD.seatCount(), 21, "signature nodes");
        assertEq(BOARD.standbyCount(), 9, "waiting");
    }
}
