// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IDisputeCourt} from "../../../contracts/interfaces/IDisputeCourt.sol";
import {IOracleHub, Offence, Verdict} from "../../../contracts/interfaces/IOracleHub.sol";
import {ITaskBook} from "../../../contracts/interfaces/ITaskBook.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {vm} from "../support/Vm.sol";
import {CourtTest} from "./CourtTest.sol";

/// @notice A worker whose slot four drawn oracles of fourteen refused puts five coins at stake that
/// it is not faulty; nine others vote.
contract CourtRefusalsTest is CourtTest {
    address private constant RIVAL = address(0xA11E);

    function setUp() public override {
        super.setUp();
        addOracles(14);
        openDrawn(TASK, PRICE);
        report(TASK, Verdict.Invalid);
        giveCollateral(WORKER, 100e18);
        giveCollateral(RIVAL, 100e18);
    }

    function contest() private returns (uint256 id) {
        vm.prank(WORKER);
        id = COURT.openDispute(TASK, 0);
        nextBlock(1);
        nextBlock(1);
    }

    function assertCollateral(address[] memory signers, uint256 wanted) private view {
        assertEq(signers.length, 3, "a quorum of four");
        for (uint256 i = 0; i < 3; ++i) {
            assertEq(ORACLES.collateralOf(signers[i]), wanted, "a signer's collateral");
        }
    }

    /* THE QUESTION */

    function testTheBondOfWhoContestsStandsForNotFaulty() public {
        vm.expectEmit(Predeploys.DISPUTE_COURT);
        emit IDisputeCourt.DisputeOpened(
            1,
            TASK,
            0,
            IDisputeCourt.DisputeKind.Reexecute,
            WORKER,
            5e18
        );
        uint256 id = contest();
        assertTrue(COURT.disputeOf(id).isRefusal, "about a refusal");
        IDisputeCourt.Bond[] memory bonds = COURT.bondsOf(id);
        assertEq(bonds.length, 1, "one bond");
        assertEq(bonds[0].payer, WORKER, "payer");
        assertTrue(!bonds[0].isForFaulty, "its side");
        assertEq(jury(id, 1).length, 9, "others, 2n + 1");
    }

    function testAnAttestedSlotIsDisputedAsBefore() public {
        openDrawn(TASK + 1, PRICE);
        report(TASK + 1, Verdict.Valid);
        vm.prank(RIVAL);
        uint256 id = COURT.openDispute(TASK + 1, 0);
        assertTrue(!COURT.disputeOf(id).isRefusal, "about a payment");
        assertTrue(COURT.bondsOf(id)[0].isForFaulty, "its side");
    }

    function testAnyoneMayContestARefusal() public {
        vm.prank(RIVAL);
        uint256 id = COURT.openDispute(TASK, 0);
        assertEq(COURT.disputeOf(id).opener, RIVAL, "opener");
        vm.prank(WORKER);
        vm.expectRevert(
            abi.encodeWithSelector(IDisputeCourt.DisputeCourtAlreadyDisputed.selector, TASK, 0, id)
        );
        COURT.openDispute(TASK, 0);
    }

    function testNothingOfARefusedSlotHasToBeShown() public {
        vm.prank(RIVAL);
        vm.expectRevert(
            abi.encodeWithSelector(IDisputeCourt.DisputeCourtRefusedSlot.selector, TASK, 0)
        );
        COURT.askForChunk(TASK, 0, 1);
    }

    function testARefusalIsNotCheckedByASecondCommittee() public {
        vm.expectRevert(abi.encodeWithSelector(IOracleHub.OracleHubNotMarked.selector, TASK, 0));
        ORACLES.recheckOf(TASK, 0);
    }

    /* THE ANSWER */

    function testARightResultIsRestoredAndItsRefusersPay() public {
        address[] memory signers = ORACLES.signersOf(TASK, 0);
        uint256 id = contest();
        voteAll(id, 1, 5, false);
        COURT.decide(id);
        vm.warp(timeNow() + 3_601);
        vm.expectEmit(Predeploys.DISPUTE_COURT);
        emit IDisputeCourt.DisputeClosed(id, false);
        vm.expectEmit(Predeploys.ORACLE_HUB);
        emit IOracleHub.OracleSlashed(signers[0], Offence.Overturned, 50e18, 0, 0, 50e18);
        vm.prank(STRANGER);
        COURT.close(id);
        assertTrue(MARKET.resolved() == 1 && !MARKET.wasFaulty(), "told the market");
        assertEq(VAULT.freeOf(WORKER), 100e18, "the bond came back");
        assertCollateral(signers, 950e18);
    }

    function testARepeatedFalseRefusalCostsTwiceAsMuch() public {
        address[] memory signers = ORACLES.signersOf(TASK, 0);
        uint256 id = contest();
        voteAll(id, 1, 5, false);
        COURT.decide(id);
        closeAfterAppeal(id);
        openDrawn(TASK + 1, PRICE);
        report(TASK + 1, Verdict.Unavailable);
        address[] memory again = ORACLES.signersOf(TASK + 1, 0);
        vm.prank(WORKER);
        id = COURT.openDispute(TASK + 1, 0);
        nextBlock(1);
        nextBlock(1);
        voteAll(id, 1, 5, false);
        COURT.decide(id);
        closeAfterAppeal(id);
        for (uint256 i = 0; i < 3; ++i) {
            bool isSecond = false;
            for (uint256 j = 0; j < 3; ++j) if (signers[j] == again[i]) isSecond = true;
            uint256 wanted = isSecond ? 855e18 : 950e18;
            assertEq(ORACLES.collateralOf(again[i]), wanted, "a tenth of 950, or 5 %");
        }
    }

    function testAFalseAppealCostsItsBond() public {
        address[] memory signers = ORACLES.signersOf(TASK, 0);
        uint256 id = contest();
        voteAll(id, 1, 5, true);
        COURT.decide(id);
        vm.warp(timeNow() + 3_601);
        vm.expectEmit(Predeploys.DISPUTE_COURT);
        emit IDisputeCourt.BondForfeited(id, WORKER, SPONSOR, 5e18, 2.5e18, 1.5e18, 1e18);
        vm.prank(STRANGER);
        COURT.close(id);
        assertTrue(MARKET.wasFaulty() && !MARKET.wasProved(), "voted, not proved");
        assertEq(VAULT.freeOf(WORKER), 95e18, "the bond is gone");
        assertEq(VAULT.freeOf(SPONSOR), 2.5e18, "half to who would have paid");
        assertCollateral(signers, 1_000e18);
        address juror = jury(id, 1)[0];
        COURT.payJuror(id, juror);
        assertEq(VAULT.freeOf(juror), 0.3e18, "a fifth of three tenths");
    }

    function testWithoutAMajorityOfTheDirectorsTheRefusalStands() public {
        address[] memory signers = ORACLES.signersOf(TASK, 0);
        uint256 id = contest();
        voteAll(id, 1, 4, false);
        for (uint256 round = 1; round <= 3; ++round) {
            vm.warp(timeNow() + 14_401);
            vm.prank(STRANGER);
            COURT.decide(id);
        }
        assertTrue(COURT.disputeOf(id).state == IDisputeCourt.DisputeState.Closed, "closed");
        assertTrue(COURT.disputeOf(id).isFaulty && MARKET.wasFaulty(), "the oracles' word");
        // No jury found anything, so nobody was wrong.
        assertEq(VAULT.freeOf(WORKER), 100e18, "the bond came back");
        assertEq(VAULT.freeOf(Predeploys.DISPUTE_COURT), 0, "nothing stays");
        assertCollateral(signers, 1_000e18);
    }

    function testAnAppealAgainstTheRestoredSlotStandsForFaulty() public {
        uint256 id = contest();
        voteAll(id, 1, 5, false);
        COURT.decide(id);
        vm.expectEmit(Predeploys.DISPUTE_COURT);
        emit IDisputeCourt.Appealed(id, 2, RIVAL, 10e18);
        vm.prank(RIVAL);
        COURT.appeal(id);
        assertTrue(COURT.bondsOf(id)[1].isForFaulty, "its side");
        nextBlock(1);
        nextBlock(1);
        voteAll(id, 2, 6, true);
        COURT.decide(id);
        closeAfterAppeal(id);
        assertTrue(MARKET.wasFaulty(), "faulty after all");
        assertEq(VAULT.freeOf(RIVAL), 102.5e18, "its bond, and half of the worker's");
        assertEq(VAULT.freeOf(WORKER), 95e18, "the worker's is lost");
    }

    function testARefusalIsOverturnedOnce() public {
        address[] memory signers = ORACLES.signersOf(TASK, 0);
        uint256 id = contest();
        voteAll(id, 1, 5, false);
        COURT.decide(id);
        closeAfterAppeal(id);
        // As the market does it.
        ITaskBook.Slot memory its = MARKET.slotOf(TASK, 0);
        its.state = ITaskBook.SlotState.Attested;
        MARKET.setSlot(TASK, 0, its);
        MARKET.setState(TASK, ITaskBook.TaskState.Challenge);
        vm.warp(MARKET.taskOf(TASK).challengeBy);
        vm.prank(RIVAL);
        id = COURT.openDispute(TASK, 0);
        assertTrue(COURT.bondsOf(id)[0].isForFaulty, "its side");
        nextBlock(1);
        nextBlock(1);
        voteAll(id, 1, 5, true);
        COURT.decide(id);
        closeAfterAppeal(id);
        assertCollateral(signers, 950e18);
    }
}
