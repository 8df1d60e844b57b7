// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Errors} from "@openzeppelin/contracts/utils/Errors.sol";
import {ITaskBook} from "../../../contracts/interfaces/ITaskBook.sol";
import {ITaskMarket} from "../../../contracts/interfaces/ITaskMarket.sol";
import {Verdict} from "../../../contracts/interfaces/IOracleHub.sol";
import {Fault} from "../../../contracts/interfaces/IReputation.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {vm} from "../support/Vm.sol";
import {ComputeTest} from "./ComputeTest.sol";

/// @notice What a task costs whom when it goes wrong. The price is 100 coins and workers lock half
/// of it; with powers 1,000 and 2,000 they lock 16.67 and 33.33 coins.
contract TaskFaultsTest is ComputeTest {
    uint256 internal constant M0 = 16_666666666666666667;
    uint256 internal constant M1 = 33_333333333333333334;

    function setUp() public {
        deployCompute();
        proveWorkers(3);
    }

    function assertRefunded(uint256 taskId) internal view {
        assertEq(ESCROW.creditOf(CLIENT), 150e18, "client, in full");
        assertEq(ESCROW.balanceOf(taskId), 0, "nothing stays in the escrow");
        for (uint256 i = 0; i < 3; ++i)
            assertEq(VAULT.lockedOf(worker(i)), 0, "nothing stays locked");
        assertEq(VAULT.freeOf(Predeploys.TASK_MARKET), MARKET.reserve(), "the reserve is backed");
    }

    /* CANCELLING */

    function testAClientCancelsBeforeAnyoneAccepts() public {
        uint256 taskId = create(spec(2));
        vm.prank(STRANGER);
        vm.expectRevert(
            abi.encodeWithSelector(ITaskBook.TaskMarketNotClient.selector, taskId, STRANGER)
        );
        MARKET.cancel(taskId);
        vm.expectEmit(Predeploys.TASK_MARKET);
        emit ITaskBook.TaskEnded(taskId, ITaskBook.TaskState.Cancelled, 150e18, 0);
        vm.prank(CLIENT);
        MARKET.cancel(taskId);
        assertState(taskId, ITaskBook.TaskState.Cancelled);
        assertRefunded(taskId);
    }

    function testASponsorCancelsToo() public {
        ITaskBook.TaskSpec memory s = spec(2);
        s.sponsor = STRANGER;
        uint256 taskId = create(s);
        vm.prank(STRANGER);
        MARKET.cancel(taskId);
        assertEq(ESCROW.creditOf(STRANGER), 150e18, "sponsor");
    }

    function testAClientCancelsUntilTheBlockOfTheDrawIsOver() public {
        uint256 first = create(spec(1));
        uint256 second = create(spec(1));
        uint64 seedHeight = MARKET.taskOf(first).seedHeight;
        vm.roll(seedHeight);
        vm.prank(CLIENT);
        MARKET.cancel(first);
        assertState(first, ITaskBook.TaskState.Cancelled);
        vm.roll(uint256(seedHeight) + 1);
        vm.prank(CLIENT);
        vm.expectRevert(
            abi.encodeWithSelector(
                ITaskBook.TaskMarketDrawKnown.selector,
                second,
                seedHeight,
                seedHeight + 1
            )
        );
        MARKET.cancel(second);
    }

    function testAClientDoesNotTakeADrawBack() public {
        uint256 taskId = assign(spec(2));
        vm.prank(CLIENT);
        vm.expectRevert(wrongState(taskId, ITaskBook.TaskState.Assigned));
        MARKET.cancel(taskId);
    }

    function testADrawThatFoundTooFewMayBeFollowedByACancellation() public {
        uint256 taskId = create(spec(8));
        passSeed();
        MARKET.assign(taskId);
        assertState(taskId, ITaskBook.TaskState.Open);
        vm.prank(CLIENT);
        MARKET.cancel(taskId);
        assertRefunded(taskId);
    }

    function testATaskThatFindsTooFewWorkersIsCancelledByStrangers() public {
        uint256 taskId = assign(spec(2));
        accept(taskId, 0);
        uint40 deadline = MARKET.taskOf(taskId).deadline;
        vm.warp(deadline);
        vm.expectRevert(
            abi.encodeWithSelector(ITaskBook.TaskMarketBeforeDeadline.selector, taskId, deadline)
        );
        MARKET.expire(taskId);
        vm.warp(uint256(deadline) + 1);
        vm.prank(STRANGER);
        MARKET.expire(taskId);
        assertState(taskId, ITaskBook.TaskState.Cancelled);
        assertRefunded(taskId);
        assertEq(VAULT.freeOf(worker(0)), 1_000e18, "worker");
        assertEq(REPUTATION.commentOf(worker(0)), 10_000, "comment");
    }

    /* ABORTING */

    function testAnEarlyAbortCostsHalf() public {
        uint256 taskId = start(spec(1));
        pass(99);
        vm.expectEmit(Predeploys.TASK_MARKET);
        emit ITaskBook.SlotFaulted(taskId, 0, worker(0), Fault.Abort, 25e18);
        vm.expectEmit(Predeploys.TASK_MARKET);
        emit ITaskBook.TaskEnded(taskId, ITaskBook.TaskState.Aborted, 150e18, 2.5e18);
        vm.prank(worker(0));
        MARKET.abort(taskId, 0);
        assertState(taskId, ITaskBook.TaskState.Aborted);
        assertRefunded(taskId);
        assertEq(VAULT.freeOf(worker(0)), 975e18, "worker");
        assertEq(MARKET.reserve(), 22.5e18, "nobody to compensate");
        assertEq(Predeploys.SUPPLY_METER.balance, 2.5e18, "burned");
        assertEq(REPUTATION.commentOf(worker(0)), 8_000, "comment");
        assertEq(REPUTATION.recordOf(worker(0)).abortUntil, time() + 3 days, "for three days");
    }

    function testAnAbortAtATenthOfTheTimeCostsAll() public {
        uint256 taskId = start(spec(1));
        pass(100);
        vm.expectEmit(Predeploys.TASK_MARKET);
        emit ITaskBook.SlotFaulted(taskId, 0, worker(0), Fault.Abort, 50e18);
        vm.prank(worker(0));
        MARKET.abort(taskId, 0);
        assertEq(VAULT.freeOf(worker(0)), 950e18, "worker");
    }

    function testACommittedSlotCannotBeAborted() public {
        uint256 taskId = start(spec(2));
        commitResult(taskId, 0);
        vm.prank(worker(0));
        vm.expectRevert(
            abi.encodeWithSelector(
                ITaskBook.TaskMarketWrongSlotState.selector,
                taskId,
                0,
                ITaskBook.SlotState.Committed
            )
        );
        MARKET.abort(taskId, 0);
    }

    function testTheOthersAreCompensatedForTheTimeTheyWorked() public {
        uint256 taskId = start(spec(2));
        pass(400);
        // Worker 0 has earned 100 / 3 * 0.4, less than the 30 coins that are left of worker 1's.
        vm.expectEmit(Predeploys.TASK_MARKET);
        emit ITaskBook.SlotCompensated(taskId, 0, worker(0), 13_333333333333333333);
        vm.expectEmit(Predeploys.TASK_MARKET);
        emit ITaskBook.TaskEnded(taskId, ITaskBook.TaskState.Aborted, 150e18, 3_333333333333333333);
        vm.prank(worker(1));
        MARKET.abort(taskId, 1);
        assertRefunded(taskId);
        assertEq(VAULT.freeOf(worker(0)), 1_013_333333333333333333, "the other");
        assertEq(VAULT.freeOf(worker(1)), 1_000e18 - M1, "the one who left");
        assertEq(MARKET.reserve(), 16_666666666666666668, "reserve");
    }

    /* BEING LATE */

    function testALateSlotEndsTheTask() public {
        uint256 taskId = start(spec(2));
        pass(500);
        commitResult(taskId, 0);
        passDeadline(taskId);
        vm.expectEmit(Predeploys.TASK_MARKET);
        emit ITaskBook.SlotFaulted(taskId, 1, worker(1), Fault.Late, M1);
        vm.expectEmit(Predeploys.TASK_MARKET);
        emit ITaskBook.SlotCompensated(taskId, 0, worker(0), 16_666666666666666666);
        vm.expectEmit(Predeploys.TASK_MARKET);
        emit ITaskBook.TaskEnded(taskId, ITaskBook.TaskState.Late, 150e18, 3_333333333333333333);
        vm.prank(STRANGER);
        MARKET.expire(taskId);
        assertRefunded(taskId);
        assertEq(VAULT.freeOf(worker(0)), 1_016_666666666666666666, "the punctual");
        assertEq(REPUTATION.recordOf(worker(1)).lateUntil, time() + 10 days, "for ten days");
        assertTrue(MARKET.slotOf(taskId, 1).fault == Fault.Late, "fault of the slot");
    }

    function testWhenAllAreLateEverythingGoesToTheReserve() public {
        uint256 taskId = start(spec(2));
        passDeadline(taskId);
        MARKET.expire(taskId);
        assertState(taskId, ITaskBook.TaskState.Late);
        assertRefunded(taskId);
        // Burned is a tenth of the sum, not the sum of two floored tenths.
        assertEq(Predeploys.SUPPLY_METER.balance, (M0 + M1) / 10, "burned");
        assertEq(MARKET.reserve(), M0 + M1 - (M0 + M1) / 10, "reserve");
    }

    function testAnUnrevealedResultIsAFault() public {
        uint256 taskId = start(spec(1));
        commitAll(taskId);
        passDeadline(taskId);
        vm.expectEmit(Predeploys.TASK_MARKET);
        emit ITaskBook.SlotFaulted(taskId, 0, worker(0), Fault.NonReveal, 50e18);
        vm.expectEmit(Predeploys.TASK_MARKET);
        emit ITaskBook.ReserveChanged(taskId, 45e18, 0, 45e18);
        vm.expectEmit(Predeploys.TASK_MARKET);
        emit ITaskBook.TaskEnded(taskId, ITaskBook.TaskState.Rejected, 150e18, 5e18);
        MARKET.expire(taskId);
        assertRefunded(taskId);
        assertEq(REPUTATION.commentOf(worker(0)), 8_000, "comment");
    }

    /* BEING JUDGED */

    function testAnAttestedFaultCostsThePayButNoCollateral() public {
        uint256 taskId = start(spec(1));
        commitAll(taskId);
        revealAll(taskId);
        judge(taskId, 0, Verdict.Invalid);
        passDeadline(taskId);
        vm.expectEmit(Predeploys.TASK_MARKET);
        emit ITaskBook.SlotFaulted(taskId, 0, worker(0), Fault.Unattested, 0);
        vm.expectEmit(Predeploys.TASK_MARKET);
        emit ITaskBook.TaskEnded(taskId, ITaskBook.TaskState.Rejected, 150e18, 0);
        MARKET.finalize(taskId);
        assertRefunded(taskId);
        assertEq(VAULT.freeOf(worker(0)), 1_000e18, "collateral");
        assertEq(REPUTATION.commentOf(worker(0)), 9_500, "comment");
    }

    function testEveryVerdictButValidRejects() public {
        Verdict[4] memory verdicts = [
            Verdict.Invalid,
            Verdict.Late,
            Verdict.Aborted,
            Verdict.Unavailable
        ];
        for (uint256 i = 0; i < 4; ++i) {
            uint256 taskId = start(spec(1));
            commitAll(taskId);
            revealAll(taskId);
            judge(taskId, 0, verdicts[i]);
            assertTrue(MARKET.slotOf(taskId, 0).state == ITaskBook.SlotState.Refused, "refused");
            passDeadline(taskId);
            MARKET.finalize(taskId);
            assertState(taskId, ITaskBook.TaskState.Rejected);
        }
    }

    function testSilentOraclesCostNobody() public {
        uint256 taskId = start(spec(2));
        commitAll(taskId);
        revealAll(taskId);
        passDeadline(taskId);
        vm.expectEmit(Predeploys.TASK_MARKET);
        emit ITaskBook.TaskEnded(taskId, ITaskBook.TaskState.Expired, 150e18, 0);
        vm.prank(STRANGER);
        MARKET.expire(taskId);
        assertRefunded(taskId);
        assertEq(VAULT.freeOf(worker(0)), 1_000e18, "worker 0");
        assertEq(VAULT.freeOf(worker(1)), 1_000e18, "worker 1");
    }

    /* LOSING SLOTS */

    function testATaskGoesOnWithTheLossesItsClientBears() public {
        ITaskBook.TaskSpec memory s = spec(3);
        s.maxSlotLoss = 1;
        uint256 taskId = start(s);
        vm.prank(worker(2));
        MARKET.abort(taskId, 2);
        assertState(taskId, ITaskBook.TaskState.Running);
        // Half of the 25 coins, of which a tenth is burned.
        assertEq(MARKET.reserve(), 11.25e18, "the loss harms nobody but the client");
        // Nobody takes the slot for a minute.
        passDeadline(taskId);
        vm.expectEmit(Predeploys.TASK_MARKET);
        emit ITaskBook.SlotLost(taskId, 2);
        MARKET.expire(taskId);
        pass(939);
        commitResult(taskId, 0);
        commitResult(taskId, 1);
        reveal(taskId, 0);
        reveal(taskId, 1);
        judge(taskId, 0, Verdict.Valid);
        judge(taskId, 1, Verdict.Valid);
        passDeadline(taskId);
        MARKET.finalize(taskId);
        assertState(taskId, ITaskBook.TaskState.Completed);
        // Powers 1 and 2 of 6: the lost slot inflates nobody's share, and the client keeps it.
        assertEq(ESCROW.creditOf(worker(1)), 32_500000000000000000, "worker 1");
        assertEq(ESCROW.creditOf(CLIENT), 100_000000000000000001, "client");
        assertEq(VAULT.lockedOf(worker(2)), 0, "nothing stays locked");
    }

    function testOneMoreLossEndsTheTask() public {
        ITaskBook.TaskSpec memory s = spec(3);
        s.maxSlotLoss = 1;
        uint256 taskId = start(s);
        vm.prank(worker(2));
        MARKET.abort(taskId, 2);
        commitResult(taskId, 0);
        passDeadline(taskId);
        MARKET.expire(taskId);
        assertState(taskId, ITaskBook.TaskState.Running);
        passDeadline(taskId);
        MARKET.expire(taskId);
        assertState(taskId, ITaskBook.TaskState.Late);
        assertRefunded(taskId);
    }

    function testTheTaskGoesOnAfterALateSlotItCanBear() public {
        ITaskBook.TaskSpec memory s = spec(2);
        s.maxSlotLoss = 1;
        uint256 taskId = start(s);
        commitResult(taskId, 0);
        pass(5_000);
        uint256 planned = MARKET.taskOf(taskId).finalBy;
        MARKET.expire(taskId);
        assertState(taskId, ITaskBook.TaskState.Running);
        passDeadline(taskId);
        MARKET.expire(taskId);
        assertState(taskId, ITaskBook.TaskState.Revealing);
        assertTrue(MARKET.taskOf(taskId).finalBy > planned, "the last date moves along");
        reveal(taskId, 0);
        judge(taskId, 0, Verdict.Valid);
        passDeadline(taskId);
        MARKET.expire(taskId);
        assertState(taskId, ITaskBook.TaskState.Completed);
    }

    /* THE PRODUCER */

    function testTheBlockEndsWhatIsDue() public {
        uint256 open = create(spec(2));
        uint256 running = start(spec(1));
        uint256 settling = runToChallenge(spec(1), 1);
        produce();
        assertState(open, ITaskBook.TaskState.Open);
        pass(61);
        produce();
        assertState(open, ITaskBook.TaskState.Cancelled);
        assertState(running, ITaskBook.TaskState.Running);
        pass(600);
        produce();
        assertState(settling, ITaskBook.TaskState.Completed);
        pass(600);
        produce();
        assertState(running, ITaskBook.TaskState.Late);
    }

    function testABlockEndsAtMostSoManyTasks() public {
        uint256 taskId;
        for (uint256 i = 0; i < 10; ++i) taskId = create(spec(16));
        // Sixteen workers are too many to draw in a block, and there are only three.
        pass(2);
        produce();
        pass(61);
        uint256 blocks = 0;
        for (; countIn(ITaskBook.TaskState.Cancelled) < 10; ++blocks) {
            assertTrue(blocks < 10, "one task a block at least");
            uint256 before = countIn(ITaskBook.TaskState.Cancelled);
            produce();
            assertTrue(countIn(ITaskBook.TaskState.Cancelled) <= before + 8, "eight at most");
            pass(1);
        }
        assertTrue(blocks > 1, "not all at once");
    }

    function countIn(ITaskBook.TaskState state) internal view returns (uint256 count) {
        uint256 last = MARKET.taskCount();
        for (uint256 id = 1; id <= last; ++id) {
            if (MARKET.taskOf(id).state == state) ++count;
        }
    }

    function testATaskThatCannotBeEndedIsTriedThriceAndLeftToStrangers() public {
        uint256 taskId = runToChallenge(spec(1), 1);
        // Throws away what the task has outlived.
        produce();
        bytes memory code = Predeploys.REPUTATION.code;
        // A revert without a reason becomes FailedCall on its way from one piece to the other.
        bytes memory reason = abi.encodeWithSelector(Errors.FailedCall.selector);
        // PUSH0 PUSH0 REVERT
        vm.etch(Predeploys.REPUTATION, hex"5f5ffd");
        passDeadline(taskId);
        for (uint8 attempts = 1; attempts <= 3; ++attempts) {
            vm.expectEmit(Predeploys.TASK_MARKET);
            emit ITaskBook.DueTaskFailed(taskId, attempts, reason);
            produce();
            pass(61);
        }
        vm.etch(Predeploys.REPUTATION, code);
        produce();
        assertState(taskId, ITaskBook.TaskState.Challenge);
        vm.prank(STRANGER);
        MARKET.expire(taskId);
        assertState(taskId, ITaskBook.TaskState.Completed);
    }

    function testAFailureAfterATooLargeStepDoesNotStopTheBlock() public {
        uint256 taskId = create(spec(16));
        pass(2);
        vm.expectEmit(Predeploys.TASK_MARKET);
        emit ITaskBook.DueTaskFailed(taskId, 255, "");
        produce();
        bytes memory code = Predeploys.TASK_ESCROW.code;
        vm.etch(Predeploys.TASK_ESCROW, hex"5f5ffd");
        pass(61);
        vm.expectEmit(Predeploys.TASK_MARKET);
        emit ITaskBook.DueTaskFailed(
            taskId,
            255,
            abi.encodeWithSelector(Errors.FailedCall.selector)
        );
        produce();
        vm.etch(Predeploys.TASK_ESCROW, code);
        vm.prank(STRANGER);
        MARKET.expire(taskId);
        assertRefunded(taskId);
    }

    function testATaskTooLargeForABlockIsLeftToStrangers() public {
        for (uint256 i = 3; i < 16; ++i) {
            prove(worker(i), 1_000);
            giveCollateral(worker(i), 1_000e18);
        }
        uint256 large = start(spec(16));
        pass(2_000);
        vm.expectEmit(Predeploys.TASK_MARKET);
        emit ITaskBook.DueTaskFailed(large, 255, "");
        produce();
        assertState(large, ITaskBook.TaskState.Running);
        assertEq(MARKET.taskOf(large).dueAt, 0, "the block does not look again");
        vm.prank(STRANGER);
        assertTrue(MARKET.advance(large), "anyone does");
        assertState(large, ITaskBook.TaskState.Late);
    }
}
