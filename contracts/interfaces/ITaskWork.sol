// SPDX-License-Identifier: MIT
pragma solidity >=0.8.24;

import {ITaskBook} from "./ITaskBook.sol";

/// @title Paid work: ordering it and doing it.
/// @custom:source TS 3.1 to 3.3, TS 5.3; SC 3.2.1; SC 5.2
interface ITaskWork is ITaskBook {
    /// @notice Creates a task. `msg.value` must be at least the collateral that `quoteTask` names;
    /// what is above is credited to the sponsor, so that a quoted price may move meanwhile.
    /// The slots of a task with replicas form groups, in their order. All of a group do the same
    /// slice, by the power of the weakest, and are paid for it; what they reveal is compared.
    /// @param spec `units` is at most what workers of the least power can do in the expected time.
    /// @param manifest what to do, in the form its kind defines; at most 4 KiB.
    function createTask(
        TaskSpec calldata spec,
        bytes calldata manifest
    ) external payable returns (uint256 taskId);
    /// @notice Takes the slot that the caller was offered. Locks its worker collateral, as if every
    /// other worker had the least power that the task allows; the start gives back what is too
    /// much. Without enough free collateral the caller may work if its part of the price is at most
    /// the free tier and it has no other open slot. The last acceptance starts the task.
    function accept(uint256 taskId, uint8 slot) external;
    /// @notice Says how far a slot has come. The worker that follows, if one must, goes on from
    /// here.
    /// @param root of the state at this point, as the kind defines it.
    /// @param units done, of the slot's slice; more than at the last checkpoint, less than all.
    function checkpoint(uint256 taskId, uint8 slot, bytes32 root, uint32 units) external;
    /// @param commitment see `commitmentOf`.
    function commitResult(uint256 taskId, uint8 slot, bytes32 commitment) external;
    /// @param units the whole slice, whoever did its first part.
    /// @param result the result's bytes, at most 64 KiB; only emitted.
    function revealResult(
        uint256 taskId,
        uint8 slot,
        bytes32 resultRoot,
        uint64 units,
        bytes32 salt,
        bytes calldata result
    ) external;

    function taskCount() external view returns (uint256 count);
    function taskOf(uint256 taskId) external view returns (Task memory);
    function slotOf(uint256 taskId, uint8 slot) external view returns (Slot memory);
    /// @notice Workers that will not be drawn for a task again; those that hold a slot of it are
    /// not drawn either.
    function excludedOf(uint256 taskId) external view returns (address[] memory workers);
    /// @notice What a client must send for a price: `ceil(price * costRangeBps / 10,000)`.
    function collateralFor(uint96 price) external view returns (uint256 amount);
    /// @notice What a task costs now.
    /// @return price `spec.price`, or the PriceBook's when the spec is quoted.
    /// @return collateral what to send with `createTask`.
    function quoteTask(
        TaskSpec calldata spec
    ) external view returns (uint96 price, uint256 collateral);
    /// @notice What the workers of a task have earned by their checkpoints and results so far. It
    /// is final in Completed, where it is the sum of the gross rewards, and 0 when a task ended in
    /// any other way.
    /// @return amount wei, at base speed before the end; never more than the collateral.
    function accrued(uint256 taskId) external view returns (uint256 amount);
    /// @notice The piece of the work that is a slot's, units `[from, to)`, by power, once the task
    /// runs. Slots of one group have the same.
    function sliceOf(uint256 taskId, uint8 slot) external view returns (uint32 from, uint32 to);
    /// @notice keccak256(abi.encode(TASK_COMMIT_TYPEHASH, taskId, slot, attempt, worker,
    /// resultRoot, units, salt)).
    function commitmentOf(
        uint256 taskId,
        uint8 slot,
        uint32 attempt,
        address worker,
        bytes32 resultRoot,
        uint64 units,
        bytes32 salt
    ) external pure returns (bytes32 commitment);
    /// @notice Coin kept from faults that had nobody to compensate.
    function reserve() external view returns (uint256 amount);
}
