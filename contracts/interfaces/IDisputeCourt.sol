// SPDX-License-Identifier: MIT
pragma solidity >=0.8.24;

import {TaskAttestation} from "./IOracleHub.sol";

/// @title Where a verdict of the oracles is disputed before money moves.
/// @notice What can be recomputed on chain is decided at once and without a bond: a false entry of
/// a matrix product, two signatures of one oracle on different contents. A worker that hides a
/// piece of its result can be asked for it. Everything else goes to a jury of other oracles: who
/// opens the dispute puts a bond at stake, who loses may appeal with twice the bond to twice the
/// jury, and the third round is the directors'. A slot that the oracles refused is disputed in the
/// same way by who says that it is not faulty. While a task is disputed none of its slots is paid.
/// Every dispute is ended by strangers once its time is over.
/// @custom:source TS 3.2; POCA "Disputes"
interface IDisputeCourt {
    enum DisputeKind {
        None,
        Reexecute,
        ChunkMissing
    }

    enum DisputeState {
        None,
        Voting,
        Appealable, // decided, unless appealed against
        Asked, // the worker is to show a piece of its result
        Closed
    }

    struct Dispute {
        uint256 taskId;
        address opener; // ────╮ the hub when its second committee contradicted
        DisputeKind kind; //   │
        DisputeState state; // │
        uint8 slot; //         │
        uint8 round; //        │ 1 to 3
        bool isFaulty; //      │ what the last round with a majority decided
        bool isDecided; //     │ whether there was one
        bool isRefusal; //     │ the slot was refused when this was opened
        uint40 deadline; // ───╯ of the current state
        uint96 bond; // ───────╮ of the current round, wei
        uint32 leafIndex; //   │ asked for
        uint8 jurySize; // ────╯ wanted in the current round
        uint32 forCount; //    votes for faulty in the current round
        uint32 againstCount;
        uint40 height; // of the block that opened the current round
    }

    /// @notice What someone has at stake.
    struct Bond {
        address payer; // ──╮
        uint96 amount; // ──╯ wei, locked in the vault
        bool isForFaulty; // the side it is on
    }

    /// @notice Where in a product, what was committed to there, and how to see that.
    struct FalseEntry {
        bytes manifest;
        uint256 row;
        uint256 column;
        bytes entries; // the 64 int32 of the leaf that holds the entry
        bytes32[] path;
    }

    event DisputeOpened(
        uint256 indexed disputeId,
        uint256 indexed taskId,
        uint8 indexed slot,
        DisputeKind kind,
        address opener,
        uint256 bond
    );
    event RoundOpened(
        uint256 indexed disputeId,
        uint8 indexed round,
        bytes32 juryKey,
        uint8 jurySize,
        uint40 voteBy
    );
    event JurorVoted(uint256 indexed disputeId, uint8 indexed round, address juror, bool isFaulty);
    /// @notice Neither side had a majority of the jury; a larger one votes, at nobody's cost.
    event RoundUndecided(uint256 indexed disputeId, uint8 indexed round);
    event RoundDecided(
        uint256 indexed disputeId,
        uint8 indexed round,
        bool isFaulty,
        uint40 appealBy
    );
    event Appealed(
        uint256 indexed disputeId,
        uint8 indexed round,
        address indexed payer,
        uint256 bond
    );
    event ChunkShown(uint256 indexed disputeId, bytes leaf);
    event DisputeClosed(uint256 indexed disputeId, bool isFaulty);
    /// @notice `amount == toWinner + toJurors + burned`, wei.
    event BondForfeited(
        uint256 indexed disputeId,
        address indexed payer,
        address indexed winner,
        uint256 amount,
        uint256 toWinner,
        uint256 toJurors,
        uint256 burned
    );
    event JurorPaid(uint256 indexed disputeId, address indexed juror, uint256 amount);
    event FalseEntryProved(
        uint256 indexed taskId,
        uint8 indexed slot,
        address indexed finder,
        uint256 row,
        uint256 column
    );
    event EquivocationProved(address indexed oracle, address indexed finder, uint256 taskId);

