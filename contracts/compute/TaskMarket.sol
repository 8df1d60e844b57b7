// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Initializable} from "@openzeppelin/contracts/proxy/utils/Initializable.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IPriceBook} from "../interfaces/IPriceBook.sol";
import {ITaskWork} from "../interfaces/ITaskWork.sol";
import {ParamKeys} from "../libraries/ParamKeys.sol";
import {Predeploys} from "../libraries/Predeploys.sol";
import {RewardMath} from "../libraries/RewardMath.sol";
import {TaskBook} from "./TaskBook.sol";

/// @title Paid work: what clients order and workers do.
/// @dev Hands every call that it does not know to `TaskEndings`, which works on the same storage.
contract TaskMarket
    is ITaskWork, TaskBook, Initializable
    layout at erc7201("poca.storage.TaskMarket")
{
    /// @notice Where the other piece of the code is; placed there by the genesis.
    address public constant ENDINGS = 0x90cAc0DE00000000000000000000000000000109;

    uint256 private constant SLOTS_MAX = 16;
    uint256 private constant REPLICAS_MAX = 5;
    uint256 private constant PRICE_MAX = 2 ** 95;
    uint256 private constant UNITS_MAX = 2 ** 31;
    uint256 private constant EXPECTED_SECONDS_MAX = 365 days;
    uint256 private constant MANIFEST_SIZE_MAX = 4_096;
    uint256 private constant RESULT_SIZE_MAX = 65_536;

    bytes32 private constant TASK_COMMIT_TYPEHASH = keccak256(
        "TaskCommit(uint256 taskId,uint8 slot,uint32 attempt,address worker,bytes32 resultRoot,"
        "uint64 units,bytes32 salt)"
    );

    constructor() {
        _disableInitializers();
    }

    /// @dev What this contract has no function for is the other's. Takes no coin.
    fallback(bytes calldata input) external returns (bytes memory output) {
        return Address.functionDelegateCall(ENDINGS, input);
    }

    function initialize() external initializer {}

    /* ORDERING */

    /// @inheritdoc ITaskWork
    function createTask(
        TaskSpec calldata spec,
        bytes calldata manifest
    ) external payable returns (uint256 taskId) {
        _checkSpec(spec, manifest);
        (uint96 price, uint256 collateral) = quoteTask(spec);
        _requireBounds("price", price, 1, PRICE_MAX);
        require(msg.value >= collateral, TaskMarketWrongCollateral(msg.value, collateral));
        _requireBounds("collateral", collateral, 1, type(uint96).max);
        taskId = ++_taskCount;
        Task storage task = _tasks[taskId];
        _open(task, spec, price, uint96(collateral));
        _snapshotRates(task);
        _snapshotWindows(task);
        _newSeed(task);
        uint256 deadline = block.timestamp + PARAMS.get(ParamKeys.TASK_ASSIGN_WINDOW);
        // A time plus a window.
        task.deadline = uint40(deadline);
        task.finalBy = uint40(deadline);
        _wake(taskId, task, block.timestamp + 1);
        emit TaskCreated(taskId, msg.sender, spec.kind, spec, price, collateral, manifest);
        ESCROW.fund{value: msg.value}(taskId, task.sponsor);
        _pay(taskId, task.sponsor, msg.value - collateral);
    }

    /* WORKING */

    /// @inheritdoc ITaskWork
    function accept(uint256 taskId, uint8 slot) external {
        Task storage task = _taskAt(taskId);
        TaskState state = task.state;
        require(
            state == TaskState.Assigned || state == TaskState.Running,
            TaskMarketWrongState(taskId, state)
        );
        Slot storage own = _ownSlot(taskId, task, slot, SlotState.Offered);
        _requireInTime(taskId, own.deadline);
        uint64 power = NODES.powerOf(msg.sender);
        uint64 wanted = state == TaskState.Running ? own.power : _leastPower(task.minPower);
        require(power >= wanted, TaskMarketPowerTooLow(msg.sender, power, wanted));

        own.state = SlotState.Accepted;
        own.commentBps = REPUTATION.commentOf(msg.sender);
        ++task.accepted;
        if (state == TaskState.Running) {
            _take(taskId, task, own, _remainingPrice(taskId, task, slot), task.powerSum);
            emit SlotAccepted(taskId, slot, msg.sender, power, own.commentBps);
            _resume(taskId, task, slot);
            return;
        }
        own.power = power;
        task.powerSum += power;
        // The others are not known yet, but each has at least this.
        uint256 others = uint256(task.slotCount - 1) * _leastPower(task.minPower);
        _take(taskId, task, own, task.price, power + others);
        emit SlotAccepted(taskId, slot, msg.sender, power, own.commentBps);
        if (task.accepted == task.slotCount) _start(taskId, task);
    }

    /// @inheritdoc ITaskWork
    function checkpoint(uint256 taskId, uint8 slot, bytes32 root, uint32 units) external {
        Task storage task = _taskIn(taskId, TaskState.Running);
        Slot storage own = _ownSlot(taskId, task, slot, SlotState.Accepted);
        _requireInTime(taskId, own.deadline);
        uint32 slice = _sliceSizeOf(taskId, task, slot);
        require(units < slice, TaskMarketWrongUnits(taskId, slot, units, slice));
        require(
            units > own.pointUnits,
            TaskMarketUnitsNotRising(taskId, slot, units, own.pointUnits)
        );
        own.pointUnits = units;
        own.pointRoot = root;
        emit SlotCheckpointed(
            taskId,
            slot,
            msg.sender,
            own.attempt,
            root,
            units,
            _accruedBy(taskId, task, slot)
        );
    }

    /// @inheritdoc ITaskWork
    function commitResult(uint256 taskId, uint8 slot, bytes32 commitment) external {
        Task storage task = _taskIn(taskId, TaskState.Running);
        Slot storage own = _ownSlot(taskId, task, slot, SlotState.Accepted);
        _requireInTime(taskId, own.deadline);
        own.state = SlotState.Committed;
        own.commitment = commitment;
        own.committedAt = uint40(block.timestamp);
        --task.pending;
        emit ResultCommitted(taskId, slot, msg.sender, commitment);
        _goOn(taskId, task);
    }

    /// @inheritdoc ITaskWork
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
        _requireInTime(taskId, task.deadline);
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
        uint32 slice = _sliceSizeOf(taskId, task, slot);
        require(units == slice, TaskMarketWrongUnits(taskId, slot, units, slice));
        own.state = SlotState.Revealed;
        own.resultRoot = resultRoot;
        own.doneUnits = units;
        --task.pending;
        emit ResultRevealed(taskId, slot, msg.sender, resultRoot, units, result);
        _goOn(taskId, task);
    }

    /* READING */

    /// @inheritdoc ITaskWork
    function taskCount() external view returns (uint256 count) {
        return _taskCount;
    }

    /// @inheritdoc ITaskWork
    function taskOf(uint256 taskId) external view returns (Task memory) {
        return _taskAt(taskId);
    }

    /// @inheritdoc ITaskWork
    function slotOf(uint256 taskId, uint8 slot) external view returns (Slot memory) {
        return _slotAt(taskId, _taskAt(taskId), slot);
    }

    /// @inheritdoc ITaskWork
    function excludedOf(uint256 taskId) external view returns (address[] memory workers) {
        return _excluded[taskId];
    }

    /// @inheritdoc ITaskWork
    function collateralFor(uint96 price) external view returns (uint256 amount) {
        return _collateralFor(price);
    }

    /// @inheritdoc ITaskWork
    function accrued(uint256 taskId) external view returns (uint256 amount) {
        Task storage task = _taskAt(taskId);
        for (uint8 i = 0; i < task.slotCount; ++i) amount += _accruedBy(taskId, task, i);
    }

    /// @inheritdoc ITaskWork
    function sliceOf(uint256 taskId, uint8 slot) external view returns (uint32 from, uint32 to) {
        Task storage task = _taskAt(taskId);
        require(task.startedAt != 0, TaskMarketWrongState(taskId, task.state));
        _slotAt(taskId, task, slot);
        return _sliceOf(taskId, task, slot);
    }

    /// @inheritdoc ITaskWork
    function reserve() external view returns (uint256 amount) {
        return _reserve;
    }

    /// @inheritdoc ITaskWork
    function quoteTask(
        TaskSpec calldata spec
    ) public view returns (uint96 price, uint256 collateral) {
        price = spec.price;
        if (spec.isQuoted) {
            price = IPriceBook(Predeploys.PRICE_BOOK).quote(
                spec.expectedSeconds,
                spec.computeUnits,
                spec.storageGiB
            );
            require(price <= spec.price, TaskMarketPriceAboveLimit(price, spec.price));
        }
        collateral = _collateralFor(price);
    }

    /// @inheritdoc ITaskWork
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

    function _open(Task storage task, TaskSpec calldata spec, uint96 price, uint96 held) private {
        task.client = msg.sender;
        task.state = TaskState.Open;
        task.slotCount = spec.slotCount;
        task.maxSlotLoss = spec.maxSlotLoss;
        task.replicas = spec.replicas;
        task.sponsor = spec.sponsor == address(0) ? msg.sender : spec.sponsor;
        task.price = price;
        task.collateral = held;
        task.units = spec.units;
        task.expectedSeconds = spec.expectedSeconds;
        task.minPower = spec.minPower;
        task.kind = spec.kind;
        task.manifestHash = spec.manifestHash;
        task.sliceRoot = spec.sliceRoot;
    }

    /// @dev Locks the caller's collateral for `price * power / powerSum`, or lets it work without.
    function _take(
        uint256 taskId,
        Task storage task,
        Slot storage own,
        uint256 price,
        uint256 powerSum
    ) private {
        uint256 needed = RewardMath.minerCollateral(price, own.power, powerSum, task.minerBps);
        uint256 free = VAULT.freeOf(msg.sender);
        if (needed > free) {
            uint256 part = Math.ceilDiv(price * own.power, powerSum);
            uint256 open = NODES.nodeOf(msg.sender).openSlots;
            require(
                part <= task.freeTier && open == 0,
                TaskMarketCollateralNeeded(msg.sender, needed, free, part, open)
            );
            needed = 0;
        }
        // At most the price, which has 96 bits: the rate is at most 1.
        own.collateral = uint96(needed);
        if (needed > 0) VAULT.lock(msg.sender, _lockRef(taskId), needed);
        NODES.onSlotOpened(msg.sender);
    }

    function _start(uint256 taskId, Task storage task) private {
        if (task.replicas > 1) _levelPowers(taskId, task);
        uint256 count = task.slotCount;
        (uint256 price, uint256 sum) = (task.price, task.powerSum);
        address[] memory workers = new address[](count);
        uint64[] memory powers = new uint64[](count);
        // Times plus windows of 32 bits.
        uint40 commitBy = uint40(block.timestamp + _graceOf(task, task.expectedSeconds));
        for (uint256 i = 0; i < count; ++i) {
            Slot storage slot = _slots[taskId][i];
            (workers[i], powers[i]) = (slot.worker, slot.power);
            (slot.startedAt, slot.deadline) = (uint40(block.timestamp), commitBy);
            uint256 locked = slot.collateral;
            if (locked == 0) continue;
            uint256 needed = RewardMath.minerCollateral(price, slot.power, sum, task.minerBps);
            // Never more than what is locked.
            slot.collateral = uint96(needed);
            _unlock(taskId, slot.worker, locked - needed);
        }
        task.state = TaskState.Running;
        task.pending = task.slotCount;
        task.startedAt = uint40(block.timestamp);
        _setDeadline(taskId, task, commitBy, _windowsAfterCommit(task));
        bytes32 clusterRoot = keccak256(abi.encode(workers, powers));
        emit TaskStarted(taskId, task.powerSum, commitBy, task.finalBy, clusterRoot);
    }

    /// @dev Gives all slots of a group the power of its weakest, so that all have the same slice.
    function _levelPowers(uint256 taskId, Task storage task) private {
        uint256 count = task.slotCount;
        uint256 size = task.replicas;
        uint256 sum = 0;
        for (uint256 first = 0; first < count; first += size) {
            uint64 least = type(uint64).max;
            for (uint256 i = first; i < first + size; ++i) {
                uint64 power = _slots[taskId][i].power;
                if (power < least) least = power;
            }
            for (uint256 i = first; i < first + size; ++i) _slots[taskId][i].power = least;
            sum += size * least;
        }
        // At most what it was.
        task.powerSum = uint128(sum);
    }

    /// @dev A new worker takes a slot that lost its own. The others' deadlines stay.
    function _resume(uint256 taskId, Task storage task, uint8 index) private {
        Slot storage slot = _slots[taskId][index];
        uint32 slice = _sliceSizeOf(taskId, task, index);
        uint256 units = slice - slot.resumedUnits;
        uint256 expected = RewardMath.scaledSeconds(task.expectedSeconds, units, slice);
        // A time plus a window of 32 bits.
        uint40 commitBy = uint40(block.timestamp + _graceOf(task, expected));
        (slot.startedAt, slot.deadline, slot.repairBy) = (uint40(block.timestamp), commitBy, 0);
        uint256 finalBy = commitBy + _windowsAfterCommit(task);
        if (finalBy > task.finalBy) task.finalBy = uint40(finalBy);
        emit SlotRepaired(taskId, index, slot.worker, slot.attempt, commitBy);
    }

    function _graceOf(Task storage task, uint256 expected) private view returns (uint256) {
        return Math.ceilDiv(expected * task.graceBps, RewardMath.BPS);
    }

    /// @dev The price of what a slot still has to do, as if the slot were the whole task.
    function _remainingPrice(
        uint256 taskId,
        Task storage task,
        uint8 index
    ) private view returns (uint256) {
        uint256 slice = _sliceSizeOf(taskId, task, index);
        uint256 done = _slots[taskId][index].resumedUnits;
        if (done == 0) return task.price;
        return Math.ceilDiv(uint256(task.price) * (slice - done), slice);
    }

    function _accruedBy(
        uint256 taskId,
        Task storage task,
        uint8 index
    ) private view returns (uint256 amount) {
        Slot storage slot = _slots[taskId][index];
        if (slot.state == SlotState.Settled) (amount, , ) = _grossOf(taskId, task, index);
        bool isEarning =
            _isLive(task.state) &&
                task.startedAt != 0 &&
                _isHeld(slot.state) &&
                slot.state != SlotState.Refused;
        if (!isEarning) return amount;
        uint32 slice = _sliceSizeOf(taskId, task, index);
        uint32 done = slot.state == SlotState.Accepted ? slot.pointUnits : slice;
        if (done == slot.resumedUnits) return 0;
        return
            RewardMath.grossRewardOfPart(
                RewardMath.Work(
                    task.price,
                    slot.power,
                    task.powerSum,
                    RewardMath.BPS,
                    RewardMath.BPS
                ),
                done - slot.resumedUnits,
                slice
            );
    }

    function _collateralFor(uint256 price) private view returns (uint256) {
        return RewardMath.taskCollateral(price, PARAMS.get(ParamKeys.TASK_COST_RANGE_BPS));
    }

    /// @dev Parameters as they stand now; a later vote does not move this task.
    function _snapshotRates(Task storage task) private {
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
        task.freeTier = uint96(PARAMS.get(ParamKeys.TASK_FREE_TIER));
    }

    function _snapshotWindows(Task storage task) private {
        // Each is bounded in ProtocolParams by far less than its type.
        task.acceptWindow = uint32(PARAMS.get(ParamKeys.TASK_ACCEPT_WINDOW));
        task.repairWindow = uint32(PARAMS.get(ParamKeys.TASK_REPAIR_WINDOW));
        task.revealWindow = uint32(PARAMS.get(ParamKeys.TASK_REVEAL_WINDOW));
        task.attestWindow = uint32(PARAMS.get(ParamKeys.TASK_ATTEST_WINDOW));
        task.challengeWindow = uint32(PARAMS.get(ParamKeys.TASK_CHALLENGE_WINDOW));
        task.disputeWindow = uint32(PARAMS.get(ParamKeys.TASK_DISPUTE_WINDOW));
    }

    function _checkSpec(TaskSpec calldata spec, bytes calldata manifest) private view {
        _requireBounds("kind", uint256(spec.kind), 1, type(uint256).max);
        _requireBounds("slotCount", spec.slotCount, 1, SLOTS_MAX);
        _requireBounds("price", spec.price, 1, PRICE_MAX);
        _requireBounds("expectedSeconds", spec.expectedSeconds, 1, EXPECTED_SECONDS_MAX);
        _checkWork(spec);
        _requireBounds("manifest", manifest.length, 0, MANIFEST_SIZE_MAX);
        uint256 lossMax = Math.min(
            PARAMS.get(ParamKeys.TASK_MAX_SLOT_LOSS),
            uint256(spec.slotCount) - 1
        );
        _requireBounds("maxSlotLoss", spec.maxSlotLoss, 0, lossMax);
        bytes32 actual = keccak256(manifest);
        require(actual == spec.manifestHash, TaskMarketManifestMismatch(spec.manifestHash, actual));
    }

    /// @dev Who does the work in time does no more than its power allows, so that oracles can find
    /// it valid, whoever is drawn.
    function _checkWork(TaskSpec calldata spec) private view {
        _requireBounds("replicas", spec.replicas, 1, REPLICAS_MAX);
        require(
            spec.slotCount % spec.replicas == 0,
            TaskMarketUnevenGroups(spec.slotCount, spec.replicas)
        );
        // More than anybody can have would only keep the block busy with draws.
        _requireBounds("minPower", spec.minPower, 0, PARAMS.get(ParamKeys.NODE_POWER_MAX));
        uint256 groups = spec.slotCount / spec.replicas;
        uint256 doable = groups * _leastPower(spec.minPower) * spec.expectedSeconds;
        _requireBounds("units", spec.units, groups, Math.min(doable, UNITS_MAX));
    }

    function _leastPower(uint64 minPower) private pure returns (uint64) {
        return minPower > 0 ? minPower : 1;
    }

    function _requireBounds(bytes32 field, uint256 value, uint256 min, uint256 max) private pure {
        require(value >= min && value <= max, TaskMarketSpecOutOfBounds(field, value, min, max));
    }
}
