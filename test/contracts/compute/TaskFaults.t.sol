// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ITaskMarket} from "../../../contracts/interfaces/ITaskMarket.sol";
import {Verdict} from "../../../contracts/interfaces/IOracleHub.sol";
import {Fault} from "../../../contracts/interfaces/IReputation.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {Vm, vm} from "../support/Vm.sol";
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
            abi.encodeWithSelector(ITaskMarket.TaskMarketNotClient.selector, taskId, STRANGER)
        );
        MARKET.cancel(taskId);
        vm.expectEmit(Predeploys.TASK_MARKET);
        emit ITaskMarket.TaskEnded(taskId, ITaskMarket.TaskState.Cancelled, 150e18, 0, 0);
        vm.prank(CLIENT);
        MARKET.cancel(taskId);
        assertState(taskId, ITaskMarket.TaskState.Cancelled);
        assertRefunded(taskId);
    }

    function testASponsorCancelsToo() public {
        ITaskMarket.TaskSpec memory s = spec(2);
        s.sponsor = STRANGER;
        uint256 taskId = create(s);
        vm.prank(STRANGER);
        MARKET.cancel(taskId);
        assertEq(ESCROW.creditOf(STRANGER), 150e18, "sponsor");
    }

    function testAClientDoesNotCancelOnceAWorkerCame() public {
        uint256 taskId = create(spec(2));
        accept(taskId, 0);
        vm.prank(CLIENT);
        vm.expectRevert(
            abi.encodeWithSelector(ITaskMarket.TaskMarketHasWorkers.selector, taskId, 1)
        );
        MARKET.cancel(taskId);
    }

    function testATaskThatFindsTooFewWorkersIsCancelledByStrangers() public {
        uint256 taskId = create(spec(2));
        accept(taskId, 0);
        uint40 deadline = MARKET.taskOf(taskId).deadline;
        vm.warp(deadline);
        vm.expectRevert(
            abi.encodeWithSelector(ITaskMarket.TaskMarketBeforeDeadline.selector, taskId, deadline)
        );
        MARKET.expire(taskId);
        vm.warp(uint256(deadline) + 1);
        vm.prank(STRANGER);
        MARKET.expire(taskId);
        assertState(taskId, ITaskMarket.TaskState.Cancelled);
        assertRefunded(taskId);
        assertEq(VAULT.freeOf(worker(0)), 1_000e18, "worker");
        assertEq(REPUTATION.commentOf(worker(0)), 10_000, "comment");
    }

    /* ABORTING */

    function testAnEarlyAbortCostsHalf() public {
        uint256 taskId = start(spec(1));
        pass(99);
        vm.expectEmit(Predeploys.TASK_MARKET);
        emit ITaskMarket.SlotFaulted(taskId, 0, worker(0), Fault.Abort, 25e18);
        vm.expectEmit(Predeploys.TASK_MARKET);
        emit ITaskMarket.TaskEnded(taskId, ITaskMarket.TaskState.Aborted, 150e18, 2.5e18, 22.5e18);
        vm.prank(worker(0));
        MARKET.abort(taskId, 0);
        assertState(taskId, ITaskMarket.TaskState.Aborted);
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
        emit ITaskMarket.SlotFaulted(taskId, 0, worker(0), Fault.Abort, 50e18);
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
                ITaskMarket.TaskMarketWrongSlotState.selector,
                taskId,
                0,
                ITaskMarket.SlotState.Committed
            )
        );
        MARKET.abort(taskId, 0);
    }

    function testTheOthersAreCompensatedForTheTimeTheyWorked() public {
        uint256 taskId = start(spec(2));
        pass(400);
        // Worker 0 has earned 100 / 3 * 0.4, less than the 30 coins that are left of worker 1's.
        vm.expectEmit(Predeploys.TASK_MARKET);
        emit ITaskMarket.SlotCompensated(taskId, 0, worker(0), 13_333333333333333333);
        vm.expectEmit(Predeploys.TASK_MARKET);
        emit ITaskMarket.TaskEnded(
            taskId,
            ITaskMarket.TaskState.Aborted,
            150e18,
            3_333333333333333333,
            16_666666666666666668
        );
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
        emit ITaskMarket.SlotFaulted(taskId, 1, worker(1), Fault.Late, M1);
        vm.expectEmit(Predeploys.TASK_MARKET);
        emit ITaskMarket.SlotCompensated(taskId, 0, worker(0), 16_666666666666666666);
        vm.expectEmit(Predeploys.TASK_MARKET);
        emit ITaskMarket.TaskEnded(
            taskId,
            ITaskMarket.TaskState.Late,
            150e18,
            3_333333333333333333,
            13_333333333333333335
        );
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
        assertState(taskId, ITaskMarket.TaskState.Late);
        assertRefunded(taskId);
        // Burned is a tenth of the sum, not the sum of two floored tenths.
        assertEq(Predeploys.SUPPLY_METER.balance, (M0 + M1) / 10, "burned");
        assertEq(MARKET.reserve(), M0 + M1 - (M0 + M1) / 10, "reserve");
    }

    function testAnUnrevealedResultIsAFault() public {
        uint256 taskId = start(spec(2));
        pass(1_000);
        commitAll(taskId);
        reveal(taskId, 1);
        passDeadline(taskId);
        vm.expectEmit(Predeploys.TASK_MARKET);
        emit ITaskMarket.SlotFaulted(taskId, 0, worker(0), Fault.NonReveal, M0);
        vm.expectEmit(Predeploys.TASK_MARKET);
        emit ITaskMarket.SlotCompensated(taskId, 1, worker(1), 15_000000000000000001);
        vm.expectEmit(Predeploys.TASK_MARKET);
        emit ITaskMarket.TaskEnded(
            taskId,
            ITaskMarket.TaskState.Rejected,
            150e18,
            1_666666666666666666,
            0
        );
        MARKET.expire(taskId);
        assertRefunded(taskId);
        assertEq(REPUTATION.commentOf(worker(0)), 8_000, "comment");
    }

    /* BEING JUDGED */

    function testAnAttestedFaultCostsThePayButNoCollateral() public {
        uint256 taskId = start(spec(2));
        commitAll(taskId);
        revealAll(taskId);
        judge(taskId, 0, Verdict.Valid);
        vm.expectEmit(Predeploys.TASK_MARKET);
        emit ITaskMarket.SlotFaulted(taskId, 1, worker(1), Fault.Unattested, 0);
        vm.expectEmit(Predeploys.TASK_MARKET);
        emit ITaskMarket.TaskEnded(taskId, ITaskMarket.TaskState.Rejected, 150e18, 0, 0);
        judge(taskId, 1, Verdict.Invalid);
        assertState(taskId, ITaskMarket.TaskState.Rejected);
        assertRefunded(taskId);
        assertEq(VAULT.freeOf(worker(0)), 1_000e18, "the honest");
        assertEq(VAULT.freeOf(worker(1)), 1_000e18, "the other");
        assertEq(REPUTATION.commentOf(worker(1)), 9_500, "comment");
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
            assertState(taskId, ITaskMarket.TaskState.Rejected);
        }
    }

    function testSilentOraclesCostNobody() public {
        uint256 taskId = start(spec(2));
        commitAll(taskId);
        revealAll(taskId);
        judge(taskId, 0, Verdict.Valid);
        passDeadline(taskId);
        vm.expectEmit(Predeploys.TASK_MARKET);
        emit ITaskMarket.TaskEnded(taskId, ITaskMarket.TaskState.Expired, 150e18, 0, 0);
        vm.prank(STRANGER);
        MARKET.expire(taskId);
        assertRefunded(taskId);
        assertEq(VAULT.freeOf(worker(0)), 1_000e18, "worker 0");
        assertEq(VAULT.freeOf(worker(1)), 1_000e18, "worker 1");
    }

    /* LOSING SLOTS */

    function testATaskGoesOnWithTheLossesItsClientBears() public {
        ITaskMarket.TaskSpec memory s = spec(3);
        s.maxSlotLoss = 1;
        uint256 taskId = start(s);
        vm.prank(worker(2));
        MARKET.abort(taskId, 2);
        assertState(taskId, ITaskMarket.TaskState.Running);
        // Half of the 25 coins, of which a tenth is burned.
        assertEq(MARKET.reserve(), 11.25e18, "the loss harms nobody but the client");
        pass(1_000);
        commitResult(taskId, 0);
        commitResult(taskId, 1);
        reveal(taskId, 0);
        reveal(taskId, 1);
        judge(taskId, 0, Verdict.Valid);
        judge(taskId, 1, Verdict.Valid);
        passDeadline(taskId);
        MARKET.finalize(taskId);
        assertState(taskId, ITaskMarket.TaskState.Completed);
        // Powers 1 and 2 of 6: the lost slot inflates nobody's share, and the client keeps it.
        assertEq(ESCROW.creditOf(worker(1)), 32_500000000000000000, "worker 1");
        assertEq(ESCROW.creditOf(CLIENT), 100_000000000000000001, "client");
        assertEq(VAULT.lockedOf(worker(2)), 0, "nothing stays locked");
    }

    function testOneMoreLossEndsTheTask() public {
        ITaskMarket.TaskSpec memory s = spec(3);
        s.maxSlotLoss = 1;
        uint256 taskId = start(s);
        vm.prank(worker(2));
        MARKET.abort(taskId, 2);
        commitResult(taskId, 0);
        passDeadline(taskId);
        MARKET.expire(taskId);
        assertState(taskId, ITaskMarket.TaskState.Late);
        assertRefunded(taskId);
    }

    function testTheTaskGoesOnAfterALateSlotItCanBear() public {
        ITaskMarket.TaskSpec memory s = spec(2);
        s.maxSlotLoss = 1;
        uint256 taskId = start(s);
        commitResult(taskId, 0);
        pass(5_000);
        uint256 planned = MARKET.taskOf(taskId).finalBy;
        MARKET.expire(taskId);
        assertState(taskId, ITaskMarket.TaskState.Revealing);
        assertTrue(MARKET.taskOf(taskId).finalBy > planned, "the last date moves along");
        reveal(taskId, 0);
        judge(taskId, 0, Verdict.Valid);
        passDeadline(taskId);
        MARKET.expire(taskId);
        assertState(taskId, ITaskMarket.TaskState.Completed);
    }

    /* THE PRODUCER */

    function testTheBlockEndsWhatIsDue() public {
        uint256 open = create(spec(2));
        uint256 running = start(spec(1));
        uint256 settling = runToChallenge(spec(1), 1);
        produce();
        assertState(open, ITaskMarket.TaskState.Open);
        pass(61);
        produce();
        assertState(open, ITaskMarket.TaskState.Cancelled);
        assertState(running, ITaskMarket.TaskState.Running);
        pass(600);
        produce();
        assertState(settling, ITaskMarket.TaskState.Completed);
        pass(600);
        produce();
        assertState(running, ITaskMarket.TaskState.Late);
    }

    function testABlockEndsAtMostSoManyTasks() public {
        uint256[10] memory ids;
        for (uint256 i = 0; i < 10; ++i) ids[i] = create(spec(1));
        pass(61);
        produce();
        assertState(ids[7], ITaskMarket.TaskState.Cancelled);
        assertState(ids[8], ITaskMarket.TaskState.Open);
        pass(1);
        produce();
        assertState(ids[9], ITaskMarket.TaskState.Cancelled);
    }

    function testATaskThatCannotBeEndedIsTriedThriceAndLeftToStrangers() public {
        uint256 taskId = runToChallenge(spec(1), 1);
        bytes memory code = Predeploys.REPUTATION.code;
        // PUSH0 PUSH0 REVERT
        vm.etch(Predeploys.REPUTATION, hex"5f5ffd");
        passDeadline(taskId);
        for (uint8 attempts = 1; attempts <= 3; ++attempts) {
            vm.expectEmit(Predeploys.TASK_MARKET);
            emit ITaskMarket.DueTaskFailed(taskId, attempts, "");
            produce();
            pass(61);
        }
        vm.etch(Predeploys.REPUTATION, code);
        produce();
        assertState(taskId, ITaskMarket.TaskState.Challenge);
        vm.prank(STRANGER);
        MARKET.expire(taskId);
        assertState(taskId, ITaskMarket.TaskState.Completed);
    }

    function testTheProducersWorkStaysInItsGas() public {
        // Nine tasks of sixteen slots, all late in the same block.
        for (uint256 i = 3; i < 16; ++i) {
            prove(worker(i), 1_000);
            giveCollateral(worker(i), 1_000e18);
        }
        for (uint256 i = 0; i < 9; ++i) start(spec(16));
        pass(2_000);
        uint256 ended = 0;
        for (uint256 blocks = 1; ended < 9; ++blocks) {
            assertTrue(blocks <= 9, "one task a block at least");
            vm.recordLogs();
            produce();
            assertNoFailure();
            ended = 0;
            for (uint256 id = 1; id <= 9; ++id) {
                if (MARKET.taskOf(id).state == ITaskMarket.TaskState.Late) ++ended;
            }
            pass(1);
        }
    }

    /// @dev Neither the module nor a task failed.
    function assertNoFailure() internal {
        bytes32 failed = keccak256("ModuleFailed(uint256,address,bytes)");
        Vm.Log[] memory logs = vm.getRecordedLogs();
        for (uint256 i = 0; i < logs.length; ++i) {
            assertTrue(logs[i].topics[0] != failed, "no module failed");
            assertTrue(logs[i].topics[0] != ITaskMarket.DueTaskFailed.selector, "no task failed");
        }
    }
}