    error DisputeCourtUnknownDispute(uint256 disputeId);
    error DisputeCourtWrongState(uint256 disputeId, DisputeState actual);
    error DisputeCourtPastDeadline(uint256 disputeId, uint40 deadline);
    error DisputeCourtBeforeDeadline(uint256 disputeId, uint40 deadline);
    error DisputeCourtAlreadyDisputed(uint256 taskId, uint8 slot, uint256 disputeId);
    error DisputeCourtNotJuror(uint256 disputeId, address account);
    error DisputeCourtAlreadyVoted(uint256 disputeId, address account);
    error DisputeCourtNotInTree(bytes32 root, uint32 leafIndex);
    error DisputeCourtNoSuchLeaf(uint32 leafIndex, uint32 from, uint32 to);
    error DisputeCourtNotMatmul(uint256 taskId, bytes32 kind);
    error DisputeCourtManifestMismatch(bytes32 given, bytes32 actual);
    error DisputeCourtTrueEntry(uint256 taskId, uint8 slot, uint256 row, uint256 column);
    error DisputeCourtAlreadyProved(uint256 taskId, uint8 slot);
    error DisputeCourtNotAttested(uint256 taskId, uint8 slot);
    /// @notice Nobody is paid for a refused slot, so nothing of it has to be shown.
    error DisputeCourtRefusedSlot(uint256 taskId, uint8 slot);
    error DisputeCourtSameContent();
    error DisputeCourtNotSigned(address oracle, address recovered);
    error DisputeCourtNothingDue(uint256 disputeId, address juror);

    /* OBJECTIVE */

    /// @notice Proves an entry of a task's matrix product false. For kind "matmul", whose manifest
    /// is abi.encode(bytes32 seed, uint256 n) and whose result root is that of `MatmulProof`. The
    /// task loses the slot, the worker its collateral, and each who attested it half of its own;
    /// who refused it was right. After the payment only those who attested it pay.
    function proveFalseEntry(uint256 taskId, uint8 slot, FalseEntry calldata proof) external;
    /// @notice Proves that an oracle signed two contents for one slot. Validity times do not count
    /// as content: signing the same again for longer is no offence.
    function proveEquivocation(
        address oracle,
        TaskAttestation calldata one,
        TaskAttestation calldata other,
        bytes calldata signatureOfOne,
        bytes calldata signatureOfOther
    ) external;

    /* ASKING */

    /// @notice Asks the worker of an attested slot in its challenge window for one leaf of its
    /// result. It has 60 seconds. The caller's bond is `court.bondMin`.
    /// @param leafIndex of the whole task: within the slot's slice.
    function askForChunk(
        uint256 taskId,
        uint8 slot,
        uint32 leafIndex
    ) external returns (uint256 disputeId);
    /// @notice Shows the leaf. Anyone who has it.
    /// @param leaf begins with its index, big endian: u64 of a matrix product, else u32.
    function showChunk(uint256 disputeId, bytes calldata leaf, bytes32[] calldata path) external;

    /* JURIES */

    /// @notice Has a slot in its challenge window executed again. Locks the caller's bond: the
    /// larger of `court.bondMin` and `court.bondBps` of the price. It stands against the oracles:
    /// for faulty where they attested the slot, for not faulty where they refused it. Anyone.
    function openDispute(uint256 taskId, uint8 slot) external returns (uint256 disputeId);
    /// @notice The same without a bond, when the second committee contradicted. OracleHub only.
    function openByRecheck(uint256 taskId, uint8 slot) external;
    /// @notice Votes in the current round: a member of its jury, in round 3 who acted for a seat
    /// when it was opened.
    function vote(uint256 disputeId, bool isFaulty) external;
    /// @notice Counts the votes once the time is over or a majority of the jury agrees. Without a
    /// majority of the whole jury, silent members included, a larger jury votes. Without one of the
    /// directors, who are the last, what an earlier jury found stands; where none found anything
    /// the oracles' word does, and all bonds go back. Anyone.
    function decide(uint256 disputeId) external;
    /// @notice Takes the decided dispute to the next round. Locks twice the last round's bond.
    function appeal(uint256 disputeId) external;
    /// @notice Carries out what was decided, or that the worker has not answered. Anyone.
    function close(uint256 disputeId) external;
    /// @notice Credits a juror its part of the forfeited bonds in the vault. Anyone.
    function payJuror(uint256 disputeId, address juror) external;

    /* READING */

    function disputeCount() external view returns (uint256 count);
    function disputeOf(uint256 disputeId) external view returns (Dispute memory);
    /// @notice What is at stake, first round first.
    function bondsOf(uint256 disputeId) external view returns (Bond[] memory);
    /// @notice Key of a round's jury in OracleHub.
    function juryKeyOf(uint256 disputeId, uint8 round) external pure returns (bytes32 key);
    /// @notice Wei that opening a dispute about a task puts at stake.
    function bondFor(uint256 taskId) external view returns (uint256 amount);
}
