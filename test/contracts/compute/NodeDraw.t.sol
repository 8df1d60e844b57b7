// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {INodeRegistry} from "../../../contracts/interfaces/INodeRegistry.sol";
import {IProtocolParams} from "../../../contracts/interfaces/IProtocolParams.sol";
import {Fault} from "../../../contracts/interfaces/IReputation.sol";
import {ParamKeys} from "../../../contracts/libraries/ParamKeys.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {SystemContract} from "../../../contracts/libraries/SystemContract.sol";
import {PowerGrant} from "../support/PowerGrant.sol";
import {vm} from "../support/Vm.sol";
import {ComputeTest} from "./ComputeTest.sol";

/// @notice Who may work is drawn by weight, and who may not is told why.
contract NodeDrawTest is ComputeTest {
    address[] internal nobody;

    function setUp() public {
        deployCompute();
        vm.roll(1_000);
    }

    function setParam(bytes32 key, uint256 value) internal {
        vm.prank(Predeploys.TIMELOCK);
        IProtocolParams(Predeploys.PROTOCOL_PARAMS).set(key, value);
    }

    function open(address account) internal {
        vm.prank(Predeploys.TASK_MARKET);
        REGISTRY.onSlotOpened(account);
    }

    function close(address account) internal {
        vm.prank(Predeploys.TASK_MARKET);
        REGISTRY.onSlotClosed(account);
    }

    function assertTotals(uint256 proved, uint256 leased) internal view {
        (uint256 provedPower, uint256 leasedPower) = REGISTRY.totals();
        assertEq(provedPower, proved, "proved");
        assertEq(leasedPower, leased, "leased");
    }

    function assertDrawn(uint64 minPower, uint256 wanted) internal view {
        assertEq(REGISTRY.draw("seed", 10, "test", minPower, nobody).length, wanted, "drawn");
    }

    /* WEIGHTS */

    function testWeightIsPowerTimesComment() public {
        prove(worker(0), 4_000);
        vm.prank(Predeploys.TASK_MARKET);
        REPUTATION.recordFault(worker(0), Fault.Late);
        assertEq(REGISTRY.weightOf(worker(0)), 4_000, "as it was");
        vm.expectEmit(Predeploys.NODE_REGISTRY);
        emit INodeRegistry.WeightChanged(worker(0), 0, 3_200);
        REGISTRY.refresh(worker(0));
        // A late task takes 20 % of the comment.
        assertEq(REGISTRY.weightOf(worker(0)), 3_200, "refreshed by anyone");
        pass(10 days);
        prove(worker(1), 100);
        assertEq(REGISTRY.totalWeight(), 100, "the proof is too old");
    }

    function testEachOpenSlotHalvesTheWeight() public {
        prove(worker(0), 4_000);
        prove(worker(1), 6_000);
        vm.expectEmit(Predeploys.NODE_REGISTRY);
        emit INodeRegistry.SlotOpened(worker(0), 1);
        open(worker(0));
        assertEq(REGISTRY.weightOf(worker(0)), 2_000, "one slot");
        assertTotals(10_000, 4_000);
        open(worker(0));
        assertEq(REGISTRY.weightOf(worker(0)), 1_000, "two slots");
        assertTotals(10_000, 4_000);
        assertEq(REGISTRY.totalWeight(), 7_000, "sum");
        vm.expectEmit(Predeploys.NODE_REGISTRY);
        emit INodeRegistry.SlotClosed(worker(0), 1);
        close(worker(0));
        assertEq(REGISTRY.weightOf(worker(0)), 2_000, "back to one");
        close(worker(0));
        assertEq(REGISTRY.weightOf(worker(0)), 4_000, "back to none");
        assertTotals(10_000, 0);
        close(worker(0));
        assertEq(REGISTRY.nodeOf(worker(0)).openSlots, 0, "one too many is no error");
    }

    function testADeclinedSlotHalvesTheWeightForADay() public {
        prove(worker(0), 4_000);
        vm.expectEmit(Predeploys.NODE_REGISTRY);
        emit INodeRegistry.SlotDeclined(worker(0), uint40(time() + 1 days));
        vm.prank(Predeploys.TASK_MARKET);
        REGISTRY.onDeclined(worker(0));
        assertEq(REGISTRY.weightOf(worker(0)), 2_000, "halved");
        setParam(ParamKeys.NODE_PROOF_MAX_AGE, 2 days);
        pass(1 days - 1);
        REGISTRY.refresh(worker(0));
        assertEq(REGISTRY.weightOf(worker(0)), 2_000, "to the last second");
        pass(1);
        REGISTRY.refresh(worker(0));
        assertEq(REGISTRY.weightOf(worker(0)), 4_000, "whole again");
    }

    function testWhoeverMayWorkHasAWeight() public {
        prove(worker(0), 1);
        for (uint256 i = 0; i < 15; ++i) open(worker(0));
        assertEq(REGISTRY.weightOf(worker(0)), 1, "never 0");
    }

    function testTheLargestPowerFitsTheTree() public {
        setParam(ParamKeys.NODE_POWER_MAX, 1e13);
        prove(worker(0), 1e13);
        assertEq(REGISTRY.weightOf(worker(0)), 1e13, "weight");
    }

    /* REASONS */

    function testEveryReasonHasItsCode() public {
        address w = worker(0);
        assertEq(REGISTRY.reasonOf(w), "unregistered", "unknown");
        vm.prank(w);
        REGISTRY.register(256, 300);
        assertEq(REGISTRY.reasonOf(w), "unproved", "challenged");
        pass(1);
        vm.prank(w);
        REGISTRY.commitProducts("root");
        assertEq(REGISTRY.reasonOf(w), "unproved", "committed");
        PowerGrant.grant(w, 5_000);
        assertEq(REGISTRY.reasonOf(w), "kindless", "proved, and does no kind");
        declare(w, "test");
        assertEq(REGISTRY.reasonOf(w), 0, "eligible");
        vm.prank(w);
        REGISTRY.retire();
        assertEq(REGISTRY.reasonOf(w), "retired", "retired");
    }

    function testTooLittlePowerIsWeak() public {
        prove(worker(0), 5_000);
        setParam(ParamKeys.NODE_POWER_MIN, 5_001);
        assertEq(REGISTRY.reasonOf(worker(0)), "weak", "reason");
        assertDrawn(0, 0);
        vm.expectEmit(Predeploys.NODE_REGISTRY);
        emit INodeRegistry.WeightChanged(worker(0), 0, 0);
        vm.expectEmit(Predeploys.NODE_REGISTRY);
        emit INodeRegistry.NodeExcluded(worker(0), "weak");
        REGISTRY.refresh(worker(0));
        assertEq(REGISTRY.totalWeight(), 0, "out of the tree");
        setParam(ParamKeys.NODE_POWER_MIN, 5_000);
        REGISTRY.refresh(worker(0));
        assertDrawn(0, 1);
    }

    function testALowCommentKeepsANodeOut() public {
        prove(worker(0), 5_000);
        // Two late tasks leave 6,000, a third one the least there is, 5,000.
        for (uint256 i = 0; i < 3; ++i) {
            assertEq(REGISTRY.reasonOf(worker(0)), 0, "still good enough");
            vm.prank(Predeploys.TASK_MARKET);
            REPUTATION.recordFault(worker(0), Fault.Late);
        }
        assertEq(REGISTRY.reasonOf(worker(0)), "comment", "reason");
        assertDrawn(0, 0);
        setParam(ParamKeys.NODE_PROOF_MAX_AGE, 30 days);
        pass(10 days);
        assertDrawn(0, 1);
    }

    function testSixteenSlotsAreEnough() public {
        prove(worker(0), 1e6);
        for (uint256 i = 0; i < 15; ++i) open(worker(0));
        assertDrawn(0, 1);
        vm.expectEmit(Predeploys.NODE_REGISTRY);
        emit INodeRegistry.NodeExcluded(worker(0), "busy");
        open(worker(0));
        assertDrawn(0, 0);
        assertTotals(1e6, 1e6);
        close(worker(0));
        assertDrawn(0, 1);
    }

    function testAProofHoldsForADayToTheSecond() public {
        prove(worker(0), 5_000);
        pass(86_400);
        assertEq(REGISTRY.reasonOf(worker(0)), 0, "at the edge");
        assertEq(REGISTRY.powerOf(worker(0)), 5_000, "power");
        assertDrawn(0, 1);
        assertEq(REGISTRY.expire(9), 0, "nothing ran out");
        pass(1);
        assertEq(REGISTRY.reasonOf(worker(0)), "stale", "past it");
        assertEq(REGISTRY.powerOf(worker(0)), 0, "no power");
        assertDrawn(0, 0);
        assertTotals(5_000, 0);
        REGISTRY.refresh(worker(0));
        assertTotals(0, 0);
    }

    /* PROVING ANEW */

    function testANodeProvesAnewFromHalfADayOnAndWorksOn() public {
        prove(worker(0), 5_000);
        uint256 provedAt = time();
        open(worker(0));
        pass(43_199);
        vm.expectRevert(
            abi.encodeWithSelector(
                INodeRegistry.NodeRegistryTooEarly.selector,
                worker(0),
                provedAt + 43_200
            )
        );
        vm.prank(worker(0));
        REGISTRY.register(256, 300);
        pass(1);
        vm.prank(worker(0));
        REGISTRY.register(256, 300);
        assertEq(REGISTRY.powerOf(worker(0)), 5_000, "the old power");
        assertEq(REGISTRY.reasonOf(worker(0)), 0, "eligible");
        pass(1);
        vm.prank(worker(0));
        REGISTRY.commitProducts("root");
        assertDrawn(0, 1);
        prove(worker(0), 6_000);
        assertTotals(6_000, 6_000);
        assertEq(REGISTRY.weightOf(worker(0)), 3_000, "its slot is still open");
        pass(86_400);
        assertEq(REGISTRY.reasonOf(worker(0)), 0, "a day from the new proof on");
    }

    function testAFailedRenewalTakesThePower() public {
        prove(worker(0), 5_000);
        open(worker(0));
        pass(43_200);
        vm.prank(worker(0));
        REGISTRY.register(256, 300);
        pass(1);
        vm.prank(worker(0));
        REGISTRY.commitProducts("root");
        (uint256 height, ) = this.clock();
        vm.roll(height + 257);
        vm.expectEmit(Predeploys.NODE_REGISTRY);
        emit INodeRegistry.NodeExcluded(worker(0), "unregistered");
        REGISTRY.forfeit(worker(0));
        assertTotals(0, 0);
        assertDrawn(0, 0);
    }

    function testANewProofClearsTwoOldOnesAway() public {
        for (uint256 i = 0; i < 5; ++i) prove(worker(i), 1_000);
        pass(86_401);
        assertTotals(5_000, 0);
        prove(worker(9), 500);
        assertTotals(3_500, 0);
        assertEq(REGISTRY.expire(2), 2, "two more");
        assertTotals(1_500, 0);
        assertEq(REGISTRY.expire(100), 1, "the last one");
        assertTotals(500, 0);
        assertEq(REGISTRY.totalWeight(), 500, "the new one stays");
        assertEq(REGISTRY.expire(100), 0, "its proof is good");
    }

    function testARenewedProofIsNotCleared() public {
        prove(worker(0), 1_000);
        pass(50_000);
        prove(worker(1), 1_000);
        prove(worker(0), 2_000);
        pass(40_000);
        assertEq(REGISTRY.expire(9), 1, "the first proof of the first node");
        assertTotals(3_000, 0);
    }

    /* PLACES */

    function testAPlaceIsUsedAgain() public {
        for (uint256 i = 0; i < 3; ++i) prove(worker(i), 1_000);
        vm.prank(worker(1));
        REGISTRY.retire();
        (address holder, uint256 weight) = REGISTRY.placeAt(1);
        assertEq(holder, address(0), "free");
        assertEq(weight, 0, "without weight");
        prove(worker(7), 700);
        (holder, weight) = REGISTRY.placeAt(1);
        assertEq(holder, worker(7), "taken again");
        assertEq(weight, 700, "its weight");
        assertEq(REGISTRY.placeCount(), 3, "places");
    }

    function testThereAreAMillionPlaces() public {
        prove(worker(0), 1_000);
        // The tree's first word: total in the low 64 bits, then depth and size.
        bytes32 slot = bytes32(uint256(erc7201("poca.storage.NodeRegistry")) + 1);
        uint256 word = uint256(vm.load(Predeploys.NODE_REGISTRY, slot));
        assertEq((word >> 72) & 0xffffff, 1, "size");
        word = (word & ~(uint256(0xffffff) << 72)) | (uint256(1 << 20) << 72);
        vm.store(Predeploys.NODE_REGISTRY, slot, bytes32(word));
        vm.expectRevert(abi.encodeWithSelector(INodeRegistry.NodeRegistryFull.selector, 1_048_576));
        this.proveFor(worker(1), 1_000);
    }

    /// @dev A call of its own, whose failure can be looked at.
    function proveFor(address account, uint64 power) external {
        prove(account, power);
    }

    function erc7201(string memory id) internal pure returns (uint256) {
        return
            uint256(
                keccak256(abi.encode(uint256(keccak256(bytes(id))) - 1)) & ~bytes32(uint256(0xff))
            );
    }

    /* DRAWS */

    function testADrawIsAFunctionOfItsSeed() public {
        for (uint256 i = 0; i < 9; ++i) prove(worker(i), uint64(1_000 * (i + 1)));
        address[] memory first = REGISTRY.draw("seed", 4, "test", 0, nobody);
        address[] memory again = REGISTRY.draw("seed", 4, "test", 0, nobody);
        address[] memory other = REGISTRY.draw("another seed", 4, "test", 0, nobody);
        assertEq(first.length, 4, "four");
        assertEq(keccak256(abi.encode(first)), keccak256(abi.encode(again)), "the same");
        assertTrue(keccak256(abi.encode(first)) != keccak256(abi.encode(other)), "another");
    }

    function testTheExcludedAndTheWeakAreNotDrawn() public {
        for (uint256 i = 0; i < 9; ++i) prove(worker(i), uint64(1_000 * (i + 1)));
        assertDrawn(5_000, 5);
        assertDrawn(9_001, 0);
        address[] memory excluded = new address[](3);
        (excluded[0], excluded[1], excluded[2]) = (worker(8), worker(8), STRANGER);
        address[] memory nodes = REGISTRY.draw("seed", 10, "test", 5_000, excluded);
        assertEq(nodes.length, 4, "one less");
        for (uint256 i = 0; i < 4; ++i) assertTrue(nodes[i] != worker(8), "excluded");
    }

    function testADrawGoesOnPastTheWeakToTheOneThatIsStrongEnough() public {
        for (uint256 i = 0; i < 9; ++i) prove(worker(i), uint64(1_000 * (i + 1)));
        for (uint256 i = 0; i < 8; ++i) {
            address[] memory nodes = REGISTRY.draw(bytes32(i), 1, "test", 9_000, nobody);
            assertEq(nodes.length, 1, "found");
            assertEq(nodes[0], worker(8), "the only one");
        }
    }

    function testADrawIsBounded() public {
        bytes4 selector = INodeRegistry.NodeRegistryDrawTooLarge.selector;
        vm.expectRevert(abi.encodeWithSelector(selector, 257, 0, 256));
        REGISTRY.draw("seed", 257, "test", 0, nobody);
        vm.expectRevert(abi.encodeWithSelector(selector, 1, 257, 256));
        REGISTRY.draw("seed", 1, "test", 0, new address[](257));
        assertEq(REGISTRY.draw("seed", 256, "test", 0, new address[](256)).length, 0, "empty");
    }

    function testOnlyMarketsReportSlots() public {
        bytes memory reason = abi.encodeWithSelector(
            SystemContract.SystemContractUnauthorized.selector,
            address(this),
            Predeploys.TASK_MARKET
        );
        vm.expectRevert(reason);
        REGISTRY.onSlotOpened(worker(0));
        vm.expectRevert(reason);
        REGISTRY.onSlotClosed(worker(0));
        vm.expectRevert(reason);
        REGISTRY.onDeclined(worker(0));
        vm.prank(Predeploys.LEASE_MARKET);
        REGISTRY.onSlotOpened(worker(0));
        assertEq(REGISTRY.nodeOf(worker(0)).openSlots, 1, "leases count too");
    }

    /* CLUSTERS */

    function testAnAccountIsInOneOfFourClusters() public {
        assertTrue(REGISTRY.clusterOf(STRANGER) == INodeRegistry.Cluster.None, "not a node");
        assertTrue(REGISTRY.clusterOf(PROPOSER) == INodeRegistry.Cluster.Director, "in office");
        vm.prank(worker(0));
        REGISTRY.register(256, 300);
        assertTrue(REGISTRY.clusterOf(worker(0)) == INodeRegistry.Cluster.Ordinary, "registered");
        prove(worker(1), 5_000);
        assertTrue(REGISTRY.clusterOf(worker(1)) == INodeRegistry.Cluster.WaitingCompute, "proved");
        pass(86_401);
        assertTrue(REGISTRY.clusterOf(worker(1)) == INodeRegistry.Cluster.Ordinary, "stale");
        vm.prank(worker(1));
        REGISTRY.retire();
        assertTrue(REGISTRY.clusterOf(worker(1)) == INodeRegistry.Cluster.None, "retired");
    }
}
