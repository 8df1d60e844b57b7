// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ITaskBook} from "../../../contracts/interfaces/ITaskBook.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {vm} from "../support/Vm.sol";
import {ComputeTest} from "./ComputeTest.sol";

/// @notice How slots find their workers, by lot among those who are eligible.
contract TaskAssigningTest is ComputeTest {
    function setUp() public {
        deployCompute();
        proveWorkers(3);
    }

    /* DRAWING */

    function testADrawWaitsForTheBlockThatSeedsIt() public {
        uint256 taskId = create(spec(2));
        (uint256 height, ) = this.clock();
        assertEq(MARKET.taskOf(taskId).seedHeight, height + 1, "the next block");
        for (uint256 i = 0; i < 2; ++i) {
            vm.expectRevert(
                abi.encodeWithSelector(
                    ITaskBook.TaskMarketSeedPending.selector,
                    taskId,
                    height + 1,
                    height + i
                )
            );
            MARKET.assign(taskId);
            vm.roll(height + i + 1);
        }
        vm.roll(height + 2);
        vm.prank(STRANGER);
        MARKET.assign(taskId);
        assertState(taskId, ITaskBook.TaskState.Assigned);
    }

    function testSlotsAreOfferedToDifferentEligibleWorkers() public {
        uint256 taskId = create(spec(3));
        passSeed();
        MARKET.assign(taskId);
        uint256 seen = 0;
        for (uint8 i = 0; i < 3; ++i) {
            ITaskBook.Slot memory slot = MARKET.slotOf(taskId, i);
            assertTrue(slot.state == ITaskBook.SlotState.Offered, "offered");
            assertEq(slot.deadline, time() + 20, "for twenty seconds");
            for (uint256 w = 0; w < 3; ++w) if (slot.worker == worker(w)) seen |= 1 << w;
        }
        assertEq(seen, 7, "each of the three once");
        assertEq(MARKET.taskOf(taskId).deadline, time() + 80, "four offers of twenty seconds");
        vm.expectRevert(
            abi.encodeWithSelector(ITaskBook.TaskMarketNothingToAssign.selector, taskId)
        );
        MARKET.assign(taskId);
    }

    function testAnOfferIsAnnounced() public {
        uint256 taskId = create(spec(1));
        address[] memory drawn = new address[](1);
        drawn[0] = worker(1);
        passSeed();
        mockDraw(drawn);
        vm.expectEmit(Predeploys.TASK_MARKET);
        emit ITaskBook.SlotOffered(taskId, 0, worker(1), uint40(time() + 20));
        MARKET.assign(taskId);
    }

    function testTooFewWorkersLeaveTheTaskOpenForTheNextSeed() public {
        uint256 taskId = create(spec(4));
        passSeed();
        (uint256 height, ) = this.clock();
        vm.expectEmit(Predeploys.TASK_MARKET);
        emit ITaskBook.AssignmentShort(taskId, 3, 4, uint64(height + 1));
        MARKET.assign(taskId);
        assertState(taskId, ITaskBook.TaskState.Open);
        assertTrue(
            MARKET.slotOf(taskId, 0).state == ITaskBook.SlotState.Empty,
            "given out as a whole or not at all"
        );
        prove(worker(3), 4_000);
        passSeed();
        MARKET.assign(taskId);
        assertState(taskId, ITaskBook.TaskState.Assigned);
    }

    function testOnlyWorkersOfThePowerAskedForAreDrawn() public {
        ITaskBook.TaskSpec memory s = spec(1);
        s.minPower = 3_000;
        uint256 taskId = create(s);
        passSeed();
        MARKET.assign(taskId);
        assertEq(MARKET.slotOf(taskId, 0).worker, worker(2), "the only one");
    }

    function testADrawEndsWithItsWindow() public {
        uint256 taskId = create(spec(1));
        uint40 deadline = MARKET.taskOf(taskId).deadline;
        passSeed();
        vm.warp(uint256(deadline) + 1);
        vm.expectRevert(
            abi.encodeWithSelector(ITaskBook.TaskMarketPastDeadline.selector, taskId, deadline)
        );
        MARKET.assign(taskId);
    }

    /* REFUSING */

    function testARefusedSlotIsDrawnAnewAmongTheOthers() public {
        uint256 taskId = assign(spec(1));
        vm.expectRevert(
            abi.encodeWithSelector(ITaskBook.TaskMarketNotWorker.selector, taskId, 0, address(this))
        );
        MARKET.decline(taskId, 0);
        vm.expectEmit(Predeploys.TASK_MARKET);
        emit ITaskBook.SlotDeclined(taskId, 0, worker(0), false);
        vm.prank(worker(0));
        MARKET.decline(taskId, 0);
        assertEq(REGISTRY.nodeOf(worker(0)).declinedUntil, time() + 1 days, "falls back for a day");
        address[] memory gone = MARKET.excludedOf(taskId);
        assertEq(gone.length, 1, "one is out");
        assertEq(gone[0], worker(0), "the one who refused");
        (uint256 height, ) = this.clock();
        assertEq(MARKET.taskOf(taskId).seedHeight, height + 1, "by a block nobody knows yet");
        passSeed();
        MARKET.assign(taskId);
        address next = MARKET.slotOf(taskId, 0).worker;
        assertTrue(next == worker(1) || next == worker(2), "another");
    }

    function testAnybodyTakesBackAnOfferThatRanOut() public {
        uint256 taskId = assign(spec(1));
        uint40 deadline = MARKET.slotOf(taskId, 0).deadline;
        vm.warp(deadline);
        vm.expectRevert(
            abi.encodeWithSelector(ITaskBook.TaskMarketBeforeDeadline.selector, taskId, deadline)
        );
        MARKET.reoffer(taskId, 0);
        vm.warp(uint256(deadline) + 1);
        vm.expectEmit(Predeploys.TASK_MARKET);
        emit ITaskBook.SlotDeclined(taskId, 0, worker(0), true);
        vm.prank(STRANGER);
        MARKET.reoffer(taskId, 0);
        vm.expectRevert(
            abi.encodeWithSelector(
                ITaskBook.TaskMarketWrongSlotState.selector,
                taskId,
                0,
                ITaskBook.SlotState.Empty
            )
        );
        MARKET.reoffer(taskId, 0);
    }

    function testTheFourthRefusalOfASlotCancelsTheTask() public {
        for (uint256 i = 3; i < 5; ++i) prove(worker(i), 1_000);
        uint256 taskId = assign(spec(2));
        accept(taskId, 0);
        for (uint256 i = 1; i <= 4; ++i) {
            assertState(taskId, ITaskBook.TaskState.Assigned);
            vm.prank(worker(i));
            MARKET.decline(taskId, 1);
            if (i < 4) offer(taskId, i + 1, 1);
        }
        assertState(taskId, ITaskBook.TaskState.Cancelled);
        assertEq(ESCROW.creditOf(CLIENT), 150e18, "the client, in full");
        assertEq(VAULT.freeOf(worker(0)), 1_000e18, "the willing worker");
        assertEq(REGISTRY.nodeOf(worker(0)).openSlots, 0, "is free again");
    }

    /* THE BLOCK */

    function testTheBlockDrawsAndTakesBack() public {
        uint256 taskId = create(spec(1));
        pass(1);
        produce();
        assertState(taskId, ITaskBook.TaskState.Open);
        pass(1);
        produce();
        pass(1);
        produce();
        assertState(taskId, ITaskBook.TaskState.Assigned);
        address first = MARKET.slotOf(taskId, 0).worker;
        pass(21);
        produce();
        assertTrue(MARKET.slotOf(taskId, 0).state == ITaskBook.SlotState.Empty, "taken back");
        for (uint256 i = 0; i < 3; ++i) {
            pass(1);
            produce();
        }
        assertTrue(MARKET.slotOf(taskId, 0).state == ITaskBook.SlotState.Offered, "drawn anew");
        assertTrue(MARKET.slotOf(taskId, 0).worker != first, "to another");
    }

    function testTheBlockCancelsWhatFoundNobody() public {
        uint256 taskId = create(spec(4));
        for (uint256 i = 0; i < 8; ++i) {
            pass(11);
            produce();
        }
        assertState(taskId, ITaskBook.TaskState.Cancelled);
    }

    function testAdvancingSaysWhetherAnythingWasDue() public {
        uint256 taskId = create(spec(1));
        assertTrue(!MARKET.advance(taskId), "not yet");
        passSeed();
        assertTrue(MARKET.advance(taskId), "a draw");
        assertState(taskId, ITaskBook.TaskState.Assigned);
        assertTrue(!MARKET.advance(taskId), "the offer runs");
        pass(21);
        assertTrue(MARKET.advance(taskId), "the offer is taken back");
    }

    /* CAPACITY */

    function testAWorkerWithoutCollateralWorksOnSmallTasksOnly() public {
        prove(worker(3), 1_000);
        ITaskBook.TaskSpec memory s = spec(1);
        s.price = 1e18;
        uint256 taskId = create(s);
        offer(taskId, 3, 1);
        accept(taskId, 0);
        assertState(taskId, ITaskBook.TaskState.Running);
        assertEq(MARKET.slotOf(taskId, 0).collateral, 0, "nothing is locked");

        // A second one at the same time is too much.
        uint256 second = create(s);
        offer(second, 3, 1);
        expectCollateralNeeded(0.5e18, 1e18, 1);
        MARKET.accept(second, 0);
        commitAll(taskId);
        revealAll(taskId);
        judgeAll(taskId);
        passDeadline(taskId);
        MARKET.finalize(taskId);
        assertEq(ESCROW.creditOf(worker(3)), 1.17e18, "paid like any other");

        s.price = 1e18 + 1;
        uint256 large = create(s);
        offer(large, 3, 1);
        expectCollateralNeeded(0.5e18 + 1, 1e18 + 1, 0);
        MARKET.accept(large, 0);
        giveCollateral(worker(3), 0.5e18 + 1);
        accept(large, 0);
        assertState(large, ITaskBook.TaskState.Running);
    }

    function expectCollateralNeeded(uint256 needed, uint256 part, uint256 open) internal {
        vm.prank(worker(3));
        vm.expectRevert(
            abi.encodeWithSelector(
                ITaskBook.TaskMarketCollateralNeeded.selector,
                worker(3),
                needed,
                0,
                part,
                open
            )
        );
    }
}
