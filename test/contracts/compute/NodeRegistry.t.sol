// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {INodeRegistry} from "../../../contracts/interfaces/INodeRegistry.sol";
import {ParamKeys} from "../../../contracts/libraries/ParamKeys.sol";
import {IProtocolParams} from "../../../contracts/interfaces/IProtocolParams.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {vm} from "../support/Vm.sol";
import {ComputeTest} from "./ComputeTest.sol";

/// @notice A node claims the power of the products it will compute, in rounds that are the same for
/// all, and follows one challenge only.
contract NodeRegistryTest is ComputeTest {
    address internal constant W = address(0x3000);
    uint64 internal constant POWER_MAX = 1e10;
    /// @dev A multiple of 20 and of 86,400.
    uint256 internal constant MIDNIGHT = 1_800_057_600;

    function setUp() public {
        deployCompute();
        vm.roll(1_000);
        vm.warp(MIDNIGHT);
    }

    function register(uint16 size, uint32 products) internal {
        vm.prank(W);
        REGISTRY.register(size, products);
    }

    function commit() internal {
        vm.prank(W);
        REGISTRY.commitProducts("root");
    }

    function retire() internal {
        vm.prank(W);
        REGISTRY.retire();
    }

    function setParam(bytes32 key, uint256 value) internal {
        vm.prank(Predeploys.TIMELOCK);
        IProtocolParams(Predeploys.PROTOCOL_PARAMS).set(key, value);
    }

    function expectWrongState(INodeRegistry.NodeState actual) internal {
        vm.expectRevert(
            abi.encodeWithSelector(INodeRegistry.NodeRegistryWrongState.selector, W, actual)
        );
    }

    function expectTooEarly(uint256 notBefore) internal {
        vm.expectRevert(
            abi.encodeWithSelector(INodeRegistry.NodeRegistryTooEarly.selector, W, notBefore)
        );
    }

    /* CLAIMING */

    function testRegisteringOpensAChallenge() public {
        vm.warp(MIDNIGHT + 3);
        // 256^3 * 300 = 5,033,164,800 multiply-adds in 20 seconds.
        vm.expectEmit(Predeploys.NODE_REGISTRY);
        emit INodeRegistry.NodeRegistered(W, 256, 300, 251, 1_000, uint40(MIDNIGHT + 20));
        register(256, 300);
        INodeRegistry.Node memory node = REGISTRY.nodeOf(W);
        assertTrue(node.state == INodeRegistry.NodeState.Challenged, "challenged");
        assertEq(node.size, 256, "size");
        assertEq(node.products, 300, "products");
        assertEq(node.claimedPower, 251, "claimed");
        assertEq(node.commitBy, MIDNIGHT + 20, "the window's end");
        assertEq(REGISTRY.powerOf(W), 0, "no power yet");
    }

    function testTheClaimFollowsFromTheWork() public {
        assertEq(REGISTRY.powerFor(64, 77), 1, "20,185,088 multiply-adds");
        assertEq(REGISTRY.powerFor(4_096, 1), 3_435, "68,719,476,736 multiply-adds");
        setParam(ParamKeys.NODE_CHALLENGE_WINDOW, 10);
        assertEq(REGISTRY.powerFor(4_096, 1), 6_871, "in half the time");
    }

    function testFuzzTheWorkIsTheCubeOfTheSizeForEachProduct(
        uint8 which,
        uint24 products
    ) public view {
        uint16 size = uint16(64) << (which % 7);
        uint256 power = (uint256(size) * size * size * products) / 20_000_000;
        vm.assume(power > 0 && power <= POWER_MAX);
        assertEq(REGISTRY.powerFor(size, products), power, "power");
    }

    function testFuzzTheSameWorkInPartsClaimsNoMore(uint16[5] calldata parts) public view {
        uint256 sum = 0;
        uint32 products = 0;
        for (uint256 i = 0; i < 5; ++i) {
            uint32 part = uint32(parts[i]) + 77;
            sum += REGISTRY.powerFor(64, part);
            products += part;
        }
        assertTrue(sum <= REGISTRY.powerFor(64, products), "no more");
    }

    function testClaimsAreBounded() public {
        bytes4 selector = INodeRegistry.NodeRegistryPowerOutOfBounds.selector;
        vm.expectRevert(abi.encodeWithSelector(selector, 0, POWER_MAX));
        register(64, 76);
        setParam(ParamKeys.NODE_POWER_MAX, 3_434);
        vm.expectRevert(abi.encodeWithSelector(selector, 3_435, 3_434));
        register(4_096, 1);
        setParam(ParamKeys.NODE_POWER_MAX, 3_435);
        register(4_096, 1);
    }

    function testProductsAreBounded() public {
        vm.expectRevert(
            abi.encodeWithSelector(
                INodeRegistry.NodeRegistryTooManyProducts.selector,
                16_777_217,
                16_777_216
            )
        );
        register(64, 16_777_217);
        register(64, 16_777_216);
    }

    function testSizesArePowersOfTwoFrom64To4096() public {
        uint16[6] memory wrong = [uint16(0), 32, 65, 96, 6_144, 8_192];
        for (uint256 i = 0; i < 6; ++i) {
            vm.expectRevert(
                abi.encodeWithSelector(INodeRegistry.NodeRegistryWrongSize.selector, wrong[i])
            );
            register(wrong[i], 1_000);
        }
        register(64, 1_000);
    }

    /* ROUNDS */

    function testRoundsFollowEachOtherWithoutAPause() public {
        vm.warp(MIDNIGHT + 19);
        (uint256 startsAt, uint256 commitBy) = REGISTRY.challengeRound();
        assertEq(startsAt, MIDNIGHT, "runs");
        assertEq(commitBy, MIDNIGHT + 20, "to its end");
        vm.warp(MIDNIGHT + 20);
        (startsAt, commitBy) = REGISTRY.challengeRound();
        assertEq(startsAt, MIDNIGHT + 20, "the next");
        assertEq(commitBy, MIDNIGHT + 40, "to its end");
    }

    function testWithOneRoundADayNobodyRegistersBetweenThem() public {
        setParam(ParamKeys.NODE_CHALLENGE_INTERVAL, 1 days);
        vm.warp(MIDNIGHT + 20);
        expectTooEarly(MIDNIGHT + 1 days);
        register(64, 77);
        vm.warp(MIDNIGHT + 1 days - 1);
        expectTooEarly(MIDNIGHT + 1 days);
        register(64, 77);
        vm.warp(MIDNIGHT + 1 days + 19);
        register(64, 77);
        assertEq(REGISTRY.nodeOf(W).commitBy, MIDNIGHT + 1 days + 20, "whoever comes late");
    }

    function testRoundsNeverOverlap() public {
        setParam(ParamKeys.NODE_CHALLENGE_INTERVAL, 5);
        vm.warp(MIDNIGHT + 7);
        (uint256 startsAt, uint256 commitBy) = REGISTRY.challengeRound();
        assertEq(startsAt, MIDNIGHT, "as long as the window");
        assertEq(commitBy, MIDNIGHT + 20, "and no more often");
    }

    /* SEEDS AND COMMITMENTS */

    function testTheSeedComesFromTheBlockOfRegistration() public {
        register(64, 77);
        bytes4 selector = INodeRegistry.NodeRegistrySeedUnavailable.selector;
        vm.expectRevert(abi.encodeWithSelector(selector, 1_000, 1_000));
        REGISTRY.seedOf(W);
        vm.expectRevert(abi.encodeWithSelector(selector, 1_000, 1_000));
        commit();
        vm.roll(1_001);
        bytes32 seed = keccak256(abi.encode(blockhash(1_000), W));
        assertEq(REGISTRY.seedOf(W), seed, "seed");
        vm.expectEmit(Predeploys.NODE_REGISTRY);
        emit INodeRegistry.ProductsCommitted(W, seed, "root");
        commit();
        INodeRegistry.Node memory node = REGISTRY.nodeOf(W);
        assertTrue(node.state == INodeRegistry.NodeState.Committed, "committed");
        assertEq(node.root, "root", "root");
        assertEq(node.commitHeight, 1_001, "height");
        vm.roll(5_000);
        assertEq(REGISTRY.seedOf(W), seed, "seed, kept");
    }

    function testTheWindowEndsWithItsLastSecond() public {
        vm.warp(MIDNIGHT + 19);
        register(64, 77);
        vm.roll(1_001);
        vm.warp(MIDNIGHT + 21);
        vm.expectRevert(
            abi.encodeWithSelector(
                INodeRegistry.NodeRegistryTooLate.selector,
                W,
                uint40(MIDNIGHT + 20)
            )
        );
        commit();
        vm.warp(MIDNIGHT + 20);
        commit();
    }

    function testWhoMissesTheWindowTriesAgainAndLosesNothing() public {
        setParam(ParamKeys.NODE_CHALLENGE_BOND, 20e18);
        giveCollateral(W, 20e18);
        register(64, 77);
        vm.roll(1_010);
        vm.warp(MIDNIGHT + 20);
        expectTooEarly(MIDNIGHT + 21);
        register(64, 77);
        vm.warp(MIDNIGHT + 21);
        register(64, 100);
        assertEq(REGISTRY.nodeOf(W).challengeHeight, 1_010, "challenged anew");
        assertEq(REGISTRY.bondOf(W), 20e18, "the same bond");
    }

    function testASeedIsForgottenAfter256Blocks() public {
        register(64, 77);
        vm.roll(1_256);
        REGISTRY.seedOf(W);
        vm.roll(1_257);
        vm.expectRevert(
            abi.encodeWithSelector(INodeRegistry.NodeRegistrySeedUnavailable.selector, 1_000, 1_257)
        );
        commit();
    }

    function testACommitmentIsMadeOnce() public {
        expectWrongState(INodeRegistry.NodeState.None);
        commit();
        register(64, 77);
        vm.roll(1_001);
        commit();
        expectWrongState(INodeRegistry.NodeState.Committed);
        commit();
    }

    function testSamplesAreKnownWhenTheCommitmentsBlockIsOver() public {
        expectWrongState(INodeRegistry.NodeState.None);
        REGISTRY.samplesOf(W);
        register(64, 77);
        vm.roll(1_001);
        commit();
        vm.expectRevert(
            abi.encodeWithSelector(INodeRegistry.NodeRegistrySeedUnavailable.selector, 1_001, 1_001)
        );
        REGISTRY.samplesOf(W);
        vm.roll(1_002);
        uint256[] memory places = REGISTRY.samplesOf(W);
        assertEq(places.length, 16, "sixteen");
        for (uint256 i = 0; i < 16; ++i) {
            uint256 wanted = uint256(keccak256(abi.encode(blockhash(1_001), W, i))) % 315_392;
            assertEq(places[i], wanted, "among 77 * 64 * 64");
        }
    }

    /* LEAVING */

    function testRetiringTakesThePowerAndAllowsToComeBack() public {
        expectWrongState(INodeRegistry.NodeState.None);
        retire();
        prove(W, 5_000);
        expectTooEarly(time() + 43_200);
        register(64, 77);
        vm.expectEmit(Predeploys.NODE_REGISTRY);
        emit INodeRegistry.NodeRetired(W);
        retire();
        assertEq(REGISTRY.powerOf(W), 0, "no power");
        expectWrongState(INodeRegistry.NodeState.Retired);
        retire();
        register(64, 77);
        retire();
    }

    function testNobodyRetiresBetweenCommitmentAndOpening() public {
        register(64, 77);
        vm.roll(1_001);
        commit();
        expectWrongState(INodeRegistry.NodeState.Committed);
        retire();
    }

    function testUnknownNodesHaveNoSeed() public {
        expectWrongState(INodeRegistry.NodeState.None);
        REGISTRY.seedOf(W);
    }
}
