// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {EndBlockInput, IHubModule} from "../interfaces/IHubModule.sol";
import {Verdict} from "../interfaces/IOracleHub.sol";
import {Fault} from "../interfaces/IReputation.sol";
import {ISystemHub} from "../interfaces/ISystemHub.sol";
import {ITaskEndings} from "../interfaces/ITaskEndings.sol";
import {DueWheel} from "../libraries/DueWheel.sol";
import {ParamKeys} from "../libraries/ParamKeys.sol";
import {Predeploys} from "../libraries/Predeploys.sol";
import {RewardMath} from "../libraries/RewardMath.sol";
import {TaskAssigning} from "./TaskAssigning.sol";

/// @title Paid work: giving it out, judging it and ending it.
/// @dev Runs on the storage of `TaskMarket`, which hands calls over. Has none of its own.
contract TaskEndings is ITaskEndings, TaskAssigning layout at erc7201("poca.storage.TaskMarket") {
    using DueWheel for DueWheel.Wheel;

    ISystemHub private constant HUB = ISystemHub(Predeploys.SYSTEM_HUB);

    /// @dev An abort before this share of the expected time costs half.
    uint256 private constant EARLY_ABORT_BPS = 1_000;
    uint256 private constant EARLY_ABORT_SEIZE_BPS = 5_000;
    uint256 private constant UNAVAILABLE_SEIZE_BPS = 2_500;

    /// @dev Entries looked at in one block, due or not.
    uint256 private constant POPS_MAX = 32;

    /// @dev Gas that the due tasks of one block may use, all together.
    uint256 private constant BLOCK_GAS = 745_000;

    /// @dev Gas that ending a block may have cost when the last due task is done. The rest of a
    /// million is for paying the proposer's gas back.
    uint256 private constant END_BLOCK_GAS = 955_000;

    /// @dev Gas for taking one entry out of the queue and putting it back.
    uint256 private constant POP_GAS = 90_000;

    /// @dev Gas for drawing, and for whatever else can be due: this and so much for each slot. What
    /// test/contracts/compute/taskGas.test.ts measures, and a little more.
    uint256 private constant DRAW_GAS = 200_000;
    uint256 private constant DRAW_GAS_PER_SLOT = 70_000;
    uint256 private constant ACT_GAS = 230_000;
    uint256 private constant ACT_GAS_PER_SLOT = 130_000;

    /// @dev Gas for a draw that needed more than that, having passed over many: what a block has.
    uint256 private constant REDRAW_GAS = 600_000;
    uint256 private constant PARAM_GAS = 50_000;

    uint8 private constant DUE_ATTEMPTS_MAX = 3;
    uint8 private constant TOO_LARGE = 255;
    uint256 private constant DUE_RETRY_SECONDS = 60;
    uint256 private constant REDRAW_SECONDS = 10;

    /* LEAVING */

    /// @inheritdoc ITaskEndings
    function cancel(uint256 taskId) external {
        Task storage task = _taskAt(taskId);
        require(
            msg.sender == task.client || msg.sender == task.sponsor,
            TaskMarketNotClient(taskId, msg.sender)
        );
        require(task.state == TaskState.Open, TaskMarketWrongState(taskId, task.state));
        // Whoever knows the hash knows who is drawn.
        require(
            block.number <= task.seedHeight,
            TaskMarketDrawKnown(taskId, task.seedHeight, block.number)
        );
        _endWithoutFault(taskId, task, TaskState.Cancelled);
    }

    /// @inheritdoc ITaskEndings
    function abort(uint256 taskId, uint8 slot) external {
        Task storage task = _taskIn(taskId, TaskState.Running);
        Slot storage own = _ownSlot(taskId, task, slot, SlotState.Accepted);
        _requireInTime(taskId, own.deadline);
        uint256 expected = task.expectedSeconds;
        if (own.resumedUnits > 0) {
            uint256 slice = _sliceSizeOf(taskId, task, slot);
            expected = RewardMath.scaledSeconds(expected, slice - own.resumedUnits, slice);
        }
        uint256 elapsed = block.timestamp - own.startedAt;
        bool isEarly = elapsed * RewardMath.BPS < expected * EARLY_ABORT_BPS;
        uint256 seizeBps = isEarly ? EARLY_ABORT_SEIZE_BPS : RewardMath.BPS;
        _fault(taskId, task, 1 << slot, Slash(Fault.Abort, seizeBps, 0, 0, 0));
    }

    /* JUDGING */

    /// @inheritdoc ITaskEndings
    function onAttested(
        uint256 taskId,
        uint8 slot,
        uint32 attempt,
        bytes32 resultRoot,
        Verdict verdict
    ) external onlyOracleHub {
        Task storage task = _taskIn(taskId, TaskState.Attesting);
        _requireInTime(taskId, task.deadline);
        Slot storage its = _slotAt(taskId, task, slot);
        require(its.state == SlotState.Revealed, TaskMarketWrongSlotState(taskId, slot, its.state));
        require(
            attempt == its.attempt && resultRoot == its.resultRoot,
            TaskMarketReportMismatch(taskId, slot, its.attempt, its.resultRoot)
        );
        emit SlotVerdict(taskId, slot, verdict);
        bool isValid = verdict == Verdict.Valid;
        its.state = isValid ? SlotState.Attested : SlotState.Refused;
        --task.pending;
        uint256 outvoted = isValid ? _outvotedBy(taskId, task, slot) : 0;
        // The oracles' word is not a proof, so it costs the pay but no collateral.
        if (outvoted > 0) _fault(taskId, task, outvoted, Slash(Fault.Unattested, 0, 0, 0, 0));
        else _goOn(taskId, task);
    }

    /// @inheritdoc ITaskEndings
    function onDisputeOpened(uint256 taskId, uint8 slot) external {
        _requireCaller(Predeploys.DISPUTE_COURT);
        Task storage task = _taskAt(taskId);
        require(
            task.state == TaskState.Disputed || task.state == TaskState.Challenge,
            TaskMarketWrongState(taskId, task.state)
        );
        _requireInTime(taskId, task.challengeBy);
        Slot storage its = _slotAt(taskId, task, slot);
        require(
            its.state == SlotState.Attested || its.state == SlotState.Refused,
            TaskMarketWrongSlotState(taskId, slot, its.state)
        );
        task.state = TaskState.Disputed;
        ++task.disputes;
        uint256 deadline = block.timestamp + task.disputeWindow;
        _setDeadline(taskId, task, deadline, 0);
        emit TaskDisputed(taskId, slot, task.disputes, uint40(deadline));
    }

    /// @inheritdoc ITaskEndings
    function onDisputeResolved(uint256 taskId, uint8 slot, bool faulty, bool proved) external {
        _requireCaller(Predeploys.DISPUTE_COURT);
        Fault fault = faulty ? (proved ? Fault.Invalid : Fault.Unattested) : Fault.None;
        if (_closeDispute(taskId, slot, fault, proved ? RewardMath.BPS : 0)) {
            emit DisputeSettled(taskId, slot, faulty, proved);
        }
    }

    /// @inheritdoc ITaskEndings
    function onResultUnavailable(uint256 taskId, uint8 slot) external {
        _requireCaller(Predeploys.DISPUTE_COURT);
        if (_closeDispute(taskId, slot, Fault.Unavailable, UNAVAILABLE_SEIZE_BPS)) {
            emit DisputeSettled(taskId, slot, true, true);
        }
    }

    /// @inheritdoc ITaskEndings
    function rate(uint256 taskId, uint8 rating) external {
        Task storage task = _taskIn(taskId, TaskState.Completed);
        require(msg.sender == task.client, TaskMarketNotClient(taskId, msg.sender));
        require(rating >= 1 && rating <= 5, TaskMarketRatingOutOfBounds(rating));
        require(!task.isRated, TaskMarketAlreadyRated(taskId));
        uint256 priceMin = PARAMS.get(ParamKeys.TASK_RATING_PRICE_MIN);
        require(task.price >= priceMin, TaskMarketPriceTooLowToRate(taskId, task.price, priceMin));
        task.isRated = true;
        for (uint256 i = 0; i < task.slotCount; ++i) {
            Slot storage slot = _slots[taskId][i];
            if (slot.state == SlotState.Settled) REPUTATION.recordRating(slot.worker, rating);
        }
        emit TaskRated(taskId, msg.sender, rating);
    }

    /* ENDING */

    /// @inheritdoc ITaskEndings
    function finalize(uint256 taskId) external {
        Task storage task = _taskIn(taskId, TaskState.Challenge);
        require(block.timestamp > task.deadline, TaskMarketBeforeDeadline(taskId, task.deadline));
        _settle(taskId, task);
    }

    /// @inheritdoc ITaskEndings
    function expire(uint256 taskId) external {
        Task storage task = _taskAt(taskId);
        require(_isLive(task.state), TaskMarketWrongState(taskId, task.state));
        require(block.timestamp > task.deadline, TaskMarketBeforeDeadline(taskId, task.deadline));
        _expire(taskId, task);
    }

    /// @inheritdoc ITaskEndings
    function advance(uint256 taskId) external returns (bool acted) {
        Task storage task = _taskAt(taskId);
        require(_isLive(task.state), TaskMarketWrongState(taskId, task.state));
        if (block.timestamp > task.deadline) {
            _expire(taskId, task);
            return true;
        }
        if (task.state <= TaskState.Running) acted = _staff(taskId, task);
        if (task.dueAt <= block.timestamp && _isLive(task.state)) _wakeNext(taskId, task);
    }

    /// @inheritdoc IHubModule
    /// @dev A task that does not fit what is left of this block is the first of the next, or is
    /// tried again later when other modules left too little; one that does not fit a whole block is
    /// left to strangers. So none stands in front of the others.
    function onEndBlock(EndBlockInput calldata) external onlyHub {
        uint256 left = _dueLimit();
        uint256 start = gasleft();
        uint256 budget = Math.min(BLOCK_GAS, Math.saturatingSub(END_BLOCK_GAS, HUB.gasUsed()));
        uint256 floor = start - Math.min(start, budget);
        for (uint256 pops = 0; pops < POPS_MAX && left > 0; ++pops) {
            if (gasleft() < floor + POP_GAS) return;
            (uint256 time, uint256 taskId) = _wheel.first(block.timestamp);
            if (taskId == 0) return;
            Task storage task = _tasks[taskId];
            if (task.dueAt != time) {
                _wheel.remove(time);
                continue;
            }
            uint256 gasCap = _gasOf(task);
            uint256 needed = POP_GAS + gasCap + gasCap / 63;
            bool fits = gasleft() >= floor + needed;
            if (!fits && pops > 0 && needed <= BLOCK_GAS) return;
            _wheel.remove(time);
            task.dueAt = 0;
            --left;
            if (!fits) {
                if (needed <= BLOCK_GAS) _wake(taskId, task, block.timestamp + 1);
                else _leave(taskId, task);
                continue;
            }
            try ITaskEndings(address(this)).advance{gas: gasCap}(taskId) {} catch (
                bytes memory reason
            ) {
                _retryLater(taskId, task, reason);
            }
        }
    }

    /// @dev Leaves a state whose deadline has passed.
    function _expire(uint256 taskId, Task storage task) private {
        TaskState state = task.state;
        if (state == TaskState.Open || state == TaskState.Assigned) {
            _endWithoutFault(taskId, task, TaskState.Cancelled);
        } else if (state == TaskState.Running) {
            _sweep(taskId, task);
        } else if (state == TaskState.Revealing) {
            _faultAllIn(taskId, task, SlotState.Committed, Fault.NonReveal);
        } else if (state == TaskState.Attesting) {
            _dropUnjudged(taskId, task);
        } else if (state == TaskState.Disputed) {
            emit DisputesDismissed(taskId, task.disputes);
            task.disputes = 0;
            // The court still has them open: what it says now must not count for others.
            if (task.challengeBy > task.deadline) task.challengeBy = task.deadline;
            _reopen(taskId, task);
        } else {
            _settle(taskId, task);
        }
    }

    /// @dev A refused slot that is voted faulty stays refused.
    /// @return whether the dispute was still open.
    function _closeDispute(
        uint256 taskId,
        uint8 slot,
        Fault fault,
        uint256 seizeBps
    ) private returns (bool) {
        Task storage task = _taskAt(taskId);
        Slot storage its = _slotAt(taskId, task, slot);
        if (task.state != TaskState.Disputed) return false;
        --task.disputes;
        SlotState state = its.state;
        if (fault == Fault.None) {
            if (state == SlotState.Refused) _restore(taskId, slot, its);
        } else if (
            state == SlotState.Attested || (state == SlotState.Refused && fault == Fault.Invalid)
        ) {
            _fault(taskId, task, 1 << slot, Slash(fault, seizeBps, 0, 0, 0));
        }
        if (task.disputes == 0 && task.state == TaskState.Disputed) _reopen(taskId, task);
        return true;
    }

    function _restore(uint256 taskId, uint8 slot, Slot storage its) private {
        (its.state, its.isRestored) = (SlotState.Attested, true);
        emit SlotRestored(taskId, slot, its.worker);
    }

    /// @dev Back to the challenge window, which may be over.
    function _reopen(uint256 taskId, Task storage task) private {
        task.state = TaskState.Challenge;
        _setDeadline(taskId, task, task.challengeBy, 0);
    }

    /// @dev Too much for a block. Missing the deadline may be less.
    function _leave(uint256 taskId, Task storage task) private {
        task.dueFailures = TOO_LARGE;
        emit DueTaskFailed(taskId, TOO_LARGE, "");
        if (block.timestamp <= task.deadline) _wake(taskId, task, task.deadline);
    }

    function _retryLater(uint256 taskId, Task storage task, bytes memory reason) private {
        uint8 attempts = task.dueFailures;
        // As many as the field can hold are enough.
        if (attempts < type(uint8).max) task.dueFailures = ++attempts;
        emit DueTaskFailed(taskId, attempts, reason);
        if (attempts >= DUE_ATTEMPTS_MAX) return;
        uint256 delay = task.state == TaskState.Open ? REDRAW_SECONDS : DUE_RETRY_SECONDS;
        _wake(taskId, task, block.timestamp + delay);
    }

    /// @dev One task a block, should the parameter not be readable.
    function _dueLimit() private view returns (uint256) {
        try PARAMS.get{gas: PARAM_GAS}(ParamKeys.TASK_DUE_PER_BLOCK) returns (uint256 value) {
            return value;
        } catch {
            return 1;
        }
    }

    /// @dev What the next step of a task may cost.
    function _gasOf(Task storage task) private view returns (uint256) {
        TaskState state = task.state;
        if (state == TaskState.Disputed) return ACT_GAS;
        if (state != TaskState.Open) return ACT_GAS + ACT_GAS_PER_SLOT * task.slotCount;
        // Out of time it is only cancelled.
        if (block.timestamp > task.deadline) return ACT_GAS;
        uint256 drawGas = DRAW_GAS + DRAW_GAS_PER_SLOT * task.slotCount;
        return task.dueFailures > 0 ? Math.max(drawGas, REDRAW_GAS) : drawGas;
    }
}
