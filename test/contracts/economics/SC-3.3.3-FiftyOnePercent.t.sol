// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {vm} from "../support/Vm.sol";
import {SignersTest} from "../signers/SignersTest.sol";

/// @title SC 3.3.3: "if 51% of the signature nodes are normal, Smart The security of the network
/// can be guaranteed."
/// @notice As far as votes go: 49 of 100 seats admit nobody and eliminate nobody, 51 do.
/// @custom:sentence if the signature node is hijacked and attacked, the POCA consensus algorithm
/// supports the 51% effective node principle, that is, if 51% of the signature nodes are normal,
/// Smart The security of the network can be guaranteed.
contract SC333FiftyOnePercentTest is SignersTest {
    address private constant _ACCOMPLICE = address(0xBAD);

    function setUp() public override {
        super.setUp();
        _grantSeats(100);
        _applyWith(_ACCOMPLICE, 1_000_000e18, 1_000_000_000);
    }

    function testFortyNineHijackedSeatsOfAHundredDoNothing() public {
        for (uint256 i = 1; i <= 49; ++i) {
            vm.prank(_account(i));
            BOARD.voteToAdmit(_ACCOMPLICE);
            vm.prank(_account(i));
            BOARD.voteToEliminate(_account(99));
        }
        assertTrue(!BOARD.isStandby(_ACCOMPLICE), "not admitted");
        assertTrue(BOARD.isSigner(_account(99)), "not eliminated");
        // Wealth and power do not help without the majority.
        _pass(1, 7 days);
        BOARD.seatTerm();
        assertTrue(!BOARD.isSigner(_ACCOMPLICE), "no seat");
    }

    function testFiftyOneNormalSeatsOfAHundredEliminateTheOthers() public {
        for (uint256 i = 50; i <= 99; ++i) {
            vm.prank(_account(i));
            BOARD.voteToEliminate(_account(1));
        }
        _pass(1, 1);
        assertTrue(!BOARD.isSigner(_account(1)), "50 of the other 99 suffice");
        assertEq(BOARD.seatCount(), 99, "seats");
    }
}
