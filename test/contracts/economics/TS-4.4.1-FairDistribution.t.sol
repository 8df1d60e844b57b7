// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICollateralVault} from "../../../contracts/interfaces/ICollateralVault.sol";
import {INodeRegistry} from "../../../contracts/interfaces/INodeRegistry.sol";
import {IOnlineReward} from "../../../contracts/interfaces/IOnlineReward.sol";
import {IRewardDistributor} from "../../../contracts/interfaces/IRewardDistributor.sol";
import {ParamKeys} from "../../../contracts/libraries/ParamKeys.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {vm} from "../support/Vm.sol";
import {WorkTest} from "../support/WorkTest.sol";

/// @title TS 4.4.1: "the improved POW algorithm will be used for initial Coin distribution"
/// @notice New coin goes to proved work, whatever the worker owns.
/// @custom:sentence Since the POS will cause unfair distribution, the improved POW algorithm will
/// be used for initial Coin distribution.
/// @custom:sentence The POW compute node is responsible for the production and distribution of
/// tokens.
/// @custom:sentence PoW is used to generate and distribute Tesra coins.
/// @custom:sentence During POS+POW mining, nodes that successfully complete the proof of work
/// before the block production will be rewarded.
/// @custom:sentence Through this algorithm, those who provide computing resources in the Smart
/// public chain can obtain the block rewards and benefits of the Smart public chain, and reward
/// them for their contributions to the system.
/// @custom:sentence distribute coins through improved "POW".
contract TS441FairDistributionTest is WorkTest {
    IRewardDistributor private constant DISTRIBUTOR = IRewardDistributor(
        Predeploys.REWARD_DISTRIBUTOR
    );
    IOnlineReward private constant ONLINE = IOnlineReward(Predeploys.ONLINE_REWARD);
    ICollateralVault private constant VAULT = ICollateralVault(Predeploys.COLLATERAL_VAULT);
    IOnlineReward.Service private constant COMPUTE = IOnlineReward.Service.Compute;
    address private constant RICH = address(0xA1);
    address private constant POOR = address(0xA2);

    function setUp() public override {
        super.setUp();
        setParam(ParamKeys.NODE_UNIT_POWER, 1_000);
    }

    function earnedBy(address account) internal view returns (uint256) {
        return CHALLENGES.rewardOf(account) + ONLINE.earnedOf(COMPUTE, account);
    }

    /// @dev Coin in the account, in the vault, and locked as stake in the node.
    function enrich(uint256 wealth) internal {
        vm.deal(RICH, wealth);
        if (wealth == 0) return;
        vm.deal(address(this), 2 * wealth);
        VAULT.depositFor{value: 2 * wealth}(RICH);
        vm.prank(RICH);
        REGISTRY.addStake(uint96(wealth));
    }

    function endEpoch() internal {
        _endBlock(1 days);
        _endBlock(1);
        CHALLENGES.closeEpoch();
    }

    function testHalfOfTheSubsidyIsForProvedWork() public view {
        uint16[8] memory shares = DISTRIBUTOR.shares();
        // Online, Challenge, Storage and Transmission.
        assertEq(shares[2] + shares[3] + shares[4] + shares[7], 5_000, "50 %");
    }

    /// @dev Both claim the same; one has the coin and the other did the work.
    function testCoinAloneEarnsNothing() public {
        enrich(50_000_000e18);
        Prepared memory prepared = commitTo(RICH, 512, 300, 16);
        work(POOR, 512, 300);
        vm.prank(RICH);
        vm.expectRevert();
        REGISTRY.openProducts(prepared.openings);
        endEpoch();
        // 40,265 million multiply-adds in 20 seconds: two units of 0.2 coins.
        assertEq(ONLINE.earnedOf(COMPUTE, POOR), 0.4e18, "work");
        assertTrue(CHALLENGES.rewardOf(POOR) > 0, "and the challenge's reward");
        assertEq(earnedBy(RICH), 0, "wealth");
    }

    function testFuzzTheSameWorkEarnsTheSame(uint80 wealth) public {
        enrich(wealth);
        work(RICH, 512, 150);
        work(POOR, 512, 150);
        endEpoch();
        assertTrue(earnedBy(POOR) > 0, "something");
        assertEq(earnedBy(POOR), earnedBy(RICH), "equal work");
    }

    function testTwiceTheWorkEarnsTwice() public {
        work(RICH, 512, 150);
        work(POOR, 512, 300);
        endEpoch();
        assertEq(ONLINE.earnedOf(COMPUTE, POOR), 2 * ONLINE.earnedOf(COMPUTE, RICH), "units");
        uint256 double = 2 * CHALLENGES.rewardOf(RICH);
        // 1,006 and 2,013, each rounded down.
        assertBetween(CHALLENGES.rewardOf(POOR), double, double + double / 1_000, "shares");
    }

    /// @dev 150 products a window is what the machine can do, for whomever. With one round a day,
    /// who registers later in it has less time, not another window.
    function testManyIdentitiesOfOneMachineEarnNoMoreThanOne() public {
        for (uint256 i = 0; i < 3; ++i) work(node(i), 512, 50);
        work(POOR, 512, 150);
        endEpoch();
        uint256 sum = 0;
        for (uint256 i = 0; i < 3; ++i) sum += earnedBy(node(i));
        assertTrue(sum > 0 && sum <= earnedBy(POOR), "no more");
    }

    function testOneMachineProvesItselfOnceADay() public {
        setParam(ParamKeys.NODE_CHALLENGE_INTERVAL, 1 days);
        _endBlock(100);
        (uint256 startsAt, uint256 commitBy) = REGISTRY.challengeRound();
        _endBlock(startsAt - _time);
        work(node(0), 512, 150);
        // The same round: what is committed to in it was computed in the same seconds.
        vm.prank(node(1));
        REGISTRY.register(512, 150);
        assertEq(REGISTRY.nodeOf(node(1)).commitBy, commitBy, "the same window");
        assertEq(REGISTRY.nodeOf(node(0)).commitBy, commitBy, "for both");
        _endBlock(30);
        vm.expectRevert(
            abi.encodeWithSelector(
                INodeRegistry.NodeRegistryTooEarly.selector,
                node(2),
                startsAt + 1 days
            )
        );
        vm.prank(node(2));
        REGISTRY.register(512, 150);
    }
}
