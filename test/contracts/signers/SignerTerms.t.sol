// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {EndBlockInput} from "../../../contracts/interfaces/IHubModule.sol";
import {ISignerBoard} from "../../../contracts/interfaces/ISignerBoard.sol";
import {ParamKeys} from "../../../contracts/libraries/ParamKeys.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {vm} from "../support/Vm.sol";
import {SignersTest} from "./SignersTest.sol";

/// @dev Shows who gets the seats of a term, and what happens to the others.
contract SignerTermsTest is SignersTest {
    address private constant _NODE = address(0x900D);
    address private constant _OTHER = address(0x0DD);

    function testATermEndsAfterSevenDaysAndNotBefore() public {
        (uint32 number, uint40 startedAt) = BOARD.term();
        assertEq(number, 0, "first");
        _pass(1, startedAt + 7 days - 1 - _time);
        vm.expectRevert(
            abi.encodeWithSelector(
                ISignerBoard.SignerBoardTooEarly.selector,
                startedAt + 7 days - 1,
                startedAt + 7 days
            )
        );
        BOARD.seatTerm();
        _pass(1, 1);
        vm.expectEmit(Predeploys.SIGNER_BOARD);
        emit ISignerBoard.TermSeated(1, 1);
        BOARD.seatTerm();
        (number, startedAt) = BOARD.term();
        assertEq(number, 1, "second");
        assertEq(startedAt, _time, "from now on");
        assertEq(BOARD.seatCount(), 1, "nobody else wants the seat");
        _checkBoard();
    }

    function testTheStrongestGetTheSeats() public {
        _setParam(ParamKeys.SIGNER_SEATS, 3);
        for (uint256 i = 0; i < 6; ++i) {
            _join(_account(10 + i), uint96(COLLATERAL * (i + 1)), POWER);
        }
        // Half the collateral and three times the power beat it.
        _join(_NODE, 3 * COLLATERAL, 3 * POWER);
        _pass(1, 7 days);
        BOARD.seatTerm();
        assertEq(BOARD.seatCount(), 3, "seats");
        assertEq(BOARD.seatAt(0), _NODE, "3 x 3");
        assertEq(BOARD.seatAt(1), _account(15), "6");
        assertEq(BOARD.seatAt(2), _account(14), "5");
        assertTrue(BOARD.isStandby(_account(13)), "4 waits");
        assertEq(BOARD.standbyCount(), 4, "standbys");
        _checkBoard();
    }

    function testAFounderWithoutCollateralGoesWhenSomebodyIsQualified() public {
        address founder = BOARD.seatAt(0);
        _join(_NODE, COLLATERAL, POWER);
        _pass(1, 7 days);
        BOARD.seatTerm();
        assertEq(BOARD.seatCount(), 1, "seats");
        assertEq(BOARD.seatAt(0), _NODE, "qualified");
        assertEq(uint256(BOARD.clusterOf(founder)), 0, "gone");
        _checkBoard();
    }

    function testAFounderMayQualifyDuringItsFirstTerm() public {
        address founder = BOARD.seatAt(0);
        _fund(founder, 2 * COLLATERAL);
        _setPower(founder, POWER);
        vm.prank(founder);
        BOARD.addCollateral(2 * COLLATERAL);
        _setParam(ParamKeys.SIGNER_SEATS, 1);
        _join(_NODE, COLLATERAL, POWER);
        _pass(1, 7 days);
        BOARD.seatTerm();
        assertEq(BOARD.seatAt(0), founder, "stays");
        assertEq(BOARD.seatInfo(0).weight, 2, "two units, first tier");
        assertTrue(BOARD.isStandby(_NODE), "waits");
    }

    function testAQualifiedDirectorThatIsOutdoneWaitsAsAStandby() public {
        _setParam(ParamKeys.SIGNER_SEATS, 1);
        _join(_NODE, COLLATERAL, POWER);
        _pass(1, 7 days);
        BOARD.seatTerm();
        _join(_OTHER, 9 * COLLATERAL, POWER);
        _pass(1, 7 days);
        BOARD.seatTerm();
        assertEq(BOARD.seatAt(0), _OTHER, "outdone");
        assertTrue(BOARD.isStandby(_NODE), "waits");
        assertEq(BOARD.memberOf(_NODE).unbondAt, 0, "collateral stays");
        _checkBoard();
    }

    function testIncumbentsWinTies() public {
        _setParam(ParamKeys.SIGNER_SEATS, 1);
        _join(_NODE, COLLATERAL, POWER);
        _join(_OTHER, COLLATERAL, POWER);
        _pass(1, 7 days);
        BOARD.seatTerm();
        assertEq(BOARD.seatAt(0), _NODE, "first on the roll");
        _pass(1, 60 days);
        BOARD.seatTerm();
        assertEq(BOARD.seatAt(0), _NODE, "still");
    }

    function testSeatsAreNotLeftEmptyForWantOfQualifiedMembers() public {
        _grantSeats(4);
        _join(_NODE, COLLATERAL, POWER);
        _pass(1, 7 days);
        BOARD.seatTerm();
        assertEq(BOARD.seatCount(), 4, "as many as before");
        assertEq(BOARD.seatAt(0), _NODE, "the qualified one first");
        assertEq(BOARD.standbyCount(), 0, "three founders stayed");
        _checkBoard();
        // Until governance wants fewer.
        _setParam(ParamKeys.SIGNER_SEATS, 2);
        _pass(1, 7 days);
        BOARD.seatTerm();
        assertEq(BOARD.seatCount(), 2, "fewer");
        _checkBoard();
    }

    function testAnIsolatedDirectorLosesItsSeatAtTheEndOfTheTerm() public {
        _setParam(ParamKeys.SIGNER_SEATS, 2);
        _join(_NODE, 5 * COLLATERAL, POWER);
        _join(_OTHER, 4 * COLLATERAL, POWER);
        _pass(1, 7 days);
        BOARD.seatTerm();
        _join(_account(1), COLLATERAL, POWER);
        _pass(1, 1);
        _miss(0, 20);
        assertEq(BOARD.actingSigner(0), _account(1), "isolated");
        _pass(1, 7 days);
        BOARD.seatTerm();
        assertEq(uint256(BOARD.clusterOf(_NODE)), 0, "gone");
        assertEq(BOARD.memberOf(_NODE).readmitAt, _time + 7 days, "cools down");
        assertEq(BOARD.memberOf(_NODE).unbondAt, _time + 21 days, "unbonds");
        assertEq(BOARD.seatAt(1), _account(1), "its proxy has a seat of its own");
        assertEq(BOARD.proxyCount(), 0, "no proxies in a new term");
        _checkBoard();
    }

    function testSilenceInAWholeWindowCostsStability() public {
        _join(_NODE, COLLATERAL, POWER);
        _pass(1, 7 days);
        BOARD.seatTerm();
        assertEq(BOARD.stabilityOf(_NODE), 2, "a week online");
        for (uint256 i = 0; i < 3; ++i) {
            EndBlockInput memory input = _plainInput();
            input.parentSigners = 0;
            _tell(Predeploys.SIGNER_BOARD, input);
            _pass(1_024, 1_024);
        }
        _pass(1, 7 days);
        BOARD.seatTerm();
        assertEq(BOARD.stabilityOf(_NODE), 1, "starts again");
    }

    function testWhoIsUnseatedInABlockMayStillEndIt() public {
        address founder = BOARD.seatAt(0);
        _join(_NODE, COLLATERAL, POWER);
        _pass(1, 7 days);
        BOARD.seatTerm();
        assertTrue(BOARD.isSigner(founder) && BOARD.isSigner(_NODE), "in this block");
        _pass(1, 1);
        assertTrue(!BOARD.isSigner(founder) && BOARD.isSigner(_NODE), "in the next");
    }

    /// @dev 127 seats change hands among 255 members in one call. A transaction may use 2^24 gas.
    function testTheLargestTermFitsIntoATransaction() public {
        _setParam(ParamKeys.SIGNER_SEATS, 127);
        for (uint256 i = 0; i < 127; ++i) _join(_account(10 + i), COLLATERAL, POWER);
        _pass(1, 7 days);
        BOARD.seatTerm();
        assertEq(BOARD.seatCount(), 127, "seats");
        for (uint256 i = 0; i < 128; ++i) {
            address node = address(uint160(0x20000 + i));
            _applyWith(node, uint96(40 * COLLATERAL + i), POWER);
            for (uint16 j = 0; j < 64; ++j) {
                vm.prank(BOARD.seatAt(j));
                BOARD.voteToAdmit(node);
            }
        }
        _pass(1, 7 days);
        uint256 before = gasleft();
        BOARD.seatTerm();
        uint256 used = before - gasleft();
        assertEq(BOARD.seatAt(0), address(uint160(0x20000 + 127)), "the strongest");
        assertEq(BOARD.seatAt(126), address(uint160(0x20000 + 1)), "the weakest");
        _checkBoard();
        // With what a transaction costs before its first instruction.
        assertTrue(used + 21_000 < 16_777_216, "gas");
    }
}
