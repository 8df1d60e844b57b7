// SPDX-License-Identifier: MIT
pragma solidity >=0.8.24;

import {IHubModule} from "./IHubModule.sol";
import {Verdict} from "./IOracleHub.sol";
import {Fault} from "./IReputation.sol";

/// @title Paid work: the state machine of tasks and slots.
/// @notice A client creates a task and escrows its collateral. Workers accept its slots with
/// collateral of their own, commit to and reveal a Merkle root of their results, oracles attest
/// them, and after a challenge window anyone, or the block producer, settles the task by the
/// whitepaper's formula. Every state can be left by a stranger's call once its deadline has passed.
/// @custom:source TS 3.1 to 3.4; SC 3.2.1; SC 5.2
interface ITaskMarket is IHubModule {
    enum TaskState {
        None,
        Open,
        Running,
        Revealing,
        Attesting,
        Challenge,
        Disputed,
        Completed, // this and all below are terminal
        Cancelled,
        Aborted,
        Late,
        Rejected,
        Expired
    }

    enum SlotState {
        Empty,
        Accepted,
        Committed,
        Revealed,
        Attested,
        Faulted,
        Settled
    }

    /// @notice What the client asks for.
    struct TaskSpec {
        bytes32 kind; // short ASCII string: what a worker must know how to do
        bytes32 manifestHash; // keccak256 of the manifest bytes
        uint96 price; // wei, for work in time by workers of comment 10,000
        uint32 units; // pieces of work, sliced over the slots by power
        uint32 expectedSeconds; // Texp
        uint8 slotCount;
        uint8 maxSlotLoss; // slots that may be lost before the task ends
        uint64 minPower; // of each worker
        address sponsor; // gets refunds; zero for the caller
    }

    struct Task {
        address client; // ─────────╮ 160 bits
        TaskState state; //         │
        uint8 slotCount; //         │
        uint8 accepted; //          │
        uint8 pending; //           │ slots that have not yet done the current step
        uint8 lost; //              │ slots that failed
        uint8 maxSlotLoss; //       │ more lost slots than this end the task
        uint8 dueFailures; //       │ times the block could not end the current state
        uint40 deadline; // ────────╯ of the current state
        address sponsor; // ────────╮
        uint96 price; // ───────────╯
        uint96 collateral; // ──────╮ what the client escrowed
        uint32 units; //            │
        uint32 expectedSeconds; //  │
        uint64 minPower; //         │
        uint32 challengeWindow; // ─╯ this and the rates below as they stood at creation
        uint128 powerSum; // ───────╮ of all slots accepted so far; fixed at start
        uint40 startedAt; //        │
        uint40 commitBy; //         │
        uint40 finalBy; // ─────────╯ after this a stranger can end the task whatever happened
        uint16 feeBps; // ──────────╮
        uint16 minerBps; //         │
        uint16 graceBps; //         │
        uint16 faultBurnBps; //     │
        uint16 feeOracleBps; //     │ of the fee
        uint16 feeBurnBps; //       │ of the fee
        uint32 revealWindow; //     │
        uint32 attestWindow; // ────╯
        bytes32 kind;
        bytes32 manifestHash;
        uint40 challengeBy; // ─╮ end of the challenge window, kept while disputed
        uint8 disputes; // ─────╯ open ones
    }

    struct Slot {
        address worker; // ────╮ 160 bits
        SlotState state; //    │
        Fault fault; //        │
        uint16 commentBps; //  │ snapshot at acceptance
        uint64 power; // ──────╯ snapshot at acceptance
        uint96 collateral; // ─╮
        uint40 committedAt; // │
        uint32 attempt; //     │
        uint64 doneUnits; // ──╯
        bytes32 commitment;
        bytes32 resultRoot;
    }

    event TaskCreated(
        uint256 indexed taskId,
        address indexed client,
        bytes32 indexed kind,
        TaskSpec spec,
        uint256 collateral,
        bytes manifest
    );
    event SlotAccepted(
        uint256 indexed taskId,
        uint8 indexed slot,
        address indexed worker,
        uint64 power,
        uint16 commentBps
    );
    event TaskStarted(uint256 indexed taskId, uint128 powerSum, uint40 commitBy, uint40 finalBy);
    event ResultCommitted(
        uint256 indexed taskId,
        uint8 indexed slot,
        address indexed worker,
        bytes32 commitment
    );
    event RevealOpened(uint256 indexed taskId, uint40 revealBy);
    event ResultRevealed(
        uint256 indexed taskId,
        uint8 indexed slot,
        address indexed worker,
        bytes32 resultRoot,
        uint64 units,
        bytes result
    );
    event AttestingOpened(uint256 indexed taskId, uint40 attestBy);
    event SlotVerdict(uint256 indexed taskId, uint8 indexed slot, Verdict verdict);
    event ChallengeOpened(uint256 indexed taskId, uint40 challengeBy);
    /// @param disputes open ones after this.
    event TaskDisputed(
        uint256 indexed taskId,
        uint8 indexed slot,
        uint8 disputes,
        uint40 disputeBy
    );
    event DisputeSettled(uint256 indexed taskId, uint8 indexed slot, bool faulty, bool proved);
    /// @notice The court let its time pass, so nothing was shown and the task goes on.
    event DisputesDismissed(uint256 indexed taskId, uint8 disputes);
    /// @notice The whole formula of one pay-out: `gross = price * power * speed * comment /
    /// (powerSum * 1e8)`.
    event SlotPaid(
        uint256 indexed taskId,
        uint8 indexed slot,
        address indexed worker,
        uint256 gross,
        uint256 fee,
        uint64 power,
        uint16 speedBps,
        uint16 commentBps
    );
    event TaskCompleted(uint256 indexed taskId, uint256 paid, uint256 fee, uint256 refund);
    event SlotFaulted(
        uint256 indexed taskId,
        uint8 indexed slot,
        address indexed worker,
        Fault fault,
        uint256 seized
    );
    event SlotCompensated(
        uint256 indexed taskId,
        uint8 indexed slot,
        address indexed worker,
        uint256 amount
    );
    /// @param state the terminal state: Cancelled, Aborted, Late, Rejected or Expired.
    event TaskEnded(
        uint256 indexed taskId,
        TaskState indexed state,
        uint256 refund,
        uint256 burned,
        uint256 toReserve
    );
    /// @notice A due task could not be ended in the block; after three times strangers must call
    /// `expire`.
    event DueTaskFailed(uint256 indexed taskId, uint8 attempts, bytes reason);

