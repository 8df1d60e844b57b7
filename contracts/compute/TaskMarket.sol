// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Initializable} from "@openzeppelin/contracts/proxy/utils/Initializable.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {EndBlockInput, IHubModule} from "../interfaces/IHubModule.sol";
import {INodeRegistry} from "../interfaces/INodeRegistry.sol";
import {Verdict} from "../interfaces/IOracleHub.sol";
import {Fault} from "../interfaces/IReputation.sol";
import {ITaskMarket} from "../interfaces/ITaskMarket.sol";
import {ParamKeys} from "../libraries/ParamKeys.sol";
import {Predeploys} from "../libraries/Predeploys.sol";
import {RewardMath} from "../libraries/RewardMath.sol";
import {TaskEnding} from "./TaskEnding.sol";

/// @title Paid work: what clients, workers, oracles and the block producer can do.
contract TaskMarket is TaskEnding, Initializable layout at erc7201("poca.storage.TaskMarket") {
    uint256 private constant SLOTS_MAX = 16;
    uint256 private constant PRICE_MAX = 2 ** 95;
    uint256 private constant UNITS_MAX = 2 ** 31;
    uint256 private constant EXPECTED_SECONDS_MAX = 365 days;
    uint256 private constant MANIFEST_SIZE_MAX = 4_096;
    uint256 private constant RESULT_SIZE_MAX = 65_536;

    /// @dev An abort before this share of the expected time costs half.
    uint256 private constant EARLY_ABORT_BPS = 1_000;
    uint256 private constant EARLY_ABORT_SEIZE_BPS = 5_000;

    /// @dev Entries looked at in one block, due or not.
    uint256 private constant POPS_MAX = 64;

    /// @dev Gas for taking one entry out of the queue and putting it back, with a million in it.
    uint256 private constant POP_GAS = 400_000;

    /// @dev Gas for ending one task: this and so much for each slot.
    uint256 private constant END_GAS = 300_000;
    uint256 private constant END_GAS_PER_SLOT = 200_000;
    uint256 private constant DISPUTE_WINDOW = 3 days;
    uint256 private constant PARAM_GAS = 50_000;

    uint8 private constant DUE_ATTEMPTS_MAX = 3;
    uint256 private constant DUE_RETRY_SECONDS = 60;

    constructor() {
        _disableInitializers();
    }

    function initialize() external initializer {}

    /* ORDERING */

    /// @inheritdoc ITaskMarket
    function createTask(
        TaskSpec calldata spec,
        bytes calldata manifest
    ) external payable returns (uint256 taskId) {
        _checkSpec(spec, manifest);
        uint256 collateral = _collateralFor(spec.price);
        require(msg.value == collateral, TaskMarketWrongCollateral(msg.value, collateral));
        _requireBounds("collateral", collateral, 1, type(uint96).max);
        taskId = ++_taskCount;
        Task storage task = _tasks[taskId];
        address sponsor = spec.sponsor == address(0) ? msg.sender : spec.sponsor;
        task.client = msg.sender;
        task.state = TaskState.Open;
        task.slotCount = spec.slotCount;
        task.maxSlotLoss = spec.maxSlotLoss;
        task.sponsor = sponsor;
        task.price = spec.price;
        // Bounded above.
        task.collateral = uint96(collateral);
        task.units = spec.units;
        task.expectedSeconds = spec.expectedSeconds;
        task.minPower = spec.minPower;
        task.kind = spec.kind;
        task.manifestHash = spec.manifestHash;
        _snapshotParams(task);
        uint256 deadline = block.timestamp + PARAMS.get(ParamKeys.TASK_ASSIGN_WINDOW);
        task.finalBy = uint40(deadline);
        _setDeadline(taskId, task, deadline);
        emit TaskCreated(taskId, msg.sender, spec.kind, spec, collateral, manifest);
        ESCROW.fund{value: collateral}(taskId, sponsor);
    }

    /// @inheritdoc ITaskMarket
    function cancel(uint256 taskId) external {
        Task storage task = _taskAt(taskId);
        require(
            msg.sender == task.client || msg.sender == task.sponsor,
            TaskMarketNotClient(taskId, msg.sender)
        );
        require(task.state == TaskState.Open, TaskMarketWrongState(taskId, task.state));
        require(task.accepted == 0, TaskMarketHasWorkers(taskId, task.accepted));
        _endWithoutFault(taskId, task, TaskState.Cancelled);
    }

    /* WORKING */

    /// @inheritdoc ITaskMarket
    function accept(uint256 taskId, uint8 slot) external {
        Task storage task = _taskIn(taskId, TaskState.Open);
        Slot storage own = _slotAt(taskId, task, slot);
        require(own.state == SlotState.Empty, TaskMarketWrongSlotState(taskId, slot, own.state));
        for (uint256 i = 0; i < task.slotCount; ++i) {
            require(
                _slots[taskId][i].worker != msg.sender,
                TaskMarketAlreadyAccepted(taskId, msg.sender)
            );
        }
        uint64 power = INodeRegistry(Predeploys.NODE_REGISTRY).powerOf(msg.sender);
        uint64 wanted = task.minPower > 0 ? task.minPower : 1;
        require(power >= wanted, TaskMarketPowerTooLow(msg.sender, power, wanted));

        // The sum of powers is not known yet, so the whole price counts; the start gives back.
        uint256 collateral = RewardMath.minerCollateral(task.price, 1, 1, task.minerBps);
        own.worker = msg.sender;
        own.state = SlotState.Accepted;
        own.commentBps = REPUTATION.commentOf(msg.sender);
        own.power = power;
        // At most the price, which has 96 bits, times a rate of at most 6.6.
        own.collateral = uint96(collateral);
        task.powerSum += power;
        ++task.accepted;
        if (collateral > 0) VAULT.lock(msg.sender, _lockRef(taskId), collateral);
        emit SlotAccepted(taskId, slot, msg.sender, power, own.commentBps);
        if (task.accepted == task.slotCount) _start(taskId, task);
    }

    /// @inheritdoc ITaskMarket
    function commitResult(uint256 taskId, uint8 slot, bytes32 commitment) external {
        Task storage task = _taskIn(taskId, TaskState.Running);
        Slot storage own = _ownSlot(taskId, task, slot, SlotState.Accepted);
        own.state = SlotState.Committed;
        own.commitment = commitment;
        own.committedAt = uint40(block.timestamp);
        --task.pending;
        emit ResultCommitted(taskId, slot, msg.sender, commitment);
        _advance(taskId, task);
    }

    /// @inheritdoc ITaskMarket
    function revealResult(
        uint256 taskId,
        uint8 slot,
        bytes32 resultRoot,
        uint64 units,
        bytes32 salt,
        bytes calldata result
    ) external {
        Task storage task = _taskIn(taskId, TaskState.Revealing);
        Slot storage own = _ownSlot(taskId, task, slot, SlotState.Committed);
        require(
            result.length <= RESULT_SIZE_MAX,
            TaskMarketResultTooLarge(result.length, RESULT_SIZE_MAX)
        );
        bytes32 commitment = commitmentOf(
            taskId,
            slot,
            own.attempt,
            msg.sender,
            resultRoot,
            units,
            salt
        );
        require(commitment == own.commitment, TaskMarketCommitmentMismatch(taskId, slot));
        (uint32 from, uint32 to) = _sliceOf(taskId, task, slot);
        require(units == to - from, TaskMarketWrongUnits(taskId, slot, units, to - from));
        own.state = SlotState.Revealed;
        own.resultRoot = resultRoot;
        own.doneUnits = units;
        --task.pending;
        emit ResultRevealed(taskId, slot, msg.sender, resultRoot, units, result);
        _advance(taskId, task);
    }

    /// @inheritdoc ITaskMarket
    function abort(uint256 taskId, uint8 slot) external {
        Task storage task = _taskIn(taskId, TaskState.Running);
        _ownSlot(taskId, task, slot, SlotState.Accepted);
        uint256 elapsed = block.timestamp - task.startedAt;
        bool isEarly = elapsed * RewardMath.BPS < uint256(task.expectedSeconds) * EARLY_ABORT_BPS;
        uint256 seizeBps = isEarly ? EARLY_ABORT_SEIZE_BPS : RewardMath.BPS;
        _fault(taskId, task, 1 << slot, Slash(Fault.Abort, seizeBps, 0, 0, 0));
    }

    /* JUDGING */

    /// @inheritdoc ITaskMarket
    function onAttested(
        uint256 taskId,
        uint8 slot,
        uint32 attempt,
        bytes32 resultRoot,
        Verdict verdict
    ) external onlyOracleHub {
        Task storage task = _taskIn(taskId, TaskState.Attesting);
        Slot storage its = _slotAt(taskId, task, slot);
        require(its.state == SlotState.Revealed, TaskMarketWrongSlotState(taskId, slot, its.state));
        require(
            attempt == its.attempt && resultRoot == its.resultRoot,
            TaskMarketReportMismatch(taskId, slot, its.attempt, its.resultRoot)
        );
        emit SlotVerdict(taskId, slot, verdict);
        if (verdict == Verdict.Valid) {
            its.state = SlotState.Attested;
            --task.pending;
            _advance(taskId, task);
        } else {
            // The oracles' word is not a proof, so it costs the pay but no collateral.
            _fault(taskId, task, 1 << slot, Slash(Fault.Unattested, 0, 0, 0, 0));
        }
    }

    /// @inheritdoc ITaskMarket
    function onDisputeOpened(uint256 taskId, uint8 slot) external {
        _requireCaller(Predeploys.DISPUTE_COURT);
        Task storage task = _taskAt(taskId);
        bool isDisputed = task.state == TaskState.Disputed;
        require(
            isDisputed || task.state == TaskState.Challenge,
            TaskMarketWrongState(taskId, task.state)
        );
        uint40 until = isDisputed ? task.challengeBy : task.deadline;
        require(block.timestamp <= until, TaskMarketPastDeadline(taskId, until));
        Slot storage its = _slotAt(taskId, task, slot);
        require(its.state == SlotState.Attested, TaskMarketWrongSlotState(taskId, slot, its.state));
        task.state = TaskState.Disputed;
        task.challengeBy = until;
        ++task.disputes;
        uint256 deadline = block.timestamp + DISPUTE_WINDOW;
        if (deadline > task.finalBy) task.finalBy = uint40(deadline);
        _setDeadline(taskId, task, deadline);
        emit TaskDisputed(taskId, slot, task.disputes, uint40(deadline));
    }

    /// @inheritdoc ITaskMarket
    function onDisputeResolved(uint256 taskId, uint8 slot, bool faulty, bool proved) external {
        _requireCaller(Predeploys.DISPUTE_COURT);
        Task storage task = _taskAt(taskId);
        if (task.state != TaskState.Disputed) return;
        Slot storage its = _slotAt(taskId, task, slot);
        --task.disputes;
        emit DisputeSettled(taskId, slot, faulty, proved);
        if (faulty && its.state == SlotState.Attested) {
            Fault fault = proved ? Fault.Invalid : Fault.Unattested;
            uint256 seizeBps = proved ? RewardMath.BPS : 0;
            _fault(taskId, task, 1 << slot, Slash(fault, seizeBps, 0, 0, 0));
        }
        if (task.disputes == 0 && task.state == TaskState.Disputed) _reopen(taskId, task);
    }

    /* ENDING */

    /// @inheritdoc ITaskMarket
    function finalize(uint256 taskId) external {
        Task storage task = _taskAt(taskId);
        require(task.state == TaskState.Challenge, TaskMarketWrongState(taskId, task.state));
        require(block.timestamp > task.deadline, TaskMarketBeforeDeadline(taskId, task.deadline));
        _settle(taskId, task);
    }

    /// @inheritdoc ITaskMarket
    function expire(uint256 taskId) external {
        Task storage task = _taskAt(taskId);
        TaskState state = task.state;
        require(_isLive(state), TaskMarketWrongState(taskId, state));
        require(block.timestamp > task.deadline, TaskMarketBeforeDeadline(taskId, task.deadline));
        if (state == TaskState.Open) {
            _endWithoutFault(taskId, task, TaskState.Cancelled);
        } else if (state == TaskState.Running) {
            _faultAllIn(taskId, task, SlotState.Accepted, Fault.Late);
        } else if (state == TaskState.Revealing) {
            _faultAllIn(taskId, task, SlotState.Committed, Fault.NonReveal);
        } else if (state == TaskState.Attesting) {
            _endWithoutFault(taskId, task, TaskState.Expired);
        } else if (state == TaskState.Disputed) {
            emit DisputesDismissed(taskId, task.disputes);
            task.disputes = 0;
            _reopen(taskId, task);
        } else {
            _settle(taskId, task);
        }
    }

    /// @inheritdoc IHubModule
    /// @dev Stops when the gas left might not suffice for the next step, so it never runs dry.
    function onEndBlock(EndBlockInput calldata) external onlyHub {
        uint256 left = _dueLimit();
        for (uint256 pops = 0; pops < POPS_MAX && left > 0; ++pops) {
            if (gasleft() < POP_GAS) return;
            (uint256 taskId, bool isDue) = _nextEntry();
            if (taskId == 0) return;
            if (!isDue) {
                _dequeue();
                continue;
            }
            Task storage task = _tasks[taskId];
            uint256 gasCap = END_GAS + END_GAS_PER_SLOT * task.slotCount;
            if (gasleft() < POP_GAS + gasCap + gasCap / 63) return;
            _dequeue();
            --left;
            try this.expire{gas: gasCap}(taskId) {} catch (bytes memory reason) {
                _retryLater(taskId, task, reason);
            }
        }
    }

    function _start(uint256 taskId, Task storage task) private {
        uint256 price = task.price;
        uint256 sum = task.powerSum;
        for (uint256 i = 0; i < task.slotCount; ++i) {
            Slot storage slot = _slots[taskId][i];
            uint256 locked = slot.collateral;
            uint256 needed = RewardMath.minerCollateral(price, slot.power, sum, task.minerBps);
            // Never more than what is locked.
            slot.collateral = uint96(needed);
            _unlock(taskId, slot.worker, locked - needed);
        }
        uint256 commitBy =
            block.timestamp +
                Math.ceilDiv(uint256(task.expectedSeconds) * task.graceBps, RewardMath.BPS);
        uint256 finalBy = commitBy + task.revealWindow + task.attestWindow + task.challengeWindow;
        task.state = TaskState.Running;
        task.pending = task.slotCount;
        // Times plus windows of 32 bits.
        task.startedAt = uint40(block.timestamp);
        task.commitBy = uint40(commitBy);
        task.finalBy = uint40(finalBy);
        _setDeadline(taskId, task, commitBy);
        emit TaskStarted(taskId, task.powerSum, task.commitBy, task.finalBy);
    }

    /// @dev Back to the challenge window, which may be over.
    function _reopen(uint256 taskId, Task storage task) private {
        task.state = TaskState.Challenge;
        _setDeadline(taskId, task, task.challengeBy);
    }

    function _endWithoutFault(uint256 taskId, Task storage task, TaskState state) private {
        _end(taskId, task, state, Slash(Fault.None, 0, 0, 0, 0));
    }

    function _retryLater(uint256 taskId, Task storage task, bytes memory reason) private {
        uint8 attempts = ++task.dueFailures;
        emit DueTaskFailed(taskId, attempts, reason);
        if (attempts == DUE_ATTEMPTS_MAX) return;
        _enqueue(taskId, block.timestamp + DUE_RETRY_SECONDS, attempts);
    }

    /// @dev Parameters as they stand now; a later vote does not move this task.
    function _snapshotParams(Task storage task) private {
        // Each is bounded in ProtocolParams by far less than its type.
        task.feeBps = uint16(PARAMS.get(ParamKeys.TASK_FEE_BPS));
        task.minerBps = uint16(PARAMS.get(ParamKeys.TASK_MINER_BPS));
        task.graceBps = uint16(PARAMS.get(ParamKeys.TASK_GRACE_BPS));
        task.faultBurnBps = uint16(PARAMS.get(ParamKeys.TASK_FAULT_BURN_BPS));
        // The oracles' and the burned part never exceed the fee, whatever was voted.
        uint256 feeOracleBps = Math.min(PARAMS.get(ParamKeys.TASK_FEE_ORACLE_BPS), RewardMath.BPS);
        uint256 feeRestBps = RewardMath.BPS - feeOracleBps;
        task.feeOracleBps = uint16(feeOracleBps);
        task.feeBurnBps = uint16(Math.min(PARAMS.get(ParamKeys.TASK_FEE_BURN_BPS), feeRestBps));
        task.revealWindow = uint32(PARAMS.get(ParamKeys.TASK_REVEAL_WINDOW));
        task.attestWindow = uint32(PARAMS.get(ParamKeys.TASK_ATTEST_WINDOW));
        task.challengeWindow = uint32(PARAMS.get(ParamKeys.TASK_CHALLENGE_WINDOW));
    }

    function _checkSpec(TaskSpec calldata spec, bytes calldata manifest) private view {
        _requireBounds("kind", uint256(spec.kind), 1, type(uint256).max);
        _requireBounds("slotCount", spec.slotCount, 1, SLOTS_MAX);
        _requireBounds("price", spec.price, 1, PRICE_MAX);
        _requireBounds("units", spec.units, spec.slotCount, UNITS_MAX);
        _requireBounds("expectedSeconds", spec.expectedSeconds, 1, EXPECTED_SECONDS_MAX);
        _requireBounds("manifest", manifest.length, 0, MANIFEST_SIZE_MAX);
        uint256 lossMax = Math.min(
            PARAMS.get(ParamKeys.TASK_MAX_SLOT_LOSS),
            uint256(spec.slotCount) - 1
        );
        _requireBounds("maxSlotLoss", spec.maxSlotLoss, 0, lossMax);
        bytes32 actual = keccak256(manifest);
        require(actual == spec.manifestHash, TaskMarketManifestMismatch(spec.manifestHash, actual));
    }

    function _requireBounds(bytes32 field, uint256 value, uint256 min, uint256 max) private pure {
        require(value >= min && value <= max, TaskMarketSpecOutOfBounds(field, value, min, max));
    }

    /// @dev One task a block, should the parameter not be readable.
    function _dueLimit() private view returns (uint256) {
        try PARAMS.get{gas: PARAM_GAS}(ParamKeys.TASK_DUE_PER_BLOCK) returns (uint256 value) {
            return value;
        } catch {
            return 1;
        }
    }
}
