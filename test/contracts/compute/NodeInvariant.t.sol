// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Fault} from "../../../contracts/interfaces/IReputation.sol";
import {INodeRegistry} from "../../../contracts/interfaces/INodeRegistry.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {OneSender} from "../support/OneSender.sol";
import {vm} from "../support/Vm.sol";
import {ComputeTest} from "./ComputeTest.sol";

/// @dev Does what workers, markets and time can do, in any order, to ten nodes.
contract NodeHandler is ComputeTest {
    uint256 internal constant COUNT = 10;

    function at(uint256 i) public pure returns (address) {
        return worker(i % COUNT);
    }

    function proveOne(uint256 i, uint64 power) external {
        prove(at(i), (power % 1e10) + 1);
    }

    function retire(uint256 i) external {
        vm.prank(at(i));
        REGISTRY.retire();
    }

    function openSlot(uint256 i) external {
        vm.prank(Predeploys.TASK_MARKET);
        REGISTRY.onSlotOpened(at(i));
    }

    function closeSlot(uint256 i) external {
        vm.prank(Predeploys.LEASE_MARKET);
        REGISTRY.onSlotClosed(at(i));
    }

    function decline(uint256 i) external {
        vm.prank(Predeploys.TASK_MARKET);
        REGISTRY.onDeclined(at(i));
    }

    function fault(uint256 i, uint8 which) external {
        vm.prank(Predeploys.TASK_MARKET);
        REPUTATION.recordFault(at(i), Fault((which % 6) + 1));
    }

    function refresh(uint256 i) external {
        REGISTRY.refresh(at(i));
    }

    function disqualify(uint256 i) external {
        vm.prank(Predeploys.CAPABILITY_CHALLENGE);
        REGISTRY.disqualify(at(i), STRANGER);
    }

    function wait_(uint16 duration) external {
        pass(duration);
        REGISTRY.expire(3);
    }

    function stake(uint256 i, uint64 amount) external {
        giveCollateral(at(i), amount);
        vm.prank(at(i));
        REGISTRY.addStake(amount);
    }

    function unstake(uint256 i, uint64 amount) external {
        vm.prank(at(i));
        REGISTRY.withdrawStake(amount);
    }

    function slash(uint256 i, uint16 bps, bool isBurned) external {
        vm.prank(Predeploys.TASK_MARKET);
        REGISTRY.slashStake(at(i), bps % 10_001, isBurned ? address(0) : STRANGER);
    }
}