    error TaskMarketUnknownTask(uint256 taskId);
    error TaskMarketWrongState(uint256 taskId, TaskState actual);
    error TaskMarketWrongSlotState(uint256 taskId, uint8 slot, SlotState actual);
    error TaskMarketUnknownSlot(uint256 taskId, uint8 slot);
    error TaskMarketNotClient(uint256 taskId, address caller);
    error TaskMarketNotWorker(uint256 taskId, uint8 slot, address caller);
    error TaskMarketSpecOutOfBounds(bytes32 field, uint256 value, uint256 min, uint256 max);
    error TaskMarketManifestMismatch(bytes32 given, bytes32 actual);
    error TaskMarketWrongCollateral(uint256 sent, uint256 wanted);
    error TaskMarketAlreadyAccepted(uint256 taskId, address worker);
    error TaskMarketPowerTooLow(address worker, uint64 power, uint64 wanted);
    error TaskMarketPastDeadline(uint256 taskId, uint40 deadline);
    error TaskMarketBeforeDeadline(uint256 taskId, uint40 deadline);
    error TaskMarketCommitmentMismatch(uint256 taskId, uint8 slot);
    error TaskMarketReportMismatch(uint256 taskId, uint8 slot, uint32 attempt, bytes32 resultRoot);
    error TaskMarketWrongUnits(uint256 taskId, uint8 slot, uint64 given, uint64 wanted);
    error TaskMarketResultTooLarge(uint256 size, uint256 max);
    error TaskMarketHasWorkers(uint256 taskId, uint8 accepted);

    /// @notice Creates a task. `msg.value` must be `collateralFor(spec.price)`.
    /// @param manifest what to do, in the form its kind defines; at most 4 KiB.
    function createTask(
        TaskSpec calldata spec,
        bytes calldata manifest
    ) external payable returns (uint256 taskId);
    /// @notice Takes a slot. Locks the caller's worker collateral; the last acceptance starts the
    /// task.
    function accept(uint256 taskId, uint8 slot) external;
    /// @param commitment see `commitmentOf`.
    function commitResult(uint256 taskId, uint8 slot, bytes32 commitment) external;
    /// @param result the result's bytes, at most 64 KiB; only emitted.
    function revealResult(
        uint256 taskId,
        uint8 slot,
        bytes32 resultRoot,
        uint64 units,
        bytes32 salt,
        bytes calldata result
    ) external;
    /// @notice Takes the oracles' verdict. OracleHub only.
    function onAttested(
        uint256 taskId,
        uint8 slot,
        uint32 attempt,
        bytes32 resultRoot,
        Verdict verdict
    ) external;
    /// @notice Stops the payment of a task in its challenge window. DisputeCourt only.
    function onDisputeOpened(uint256 taskId, uint8 slot) external;
    /// @notice Ends one dispute; the last one lets the task go on. Does nothing when the court took
    /// so long that the dispute was dismissed. DisputeCourt only.
    /// @param faulty whether the slot's result is wrong.
    /// @param proved whether that was proved, not only voted: costs the whole worker collateral.
    function onDisputeResolved(uint256 taskId, uint8 slot, bool faulty, bool proved) external;
    /// @notice Settles a task whose challenge window has passed. Anyone.
    function finalize(uint256 taskId) external;
    /// @notice Withdraws a task that no worker has accepted. Client or sponsor.
    function cancel(uint256 taskId) external;
    /// @notice Gives a slot up: the worker loses its collateral and 3 days of comment.
    function abort(uint256 taskId, uint8 slot) external;
    /// @notice Ends a task that has missed a deadline. Anyone.
    function expire(uint256 taskId) external;

    function taskCount() external view returns (uint256 count);
    function taskOf(uint256 taskId) external view returns (Task memory);
    function slotOf(uint256 taskId, uint8 slot) external view returns (Slot memory);
    /// @notice What a client must send for a price: `ceil(price * costRangeBps / 10,000)`.
    function collateralFor(uint96 price) external view returns (uint256 amount);
    /// @notice The piece of the work that is a slot's, units `[from, to)`, by power, once the task
    /// runs.
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
