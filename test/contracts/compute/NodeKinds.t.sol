// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {INodeRegistry} from "../../../contracts/interfaces/INodeRegistry.sol";
import {ITaskBook} from "../../../contracts/interfaces/ITaskBook.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {vm} from "../support/Vm.sol";
import {ComputeTest} from "./ComputeTest.sol";

/// @notice A node says which kinds of task it does, and is drawn for those only.
contract NodeKindsTest is ComputeTest {
    address[] internal nobody;

    function setUp() public {
        deployCompute();
        vm.roll(1_000);
    }

    function set(address account, bytes32[] memory kinds) internal {
        vm.prank(account);
        REGISTRY.declareKinds(kinds);
    }

    function list(bytes32 one, bytes32 other) internal pure returns (bytes32[] memory kinds) {
        kinds = new bytes32[](2);
        (kinds[0], kinds[1]) = (one, other);
    }

    function drawn(bytes32 kind) internal view returns (address[] memory) {
        return REGISTRY.draw("seed", 10, kind, 0, nobody);
    }

    function testKindsReplaceThoseBefore() public {
        vm.expectEmit(Predeploys.NODE_REGISTRY);
        emit INodeRegistry.KindsDeclared(worker(0), list("digits", "matmul"));
        set(worker(0), list("digits", "matmul"));
        set(worker(0), list("matmul", "test"));
        assertTrue(!REGISTRY.doesKind(worker(0), "digits"), "no more");
        assertTrue(REGISTRY.doesKind(worker(0), "matmul"), "still");
        assertTrue(REGISTRY.doesKind(worker(0), "test"), "new");
        bytes32[] memory kinds = REGISTRY.kindsOf(worker(0));
        assertEq(kinds.length, 2, "two");
        assertEq(kinds[1], "test", "in their order");
        assertEq(REGISTRY.nodeOf(worker(0)).kindCount, 2, "counted");
    }

    function testSixteenKindsAtMost() public {
        set(worker(0), new bytes32[](16));
        vm.expectRevert(
            abi.encodeWithSelector(INodeRegistry.NodeRegistryTooManyKinds.selector, 17, 16)
        );
        REGISTRY.declareKinds(new bytes32[](17));
    }

    function testADrawPassesOverWhoDoesOtherKinds() public {
        proveWorkers(4);
        declare(worker(1), "digits");
        declare(worker(3), "digits");
        address[] memory nodes = drawn("digits");
        assertEq(nodes.length, 2, "two");
        for (uint256 i = 0; i < 2; ++i) {
            assertTrue(nodes[i] == worker(1) || nodes[i] == worker(3), "of those who do it");
        }
        assertEq(drawn("test").length, 2, "the others");
        assertEq(drawn("matmul").length, 0, "nobody does that");
        assertEq(REGISTRY.weightOf(worker(0)), 1_000, "and nobody weighs less for it");
    }

    function testWhoDoesNoKindLeavesTheDraw() public {
        proveWorkers(1);
        vm.expectEmit(Predeploys.NODE_REGISTRY);
        emit INodeRegistry.NodeExcluded(worker(0), "kindless");
        set(worker(0), new bytes32[](0));
        assertEq(REGISTRY.reasonOf(worker(0)), "kindless", "reason");
        assertEq(REGISTRY.totalWeight(), 0, "weight");
        (uint256 proved, ) = REGISTRY.totals();
        assertEq(proved, 1_000, "the power is there");
        declare(worker(0), "test");
        assertEq(REGISTRY.weightOf(worker(0)), 1_000, "back");
    }

    function testTheBusyAreToldSoFirst() public {
        proveWorkers(1);
        for (uint256 i = 0; i < 16; ++i) {
            vm.prank(Predeploys.TASK_MARKET);
            REGISTRY.onSlotOpened(worker(0));
        }
        set(worker(0), new bytes32[](0));
        assertEq(REGISTRY.reasonOf(worker(0)), "busy", "reason");
    }

    function testStrangersToAKindAreNotBotheredByItsTasks() public {
        proveWorkers(3);
        ITaskBook.TaskSpec memory s = spec(1);
        s.kind = "unheard of";
        uint256 taskId = create(s);
        passSeed();
        (uint256 height, ) = this.clock();
        vm.expectEmit(Predeploys.TASK_MARKET);
        emit ITaskBook.AssignmentShort(taskId, 0, 1, uint64(height + 1));
        MARKET.assign(taskId);
        for (uint256 i = 0; i < 3; ++i) {
            assertEq(REGISTRY.weightOf(worker(i)), 1_000 * (i + 1), "weight");
        }
        declare(worker(2), "unheard of");
        passSeed();
        MARKET.assign(taskId);
        assertEq(MARKET.slotOf(taskId, 0).worker, worker(2), "who does it");
    }

    function testARepairIsByWhoDoesTheKind() public {
        proveWorkers(3);
        ITaskBook.TaskSpec memory s = spec(2);
        s.maxSlotLoss = 1;
        uint256 taskId = start(s);
        declare(worker(2), "another");
        vm.prank(worker(0));
        MARKET.abort(taskId, 0);
        passSeed();
        (uint256 height, ) = this.clock();
        vm.expectEmit(Predeploys.TASK_MARKET);
        emit ITaskBook.AssignmentShort(taskId, 0, 1, uint64(height + 1));
        MARKET.assign(taskId);
        declare(worker(2), "test");
        passSeed();
        MARKET.assign(taskId);
        assertEq(MARKET.slotOf(taskId, 0).worker, worker(2), "who does it");
    }

    function testFuzzOnlyWhoDoesTheKindIsDrawn(bytes32 seed, uint8[8] memory does) public {
        proveWorkers(8);
        uint256 count = 0;
        for (uint256 i = 0; i < 8; ++i) {
            if (does[i] % 2 == 0) {
                declare(worker(i), "digits");
                ++count;
            }
        }
        address[] memory nodes = REGISTRY.draw(seed, 8, "digits", 0, nobody);
        assertEq(nodes.length, count, "all of them");
        for (uint256 i = 0; i < nodes.length; ++i) {
            assertTrue(REGISTRY.doesKind(nodes[i], "digits"), "does it");
        }
    }
}