/// @notice Whatever happens in whatever order, the tree is the sum of its weights, only eligible
/// nodes are drawn, and no stake is lost.
contract NodeInvariantTest is ComputeTest, OneSender {
    uint256 internal constant COUNT = 10;

    NodeHandler internal handler;

    function setUp() public {
        deployCompute();
        vm.roll(1_000);
        handler = new NodeHandler();
        vm.deal(address(handler), 1e30);
        for (uint256 i = 0; i < COUNT; ++i) handler.proveOne(i, uint64(1_000 * i));
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    /// @dev What is fuzzed does happen: each step of one story changes what it should.
    function testTheHandlerMovesNodesAndStakes() public {
        uint256 power = REGISTRY.powerOf(worker(3));
        handler.openSlot(3);
        (, uint256 leased) = REGISTRY.totals();
        assertEq(leased, power, "at work");
        handler.closeSlot(3);
        (, leased) = REGISTRY.totals();
        assertEq(leased, 0, "at rest");

        handler.stake(4, 100);
        handler.unstake(4, 40);
        assertEq(REGISTRY.stakeOf(worker(4)), 60, "40 taken back");
        handler.slash(4, 5_000, true);
        assertEq(REGISTRY.stakeOf(worker(4)), 30, "half is lost");
        assertEq(Predeploys.SUPPLY_METER.balance, 30, "and burned");
        handler.slash(4, 10_000, false);
        assertEq(VAULT.freeOf(STRANGER), 30, "the rest is another's");

        uint256 weight = REGISTRY.weightOf(worker(5));
        handler.decline(5);
        assertEq(REGISTRY.weightOf(worker(5)), weight / 2, "declined");
        weight = REGISTRY.weightOf(worker(6));
        handler.fault(6, 0);
        handler.refresh(6);
        assertTrue(REGISTRY.weightOf(worker(6)) < weight, "a fault weighs");
        handler.disqualify(7);
        assertTrue(REGISTRY.reasonOf(worker(7)) == "suspended", "suspended");
        handler.retire(8);
        assertTrue(REGISTRY.reasonOf(worker(8)) == "retired", "retired");

        (uint256 before, ) = REGISTRY.totals();
        handler.wait_(50_000);
        handler.wait_(50_000);
        (uint256 proved, ) = REGISTRY.totals();
        assertTrue(0 < before && proved < before, "proofs expire");
        handler.proveOne(9, 5_000);
        assertTrue(REGISTRY.reasonOf(worker(9)) == 0, "proved anew");
    }

    /// @dev One function: the runner plays all sequences again for each.
    function invariantAllHold() public view {
        _checkTheTreeIsTheSumOfItsWeights();
        _checkEveryDrawnNodeIsEligibleAndDrawnOnce();
        _checkLeasedPowerIsAtMostProvedPower();
        _checkNoStakeIsLost();
    }

    function _checkTheTreeIsTheSumOfItsWeights() private view {
        uint256 sum = 0;
        for (uint256 i = 0; i < COUNT; ++i) sum += REGISTRY.weightOf(worker(i));
        assertEq(REGISTRY.totalWeight(), sum, "by worker");
        uint256 count = REGISTRY.placeCount();
        assertTrue(count <= COUNT, "places are used again");
        sum = 0;
        for (uint256 i = 0; i < count; ++i) {
            (address holder, uint256 weight) = REGISTRY.placeAt(i);
            assertTrue((holder == address(0)) == (weight == 0), "a place is held or empty");
            sum += weight;
        }
        assertEq(REGISTRY.totalWeight(), sum, "by place");
    }

    function _checkEveryDrawnNodeIsEligibleAndDrawnOnce() private view {
        address[] memory excluded = new address[](1);
        excluded[0] = worker(3);
        address[] memory nodes = REGISTRY.draw(keccak256("any"), COUNT, "test", 500, excluded);
        for (uint256 i = 0; i < nodes.length; ++i) {
            assertEq(REGISTRY.reasonOf(nodes[i]), 0, "eligible");
            assertTrue(REGISTRY.powerOf(nodes[i]) >= 500, "strong enough");
            assertTrue(nodes[i] != worker(3), "not excluded");
            for (uint256 j = 0; j < i; ++j) assertTrue(nodes[i] != nodes[j], "once");
        }
    }

    function _checkLeasedPowerIsAtMostProvedPower() private view {
        (uint256 provedPower, uint256 leasedPower) = REGISTRY.totals();
        uint256 proved = 0;
        uint256 leased = 0;
        for (uint256 i = 0; i < COUNT; ++i) {
            INodeRegistry.Node memory node = REGISTRY.nodeOf(worker(i));
            proved += node.countedPower;
            if (node.isLeased) leased += node.countedPower;
            assertTrue(node.countedPower <= node.power, "no more than it has");
        }
        assertEq(provedPower, proved, "proved");
        assertEq(leasedPower, leased, "leased");
        assertTrue(leased <= proved, "leased <= proved");
    }

    function _checkNoStakeIsLost() private view {
        uint256 sum = VAULT.freeOf(STRANGER);
        for (uint256 i = 0; i < COUNT; ++i) {
            address w = worker(i);
            assertEq(VAULT.lockedOf(w), REGISTRY.stakeOf(w) + REGISTRY.bondOf(w), "locked");
            sum += VAULT.freeOf(w) + VAULT.lockedOf(w);
        }
        assertEq(Predeploys.COLLATERAL_VAULT.balance, sum, "the vault holds it all");
    }
}
