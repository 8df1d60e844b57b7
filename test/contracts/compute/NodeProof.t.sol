// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {INodeRegistry} from "../../../contracts/interfaces/INodeRegistry.sol";
import {IProtocolParams} from "../../../contracts/interfaces/IProtocolParams.sol";
import {MatmulProof} from "../../../contracts/libraries/MatmulProof.sol";
import {ParamKeys} from "../../../contracts/libraries/ParamKeys.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {ProofOfPower} from "../support/ProofOfPower.sol";
import {vm} from "../support/Vm.sol";
import {ComputeTest} from "./ComputeTest.sol";

/// @notice Power is what was claimed and computed. Whoever cannot show a sample has none and loses
/// its bond.
contract NodeProofTest is ComputeTest, ProofOfPower {
    address internal constant W = address(0x3000);
    uint256 internal constant MIDNIGHT = 1_800_057_600;

    function setUp() public {
        deployCompute();
        vm.roll(1_000);
        vm.warp(MIDNIGHT);
        giveCollateral(W, 100e18);
        declare(W, "test");
        vm.prank(Predeploys.TIMELOCK);
        IProtocolParams(Predeploys.PROTOCOL_PARAMS).set(ParamKeys.NODE_CHALLENGE_BOND, 20e18);
    }

    /// @dev Claims a power of 5 and commits, with the first `wrong` samples off by one.
    function committed(uint256 wrong) internal returns (Prepared memory prepared) {
        vm.prank(W);
        REGISTRY.register(128, 48);
        pass(1);
        (uint256 height, ) = this.clock();
        prepared = prepare(W, height, wrong);
        vm.prank(W);
        REGISTRY.commitProducts(prepared.root);
    }

    function open(Prepared memory prepared) internal {
        vm.prank(W);
        REGISTRY.openProducts(prepared.openings);
    }

    function testWhoShowsEverySampleHasThePowerItClaimed() public {
        Prepared memory prepared = committed(0);
        bytes32 seed = REGISTRY.seedOf(W);
        assertEq(REGISTRY.reasonOf(W), "unproved", "committed");
        pass(1);
        vm.expectEmit(Predeploys.NODE_REGISTRY);
        emit INodeRegistry.PowerProved(W, seed, 5);
        vm.expectEmit(Predeploys.NODE_REGISTRY);
        emit INodeRegistry.NodeIncluded(W, 0);
        open(prepared);
        assertEq(REGISTRY.powerOf(W), 5, "power");
        INodeRegistry.Node memory node = REGISTRY.nodeOf(W);
        assertEq(node.provedAt, time(), "proved at");
        bytes32 proofHash = keccak256(abi.encode(seed, prepared.root, uint16(128), uint32(48)));
        assertEq(node.proofHash, proofHash, "what was proved");
        assertEq(REGISTRY.reasonOf(W), 0, "eligible");
        assertEq(CHALLENGES.passOf(W).power, 5, "passed");
        vm.expectRevert(
            abi.encodeWithSelector(
                INodeRegistry.NodeRegistryWrongState.selector,
                W,
                INodeRegistry.NodeState.Proved
            )
        );
        open(prepared);
    }

    function testTheSamplesAreThoseThatTheRegistryNames() public {
        Prepared memory prepared = committed(0);
        pass(1);
        uint256[] memory places = REGISTRY.samplesOf(W);
        for (uint256 i = 0; i < SAMPLES; ++i) assertEq(places[i], prepared.places[i], "place");
    }

    function testOneWrongSampleIsNoProof() public {
        Prepared memory prepared = committed(1);
        pass(1);
        uint256 place = prepared.places[0];
        int256 actual = MatmulProof.entryOf(REGISTRY.seedOf(W), 128, place);
        vm.expectRevert(
            abi.encodeWithSelector(
                INodeRegistry.NodeRegistryWrongEntry.selector,
                place,
                actual + 1,
                actual
            )
        );
        open(prepared);
        assertEq(REGISTRY.powerOf(W), 0, "no power");
    }

    function testEverySampleCounts() public {
        Prepared memory prepared = committed(0);
        pass(1);
        prepared.openings[15] = prepared.openings[14];
        vm.expectRevert(
            abi.encodeWithSelector(
                MatmulProof.MatmulProofNotInTree.selector,
                prepared.root,
                prepared.places[15] / 64,
                prepared.openings[14].entries
            )
        );
        open(prepared);
    }

    function testNeitherFewerNorMoreSamples() public {
        Prepared memory prepared = committed(0);
        pass(1);
        bytes4 selector = INodeRegistry.NodeRegistryWrongSampleCount.selector;
        vm.expectRevert(abi.encodeWithSelector(selector, 15, 16));
        vm.prank(W);
        REGISTRY.openProducts(new INodeRegistry.Opening[](15));
        vm.expectRevert(abi.encodeWithSelector(selector, 17, 16));
        vm.prank(W);
        REGISTRY.openProducts(new INodeRegistry.Opening[](17));
        open(prepared);
    }

    function testSamplesAreOpenedAfterTheCommitmentsBlockWithin256() public {
        Prepared memory prepared = committed(0);
        bytes4 selector = INodeRegistry.NodeRegistrySeedUnavailable.selector;
        vm.expectRevert(abi.encodeWithSelector(selector, 1_001, 1_001));
        open(prepared);
        vm.roll(1_258);
        vm.expectRevert(abi.encodeWithSelector(selector, 1_001, 1_258));
        open(prepared);
        vm.roll(1_257);
        open(prepared);
        assertEq(REGISTRY.powerOf(W), 5, "the last block");
    }

    function testWhoDoesNotOpenLosesBondAndPower() public {
        prove(W, 7);
        pass(12 hours);
        committed(3);
        bytes32 seed = REGISTRY.seedOf(W);
        (uint256 height, ) = this.clock();
        assertEq(REGISTRY.powerOf(W), 7, "of the last proof");
        vm.roll(height + 256);
        vm.expectRevert(
            abi.encodeWithSelector(INodeRegistry.NodeRegistryStillOpen.selector, W, height + 256)
        );
        REGISTRY.forfeit(W);
        vm.roll(height + 257);
        uint256 before = Predeploys.COLLATERAL_VAULT.balance;
        vm.expectEmit(Predeploys.NODE_REGISTRY);
        emit INodeRegistry.ChallengeForfeited(W, seed);
        vm.expectEmit(Predeploys.NODE_REGISTRY);
        emit INodeRegistry.NodeExcluded(W, "unregistered");
        vm.expectEmit(Predeploys.NODE_REGISTRY);
        emit INodeRegistry.BondSeized(W, address(0), 0, 20e18);
        vm.prank(STRANGER);
        REGISTRY.forfeit(W);
        assertEq(REGISTRY.powerOf(W), 0, "no power");
        assertEq(REGISTRY.bondOf(W), 0, "no bond");
        assertEq(before - Predeploys.COLLATERAL_VAULT.balance, 20e18, "burned");
        assertEq(VAULT.freeOf(STRANGER), 0, "nobody earns from it");
        vm.expectRevert(
            abi.encodeWithSelector(
                INodeRegistry.NodeRegistryWrongState.selector,
                W,
                INodeRegistry.NodeState.None
            )
        );
        REGISTRY.forfeit(W);
    }

    function testRegisteringAnewForfeitsWhatWasNotOpened() public {
        committed(1);
        (uint256 height, ) = this.clock();
        vm.warp(MIDNIGHT + 40);
        vm.expectRevert(
            abi.encodeWithSelector(INodeRegistry.NodeRegistryStillOpen.selector, W, height + 256)
        );
        vm.prank(W);
        REGISTRY.register(128, 48);
        vm.roll(height + 257);
        vm.prank(W);
        REGISTRY.register(128, 48);
        assertEq(REGISTRY.bondOf(W), 20e18, "another bond");
        assertEq(VAULT.freeOf(W), 60e18, "the first is gone");
    }

    function testAProvedNodeIsNotForfeited() public {
        Prepared memory prepared = committed(0);
        pass(1);
        open(prepared);
        vm.roll(2_000);
        vm.expectRevert(
            abi.encodeWithSelector(
                INodeRegistry.NodeRegistryWrongState.selector,
                W,
                INodeRegistry.NodeState.Proved
            )
        );
        REGISTRY.forfeit(W);
        assertEq(REGISTRY.bondOf(W), 20e18, "bond");
    }

    function testAProofIsAboutItsWorkersOwnSeed() public {
        giveCollateral(worker(1), 20e18);
        vm.prank(worker(1));
        REGISTRY.register(128, 48);
        Prepared memory prepared = committed(0);
        // The same products, committed to by another.
        vm.prank(worker(1));
        REGISTRY.commitProducts(prepared.root);
        pass(1);
        vm.expectRevert();
        vm.prank(worker(1));
        REGISTRY.openProducts(prepared.openings);
        open(prepared);
    }

    function testTooLittleGasFailsTheProofNotTheReward() public {
        Prepared memory prepared = committed(0);
        pass(1);
        bytes memory data = abi.encodeCall(INodeRegistry.openProducts, (prepared.openings));
        vm.prank(W);
        (bool ok, bytes memory reason) = address(REGISTRY).call{gas: 1_000_000}(data);
        assertTrue(
            !ok && bytes4(reason) == INodeRegistry.NodeRegistryOutOfGas.selector,
            "asks for more"
        );
    }

    function testABrokenChallengeBlocksNoProof() public {
        Prepared memory prepared = committed(0);
        pass(1);
        // Code that reverts at once.
        vm.etch(Predeploys.CAPABILITY_CHALLENGE, hex"5f5ffd");
        vm.expectEmit(Predeploys.NODE_REGISTRY);
        emit INodeRegistry.NotificationFailed();
        open(prepared);
        assertEq(REGISTRY.powerOf(W), 5, "proved");
    }
}
