// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Initializable} from "@openzeppelin/contracts/proxy/utils/Initializable.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {IOracleBallot} from "../interfaces/IOracleBallot.sol";
import {IOracleHub, Offence, Verdict} from "../interfaces/IOracleHub.sol";
import {Fault} from "../interfaces/IReputation.sol";
import {ITaskBook} from "../interfaces/ITaskBook.sol";
import {ITaskMarket} from "../interfaces/ITaskMarket.sol";
import {Predeploys} from "../libraries/Predeploys.sol";
import {WorkLimit} from "../libraries/WorkLimit.sol";

/// @title How oracles speak: their keys, and verdicts hidden until all have decided.
/// @dev A poll belongs to one committee, slot and attempt. It holds no money: punishing is the
/// hub's.
contract OracleBallot
    is IOracleBallot, Initializable, EIP712
    layout at erc7201("poca.storage.OracleBallot")
{
    IOracleHub private constant HUB = IOracleHub(Predeploys.ORACLE_HUB);
    ITaskMarket private constant MARKET = ITaskMarket(Predeploys.TASK_MARKET);

    /// @dev As of a report.
    uint256 private constant MEMBERS_MIN = 3;
    uint256 private constant EPOCH = 1 days;
    uint256 private constant KEY_DELAY_EPOCHS = 2;

    /// @dev Of one compact signature (EIP-2098).
    uint256 private constant SIGNATURE_SIZE = 64;

    bytes32 private constant KEY_TYPEHASH = keccak256(
        "OracleKey(address oracle,address key,uint256 change)"
    );

    mapping(address oracle => Keys keys) private _keys;
    mapping(uint256 taskId => bool isAsked) private _asked;
    mapping(bytes32 pollId => Poll poll) private _polls;
    mapping(bytes32 pollId => mapping(address oracle => Ballot ballot)) private _ballots;

    /// @dev Who revealed a content, by bit in the committee.
    mapping(bytes32 pollId => mapping(bytes32 content => uint32 bitmap)) private _tallies;

    constructor() EIP712("POCA Oracle Ballot", "1") {
        _disableInitializers();
    }

    function initialize() external initializer {}

    /* KEYS */

    /// @inheritdoc IOracleBallot
    /// @dev One change at a time, and a day of rest after each: a committee is open for a day at
    /// most, so two keys suffice to know who signs for it.
    function setKey(address key, bytes calldata signature) external {
        Keys storage keys = _keys[msg.sender];
        require(key != address(0), OracleBallotZeroKey());
        bool isQuiet = keys.nextKey == address(0) || block.timestamp > keys.from + EPOCH;
        require(isQuiet, OracleBallotKeyChangePending(msg.sender, keys.from));
        _checkPossession(key, signature);
        keys.key = keys.nextKey;
        keys.nextKey = key;
        // A time plus two days.
        keys.from = uint40((block.timestamp / EPOCH + KEY_DELAY_EPOCHS) * EPOCH);
        ++keys.changes;
        emit OracleKeyChanged(msg.sender, key, keys.from);
    }

    /* VOTING */

    /// @inheritdoc IOracleBallot
    function setHidden(uint256 taskId) external {
        ITaskBook.Task memory task = MARKET.taskOf(taskId);
        require(
            msg.sender == task.client || msg.sender == task.sponsor,
            OracleBallotNotClient(taskId, msg.sender)
        );
        require(task.state < ITaskBook.TaskState.Attesting, OracleBallotTooLateToHide(taskId));
        _asked[taskId] = true;
        emit HiddenAsked(taskId);
    }

    /// @inheritdoc IOracleBallot
    function openPoll(uint256 taskId, uint8 slot) external returns (bytes32 pollId) {
        (pollId, ) = _openPoll(taskId, slot);
    }

    /// @inheritdoc IOracleBallot
    function commitVerdict(uint256 taskId, uint8 slot, bytes32 commitment) external {
        require(commitment != 0, OracleBallotZeroCommitment());
        (bytes32 pollId, address[] memory members) = _openPoll(taskId, slot);
        _indexOf(pollId, members, msg.sender);
        Poll storage poll = _polls[pollId];
        require(block.timestamp <= poll.commitBy, OracleBallotTooLate(pollId, poll.commitBy));
        Ballot storage ballot = _ballots[pollId][msg.sender];
        require(ballot.commitment == 0, OracleBallotAlreadyCommitted(pollId, msg.sender));
        ballot.commitment = commitment;
        ++poll.committed;
        emit VerdictCommitted(pollId, msg.sender, commitment);
    }

    /// @inheritdoc IOracleBallot
    function revealVerdict(
        uint256 taskId,
        uint8 slot,
        Verdict verdict,
        bytes32 resultRoot,
        uint64 workUnits,
        bytes32 salt
    ) external {
        (bytes32 pollId, address[] memory members) = _pollOn(taskId, slot);
        Poll storage poll = _pollAt(pollId);
        bool isTime = block.timestamp > poll.commitBy || poll.committed == poll.size;
        require(isTime, OracleBallotTooEarly(pollId, poll.commitBy));
        require(block.timestamp <= poll.revealBy, OracleBallotTooLate(pollId, poll.revealBy));
        Ballot storage ballot = _ballots[pollId][msg.sender];
        require(!ballot.isRevealed, OracleBallotAlreadyRevealed(pollId, msg.sender));
        bytes32 commitment = commitmentOf(
            taskId,
            slot,
            poll.attempt,
            msg.sender,
            verdict,
            resultRoot,
            workUnits,
            salt
        );
        require(
            commitment == ballot.commitment,
            OracleBallotCommitmentMismatch(pollId, msg.sender)
        );
        ballot.isRevealed = true;
        emit VerdictRevealed(pollId, msg.sender, verdict, resultRoot, workUnits);
        if (poll.isDecided) return;
        _checkSubject(pollId, taskId, slot, verdict, resultRoot, workUnits);
        bytes32 content = keccak256(abi.encode(verdict, resultRoot, workUnits));
        // At most 31 members.
        uint32 bitmap =
            _tallies[pollId][content] | uint32(1 << _indexOf(pollId, members, msg.sender));
        _tallies[pollId][content] = bitmap;
        _decide(pollId, taskId, slot, verdict, bitmap);
    }

    /// @inheritdoc IOracleBallot
    function punish(uint256 taskId, uint8 slot, address oracle) external {
        (bytes32 pollId, address[] memory members) = _pollOn(taskId, slot);
        Poll storage poll = _pollAt(pollId);
        require(block.timestamp > poll.revealBy, OracleBallotTooEarly(pollId, poll.revealBy));
        _indexOf(pollId, members, oracle);
        Ballot storage ballot = _ballots[pollId][oracle];
        bool hasCommitted = ballot.commitment != 0;
        bool hasMissed = hasCommitted || !_isCutShort(poll, taskId, slot);
        require(
            !ballot.isRevealed && !ballot.isPunished && hasMissed,
            OracleBallotNothingMissed(pollId, oracle)
        );
        ballot.isPunished = true;
        emit VerdictMissed(pollId, oracle, hasCommitted);
        Offence offence = hasCommitted ? Offence.Unrevealed : Offence.Silent;
        HUB.slash(oracle, offence, IOracleHub.Claim(address(0), 0, msg.sender));
    }

    /* READING */

    /// @inheritdoc IOracleBallot
    function keyAt(address oracle, uint256 time) external view returns (address key) {
        Keys storage keys = _keys[oracle];
        bool isNext = keys.nextKey != address(0) && time >= keys.from;
        key = isNext ? keys.nextKey : keys.key;
        if (key == address(0)) return oracle;
    }

    /// @inheritdoc IOracleBallot
    function isAsked(uint256 taskId) external view returns (bool) {
        return _asked[taskId];
    }

    /// @inheritdoc IOracleBallot
    function pollIdOf(uint256 taskId, uint8 slot) external view returns (bytes32 pollId) {
        (pollId, ) = _pollOn(taskId, slot);
    }

    /// @inheritdoc IOracleBallot
    function pollOf(bytes32 pollId) external view returns (Poll memory) {
        return _polls[pollId];
    }

    /// @inheritdoc IOracleBallot
    function ballotOf(bytes32 pollId, address oracle) external view returns (Ballot memory) {
        return _ballots[pollId][oracle];
    }

    /// @inheritdoc IOracleBallot
    function hashKey(address oracle, address key) public view returns (bytes32 digest) {
        return
            _hashTypedDataV4(
                keccak256(abi.encode(KEY_TYPEHASH, oracle, key, uint256(_keys[oracle].changes)))
            );
    }

    /// @inheritdoc IOracleBallot
    function commitmentOf(
        uint256 taskId,
        uint8 slot,
        uint32 attempt,
        address oracle,
        Verdict verdict,
        bytes32 resultRoot,
        uint64 workUnits,
        bytes32 salt
    ) public pure returns (bytes32 commitment) {
        return
            keccak256(
                abi.encode(taskId, slot, attempt, oracle, verdict, resultRoot, workUnits, salt)
            );
    }

    /// @dev The key is part of what it signs: whatever bytes are given, some key recovers from
    /// them, but not the one that was hashed.
    function _checkPossession(address key, bytes calldata signature) private view {
        address signer = address(0);
        if (signature.length == SIGNATURE_SIZE) {
            // A high s gives no signer.
            (signer, , ) = ECDSA.tryRecover(
                hashKey(msg.sender, key),
                bytes32(signature[:32]),
                bytes32(signature[32:])
            );
        }
        require(signer == key, OracleBallotKeyNotProved(key, signer));
    }

    function _openPoll(
        uint256 taskId,
        uint8 slot
    ) private returns (bytes32 pollId, address[] memory members) {
        require(HUB.isHidden(taskId), OracleBallotNotHidden(taskId));
        ITaskBook.Task memory task = MARKET.taskOf(taskId);
        ITaskBook.Slot memory its = MARKET.slotOf(taskId, slot);
        require(_isWaiting(task, its), OracleBallotNotAttesting(taskId, slot));
        bytes32 digest;
        (members, digest, ) = HUB.fixCommittee(bytes32(taskId));
        pollId = _hashId(digest, slot, its.attempt);
        Poll storage poll = _polls[pollId];
        if (poll.revealBy != 0) return (pollId, members);
        // The first half of the attesting window is for committing. Times plus windows of 32 bits.
        poll.commitBy = uint40(task.deadline - task.attestWindow / 2);
        poll.revealBy = task.deadline;
        poll.attempt = its.attempt;
        // At most 31.
        poll.size = uint8(members.length);
        emit VerdictPollOpened(taskId, slot, pollId, poll);
    }

    /// @dev Reports the verdict to the hub when a quorum agrees, unless the task has ended.
    function _decide(
        bytes32 pollId,
        uint256 taskId,
        uint8 slot,
        Verdict verdict,
        uint32 bitmap
    ) private {
        (address[] memory members, , uint8 quorum) = HUB.committeeOf(taskId);
        // Fewer than sign a report decide nothing: the task expires and refunds its sponsor.
        if (members.length < MEMBERS_MIN || _countBits(bitmap) < quorum) return;
        ITaskBook.Task memory task = MARKET.taskOf(taskId);
        if (!_isWaiting(task, MARKET.slotOf(taskId, slot))) return;
        _polls[pollId].isDecided = true;
        emit VerdictDecided(pollId, verdict, bitmap);
        HUB.submitBallot(taskId, slot, verdict, bitmap);
    }

    function _checkSubject(
        bytes32 pollId,
        uint256 taskId,
        uint8 slot,
        Verdict verdict,
        bytes32 resultRoot,
        uint64 workUnits
    ) private view {
        ITaskBook.Slot memory its = MARKET.slotOf(taskId, slot);
        bool isValid = verdict == Verdict.Valid;
        bool isFit =
            verdict != Verdict.None &&
                (!isValid || (resultRoot == its.resultRoot && workUnits == its.doneUnits));
        require(isFit, OracleBallotWrongSubject(pollId, resultRoot, workUnits));
        uint256 max = WorkLimit.maxUnits(its);
        require(!isValid || workUnits <= max, OracleBallotTooMuchWork(pollId, workUnits, max));
    }

    /// @dev The poll of the task's current committee on what the slot holds.
    function _pollOn(
        uint256 taskId,
        uint8 slot
    ) private view returns (bytes32 pollId, address[] memory members) {
        bytes32 digest;
        (members, digest, ) = HUB.committeeOf(taskId);
        pollId = _hashId(digest, slot, MARKET.slotOf(taskId, slot).attempt);
    }

    function _pollAt(bytes32 pollId) private view returns (Poll storage poll) {
        poll = _polls[pollId];
        require(poll.revealBy != 0, OracleBallotUnknownPoll(pollId));
    }

    /// @dev Whether the slot's group put it out while it was being judged: from then on nobody
    /// could commit. Otherwise only a decision makes a slot unattested.
    function _isCutShort(
        Poll storage poll,
        uint256 taskId,
        uint8 slot
    ) private view returns (bool) {
        return !poll.isDecided && MARKET.slotOf(taskId, slot).fault == Fault.Unattested;
    }

    function _isWaiting(
        ITaskBook.Task memory task,
        ITaskBook.Slot memory slot
    ) private pure returns (bool) {
        return
            task.state == ITaskBook.TaskState.Attesting &&
            slot.state == ITaskBook.SlotState.Revealed;
    }

    function _indexOf(
        bytes32 pollId,
        address[] memory members,
        address oracle
    ) private pure returns (uint256 index) {
        for (; index < members.length; ++index) {
            if (members[index] == oracle) return index;
        }
        revert OracleBallotNotDrawn(pollId, oracle);
    }

    function _hashId(bytes32 digest, uint8 slot, uint32 attempt) private pure returns (bytes32) {
        return keccak256(abi.encode(digest, slot, attempt));
    }

    function _countBits(uint32 bitmap) private pure returns (uint256 count) {
        for (; bitmap != 0; bitmap &= bitmap - 1) ++count;
    }
}
