// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Verdict} from "../../../contracts/interfaces/IOracleHub.sol";
import {ITaskBook} from "../../../contracts/interfaces/ITaskBook.sol";
import {ITaskMarket} from "../../../contracts/interfaces/ITaskMarket.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {OneSender} from "../support/OneSender.sol";
import {vm} from "../support/Vm.sol";
import {ComputeTest} from "./ComputeTest.sol";

/// @notice Does one step of the market at random; steps that are not allowed are refused.
contract MarketActor is ComputeTest {
    function order(uint8 slots, uint96 price, uint8 maxSlotLoss) public {
        ITaskBook.TaskSpec memory s = spec(1 + (slots % 3));
        s.price = 1 + (price % 500e18);
        s.maxSlotLoss = maxSlotLoss % s.slotCount;
        // Every other task has replicas.
        if (price % 2 == 1) s.replicas = s.slotCount;
        create(s);
    }

    function orderAndFill(uint8 slots, uint96 price, uint8 maxSlotLoss) public {
        order(slots, price, maxSlotLoss);
        uint256 taskId = MARKET.taskCount();
        passSeed();
        MARKET.assign(taskId);
        for (uint8 i = 0; i <= slots % 3; ++i) accept(taskId, i);
    }

    function assignOne(uint256 id) public {
        passSeed();
        MARKET.assign(_pick(id));
    }

    function acceptOne(uint256 id, uint8 slot) public {
        accept(_pick(id), slot % 3);
    }

    function declineOne(uint256 id, uint8 slot) public {
        uint256 taskId = _pick(id);
        vm.prank(MARKET.slotOf(taskId, slot % 3).worker);
        MARKET.decline(taskId, slot % 3);
    }

    function reofferOne(uint256 id, uint8 slot) public {
        MARKET.reoffer(_pick(id), slot % 3);
    }

    function advanceOne(uint256 id) public {
        passSeed();
        MARKET.advance(_pick(id));
    }

    function checkpointOne(uint256 id, uint8 slot, uint8 units) public {
        uint256 taskId = _pick(id);
        vm.prank(MARKET.slotOf(taskId, slot % 3).worker);
        MARKET.checkpoint(taskId, slot % 3, "point", units);
    }

    function disputeOne(uint256 id, uint8 slot) public {
        uint256 taskId = _pick(id);
        vm.prank(Predeploys.DISPUTE_COURT);
        MARKET.onDisputeOpened(taskId, slot % 3);
    }

    function resolveOne(uint256 id, uint8 slot, bool faulty, bool proved) public {
        uint256 taskId = _pick(id);
        vm.prank(Predeploys.DISPUTE_COURT);
        MARKET.onDisputeResolved(taskId, slot % 3, faulty, proved);
    }

    function missOne(uint256 id, uint8 slot) public {
        uint256 taskId = _pick(id);
        vm.prank(Predeploys.DISPUTE_COURT);
        MARKET.onResultUnavailable(taskId, slot % 3);
    }

    function rateOne(uint256 id, uint8 rating) public {
        uint256 taskId = _pick(id);
        vm.prank(CLIENT);
        MARKET.rate(taskId, rating % 6);
    }

    /// @param root the same for two slots, another for the third, or another for each.
    function commitOne(uint256 id, uint8 slot, uint8 root) public {
        _commit(_pick(id), slot % 3, rootOf(root % 3));
    }

    function commitEach(uint256 id, uint8 roots) public {
        uint256 taskId = _pick(id);
        uint8 count = MARKET.taskOf(taskId).slotCount;
        for (uint8 i = 0; i < count; ++i) _commit(taskId, i, rootOf((roots >> i) & 1));
    }

    function revealOne(uint256 id, uint8 slot) public {
        _reveal(_pick(id), slot % 3);
    }

    /// @dev The others withhold theirs.
    function revealSome(uint256 id, uint8 which) public {
        uint256 taskId = _pick(id);
        uint8 count = MARKET.taskOf(taskId).slotCount;
        for (uint8 i = 0; i < count; ++i) if ((which >> i) & 1 == 1) _reveal(taskId, i);
    }

    function judgeOne(uint256 id, uint8 slot, uint8 verdict) public {
        _judge(_pick(id), slot % 3, Verdict(1 + (verdict % 5)));
    }

    /// @dev All that are still to be judged; those in `refused` are found invalid.
    function judgeEach(uint256 id, uint8 refused) public {
        uint256 taskId = _pick(id);
        uint8 count = MARKET.taskOf(taskId).slotCount;
        for (uint8 i = 0; i < count; ++i) {
            bool isWaiting = MARKET.slotOf(taskId, i).state == ITaskBook.SlotState.Revealed;
            bool isRefused = (refused >> i) & 1 == 1;
            if (isWaiting) _judge(taskId, i, isRefused ? Verdict.Invalid : Verdict.Valid);
        }
    }

    function abortOne(uint256 id, uint8 slot) public {
        uint256 taskId = _pick(id);
        vm.prank(MARKET.slotOf(taskId, slot % 3).worker);
        MARKET.abort(taskId, slot % 3);
    }

    function cancelOne(uint256 id) public {
        uint256 taskId = _pick(id);
        vm.prank(CLIENT);
        MARKET.cancel(taskId);
    }

    function expireOne(uint256 id) public {
        MARKET.expire(_pick(id));
    }

    function finalizeOne(uint256 id) public {
        MARKET.finalize(_pick(id));
    }

    function wait(uint16 duration) public {
        pass(duration % 700);
    }

    function endTheBlock() public {
        pass(1);
        produce();
    }

    function withdraw(uint8 slot, uint96 amount) public {
        vm.startPrank(worker(slot % 4));
        ESCROW.withdraw();
        VAULT.withdraw(amount % 10e18);
        vm.stopPrank();
    }

    function _commit(uint256 taskId, uint8 slot, bytes32 root) private {
        bytes32 commitment = _commitmentTo(taskId, slot, root);
        vm.prank(MARKET.slotOf(taskId, slot).worker);
        MARKET.commitResult(taskId, slot, commitment);
    }

    /// @dev Finds out to which root the slot is committed.
    function _reveal(uint256 taskId, uint8 slot) private {
        ITaskBook.Slot memory its = MARKET.slotOf(taskId, slot);
        uint8 root = 0;
        while (root < 2 && _commitmentTo(taskId, slot, rootOf(root)) != its.commitment) ++root;
        uint64 units = unitsOf(taskId, slot);
        vm.prank(its.worker);
        MARKET.revealResult(taskId, slot, rootOf(root), units, bytes32("salt"), RESULT);
    }

    function _judge(uint256 taskId, uint8 slot, Verdict verdict) private {
        ITaskBook.Slot memory its = MARKET.slotOf(taskId, slot);
        vm.prank(Predeploys.ORACLE_HUB);
        MARKET.onAttested(taskId, slot, its.attempt, its.resultRoot, verdict);
    }

    function _commitmentTo(
        uint256 taskId,
        uint8 slot,
        bytes32 root
    ) private view returns (bytes32) {
        ITaskBook.Slot memory its = MARKET.slotOf(taskId, slot);
        return
            MARKET.commitmentOf(
                taskId,
                slot,
                its.attempt,
                its.worker,
                root,
                unitsOf(taskId, slot),
                bytes32("salt")
            );
    }

    function _pick(uint256 id) private view returns (uint256) {
        uint256 count = MARKET.taskCount();
        return count == 0 ? 0 : 1 + (id % count);
    }
}

