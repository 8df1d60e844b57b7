// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Heap} from "@openzeppelin/contracts/utils/structs/Heap.sol";
import {ICollateralVault} from "../interfaces/ICollateralVault.sol";
import {IOracleHub} from "../interfaces/IOracleHub.sol";
import {IProtocolParams} from "../interfaces/IProtocolParams.sol";
import {IReputation} from "../interfaces/IReputation.sol";
import {ITaskEscrow} from "../interfaces/ITaskEscrow.sol";
import {ITaskMarket} from "../interfaces/ITaskMarket.sol";
import {ParamKeys} from "../libraries/ParamKeys.sol";
import {Predeploys} from "../libraries/Predeploys.sol";
import {RewardMath} from "../libraries/RewardMath.sol";
import {SystemContract} from "../libraries/SystemContract.sol";

/// @title What TaskMarket remembers, and the queue of its deadlines.
abstract contract TaskBook is ITaskMarket, SystemContract {
    using Heap for Heap.Uint256Heap;

    ICollateralVault internal constant VAULT = ICollateralVault(Predeploys.COLLATERAL_VAULT);
    ITaskEscrow internal constant ESCROW = ITaskEscrow(Predeploys.TASK_ESCROW);
    IOracleHub internal constant ORACLES = IOracleHub(Predeploys.ORACLE_HUB);
    IProtocolParams internal constant PARAMS = IProtocolParams(Predeploys.PROTOCOL_PARAMS);
    IReputation internal constant REPUTATION = IReputation(Predeploys.REPUTATION);

    bytes32 private constant TASK_COMMIT_TYPEHASH = keccak256(
        "TaskCommit(uint256 taskId,uint8 slot,uint32 attempt,address worker,bytes32 resultRoot,"
        "uint64 units,bytes32 salt)"
    );

    /// @dev Entries are `time << 64 | attempts << 56 | taskId`. One is added with each state; those
    /// that a task has outlived are thrown away when they come up.
    Heap.Uint256Heap private _queue;
    uint256 internal _taskCount;
    uint256 internal _reserve;
    mapping(uint256 taskId => Task task) internal _tasks;
    mapping(uint256 taskId => mapping(uint256 slot => Slot)) internal _slots;

    /* READING */

    /// @inheritdoc ITaskMarket
    function taskCount() external view returns (uint256 count) {
        return _taskCount;
    }

    /// @inheritdoc ITaskMarket
    function taskOf(uint256 taskId) external view returns (Task memory) {
        return _taskAt(taskId);
    }

    /// @inheritdoc ITaskMarket
    function slotOf(uint256 taskId, uint8 slot) external view returns (Slot memory) {
        return _slotAt(taskId, _taskAt(taskId), slot);
    }

    /// @inheritdoc ITaskMarket
    function collateralFor(uint96 price) external view returns (uint256 amount) {
        return _collateralFor(price);
    }

    /// @inheritdoc ITaskMarket
    function sliceOf(uint256 taskId, uint8 slot) external view returns (uint32 from, uint32 to) {
        Task storage task = _taskAt(taskId);
        require(task.startedAt != 0, TaskMarketWrongState(taskId, task.state));
        _slotAt(taskId, task, slot);
        return _sliceOf(taskId, task, slot);
    }

    /// @inheritdoc ITaskMarket
    function commitmentOf(
        uint256 taskId,
        uint8 slot,
        uint32 attempt,
        address worker,
        bytes32 resultRoot,
        uint64 units,
        bytes32 salt
    ) public pure returns (bytes32 commitment) {
        return
            keccak256(
                abi.encode(
                    TASK_COMMIT_TYPEHASH,
                    taskId,
                    slot,
                    attempt,
                    worker,
                    resultRoot,
                    units,
                    salt
                )
            );
    }

    /// @inheritdoc ITaskMarket
    function reserve() external view returns (uint256 amount) {
        return _reserve;
    }

    /* FINDING */

    function _taskAt(uint256 taskId) internal view returns (Task storage task) {
        task = _tasks[taskId];
        require(task.state != TaskState.None, TaskMarketUnknownTask(taskId));
    }

    /// @dev The task, when it is in `wanted` and its deadline has not passed.
    function _taskIn(uint256 taskId, TaskState wanted) internal view returns (Task storage task) {
        task = _taskAt(taskId);
        require(task.state == wanted, TaskMarketWrongState(taskId, task.state));
        require(block.timestamp <= task.deadline, TaskMarketPastDeadline(taskId, task.deadline));
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

    /// @dev Cut by the running sum of powers: the slices meet and cover all units.
    function _sliceOf(
        uint256 taskId,
        Task storage task,
        uint8 slot
    ) internal view returns (uint32 from, uint32 to) {
        uint256 before = 0;
        for (uint256 i = 0; i < slot; ++i) before += _slots[taskId][i].power;
        uint256 units = task.units;
        uint256 sum = task.powerSum;
        // Neither exceeds `units`, which has 32 bits.
        from = uint32((units * before) / sum);
        to = uint32((units * (before + _slots[taskId][slot].power)) / sum);
    }

    function _collateralFor(uint256 price) internal view returns (uint256) {
        return RewardMath.taskCollateral(price, PARAMS.get(ParamKeys.TASK_COST_RANGE_BPS));
    }

    /// @dev The reference of all locks that belong to a task. A worker has one slot of it at most.
    function _lockRef(uint256 taskId) internal pure returns (bytes32) {
        return bytes32(taskId);
    }

    /* WAITING */

    /// @dev Sets the deadline of the state just entered.
    function _setDeadline(uint256 taskId, Task storage task, uint256 deadline) internal {
        // A time plus windows of 32 bits.
        task.deadline = uint40(deadline);
        task.dueFailures = 0;
        _enqueue(taskId, deadline, 0);
    }

    /// @param attempts how often the state could not be ended when the entry was made.
    function _enqueue(uint256 taskId, uint256 time, uint8 attempts) internal {
        // Ids are counted from 1 and never reach 56 bits.
        _queue.insert((time << 64) | (uint256(attempts) << 56) | uint56(taskId));
    }

    function _dequeue() internal {
        _queue.pop();
    }

    /// @dev The first entry of the queue.
    /// @return taskId 0 when no entry's time has passed.
    /// @return isDue false when the task has outlived the entry.
    function _nextEntry() internal view returns (uint256 taskId, bool isDue) {
        if (_queue.length() == 0) return (0, false);
        uint256 entry = _queue.peek();
        uint256 time = entry >> 64;
        if (time >= block.timestamp) return (0, false);
        taskId = uint56(entry);
        Task storage task = _tasks[taskId];
        uint256 attempts = uint8(entry >> 56);
        isDue =
            _isLive(task.state) &&
            attempts == task.dueFailures &&
            (attempts > 0 || time == task.deadline);
    }

    function _isLive(TaskState state) internal pure returns (bool) {
        return state >= TaskState.Open && state <= TaskState.Disputed;
    }
}
