// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ITaskBook} from "../../../contracts/interfaces/ITaskBook.sol";
import {Verdict} from "../../../contracts/interfaces/IOracleHub.sol";

/// @title A market that holds what a test puts in, and remembers what it is told.
/// @dev Refuses what the real one refuses, as far as oracles and court depend on it.
contract MarketStub {
    mapping(uint256 taskId => ITaskBook.Task) private _tasks;
    mapping(uint256 taskId => mapping(uint8 slot => ITaskBook.Slot)) private _slots;
    mapping(uint256 taskId => mapping(uint8 slot => uint32)) private _firsts;
    uint256 public resolved;
    bool public wasFaulty;
    bool public wasProved;
    bool public wasUnavailable;

    error StubRefused(string what);

    function setTask(uint256 taskId, ITaskBook.Task calldata task) external {
        _tasks[taskId] = task;
    }

    function setSlot(uint256 taskId, uint8 slot, ITaskBook.Slot calldata its) external {
        _slots[taskId][slot] = its;
    }

    function setFirst(uint256 taskId, uint8 slot, uint32 first) external {
        _firsts[taskId][slot] = first;
    }

    function setState(uint256 taskId, ITaskBook.TaskState state) external {
        _tasks[taskId].state = state;
    }

    function onAttested(
        uint256 taskId,
        uint8 slot,
        uint32 attempt,
        bytes32 resultRoot,
        Verdict verdict
    ) external {
        ITaskBook.Task storage task = _tasks[taskId];
        ITaskBook.Slot storage its = _slots[taskId][slot];
        require(task.state == ITaskBook.TaskState.Attesting, StubRefused("state"));
        require(block.timestamp <= task.deadline, StubRefused("deadline"));
        require(its.state == ITaskBook.SlotState.Revealed, StubRefused("slot"));
        require(attempt == its.attempt && resultRoot == its.resultRoot, StubRefused("subject"));
        bool isValid = verdict == Verdict.Valid;
        its.state = isValid ? ITaskBook.SlotState.Attested : ITaskBook.SlotState.Refused;
        task.state = ITaskBook.TaskState.Challenge;
        task.challengeBy = uint40(block.timestamp + task.challengeWindow);
    }

    function onDisputeOpened(uint256 taskId, uint8 slot) external {
        ITaskBook.Task storage task = _tasks[taskId];
        bool isOpen =
            task.state == ITaskBook.TaskState.Challenge ||
                task.state == ITaskBook.TaskState.Disputed;
        require(isOpen && block.timestamp <= task.challengeBy, StubRefused("dispute"));
        ITaskBook.SlotState state = _slots[taskId][slot].state;
        require(
            state == ITaskBook.SlotState.Attested || state == ITaskBook.SlotState.Refused,
            StubRefused("dispute slot")
        );
        task.state = ITaskBook.TaskState.Disputed;
        ++task.disputes;
    }

    function onDisputeResolved(uint256 taskId, uint8, bool faulty, bool proved) external {
        (wasFaulty, wasProved) = (faulty, proved);
        _resolve(taskId, faulty);
    }

    function onResultUnavailable(uint256 taskId, uint8) external {
        wasUnavailable = true;
        _resolve(taskId, true);
    }

    function taskOf(uint256 taskId) external view returns (ITaskBook.Task memory) {
        return _tasks[taskId];
    }

    function slotOf(uint256 taskId, uint8 slot) external view returns (ITaskBook.Slot memory) {
        return _slots[taskId][slot];
    }

    function sliceOf(uint256 taskId, uint8 slot) external view returns (uint32 from, uint32 to) {
        from = _firsts[taskId][slot];
        to = from + uint32(_slots[taskId][slot].doneUnits);
    }

    function _resolve(uint256 taskId, bool faulty) private {
        ++resolved;
        ITaskBook.Task storage task = _tasks[taskId];
        if (task.state != ITaskBook.TaskState.Disputed) return;
        --task.disputes;
        if (faulty) task.state = ITaskBook.TaskState.Rejected;
        else if (task.disputes == 0) task.state = ITaskBook.TaskState.Challenge;
    }
}