/// @notice Whatever clients, workers, oracles and the producer do in whatever order, no coin is
/// made or lost and no task gets stuck.
contract MarketInvariantTest is ComputeTest, OneSender {
    MarketActor internal _actor;

    function setUp() public {
        deployCompute();
        activateOracles(3);
        proveWorkers(4);
        // One has a stake to lose.
        giveCollateral(worker(1), 100e18);
        vm.prank(worker(1));
        REGISTRY.addStake(100e18);
        _actor = new MarketActor();
    }

    /// @dev The runner calls this one only.
    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_actor);
    }

    /// @dev What is fuzzed does happen: a worker is paid after a dispute that finds nothing,
    /// another loses its collateral by one that does, and a task goes on when a worker leaves it.
    function testTheActorIsPaidDisputedAndRepaired() public {
        _actor.orderAndFill(0, 100e18 - 1, 0);
        _actor.wait(500);
        _actor.commitEach(0, 0);
        _actor.revealSome(0, 1);
        _actor.judgeEach(0, 0);
        _actor.disputeOne(0, 0);
        assertState(1, ITaskBook.TaskState.Disputed);
        _actor.resolveOne(0, 0, false, false);
        assertState(1, ITaskBook.TaskState.Challenge);
        _actor.wait(601);
        _actor.finalizeOne(0);
        assertState(1, ITaskBook.TaskState.Completed);
        address paid = MARKET.slotOf(1, 0).worker;
        assertEq(ESCROW.creditOf(paid), 117e18, "120 less the fee");
        assertEq(ESCROW.creditOf(CLIENT), 30e18, "150 less 120");
        _actor.rateOne(0, 5);
        assertTrue(MARKET.taskOf(1).isRated, "rated");
        // Workers are numbered from 0x3000 on.
        _actor.withdraw(uint8(uint160(paid)), 1e18);
        assertEq(paid.balance, 118e18, "pay and a coin of collateral");

        _actor.orderAndFill(0, 100e18 - 1, 0);
        _actor.wait(500);
        _actor.commitEach(1, 0);
        _actor.revealSome(1, 1);
        _actor.judgeEach(1, 0);
        _actor.disputeOne(1, 0);
        _actor.resolveOne(1, 0, true, true);
        assertState(2, ITaskBook.TaskState.Rejected);
        assertTrue(MARKET.reserve() >= 45e18, "half of the price, less a tenth");

        _actor.orderAndFill(1, 100e18, 1);
        _actor.checkpointOne(2, 0, 5);
        _actor.abortOne(2, 0);
        _actor.endTheBlock();
        _actor.endTheBlock();
        assertState(3, ITaskBook.TaskState.Running);
        assertEq(MARKET.slotOf(3, 0).attempt, 1, "the slot's second worker");
        assertEq(MARKET.slotOf(3, 0).resumedUnits, 5, "goes on from there");
        assertEscrow();
        assertVault();
    }

    /// @dev Refusals happen too: one is contested and paid, another stands.
    function testTheActorIsRefusedAndRestored() public {
        for (uint256 id = 0; id < 2; ++id) {
            _actor.orderAndFill(0, 100e18 - 1, 0);
            _actor.wait(500);
            _actor.commitEach(id, 0);
            _actor.revealSome(id, 1);
            _actor.judgeEach(id, 1);
            assertState(1 + id, ITaskBook.TaskState.Challenge);
            _actor.disputeOne(id, 0);
            assertState(1 + id, ITaskBook.TaskState.Disputed);
            _actor.resolveOne(id, 0, id == 1, false);
            assertCounters();
            _actor.wait(601);
            _actor.finalizeOne(id);
        }
        assertState(1, ITaskBook.TaskState.Completed);
        assertState(2, ITaskBook.TaskState.Rejected);
        assertEscrow();
        assertVault();
    }

    /// @dev One function: the runner plays all sequences again for each.
    function invariantAllHold() public view {
        assertEscrow();
        assertVault();
        assertLocks();
        assertCounters();
    }

    function testFuzzEveryTaskCanBeLeftByStrangers(uint256[24] memory steps) public {
        for (uint256 i = 0; i < steps.length; ++i) {
            step(steps[i]);
            assertCounters();
        }
        uint256 count = MARKET.taskCount();
        for (uint256 id = 1; id <= count; ++id) {
            for (uint256 calls = 0; isLive(id); ++calls) {
                // Open or assigned, running, two repairs, revealing, attesting, challenge, disputed
                // and challenge again: one call leaves each.
                assertTrue(calls < 12, "a dozen calls end any task");
                passDeadline(id);
                vm.prank(STRANGER);
                MARKET.expire(id);
            }
            assertEq(ESCROW.balanceOf(id), 0, "an ended task's escrow is empty");
        }
        assertEscrow();
        assertVault();
        for (uint256 i = 0; i < 4; ++i) {
            assertEq(
                VAULT.lockedOf(worker(i)),
                REGISTRY.stakeOf(worker(i)),
                "no collateral is stuck"
            );
            assertEq(REGISTRY.nodeOf(worker(i)).openSlots, 0, "no worker is held");
        }
    }

    /// @dev One of the actor's steps; the seed chooses which and with what.
    function step(uint256 seed) internal {
        uint256 id = seed >> 8;
        uint8 slot = uint8(seed >> 16);
        uint256 kind = seed % 22;
        bytes memory data;
        if (kind == 0) data = abi.encodeCall(MarketActor.order, (slot, uint96(id), uint8(id)));
        else if (kind <= 3) {
            data = abi.encodeCall(MarketActor.orderAndFill, (slot, uint96(id), uint8(id)));
        } else if (kind == 4) data = abi.encodeCall(MarketActor.acceptOne, (id, slot));
        else if (kind == 5) data = abi.encodeCall(MarketActor.commitOne, (id, slot, uint8(id)));
        else if (kind <= 7) data = abi.encodeCall(MarketActor.commitEach, (id, slot));
        else if (kind == 8) data = abi.encodeCall(MarketActor.revealOne, (id, slot));
        else if (kind == 9) data = abi.encodeCall(MarketActor.revealSome, (id, slot));
        else if (kind == 10) data = abi.encodeCall(MarketActor.revealSome, (id, 7));
        else if (kind == 11) data = abi.encodeCall(MarketActor.judgeOne, (id, slot, uint8(id)));
        else if (kind == 12) data = abi.encodeCall(MarketActor.judgeEach, (id, slot));
        else if (kind == 13) data = abi.encodeCall(MarketActor.abortOne, (id, slot));
        else if (kind == 14) data = abi.encodeCall(MarketActor.expireOne, (id));
        else if (kind == 15) data = abi.encodeCall(MarketActor.advanceOne, (id));
        else if (kind == 16) data = abi.encodeCall(MarketActor.declineOne, (id, slot));
        else if (kind == 17)
            data = abi.encodeCall(MarketActor.checkpointOne, (id, slot, uint8(id)));
        else if (kind == 18) data = abi.encodeCall(MarketActor.disputeOne, (id, slot));
        else if (kind == 19) {
            data = abi.encodeCall(MarketActor.resolveOne, (id, slot, id & 1 == 0, id & 2 == 0));
        } else if (kind == 20) data = abi.encodeCall(MarketActor.endTheBlock, ());
        else data = abi.encodeCall(MarketActor.wait, (uint16(id)));
        // What is refused changes nothing.
        (bool ok, ) = address(_actor).call(data);
        ok;
    }

    function isLive(uint256 id) internal view returns (bool) {
        ITaskBook.TaskState state = MARKET.taskOf(id).state;
        return state >= ITaskBook.TaskState.Open && state <= ITaskBook.TaskState.Disputed;
    }

    function assertEscrow() internal view {
        uint256 sum =
            ESCROW.creditOf(CLIENT) +
                ESCROW.creditOf(Predeploys.ORACLE_HUB) +
                ESCROW.creditOf(Predeploys.TREASURY);
        for (uint256 i = 0; i < 4; ++i) sum += ESCROW.creditOf(worker(i));
        for (uint256 id = 1; id <= MARKET.taskCount(); ++id) {
            uint256 held = ESCROW.balanceOf(id);
            assertEq(held, isLive(id) ? MARKET.taskOf(id).collateral : 0, "held for the task");
            assertTrue(MARKET.accrued(id) <= MARKET.taskOf(id).collateral, "payment within it");
            sum += held;
        }
        assertEq(address(ESCROW).balance, sum, "escrow");
    }

    function assertVault() internal view {
        uint256 sum = VAULT.freeOf(Predeploys.TASK_MARKET);
        assertEq(sum, MARKET.reserve(), "the reserve is the market's free collateral");
        assertEq(VAULT.lockedOf(Predeploys.TASK_MARKET), 0, "nothing of the market is locked");
        for (uint256 i = 0; i < 4; ++i) {
            sum += VAULT.freeOf(worker(i)) + VAULT.lockedOf(worker(i));
            sum += VAULT.freeOf(oracle(i)) + VAULT.lockedOf(oracle(i));
        }
        assertEq(address(VAULT).balance, sum, "vault");
    }

    /// @dev Slots that are held, and slots that have a step to do.
    function assertCounters() internal view {
        for (uint256 id = 1; id <= MARKET.taskCount(); ++id) {
            ITaskBook.Task memory task = MARKET.taskOf(id);
            if (task.state < ITaskBook.TaskState.Running || !isLive(id)) continue;
            uint256 held = 0;
            uint256 pending = 0;
            for (uint8 i = 0; i < task.slotCount; ++i) {
                ITaskBook.SlotState state = MARKET.slotOf(id, i).state;
                bool isHeld =
                    state >= ITaskBook.SlotState.Accepted && state <= ITaskBook.SlotState.Refused;
                if (isHeld) ++held;
                if (isPending(task.state, state)) ++pending;
            }
            assertEq(task.accepted, held, "slots that are held");
            assertEq(task.pending, pending, "slots with a step to do");
            assertTrue(held > 0, "a task without slots has ended");
        }
    }

    function isPending(
        ITaskBook.TaskState task,
        ITaskBook.SlotState slot
    ) internal pure returns (bool) {
        if (task == ITaskBook.TaskState.Revealing) return slot == ITaskBook.SlotState.Committed;
        if (task == ITaskBook.TaskState.Attesting) return slot == ITaskBook.SlotState.Revealed;
        if (task != ITaskBook.TaskState.Running) {
            return slot == ITaskBook.SlotState.Attested || slot == ITaskBook.SlotState.Refused;
        }
        return
            slot == ITaskBook.SlotState.Offered ||
            slot == ITaskBook.SlotState.Accepted ||
            slot == ITaskBook.SlotState.Repair;
    }

    function assertLocks() internal view {
        uint256[4] memory wanted;
        uint256[4] memory open;
        for (uint256 id = 1; id <= MARKET.taskCount(); ++id) {
            if (!isLive(id)) continue;
            for (uint8 i = 0; i < MARKET.taskOf(id).slotCount; ++i) {
                ITaskBook.Slot memory slot = MARKET.slotOf(id, i);
                bool isHeld =
                    slot.state >= ITaskBook.SlotState.Accepted &&
                        slot.state <= ITaskBook.SlotState.Refused;
                if (!isHeld) continue;
                for (uint256 w = 0; w < 4; ++w) {
                    if (slot.worker != worker(w)) continue;
                    wanted[w] += slot.collateral;
                    ++open[w];
                }
            }
        }
        for (uint256 w = 0; w < 4; ++w) {
            uint256 stake = REGISTRY.stakeOf(worker(w));
            assertEq(VAULT.lockedOf(worker(w)) - stake, wanted[w], "locked for live tasks");
            assertEq(REGISTRY.nodeOf(worker(w)).openSlots, open[w], "slots of live tasks");
        }
    }
}
