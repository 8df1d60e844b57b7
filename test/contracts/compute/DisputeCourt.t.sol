// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IDisputeCourt} from "../../../contracts/interfaces/IDisputeCourt.sol";
import {ICollateralVault} from "../../../contracts/interfaces/ICollateralVault.sol";
import {
    IOracleHub,
    Offence,
    TaskAttestation,
    Verdict
} from "../../../contracts/interfaces/IOracleHub.sol";
import {ISignerBoard} from "../../../contracts/interfaces/ISignerBoard.sol";
import {ITaskBook} from "../../../contracts/interfaces/ITaskBook.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {SystemContract} from "../../../contracts/libraries/SystemContract.sol";
import {vm} from "../support/Vm.sol";
import {CourtTest} from "./CourtTest.sol";

/// @notice Fourteen oracles, a committee of four, a task of five coins: a jury of nine, a bond of
/// five, then a jury of eighteen, of whom ten are left, and ten, then the directors and twenty.
contract DisputeCourtTest is CourtTest {
    ISignerBoard private constant BOARD = ISignerBoard(Predeploys.SIGNER_BOARD);
    address private constant OPENER = address(0x0BE4);
    address private constant APPELLANT = address(0xA11E);

    function setUp() public virtual override {
        super.setUp();
        addOracles(14);
        openDrawn(TASK, PRICE);
        report(TASK, Verdict.Valid);
        giveCollateral(OPENER, 100e18);
        giveCollateral(APPELLANT, 100e18);
    }

    function openDispute() internal returns (uint256 id) {
        vm.prank(OPENER);
        id = COURT.openDispute(TASK, 0);
        nextBlock(1);
        nextBlock(1);
    }

    /* OPENING */

    function testABondOpensAJuryOfOthers() public {
        vm.expectEmit(Predeploys.DISPUTE_COURT);
        emit IDisputeCourt.DisputeOpened(
            1,
            TASK,
            0,
            IDisputeCourt.DisputeKind.Reexecute,
            OPENER,
            5e18
        );
        uint256 id = openDispute();
        assertEq(VAULT.lockedOf(OPENER), 5e18, "the least");
        assertEq(
            uint256(MARKET.taskOf(TASK).state),
            uint256(ITaskBook.TaskState.Disputed),
            "payment waits"
        );
        address[] memory members = jury(id, 1);
        assertEq(members.length, 9, "2n + 1");
        address[] memory judges = committee(TASK);
        for (uint256 i = 0; i < 9; ++i) {
            for (uint256 j = 0; j < 4; ++j) assertTrue(members[i] != judges[j], "others");
        }
        assertEq(COURT.disputeCount(), 1, "count");
        assertEq(COURT.bondsOf(id).length, 1, "bonds");
    }

    function testTheBondIsATenthOfAHighPrice() public {
        putTask(TASK + 1, 900e18);
        assertEq(COURT.bondFor(TASK + 1), 90e18, "a tenth");
        assertEq(COURT.bondFor(TASK), 5e18, "at least five coins");
    }

    function testWithoutABondNothingIsDisputed() public {
        vm.prank(STRANGER);
        vm.expectRevert(
            abi.encodeWithSelector(
                ICollateralVault.CollateralVaultInsufficientFree.selector,
                STRANGER,
                5e18,
                0
            )
        );
        COURT.openDispute(TASK, 0);
    }

    function testASlotHasOneDisputeAtATime() public {
        uint256 id = openDispute();
        vm.prank(APPELLANT);
        vm.expectRevert(
            abi.encodeWithSelector(IDisputeCourt.DisputeCourtAlreadyDisputed.selector, TASK, 0, id)
        );
        COURT.openDispute(TASK, 0);
        vm.prank(APPELLANT);
        vm.expectRevert(
            abi.encodeWithSelector(IDisputeCourt.DisputeCourtNotAttested.selector, TASK, 1)
        );
        COURT.openDispute(TASK, 1);
    }

    /* JUDGING */

    function testAnEmptyDisputeCostsItsBond() public {
        uint256 id = openDispute();
        uint256 burnedBefore = Predeploys.SUPPLY_METER.balance + address(VAULT).balance;
        voteAll(id, 1, 5, false);
        vm.expectEmit(Predeploys.DISPUTE_COURT);
        emit IDisputeCourt.RoundDecided(id, 1, false, uint40(timeNow() + 3_600));
        COURT.decide(id);
        vm.warp(timeNow() + 3_601);
        vm.expectEmit(Predeploys.DISPUTE_COURT);
        emit IDisputeCourt.BondForfeited(id, OPENER, WORKER, 5e18, 2.5e18, 1.5e18, 1e18);
        vm.expectEmit(Predeploys.DISPUTE_COURT);
        emit IDisputeCourt.DisputeClosed(id, false);
        vm.prank(STRANGER);
        COURT.close(id);
        assertEq(VAULT.freeOf(OPENER), 95e18, "the bond is gone");
        assertEq(VAULT.freeOf(WORKER), 2.5e18, "half to the accused");
        assertTrue(!MARKET.wasFaulty(), "the attestation stands");
        address juror = jury(id, 1)[0];
        vm.expectEmit(Predeploys.DISPUTE_COURT);
        emit IDisputeCourt.JurorPaid(id, juror, 0.3e18);
        COURT.payJuror(id, juror);
        assertEq(VAULT.freeOf(juror), 0.3e18, "a fifth of three tenths");
        bytes4 nothing = IDisputeCourt.DisputeCourtNothingDue.selector;
        vm.expectRevert(abi.encodeWithSelector(nothing, id, juror));
        COURT.payJuror(id, juror);
        address silent = jury(id, 1)[8];
        vm.expectRevert(abi.encodeWithSelector(nothing, id, silent));
        COURT.payJuror(id, silent);
        assertTrue(burnedBefore > 0, "there was coin");
    }

    function testAJuryFindsAFault() public {
        uint256 id = openDispute();
        address[] memory signers = ORACLES.signersOf(TASK, 0);
        voteAll(id, 1, 4, true);
        uint40 deadline = COURT.disputeOf(id).deadline;
        // Four of nine are no majority.
        vm.expectRevert(
            abi.encodeWithSelector(IDisputeCourt.DisputeCourtBeforeDeadline.selector, id, deadline)
        );
        COURT.decide(id);
        address fifth = jury(id, 1)[4];
        vm.prank(fifth);
        COURT.vote(id, true);
        COURT.decide(id);
        closeAfterAppeal(id);
        assertEq(VAULT.freeOf(OPENER), 100e18, "the bond came back");
        assertTrue(MARKET.wasFaulty() && !MARKET.wasProved(), "voted, not proved");
        for (uint256 i = 0; i < signers.length; ++i) {
            assertEq(ORACLES.collateralOf(signers[i]), 950e18, "overturned costs 5 %");
        }
    }

    function testFourOfNineDecideNothing() public {
        uint256 id = openDispute();
        assertEq(jury(id, 1).length, 9, "nine");
        voteAll(id, 1, 4, true);
        vm.warp(timeNow() + 14_401);
        vm.expectEmit(Predeploys.DISPUTE_COURT);
        emit IDisputeCourt.RoundUndecided(id, 1);
        COURT.decide(id);
        IDisputeCourt.Dispute memory dispute = COURT.disputeOf(id);
        assertEq(dispute.round, 2, "the next jury");
        assertEq(dispute.jurySize, 18, "twice as large");
        assertEq(dispute.forCount, 0, "counts anew");
        assertTrue(dispute.state == IDisputeCourt.DisputeState.Voting, "and votes");
        assertEq(VAULT.lockedOf(OPENER), 5e18, "one bond");
    }

    function testWithoutAMajorityOfTheDirectorsTheAttestationStands() public {
        uint256 id = openDispute();
        for (uint256 round = 1; round < 3; ++round) {
            vm.warp(timeNow() + 14_401);
            COURT.decide(id);
        }
        assertEq(COURT.disputeOf(id).round, 3, "the directors");
        vm.warp(timeNow() + 14_401);
        COURT.decide(id);
        assertTrue(!COURT.disputeOf(id).isFaulty, "not faulty");
        assertTrue(COURT.disputeOf(id).state == IDisputeCourt.DisputeState.Closed, "closed");
        assertEq(VAULT.freeOf(OPENER), 100e18, "nobody was wrong");
        assertEq(ORACLES.collateralOf(ORACLES.signersOf(TASK, 0)[0]), 1_000e18, "nor an oracle");
    }

    function testWhatAJuryFoundOutlivesSilentDirectors() public {
        uint256 id = openDispute();
        voteAll(id, 1, 5, true);
        COURT.decide(id);
        giveCollateral(WORKER, 30e18);
        vm.prank(WORKER);
        COURT.appeal(id);
        for (uint256 round = 2; round <= 3; ++round) {
            vm.warp(timeNow() + 14_401);
            vm.expectEmit(Predeploys.DISPUTE_COURT);
            // Cast: two or three.
            emit IDisputeCourt.RoundUndecided(id, uint8(round));
            COURT.decide(id);
        }
        assertTrue(COURT.disputeOf(id).isFaulty && MARKET.wasFaulty(), "faulty");
        assertEq(VAULT.lockedOf(WORKER), 0, "decided");
        assertEq(VAULT.freeOf(WORKER), 20e18, "the appeal was lost");
        assertEq(VAULT.freeOf(OPENER), 105e18, "half of it");
    }

    function testNobodyVotesAndStrangersEndIt() public {
        uint256 id = openDispute();
        for (uint256 round = 1; round <= 3; ++round) {
            vm.warp(timeNow() + 14_401);
            vm.prank(STRANGER);
            COURT.decide(id);
        }
        assertEq(MARKET.resolved(), 1, "told the market");
        assertEq(VAULT.freeOf(OPENER), 100e18, "the bond came back");
        assertEq(VAULT.freeOf(Predeploys.DISPUTE_COURT), 0, "nothing stays");
    }

    function testVotesAreCheckedAndTimed() public {
        uint256 id = openDispute();
        vm.prank(STRANGER);
        vm.expectRevert(
            abi.encodeWithSelector(IDisputeCourt.DisputeCourtNotJuror.selector, id, STRANGER)
        );
        COURT.vote(id, true);
        address juror = jury(id, 1)[0];
        vm.startPrank(juror);
        vm.expectEmit(Predeploys.DISPUTE_COURT);
        emit IDisputeCourt.JurorVoted(id, 1, juror, true);
        COURT.vote(id, true);
        vm.expectRevert(
            abi.encodeWithSelector(IDisputeCourt.DisputeCourtAlreadyVoted.selector, id, juror)
        );
        COURT.vote(id, false);
        uint40 deadline = COURT.disputeOf(id).deadline;
        vm.expectRevert(
            abi.encodeWithSelector(IDisputeCourt.DisputeCourtBeforeDeadline.selector, id, deadline)
        );
        COURT.decide(id);
        vm.warp(uint256(deadline) + 1);
        vm.expectRevert(
            abi.encodeWithSelector(IDisputeCourt.DisputeCourtPastDeadline.selector, id, deadline)
        );
        COURT.vote(id, true);
        vm.stopPrank();
        vm.expectRevert(
            abi.encodeWithSelector(
                IDisputeCourt.DisputeCourtWrongState.selector,
                id,
                IDisputeCourt.DisputeState.Voting
            )
        );
        COURT.close(id);
        vm.expectRevert(
            abi.encodeWithSelector(IDisputeCourt.DisputeCourtUnknownDispute.selector, 9)
        );
        COURT.disputeOf(9);
    }

    /* APPEALING */

    function testBondAndJuryDoubleAndTheDirectorsAreLast() public {
        uint256 id = openDispute();
        voteAll(id, 1, 5, false);
        COURT.decide(id);
        vm.expectEmit(Predeploys.DISPUTE_COURT);
        emit IDisputeCourt.Appealed(id, 2, APPELLANT, 10e18);
        vm.prank(APPELLANT);
        COURT.appeal(id);
        nextBlock(1);
        nextBlock(1);
        assertEq(jury(id, 2).length, 10, "all others there are");
        voteAll(id, 2, 6, true);
        COURT.decide(id);
        giveCollateral(WORKER, 20e18);
        bytes32 key = COURT.juryKeyOf(id, 3);
        vm.expectEmit(Predeploys.DISPUTE_COURT);
        emit IDisputeCourt.RoundOpened(id, 3, key, 1, uint40(timeNow() + 14_400));
        vm.prank(WORKER);
        COURT.appeal(id);
        assertEq(VAULT.lockedOf(WORKER), 20e18, "twice again");
        vm.prank(oracle(0));
        vm.expectRevert(
            abi.encodeWithSelector(IDisputeCourt.DisputeCourtNotJuror.selector, id, oracle(0))
        );
        COURT.vote(id, false);
        vm.prank(PROPOSER);
        COURT.vote(id, true);
        COURT.decide(id);
        // Faulty in the end: the worker's 20 are lost, opener and appellant get theirs back, and
        // the appellant, who was right last, half of what was lost.
        assertEq(VAULT.freeOf(OPENER), 100e18, "opener");
        assertEq(VAULT.freeOf(APPELLANT), 110e18, "appellant");
        assertEq(VAULT.lockedOf(WORKER), 0, "worker");
        COURT.payJuror(id, PROPOSER);
        assertEq(VAULT.freeOf(PROPOSER), 6e18, "the director");
        vm.prank(APPELLANT);
        vm.expectRevert(
            abi.encodeWithSelector(
                IDisputeCourt.DisputeCourtWrongState.selector,
                id,
                IDisputeCourt.DisputeState.Closed
            )
        );
        COURT.appeal(id);
    }

    function testASeatThatChangesHandsHasOneVote() public {
        address director = address(0xD1);
        address heir = address(0xD2);
        vm.startPrank(Predeploys.TIMELOCK);
        BOARD.grantSeat(director);
        BOARD.grantSeat(address(0xD3));
        vm.stopPrank();
        nextBlock(1);
        uint256 id = openDispute();
        for (uint256 round = 1; round < 3; ++round) {
            vm.warp(timeNow() + 14_401);
            COURT.decide(id);
        }
        assertEq(COURT.disputeOf(id).jurySize, 3, "seats");
        nextBlock(1);
        vm.prank(director);
        COURT.vote(id, true);
        vm.startPrank(Predeploys.TIMELOCK);
        BOARD.revokeSeat(1);
        BOARD.grantSeat(heir);
        vm.stopPrank();
        nextBlock(1);
        vm.prank(heir);
        vm.expectRevert(
            abi.encodeWithSelector(IDisputeCourt.DisputeCourtNotJuror.selector, id, heir)
        );
        COURT.vote(id, true);
        // Who held a seat when the round was opened has its vote still.
        vm.prank(PROPOSER);
        COURT.vote(id, true);
        COURT.decide(id);
        assertTrue(COURT.disputeOf(id).isFaulty, "two seats of three");
    }

    function testAnAppealComesInTime() public {
        uint256 id = openDispute();
        voteAll(id, 1, 5, false);
        COURT.decide(id);
        uint40 deadline = COURT.disputeOf(id).deadline;
        vm.expectRevert(
            abi.encodeWithSelector(IDisputeCourt.DisputeCourtBeforeDeadline.selector, id, deadline)
        );
        COURT.close(id);
        vm.warp(uint256(deadline) + 1);
        vm.prank(APPELLANT);
        vm.expectRevert(
            abi.encodeWithSelector(IDisputeCourt.DisputeCourtPastDeadline.selector, id, deadline)
        );
        COURT.appeal(id);
    }

    function testFuzzBondsAreSplitToTheLastWei(uint96 price, uint8 jurors) public {
        // Cast: small.
        putPrice(uint96(1 + (price % 400e18)));
        uint256 bond = COURT.bondFor(TASK);
        uint256 vault = address(VAULT).balance;
        uint256 id = openDispute();
        uint256 count = 5 + (jurors % 5);
        voteAll(id, 1, count, false);
        COURT.decide(id);
        closeAfterAppeal(id);
        address[] memory members = jury(id, 1);
        uint256 toJurors = 0;
        for (uint256 i = 0; i < count; ++i) {
            uint256 before = VAULT.freeOf(members[i]);
            COURT.payJuror(id, members[i]);
            toJurors += VAULT.freeOf(members[i]) - before;
        }
        uint256 burned = vault - address(VAULT).balance;
        assertEq(VAULT.freeOf(WORKER), bond / 2, "half to the winner");
        assertTrue(toJurors <= (bond * 3) / 10, "at most three tenths");
        assertTrue((bond * 3) / 10 - toJurors < count, "and no more lost than does not divide");
        assertEq(VAULT.freeOf(WORKER) + toJurors + burned, bond, "nothing is made or lost");
        assertEq(VAULT.freeOf(Predeploys.DISPUTE_COURT), 0, "nothing stays");
    }

    function putPrice(uint96 price) private {
        ITaskBook.Task memory task = MARKET.taskOf(TASK);
        task.price = price;
        MARKET.setTask(TASK, task);
    }

    /* CHUNKS */

    function testAWorkerShowsWhatItIsAskedFor() public {
        (bytes memory leaf, bytes32[] memory path) = putTree();
        vm.prank(OPENER);
        uint256 id = COURT.askForChunk(TASK, 0, 1);
        bytes memory wrong = abi.encodeWithSelector(
            IDisputeCourt.DisputeCourtNotInTree.selector,
            MARKET.slotOf(TASK, 0).resultRoot,
            1
        );
        vm.expectRevert(wrong);
        COURT.showChunk(id, abi.encodePacked(uint32(0), "first"), path);
        vm.expectRevert(wrong);
        COURT.showChunk(id, abi.encodePacked(uint32(1), "other"), path);
        vm.expectEmit(Predeploys.DISPUTE_COURT);
        emit IDisputeCourt.ChunkShown(id, leaf);
        vm.prank(WORKER);
        COURT.showChunk(id, leaf, path);
        assertTrue(!MARKET.wasFaulty() && MARKET.resolved() == 1, "goes on");
        assertEq(VAULT.freeOf(WORKER), 2.5e18, "half the bond");
        assertEq(VAULT.lockedOf(OPENER), 0, "nothing left of it");
    }

    function testAnotherLeafOfTheTreeIsNoAnswer() public {
        (bytes memory leaf, bytes32[] memory path) = putTree();
        vm.prank(OPENER);
        uint256 id = COURT.askForChunk(TASK, 0, 0);
        bytes32 root = MARKET.slotOf(TASK, 0).resultRoot;
        // In the tree, but the second one.
        vm.expectRevert(
            abi.encodeWithSelector(IDisputeCourt.DisputeCourtNotInTree.selector, root, 0)
        );
        COURT.showChunk(id, leaf, path);
    }

    function testAWorkerThatHidesItIsUnavailable() public {
        (bytes memory leaf, bytes32[] memory path) = putTree();
        vm.prank(OPENER);
        uint256 id = COURT.askForChunk(TASK, 0, 1);
        uint256 deadline = timeNow() + 60;
        vm.warp(deadline);
        vm.expectRevert(
            abi.encodeWithSelector(IDisputeCourt.DisputeCourtBeforeDeadline.selector, id, deadline)
        );
        COURT.close(id);
        vm.warp(deadline + 1);
        vm.expectRevert(
            abi.encodeWithSelector(IDisputeCourt.DisputeCourtPastDeadline.selector, id, deadline)
        );
        COURT.showChunk(id, leaf, path);
        vm.prank(STRANGER);
        COURT.close(id);
        assertTrue(MARKET.wasUnavailable(), "told the market");
        assertEq(VAULT.freeOf(OPENER), 100e18, "the bond came back");
        vm.expectRevert(
            abi.encodeWithSelector(IDisputeCourt.DisputeCourtNoSuchLeaf.selector, 160, 0, 160)
        );
        COURT.askForChunk(TASK, 0, 160);
    }

    function testWhoAsksItselfKeepsNoJuryOut() public {
        giveCollateral(WORKER, 5e18);
        (bytes memory leaf, bytes32[] memory path) = putTree();
        vm.prank(WORKER);
        uint256 asked = COURT.askForChunk(TASK, 0, 1);
        uint256 id = openDispute();
        vm.prank(WORKER);
        COURT.showChunk(asked, leaf, path);
        assertTrue(
            MARKET.taskOf(TASK).state == ITaskBook.TaskState.Disputed,
            "the jury's dispute is open"
        );
        voteAll(id, 1, 9, true);
        COURT.decide(id);
        closeAfterAppeal(id);
        assertTrue(MARKET.wasFaulty(), "judged");
        assertEq(VAULT.lockedOf(WORKER) + VAULT.lockedOf(OPENER), 0, "nothing stays locked");
    }

    function testALeafOfAnotherSlotIsNotAskedFor() public {
        MARKET.setFirst(TASK, 0, 40);
        vm.startPrank(OPENER);
        vm.expectRevert(
            abi.encodeWithSelector(IDisputeCourt.DisputeCourtNoSuchLeaf.selector, 39, 40, 200)
        );
        COURT.askForChunk(TASK, 0, 39);
        vm.expectRevert(
            abi.encodeWithSelector(IDisputeCourt.DisputeCourtNoSuchLeaf.selector, 200, 40, 200)
        );
        COURT.askForChunk(TASK, 0, 200);
        uint256 id = COURT.askForChunk(TASK, 0, 199);
        assertEq(COURT.disputeOf(id).leafIndex, 199, "the last of its slice");
    }

    /// @dev A tree of two leaves.
    function putTree() private returns (bytes memory leaf, bytes32[] memory path) {
        leaf = abi.encodePacked(uint32(1), "second");
        bytes32 hash = keccak256(abi.encode(keccak256(leaf)));
        path = new bytes32[](1);
        path[0] = keccak256(abi.encode(keccak256(abi.encodePacked(uint32(0), "first"))));
        ITaskBook.Slot memory its = MARKET.slotOf(TASK, 0);
        its.resultRoot =
            hash < path[0]
                ? keccak256(abi.encode(hash, path[0]))
                : keccak256(abi.encode(path[0], hash));
        MARKET.setSlot(TASK, 0, its);
    }

    /* SIGNATURES */

    function testTwoContentsOfOneOracleCostItEverything() public {
        (TaskAttestation memory one, TaskAttestation memory other) = conflict();
        address liar = ORACLES.signersOf(TASK, 0)[0];
        bytes memory first = signOne(ORACLES.hashTaskAttestation(one), keyOf(liar));
        bytes memory second = signOne(ORACLES.hashTaskAttestation(other), keyOf(liar));
        vm.expectEmit(Predeploys.DISPUTE_COURT);
        emit IDisputeCourt.EquivocationProved(liar, STRANGER, TASK);
        vm.expectEmit(Predeploys.ORACLE_HUB);
        // The slot's price of five coins makes the sponsor whole; it had reported on it.
        emit IOracleHub.OracleSlashed(liar, Offence.Equivocation, 1_000e18, 5e18, 100e18, 895e18);
        vm.prank(STRANGER);
        COURT.proveEquivocation(liar, one, other, first, second);
        assertEq(VAULT.freeOf(STRANGER), 100e18, "finder");
        assertEq(VAULT.freeOf(SPONSOR), 5e18, "sponsor");
    }

    function testTheSponsorsDamageIsMadeGoodOnce() public {
        (TaskAttestation memory one, TaskAttestation memory other) = conflict();
        address[] memory signers = ORACLES.signersOf(TASK, 0);
        for (uint256 i = 0; i < 2; ++i) {
            bytes memory first = signOne(ORACLES.hashTaskAttestation(one), keyOf(signers[i]));
            bytes memory second = signOne(ORACLES.hashTaskAttestation(other), keyOf(signers[i]));
            COURT.proveEquivocation(signers[i], one, other, first, second);
            assertEq(VAULT.freeOf(SPONSOR), 5e18, "the slot's price and no more");
        }
    }

    function testOnlyOtherContentOfTheSameSubjectIsAnOffence() public {
        (TaskAttestation memory one, TaskAttestation memory other) = conflict();
        address liar = oracle(0);
        bytes memory first = signOne(ORACLES.hashTaskAttestation(one), keyOf(liar));
        other.verdict = one.verdict;
        other.validUntil = one.validUntil + 1;
        expectSame(liar, one, other, first);
        other.verdict = Verdict.Invalid;
        other.attempt = 1;
        expectSame(liar, one, other, first);
        other.attempt = 0;
        other.configDigest = "another committee";
        expectSame(liar, one, other, first);
        other.configDigest = one.configDigest;
        bytes memory forged = signOne(ORACLES.hashTaskAttestation(other), 0xBAD);
        vm.expectRevert(
            abi.encodeWithSelector(
                IDisputeCourt.DisputeCourtNotSigned.selector,
                liar,
                vm.addr(0xBAD)
            )
        );
        COURT.proveEquivocation(liar, one, other, first, forged);
        vm.expectRevert(
            abi.encodeWithSelector(IDisputeCourt.DisputeCourtNotSigned.selector, liar, address(0))
        );
        COURT.proveEquivocation(liar, one, other, "", forged);
    }

    function conflict()
        private
        view
        returns (TaskAttestation memory one, TaskAttestation memory other)
    {
        one = attestation(TASK);
        other = attestation(TASK);
        other.verdict = Verdict.Invalid;
    }

    function expectSame(
        address liar,
        TaskAttestation memory one,
        TaskAttestation memory other,
        bytes memory first
    ) private {
        bytes memory second = signOne(ORACLES.hashTaskAttestation(other), keyOf(liar));
        vm.expectRevert(IDisputeCourt.DisputeCourtSameContent.selector);
        COURT.proveEquivocation(liar, one, other, first, second);
    }

    function testOnlyTheHubOpensWithoutABond() public {
        vm.expectRevert(
            abi.encodeWithSelector(
                SystemContract.SystemContractUnauthorized.selector,
                address(this),
                Predeploys.ORACLE_HUB
            )
        );
        COURT.openByRecheck(TASK, 0);
    }
}
