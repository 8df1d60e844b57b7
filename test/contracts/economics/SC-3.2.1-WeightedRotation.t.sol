// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {NodesTest} from "../support/NodesTest.sol";

/// @title SC 3.2.1: "the weighted rotation task allocation mechanism"
/// @custom:sentence based on the task slicing algorithm, the data routing, global index and
/// sequence technologies of distributed tasks, as well as the weighted rotation task allocation
/// mechanism,
/// @custom:sentence can be Reasonably allocate and schedule tasks so that tasks can be processed
/// and executed as quickly as possible, and also solve the problem of load pressure caused by
/// different processing capabilities of network nodes.
contract SC321WeightedRotationTest is NodesTest {
    uint256[8] internal served;

    function proveEight() internal {
        for (uint256 i = 0; i < 8; ++i) prove(node(i), uint64(1_000 * (i + 1)));
    }

    /// @dev 3,600 tasks over powers 1 to 8: 100 for each thousand.
    function testTheLoadOfANodeFollowsItsPower() public {
        proveEight();
        for (uint256 task = 0; task < 3_600; ++task) {
            address drawn = drawOne(task);
            openSlot(drawn);
            ++served[uint160(drawn) - uint160(node(0))];
            closeSlot(drawn);
        }
        uint256 sum = 0;
        for (uint256 i = 0; i < 8; ++i) {
            uint256 fair = 100 * (i + 1);
            // Within four standard deviations, and a fifth.
            uint256 slack = 40 + fair / 10;
            assertBetween(served[i], fair - slack, fair + slack, "tasks of a node");
            sum += served[i];
        }
        assertEq(sum, 3_600, "all tasks");
    }

    /// @dev Each task is held while the next two are given out, so whoever was served is drawn half
    /// as often until it is done.
    function testANodeThatWasJustServedFallsBack() public {
        for (uint256 i = 0; i < 3; ++i) prove(node(i), 4_000);
        openSlot(node(0));
        assertEq(REGISTRY.weightOf(node(0)), 2_000, "half of its weight");
        uint256 again = 0;
        for (uint256 task = 0; task < 2_000; ++task) if (drawOne(task) == node(0)) ++again;
        // A fifth instead of a third: 400, give or take four standard deviations.
        assertBetween(again, 329, 471, "drawn again");
        closeSlot(node(0));
        assertEq(REGISTRY.weightOf(node(0)), 4_000, "whole again");
    }

    function testNobodyStarvesBesideAGiant() public {
        prove(node(0), 1_000_000);
        prove(node(1), 10_000);
        uint256 small = 0;
        for (uint256 task = 0; task < 2_000; ++task) if (drawOne(task) == node(1)) ++small;
        // One in 101: 20, give or take four standard deviations.
        assertBetween(small, 2, 38, "tasks of the small node");
    }

    function testATaskOfManySlotsGoesToAsManyNodes() public {
        proveEight();
        address[] memory nodes = REGISTRY.draw("task", 8, "test", 0, nobody);
        assertEq(nodes.length, 8, "all of them");
        for (uint256 i = 0; i < 8; ++i) {
            for (uint256 j = 0; j < i; ++j) assertTrue(nodes[i] != nodes[j], "no node twice");
        }
    }
}
