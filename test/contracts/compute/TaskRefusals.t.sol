// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Verdict} from "../../../contracts/interfaces/IOracleHub.sol";
import {Fault} from "../../../contracts/interfaces/IReputation.sol";
import {ITaskBook} from "../../../contracts/interfaces/ITaskBook.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {vm} from "../support/Vm.sol";
import {ComputeTest} from "./ComputeTest.sol";

/// @notice What a slot that the oracles refused keeps, gets back and loses. Powers 1,000 and 2,000,
/// a price of 100 coins; worker 1 does two thirds of it for 50 coins of collateral in all.
contract TaskRefusalsTest is ComputeTest {
    /// @dev Two thirds of the price, less the fee of a fortieth.
    uint256 internal constant NET_1 = 65e18;

    function setUp() public {
        deployCompute();
        proveWorkers(2);
    }

    function startToAttest() internal returns (uint256 taskId) {
        taskId = start(spec(2));
        pass(1_000);
        commitAll(taskId);
        revealAll(taskId);
    }

    /// @dev Slot 0 was attested, slot 1 refused.
    function refuseOne() internal returns (uint256 taskId) {
        taskId = startToAttest();
        judge(taskId, 0, Verdict.Valid);
        judge(taskId, 1, Verdict.Invalid);
    }

    function refuseBoth() internal returns (uint256 taskId) {
        taskId = startToAttest();
        judge(taskId, 0, Verdict.Invalid);
        judge(taskId, 1, Verdict.Late);
    }

    function dispute(uint256 taskId, uint8 slot) internal {
        vm.prank(Predeploys.DISPUTE_COURT);
        MARKET.onDisputeOpened(taskId, slot);
    }

    function resolve(uint256 taskId, uint8 slot, bool faulty, bool proved) internal {
        vm.prank(Predeploys.DISPUTE_COURT);
        MARKET.onDisputeResolved(taskId, slot, faulty, proved);
    }

    function restore(uint256 taskId, uint8 slot) internal {
        dispute(taskId, slot);
        resolve(taskId, slot, false, false);
    }

    function settle(uint256 taskId) internal {
        passDeadline(taskId);
        MARKET.finalize(taskId);
    }

    function stateOf(uint256 taskId, uint8 slot) internal view returns (ITaskBook.SlotState) {
        return MARKET.slotOf(taskId, slot).state;
    }

    function assertLeased(uint256 taskId, uint8 slot) internal view {
        assertTrue(stateOf(taskId, slot) == ITaskBook.SlotState.Refused, "refused");
        assertEq(REGISTRY.nodeOf(worker(slot)).openSlots, 1, "its node is held");
        assertEq(
            VAULT.lockedOf(worker(slot)),
            MARKET.slotOf(taskId, slot).collateral,
            "so is its collateral"
        );
    }

    /* REFUSING */

    function testARefusedSlotIsHeldUntilTheTaskIsSettled() public {
        uint256 taskId = startToAttest();
        judge(taskId, 0, Verdict.Valid);
        vm.expectEmit(Predeploys.TASK_MARKET);
        emit ITaskBook.SlotVerdict(taskId, 1, Verdict.Invalid);
        vm.expectEmit(Predeploys.TASK_MARKET);
        emit ITaskBook.ChallengeOpened(taskId, uint40(time() + CHALLENGE));
        judge(taskId, 1, Verdict.Invalid);
        assertLeased(taskId, 1);
        assertEq(MARKET.taskOf(taskId).accepted, 2, "both are held");
        assertEq(MARKET.taskOf(taskId).lost, 0, "no worker is lost yet");
        assertEq(REPUTATION.commentOf(worker(1)), 10_000, "nor blamed");
        // A third of 100 coins is earned so far.
        assertEq(MARKET.accrued(taskId), 33_333333333333333333, "but it earns nothing");
    }

    function testARefusalIsAJudgement() public {
        uint256 taskId = startToAttest();
        judge(taskId, 1, Verdict.Aborted);
        assertEq(MARKET.taskOf(taskId).pending, 1, "one is left to judge");
        passDeadline(taskId);
        MARKET.expire(taskId);
        // The other was not judged and dropped out.
        assertState(taskId, ITaskBook.TaskState.Challenge);
        assertLeased(taskId, 1);
        assertEq(MARKET.taskOf(taskId).pending, 1, "one is left to settle");
        settle(taskId);
        assertState(taskId, ITaskBook.TaskState.Rejected);
        assertEq(ESCROW.creditOf(CLIENT), 150e18, "in full");
    }

    function testAVerdictIsGivenOnce() public {
        uint256 taskId = startToAttest();
        judge(taskId, 1, Verdict.Invalid);
        bytes32 root = rootOf(1);
        vm.prank(Predeploys.ORACLE_HUB);
        vm.expectRevert(
            abi.encodeWithSelector(
                ITaskBook.TaskMarketWrongSlotState.selector,
                taskId,
                1,
                ITaskBook.SlotState.Refused
            )
        );
        MARKET.onAttested(taskId, 1, 0, root, Verdict.Valid);
    }

    function testAnUncontestedRefusalCostsThePayAndThreeDaysOfComment() public {
        uint256 taskId = refuseOne();
        passDeadline(taskId);
        vm.expectEmit(Predeploys.TASK_MARKET);
        emit ITaskBook.SlotFaulted(taskId, 1, worker(1), Fault.Unattested, 0);
        vm.expectEmit(Predeploys.TASK_MARKET);
        emit ITaskBook.TaskCompleted(
            taskId,
            33_333333333333333333,
            833333333333333333,
            116_666666666666666667
        );
        MARKET.finalize(taskId);
        assertState(taskId, ITaskBook.TaskState.Completed);
        assertTrue(stateOf(taskId, 1) == ITaskBook.SlotState.Faulted, "lost");
        assertEq(ESCROW.creditOf(worker(1)), 0, "not paid");
        assertEq(VAULT.freeOf(worker(1)), 1_000e18, "collateral");
        assertEq(REGISTRY.nodeOf(worker(1)).openSlots, 0, "free for other work");
        assertEq(REPUTATION.commentOf(worker(1)), 9_500, "comment");
        pass(3 days);
        assertEq(REPUTATION.commentOf(worker(1)), 10_000, "three days");
    }

    function testATaskOfRefusedSlotsIsRejectedWithAFullRefund() public {
        uint256 taskId = refuseBoth();
        assertState(taskId, ITaskBook.TaskState.Challenge);
        vm.expectRevert(
            abi.encodeWithSelector(
                ITaskBook.TaskMarketBeforeDeadline.selector,
                taskId,
                time() + CHALLENGE
            )
        );
        MARKET.finalize(taskId);
        passDeadline(taskId);
        vm.expectEmit(Predeploys.TASK_MARKET);
        emit ITaskBook.TaskEnded(taskId, ITaskBook.TaskState.Rejected, 150e18, 0);
        vm.prank(STRANGER);
        MARKET.finalize(taskId);
        assertEq(ESCROW.creditOf(CLIENT), 150e18, "in full");
        for (uint256 i = 0; i < 2; ++i) {
            assertEq(VAULT.freeOf(worker(i)), 1_000e18, "collateral");
            assertEq(REGISTRY.nodeOf(worker(i)).openSlots, 0, "free");
        }
    }

    function testTheBlockSettlesRefusedSlots() public {
        uint256 taskId = refuseBoth();
        pass(CHALLENGE + 1);
        produce();
        assertState(taskId, ITaskBook.TaskState.Rejected);
    }

    /* CONTESTING */

    function testACourtThatFindsNoFaultRestoresTheSlot() public {
        uint256 taskId = refuseOne();
        vm.expectEmit(Predeploys.TASK_MARKET);
        emit ITaskBook.TaskDisputed(taskId, 1, 1, uint40(time() + DISPUTE));
        dispute(taskId, 1);
        vm.expectEmit(Predeploys.TASK_MARKET);
        emit ITaskBook.SlotRestored(taskId, 1, worker(1));
        vm.expectEmit(Predeploys.TASK_MARKET);
        emit ITaskBook.DisputeSettled(taskId, 1, false, false);
        resolve(taskId, 1, false, false);
        assertTrue(stateOf(taskId, 1) == ITaskBook.SlotState.Attested, "attested");
        assertState(taskId, ITaskBook.TaskState.Challenge);
        settle(taskId);
        assertState(taskId, ITaskBook.TaskState.Completed);
        assertEq(ESCROW.creditOf(worker(1)), NET_1, "paid");
        assertEq(VAULT.freeOf(worker(1)), 1_000e18, "collateral");
        assertEq(ESCROW.creditOf(CLIENT), 50e18 + 1, "the sponsor has paid for both");
    }

    function testWhoRefusedARightResultHasNoPartOfItsFee() public {
        uint256 taskId = refuseOne();
        restore(taskId, 1);
        settle(taskId);
        // Fees of 0.83 and 1.67 coins; two fifths of the first are the oracles', a fifth of both is
        // burned.
        assertEq(ESCROW.creditOf(Predeploys.ORACLE_HUB), 333333333333333333, "of slot 0 only");
        assertEq(Predeploys.SUPPLY_METER.balance, 499999999999999999, "burned");
        assertEq(ESCROW.creditOf(Predeploys.TREASURY), 1_666666666666666667, "the treasury's");
    }

    function testASlotThatIsVotedFaultyStaysRefused() public {
        uint256 taskId = refuseOne();
        dispute(taskId, 1);
        vm.expectEmit(Predeploys.TASK_MARKET);
        emit ITaskBook.DisputeSettled(taskId, 1, true, false);
        resolve(taskId, 1, true, false);
        assertLeased(taskId, 1);
        assertState(taskId, ITaskBook.TaskState.Challenge);
        settle(taskId);
        assertEq(ESCROW.creditOf(worker(1)), 0, "not paid");
        assertEq(VAULT.freeOf(worker(1)), 1_000e18, "collateral");
    }

    function testAProofAgainstARefusedSlotCostsTheCollateral() public {
        uint256 taskId = refuseOne();
        dispute(taskId, 1);
        vm.expectEmit(Predeploys.TASK_MARKET);
        emit ITaskBook.SlotFaulted(taskId, 1, worker(1), Fault.Invalid, 33_333333333333333334);
        resolve(taskId, 1, true, true);
        assertEq(MARKET.taskOf(taskId).pending, 1, "the other is left");
        settle(taskId);
        assertState(taskId, ITaskBook.TaskState.Completed);
        assertEq(REPUTATION.commentOf(worker(1)), 5_000, "blamed once, for the proof");
    }

    function testARestoredSlotCanBeDisputedAgain() public {
        uint256 taskId = refuseOne();
        restore(taskId, 1);
        dispute(taskId, 1);
        vm.expectEmit(Predeploys.TASK_MARKET);
        emit ITaskBook.SlotFaulted(taskId, 1, worker(1), Fault.Unattested, 0);
        resolve(taskId, 1, true, false);
        settle(taskId);
        assertEq(ESCROW.creditOf(worker(1)), 0, "not paid");
    }

    function testOneOfTwoRefusedSlotsIsRestored() public {
        uint256 taskId = refuseBoth();
        restore(taskId, 1);
        settle(taskId);
        assertState(taskId, ITaskBook.TaskState.Completed);
        assertEq(ESCROW.creditOf(worker(0)), 0, "refused");
        assertEq(ESCROW.creditOf(worker(1)), NET_1, "restored");
        assertEq(ESCROW.creditOf(CLIENT), 83_333333333333333334, "its third went back");
    }

    function testACourtThatTakesTooLongLeavesTheRefusal() public {
        uint256 taskId = refuseOne();
        dispute(taskId, 1);
        passDeadline(taskId);
        vm.prank(STRANGER);
        MARKET.expire(taskId);
        resolve(taskId, 1, false, false);
        assertTrue(stateOf(taskId, 1) == ITaskBook.SlotState.Refused, "too late");
        vm.prank(STRANGER);
        MARKET.expire(taskId);
        assertState(taskId, ITaskBook.TaskState.Completed);
        assertEq(ESCROW.creditOf(worker(1)), 0, "not paid");
    }

    function testARefusalIsContestedInTheChallengeWindow() public {
        uint256 taskId = refuseOne();
        uint40 challengeBy = MARKET.taskOf(taskId).challengeBy;
        vm.warp(uint256(challengeBy) + 1);
        vm.prank(Predeploys.DISPUTE_COURT);
        vm.expectRevert(
            abi.encodeWithSelector(ITaskBook.TaskMarketPastDeadline.selector, taskId, challengeBy)
        );
        MARKET.onDisputeOpened(taskId, 1);
    }

    function testEverythingEndsByFinalBy() public {
        uint256 taskId = refuseBoth();
        uint40 finalBy = MARKET.taskOf(taskId).finalBy;
        vm.warp(MARKET.taskOf(taskId).challengeBy);
        dispute(taskId, 0);
        dispute(taskId, 1);
        vm.warp(uint256(finalBy) + 1);
        vm.startPrank(STRANGER);
        MARKET.expire(taskId);
        MARKET.expire(taskId);
        vm.stopPrank();
        assertState(taskId, ITaskBook.TaskState.Rejected);
    }

    /// @dev Each slot is attested or refused, and what is refused may be left, restored, upheld or
    /// disproved: what is attested in the end is paid by the formula, and the rest goes back.
    function testFuzzWhatIsAttestedInTheEndIsPaid(
        uint8 refused,
        uint8[2] memory ways,
        uint96 price
    ) public {
        ITaskBook.TaskSpec memory s = spec(2);
        s.price = 1 + (price % 500e18);
        uint256 taskId = start(s);
        pass(1_000);
        commitAll(taskId);
        revealAll(taskId);
        uint256 coins = address(ESCROW).balance + address(VAULT).balance;
        bool[2] memory isPaid;
        for (uint8 i = 0; i < 2; ++i) {
            isPaid[i] = (refused >> i) & 1 == 0;
            judge(taskId, i, isPaid[i] ? Verdict.Valid : Verdict.Invalid);
        }
        for (uint8 i = 0; i < 2; ++i) {
            uint8 way = ways[i] % 4;
            if (isPaid[i] || way == 0) continue;
            dispute(taskId, i);
            resolve(taskId, i, way > 1, way == 3);
            isPaid[i] = way == 1;
        }
        if (MARKET.taskOf(taskId).state == ITaskBook.TaskState.Challenge) settle(taskId);
        uint256 paid = 0;
        for (uint8 i = 0; i < 2; ++i) {
            uint256 gross = isPaid[i] ? (uint256(s.price) * (i + 1)) / 3 : 0;
            paid += gross;
            assertEq(ESCROW.creditOf(worker(i)), gross - (gross * 250) / 10_000, "by the formula");
            assertEq(REGISTRY.nodeOf(worker(i)).openSlots, 0, "each slot is closed once");
            assertEq(VAULT.lockedOf(worker(i)), 0, "nothing stays locked");
        }
        assertState(
            taskId,
            isPaid[0] || isPaid[1] ? ITaskBook.TaskState.Completed : ITaskBook.TaskState.Rejected
        );
        assertEq(ESCROW.creditOf(CLIENT), MARKET.collateralFor(s.price) - paid, "the rest");
        uint256 now_ = address(ESCROW).balance + address(VAULT).balance;
        assertEq(now_ + Predeploys.SUPPLY_METER.balance, coins, "no coin is made or lost");
        assertEq(VAULT.freeOf(Predeploys.TASK_MARKET), MARKET.reserve(), "the reserve is backed");
    }
}
