// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICollateralVault} from "../interfaces/ICollateralVault.sol";
import {INodeRegistry} from "../interfaces/INodeRegistry.sol";
import {IOracleHub} from "../interfaces/IOracleHub.sol";
import {IProtocolParams} from "../interfaces/IProtocolParams.sol";
import {IReputation} from "../interfaces/IReputation.sol";
import {ITaskBook} from "../interfaces/ITaskBook.sol";
import {ITaskEscrow} from "../interfaces/ITaskEscrow.sol";
import {DueWheel} from "../libraries/DueWheel.sol";
import {Predeploys} from "../libraries/Predeploys.sol";
import {RewardMath} from "../libraries/RewardMath.sol";
import {SystemContract} from "../libraries/SystemContract.sol";

/// @title What the task market remembers, shared by both pieces of its code.
/// @dev Everything here calls system contracts only, so nothing can be re-entered.
abstract contract TaskBook is ITaskBook, SystemContract {
    using DueWheel for DueWheel.Wheel;

    ICollateralVault internal constant VAULT = ICollateralVault(Predeploys.COLLATERAL_VAULT);
    ITaskEscrow internal constant ESCROW = ITaskEscrow(Predeploys.TASK_ESCROW);
    INodeRegistry internal constant NODES = INodeRegistry(Predeploys.NODE_REGISTRY);
    IOracleHub internal constant ORACLES = IOracleHub(Predeploys.ORACLE_HUB);
    IProtocolParams internal constant PARAMS = IProtocolParams(Predeploys.PROTOCOL_PARAMS);
    IReputation internal constant REPUTATION = IReputation(Predeploys.REPUTATION);

    /// @dev Each task has one entry that counts, at its `dueAt`; others are thrown away when they
    /// come up.
    DueWheel.Wheel internal _wheel;
    uint256 internal _taskCount;
    uint256 internal _reserve;
    mapping(uint256 taskId => Task task) internal _tasks;
    mapping(uint256 taskId => mapping(uint256 slot => Slot)) internal _slots;
    mapping(uint256 taskId => address[] workers) internal _excluded;

    /* FINDING */

    function _taskAt(uint256 taskId) internal view returns (Task storage task) {
        task = _tasks[taskId];
        require(task.state != TaskState.None, TaskMarketUnknownTask(taskId));
    }

    /// @dev The task, when it is in `wanted`.
    function _taskIn(uint256 taskId, TaskState wanted) internal view returns (Task storage task) {
        task = _taskAt(taskId);
        require(task.state == wanted, TaskMarketWrongState(taskId, task.state));
    }

    function _requireInTime(uint256 taskId, uint40 deadline) internal view {
        require(block.timestamp <= deadline, TaskMarketPastDeadline(taskId, deadline));
    }

    function _slotAt(
        uint256 taskId,
        Task storage task,
        uint8 slot
    ) internal view returns (Slot storage) {
        require(slot < task.slotCount, TaskMarketUnknownSlot(taskId, slot));
        return _slots[taskId][slot];
    }

    /// @dev The caller's slot, when it is in `wanted`.
    function _ownSlot(
        uint256 taskId,
        Task storage task,
        uint8 slot,
        SlotState wanted
    ) internal view returns (Slot storage own) {
        own = _slotAt(taskId, task, slot);
        require(own.worker == msg.sender, TaskMarketNotWorker(taskId, slot, msg.sender));
        require(own.state == wanted, TaskMarketWrongSlotState(taskId, slot, own.state));
    }

    /// @dev Cut by the running sum of powers over the groups: the slices of groups meet and cover
    /// all units.
    function _sliceOf(
        uint256 taskId,
        Task storage task,
        uint8 slot
    ) internal view returns (uint32 from, uint32 to) {
        uint256 size = task.replicas;
        uint256 first = slot - (slot % size);
        uint256 before = 0;
        for (uint256 i = 0; i < first; ++i) before += _slots[taskId][i].power;
        uint256 units = task.units;
        uint256 sum = task.powerSum;
        // Neither exceeds `units`, which has 32 bits.
        from = uint32((units * before) / sum);
        to = uint32((units * (before + size * _slots[taskId][slot].power)) / sum);
    }

    function _sliceSizeOf(
        uint256 taskId,
        Task storage task,
        uint8 slot
    ) internal view returns (uint32) {
        (uint32 from, uint32 to) = _sliceOf(taskId, task, slot);
        return to - from;
    }

    /// @dev The reference of all locks that belong to a task. A worker has one slot of it at most.
    function _lockRef(uint256 taskId) internal pure returns (bytes32) {
        return bytes32(taskId);
    }

    function _isLive(TaskState state) internal pure returns (bool) {
        return state >= TaskState.Open && state <= TaskState.Disputed;
    }

    /// @dev Whether a slot has a worker whose collateral and power it holds.
    function _isHeld(SlotState state) internal pure returns (bool) {
        return state >= SlotState.Accepted && state <= SlotState.Refused;
    }

    /* GOING ON */

    /// @dev Goes to the next state when every slot that is left has done its step.
    function _goOn(uint256 taskId, Task storage task) internal {
        if (task.pending > 0) return;
        TaskState state = task.state;
        uint256 rest = 0;
        uint256 deadline = 0;
        if (state == TaskState.Running) {
            task.state = TaskState.Revealing;
            deadline = block.timestamp + task.revealWindow;
            rest = _windowsAfterCommit(task) - task.revealWindow;
            emit RevealOpened(taskId, uint40(deadline));
        } else if (state == TaskState.Revealing) {
            task.state = TaskState.Attesting;
            deadline = block.timestamp + task.attestWindow;
            rest = uint256(task.challengeWindow) + task.disputeWindow;
            emit AttestingOpened(taskId, uint40(deadline));
        } else {
            task.state = TaskState.Challenge;
            deadline = block.timestamp + task.challengeWindow;
            rest = task.disputeWindow;
            // A time plus a window of 32 bits.
            task.challengeBy = uint40(deadline);
            emit ChallengeOpened(taskId, uint40(deadline));
        }
        task.pending = task.accepted;
        _setDeadline(taskId, task, deadline, rest);
        if (state == TaskState.Revealing) ORACLES.openCommittee(taskId, task.price);
    }

    /// @param rest the windows that may follow this deadline.
    function _setDeadline(
        uint256 taskId,
        Task storage task,
        uint256 deadline,
        uint256 rest
    ) internal {
        // A time plus windows of 32 bits.
        task.deadline = uint40(deadline);
        // Later than planned when lost slots were waited for.
        if (deadline + rest > task.finalBy) task.finalBy = uint40(deadline + rest);
        task.dueFailures = 0;
        _wake(taskId, task, deadline);
    }

    /// @dev The windows that follow the last commitment.
    function _windowsAfterCommit(Task storage task) internal view returns (uint256) {
        return
            uint256(task.revealWindow) +
            task.attestWindow +
            task.challengeWindow +
            task.disputeWindow;
    }

    /// @dev Lets the block look at the task after `time`, and not at any other.
    function _wake(uint256 taskId, Task storage task, uint256 time) internal {
        if (task.dueAt == time) return;
        // A time plus windows of 32 bits.
        task.dueAt = uint40(_wheel.add(time, taskId));
    }

    /// @dev The next draw is by a block that nobody knows yet.
    function _newSeed(Task storage task) internal returns (uint64 height) {
        // A block number fits 64 bits.
        height = uint64(block.number + 1);
        task.seedHeight = height;
    }

    /* PAYING */

    /// @dev What a slot's worker earns, its speed, and the units that it did itself.
    function _grossOf(
        uint256 taskId,
        Task storage task,
        uint8 index
    ) internal view returns (uint256 gross, uint16 speedBps, uint32 units) {
        Slot storage slot = _slots[taskId][index];
        uint32 slice = _sliceSizeOf(taskId, task, index);
        units = slice - slot.resumedUnits;
        uint256 expected = RewardMath.scaledSeconds(task.expectedSeconds, units, slice);
        // At most SPEED_BPS_MAX.
        speedBps = uint16(RewardMath.speedBonus(expected, slot.committedAt - slot.startedAt));
        gross = RewardMath.grossRewardOfPart(
            RewardMath.Work(task.price, slot.power, task.powerSum, speedBps, slot.commentBps),
            units,
            slice
        );
    }

    /// @dev Unlocks what a slot holds and gives its worker back to the draw.
    function _release(uint256 taskId, Slot storage slot, uint256 amount) internal {
        _unlock(taskId, slot.worker, amount);
        NODES.onSlotClosed(slot.worker);
    }

    function _unlock(uint256 taskId, address worker, uint256 amount) internal {
        if (amount > 0) VAULT.unlock(worker, _lockRef(taskId), amount);
    }

    function _pay(uint256 taskId, address to, uint256 amount) internal {
        if (amount > 0) ESCROW.pay(taskId, to, amount);
    }
}
