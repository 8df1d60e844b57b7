// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICapabilityChallenge} from "../../../contracts/interfaces/ICapabilityChallenge.sol";
import {INodeRegistry} from "../../../contracts/interfaces/INodeRegistry.sol";
import {IProtocolParams} from "../../../contracts/interfaces/IProtocolParams.sol";
import {IRewardDistributor} from "../../../contracts/interfaces/IRewardDistributor.sol";
import {ParamKeys} from "../../../contracts/libraries/ParamKeys.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {SystemContract} from "../../../contracts/libraries/SystemContract.sol";
import {MatmulJudge} from "../../../contracts/mocks/MatmulJudge.sol";
import {vm} from "../support/Vm.sol";
import {ComputeTest} from "./ComputeTest.sol";

/// @dev Stands in for OnlineReward: remembers the last units, or fails.
contract UnitsBook {
    mapping(address node => uint256 units) public unitsOf;
    bool public isBroken;

    error UnitsBookBroken();

    function setUnits(address node, uint32 units) external {
        require(!isBroken, UnitsBookBroken());
        unitsOf[node] = units;
    }

    function breakDown(bool broken) external {
        isBroken = broken;
    }
}

/// @notice A false answer costs the power and the bond; true ones share the epoch's budget.
contract CapabilityChallengeTest is ComputeTest {
    IRewardDistributor internal constant DISTRIBUTOR = IRewardDistributor(
        Predeploys.REWARD_DISTRIBUTOR
    );
    UnitsBook internal constant UNITS = UnitsBook(Predeploys.ONLINE_REWARD);
    IRewardDistributor.Pool internal constant POOL = IRewardDistributor.Pool.Challenge;

    address internal constant W = address(0x3000);
    /// @dev Midnight of day 20,834 of 1970's count.
    uint256 internal constant MIDNIGHT = 1_800_057_600;
    uint32 internal constant DAY = 20_834;

    function setUp() public {
        deployCompute();
        vm.etch(Predeploys.ONLINE_REWARD, type(UnitsBook).runtimeCode);
        vm.prank(Predeploys.TIMELOCK);
        DISTRIBUTOR.setSpender(POOL, Predeploys.CAPABILITY_CHALLENGE);
        giveCollateral(W, 100e18);
        declare(W, "test");
        goTo(MIDNIGHT);
    }

    function goTo(uint256 timestamp) internal {
        pass(timestamp - time());
        produce();
    }

    function setBond(uint256 amount) internal {
        vm.prank(Predeploys.TIMELOCK);
        IProtocolParams(Predeploys.PROTOCOL_PARAMS).set(ParamKeys.NODE_CHALLENGE_BOND, amount);
    }

    function budgetOf(uint32 epoch) internal view returns (uint256) {
        return CHALLENGES.epochAt(epoch).budget;
    }

    /// @dev All zeros but for one entry, which is right.
    function answerWithOneRightEntry(
        uint256 row,
        uint256 column
    ) internal returns (bytes memory product) {
        product = new bytes(16_384);
        vm.prank(W);
        REGISTRY.register(5_000);
        pass(1);
        bytes32 seed = REGISTRY.seedOf(W);
        uint32 entry = uint32(int32(new MatmulJudge().entryAt(seed, 64, row, column)));
        uint256 offset = (row * 64 + column) * 4;
        for (uint256 i = 0; i < 4; ++i) product[offset + i] = bytes4(entry)[i];
        vm.prank(W);
        REGISTRY.answerChallenge(product);
    }

    function attest(uint64 power) internal {
        bytes32 seed = REGISTRY.seedOf(W);
        vm.prank(Predeploys.ORACLE_HUB);
        REGISTRY.setPower(W, seed, power);
    }

    /* DISPROVING */

    function testAFalseEntryTakesThePowerAndTheBond() public {
        setBond(20e18);
        bytes memory product = answerWithOneRightEntry(3, 5);
        attest(5_000);
        assertEq(REGISTRY.bondOf(W), 20e18, "bond");
        bytes32 seed = REGISTRY.seedOf(W);
        assertTrue(!CHALLENGES.provedFalse(W, seed), "not yet");
        int256 actual = new MatmulJudge().entryAt(seed, 64, 63, 62);
        vm.expectEmit(Predeploys.CAPABILITY_CHALLENGE);
        emit ICapabilityChallenge.PowerDisproved(W, seed, STRANGER, 63, 62, 0, actual);
        vm.expectEmit(Predeploys.NODE_REGISTRY);
        emit INodeRegistry.NodeSuspended(W, uint40(time() + 10 days));
        vm.expectEmit(Predeploys.NODE_REGISTRY);
        emit INodeRegistry.NodeExcluded(W, "suspended");
        vm.expectEmit(Predeploys.NODE_REGISTRY);
        emit INodeRegistry.BondSeized(W, STRANGER, 2e18, 18e18);
        vm.prank(STRANGER);
        CHALLENGES.disprove(W, product, 63, 62);

        assertTrue(CHALLENGES.provedFalse(W, seed), "kept as a fact");
        assertEq(REGISTRY.powerOf(W), 0, "no power");
        assertEq(REGISTRY.reasonOf(W), "suspended", "reason");
        assertEq(REGISTRY.bondOf(W), 0, "no bond");
        assertEq(VAULT.freeOf(STRANGER), 2e18, "the finder's tenth");
        assertEq(VAULT.freeOf(W), 80e18, "the rest of its collateral stays");
        assertEq(UNITS.unitsOf(W), 0, "no units");
        vm.expectRevert(
            abi.encodeWithSelector(ICapabilityChallenge.CapabilityChallengeNotAnswered.selector, W)
        );
        CHALLENGES.disprove(W, product, 63, 62);
    }

    function testWithoutABondTheFactCountsAllTheSame() public {
        bytes memory product = answerWithOneRightEntry(3, 5);
        CHALLENGES.disprove(W, product, 0, 0);
        bytes32 seed = REGISTRY.nodeOf(W).seed;
        assertTrue(CHALLENGES.provedFalse(W, seed), "disproved");
        vm.expectRevert(
            abi.encodeWithSelector(
                INodeRegistry.NodeRegistryWrongState.selector,
                W,
                INodeRegistry.NodeState.None
            )
        );
        vm.prank(Predeploys.ORACLE_HUB);
        REGISTRY.setPower(W, seed, 5_000);
    }

    function testARightEntryAccusesNobody() public {
        bytes memory product = answerWithOneRightEntry(3, 5);
        int256 entry = new MatmulJudge().readEntry(product, 64, 3, 5);
        vm.expectRevert(
            abi.encodeWithSelector(
                ICapabilityChallenge.CapabilityChallengeEntryCorrect.selector,
                W,
                3,
                5,
                entry
            )
        );
        CHALLENGES.disprove(W, product, 3, 5);
    }

    function testOnlyTheAnswerItselfAccuses() public {
        bytes4 selector = ICapabilityChallenge.CapabilityChallengeNotAnswered.selector;
        vm.expectRevert(abi.encodeWithSelector(selector, W));
        CHALLENGES.disprove(W, "", 0, 0);
        bytes memory product = answerWithOneRightEntry(3, 5);
        bytes32 committed = keccak256(product);
        product[0] = 0x01;
        vm.expectRevert(
            abi.encodeWithSelector(
                ICapabilityChallenge.CapabilityChallengeWrongProduct.selector,
                W,
                keccak256(product),
                committed
            )
        );
        CHALLENGES.disprove(W, product, 0, 0);
    }

    function testAnEntryLiesInTheProduct() public {
        bytes memory product = answerWithOneRightEntry(3, 5);
        bytes4 selector = ICapabilityChallenge.CapabilityChallengeOutOfBounds.selector;
        vm.expectRevert(abi.encodeWithSelector(selector, 64, 0, 64));
        CHALLENGES.disprove(W, product, 64, 0);
        vm.expectRevert(abi.encodeWithSelector(selector, 0, 64, 64));
        CHALLENGES.disprove(W, product, 0, 64);
    }

    function testANodeThatIsProvingAnewCanStillBeRefuted() public {
        bytes memory product = answerWithOneRightEntry(3, 5);
        attest(5_000);
        pass(12 hours);
        vm.prank(W);
        REGISTRY.register(5_000);
        assertEq(REGISTRY.powerOf(W), 5_000, "works on");
        CHALLENGES.disprove(W, product, 0, 0);
        assertEq(REGISTRY.powerOf(W), 0, "no power");
    }

    function testADisprovedNodeWaitsTenDays() public {
        bytes memory product = answerWithOneRightEntry(3, 5);
        CHALLENGES.disprove(W, product, 0, 0);
        uint40 until = uint40(time() + 864_000);
        pass(863_999);
        vm.expectRevert(
            abi.encodeWithSelector(INodeRegistry.NodeRegistrySuspended.selector, W, until)
        );
        vm.prank(W);
        REGISTRY.register(5_000);
        pass(1);
        vm.prank(W);
        REGISTRY.register(5_000);
    }

    /* REWARDS */

    function testThoseWhoPassShareTheDaysBudgetByPower() public {
        prove(worker(1), 1_000);
        prove(worker(2), 3_000);
        assertEq(CHALLENGES.epochAt(DAY).power, 4_000, "power");
        uint256 before = DISTRIBUTOR.accrued(POOL);
        goTo(MIDNIGHT + 1 days);
        uint256 budget = DISTRIBUTOR.accrued(POOL) - before;
        vm.expectEmit(Predeploys.CAPABILITY_CHALLENGE);
        emit ICapabilityChallenge.EpochClosed(DAY, 4_000, budget);
        CHALLENGES.closeEpoch();
        assertEq(budgetOf(DAY), budget, "budget");
        assertEq(CHALLENGES.rewardOf(worker(1)), budget / 4, "to come");
        vm.expectEmit(Predeploys.CAPABILITY_CHALLENGE);
        emit ICapabilityChallenge.ChallengeRewarded(worker(1), DAY, budget / 4);
        vm.expectEmit(Predeploys.CAPABILITY_CHALLENGE);
        emit ICapabilityChallenge.ChallengeRewardClaimed(worker(1), budget / 4);
        CHALLENGES.claim(worker(1));
        CHALLENGES.claim(worker(2));
        assertEq(DISTRIBUTOR.creditOf(worker(1)), budget / 4, "a quarter");
        assertEq(DISTRIBUTOR.creditOf(worker(2)), (budget * 3) / 4, "three quarters");
        vm.expectRevert(
            abi.encodeWithSelector(
                ICapabilityChallenge.CapabilityChallengeNothingToClaim.selector,
                worker(1)
            )
        );
        CHALLENGES.claim(worker(1));
    }

    function testWhatAccruesWhileNobodyPassesStays() public {
        prove(worker(1), 1_000);
        goTo(MIDNIGHT + 1 days);
        uint256 before = DISTRIBUTOR.accrued(POOL);
        CHALLENGES.closeEpoch();
        // Nobody passes for nine days; on the tenth one does.
        goTo(MIDNIGHT + 10 days);
        prove(worker(2), 1_000);
        goTo(MIDNIGHT + 11 days);
        CHALLENGES.closeEpoch();
        uint256 all = DISTRIBUTOR.accrued(POOL) - before;
        assertTrue(budgetOf(DAY + 10) <= all / 10, "a day's worth");
        assertTrue(budgetOf(DAY + 10) >= all / 10 - 1e9, "the whole of it");
    }

    function testALateCloseTakesNothingFromTheNextEpoch() public {
        prove(worker(1), 1_000);
        // First seen ten hours into the next day.
        goTo(MIDNIGHT + 1 days + 10 hours);
        prove(worker(2), 1_000);
        goTo(MIDNIGHT + 2 days);
        CHALLENGES.closeEpoch();
        uint256 first = budgetOf(DAY);
        uint256 second = budgetOf(DAY + 1);
        assertTrue(second > first - first / 1_000 && second < first + first / 1_000, "equal days");
        assertTrue(first + second <= DISTRIBUTOR.accrued(POOL), "within what accrued");
    }

    function testASecondPassInADayReplacesTheFirst() public {
        prove(worker(1), 1_000);
        vm.prank(worker(1));
        REGISTRY.retire();
        prove(worker(1), 400);
        assertEq(CHALLENGES.epochAt(DAY).power, 400, "counted once");
        assertEq(CHALLENGES.passOf(worker(1)).power, 400, "the latest");
    }

    function testANodeThatPassesDailyIsOwedEveryDay() public {
        prove(worker(1), 1_000);
        goTo(MIDNIGHT + 1 days);
        prove(worker(1), 1_000);
        goTo(MIDNIGHT + 2 days);
        CHALLENGES.closeEpoch();
        uint256 wanted = budgetOf(DAY) + budgetOf(DAY + 1);
        assertEq(CHALLENGES.rewardOf(worker(1)), wanted, "both days");
        assertEq(CHALLENGES.claim(worker(1)), wanted, "paid");
    }

    function testADisprovedPassEarnsNothing() public {
        prove(worker(1), 1_000);
        bytes memory product = answerWithOneRightEntry(3, 5);
        attest(3_000);
        CHALLENGES.disprove(W, product, 0, 0);
        assertEq(CHALLENGES.epochAt(DAY).power, 1_000, "out of the sum");
        goTo(MIDNIGHT + 1 days);
        vm.expectRevert(
            abi.encodeWithSelector(
                ICapabilityChallenge.CapabilityChallengeNothingToClaim.selector,
                W
            )
        );
        CHALLENGES.claim(W);
        assertEq(CHALLENGES.claim(worker(1)), budgetOf(DAY), "the other has it all");
    }

    function testAPassDisprovedAfterItsEpochLeavesItsShareInTheReserve() public {
        prove(worker(1), 1_000);
        bytes memory product = answerWithOneRightEntry(3, 5);
        attest(3_000);
        goTo(MIDNIGHT + 1 days);
        CHALLENGES.closeEpoch();
        CHALLENGES.disprove(W, product, 0, 0);
        assertEq(CHALLENGES.rewardOf(W), 0, "nothing");
        assertEq(CHALLENGES.claim(worker(1)), budgetOf(DAY) / 4, "its own quarter only");
    }

    function testFuzzAnEpochPaysAtMostItsBudget(uint32[4] calldata powers, uint24 late) public {
        uint256 sum = 0;
        for (uint256 i = 0; i < 4; ++i) {
            prove(worker(i + 1), uint64(powers[i] % 1e9) + 1);
            sum += (powers[i] % 1e9) + 1;
        }
        goTo(MIDNIGHT + 1 days + late);
        uint256 paid = 0;
        for (uint256 i = 0; i < 4; ++i) paid += CHALLENGES.claim(worker(i + 1));
        assertTrue(paid <= budgetOf(DAY), "at most the budget");
        assertTrue(paid + 4 > budgetOf(DAY), "all but the dust");
        assertTrue(budgetOf(DAY) <= DISTRIBUTOR.accrued(POOL), "within what accrued");
        assertEq(DISTRIBUTOR.paid(POOL), paid, "from the pool");
    }

    function testAPassIsAnnounced() public {
        vm.prank(W);
        REGISTRY.register(5_000);
        pass(1);
        vm.prank(W);
        REGISTRY.answerChallenge(new bytes(16_384));
        bytes32 seed = REGISTRY.seedOf(W);
        vm.expectEmit(Predeploys.CAPABILITY_CHALLENGE);
        emit ICapabilityChallenge.ChallengePassed(W, DAY, seed, 5_000);
        attest(5_000);
        assertEq(CHALLENGES.currentEpoch(), DAY, "today");
    }

    /* TIERS AND UNITS */

    function testTiersFollowTheProvedPower() public {
        uint64[5] memory powers = [uint64(999_999), 1e6, 9_999_999, 1e7, 1e8];
        uint8[5] memory tiers = [1, 2, 2, 3, 4];
        assertEq(CHALLENGES.tierOf(worker(9)), 0, "unproved");
        for (uint256 i = 0; i < 5; ++i) {
            prove(worker(i), powers[i]);
            assertEq(CHALLENGES.tierOf(worker(i)), tiers[i], "tier");
            assertEq(UNITS.unitsOf(worker(i)), tiers[i], "units of the online reward");
        }
        assertEq(CHALLENGES.tierPower(3), 1e7, "published");
        vm.expectRevert(
            abi.encodeWithSelector(ICapabilityChallenge.CapabilityChallengeUnknownTier.selector, 5)
        );
        CHALLENGES.tierPower(5);
        vm.expectRevert(
            abi.encodeWithSelector(ICapabilityChallenge.CapabilityChallengeUnknownTier.selector, 0)
        );
        CHALLENGES.tierPower(0);
    }

    function testABrokenOnlineRewardBlocksNoProof() public {
        UNITS.breakDown(true);
        vm.prank(W);
        REGISTRY.register(5_000);
        pass(1);
        vm.prank(W);
        REGISTRY.answerChallenge(new bytes(16_384));
        vm.expectEmit(Predeploys.CAPABILITY_CHALLENGE);
        emit ICapabilityChallenge.UnitsNotSet(W);
        attest(5_000);
        assertEq(REGISTRY.powerOf(W), 5_000, "proved");
        vm.expectRevert(
            abi.encodeWithSelector(ICapabilityChallenge.CapabilityChallengeUnitsNotSet.selector, W)
        );
        CHALLENGES.syncUnits(W);
        UNITS.breakDown(false);
        CHALLENGES.syncUnits(W);
        assertEq(UNITS.unitsOf(W), 1, "made up for");
        // Once: the same proof would count in the next epoch too.
        vm.expectRevert(
            abi.encodeWithSelector(ICapabilityChallenge.CapabilityChallengeUnitsNotSet.selector, W)
        );
        CHALLENGES.syncUnits(W);
    }

    function testUnitsThatAProofHasSetAreNotSetAgain() public {
        answerWithOneRightEntry(0, 0);
        attest(5_000);
        assertEq(UNITS.unitsOf(W), 1, "set");
        pass(12 hours);
        vm.expectRevert(
            abi.encodeWithSelector(ICapabilityChallenge.CapabilityChallengeUnitsNotSet.selector, W)
        );
        CHALLENGES.syncUnits(W);
    }

    function testABrokenChallengeBlocksNoProof() public {
        vm.prank(W);
        REGISTRY.register(5_000);
        pass(1);
        vm.prank(W);
        REGISTRY.answerChallenge(new bytes(16_384));
        // Code that reverts at once.
        vm.etch(Predeploys.CAPABILITY_CHALLENGE, hex"5f5ffd");
        vm.expectEmit(Predeploys.NODE_REGISTRY);
        emit INodeRegistry.NotificationFailed();
        attest(5_000);
        assertEq(REGISTRY.powerOf(W), 5_000, "proved");
    }

    function testRetiringTakesTheUnits() public {
        prove(W, 5_000);
        assertEq(UNITS.unitsOf(W), 1, "one");
        vm.prank(W);
        REGISTRY.retire();
        assertEq(UNITS.unitsOf(W), 0, "none");
    }

    function testOnlyTheRegistryReports() public {
        bytes memory reason = abi.encodeWithSelector(
            SystemContract.SystemContractUnauthorized.selector,
            address(this),
            Predeploys.NODE_REGISTRY
        );
        vm.expectRevert(reason);
        CHALLENGES.onProved(W, 0, 1);
        vm.expectRevert(reason);
        CHALLENGES.onLost(W);
    }
}
