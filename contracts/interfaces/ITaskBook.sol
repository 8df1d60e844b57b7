// SPDX-License-Identifier: MIT
pragma solidity >=0.8.24;

import {Verdict} from "./IOracleHub.sol";
import {Fault} from "./IReputation.sol";

/// @title What the task market remembers, reports and refuses.
/// @custom:source TS 3.1 to 3.4; SC 3.2.1; SC 5.2
interface ITaskBook {
    enum TaskState {
        None,
        Open, // waits for enough eligible workers
        Assigned, // every slot was offered to a worker
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
        Offered,
        Accepted,
        Committed,
        Revealed,
        Attested,
        Refused, // the oracles' word against it, not carried out before the task is settled
        Repair, // lost its worker while running; the next one goes on from the last checkpoint
        Faulted, // lost for good
        Settled
    }

    /// @notice What the client asks for.
    struct TaskSpec {
        bytes32 kind; // short ASCII string: what a worker must know how to do
        bytes32 manifestHash; // keccak256 of the manifest bytes
        bytes32 sliceRoot; // global index: root over the slices of the data; zero for none
        uint96 price; // wei, for work in time by workers of comment 10,000; the limit when quoted
        uint32 units; // pieces of work, sliced over the slots by power
        uint32 expectedSeconds; // Texp
        uint8 slotCount;
        uint8 maxSlotLoss; // workers that may be lost while running before the task ends
        uint8 replicas; // slots that do the same slice, to be compared; 1 for none, at most 5
        bool isQuoted; // the price is the PriceBook's, for the two fields below
        uint32 computeUnits; // billion multiply-adds per second
        uint32 storageGiB;
        uint64 minPower; // of each worker
        address sponsor; // gets refunds; zero for the caller
    }

    struct Task {
        address client; // ─────────╮ 160 bits
        TaskState state; //         │
        uint8 slotCount; //         │
        uint8 accepted; //          │ slots that have a worker
        uint8 pending; //           │ slots that have not yet done the current step
        uint8 lost; //              │ workers that failed
        uint8 maxSlotLoss; //       │ more workers lost while running than this end the task
        uint8 dueFailures; //       │ times the block could not do what was due
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
        uint40 challengeBy; //      │ end of the challenge window, kept while disputed
        uint40 finalBy; //          │ after this a stranger can end the task whatever happened
        uint8 disputes; // ─────────╯ open ones
        uint16 feeBps; // ──────────╮
        uint16 minerBps; //         │
        uint16 graceBps; //         │
        uint16 faultBurnBps; //     │
        uint16 feeOracleBps; //     │ of the fee
        uint16 feeBurnBps; //       │ of the fee
        uint32 acceptWindow; //     │
        uint32 repairWindow; //     │
        uint32 revealWindow; //     │
        uint32 attestWindow; //     │
        uint32 disputeWindow; // ───╯
        uint96 freeTier; // ────────╮ largest part of the price that is done without collateral
        uint40 dueAt; //            │ when the block looks at the task again; 0 for never
        uint64 seedHeight; //       │ block whose hash decides the next draw
        bool isRated; //            │
        uint8 replicas; // ─────────╯ slots that do the same slice: a group
        bytes32 kind;
        bytes32 manifestHash;
        bytes32 sliceRoot;
    }

    struct Slot {
        address worker; // ─────╮ 160 bits
        SlotState state; //     │
        Fault fault; //         │ of the last worker that failed
        uint40 deadline; //     │ of accepting, committing, or of finding another worker
        uint32 attempt; //      │ workers that had the slot before
        uint8 redraws; // ──────╯ offers that came to nothing
        uint64 power; // ───────╮ snapshot at acceptance; at the start the least of its group
        uint16 commentBps; //   │ snapshot at acceptance
        uint96 collateral; //   │
        uint40 startedAt; //    │ when this worker began
        uint40 committedAt; // ─╯
        uint64 doneUnits; // ───╮ revealed
        uint32 resumedUnits; // │ done before this worker began
        uint32 pointUnits; //   │ done at the last checkpoint
        uint40 repairBy; //     │ set while the slot looks for another worker
        bool isRestored; // ────╯ attested by the court, against the oracles' word
        bytes32 commitment;
        bytes32 resultRoot;
        bytes32 pointRoot; // root of the last checkpoint
    }

