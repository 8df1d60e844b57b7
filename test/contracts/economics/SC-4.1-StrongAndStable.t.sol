// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ParamKeys} from "../../../contracts/libraries/ParamKeys.sol";
import {vm} from "../support/Vm.sol";
import {SignersTest} from "../signers/SignersTest.sol";

/// @title SC 4.1: "ensures that nodes with strong computing power and stable online time become
/// director signature nodes"
/// @custom:sentence Smart uses a scheduling algorithm to control the identity empowerment of nodes,
/// and ensures that nodes with strong computing power and stable online time become director
/// signature nodes, participate in the governance of the Smart network, and ensure the overall
/// performance of the network.
/// @custom:sentence Each "POS light node" obtains equity by pledging coins as collateral.
contract SC41StrongAndStableTest is SignersTest {
    address private constant _NODE = address(0x900D);
    address private constant _OTHER = address(0x0DD);

    function setUp() public override {
        super.setUp();
        _setParam(ParamKeys.SIGNER_SEATS, 1);
    }

    function testOfTwoAlikeTheStrongerBecomesDirector() public {
        _join(_NODE, 1_000e18, 999);
        _join(_OTHER, 1_000e18, 1_000);
        _pass(1, 7 days);
        BOARD.seatTerm();
        assertEq(BOARD.seatAt(0), _OTHER, "one unit stronger");
    }

    function testThreeWeeksOnlineOutweighTwiceThePower() public {
        _join(_NODE, 1_000e18, 1_000);
        _pass(1, 21 days);
        _join(_OTHER, 1_000e18, 2_000);
        assertEq(BOARD.scoreOf(_NODE), 4_000_000e18, "1,000 x 1,000 x 4");
        assertEq(BOARD.scoreOf(_OTHER), 2_000_000e18, "1,000 x 2,000 x 1");
        BOARD.seatTerm();
        assertEq(BOARD.seatAt(0), _NODE, "the stable one");
    }

    function testTurnsFollowCollateralAndTier() public {
        _setParam(ParamKeys.SIGNER_SEATS, 2);
        _join(_NODE, 3_000e18, 1_000_000);
        _join(_OTHER, 1_000e18, 1);
        _pass(1, 7 days);
        BOARD.seatTerm();
        uint256 turns = 0;
        for (uint64 height = 1_000; height < 1_070; ++height) {
            if (BOARD.proposerAt(height, 0) == _NODE) ++turns;
        }
        // Weights 3 x 2 and 1 x 1: six of seven turns.
        assertEq(turns, 60, "turns in 70 heights");
    }

    function testTheyTakePartInGovernance() public {
        _join(_NODE, 1_000e18, 1_000);
        _pass(1, 7 days);
        BOARD.seatTerm();
        _applyWith(_OTHER, 1_000e18, 1);
        vm.prank(_NODE);
        BOARD.voteToAdmit(_OTHER);
        assertTrue(BOARD.isStandby(_OTHER), "its vote counts");
    }
}
