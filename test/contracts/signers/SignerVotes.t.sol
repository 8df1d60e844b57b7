// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISignerBoard} from "../../../contracts/interfaces/ISignerBoard.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {vm} from "../support/Vm.sol";
import {SignersTest} from "./SignersTest.sol";

/// @dev Shows that only a majority admits and eliminates, and that each seat counts once.
contract SignerVotesTest is SignersTest {
    address private constant _NODE = address(0x900D);

    function testAMajorityOfTheSeatsAdmits() public {
        _grantSeats(4);
        _applyWith(_NODE, COLLATERAL, POWER);
        uint40 endsAt = uint40(_time + 3 days);
        address founder = BOARD.seatAt(0);
        vm.expectEmit(Predeploys.SIGNER_BOARD);
        emit ISignerBoard.BallotOpened(1, _NODE, false, endsAt);
        vm.expectEmit(Predeploys.SIGNER_BOARD);
        emit ISignerBoard.VoteCast(1, founder, 1);
        vm.prank(founder);
        BOARD.voteToAdmit(_NODE);
        vm.prank(_account(1));
        BOARD.voteToAdmit(_NODE);
        assertTrue(!BOARD.isStandby(_NODE), "two of four do not");
        (uint256 id, ISignerBoard.Ballot memory ballot) = BOARD.ballotOf(_NODE);
        assertEq(id, 1, "ballot");
        assertEq(ballot.voters.length, 2, "votes");
        assertEq(ballot.endsAt, endsAt, "end");

        vm.expectEmit(Predeploys.SIGNER_BOARD);
        emit ISignerBoard.BallotPassed(1, _NODE, false);
        vm.expectEmit(Predeploys.SIGNER_BOARD);
        emit ISignerBoard.StandbyAdmitted(_NODE);
        vm.prank(_account(2));
        BOARD.voteToAdmit(_NODE);
        assertTrue(BOARD.isStandby(_NODE), "three of four do");
        (id, ) = BOARD.ballotOf(_NODE);
        assertEq(id, 0, "closed");
    }

    function testABallotThatIsOverCountsNothing() public {
        _grantSeats(3);
        _applyWith(_NODE, COLLATERAL, POWER);
        vm.prank(_account(1));
        BOARD.voteToAdmit(_NODE);
        _pass(1, 3 days + 1);
        (uint256 id, ) = BOARD.ballotOf(_NODE);
        assertEq(id, 0, "over");
        vm.prank(_account(2));
        BOARD.voteToAdmit(_NODE);
        assertTrue(!BOARD.isStandby(_NODE), "one vote in the new ballot");
        // The first voter may vote in the new one.
        vm.prank(_account(1));
        BOARD.voteToAdmit(_NODE);
        assertTrue(BOARD.isStandby(_NODE), "admitted");
    }

    function testTheLastSecondOfABallotCounts() public {
        _grantSeats(3);
        _applyWith(_NODE, COLLATERAL, POWER);
        vm.prank(_account(1));
        BOARD.voteToAdmit(_NODE);
        _pass(1, 3 days);
        vm.prank(_account(2));
        BOARD.voteToAdmit(_NODE);
        assertTrue(BOARD.isStandby(_NODE), "admitted");
    }

    function testRefusesVotesOfOthersAndSecondVotes() public {
        _grantSeats(4);
        _applyWith(_NODE, COLLATERAL, POWER);
        vm.expectRevert(
            abi.encodeWithSelector(ISignerBoard.SignerBoardNotSigner.selector, address(this))
        );
        BOARD.voteToAdmit(_NODE);
        vm.prank(_account(1));
        BOARD.voteToAdmit(_NODE);
        vm.expectRevert(
            abi.encodeWithSelector(ISignerBoard.SignerBoardVotedAlready.selector, 1, _account(1))
        );
        vm.prank(_account(1));
        BOARD.voteToAdmit(_NODE);
        vm.expectRevert(
            abi.encodeWithSelector(
                ISignerBoard.SignerBoardWrongCluster.selector,
                address(this),
                ISignerBoard.Cluster.Ordinary
            )
        );
        vm.prank(_account(1));
        BOARD.voteToAdmit(address(this));
        vm.expectRevert(
            abi.encodeWithSelector(
                ISignerBoard.SignerBoardWrongCluster.selector,
                _NODE,
                ISignerBoard.Cluster.Candidate
            )
        );
        vm.prank(_account(1));
        BOARD.voteToEliminate(_NODE);
        vm.expectRevert(
            abi.encodeWithSelector(ISignerBoard.SignerBoardOwnCase.selector, _account(1))
        );
        vm.prank(_account(1));
        BOARD.voteToEliminate(_account(1));
    }

    function testAMajorityOfTheOthersEliminates() public {
        _grantSeats(6);
        address accused = _account(5);
        for (uint256 i = 1; i <= 2; ++i) {
            vm.prank(_account(i));
            BOARD.voteToEliminate(accused);
        }
        assertTrue(BOARD.isSigner(accused), "two of five others do not");
        vm.prank(_account(3));
        BOARD.voteToEliminate(accused);
        assertEq(uint256(BOARD.clusterOf(accused)), 0, "three do");
        assertEq(BOARD.seatCount(), 5, "seats");
        _pass(1, 1);
        assertTrue(!BOARD.isSigner(accused), "no signature any more");
        _checkBoard();
    }

    function testTheEliminatedCoolDownAndTheirCollateralUnbonds() public {
        _grantSeats(3);
        _join(_NODE, COLLATERAL, POWER);
        vm.prank(_account(1));
        BOARD.voteToEliminate(_NODE);
        uint40 unbondAt = uint40(_time + 21 days);
        vm.expectEmit(Predeploys.SIGNER_BOARD);
        emit ISignerBoard.MemberLeft(_NODE, unbondAt);
        vm.prank(_account(2));
        BOARD.voteToEliminate(_NODE);
        ISignerBoard.Member memory member = BOARD.memberOf(_NODE);
        assertEq(member.readmitAt, _time + 7 days, "cool-down");
        assertEq(member.unbondAt, unbondAt, "unbonding");
        assertEq(BOARD.collateralOf(_NODE), COLLATERAL, "not forfeited");

        _pass(1, 21 days);
        BOARD.release(_NODE);
        vm.prank(_NODE);
        BOARD.applyToSign(COLLATERAL);
        assertEq(uint256(BOARD.clusterOf(_NODE)), 1, "may apply again");
    }

    function testAnEliminatedDirectorsSeatGoesToAStandby() public {
        _grantSeats(3);
        _join(_NODE, COLLATERAL, POWER);
        for (uint256 i = 0; i < 2; ++i) {
            vm.prank(BOARD.seatAt(uint16(i)));
            BOARD.voteToEliminate(_account(2));
        }
        assertEq(BOARD.seatCount(), 3, "as many seats");
        assertEq(BOARD.seatAt(2), _NODE, "the standby's now");
        _checkBoard();
    }

    function testAVoteCountsOnlyWhileItsCasterHoldsASeat() public {
        _grantSeats(5);
        _applyWith(_NODE, COLLATERAL, POWER);
        vm.prank(_account(1));
        BOARD.voteToAdmit(_NODE);
        vm.prank(_account(2));
        BOARD.voteToAdmit(_NODE);
        // Seat 1 changes hands: its new holder votes, and the old vote no longer counts.
        vm.prank(Predeploys.TIMELOCK);
        BOARD.revokeSeat(1);
        vm.prank(Predeploys.TIMELOCK);
        BOARD.grantSeat(_account(9));
        vm.expectEmit(Predeploys.SIGNER_BOARD);
        emit ISignerBoard.VoteCast(1, _account(9), 2);
        vm.prank(_account(9));
        BOARD.voteToAdmit(_NODE);
        assertTrue(!BOARD.isStandby(_NODE), "two of five");
        vm.expectRevert(
            abi.encodeWithSelector(ISignerBoard.SignerBoardNotSigner.selector, _account(1))
        );
        vm.prank(_account(1));
        BOARD.voteToAdmit(_NODE);
    }

    function testFuzzAMinorityNeitherAdmitsNorEliminates(uint8 seats, uint256 voters) public {
        uint256 count = 2 + (uint256(seats) % 20);
        _grantSeats(count);
        _applyWith(_NODE, COLLATERAL, POWER);
        address accused = BOARD.seatAt(0);
        uint256 votes = 0;
        for (uint256 i = 1; i < count; ++i) {
            // One vote less than half of those entitled.
            if ((voters >> i) & 1 == 0 || (votes + 1) * 2 > count - 1) continue;
            vm.prank(_account(i));
            BOARD.voteToEliminate(accused);
            vm.prank(_account(i));
            BOARD.voteToAdmit(_NODE);
            ++votes;
        }
        assertTrue(!BOARD.isStandby(_NODE), "not admitted");
        assertTrue(BOARD.isSigner(accused), "not eliminated");
        assertEq(BOARD.seatCount(), count, "seats");
    }
}
