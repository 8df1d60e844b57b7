// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICapabilityChallenge} from "../../../contracts/interfaces/ICapabilityChallenge.sol";
import {IDisputeCourt} from "../../../contracts/interfaces/IDisputeCourt.sol";
import {ILeaseMarket} from "../../../contracts/interfaces/ILeaseMarket.sol";
import {INodeRegistry} from "../../../contracts/interfaces/INodeRegistry.sol";
import {IOracleHub} from "../../../contracts/interfaces/IOracleHub.sol";
import {IRewardDistributor} from "../../../contracts/interfaces/IRewardDistributor.sol";
import {ISystemHub} from "../../../contracts/interfaces/ISystemHub.sol";
import {ITaskBook} from "../../../contracts/interfaces/ITaskBook.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {EconomyStage} from "./EconomyStage.sol";
import {Vm, vm} from "./Vm.sol";

/// @title The books that a test keeps of the economy, from the events of each step.
/// @notice What nobody can read from a contract is summed up here: fees that oracles have earned
/// and fetched, what the court owes its jurors, which tasks, leases and disputes still live. What
/// must never be seen in an event is noted as broken.
abstract contract EconomyLedger is EconomyStage {
    /// @dev More than a block costs that did nothing for a task of three slots but look at it.
    uint256 private constant _GAS_OF_TRYING = 700_000;

    /// @notice The first thing seen that must never happen; empty when there was none.
    string public broken;
    /// @notice Steps that were not refused.
    uint256 public stepCount;
    /// @notice How often an event was seen.
    mapping(bytes32 topic => uint256 count) public seen;
    /// @notice Oracle fees that completed tasks have left, and those that were fetched, wei.
    uint256 public feesCredited;
    uint256 public feesClaimed;
    /// @notice What the court still owes to jurors, wei.
    uint256 public jurorsDue;

    /// @dev Whether the block that is being ended put off a due task, and whether it did another.
    bool private _hasWaited;
    bool private _hasActed;
    uint256[] internal _liveTasks;
    uint256[] internal _liveLeases;
    uint256[] internal _openDisputes;
    /// @dev Tasks that were completed, and disputes that were closed, whose shares may be due.
    uint256[] internal _paidTasks;
    uint256[] internal _closedDisputes;

    function liveTasks() external view returns (uint256[] memory ids) {
        return _liveTasks;
    }

    function liveLeases() external view returns (uint256[] memory ids) {
        return _liveLeases;
    }

    function openDisputes() external view returns (uint256[] memory ids) {
        return _openDisputes;
    }

    /// @dev Reads what was logged since `vm.recordLogs`.
    function _audit() internal {
        ++stepCount;
        bool hasEnded = false;
        Vm.Log[] memory logs = vm.getRecordedLogs();
        for (uint256 i = 0; i < logs.length; ++i) {
            if (logs[i].topics.length == 0) continue;
            bytes32 topic = logs[i].topics[0];
            ++seen[topic];
            _auditFailure(topic, logs[i]);
            _auditTask(topic, logs[i]);
            _auditCourt(topic, logs[i]);
            _auditOracles(topic, logs[i]);
            hasEnded = hasEnded || _isEnding(topic);
        }
        if (hasEnded) _forgetEnded();
    }

    function _isEnding(bytes32 topic) private pure returns (bool) {
        return
            topic == ITaskBook.TaskCompleted.selector ||
            topic == ITaskBook.TaskEnded.selector ||
            topic == IDisputeCourt.DisputeClosed.selector ||
            topic == ILeaseMarket.LeaseClosed.selector ||
            topic == ILeaseMarket.LeaseCancelled.selector ||
            topic == ILeaseMarket.LeaseAborted.selector ||
            topic == ILeaseMarket.DepositRefunded.selector;
    }

    function _auditFailure(bytes32 topic, Vm.Log memory log) private {
        if (topic == IRewardDistributor.SubsidySplit.selector) {
            // Comes before the market in every block.
            (_hasWaited, _hasActed) = (false, false);
        } else if (topic == ITaskBook.DueTaskFailed.selector) {
            (, bytes memory reason) = abi.decode(log.data, (uint8, bytes));
            _require(reason.length == 0, "a due task was refused");
            _hasWaited = true;
        } else if (log.emitter == Predeploys.TASK_MARKET) {
            _hasActed = true;
        } else if (topic == ISystemHub.BlockProcessed.selector && _hasWaited && !_hasActed) {
            // Without a reason it had no room, and a later block has; or too little gas to be done.
            uint256 gas = abi.decode(log.data, (uint256));
            _require(gas < _GAS_OF_TRYING, "a due task ran out of gas");
        }
        _require(topic != ISystemHub.ModuleFailed.selector, "a module of the hub failed");
        _require(topic != ISystemHub.ModuleTripped.selector, "a module of the hub is out");
        _require(topic != INodeRegistry.NotificationFailed.selector, "a proof was not noted");
        _require(topic != ICapabilityChallenge.UnitsNotSet.selector, "units were not set");
    }

    function _auditTask(bytes32 topic, Vm.Log memory log) private {
        if (topic == ITaskBook.TaskCreated.selector) {
            _liveTasks.push(uint256(log.topics[1]));
        } else if (topic == ITaskBook.SlotPaid.selector) {
            (uint256 gross, uint256 fee) = abi.decode(log.data, (uint256, uint256));
            _require(fee * 20 < gross || gross == 0, "a fee of 5 % or more");
        } else if (topic == ITaskBook.TaskCompleted.selector) {
            uint256 taskId = uint256(log.topics[1]);
            (uint256 paid, , uint256 refund) = abi.decode(log.data, (uint256, uint256, uint256));
            uint256 collateral = MARKET.taskOf(taskId).collateral;
            _require(paid <= collateral, "paid more than the collateral");
            _require(paid + refund == collateral, "paid and given back is not all");
            _paidTasks.push(taskId);
        } else if (topic == ILeaseMarket.LeaseOffered.selector) {
            _liveLeases.push(uint256(log.topics[1]));
        } else if (topic == ILeaseMarket.LeaseCharged.selector) {
            (, , uint256 gross, uint256 fee, uint256 burned) = abi.decode(
                log.data,
                (uint96, uint256, uint256, uint256, uint256)
            );
            _require(fee * 20 < gross && burned <= fee, "a lease's fee of 5 % or more");
        }
    }

    function _auditCourt(bytes32 topic, Vm.Log memory log) private {
        if (topic == IDisputeCourt.DisputeOpened.selector) {
            _openDisputes.push(uint256(log.topics[1]));
        } else if (topic == IDisputeCourt.DisputeClosed.selector) {
            _closedDisputes.push(uint256(log.topics[1]));
        } else if (topic == IDisputeCourt.BondForfeited.selector) {
            (uint256 amount, uint256 toWinner, uint256 toJurors, uint256 burned) = abi.decode(
                log.data,
                (uint256, uint256, uint256, uint256)
            );
            _require(toWinner + toJurors + burned == amount, "a bond is split to the wei");
            jurorsDue += toJurors;
        } else if (topic == IDisputeCourt.JurorPaid.selector) {
            uint256 amount = abi.decode(log.data, (uint256));
            _require(amount <= jurorsDue, "jurors got more than was theirs");
            jurorsDue -= amount;
        }
    }

    function _auditOracles(bytes32 topic, Vm.Log memory log) private {
        if (topic == IOracleHub.OracleFeeCredited.selector) {
            feesCredited += abi.decode(log.data, (uint256));
        } else if (topic == IOracleHub.OracleFeeClaimed.selector) {
            feesClaimed += abi.decode(log.data, (uint256));
        } else if (topic == IOracleHub.OracleSlashed.selector) {
            (uint256 seized, uint256 toSponsor, uint256 toFinder, uint256 burned) = abi.decode(
                log.data,
                (uint256, uint256, uint256, uint256)
            );
            _require(toSponsor + toFinder + burned == seized, "a slash is split to the wei");
        }
    }

    function _forgetEnded() private {
        for (uint256 i = _liveTasks.length; i > 0; --i) {
            uint256 taskId = _liveTasks[i - 1];
            if (_isLive(taskId)) continue;
            _require(ESCROW.balanceOf(taskId) == 0, "an ended task holds coin");
            _drop(_liveTasks, i - 1);
        }
        for (uint256 i = _openDisputes.length; i > 0; --i) {
            IDisputeCourt.DisputeState state = COURT.disputeOf(_openDisputes[i - 1]).state;
            if (state == IDisputeCourt.DisputeState.Closed) _drop(_openDisputes, i - 1);
        }
        for (uint256 i = _liveLeases.length; i > 0; --i) {
            if (LEASES.balanceOf(_liveLeases[i - 1]) > 0) continue;
            ILeaseMarket.LeaseState state = LEASES.stateOf(_liveLeases[i - 1]);
            if (state >= ILeaseMarket.LeaseState.Closed) _drop(_liveLeases, i - 1);
        }
    }

    function _isLive(uint256 taskId) internal view returns (bool) {
        ITaskBook.TaskState state = MARKET.taskOf(taskId).state;
        return state >= ITaskBook.TaskState.Open && state <= ITaskBook.TaskState.Disputed;
    }

    function _drop(uint256[] storage list, uint256 index) private {
        list[index] = list[list.length - 1];
        list.pop();
    }

    function _require(bool condition, string memory what) internal {
        if (!condition && bytes(broken).length == 0) broken = what;
    }
}
