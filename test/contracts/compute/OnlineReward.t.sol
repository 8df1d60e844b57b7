// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Initializable} from "@openzeppelin/contracts-upgradeable/proxy/utils/Initializable.sol";
import {OnlineReward} from "../../../contracts/compute/OnlineReward.sol";
import {IOnlineReward} from "../../../contracts/interfaces/IOnlineReward.sol";
import {IProtocolParams} from "../../../contracts/interfaces/IProtocolParams.sol";
import {IRewardDistributor} from "../../../contracts/interfaces/IRewardDistributor.sol";
import {ParamKeys} from "../../../contracts/libraries/ParamKeys.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {SystemContract} from "../../../contracts/libraries/SystemContract.sol";
import {MoneyTest} from "../support/MoneyTest.sol";
import {vm} from "../support/Vm.sol";

/// @dev Shows what a unit earns in an epoch, what bounds it, and who may report and draw.
contract OnlineRewardTest is MoneyTest {
    IOnlineReward.Service private constant _COMPUTE = IOnlineReward.Service.Compute;
    IOnlineReward.Service private constant _STORAGE = IOnlineReward.Service.Storage;
    IOnlineReward.Service private constant _TRANSMISSION = IOnlineReward.Service.Transmission;
    address private constant _STORAGE_MARKET = 0x90ca000000000000000000000000000000000030;
    address private constant _ALICE = address(0xA11CE);
    address private constant _BOB = address(0xB0B);

    function setUp() public override {
        super.setUp();
        _usePower(0, 0);
    }

    /* EPOCHS */

    function testAnEpochEndsWithTheFirstBlockAfter24Hours() public {
        (uint40 number, uint40 endsAt) = ONLINE.epoch();
        assertEq(number, 0, "number");
        // One second after genesis now.
        assertEq(endsAt, _time - 1 + 1 days, "end");
        _setUnits(_ALICE, 10);
        _endBlock(1 days - 2);
        _endBlock(1);
        (number, ) = ONLINE.epoch();
        assertEq(number, 0, "a second before");
        _endBlock(1);
        (number, endsAt) = ONLINE.epoch();
        assertEq(number, 1, "at the second");
        assertEq(endsAt, _time - 2 + 1 + 1 days, "end of the next");
        assertEq(ONLINE.earnedOf(_COMPUTE, _ALICE), 2e18, "earned");
    }

    function testAChainThatStoodStillForAYearPaysOneEpoch() public {
        _setUnits(_ALICE, 10);
        _endBlock(365 days);
        _endBlock(1);
        (uint40 number, uint40 endsAt) = ONLINE.epoch();
        assertEq(number, 1, "number");
        assertEq(endsAt, _time - 1 + 1 days, "end");
        assertEq(ONLINE.earnedOf(_COMPUTE, _ALICE), 2e18, "earned");
    }

    function testTellsWhatAnEpochPaid() public {
        _setUnits(_ALICE, 10);
        _endBlock(1 days);
        vm.expectEmit(Predeploys.ONLINE_REWARD);
        // 20 % of what 86,401 seconds emit.
        emit IOnlineReward.EpochClosed(
            _COMPUTE,
            0,
            10,
            0,
            0.2e18,
            0.2e18,
            14_373_882_994_904_555_479_504
        );
        _endBlock(1);
        assertEq(ONLINE.ledgerOf(_COMPUTE).settled, 14_373_882_994_904_555_479_504, "settled");
    }

    /* UNITS */

    function testUnitsCountInTheEpochOfTheProof() public {
        vm.expectEmit(Predeploys.ONLINE_REWARD);
        emit IOnlineReward.UnitsSet(_COMPUTE, _ALICE, 10, 0);
        _setUnits(_ALICE, 10);
        _nextEpoch();
        _nextEpoch();
        assertEq(ONLINE.earnedOf(_COMPUTE, _ALICE), 2e18, "one epoch");
        assertEq(ONLINE.ledgerOf(_COMPUTE).units, 0, "expired");
        _setUnits(_ALICE, 5);
        assertEq(ONLINE.accountOf(_COMPUTE, _ALICE).owed, 2e18, "owed");
        _nextEpoch();
        assertEq(ONLINE.earnedOf(_COMPUTE, _ALICE), 3e18, "two epochs");
    }

    function testUnitsMayCountForMoreEpochs() public {
        vm.prank(Predeploys.TIMELOCK);
        IProtocolParams(Predeploys.PROTOCOL_PARAMS).set(ParamKeys.REWARD_UNIT_EPOCHS, 3);
        _setUnits(_ALICE, 10);
        for (uint256 i = 0; i < 5; ++i) {
            _nextEpoch();
        }
        assertEq(ONLINE.earnedOf(_COMPUTE, _ALICE), 6e18, "three epochs");
        assertEq(ONLINE.accountOf(_COMPUTE, _ALICE).validUntil, 2, "last epoch");
    }

    function testUnitsSetAgainReplaceTheOnesBefore() public {
        _setUnits(_ALICE, 10);
        _setUnits(_ALICE, 4);
        _setUnits(_BOB, 7);
        _setUnits(_BOB, 0);
        assertEq(ONLINE.ledgerOf(_COMPUTE).units, 4, "units");
        _nextEpoch();
        assertEq(ONLINE.earnedOf(_COMPUTE, _ALICE), 0.8e18, "alice");
        assertEq(ONLINE.earnedOf(_COMPUTE, _BOB), 0, "bob");
        assertEq(ONLINE.ledgerOf(_COMPUTE).units, 0, "none left over");
    }

    function testOnlyRegistryAndChallengeReportPower() public {
        vm.prank(Predeploys.NODE_REGISTRY);
        ONLINE.setUnits(_ALICE, 1);
        vm.expectRevert(
            abi.encodeWithSelector(
                IOnlineReward.OnlineRewardNotReporter.selector,
                _COMPUTE,
                _STORAGE_MARKET
            )
        );
        vm.prank(_STORAGE_MARKET);
        ONLINE.setUnits(_ALICE, 1);
    }

    function testFuzzOnlyTheStorageMarketReportsFiles(address caller, uint8 service) public {
        vm.assume(caller != _STORAGE_MARKET && caller != Predeploys.PROXY_ADMIN);
        IOnlineReward.Service reported = IOnlineReward.Service(service % 3);
        bytes memory refusal = abi.encodeWithSelector(
            IOnlineReward.OnlineRewardNotReporter.selector,
            reported,
            caller
        );
        vm.startPrank(caller);
        vm.expectRevert(refusal);
        ONLINE.setFiles(reported, _ALICE, 1);
        vm.expectRevert(refusal);
        ONLINE.reportUtilisation(reported, 1);
        vm.stopPrank();
        vm.expectRevert(
            abi.encodeWithSelector(
                IOnlineReward.OnlineRewardNotReporter.selector,
                _COMPUTE,
                _STORAGE_MARKET
            )
        );
        vm.prank(_STORAGE_MARKET);
        ONLINE.setFiles(_COMPUTE, _ALICE, 1);
    }

    /* UTILISATION */

    function testUtilisationIsSmoothedOverEpochs() public {
        _usePower(1_000, 800);
        _nextEpoch();
        assertEq(ONLINE.utilisationOf(_COMPUTE), 1_000, "an eighth of 8,000");
        _nextEpoch();
        // (7 x 1,000 + 8,000) / 8
        assertEq(ONLINE.utilisationOf(_COMPUTE), 1_875, "second");
        for (uint256 i = 0; i < 90; ++i) {
            _nextEpoch();
        }
        assertEq(ONLINE.utilisationOf(_COMPUTE), 8_000, "it gets there");
        _usePower(1_000, 3_000);
        for (uint256 i = 0; i < 90; ++i) {
            _nextEpoch();
        }
        assertEq(ONLINE.utilisationOf(_COMPUTE), 10_000, "never above all");
    }

    function testARegistryThatDoesNotAnswerStopsNothing() public {
        _usePower(1_000, 1_000);
        _nextEpoch();
        vm.etch(Predeploys.NODE_REGISTRY, hex"fe");
        _setUnits(_ALICE, 10);
        _nextEpoch();
        (uint40 number, ) = ONLINE.epoch();
        assertEq(number, 2, "epochs go on");
        assertEq(ONLINE.utilisationOf(_COMPUTE), 1_250, "as it was");
    }

    function testTheStorageMarketTellsTheUseOfStorage() public {
        vm.startPrank(_STORAGE_MARKET);
        vm.expectRevert(
            abi.encodeWithSelector(
                IOnlineReward.OnlineRewardUtilisationTooHigh.selector,
                10_001,
                10_000
            )
        );
        ONLINE.reportUtilisation(_STORAGE, 10_001);
        vm.expectEmit(Predeploys.ONLINE_REWARD);
        emit IOnlineReward.UtilisationReported(_STORAGE, 8_000);
        ONLINE.reportUtilisation(_STORAGE, 8_000);
        ONLINE.setFiles(_STORAGE, _ALICE, 50);
        ONLINE.setFiles(_TRANSMISSION, _ALICE, 20);
        vm.stopPrank();
        _nextEpoch();
        assertEq(ONLINE.utilisationOf(_STORAGE), 1_000, "storage");
        assertEq(ONLINE.utilisationOf(_TRANSMISSION), 0, "transmission");
        assertEq(ONLINE.draw(_STORAGE, _ALICE), 10e18, "stored");
        assertEq(ONLINE.draw(_TRANSMISSION, _ALICE), 4e18, "delivered");
        assertEq(DISTRIBUTOR.paid(IRewardDistributor.Pool.Storage), 10e18, "pool of storage");
        assertEq(DISTRIBUTOR.paid(IRewardDistributor.Pool.Transmission), 4e18, "and the other");
        assertEq(DISTRIBUTOR.paid(IRewardDistributor.Pool.Online), 0, "not of power");
    }

    /* DRAWING */

    function testAStrangerDrawsForTheNode() public {
        _setUnits(_ALICE, 10);
        _nextEpoch();
        vm.expectEmit(Predeploys.ONLINE_REWARD);
        emit IOnlineReward.RewardDrawn(_COMPUTE, _ALICE, 2e18);
        vm.prank(_BOB);
        ONLINE.draw(_COMPUTE, _ALICE);
        assertEq(DISTRIBUTOR.creditOf(_ALICE), 2e18, "credit");
        vm.expectRevert(
            abi.encodeWithSelector(
                IOnlineReward.OnlineRewardNothingEarned.selector,
                _COMPUTE,
                _ALICE
            )
        );
        ONLINE.draw(_COMPUTE, _ALICE);
        DISTRIBUTOR.claimFor(_ALICE);
        assertEq(_ALICE.balance, 2e18, "coin");
    }

    /* BUDGET */

    function testRatesAreScaledDownToTheBudgetOfTheEpoch() public {
        // 100,000 units would get 20,000 HPC, and there are 14,373.88.
        _setUnits(_ALICE, 75_000);
        _setUnits(_BOB, 25_000);
        _endBlock(1 days);
        _endBlock(1);
        assertEq(ONLINE.earnedOf(_COMPUTE, _ALICE), 10_780_412_246_178_416_550_000, "three");
        assertEq(ONLINE.earnedOf(_COMPUTE, _BOB), 3_593_470_748_726_138_850_000, "one");
    }

    function testWhatAnEpochDidNotEarnIsNoBudgetOfTheNext() public {
        _nextEpoch();
        uint256 accrued = DISTRIBUTOR.accrued(IRewardDistributor.Pool.Online);
        _setUnits(_ALICE, 4_000_000_000);
        _nextEpoch();
        uint256 gained = DISTRIBUTOR.accrued(IRewardDistributor.Pool.Online) - accrued;
        uint256 earned = ONLINE.earnedOf(_COMPUTE, _ALICE);
        assertTrue(earned <= gained && gained - earned < 4_000_000_000, "one epoch's budget");
    }

    function testFuzzNeverExceedsTheBudget(
        uint32[6] calldata units,
        uint16[3] calldata use
    ) public {
        uint256 sum = 0;
        for (uint256 i = 0; i < 3; ++i) {
            _usePower(10_000, use[i] % 10_001);
            uint256 before = ONLINE.ledgerOf(_COMPUTE).settled;
            uint256 paidBefore = sum;
            _setUnits(_ALICE, units[2 * i]);
            _setUnits(_BOB, units[2 * i + 1]);
            _nextEpoch();
            sum = ONLINE.earnedOf(_COMPUTE, _ALICE) + ONLINE.earnedOf(_COMPUTE, _BOB);
            uint256 budget = ONLINE.ledgerOf(_COMPUTE).settled - before;
            assertTrue(sum - paidBefore <= budget, "budget");
        }
        if (ONLINE.earnedOf(_COMPUTE, _ALICE) != 0) _draw(_ALICE);
        if (ONLINE.earnedOf(_COMPUTE, _BOB) != 0) _draw(_BOB);
        assertEq(DISTRIBUTOR.creditOf(_ALICE) + DISTRIBUTOR.creditOf(_BOB), sum, "all is paid");
    }

    /* THE CURVE */

    function testFuzzTheRateNeverRises(uint256 a, uint256 b) public view {
        (uint256 less, uint256 more) = a < b ? (a, b) : (b, a);
        assertTrue(ONLINE.rateAt(less) >= ONLINE.rateAt(more), "rises");
    }

    function testFuzzNoVoteMakesTheRateRise(uint256[3] calldata rates, uint16 u) public {
        IProtocolParams params = IProtocolParams(Predeploys.PROTOCOL_PARAMS);
        bytes32[3] memory keys = [
            ParamKeys.REWARD_RATE_LOW,
            ParamKeys.REWARD_RATE_MIDDLE,
            ParamKeys.REWARD_RATE_FULL
        ];
        vm.startPrank(Predeploys.TIMELOCK);
        for (uint256 i = 0; i < 3; ++i) {
            IProtocolParams.Param memory param = params.param(keys[i]);
            params.set(keys[i], param.min + (rates[i] % (param.max - param.min + 1)));
        }
        vm.stopPrank();
        assertTrue(ONLINE.rateAt(u) >= ONLINE.rateAt(uint256(u) + 1), "rises");
        assertTrue(ONLINE.rateAt(10_000) > 0, "never 0");
    }

    /// @dev One wei less at the next corner is one wei less from the first step on.
    function testTheRateIsRoundedDown() public {
        IProtocolParams params = IProtocolParams(Predeploys.PROTOCOL_PARAMS);
        vm.startPrank(Predeploys.TIMELOCK);
        params.set(ParamKeys.REWARD_RATE_LOW, 0.06e18);
        params.set(ParamKeys.REWARD_RATE_MIDDLE, 0.06e18 - 1);
        assertEq(ONLINE.rateAt(3_000), 0.06e18, "the corner");
        assertEq(ONLINE.rateAt(3_001), 0.06e18 - 1, "a step beyond");
        params.set(ParamKeys.REWARD_RATE_MIDDLE, 0.03e18);
        params.set(ParamKeys.REWARD_RATE_FULL, 0.03e18 - 1);
        vm.stopPrank();
        assertEq(ONLINE.rateAt(5_000), 0.03e18, "the second corner");
        assertEq(ONLINE.rateAt(5_001), 0.03e18 - 1, "a step beyond it");
    }

    /* WHO MAY DO WHAT */

    function testFuzzOnlyTheHubEndsEpochs(address caller) public {
        vm.assume(caller != Predeploys.SYSTEM_HUB && caller != Predeploys.PROXY_ADMIN);
        vm.expectRevert(
            abi.encodeWithSelector(
                SystemContract.SystemContractUnauthorized.selector,
                caller,
                Predeploys.SYSTEM_HUB
            )
        );
        vm.prank(caller);
        ONLINE.onEndBlock(plainInput());
    }

    function testCannotBeInitializedAgain() public {
        vm.expectRevert(Initializable.InvalidInitialization.selector);
        OnlineReward(Predeploys.ONLINE_REWARD).initialize();
    }

    function _nextEpoch() private {
        _endBlock(1 days);
        _endBlock(1);
    }
}
