// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {INodeRegistry} from "../../../contracts/interfaces/INodeRegistry.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {SystemContract} from "../../../contracts/libraries/SystemContract.sol";
import {vm} from "../support/Vm.sol";
import {ComputeTest} from "./ComputeTest.sol";

/// @notice Power counts from the oracles' word on, and follows one challenge only.
contract NodeRegistryTest is ComputeTest {
    address internal constant W = address(0x3000);
    uint64 internal constant POWER_MAX = 1e10;

    bytes internal product = new bytes(16_384);

    function setUp() public {
        deployCompute();
        vm.roll(1_000);
    }

    function register(uint64 power) internal {
        vm.prank(W);
        REGISTRY.register(power);
    }

    function answer() internal {
        vm.prank(W);
        REGISTRY.answerChallenge(product);
    }

    function attest(bytes32 seed, uint64 power) internal {
        vm.prank(Predeploys.ORACLE_HUB);
        REGISTRY.setPower(W, seed, power);
    }

    function expectWrongState(INodeRegistry.NodeState actual) internal {
        vm.expectRevert(
            abi.encodeWithSelector(INodeRegistry.NodeRegistryWrongState.selector, W, actual)
        );
    }

    function testRegisteringOpensAChallenge() public {
        vm.expectEmit(Predeploys.NODE_REGISTRY);
        emit INodeRegistry.NodeRegistered(W, 5_000, 1_000);
        register(5_000);
        INodeRegistry.Node memory node = REGISTRY.nodeOf(W);
        assertTrue(node.state == INodeRegistry.NodeState.Challenged, "challenged");
        assertEq(node.claimedPower, 5_000, "claimed");
        assertEq(REGISTRY.powerOf(W), 0, "no power yet");
    }

    function testClaimsAreBounded() public {
        bytes4 selector = INodeRegistry.NodeRegistryPowerOutOfBounds.selector;
        vm.expectRevert(abi.encodeWithSelector(selector, 0, POWER_MAX));
        register(0);
        vm.expectRevert(abi.encodeWithSelector(selector, POWER_MAX + 1, POWER_MAX));
        register(POWER_MAX + 1);
        register(POWER_MAX);
    }

    function testTheSeedComesFromTheBlockOfRegistration() public {
        register(5_000);
        bytes4 selector = INodeRegistry.NodeRegistrySeedUnavailable.selector;
        vm.expectRevert(abi.encodeWithSelector(selector, 1_000, 1_000));
        REGISTRY.seedOf(W);
        vm.expectRevert(abi.encodeWithSelector(selector, 1_000, 1_000));
        answer();
        vm.roll(1_001);
        bytes32 seed = keccak256(abi.encode(blockhash(1_000), W));
        assertEq(REGISTRY.seedOf(W), seed, "seed");
        vm.expectEmit(Predeploys.NODE_REGISTRY);
        emit INodeRegistry.ChallengeAnswered(W, seed, product);
        answer();
        assertEq(REGISTRY.nodeOf(W).productHash, keccak256(product), "hash of the product");
        vm.roll(5_000);
        assertEq(REGISTRY.seedOf(W), seed, "seed, kept");
    }

    function testAnAnswerIsLateAfter256Blocks() public {
        register(5_000);
        vm.roll(1_256);
        REGISTRY.seedOf(W);
        vm.roll(1_257);
        vm.expectRevert(
            abi.encodeWithSelector(INodeRegistry.NodeRegistrySeedUnavailable.selector, 1_000, 1_257)
        );
        answer();
        register(6_000);
        assertEq(REGISTRY.nodeOf(W).challengeHeight, 1_257, "challenged anew");
    }

    function testAnAnswerHasTheSizeOfAProduct() public {
        register(5_000);
        vm.roll(1_001);
        vm.prank(W);
        vm.expectRevert(
            abi.encodeWithSelector(
                INodeRegistry.NodeRegistryWrongProductSize.selector,
                16_383,
                16_384
            )
        );
        REGISTRY.answerChallenge(new bytes(16_383));
    }

    function testAttestedPowerCounts() public {
        register(5_000);
        vm.roll(1_001);
        answer();
        bytes32 seed = REGISTRY.seedOf(W);
        vm.expectEmit(Predeploys.NODE_REGISTRY);
        emit INodeRegistry.PowerProved(W, 4_000);
        attest(seed, 4_000);
        assertEq(REGISTRY.powerOf(W), 4_000, "power");
        assertEq(REGISTRY.nodeOf(W).provedAt, block.timestamp, "proved at");
        expectWrongState(INodeRegistry.NodeState.Proved);
        attest(seed, 5_000);
    }

    function testPowerIsAtMostWhatWasClaimed() public {
        register(5_000);
        vm.roll(1_001);
        answer();
        bytes32 seed = REGISTRY.seedOf(W);
        vm.expectRevert(
            abi.encodeWithSelector(
                INodeRegistry.NodeRegistryPowerOutOfBounds.selector,
                5_001,
                5_000
            )
        );
        attest(seed, 5_001);
        attest(seed, 5_000);
    }

    function testAnAttestationIsAboutOneSeed() public {
        register(5_000);
        vm.roll(1_001);
        answer();
        vm.expectRevert(
            abi.encodeWithSelector(
                INodeRegistry.NodeRegistryStaleAttestation.selector,
                W,
                bytes32("old")
            )
        );
        attest("old", 5_000);
    }

    function testAWrongProductStartsOver() public {
        register(5_000);
        vm.roll(1_001);
        answer();
        bytes32 seed = REGISTRY.seedOf(W);
        vm.expectEmit(Predeploys.NODE_REGISTRY);
        emit INodeRegistry.PowerRejected(W);
        attest(seed, 0);
        assertEq(REGISTRY.powerOf(W), 0, "no power");
        register(5_000);
    }

    function testRetiringTakesThePowerAndAllowsToComeBack() public {
        register(5_000);
        expectWrongState(INodeRegistry.NodeState.Challenged);
        register(5_000);
        vm.roll(1_001);
        answer();
        expectWrongState(INodeRegistry.NodeState.Answered);
        answer();
        attest(REGISTRY.seedOf(W), 5_000);
        vm.expectRevert(
            abi.encodeWithSelector(
                INodeRegistry.NodeRegistryTooEarly.selector,
                W,
                block.timestamp + 43_200
            )
        );
        register(5_000);
        vm.expectEmit(Predeploys.NODE_REGISTRY);
        emit INodeRegistry.NodeRetired(W);
        vm.prank(W);
        REGISTRY.retire();
        assertEq(REGISTRY.powerOf(W), 0, "no power");
        vm.prank(W);
        expectWrongState(INodeRegistry.NodeState.Retired);
        REGISTRY.retire();
        register(5_000);
    }

    function testAnAnswerNobodyJudgedIsReplacedAfter256Blocks() public {
        register(5_000);
        vm.roll(1_001);
        answer();
        vm.roll(1_256);
        expectWrongState(INodeRegistry.NodeState.Answered);
        register(5_000);
        vm.roll(1_257);
        register(5_000);
    }

    function testUnknownNodesHaveNoSeed() public {
        expectWrongState(INodeRegistry.NodeState.None);
        REGISTRY.seedOf(W);
    }

    function testOnlyTheOracleHubAttests() public {
        vm.expectRevert(
            abi.encodeWithSelector(
                SystemContract.SystemContractUnauthorized.selector,
                address(this),
                Predeploys.ORACLE_HUB
            )
        );
        REGISTRY.setPower(W, 0, 1);
    }
}
