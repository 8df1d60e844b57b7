// SPDX-License-Identifier: MIT
pragma solidity >=0.8.24;

import {IHubModule} from "./IHubModule.sol";
import {Verdict} from "./IOracleHub.sol";
import {ITaskBook} from "./ITaskBook.sol";

/// @title Paid work: giving it out, judging it and ending it.
/// @custom:source TS 3.2 to 3.4; SC 3.2.1
interface ITaskEndings is ITaskBook, IHubModule {
    /// @notice Offers every empty slot to a worker, drawn by weight by the hash of the task's seed
    /// block. Anyone. When too few are eligible an open task waits for a later seed, until its
    /// deadline.
    function assign(uint256 taskId) external;
    /// @notice Gives an offer back. The worker's weight is halved for a day. Offered worker only.
    function decline(uint256 taskId, uint8 slot) external;
    /// @notice Takes back an offer that was not accepted in time; the slot is drawn anew from the
    /// next block's hash. After three redraws of one slot the task is cancelled. Anyone.
    function reoffer(uint256 taskId, uint8 slot) external;
    /// @notice Withdraws an open task while nobody can know who is drawn for it: until the block
    /// after the one of its creation, or of its last draw, is over. Client or sponsor.
    function cancel(uint256 taskId) external;
    /// @notice Gives a slot up: the worker loses its collateral, half of it in the first tenth of
    /// the expected time, and 3 days of comment.
    function abort(uint256 taskId, uint8 slot) external;

    /// @notice Takes the oracles' verdict. A root that they find valid and that more than half of
    /// the slot's group hold puts the others of the group out. A slot that they do not find valid
    /// is refused: it stays held, and whoever doubts that may dispute it. OracleHub only.
    function onAttested(
        uint256 taskId,
        uint8 slot,
        uint32 attempt,
        bytes32 resultRoot,
        Verdict verdict
    ) external;
    /// @notice Stops the payment of a task in its challenge window. DisputeCourt only.
    function onDisputeOpened(uint256 taskId, uint8 slot) external;
    /// @notice Ends one dispute; the last one lets the task go on. A refused slot that is not
    /// faulty is attested. Does nothing when the court took so long that the dispute was dismissed.
    /// DisputeCourt only.
    /// @param faulty whether the slot's result is wrong.
    /// @param proved whether that was proved, not only voted: costs the whole worker collateral and
    /// a tenth of the stake.
    function onDisputeResolved(uint256 taskId, uint8 slot, bool faulty, bool proved) external;
    /// @notice The worker did not serve its result when the court asked: costs a quarter of the
    /// collateral, and the pay. Ends the dispute like `onDisputeResolved`. DisputeCourt only.
    function onResultUnavailable(uint256 taskId, uint8 slot) external;

    /// @notice Does what is due, if anything is: draws workers, takes back offers, ends what missed
    /// a deadline. Anyone.
    /// @return acted whether anything was due.
    function advance(uint256 taskId) external returns (bool acted);
    /// @notice Settles a task whose challenge window has passed: pays what is attested; what is
    /// refused costs the pay, and 3 days of comment. Without an attested slot the task is rejected.
    /// Anyone.
    function finalize(uint256 taskId) external;
    /// @notice Ends what has missed a deadline. Anyone.
    function expire(uint256 taskId) external;
    /// @notice Says how good the work was, once for a completed task whose price is at least
    /// `task.ratingPriceMin`. Client only.
    /// @param rating 1 to 5; moves the base of each paid worker's comment by (rating - 3) * 5.
    function rate(uint256 taskId, uint8 rating) external;
}
