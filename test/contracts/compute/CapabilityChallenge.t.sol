// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICapabilityChallenge} from "../../../contracts/interfaces/ICapabilityChallenge.sol";
import {INodeRegistry} from "../../../contracts/interfaces/INodeRegistry.sol";
import {IProtocolParams} from "../../../contracts/interfaces/IProtocolParams.sol";
import {IRewardDistributor} from "../../../contracts/interfaces/IRewardDistributor.sol";
import {MatmulProof} from "../../../contracts/libraries/MatmulProof.sol";
import {ParamKeys} from "../../../contracts/libraries/ParamKeys.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {SystemContract} from "../../../contracts/libraries/SystemContract.sol";
import {MatmulJudge} from "../../../contracts/mocks/MatmulJudge.sol";
import {ProofOfPower} from "../support/ProofOfPower.sol";
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

/// @notice A false entry costs the power and the bond; proofs share the epoch's budget.
contract CapabilityChallengeTest is ComputeTest, ProofOfPower {
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
        setParam(ParamKeys.NODE_CHALLENGE_BOND, amount);
    }

    function setParam(bytes32 key, uint256 value) internal {
        vm.prank(Predeploys.TIMELOCK);
        IProtocolParams(Predeploys.PROTOCOL_PARAMS).set(key, value);
    }

    function budgetOf(uint32 epoch) internal view returns (uint256) {
        return CHALLENGES.epochAt(epoch).budget;
    }

    /// @dev A proof of a power of 5 whose tree also holds the first 64 entries, right or all zeros.
    function proveWith(
        bool isRight
    ) internal returns (INodeRegistry.Claim memory claim, INodeRegistry.Opening memory opening) {
        vm.prank(W);
        REGISTRY.register(128, 48);
        pass(1);
        (uint256 height, ) = this.clock();
        Prepared memory prepared = prepare(W, height, 0);
        bytes32 seed = REGISTRY.seedOf(W);
        opening = graft(prepared, isRight ? leafAt(seed, 128, 0, 0) : new bytes(256));
        vm.prank(W);
        REGISTRY.commitProducts(prepared.root);
        pass(1);
        vm.prank(W);
        REGISTRY.openProducts(prepared.openings);
        claim = INodeRegistry.Claim(seed, prepared.root, 128, 48);
    }

    /* DISPROVING */

    function testAFalseEntryTakesThePowerAndTheBond() public {
        setBond(20e18);
        (INodeRegistry.Claim memory claim, INodeRegistry.Opening memory opening) = proveWith(false);
        assertEq(REGISTRY.powerOf(W), 5, "the samples were right");
        assertEq(REGISTRY.bondOf(W), 20e18, "bond");
        bytes32 seed = claim.seed;
        assertTrue(!CHALLENGES.provedFalse(W, seed), "not yet");
        int256 actual = MatmulProof.entryOf(seed, 128, 63);
        vm.expectEmit(Predeploys.CAPABILITY_CHALLENGE);
        emit ICapabilityChallenge.PowerDisproved(W, seed, STRANGER, 63, 0, actual);
        vm.expectEmit(Predeploys.NODE_REGISTRY);
        emit INodeRegistry.NodeSuspended(W, uint40(time() + 10 days));
        vm.expectEmit(Predeploys.NODE_REGISTRY);
        emit INodeRegistry.NodeExcluded(W, "suspended");
        vm.expectEmit(Predeploys.NODE_REGISTRY);
        emit INodeRegistry.BondSeized(W, STRANGER, 2e18, 18e18);
        vm.prank(STRANGER);
        CHALLENGES.disprove(W, claim, 63, opening);

        assertTrue(CHALLENGES.provedFalse(W, seed), "kept as a fact");
        assertEq(REGISTRY.powerOf(W), 0, "no power");
        assertEq(REGISTRY.reasonOf(W), "suspended", "reason");
        assertEq(REGISTRY.bondOf(W), 0, "no bond");
        assertEq(VAULT.freeOf(STRANGER), 2e18, "the finder's tenth");
        assertEq(VAULT.freeOf(W), 80e18, "the rest of its collateral stays");
        assertEq(UNITS.unitsOf(W), 0, "no units");
        expectNotProved(claim, 0);
        CHALLENGES.disprove(W, claim, 63, opening);
    }

    function expectNotProved(INodeRegistry.Claim memory claim, bytes32 proofHash) internal {
        vm.expectRevert(
            abi.encodeWithSelector(
                ICapabilityChallenge.CapabilityChallengeNotProved.selector,
                W,
                keccak256(abi.encode(claim)),
                proofHash
            )
        );
    }

    function testWithoutABondTheFactCountsAllTheSame() public {
        (INodeRegistry.Claim memory claim, INodeRegistry.Opening memory opening) = proveWith(false);
        CHALLENGES.disprove(W, claim, 0, opening);
        assertTrue(CHALLENGES.provedFalse(W, claim.seed), "disproved");
        assertEq(REGISTRY.powerOf(W), 0, "no power");
    }

    function testARightEntryAccusesNobody() public {
        (INodeRegistry.Claim memory claim, INodeRegistry.Opening memory opening) = proveWith(true);
        int256 entry = MatmulProof.entryOf(claim.seed, 128, 63);
        vm.expectRevert(
            abi.encodeWithSelector(
                ICapabilityChallenge.CapabilityChallengeEntryCorrect.selector,
                W,
                63,
                entry
            )
        );
        CHALLENGES.disprove(W, claim, 63, opening);
    }

    function testOnlyWhatWasProvedAccuses() public {
        (INodeRegistry.Claim memory claim, INodeRegistry.Opening memory opening) = proveWith(false);
        bytes32 proofHash = keccak256(abi.encode(claim));
        claim.products = 49;
        expectNotProved(claim, proofHash);
        CHALLENGES.disprove(W, claim, 0, opening);
        claim.products = 48;
        vm.expectRevert(
            abi.encodeWithSelector(
                MatmulProof.MatmulProofNotInTree.selector,
                claim.root,
                1,
                opening.entries
            )
        );
        CHALLENGES.disprove(W, claim, 64, opening);
    }

    function testAnEntryLiesInTheProducts() public {
        (INodeRegistry.Claim memory claim, INodeRegistry.Opening memory opening) = proveWith(false);
        vm.expectRevert(
            abi.encodeWithSelector(
                ICapabilityChallenge.CapabilityChallengeOutOfBounds.selector,
                786_432,
                786_432
            )
        );
        CHALLENGES.disprove(W, claim, 786_432, opening);
    }

    function testANodeThatIsProvingAnewCanStillBeRefuted() public {
        (INodeRegistry.Claim memory claim, INodeRegistry.Opening memory opening) = proveWith(false);
        pass(12 hours);
        vm.prank(W);
        REGISTRY.register(256, 300);
        pass(1);
        vm.prank(W);
        REGISTRY.commitProducts("another");
        assertEq(REGISTRY.powerOf(W), 5, "works on");
        CHALLENGES.disprove(W, claim, 0, opening);
        assertEq(REGISTRY.powerOf(W), 0, "no power");
    }

    function testADisprovedNodeWaitsTenDays() public {
        (INodeRegistry.Claim memory claim, INodeRegistry.Opening memory opening) = proveWith(false);
        CHALLENGES.disprove(W, claim, 0, opening);
        uint40 until = uint40(time() + 864_000);
        pass(863_999);
        vm.expectRevert(
            abi.encodeWithSelector(INodeRegistry.NodeRegistrySuspended.selector, W, until)
        );
        vm.prank(W);
        REGISTRY.register(256, 300);
        pass(1);
        vm.prank(W);
        REGISTRY.register(256, 300);
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
        (INodeRegistry.Claim memory claim, INodeRegistry.Opening memory opening) = proveWith(false);
        assertEq(CHALLENGES.epochAt(DAY).power, 1_005, "both");
        CHALLENGES.disprove(W, claim, 0, opening);
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
        prove(worker(1), 15);
        (INodeRegistry.Claim memory claim, INodeRegistry.Opening memory opening) = proveWith(false);
        goTo(MIDNIGHT + 1 days);
        CHALLENGES.closeEpoch();
        CHALLENGES.disprove(W, claim, 0, opening);
        assertEq(CHALLENGES.rewardOf(W), 0, "nothing");
        assertEq(CHALLENGES.claim(worker(1)), (budgetOf(DAY) * 3) / 4, "its own part only");
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
        vm.expectEmit(Predeploys.CAPABILITY_CHALLENGE);
        emit ICapabilityChallenge.ChallengePassed(W, DAY, "seed", 5_000);
        vm.prank(Predeploys.NODE_REGISTRY);
        CHALLENGES.onProved(W, "seed", 5_000);
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

    function testUnitsAreThePowerInThousands() public {
        uint64[5] memory powers = [uint64(999), 1_000, 1_999, 2_000, 1e10];
        uint32[5] memory units = [uint32(0), 1, 1, 2, 1e7];
        for (uint256 i = 0; i < 5; ++i) {
            prove(worker(i), powers[i]);
            assertEq(UNITS.unitsOf(worker(i)), units[i], "units of the online reward");
        }
    }

    function testUnitsNeverOverflow() public {
        setParam(ParamKeys.NODE_UNIT_POWER, 1);
        prove(W, type(uint64).max);
        assertEq(UNITS.unitsOf(W), type(uint32).max, "capped");
    }

    /// @dev Whatever a machine proves, in however many parts: units and shares of the reward add up
    /// to no more than those of one node.
    function testFuzzManyIdentitiesHaveNoMoreThanOne(uint64[6] calldata parts) public {
        uint256 sum = 0;
        uint256 units = 0;
        uint256 power = 0;
        for (uint256 i = 0; i < 6; ++i) {
            uint64 part = (parts[i] % 1e9) + 1;
            sum += part;
            prove(worker(i), part);
            units += UNITS.unitsOf(worker(i));
            power += CHALLENGES.passOf(worker(i)).power;
        }
        prove(worker(7), uint64(sum));
        assertTrue(units <= UNITS.unitsOf(worker(7)), "units");
        assertTrue(power <= CHALLENGES.passOf(worker(7)).power, "shares");
    }

    function testABrokenOnlineRewardBlocksNoProof() public {
        UNITS.breakDown(true);
        prove(W, 5_000);
        vm.expectEmit(Predeploys.CAPABILITY_CHALLENGE);
        emit ICapabilityChallenge.UnitsNotSet(W);
        vm.prank(Predeploys.NODE_REGISTRY);
        CHALLENGES.onProved(W, "seed", 5_000);
        assertEq(REGISTRY.powerOf(W), 5_000, "proved");
        vm.expectRevert(
            abi.encodeWithSelector(ICapabilityChallenge.CapabilityChallengeUnitsNotSet.selector, W)
        );
        CHALLENGES.syncUnits(W);
        UNITS.breakDown(false);
        CHALLENGES.syncUnits(W);
        assertEq(UNITS.unitsOf(W), 5, "made up for");
        // Once: the same proof would count in the next epoch too.
        vm.expectRevert(
            abi.encodeWithSelector(ICapabilityChallenge.CapabilityChallengeUnitsNotSet.selector, W)
        );
        CHALLENGES.syncUnits(W);
    }

    function testUnitsThatAProofHasSetAreNotSetAgain() public {
        prove(W, 5_000);
        assertEq(UNITS.unitsOf(W), 5, "set");
        pass(12 hours);
        vm.expectRevert(
            abi.encodeWithSelector(ICapabilityChallenge.CapabilityChallengeUnitsNotSet.selector, W)
        );
        CHALLENGES.syncUnits(W);
    }

    function testRetiringTakesTheUnits() public {
        prove(W, 5_000);
        assertEq(UNITS.unitsOf(W), 5, "five");
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
