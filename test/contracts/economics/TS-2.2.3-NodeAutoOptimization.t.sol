// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Fault, IReputation} from "../../../contracts/interfaces/IReputation.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {NodesTest} from "../support/NodesTest.sol";
import {vm} from "../support/Vm.sol";

/// @title TS 2.2.3: "The node auto-optimization function will filter high-quality nodes"
/// @custom:sentence The node auto-optimization function will filter high-quality nodes and perform
/// automatic load matching on computing tasks to meet the stability and elasticity requirements of
/// user tasks.
/// @custom:sentence The computing resources should be flexibly scheduled according to user
/// requirements.
contract TS223NodeAutoOptimizationTest is NodesTest {
    function fail_(address account, Fault fault) internal {
        vm.prank(Predeploys.TASK_MARKET);
        IReputation(Predeploys.REPUTATION).recordFault(account, fault);
        REGISTRY.refresh(account);
    }

    function testANodeOfBadWorkIsFilteredOutAndToldWhy() public {
        prove(node(0), 9_000);
        prove(node(1), 1_000);
        // A proved fraud takes half of the comment; 5,500 is the least that is drawn.
        fail_(node(0), Fault.Invalid);
        assertTrue(REGISTRY.reasonOf(node(0)) == "comment", "the reason");
        for (uint256 task = 0; task < 50; ++task) assertTrue(drawOne(task) == node(1), "the other");
    }

    function testANodeWhoseProofIsADayOldIsFilteredOut() public {
        prove(node(0), 9_000);
        _endBlock(1);
        prove(node(1), 1_000);
        _endBlock(86_399);
        assertTrue(REGISTRY.reasonOf(node(0)) == "stale", "the reason");
        for (uint256 task = 0; task < 50; ++task) assertTrue(drawOne(task) == node(1), "the other");
    }

    function testWorseWorkMeansLessWork() public {
        prove(node(0), 10_000);
        assertEq(REGISTRY.weightOf(node(0)), 10_000, "weight");
        fail_(node(0), Fault.Abort);
        assertEq(REGISTRY.weightOf(node(0)), 8_000, "after an abort");
    }

    function testLoadIsMatchedToWhatANodeAlreadyDoes() public {
        prove(node(0), 8_000);
        for (uint256 slots = 1; slots <= 3; ++slots) {
            openSlot(node(0));
            assertEq(REGISTRY.weightOf(node(0)), 8_000 >> slots, "halved by each");
        }
        for (uint256 slots = 4; slots <= 16; ++slots) openSlot(node(0));
        assertTrue(REGISTRY.reasonOf(node(0)) == "busy", "sixteen are enough");
        closeSlot(node(0));
        assertEq(uint256(REGISTRY.reasonOf(node(0))), 0, "back in");
    }

    function testATaskGetsNodesOfThePowerItAsksFor() public {
        for (uint256 i = 1; i <= 6; ++i) prove(node(i), uint64(i * 1_000));
        address[] memory nodes = REGISTRY.draw("task", 6, "test", 4_000, nobody);
        assertEq(nodes.length, 3, "of 4,000, 5,000 and 6,000");
        for (uint256 i = 0; i < 3; ++i) assertTrue(REGISTRY.powerOf(nodes[i]) >= 4_000, "power");
    }
}
