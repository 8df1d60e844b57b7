// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {TaskStage} from "../support/TaskStage.sol";
import {vm} from "../support/Vm.sol";

/// @title TS 3.3: "it will be positively evaluated and reflected in the future reward parameter,
/// the Comment Adjustment."
/// @notice A task in time adds 25 of 10,000, once a day, up to 11,000. The client's stars add or
/// take ten at most.
/// @custom:sentence If the miner's mission is completed within the expected time, it will be
/// positively evaluated and reflected in the future reward parameter, the Comment Adjustment.
contract TS33PositiveEvaluationTest is TaskStage {
    function testATaskInTimeAdds25() public {
        _same(REPUTATION.commentOf(_worker(0)), 10_000, "at first");
        _run(100e18, 1_000);
        _same(REPUTATION.commentOf(_worker(0)), 10_025, "after a task in time");
        uint256 taskId = _run(100e18, 1_000);
        _same(MARKET.accrued(taskId), 100.25e18, "and the next pays more");
    }

    function testATaskOneSecondOverTheExpectedTimeAddsNothing() public {
        _run(100e18, 1_001);
        _same(REPUTATION.commentOf(_worker(0)), 10_000, "in the grace time");
    }

    function testTheClientsStarsCountTenAtMost() public {
        uint16[5] memory expected = [uint16(10_015), 10_010, 10_010, 10_015, 10_015];
        for (uint8 stars = 1; stars <= 5; ++stars) {
            uint256 taskId = _run(100e18, 1_000);
            vm.prank(CLIENT);
            MARKET.rate(taskId, stars);
            _same(REPUTATION.commentOf(_worker(0)), expected[stars - 1], "stars raise once a day");
        }
    }
}