    event TaskCreated(
        uint256 indexed taskId,
        address indexed client,
        bytes32 indexed kind,
        TaskSpec spec,
        uint96 price,
        uint256 collateral,
        bytes manifest
    );
    event SlotOffered(
        uint256 indexed taskId,
        uint8 indexed slot,
        address indexed worker,
        uint40 acceptBy
    );
    /// @notice Fewer workers are eligible than slots are empty; the next draw is from block
    /// `seedHeight`.
    event AssignmentShort(uint256 indexed taskId, uint256 found, uint256 wanted, uint64 seedHeight);
    /// @param isTimeout whether the worker let the offer pass.
    event SlotDeclined(
        uint256 indexed taskId,
        uint8 indexed slot,
        address indexed worker,
        bool isTimeout
    );
    event SlotAccepted(
        uint256 indexed taskId,
        uint8 indexed slot,
        address indexed worker,
        uint64 power,
        uint16 commentBps
    );
    /// @param clusterRoot keccak256(abi.encode(workers, powers)), in the order of the slots.
    event TaskStarted(
        uint256 indexed taskId,
        uint128 powerSum,
        uint40 commitBy,
        uint40 finalBy,
        bytes32 clusterRoot
    );
    /// @param accrued what the slot's worker has earned so far, at base speed; final only when the
    /// task completes.
    event SlotCheckpointed(
        uint256 indexed taskId,
        uint8 indexed slot,
        address indexed worker,
        uint32 attempt,
        bytes32 root,
        uint32 units,
        uint256 accrued
    );
    /// @notice A slot needs another worker, who goes on from `units` and `root`.
    event RepairOpened(
        uint256 indexed taskId,
        uint8 indexed slot,
        uint32 attempt,
        uint32 units,
        bytes32 root,
        uint40 repairBy
    );
    event SlotRepaired(
        uint256 indexed taskId,
        uint8 indexed slot,
        address indexed worker,
        uint32 attempt,
        uint40 commitBy
    );
    /// @notice Nobody took the slot; the task goes on without it.
    event SlotLost(uint256 indexed taskId, uint8 indexed slot);
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
    /// @notice Any other verdict than Valid refuses the slot, which can be contested until the
    /// challenge window ends.
    event SlotVerdict(uint256 indexed taskId, uint8 indexed slot, Verdict verdict);
    /// @notice Most of the slot's group hold `root`, which is not its own and which the oracles
    /// found valid.
    event SlotOutvoted(uint256 indexed taskId, uint8 indexed slot, bytes32 root);
    /// @notice The oracles let their time pass: the worker is neither paid nor blamed.
    event SlotUnjudged(uint256 indexed taskId, uint8 indexed slot, address indexed worker);
    event ChallengeOpened(uint256 indexed taskId, uint40 challengeBy);
    /// @param disputes open ones after this.
    event TaskDisputed(
        uint256 indexed taskId,
        uint8 indexed slot,
        uint8 disputes,
        uint40 disputeBy
    );
    event DisputeSettled(uint256 indexed taskId, uint8 indexed slot, bool faulty, bool proved);
    /// @notice The oracles refused the slot, and the court found its result right.
    event SlotRestored(uint256 indexed taskId, uint8 indexed slot, address indexed worker);
    /// @notice The court let its time pass, so nothing was shown and the task goes on.
    event DisputesDismissed(uint256 indexed taskId, uint8 disputes);
    /// @notice The whole formula of one pay-out: `gross = price * power * speed * comment /
    /// (powerSum * 1e8)`, of a repaired slot times `units / (its slice)`.
    /// @param units that this worker did.
    event SlotPaid(
        uint256 indexed taskId,
        uint8 indexed slot,
        address indexed worker,
        uint256 gross,
        uint256 fee,
        uint64 power,
        uint32 units,
        uint16 speedBps,
        uint16 commentBps
    );
    event TaskCompleted(uint256 indexed taskId, uint256 paid, uint256 fee, uint256 refund);
    event TaskRated(uint256 indexed taskId, address indexed client, uint8 rating);
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
    /// @notice The reserve changed: faults fill it, compensations draw on it.
    event ReserveChanged(uint256 indexed taskId, uint256 added, uint256 drawn, uint256 reserve);
    /// @param state the terminal state: Cancelled, Aborted, Late, Rejected or Expired.
    /// @param burned of what the last faults cost.
    event TaskEnded(
        uint256 indexed taskId,
        TaskState indexed state,
        uint256 refund,
        uint256 burned
    );
    /// @notice The block could not do what was due; after three times, or when the task is too
    /// large for a block (`attempts` 255), strangers must call.
    event DueTaskFailed(uint256 indexed taskId, uint8 attempts, bytes reason);

