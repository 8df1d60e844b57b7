// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Initializable} from "@openzeppelin/contracts/proxy/utils/Initializable.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Fault, IReputation} from "../interfaces/IReputation.sol";
import {Predeploys} from "../libraries/Predeploys.sol";
import {SystemContract} from "../libraries/SystemContract.sol";

/// @title The Comment Adjustment.
contract Reputation
    is IReputation, SystemContract, Initializable
    layout at erc7201("poca.storage.Reputation")
{
    uint16 private constant BASE_BPS_START = 10_000;
    uint16 private constant COMMENT_BPS_MIN = 5_000;
    uint16 private constant COMMENT_BPS_MAX = 11_000;
    uint16 private constant RAISE_BPS = 25;
    uint16 private constant FAULT_BPS = 2_000;
    uint16 private constant UNATTESTED_BPS = 500;
    uint8 private constant PENALTIES_MAX = 3;
    uint8 private constant RATING_MAX = 5;
    uint256 private constant RATING_NEUTRAL = 3;
    uint256 private constant RATING_BPS = 5;

    /// @custom:source TS 3.4
    uint256 private constant ABORT_SECONDS = 3 days;

    /// @custom:source TS 3.4
    uint256 private constant LATE_SECONDS = 10 days;
    uint256 private constant UNATTESTED_SECONDS = 3 days;

    /// @dev A good name takes 40 days to earn, however many tasks one orders from oneself.
    uint256 private constant RAISE_SECONDS = 1 days;

    mapping(address worker => Record record) private _records;

    constructor() {
        _disableInitializers();
    }

    function initialize() external initializer {}

    /* RECORDING */

    /// @inheritdoc IReputation
    function recordCompletion(address worker) external onlyMarket {
        Record storage record = _records[worker];
        ++record.completed;
        if (record.raisedAt != 0 && block.timestamp < record.raisedAt + RAISE_SECONDS) return;
        uint256 base = Math.min(uint256(_base(record)) + RAISE_BPS, COMMENT_BPS_MAX);
        // At most COMMENT_BPS_MAX; a time fits 40 bits.
        (record.baseBps, record.raisedAt) = (uint16(base), uint40(block.timestamp));
        emit CommentRaised(worker, record.baseBps);
    }

    /// @inheritdoc IReputation
    function recordFault(address worker, Fault fault) external {
        if (msg.sender != Predeploys.LEASE_MARKET) _requireCaller(Predeploys.TASK_MARKET);
        require(fault != Fault.None, ReputationNoFault(worker));
        Record storage record = _records[worker];
        uint40 until;
        if (fault == Fault.Unattested) {
            until = uint40(block.timestamp + UNATTESTED_SECONDS);
            record.unattestedUntil = until;
        } else if (fault == Fault.Abort) {
            until = uint40(block.timestamp + ABORT_SECONDS);
            record.abortCount = _stack(record.abortCount, record.abortUntil);
            record.abortUntil = until;
        } else {
            until = uint40(block.timestamp + LATE_SECONDS);
            record.lateCount = _stack(record.lateCount, record.lateUntil);
            record.lateUntil = until;
        }
        if (fault == Fault.Invalid) record.baseBps = COMMENT_BPS_MIN;
        else if (fault != Fault.Unattested && record.baseBps > BASE_BPS_START) {
            record.baseBps = BASE_BPS_START;
        }
        ++record.faults;
        emit CommentPenalised(worker, fault, until, _comment(record));
    }

    /// @inheritdoc IReputation
    function recordRating(address worker, uint8 rating) external onlyMarket {
        require(rating >= 1 && rating <= RATING_MAX, ReputationRatingOutOfBounds(rating));
        Record storage record = _records[worker];
        uint256 counted = rating;
        if (rating > RATING_NEUTRAL) {
            if (record.ratedAt != 0 && block.timestamp < record.ratedAt + RAISE_SECONDS) {
                counted = RATING_NEUTRAL;
            } else {
                // A time fits 40 bits.
                record.ratedAt = uint40(block.timestamp);
            }
        }
        uint256 base = uint256(_base(record)) + counted * RATING_BPS;
        base = Math.max(base - RATING_NEUTRAL * RATING_BPS, COMMENT_BPS_MIN);
        // Between the two bounds.
        record.baseBps = uint16(Math.min(base, COMMENT_BPS_MAX));
        emit CommentRated(worker, rating, record.baseBps);
    }

    /* READING */

    /// @inheritdoc IReputation
    function commentOf(address worker) external view returns (uint16 bps) {
        return _comment(_records[worker]);
    }

    /// @inheritdoc IReputation
    function recordOf(address worker) external view returns (Record memory) {
        Record memory record = _records[worker];
        if (record.baseBps == 0) record.baseBps = BASE_BPS_START;
        if (block.timestamp >= record.abortUntil) record.abortCount = 0;
        if (block.timestamp >= record.lateUntil) record.lateCount = 0;
        return record;
    }

    /// @dev A penalty that has run out is not counted; one that runs is counted up to three times.
    function _stack(uint8 count, uint40 until) private view returns (uint8) {
        if (block.timestamp >= until) return 1;
        return count < PENALTIES_MAX ? count + 1 : PENALTIES_MAX;
    }

    function _base(Record storage record) private view returns (uint16) {
        return record.baseBps == 0 ? BASE_BPS_START : record.baseBps;
    }

    function _comment(Record storage record) private view returns (uint16) {
        uint256 penalty = 0;
        if (block.timestamp < record.abortUntil) penalty += uint256(record.abortCount) * FAULT_BPS;
        if (block.timestamp < record.lateUntil) penalty += uint256(record.lateCount) * FAULT_BPS;
        if (block.timestamp < record.unattestedUntil) penalty += UNATTESTED_BPS;
        uint256 comment = Math.max(Math.saturatingSub(_base(record), penalty), COMMENT_BPS_MIN);
        // Between the two bounds.
        return uint16(Math.min(comment, COMMENT_BPS_MAX));
    }
}
