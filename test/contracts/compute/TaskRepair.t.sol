// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ITaskBook} from "../../../contracts/interfaces/ITaskBook.sol";
import {Fault} from "../../../contracts/interfaces/IReputation.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {vm} from "../support/Vm.sol";
import {ComputeTest} from "./ComputeTest.sol";

/// @notice Checkpoints, and slots that get another worker. Powers 1,000, 2,000 and so on; two slots
/// of a price of 100 coins and 160 units are slices of 53 and 107 units.
contract TaskRepairTest is ComputeTest {
    bytes32 internal constant POINT = "a point";

    function setUp() public {
        deployCompute();
        proveWorkers(4);
    }

    function point(uint256 taskId, uint8 slot, uint32 units) internal {
        vm.prank(MARKET.slotOf(taskId, slot).worker);
        MARKET.checkpoint(taskId, slot, POINT, units);
    }

    function startBearing(uint8 maxSlotLoss) internal returns (uint256 taskId) {
        ITaskBook.TaskSpec memory s = spec(2);
        s.maxSlotLoss = maxSlotLoss;
        return start(s);
    }

    /* CHECKPOINTS */

    function testACheckpointMovesTheAccruedBalance() public {
        uint256 taskId = startBearing(0);
        assertEq(MARKET.accrued(taskId), 0, "at first");
        // 100 / 3 * 30 / 53
        vm.expectEmit(Predeploys.TASK_MARKET);
        emit ITaskBook.SlotCheckpointed(taskId, 0, worker(0), 0, POINT, 30, 18_867924528301886792);
        point(taskId, 0, 30);
        assertEq(MARKET.accrued(taskId), 18_867924528301886792, "after a checkpoint");
        pass(1_000);
        commitAll(taskId);
        assertEq(MARKET.accrued(taskId), 99_999999999999999999, "when all is committed");
        revealAll(taskId);
        judgeAll(taskId);
        passDeadline(taskId);
        MARKET.finalize(taskId);
        assertEq(MARKET.accrued(taskId), 99_999999999999999999, "final");
        assertEq(ESCROW.creditOf(CLIENT), 50_000000000000000001, "the rest went back");
    }

    function testAnAbnormalEndReversesWhatAccrued() public {
        uint256 taskId = startBearing(0);
        point(taskId, 0, 30);
        vm.prank(worker(1));
        MARKET.abort(taskId, 1);
        assertEq(MARKET.accrued(taskId), 0, "nothing is charged");
        assertEq(ESCROW.creditOf(CLIENT), 150e18, "the client gets all back");
    }

    function testCheckpointsRiseAndStayBelowTheSlice() public {
        uint256 taskId = startBearing(0);
        point(taskId, 0, 30);
        bytes4 selector = ITaskBook.TaskMarketUnitsNotRising.selector;
        vm.startPrank(worker(0));
        vm.expectRevert(abi.encodeWithSelector(selector, taskId, 0, 30, 30));
        MARKET.checkpoint(taskId, 0, POINT, 30);
        vm.expectRevert(
            abi.encodeWithSelector(ITaskBook.TaskMarketWrongUnits.selector, taskId, 0, 53, 53)
        );
        MARKET.checkpoint(taskId, 0, POINT, 53);
        MARKET.checkpoint(taskId, 0, POINT, 52);
        vm.stopPrank();
        ITaskBook.Slot memory slot = MARKET.slotOf(taskId, 0);
        assertEq(slot.pointUnits, 52, "units");
        assertEq(slot.pointRoot, POINT, "root");
        vm.prank(worker(1));
        vm.expectRevert(
            abi.encodeWithSelector(ITaskBook.TaskMarketNotWorker.selector, taskId, 0, worker(1))
        );
        MARKET.checkpoint(taskId, 0, POINT, 53);
        passDeadline(taskId);
        uint40 deadline = MARKET.taskOf(taskId).deadline;
        vm.prank(worker(1));
        vm.expectRevert(
            abi.encodeWithSelector(ITaskBook.TaskMarketPastDeadline.selector, taskId, deadline)
        );
        MARKET.checkpoint(taskId, 1, POINT, 1);
    }

    /* REPAIR */

    function testTheNextWorkerGoesOnFromTheLastCheckpointAndIsPaidForTheRest() public {
        uint256 taskId = startBearing(1);
        pass(500);
        point(taskId, 0, 13);
        uint40 repairBy = uint40(time() + 60);
        vm.expectEmit(Predeploys.TASK_MARKET);
        emit ITaskBook.SlotFaulted(taskId, 0, worker(0), Fault.Abort, 16_666666666666666667);
        vm.expectEmit(Predeploys.TASK_MARKET);
        emit ITaskBook.RepairOpened(taskId, 0, 1, 13, POINT, repairBy);
        vm.prank(worker(0));
        MARKET.abort(taskId, 0);
        assertState(taskId, ITaskBook.TaskState.Running);
        assertEq(MARKET.accrued(taskId), 0, "what the lost one did is paid to nobody");

        passSeed();
        MARKET.assign(taskId);
        address next = MARKET.slotOf(taskId, 0).worker;
        assertTrue(next == worker(2) || next == worker(3), "neither who has nor who had a slot");
        // 40 of 53 units in 1,000 seconds: 755, with the grace 906.
        uint40 commitBy = uint40(time() + 906);
        vm.expectEmit(Predeploys.TASK_MARKET);
        emit ITaskBook.SlotRepaired(taskId, 0, next, 1, commitBy);
        accept(taskId, 0);
        ITaskBook.Slot memory slot = MARKET.slotOf(taskId, 0);
        assertEq(slot.attempt, 1, "second attempt");
        assertEq(slot.resumedUnits, 13, "from the checkpoint");
        assertEq(slot.power, 1_000, "for the slot's share");
        // Half of 40 / 53 of a third of the price.
        assertEq(slot.collateral, 12_578616352201257862, "for what is left of the share");
        commitResult(taskId, 1);
        pass(755);
        commitResult(taskId, 0);
        revealAll(taskId);
        judgeAll(taskId);
        passDeadline(taskId);
        vm.expectEmit(Predeploys.TASK_MARKET);
        emit ITaskBook.SlotPaid(
            taskId,
            0,
            next,
            25_157232704402515723,
            628930817610062893,
            1_000,
            40,
            10_000,
            10_000
        );
        MARKET.finalize(taskId);
        assertState(taskId, ITaskBook.TaskState.Completed);
        assertEq(ESCROW.creditOf(worker(0)), 0, "the lost one gets nothing");
        assertEq(VAULT.lockedOf(next), 0, "collateral is free");
    }

    function testALateSlotIsRepairedAfterTheDeadline() public {
        uint256 taskId = startBearing(1);
        commitResult(taskId, 1);
        passDeadline(taskId);
        MARKET.expire(taskId);
        assertState(taskId, ITaskBook.TaskState.Running);
        assertTrue(MARKET.slotOf(taskId, 0).state == ITaskBook.SlotState.Repair, "repair");
        offer(taskId, 2, 1);
        accept(taskId, 0);
        uint256 finalBy = MARKET.taskOf(taskId).finalBy;
        assertEq(
            finalBy,
            time() + 1_200 + REVEAL + ATTEST + CHALLENGE + DISPUTE,
            "the last date moves along"
        );
        // The offer's end passes without harm.
        passDeadline(taskId);
        MARKET.expire(taskId);
        assertEq(MARKET.taskOf(taskId).deadline, MARKET.slotOf(taskId, 0).deadline, "its own time");
        commitResult(taskId, 0);
        assertState(taskId, ITaskBook.TaskState.Revealing);
    }

    function testOnlyAnEquallyStrongWorkerRepairs() public {
        ITaskBook.TaskSpec memory s = spec(2);
        s.maxSlotLoss = 1;
        uint256 taskId = create(s);
        offer(taskId, 2, 2);
        accept(taskId, 0);
        accept(taskId, 1);
        vm.prank(worker(2));
        MARKET.abort(taskId, 0);
        passSeed();
        (uint256 height, ) = this.clock();
        vm.expectEmit(Predeploys.TASK_MARKET);
        emit ITaskBook.AssignmentShort(taskId, 0, 1, uint64(height + 1));
        MARKET.assign(taskId);
        assertTrue(MARKET.slotOf(taskId, 0).state == ITaskBook.SlotState.Repair, "still lost");
    }

    function testASlotThatNobodyTakesForAMinuteIsLost() public {
        uint256 taskId = startBearing(1);
        vm.prank(worker(0));
        MARKET.abort(taskId, 0);
        offer(taskId, 2, 1);
        vm.prank(worker(2));
        MARKET.decline(taskId, 0);
        offer(taskId, 3, 1);
        pass(21);
        MARKET.advance(taskId);
        commitResult(taskId, 1);
        assertState(taskId, ITaskBook.TaskState.Running);
        pass(60);
        vm.expectEmit(Predeploys.TASK_MARKET);
        emit ITaskBook.SlotLost(taskId, 0);
        MARKET.expire(taskId);
        assertState(taskId, ITaskBook.TaskState.Revealing);
    }

    function testARepairedSlotThatFailsAgainExceedsTheLimit() public {
        uint256 taskId = startBearing(1);
        vm.prank(worker(0));
        MARKET.abort(taskId, 0);
        offer(taskId, 2, 1);
        accept(taskId, 0);
        pass(500);
        vm.prank(worker(2));
        MARKET.abort(taskId, 0);
        assertState(taskId, ITaskBook.TaskState.Aborted);
        assertEq(ESCROW.creditOf(CLIENT), 150e18, "the client, in full");
        for (uint256 i = 0; i < 3; ++i) assertEq(VAULT.lockedOf(worker(i)), 0, "nothing is stuck");
    }

    function testABlockRepairsByItself() public {
        ITaskBook.TaskSpec memory s = spec(2);
        s.maxSlotLoss = 1;
        uint256 taskId = start(s);
        vm.prank(worker(0));
        MARKET.abort(taskId, 0);
        for (uint256 i = 0; i < 4; ++i) {
            pass(1);
            MARKET.advance(taskId);
        }
        assertTrue(MARKET.slotOf(taskId, 0).state == ITaskBook.SlotState.Offered, "offered");
        accept(taskId, 0);
        assertTrue(MARKET.slotOf(taskId, 0).state == ITaskBook.SlotState.Accepted, "repaired");
    }
}
