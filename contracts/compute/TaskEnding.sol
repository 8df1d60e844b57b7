// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Fault} from "../interfaces/IReputation.sol";
import {ParamKeys} from "../libraries/ParamKeys.sol";
import {Predeploys} from "../libraries/Predeploys.sol";
import {RewardMath} from "../libraries/RewardMath.sol";
import {TaskBook} from "./TaskBook.sol";

/// @title How tasks are paid, and what they cost when they fail.
abstract contract TaskEnding is TaskBook {
    /// @dev What faults cost, in wei. `seized == burned + pool`.
    struct Slash {
        Fault fault;
        uint256 seizeBps; // share of the collateral that is lost, rounded up
        uint256 seized;
        uint256 burned;
        uint256 pool; // for those who suffer from the faults
    }

    /// @dev What the workers without fault get, by slot.
    struct Shares {
        uint256[] amounts;
        uint256[] shortfalls; // to what they would have earned
        uint256 total;
        uint256 shortfallSum;
    }

    /// @dev Of the stake of a worker whose result was proved wrong.
    uint16 private constant STAKE_SLASH_BPS = 1_000;

    /* COMPLETING */

    /// @dev Carries out what the oracles refused, and pays every attested slot by the formula. What
    /// the formula leaves is the sponsor's.
    function _settle(uint256 taskId, Task storage task) internal {
        _faultAllIn(taskId, task, SlotState.Refused, Fault.Unattested);
        // Nothing was attested.
        if (task.state != TaskState.Challenge) return;
        task.state = TaskState.Completed;
        task.dueAt = 0;
        uint256 paid = 0;
        uint256 fees = 0;
        uint256 toOracles = 0;
        for (uint8 i = 0; i < task.slotCount; ++i) {
            if (_slots[taskId][i].state != SlotState.Attested) continue;
            (uint256 gross, uint256 fee) = _paySlot(taskId, task, i);
            paid += gross;
            fees += fee;
            toOracles += _creditOracles(taskId, task, i, fee);
        }
        uint256 toBurn = (fees * task.feeBurnBps) / RewardMath.BPS;
        uint256 refund = task.collateral - paid;
        _pay(taskId, Predeploys.ORACLE_HUB, toOracles);
        if (toBurn > 0) ESCROW.burn(taskId, toBurn);
        _pay(taskId, Predeploys.TREASURY, fees - toOracles - toBurn);
        _pay(taskId, task.sponsor, refund);
        emit TaskCompleted(taskId, paid, fees, refund);
    }

    function _paySlot(
        uint256 taskId,
        Task storage task,
        uint8 index
    ) private returns (uint256 gross, uint256 fee) {
        Slot storage slot = _slots[taskId][index];
        uint16 speedBps;
        uint32 units;
        (gross, speedBps, units) = _grossOf(taskId, task, index);
        fee = RewardMath.fee(gross, task.feeBps);
        address worker = slot.worker;
        slot.state = SlotState.Settled;
        _pay(taskId, worker, gross - fee);
        _release(taskId, slot, slot.collateral);
        // Inside the grace time a slot is paid less and praised not; nor is it for a trifle, which
        // one may order from oneself.
        bool isPraised =
            speedBps >= RewardMath.BPS && task.price >= PARAMS.get(ParamKeys.TASK_RATING_PRICE_MIN);
        if (isPraised) REPUTATION.recordCompletion(worker);
        emit SlotPaid(
            taskId,
            index,
            worker,
            gross,
            fee,
            slot.power,
            units,
            speedBps,
            slot.commentBps
        );
    }

    function _creditOracles(
        uint256 taskId,
        Task storage task,
        uint8 index,
        uint256 fee
    ) private returns (uint256 amount) {
        // Who refused a right result has no part of its fee.
        if (_slots[taskId][index].isRestored) return 0;
        amount = (fee * task.feeOracleBps) / RewardMath.BPS;
        if (amount > 0) ORACLES.creditFee(taskId, index, amount);
    }

    /* FAILING */

    /// @dev Faults all slots that are in `state`; of those still at work, the ones out of time. It
    /// costs all of the collateral, or none when it is the oracles' word only.
    function _faultAllIn(uint256 taskId, Task storage task, SlotState state, Fault fault) internal {
        uint256 bitmap = 0;
        for (uint8 i = 0; i < task.slotCount; ++i) {
            Slot storage slot = _slots[taskId][i];
            bool isOver = state != SlotState.Accepted || block.timestamp > slot.deadline;
            if (slot.state == state && isOver) bitmap |= 1 << i;
        }
        uint256 seizeBps = fault == Fault.Unattested ? 0 : RewardMath.BPS;
        if (bitmap > 0) _fault(taskId, task, bitmap, Slash(fault, seizeBps, 0, 0, 0));
    }

    /// @dev Faults the slots in `bitmap`. While results are hidden the task goes on as long as it
    /// has not lost more workers than its client allowed, and a lost slot is repaired. Once results
    /// are published it goes on as long as a slot is left: what the others published is paid,
    /// whatever became of the rest. What is seized from a task that goes on has nobody to
    /// compensate and goes to the reserve.
    function _fault(
        uint256 taskId,
        Task storage task,
        uint256 bitmap,
        Slash memory slash
    ) internal {
        TaskState state = task.state;
        for (uint8 i = 0; i < task.slotCount; ++i) {
            if ((bitmap >> i) & 1 == 0) continue;
            bool isDone =
                state == TaskState.Attesting && _slots[taskId][i].state == SlotState.Attested;
            if (state != TaskState.Running && !isDone) --task.pending;
            _slash(taskId, task, i, slash);
            ++task.lost;
            --task.accepted;
        }
        bool isOver =
            state == TaskState.Running ? task.lost > task.maxSlotLoss : task.accepted == 0;
        if (isOver) {
            _end(taskId, task, _endOf(slash.fault), slash);
            return;
        }
        _keep(taskId, slash.pool, 0);
        if (state != TaskState.Running) {
            if (state <= TaskState.Attesting) _goOn(taskId, task);
            return;
        }
        for (uint8 i = 0; i < task.slotCount; ++i) {
            if ((bitmap >> i) & 1 == 1) _openRepair(taskId, task, i);
        }
    }

    /// @dev Which slots of a group hold another root than `index`, if more than half of the group
    /// hold that one.
    function _outvotedBy(
        uint256 taskId,
        Task storage task,
        uint8 index
    ) internal returns (uint256 bitmap) {
        uint8 size = task.replicas;
        uint8 first = index - (index % size);
        bytes32 root = _slots[taskId][index].resultRoot;
        uint256 votes = 0;
        for (uint8 i = first; i < first + size; ++i) {
            Slot storage slot = _slots[taskId][i];
            if (slot.state != SlotState.Revealed && slot.state != SlotState.Attested) continue;
            if (slot.resultRoot == root) ++votes;
            else bitmap |= 1 << i;
        }
        if (2 * votes <= size) return 0;
        for (uint8 i = first; i < first + size; ++i) {
            if ((bitmap >> i) & 1 == 1) emit SlotOutvoted(taskId, i, root);
        }
    }

    /// @dev Gives up the slots that the oracles said nothing about, without blame; ends a task of
    /// which they judged nothing.
    function _dropUnjudged(uint256 taskId, Task storage task) internal {
        if (task.accepted == task.pending) {
            _endWithoutFault(taskId, task, TaskState.Expired);
            return;
        }
        for (uint8 i = 0; i < task.slotCount; ++i) {
            Slot storage slot = _slots[taskId][i];
            if (slot.state != SlotState.Revealed) continue;
            slot.state = SlotState.Faulted;
            --task.accepted;
            _release(taskId, slot, slot.collateral);
            emit SlotUnjudged(taskId, i, slot.worker);
        }
        task.pending = 0;
        _goOn(taskId, task);
    }

    /// @dev Ends a task without pay: compensates from `slash`, unlocks, refunds the whole escrow.
    function _end(uint256 taskId, Task storage task, TaskState state, Slash memory slash) internal {
        if (slash.pool > 0) _compensate(taskId, task, slash);
        task.state = state;
        task.dueAt = 0;
        for (uint256 i = 0; i < task.slotCount; ++i) {
            Slot storage slot = _slots[taskId][i];
            if (_isHeld(slot.state)) _release(taskId, slot, slot.collateral);
        }
        uint256 refund = task.collateral;
        _pay(taskId, task.sponsor, refund);
        emit TaskEnded(taskId, state, refund, slash.burned);
    }

    function _endWithoutFault(uint256 taskId, Task storage task, TaskState state) internal {
        _end(taskId, task, state, Slash(Fault.None, 0, 0, 0, 0));
    }

    /// @dev The slot looks for a worker who goes on from the last checkpoint.
    function _openRepair(uint256 taskId, Task storage task, uint8 index) private {
        Slot storage slot = _slots[taskId][index];
        _excluded[taskId].push(slot.worker);
        slot.worker = address(0);
        slot.state = SlotState.Repair;
        slot.collateral = 0;
        slot.resumedUnits = slot.pointUnits;
        ++slot.attempt;
        // A time plus a window of 32 bits.
        uint40 repairBy = uint40(block.timestamp + task.repairWindow);
        (slot.repairBy, slot.deadline) = (repairBy, repairBy);
        if (repairBy < task.deadline || block.timestamp > task.deadline) task.deadline = repairBy;
        _newSeed(task);
        _wake(taskId, task, block.timestamp + 1);
        emit RepairOpened(taskId, index, slot.attempt, slot.pointUnits, slot.pointRoot, repairBy);
    }

    /// @dev Seizes from one slot; burns its part so that over all slots exactly
    /// `floor(seized * faultBurnBps / BPS)` is burned, and keeps the rest.
    function _slash(uint256 taskId, Task storage task, uint8 index, Slash memory slash) private {
        Slot storage slot = _slots[taskId][index];
        address worker = slot.worker;
        slot.state = SlotState.Faulted;
        slot.fault = slash.fault;
        uint256 seized = Math.ceilDiv(slot.collateral * slash.seizeBps, RewardMath.BPS);
        _release(taskId, slot, slot.collateral - seized);
        // The market's own free collateral from here on.
        if (seized > 0) VAULT.seize(worker, _lockRef(taskId), seized, address(this));
        if (slash.fault == Fault.Invalid) {
            seized += NODES.slashStake(worker, STAKE_SLASH_BPS, address(this));
        }
        slash.seized += seized;
        uint256 toBurn = (slash.seized * task.faultBurnBps) / RewardMath.BPS - slash.burned;
        slash.burned += toBurn;
        slash.pool += seized - toBurn;
        if (toBurn > 0) {
            VAULT.lock(address(this), _lockRef(taskId), toBurn);
            VAULT.burn(address(this), _lockRef(taskId), toBurn);
        }
        REPUTATION.recordFault(worker, slash.fault);
        emit SlotFaulted(taskId, index, worker, slash.fault, seized);
    }

    /* COMPENSATING */

    /// @dev Shares the pool among the slots without fault, by power and seconds worked. Where it
    /// falls short of what they would have earned, the reserve adds a little.
    function _compensate(uint256 taskId, Task storage task, Slash memory slash) private {
        Shares memory shares = _shareOut(taskId, task, slash.pool);
        uint256 fromPool = shares.total;
        uint256 reserve_ = _reserve;
        for (uint256 i = 0; i < shares.amounts.length; ++i) {
            uint256 added = RewardMath.topUp(
                slash.burned,
                reserve_,
                shares.shortfalls[i],
                shares.shortfallSum
            );
            shares.amounts[i] += added;
            shares.total += added;
        }
        _payOut(taskId, shares);
        _keep(taskId, slash.pool - fromPool, shares.total - fromPool);
    }

    function _shareOut(
        uint256 taskId,
        Task storage task,
        uint256 pool
    ) private view returns (Shares memory shares) {
        uint256 count = task.slotCount;
        uint256[] memory worked = new uint256[](count);
        shares.amounts = new uint256[](count);
        shares.shortfalls = new uint256[](count);
        uint256 weightSum = 0;
        for (uint8 i = 0; i < count; ++i) {
            worked[i] = _workedBy(taskId, task, i);
            weightSum += RewardMath.weight(
                _slots[taskId][i].power,
                worked[i],
                task.expectedSeconds
            );
        }
        for (uint256 i = 0; i < count; ++i) {
            if (worked[i] == 0) continue;
            uint256 amount = _shareOf(task, _slots[taskId][i].power, pool, worked[i], weightSum);
            // With a pool that has no end the share is all that would have been earned.
            uint256 earned =
                (uint256(task.price) * _slots[taskId][i].power * worked[i]) /
                    (uint256(task.powerSum) * task.expectedSeconds);
            shares.amounts[i] = amount;
            shares.shortfalls[i] = earned - amount;
            shares.total += amount;
            shares.shortfallSum += earned - amount;
        }
    }

    function _shareOf(
        Task storage task,
        uint256 power,
        uint256 pool,
        uint256 worked,
        uint256 weightSum
    ) private view returns (uint256) {
        return
            RewardMath.compensation(
                pool,
                task.price,
                power,
                task.powerSum,
                worked,
                task.expectedSeconds,
                weightSum
            );
    }

    /// @dev Seconds that a slot without fault worked, at most what its work should take.
    function _workedBy(
        uint256 taskId,
        Task storage task,
        uint8 index
    ) private view returns (uint256) {
        Slot storage slot = _slots[taskId][index];
        if (!_isHeld(slot.state) || slot.startedAt == 0) return 0;
        uint256 until = slot.committedAt == 0 ? block.timestamp : slot.committedAt;
        uint256 limit = task.expectedSeconds;
        if (slot.resumedUnits > 0) {
            uint256 slice = _sliceSizeOf(taskId, task, index);
            limit = (limit * (slice - slot.resumedUnits)) / slice;
        }
        return Math.min(until - slot.startedAt, limit);
    }

    /// @dev Moves the shares from the market's free collateral to the workers'.
    function _payOut(uint256 taskId, Shares memory shares) private {
        if (shares.total == 0) return;
        bytes32 ref = _lockRef(taskId);
        VAULT.lock(address(this), ref, shares.total);
        for (uint8 i = 0; i < shares.amounts.length; ++i) {
            uint256 amount = shares.amounts[i];
            if (amount == 0) continue;
            address worker = _slots[taskId][i].worker;
            VAULT.seize(address(this), ref, amount, worker);
            emit SlotCompensated(taskId, i, worker, amount);
        }
    }

    function _keep(uint256 taskId, uint256 added, uint256 drawn) private {
        if (added == 0 && drawn == 0) return;
        _reserve = _reserve + added - drawn;
        emit ReserveChanged(taskId, added, drawn, _reserve);
    }

    function _endOf(Fault fault) private pure returns (TaskState) {
        if (fault == Fault.Abort) return TaskState.Aborted;
        if (fault == Fault.Late) return TaskState.Late;
        return TaskState.Rejected;
    }
}
