// SPDX-License-Identifier: MIT
pragma solidity >=0.8.24;

/// @notice What a worker did wrong. `Invalid` is proved, `Unattested` is the oracles' word only.
enum Fault {
    None,
    Abort,
    Late,
    NonReveal,
    Invalid,
    Unattested,
    Unavailable
}

/// @title The Comment Adjustment.
/// @notice A factor on a worker's reward, in basis points, between 5,000 and 11,000. Starts at
/// 10,000, grows by 25 with a task done in time, once a day at most, and is lowered for 3 days by
/// an abort and for 10 days by a late task.
/// @custom:source TS 3.3, TS 3.4
interface IReputation {
    struct Record {
        uint16 baseBps;
        uint8 abortCount; // within the running penalty, at most 3
        uint8 lateCount;
        uint40 abortUntil; // seconds
        uint40 lateUntil;
        uint40 unattestedUntil;
        uint32 completed;
        uint32 faults;
        uint40 raisedAt; // last time that work raised the base
        uint40 ratedAt; // last time that a client's rating did
    }

    event CommentRaised(address indexed worker, uint16 baseBps);
    /// @param rating of a client, 1 to 5.
    event CommentRated(address indexed worker, uint8 rating, uint16 baseBps);
    event CommentPenalised(
        address indexed worker,
        Fault indexed fault,
        uint40 until,
        uint16 commentBps
    );

    error ReputationNoFault(address worker);
    error ReputationRatingOutOfBounds(uint8 rating);

    /// @notice Records a task done in time. Raises the base when it was not raised for a day.
    /// Market only.
    function recordCompletion(address worker) external;
    /// @notice Records a fault. TaskMarket or LeaseMarket only.
    function recordFault(address worker, Fault fault) external;
    /// @notice Records a client's rating: the base moves by (rating - 3) * 5, within 5,000 and
    /// 11,000; upwards once a day at most. Market only.
    /// @param rating 1 to 5.
    function recordRating(address worker, uint8 rating) external;

    /// @notice The Comment Adjustment of `worker` now, in basis points.
    function commentOf(address worker) external view returns (uint16 bps);
    function recordOf(address worker) external view returns (Record memory);
}
