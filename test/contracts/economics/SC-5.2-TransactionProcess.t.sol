// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {TaskStage} from "../support/TaskStage.sol";

/// @title SC 5.2: "the rewards are distributed according to the node contribution, and the
/// transaction is completed by HPC transfer."
/// @custom:sentence Through certain rules, the assigned tasks are dispersed and packaged into tiny
/// tasks.
/// @custom:sentence During the task assignment process, the reward value is calculated through the
/// incentive ledger algorithm, and the rewards are distributed according to the node contribution,
/// and the transaction is completed by HPC transfer.
/// @custom:sentence Smart completes the sharing of network computing resources and the transaction
/// process in which resources are called and allocated.
contract SC52TransactionProcessTest is TaskStage {
    function testRewardsFollowContributionAndAreTransferred() public {
        uint256 taskId = _start(_spec(4));
        _pass(1_000);
        for (uint8 i = 0; i < 4; ++i) _commit(taskId, i);
        _finish(taskId);
        uint256[4] memory net = [uint256(9.75e18), 19.5e18, 29.25e18, 39e18];
        for (uint256 i = 0; i < 4; ++i) {
            _same(ESCROW.creditOf(_worker(i)), net[i], "by power 1, 2, 3 and 4 of 10");
            uint256 before = _worker(i).balance;
            ESCROW.withdrawFor(_worker(i));
            _same(_worker(i).balance - before, net[i], "in HPC");
        }
    }

    function testATaskIsCutIntoAtMostSixteenParts() public {
        uint256 taskId = _start(_spec(4));
        uint256 covered = 0;
        for (uint8 i = 0; i < 4; ++i) covered += _unitsOf(taskId, i);
        _same(covered, 160, "all units, each once");
    }
}
