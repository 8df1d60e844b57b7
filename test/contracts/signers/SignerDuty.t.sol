// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {EndBlockInput, IHubModule} from "../../../contracts/interfaces/IHubModule.sol";
import {ISignerBoard} from "../../../contracts/interfaces/ISignerBoard.sol";
import {ISystemHub} from "../../../contracts/interfaces/ISystemHub.sol";
import {ParamKeys} from "../../../contracts/libraries/ParamKeys.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {SystemContract} from "../../../contracts/libraries/SystemContract.sol";
import {vm} from "../support/Vm.sol";
import {SignersTest} from "./SignersTest.sol";

/// @dev Shows how silent directors are isolated and come back, how failing standbys go, and that
/// ending a block stays cheap whatever has happened.
contract SignerDutyTest is SignersTest {
    address private constant _NODE = address(0x900D);
    address private constant _OTHER = address(0x0DD);

    function setUp() public override {
        super.setUp();
        _grantSeats(4);
        _pass(1, 1);
    }

    function testAStandbyActsForADirectorThatMissed20Turns() public {
        _join(_NODE, COLLATERAL, POWER);
        _miss(2, 19);
        assertEq(BOARD.actingSigner(2), _account(2), "19 are too few");
        EndBlockInput memory input = _plainInput();
        input.skippedSeats = new uint16[](1);
        input.skippedSeats[0] = 2;
        vm.expectEmit(Predeploys.SIGNER_BOARD);
        emit ISignerBoard.TurnMissed(2, _account(2), 20);
        vm.expectEmit(Predeploys.SIGNER_BOARD);
        emit ISignerBoard.DirectorIsolated(2, _account(2), _NODE);
        _tell(Predeploys.SIGNER_BOARD, input);
        assertEq(BOARD.actingSigner(2), _NODE, "acts");
        assertEq(BOARD.seatAt(2), _account(2), "keeps the seat");
        assertTrue(BOARD.isSigner(_NODE) && !BOARD.isSigner(_account(2)), "who signs");
        assertEq(BOARD.seatCount(), 4, "seats");
        _checkBoard();
    }

    function testATurnTakenStartsTheCountAgain() public {
        _join(_NODE, COLLATERAL, POWER);
        _miss(2, 19);
        EndBlockInput memory input = _plainInput();
        input.parentProposer = _account(2);
        _tell(Predeploys.SIGNER_BOARD, input);
        _miss(2, 19);
        assertEq(BOARD.actingSigner(2), _account(2), "never 20 in a row");
        _miss(2, 1);
        assertEq(BOARD.actingSigner(2), _NODE, "now");
    }

    function testOnlyTwoSeatsAreProxiedAtATime() public {
        for (uint256 i = 0; i < 3; ++i) _join(_account(50 + i), COLLATERAL, POWER);
        for (uint16 i = 1; i <= 3; ++i) _miss(i, 20);
        assertEq(BOARD.proxyCount(), 2, "proxies");
        assertEq(BOARD.actingSigner(3), _account(3), "the third waits");
        _checkBoard();
    }

    function testOneSeatChangesInABlock() public {
        _join(_NODE, COLLATERAL, POWER);
        _join(_OTHER, COLLATERAL, POWER);
        for (uint256 i = 0; i < 20; ++i) {
            EndBlockInput memory input = _plainInput();
            input.skippedSeats = new uint16[](2);
            input.skippedSeats[0] = 1;
            input.skippedSeats[1] = 3;
            _tell(Predeploys.SIGNER_BOARD, input);
        }
        assertEq(BOARD.proxyCount(), 1, "one at a time");
        _miss(3, 1);
        assertEq(BOARD.proxyCount(), 2, "the other one block later");
    }

    function testWithoutAStandbyTheSeatStaysAndCountsAsAbsent() public {
        _miss(2, 50);
        assertEq(BOARD.seatCount(), 4, "the number of seats never falls by silence");
        assertEq(BOARD.actingSigner(2), _account(2), "its holder");
        _join(_NODE, COLLATERAL, POWER);
        _miss(2, 1);
        assertEq(BOARD.actingSigner(2), _NODE, "as soon as there is one");
    }

    function testADirectorIsRestored64BlocksAfterItIsBack() public {
        _join(_NODE, COLLATERAL, POWER);
        _miss(2, 20);
        vm.expectRevert(
            abi.encodeWithSelector(ISignerBoard.SignerBoardNotIsolated.selector, uint16(2))
        );
        BOARD.restore(2);
        uint40 backAt = uint40(_height + 64);
        vm.expectEmit(Predeploys.SIGNER_BOARD);
        emit ISignerBoard.RecoveryAnnounced(2, _account(2), backAt);
        vm.prank(_account(2));
        BOARD.recover();
        _pass(63, 63);
        vm.expectRevert(
            abi.encodeWithSelector(ISignerBoard.SignerBoardTooEarly.selector, backAt - 1, backAt)
        );
        BOARD.restore(2);
        _pass(1, 1);
        vm.expectEmit(Predeploys.SIGNER_BOARD);
        emit ISignerBoard.DirectorRestored(2, _account(2), _NODE);
        BOARD.restore(2);
        assertEq(BOARD.actingSigner(2), _account(2), "signs again");
        assertTrue(BOARD.isStandby(_NODE), "waits again");
        assertEq(BOARD.seatInfo(2).missed, 0, "starts from none");
        _checkBoard();
    }

    function testOnlyAnIsolatedDirectorRecovers() public {
        vm.expectRevert(
            abi.encodeWithSelector(ISignerBoard.SignerBoardNotIsolated.selector, uint16(2))
        );
        vm.prank(_account(2));
        BOARD.recover();
        vm.expectRevert(
            abi.encodeWithSelector(
                ISignerBoard.SignerBoardWrongCluster.selector,
                address(this),
                ISignerBoard.Cluster.Ordinary
            )
        );
        BOARD.recover();
        vm.expectRevert(
            abi.encodeWithSelector(ISignerBoard.SignerBoardNoSuchSeat.selector, uint16(4))
        );
        BOARD.restore(4);
        vm.expectRevert(
            abi.encodeWithSelector(ISignerBoard.SignerBoardNoSuchSeat.selector, uint16(4))
        );
        BOARD.actingSigner(4);
        vm.expectRevert(
            abi.encodeWithSelector(ISignerBoard.SignerBoardNoSuchSeat.selector, uint16(4))
        );
        BOARD.wasOnline(4);
    }

    function testAStandbyThatFailsInItsDutyForfeitsItsCollateral() public {
        _join(_NODE, COLLATERAL, POWER);
        _miss(2, 20);
        _join(_OTHER, COLLATERAL, POWER);
        uint256 supplyMeter = Predeploys.SUPPLY_METER.balance;
        _miss(2, 19);
        assertEq(BOARD.actingSigner(2), _NODE, "19 are too few");
        vm.expectEmit(Predeploys.SIGNER_BOARD);
        emit ISignerBoard.MemberPunished(_NODE, 1_000e18, 0, false);
        EndBlockInput memory input = _plainInput();
        input.skippedSeats = new uint16[](1);
        input.skippedSeats[0] = 2;
        _tell(Predeploys.SIGNER_BOARD, input);
        assertEq(BOARD.actingSigner(2), _OTHER, "the next one acts");
        assertEq(uint256(BOARD.clusterOf(_NODE)), 0, "driven out");
        assertEq(BOARD.collateralOf(_NODE) + VAULT.freeOf(_NODE), 0, "nothing left");
        assertEq(Predeploys.SUPPLY_METER.balance, supplyMeter + 1_000e18, "burned");
        _checkBoard();

        // The last one fails too: the director is asked again.
        _miss(2, 20);
        assertEq(BOARD.actingSigner(2), _account(2), "nobody else is left");
        assertEq(BOARD.proxyCount(), 0, "proxies");
        _checkBoard();
    }

    function testAProxyMayResignInTheMiddleOfItsDuty() public {
        _join(_NODE, COLLATERAL, POWER);
        _miss(2, 20);
        vm.prank(_NODE);
        BOARD.resign();
        assertEq(BOARD.actingSigner(2), _account(2), "the director is asked again");
        _checkBoard();
    }

    function testAProxyInheritsTheSeatOfADirectorThatGoes() public {
        _join(_NODE, COLLATERAL, POWER);
        _miss(2, 20);
        vm.prank(_account(2));
        BOARD.resign();
        assertEq(BOARD.seatAt(2), _NODE, "director now");
        assertEq(BOARD.seatInfo(2).proxy, address(0), "of its own");
        _checkBoard();
    }

    function testTheLastSeatMovesWithItsProxy() public {
        _join(_NODE, COLLATERAL, POWER);
        _miss(3, 20);
        vm.prank(Predeploys.TIMELOCK);
        BOARD.revokeSeat(0);
        assertEq(BOARD.seatAt(0), _account(3), "moved");
        assertEq(BOARD.actingSigner(0), _NODE, "with its proxy");
        _checkBoard();
        vm.expectRevert(abi.encodeWithSelector(ISignerBoard.SignerBoardSeatTaken.selector, _NODE));
        vm.prank(Predeploys.TIMELOCK);
        BOARD.grantSeat(_NODE);
    }

    function testOnlineMeansASignatureInTheLastWindow() public {
        assertTrue(BOARD.wasOnline(1), "newcomers are trusted");
        // Two windows in which all but seat 1 sign.
        for (uint256 i = 0; i < 2; ++i) {
            EndBlockInput memory input = _plainInput();
            input.parentSigners = 13;
            _tell(Predeploys.SIGNER_BOARD, input);
            _pass(1_024, 1_024);
        }
        EndBlockInput memory last = _plainInput();
        last.parentSigners = 2;
        _tell(Predeploys.SIGNER_BOARD, last);
        assertTrue(BOARD.wasOnline(0), "signed");
        assertTrue(!BOARD.wasOnline(1), "was silent");
    }

    function testAMissIsTheHoldersOfBeforeTheBlock() public {
        // The holder of the highest seat moves into the gap, in the block that tells of the miss.
        vm.prank(Predeploys.TIMELOCK);
        BOARD.revokeSeat(1);
        assertEq(BOARD.seatAt(1), _account(3), "moved");
        _miss(1, 1);
        assertEq(BOARD.seatInfo(1).missed, 0, "not its miss");
        _miss(1, 1);
        assertEq(BOARD.seatInfo(1).missed, 1, "from the next block on it is");
    }

    function testADirectorThatCameBackHasNotMissedItsProxysTurn() public {
        _join(_NODE, COLLATERAL, POWER);
        _miss(2, 20);
        vm.prank(_account(2));
        BOARD.recover();
        _pass(64, 64);
        BOARD.restore(2);
        _miss(2, 1);
        assertEq(BOARD.seatInfo(2).missed, 0, "not its miss");
        _miss(2, 1);
        assertEq(BOARD.seatInfo(2).missed, 1, "now it is");
    }

    function testAStandbyIsNotChargedWithTheMissThatBroughtItIn() public {
        _join(_NODE, COLLATERAL, POWER);
        _miss(2, 19);
        EndBlockInput memory input = _plainInput();
        input.skippedSeats = new uint16[](2);
        (input.skippedSeats[0], input.skippedSeats[1]) = (2, 2);
        _tell(Predeploys.SIGNER_BOARD, input);
        assertEq(BOARD.actingSigner(2), _NODE, "acts");
        assertEq(BOARD.seatInfo(2).proxyMissed, 0, "had no turn yet");
    }

    /* WHO VOTED WHEN */

    function testASeatVotesFromTheBlockAfterItIsGranted() public {
        uint64 granted = _height - 1;
        assertTrue(!BOARD.wasSigner(_account(1), granted), "in its block: not yet");
        assertTrue(BOARD.wasSigner(_account(1), granted + 1), "in the next");
        assertEq(BOARD.seatCountAt(granted), 1, "the first seat alone");
        assertEq(BOARD.seatCountAt(granted + 1), 4, "with three more");
        assertEq(BOARD.seatCountAt(0), 0, "before the first block nobody votes");
        assertTrue(!BOARD.wasSigner(address(0), granted + 1), "nobody is no signer");
    }

    function testVotersOfEachHeightAreRemembered() public {
        _join(_NODE, COLLATERAL, POWER);
        _pass(1, 1);
        uint64[] memory changes = new uint64[](7);
        for (uint16 i = 0; i < 7; ++i) {
            changes[i] = _height;
            vm.prank(Predeploys.TIMELOCK);
            if (i % 2 == 0) BOARD.revokeSeat(3);
            else BOARD.grantSeat(_OTHER);
            _pass(5, 5);
        }
        for (uint16 i = 0; i < 7; ++i) {
            bool isRevoked = i % 2 == 0;
            uint256 before = isRevoked ? 4 : 3;
            assertEq(BOARD.seatCountAt(changes[i]), before, "seats in the block of a change");
            assertEq(BOARD.seatCountAt(changes[i] + 1), 7 - before, "seats after it");
            address holder = i == 0 ? _account(3) : _OTHER;
            assertTrue(BOARD.wasSigner(holder, changes[i]) == isRevoked, "in the block");
            assertTrue(BOARD.wasSigner(holder, changes[i] + 1) != isRevoked, "after it");
        }
    }

    function testAProxyVotesInsteadOfItsDirector() public {
        _join(_NODE, COLLATERAL, POWER);
        _miss(2, 19);
        uint64 isolated = _height;
        _miss(2, 1);
        assertTrue(BOARD.wasSigner(_account(2), isolated), "the director in that block");
        assertTrue(!BOARD.wasSigner(_NODE, isolated), "not the standby");
        assertTrue(!BOARD.wasSigner(_account(2), isolated + 1), "not the director afterwards");
        assertTrue(BOARD.wasSigner(_NODE, isolated + 1), "the standby afterwards");
        assertEq(BOARD.seatCountAt(isolated + 1), 4, "as many seats");
    }

    function testWhoActsForPartOfABlockDoesNotEndIt() public {
        vm.prank(Predeploys.TIMELOCK);
        BOARD.grantSeat(_OTHER);
        assertTrue(BOARD.isSigner(_OTHER), "while it holds the seat");
        vm.prank(Predeploys.TIMELOCK);
        BOARD.revokeSeat(4);
        assertTrue(!BOARD.isSigner(_OTHER), "the block was never its to end");
        _pass(1, 1);
        vm.prank(Predeploys.TIMELOCK);
        BOARD.revokeSeat(3);
        assertTrue(BOARD.isSigner(_account(3)), "this one was its own");
        _pass(1, 1);
        assertTrue(!BOARD.isSigner(_account(3)), "and the next is not");
    }

    function testIgnoresSeatsThatAreNotThere() public {
        EndBlockInput memory input = _plainInput();
        input.skippedSeats = new uint16[](2);
        input.skippedSeats[0] = 4;
        input.skippedSeats[1] = type(uint16).max;
        input.parentProposer = address(0xdead);
        _tell(Predeploys.SIGNER_BOARD, input);
        _checkBoard();
    }

    function testCountsEightMissedTurnsABlockAndNoMore() public {
        EndBlockInput memory input = _plainInput();
        input.skippedSeats = new uint16[](12);
        for (uint256 i = 0; i < 12; ++i) input.skippedSeats[i] = 1;
        _tell(Predeploys.SIGNER_BOARD, input);
        assertEq(BOARD.seatInfo(1).missed, 8, "missed");
    }

    function testOnlyTheHubEndsBlocks() public {
        vm.expectRevert(
            abi.encodeWithSelector(
                SystemContract.SystemContractUnauthorized.selector,
                address(this),
                Predeploys.SYSTEM_HUB
            )
        );
        IHubModule(Predeploys.SIGNER_BOARD).onEndBlock(_plainInput());
        vm.expectRevert(
            abi.encodeWithSelector(
                SystemContract.SystemContractUnauthorized.selector,
                address(this),
                Predeploys.SLASH_COURT
            )
        );
        BOARD.punish(_account(1), 10_000, address(this));
    }

    /// @dev The dearest block there is: eight misses, one of them drives a proxy out and brings in
    /// the next.
    function testTheDearestBlockStaysUnderItsCap() public {
        _setParam(ParamKeys.SIGNER_PROXIES_MAX, 42);
        _grantSeats(127);
        for (uint256 i = 0; i < 20; ++i) _join(_account(200 + i), COLLATERAL, POWER);
        for (uint16 i = 1; i < 9; ++i) _miss(i, 20);
        for (uint16 i = 1; i < 9; ++i) _miss(i, 19);
        EndBlockInput memory input = _plainInput();
        input.skippedSeats = new uint16[](8);
        for (uint16 i = 0; i < 8; ++i) input.skippedSeats[i] = i + 1;
        input.parentProposer = _account(100);
        vm.prank(Predeploys.SYSTEM_HUB);
        uint256 before = gasleft();
        IHubModule(Predeploys.SIGNER_BOARD).onEndBlock(input);
        uint256 used = before - gasleft();
        assertTrue(used < 400_000, "under the cap");
    }

    function testFuzzTheBoardNeverStopsEndingBlocks(uint16[12] calldata moves) public {
        for (uint256 i = 0; i < moves.length; ++i) {
            uint256 count = BOARD.seatCount();
            address node = _account(100 + (moves[i] % 7));
            uint16 seat = uint16(moves[i] % count);
            uint256 kind = moves[i] >> 12;
            if (kind < 4) _miss(seat, 20);
            else if (kind < 8) _tryJoin(node);
            else if (kind < 10) {
                vm.prank(BOARD.seatAt(seat));
                try BOARD.resign() {} catch {}
            } else if (kind < 12) {
                vm.prank(BOARD.seatAt(seat));
                try BOARD.recover() {} catch {}
                _pass(64, 64);
                try BOARD.restore(seat) {} catch {}
            } else if (kind < 14) {
                address signer = BOARD.actingSigner(seat);
                vm.prank(Predeploys.SLASH_COURT);
                BOARD.punish(signer, 10_000, address(1));
            } else {
                _pass(1, 7 days);
                BOARD.seatTerm();
            }
            _checkBoard();
            _finish(_plainInput());
            _checkTurns();
        }
        (bool tripped, uint256 failures) = _moduleOf(Predeploys.SIGNER_BOARD);
        assertTrue(!tripped && failures == 0, "never failed");
    }

    function _tryJoin(address node) private {
        if (BOARD.clusterOf(node) != ISignerBoard.Cluster.Ordinary) return;
        _setPower(node, POWER);
        _fund(node, COLLATERAL);
        vm.prank(node);
        try BOARD.applyToSign(COLLATERAL) {
            _admit(node);
        } catch {}
    }

    function _checkTurns() private view {
        assertTrue(BOARD.isSigner(BOARD.proposerAt(_height, 0)), "somebody proposes");
    }

    function _moduleOf(address target) private view returns (bool tripped, uint256 failures) {
        ISystemHub hub = ISystemHub(Predeploys.SYSTEM_HUB);
        for (uint256 i = 0; i < hub.moduleCount(); ++i) {
            ISystemHub.Module memory module = hub.moduleAt(i);
            if (module.target == target) return (module.tripped, module.failures);
        }
        return (true, 99);
    }
}
