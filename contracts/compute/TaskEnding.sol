// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Fault} from "../interfaces/IReputation.sol";
import {Predeploys} from "../libraries/Predeploys.sol";
import {RewardMath} from "../libraries/RewardMath.sol";
import {TaskBook} from "./TaskBook.sol";

/// @title How tasks go on and how they end.
/// @dev Calls system contracts only, so nothing here can be re-entered.
abstract contract TaskEnding is TaskBook {
    /// @dev What faults cost, in wei. `seized == burned + pool`.
    struct Slash {
        Fault fault;
        uint256 seizeBps; // share of the collateral that is lost, rounded up
        uint256 seized;
        uint256 burned;
        uint256 pool; // for those who suffer from the faults
    }

    /* GOING ON */

    /// @dev Goes to the next state when every slot that is left has done its step.
    function _advance(uint256 taskId, Task storage task) internal {
        if (task.pending > 0) return;
        TaskState state = task.state;
        uint256 rest = 0;
        uint256 deadline = 0;
        if (state == TaskState.Running) {
            task.state = TaskState.Revealing;
            deadline = block.timestamp + task.revealWindow;
            rest = uint256(task.attestWindow) + task.challengeWindow;
            emit RevealOpened(taskId, uint40(deadline));
        } else if (state == TaskState.Revealing) {
            task.state = TaskState.Attesting;
            ORACLES.openCommittee(taskId, task.price);
            deadline = block.timestamp + task.attestWindow;
            rest = task.challengeWindow;
            emit AttestingOpened(taskId, uint40(deadline));
        } else {
            task.state = TaskState.Challenge;
            deadline = block.timestamp + task.challengeWindow;
            emit ChallengeOpened(taskId, uint40(deadline));
        }
        task.pending = task.slotCount - task.lost;
        // Later than planned only when lost slots were waited for.
        if (deadline + rest > task.finalBy) task.finalBy = uint40(deadline + rest);
        _setDeadline(taskId, task, deadline);
    }

    /* COMPLETING */

    /// @dev Pays every attested slot by the formula. What the formula leaves is the sponsor's.
    function _settle(uint256 taskId, Task storage task) internal {
        task.state = TaskState.Completed;
        uint256 paid = 0;
        uint256 fees = 0;
        uint256 toOracles = 0;
        for (uint8 i = 0; i < task.slotCount; ++i) {
            Slot storage slot = _slots[taskId][i];
            if (slot.state != SlotState.Attested) continue;
            (uint256 gross, uint256 fee, uint256 oracleFee) = _paySlot(taskId, task, slot, i);
            paid += gross;
            fees += fee;
            toOracles += oracleFee;
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
        Slot storage slot,
        uint8 index
    ) private returns (uint256 gross, uint256 fee, uint256 oracleFee) {
        (address worker, uint64 power, uint16 commentBps) = (
            slot.worker,
            slot.power,
            slot.commentBps
        );
        uint256 actual = slot.committedAt - task.startedAt;
        // At most SPEED_BPS_MAX.
        uint16 speedBps = uint16(RewardMath.speedBonus(task.expectedSeconds, actual));
        gross = RewardMath.grossReward(task.price, power, task.powerSum, speedBps, commentBps);
        fee = RewardMath.fee(gross, task.feeBps);
        oracleFee = (fee * task.feeOracleBps) / RewardMath.BPS;
        slot.state = SlotState.Settled;
        _pay(taskId, worker, gross - fee);
        if (oracleFee > 0) ORACLES.creditFee(taskId, index, oracleFee);
        _unlock(taskId, worker, slot.collateral);
        // Inside the grace time a slot is paid less and praised not.
        if (speedBps >= RewardMath.BPS) REPUTATION.recordCompletion(worker);
        emit SlotPaid(taskId, index, worker, gross, fee, power, speedBps, commentBps);
    }

    /* FAILING */

    /// @dev Faults all slots that are in `state`.
    function _faultAllIn(uint256 taskId, Task storage task, SlotState state, Fault fault) internal {
        uint256 bitmap = 0;
        for (uint8 i = 0; i < task.slotCount; ++i) {
            if (_slots[taskId][i].state == state) bitmap |= 1 << i;
        }
        _fault(taskId, task, bitmap, Slash(fault, RewardMath.BPS, 0, 0, 0));
    }

    /// @dev Faults the slots in `bitmap`, each of which is still pending. The task goes on as long
    /// as it has not lost more slots than its client allowed; what was seized then has nobody to
    /// compensate and goes to the reserve.
    function _fault(
        uint256 taskId,
        Task storage task,
        uint256 bitmap,
        Slash memory slash
    ) internal {
        for (uint8 i = 0; i < task.slotCount; ++i) {
            if ((bitmap >> i) & 1 == 0) continue;
            _slash(taskId, task, i, slash);
            ++task.lost;
            --task.pending;
        }
        if (task.lost > task.maxSlotLoss) {
            _end(taskId, task, _endOf(slash.fault), slash);
        } else {
            _reserve += slash.pool;
            if (task.state != TaskState.Disputed) _advance(taskId, task);
        }
    }

    /// @dev Ends a task without pay: compensates from `slash`, unlocks, refunds the whole escrow.
    function _end(uint256 taskId, Task storage task, TaskState state, Slash memory slash) internal {
        uint256 compensated = slash.pool == 0 ? 0 : _compensate(taskId, task, slash.pool);
        task.state = state;
        for (uint256 i = 0; i < task.slotCount; ++i) {
            Slot storage slot = _slots[taskId][i];
            if (slot.state == SlotState.Empty || slot.state == SlotState.Faulted) continue;
            _unlock(taskId, slot.worker, slot.collateral);
        }
        uint256 toReserve = slash.pool - compensated;
        _reserve += toReserve;
        uint256 refund = task.collateral;
        _pay(taskId, task.sponsor, refund);
        emit TaskEnded(taskId, state, refund, slash.burned, toReserve);
    }

    /// @dev Seizes from one slot; burns its part so that over all slots exactly
    /// `floor(seized * faultBurnBps / BPS)` is burned, and keeps the rest.
    function _slash(uint256 taskId, Task storage task, uint8 index, Slash memory slash) private {
        Slot storage slot = _slots[taskId][index];
        address worker = slot.worker;
        slot.state = SlotState.Faulted;
        slot.fault = slash.fault;
        uint256 seized = Math.ceilDiv(slot.collateral * slash.seizeBps, RewardMath.BPS);
        slash.seized += seized;
        uint256 toBurn = (slash.seized * task.faultBurnBps) / RewardMath.BPS - slash.burned;
        slash.burned += toBurn;
        slash.pool += seized - toBurn;
        _unlock(taskId, worker, slot.collateral - seized);
        _forfeit(taskId, worker, toBurn, seized - toBurn);
        REPUTATION.recordFault(worker, slash.fault);
        emit SlotFaulted(taskId, index, worker, slash.fault, seized);
    }

    function _forfeit(uint256 taskId, address worker, uint256 toBurn, uint256 toKeep) private {
        bytes32 ref = _lockRef(taskId);
        if (toBurn > 0) VAULT.burn(worker, ref, toBurn);
        if (toKeep > 0) VAULT.seize(worker, ref, toKeep, address(this));
    }

    /// @dev Shares `pool` among the slots without fault, by power and seconds worked.
    /// @return total what they got; never more than `pool`.
    function _compensate(
        uint256 taskId,
        Task storage task,
        uint256 pool
    ) private returns (uint256 total) {
        uint256 count = task.slotCount;
        uint256[] memory worked = new uint256[](count);
        uint256[] memory amounts = new uint256[](count);
        uint256 weightSum = 0;
        uint256 expected = task.expectedSeconds;
        for (uint256 i = 0; i < count; ++i) {
            Slot storage slot = _slots[taskId][i];
            if (slot.state == SlotState.Faulted) continue;
            uint256 until = slot.committedAt == 0 ? block.timestamp : slot.committedAt;
            worked[i] = until - task.startedAt;
            weightSum += RewardMath.weight(slot.power, worked[i], expected);
        }
        for (uint256 i = 0; i < count; ++i) {
            amounts[i] = RewardMath.compensation(
                pool,
                task.price,
                _slots[taskId][i].power,
                task.powerSum,
                worked[i],
                expected,
                weightSum
            );
            total += amounts[i];
        }
        _payOut(taskId, amounts, total);
    }

    /// @dev Moves `total` from the market's free collateral to the workers'.
    function _payOut(uint256 taskId, uint256[] memory amounts, uint256 total) private {
        if (total == 0) return;
        bytes32 ref = _lockRef(taskId);
        VAULT.lock(address(this), ref, total);
        for (uint8 i = 0; i < amounts.length; ++i) {
            if (amounts[i] == 0) continue;
            address worker = _slots[taskId][i].worker;
            VAULT.seize(address(this), ref, amounts[i], worker);
            emit SlotCompensated(taskId, i, worker, amounts[i]);
        }
    }

    function _unlock(uint256 taskId, address worker, uint256 amount) internal {
        if (amount > 0) VAULT.unlock(worker, _lockRef(taskId), amount);
    }

    function _pay(uint256 taskId, address to, uint256 amount) internal {
        if (amount > 0) ESCROW.pay(taskId, to, amount);
    }

    function _endOf(Fault fault) private pure returns (TaskState) {
        if (fault == Fault.Abort) return TaskState.Aborted;
        if (fault == Fault.Late) return TaskState.Late;
        return TaskState.Rejected;
    }
}
