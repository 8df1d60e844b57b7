// SPDX-License-Identifier: MIT
pragma solidity >=0.8.24;

import {Verdict} from "./IOracleHub.sol";

/// @title How oracles speak: the keys that sign for them, and verdicts that they hide from one
/// another until all have decided.
/// @notice Each member of a task's committee commits to its verdict in the first half of the
/// attesting window and reveals it afterwards. As soon as a quorum has revealed the same content,
/// that is the report. Commitments bind their author and a salt, so a copied one cannot be
/// revealed.
/// @custom:source TS 2.8; SC 3.3.3
interface IOracleBallot {
    struct Poll {
        uint40 commitBy; // ──╮ seconds
        uint40 revealBy; //   │ the end of the task's attesting window
        uint32 attempt; //    │
        uint8 committed; //   │ members who have
        uint8 size; //        │ of the committee
        bool isDecided; // ───╯
    }

    struct Ballot {
        bytes32 commitment; // 0 when the member has not committed
        bool isRevealed;
        bool isPunished;
    }

    /// @notice Which key signs an oracle's reports.
    struct Keys {
        address key; // ────╮ zero for the oracle itself
        uint40 from; //     │ `nextKey` counts for committees opened from here on
        uint48 changes; // ─╯ so many keys there have been; what the next one signs
        address nextKey;
    }

    event OracleKeyChanged(address indexed oracle, address key, uint40 from);
    event HiddenAsked(uint256 indexed taskId);
    event VerdictPollOpened(uint256 indexed taskId, uint8 indexed slot, bytes32 pollId, Poll poll);
    event VerdictCommitted(bytes32 indexed pollId, address indexed oracle, bytes32 commitment);
    event VerdictRevealed(
        bytes32 indexed pollId,
        address indexed oracle,
        Verdict verdict,
        bytes32 resultRoot,
        uint64 workUnits
    );
    event VerdictDecided(bytes32 indexed pollId, Verdict verdict, uint32 bitmap);
    event VerdictMissed(bytes32 indexed pollId, address indexed oracle, bool hasCommitted);

    error OracleBallotZeroKey();
    /// @notice The new key has not signed for this change; `recovered` did, or nobody.
    error OracleBallotKeyNotProved(address key, address recovered);
    error OracleBallotKeyChangePending(address oracle, uint40 from);
    error OracleBallotTooLateToHide(uint256 taskId);
    error OracleBallotNotClient(uint256 taskId, address caller);
    error OracleBallotNotHidden(uint256 taskId);
    error OracleBallotNotAttesting(uint256 taskId, uint8 slot);
    error OracleBallotNotDrawn(bytes32 pollId, address oracle);
    /// @notice 0 is who has not committed.
    error OracleBallotZeroCommitment();
    error OracleBallotAlreadyCommitted(bytes32 pollId, address oracle);
    error OracleBallotTooLate(bytes32 pollId, uint40 deadline);
    error OracleBallotTooEarly(bytes32 pollId, uint40 deadline);
    error OracleBallotCommitmentMismatch(bytes32 pollId, address oracle);
    error OracleBallotAlreadyRevealed(bytes32 pollId, address oracle);
    /// @notice Who says Valid says so of the root and units that the slot holds.
    error OracleBallotWrongSubject(bytes32 pollId, bytes32 resultRoot, uint64 workUnits);
    /// @notice Valid was said to more work than the worker's proved power can have done in that
    /// time.
    error OracleBallotTooMuchWork(bytes32 pollId, uint64 workUnits, uint256 max);
    error OracleBallotNothingMissed(bytes32 pollId, address oracle);
    error OracleBallotUnknownPoll(bytes32 pollId);

    /// @notice From the second next epoch (day) on, `key` signs the caller's reports.
    /// @param signature of `key` over `hashKey`, 64 bytes (r, yParityAndS): nobody registers a key
    /// that it does not hold.
    function setKey(address key, bytes calldata signature) external;
    /// @notice Has a task judged by hidden verdicts, whatever its price. Its client or sponsor,
    /// before attesting opens.
    function setHidden(uint256 taskId) external;
    /// @notice Opens the poll on a slot, unless it is open: from now on silence counts. Anyone.
    function openPoll(uint256 taskId, uint8 slot) external returns (bytes32 pollId);
    /// @param commitment see `commitmentOf`. Opens the poll when nobody has.
    function commitVerdict(uint256 taskId, uint8 slot, bytes32 commitment) external;
    /// @notice Reveals once the time to commit is over or all have committed. Not needed for a poll
    /// that is decided, but who does not reveal pays.
    function revealVerdict(
        uint256 taskId,
        uint8 slot,
        Verdict verdict,
        bytes32 resultRoot,
        uint64 workUnits,
        bytes32 salt
    ) external;
    /// @notice Punishes who committed and did not reveal (2 %) or did not commit (0.1 %), after the
    /// attesting window. The caller gets a tenth.
    function punish(uint256 taskId, uint8 slot, address oracle) external;

    /// @notice Who signs for an oracle in committees opened at `time`.
    function keyAt(address oracle, uint256 time) external view returns (address key);
    /// @notice EIP-712 digest that `key` signs to become the next key of `oracle`. A change that
    /// was made cannot be made again with the same signature.
    function hashKey(address oracle, address key) external view returns (bytes32 digest);
    function isAsked(uint256 taskId) external view returns (bool);
    /// @notice The poll on what a slot holds now.
    function pollIdOf(uint256 taskId, uint8 slot) external view returns (bytes32 pollId);
    function pollOf(bytes32 pollId) external view returns (Poll memory);
    function ballotOf(bytes32 pollId, address oracle) external view returns (Ballot memory);
    /// @notice keccak256(abi.encode(taskId, slot, attempt, oracle, verdict, resultRoot, workUnits,
    /// salt)).
    function commitmentOf(
        uint256 taskId,
        uint8 slot,
        uint32 attempt,
        address oracle,
        Verdict verdict,
        bytes32 resultRoot,
        uint64 workUnits,
        bytes32 salt
    ) external pure returns (bytes32 commitment);
}