    error TaskMarketUnknownTask(uint256 taskId);
    error TaskMarketWrongState(uint256 taskId, TaskState actual);
    error TaskMarketWrongSlotState(uint256 taskId, uint8 slot, SlotState actual);
    error TaskMarketUnknownSlot(uint256 taskId, uint8 slot);
    error TaskMarketNotClient(uint256 taskId, address caller);
    error TaskMarketNotWorker(uint256 taskId, uint8 slot, address caller);
    error TaskMarketSpecOutOfBounds(bytes32 field, uint256 value, uint256 min, uint256 max);
    error TaskMarketUnevenGroups(uint8 slotCount, uint8 replicas);
    error TaskMarketManifestMismatch(bytes32 given, bytes32 actual);
    error TaskMarketPriceAboveLimit(uint256 price, uint256 limit);
    error TaskMarketWrongCollateral(uint256 sent, uint256 wanted);
    /// @notice The draw needs the hash of a block that is not there yet.
    error TaskMarketSeedPending(uint256 taskId, uint64 seedHeight, uint256 current);
    error TaskMarketNothingToAssign(uint256 taskId);
    error TaskMarketPowerTooLow(address worker, uint64 power, uint64 wanted);
    /// @notice The worker has neither the collateral nor a claim on the free tier: a part of the
    /// price of at most `freeTier` and no other open slot.
    error TaskMarketCollateralNeeded(
        address worker,
        uint256 needed,
        uint256 free,
        uint256 part,
        uint256 openSlots
    );
    error TaskMarketPastDeadline(uint256 taskId, uint40 deadline);
    error TaskMarketBeforeDeadline(uint256 taskId, uint40 deadline);
    error TaskMarketCommitmentMismatch(uint256 taskId, uint8 slot);
    error TaskMarketReportMismatch(uint256 taskId, uint8 slot, uint32 attempt, bytes32 resultRoot);
    error TaskMarketWrongUnits(uint256 taskId, uint8 slot, uint64 given, uint64 wanted);
    error TaskMarketUnitsNotRising(uint256 taskId, uint8 slot, uint32 given, uint32 last);
    error TaskMarketResultTooLarge(uint256 size, uint256 max);
    /// @notice The block that decides the draw is there, so who is drawn can be known.
    error TaskMarketDrawKnown(uint256 taskId, uint64 seedHeight, uint256 current);
    error TaskMarketRatingOutOfBounds(uint8 rating);
    error TaskMarketAlreadyRated(uint256 taskId);
    error TaskMarketPriceTooLowToRate(uint256 taskId, uint96 price, uint256 min);
}
