// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Fault} from "../interfaces/IReputation.sol";
import {ITaskEndings} from "../interfaces/ITaskEndings.sol";
import {BlockHashes} from "../libraries/BlockHashes.sol";
import {TaskEnding} from "./TaskEnding.sol";

/// @title How slots find their workers, at first and when they lose one.
/// @dev Every draw is by the hash of a block that came after the task, or after the event that made
/// the draw necessary, so nobody can choose the moment that suits him.
abstract contract TaskAssigning is ITaskEndings, TaskEnding {
    /// @dev Offers of one slot that may come to nothing, after the first.
    uint256 private constant REDRAWS_MAX = 3;

    /// @dev How long the block waits with the next draw after too few were eligible.
    uint256 private constant SHORT_SECONDS = 30;

    /* OFFERING */

    /// @inheritdoc ITaskEndings
    function assign(uint256 taskId) external {
        Task storage task = _taskAt(taskId);
        require(
            task.state >= TaskState.Open && task.state <= TaskState.Running,
            TaskMarketWrongState(taskId, task.state)
        );
        _requireInTime(taskId, task.deadline);
        uint256 wanted = _vacancies(taskId, task);
        require(wanted > 0, TaskMarketNothingToAssign(taskId));
        require(
            block.number > task.seedHeight,
            TaskMarketSeedPending(taskId, task.seedHeight, block.number)
        );
        _assign(taskId, task, wanted);
    }

    /// @inheritdoc ITaskEndings
    function decline(uint256 taskId, uint8 slot) external {
        Task storage task = _taskAt(taskId);
        _requireOffering(taskId, task);
        _ownSlot(taskId, task, slot, SlotState.Offered);
        _withdrawOffer(taskId, task, slot, false);
    }

    /// @inheritdoc ITaskEndings
    function reoffer(uint256 taskId, uint8 slot) external {
        Task storage task = _taskAt(taskId);
        _requireOffering(taskId, task);
        Slot storage its = _slotAt(taskId, task, slot);
        require(its.state == SlotState.Offered, TaskMarketWrongSlotState(taskId, slot, its.state));
        require(block.timestamp > its.deadline, TaskMarketBeforeDeadline(taskId, its.deadline));
        _withdrawOffer(taskId, task, slot, true);
    }

    /// @dev Takes back offers that ran out, then draws for what is empty.
    /// @return acted whether there was anything to do.
    function _staff(uint256 taskId, Task storage task) internal returns (bool acted) {
        for (uint8 i = 0; i < task.slotCount; ++i) {
            Slot storage slot = _slots[taskId][i];
            if (slot.state != SlotState.Offered || block.timestamp <= slot.deadline) continue;
            _withdrawOffer(taskId, task, i, true);
            acted = true;
            if (!_isLive(task.state)) return true;
        }
        uint256 wanted = _vacancies(taskId, task);
        if (wanted > 0 && block.number > task.seedHeight) {
            _assign(taskId, task, wanted);
            return true;
        }
    }

    /// @dev Faults the workers that are late and gives up the slots that nobody took.
    function _sweep(uint256 taskId, Task storage task) internal {
        for (uint8 i = 0; i < task.slotCount; ++i) {
            Slot storage slot = _slots[taskId][i];
            if (slot.state == SlotState.Offered && block.timestamp > slot.deadline) {
                _withdrawOffer(taskId, task, i, true);
            }
            if (slot.state != SlotState.Repair || block.timestamp <= slot.repairBy) continue;
            slot.state = SlotState.Faulted;
            slot.repairBy = 0;
            --task.pending;
            emit SlotLost(taskId, i);
        }
        _faultAllIn(taskId, task, SlotState.Accepted, Fault.Late);
        if (task.state != TaskState.Running) return;
        _goOn(taskId, task);
        if (task.state == TaskState.Running) _wakeNext(taskId, task);
    }

    /// @dev Finds the next thing that will be due and lets the block look then.
    function _wakeNext(uint256 taskId, Task storage task) internal {
        TaskState state = task.state;
        if (state == TaskState.Assigned || state == TaskState.Running) {
            uint256 next = type(uint40).max;
            for (uint256 i = 0; i < task.slotCount; ++i) {
                Slot storage slot = _slots[taskId][i];
                bool isWaiting =
                    slot.state == SlotState.Offered ||
                        slot.state == SlotState.Repair ||
                        (slot.state == SlotState.Accepted && state == TaskState.Running);
                if (isWaiting) next = Math.min(next, slot.deadline);
            }
            // The earliest of times of 40 bits.
            if (state == TaskState.Running) task.deadline = uint40(next);
            if (_vacancies(taskId, task) > 0) next = block.timestamp + 1;
            _wake(taskId, task, Math.min(next, task.deadline));
        } else {
            _wake(taskId, task, state == TaskState.Open ? block.timestamp + 1 : task.deadline);
        }
    }

    function _requireOffering(uint256 taskId, Task storage task) private view {
        require(
            task.state == TaskState.Assigned || task.state == TaskState.Running,
            TaskMarketWrongState(taskId, task.state)
        );
    }

    function _assign(uint256 taskId, Task storage task, uint256 wanted) private {
        bytes32 blockHash = BlockHashes.read(task.seedHeight);
        uint256 found = 0;
        // A hash that nobody remembers draws nobody: the next one will.
        if (blockHash != 0) {
            bytes32 seed = keccak256(abi.encode(blockHash, taskId));
            found =
                task.state == TaskState.Running
                    ? _drawRepairs(taskId, task, seed)
                    : _drawAll(taskId, task, seed, wanted);
        }
        if (found < wanted) {
            emit AssignmentShort(taskId, found, wanted, _newSeed(task));
        }
        if (task.state == TaskState.Open) {
            uint256 again = block.timestamp + (blockHash == 0 ? 1 : SHORT_SECONDS);
            _wake(taskId, task, Math.min(again, task.deadline));
        } else {
            _wakeNext(taskId, task);
        }
    }

    /// @dev An open task is given out as a whole or not at all.
    function _drawAll(
        uint256 taskId,
        Task storage task,
        bytes32 seed,
        uint256 wanted
    ) private returns (uint256 found) {
        address[] memory nodes = NODES.draw(
            seed,
            wanted,
            task.kind,
            task.minPower,
            _undrawable(taskId, task)
        );
        found = nodes.length;
        bool isOpen = task.state == TaskState.Open;
        if (found == 0 || (isOpen && found < wanted)) return found;
        if (isOpen) {
            task.state = TaskState.Assigned;
            // A time plus windows of 32 bits.
            uint256 deadline = block.timestamp + (REDRAWS_MAX + 1) * task.acceptWindow;
            task.deadline = uint40(deadline);
            task.finalBy = uint40(deadline);
        }
        uint256 next = 0;
        for (uint8 i = 0; i < task.slotCount && next < found; ++i) {
            if (_slots[taskId][i].state == SlotState.Empty) _offer(taskId, task, i, nodes[next++]);
        }
    }

    /// @dev Each slot is drawn by itself: its next worker must be as strong as its first.
    function _drawRepairs(
        uint256 taskId,
        Task storage task,
        bytes32 seed
    ) private returns (uint256 found) {
        for (uint8 i = 0; i < task.slotCount; ++i) {
            Slot storage slot = _slots[taskId][i];
            if (slot.state != SlotState.Repair || block.timestamp > slot.repairBy) continue;
            address[] memory nodes = NODES.draw(
                keccak256(abi.encode(seed, i)),
                1,
                task.kind,
                slot.power,
                _undrawable(taskId, task)
            );
            if (nodes.length == 0) continue;
            _offer(taskId, task, i, nodes[0]);
            ++found;
        }
    }

    function _offer(uint256 taskId, Task storage task, uint8 index, address worker) private {
        Slot storage slot = _slots[taskId][index];
        uint256 acceptBy = Math.min(
            block.timestamp + task.acceptWindow,
            slot.repairBy == 0 ? task.deadline : slot.repairBy
        );
        slot.worker = worker;
        slot.state = SlotState.Offered;
        // A time plus a window of 32 bits.
        slot.deadline = uint40(acceptBy);
        emit SlotOffered(taskId, index, worker, uint40(acceptBy));
    }

    function _withdrawOffer(
        uint256 taskId,
        Task storage task,
        uint8 index,
        bool isTimeout
    ) private {
        Slot storage slot = _slots[taskId][index];
        address worker = slot.worker;
        _excluded[taskId].push(worker);
        slot.worker = address(0);
        bool isRepair = task.state == TaskState.Running;
        slot.state = isRepair ? SlotState.Repair : SlotState.Empty;
        if (isRepair) slot.deadline = slot.repairBy;
        uint256 redraws = ++slot.redraws;
        emit SlotDeclined(taskId, index, worker, isTimeout);
        NODES.onDeclined(worker);
        if (!isRepair && redraws > REDRAWS_MAX) {
            _endWithoutFault(taskId, task, TaskState.Cancelled);
            return;
        }
        _newSeed(task);
        _wake(taskId, task, block.timestamp + 1);
    }

    /// @dev Slots that need a worker and have no offer out.
    function _vacancies(uint256 taskId, Task storage task) private view returns (uint256 count) {
        TaskState state = task.state;
        if (state == TaskState.Open) return task.slotCount;
        SlotState empty = state == TaskState.Running ? SlotState.Repair : SlotState.Empty;
        for (uint256 i = 0; i < task.slotCount; ++i) {
            if (_slots[taskId][i].state == empty) ++count;
        }
    }

    /// @dev Who has, had or refused a slot of the task.
    function _undrawable(
        uint256 taskId,
        Task storage task
    ) private view returns (address[] memory workers) {
        address[] storage gone = _excluded[taskId];
        uint256 count = gone.length;
        workers = new address[](count + task.slotCount);
        for (uint256 i = 0; i < count; ++i) workers[i] = gone[i];
        for (uint256 i = 0; i < task.slotCount; ++i) {
            address worker = _slots[taskId][i].worker;
            if (worker != address(0)) workers[count++] = worker;
        }
        // Shortens the list to what it holds.
        assembly ("memory-safe") {
            mstore(workers, count)
        }
    }
}
