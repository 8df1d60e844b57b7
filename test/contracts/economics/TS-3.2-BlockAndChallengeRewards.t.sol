// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRewardDistributor} from "../../../contracts/interfaces/IRewardDistributor.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {MoneyTest} from "../support/MoneyTest.sol";
import {vm} from "../support/Vm.sol";

/// @title TS 3.2: "block production rewards and challenge-taking rewards"
/// @notice 30 % of the subsidy to who produces the block, 15 % to those who pass challenges.
/// @custom:sentence It includes there parts: block production rewards and challenge-taking rewards,
/// and the first one is set to encourage the miners.
/// @custom:sentence For the former, Its purpose is to encourage miners to actively produce blocks.
/// @custom:sentence The latter is to encourage all the nodes to prove their abilities (cheat-proof)
/// and give them corresponding rewards in the light of the performance.
/// @custom:sentence Each node that produces block successfully will receive a reward.
/// @custom:sentence During POW mining, nodes that succeed in the block production will be rewarded.
contract TS32BlockAndChallengeRewardsTest is MoneyTest {
    IRewardDistributor.Pool private constant _CHALLENGE = IRewardDistributor.Pool.Challenge;

    function testWhoProducesABlockIsCreditedInIt() public {
        _endBlock(100);
        uint256 before = DISTRIBUTOR.accrued(IRewardDistributor.Pool.Producer);
        vm.expectEmit(Predeploys.REWARD_DISTRIBUTOR);
        emit IRewardDistributor.SubsidySplit(
            _height,
            _proposer(),
            83_181_230_511_825_994_372,
            // 30 % and less than 8 wei that the other shares leave over.
            24_954_369_153_547_798_313
        );
        _endBlock(1);
        uint256 gained = DISTRIBUTOR.accrued(IRewardDistributor.Pool.Producer) - before;
        assertEq(gained / 10, 2_495_436_915_354_779_831, "30 %");
    }

    function testABlockThatIsNotProducedEarnsNothing() public {
        _endBlock(100);
        uint256 before = DISTRIBUTOR.creditOf(_proposer());
        vm.warp(_time + 100);
        assertEq(DISTRIBUTOR.creditOf(_proposer()), before, "time alone pays nobody");
    }

    function testChallengeWinnersSharePool() public {
        _endBlock(100);
        _endBlock(1);
        uint256 budget = DISTRIBUTOR.accrued(_CHALLENGE);
        assertEq(budget / 1e9, 12_601_956_422, "15 % of 101 seconds");
        assertEq(DISTRIBUTOR.spenderOf(_CHALLENGE), Predeploys.CAPABILITY_CHALLENGE, "who pays");
        vm.startPrank(Predeploys.CAPABILITY_CHALLENGE);
        DISTRIBUTOR.payFrom(_CHALLENGE, address(0xA1), budget);
        vm.expectRevert(
            abi.encodeWithSelector(
                IRewardDistributor.RewardDistributorOverBudget.selector,
                _CHALLENGE,
                1,
                0
            )
        );
        DISTRIBUTOR.payFrom(_CHALLENGE, address(0xA2), 1);
        vm.stopPrank();
        assertEq(DISTRIBUTOR.creditOf(address(0xA1)), budget, "credited");
    }
}
