// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRewardFormula} from "../../../contracts/interfaces/IRewardFormula.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {TaskStage} from "../support/TaskStage.sol";
import {vm} from "../support/Vm.sol";

/// @title TS 3.1: "Mining Reward = Task Price * Node Power / Sum of Task Power * Speed Bonus Rate"
/// times "Comment Adjustment"
/// @notice The speed bonus is the expected time over the actual one, between 0.5 and 1.2.
/// @custom:sentence Mining Reward = Task Price * Node Power / Sum of Task Power * Speed Bonus Rate
/// @custom:sentence The actual task load will be adjusted based on the speed of operation.
/// @custom:sentence The compute nodes acquire rewards according to the actual contributions made
/// through task execution and the rewards will be calculated and distributed by Tesra Supernet.
contract TS31MiningRewardTest is TaskStage {
    IRewardFormula private constant _FORMULA = IRewardFormula(Predeploys.REWARD_FORMULA);

    function testTheFormula() public pure {
        // 100 coins x 1 / 4 x 1.2 x 0.8
        _same(_FORMULA.grossReward(100e18, 1, 4, 12_000, 8_000), 24e18, "reward");
    }

    function testTwiceThePowerIsTwiceTheReward() public {
        uint256 taskId = _start(_spec(2));
        _pass(1_000);
        _commit(taskId, 0);
        _commit(taskId, 1);
        _finish(taskId);
        // Less 2.5 % for the platform.
        _same(ESCROW.creditOf(_worker(0)), 32_500000000000000000, "power 1,000");
        _same(ESCROW.creditOf(_worker(1)), 65_000000000000000000, "power 2,000");
    }

    function testSpeedIsPaid() public {
        _same(MARKET.accrued(_run(100e18, 500)), 120e18, "twice as fast: 1.2 at most");
        _same(_FORMULA.speedBonus(1_000, 1_000), 10_000, "in time");
        _same(_FORMULA.speedBonus(1_000, 1_111), 9_000, "a ninth slower");
        _same(_FORMULA.speedBonus(1_000, 4_000), 5_000, "half at least");
    }

    function testTheCommentIsPaid() public {
        // One slot lost by abort: 2,000 less for three days.
        uint256 taskId = _start(_spec(1));
        vm.prank(_worker(0));
        MARKET.abort(taskId, 0);
        _same(MARKET.accrued(_run(100e18, 1_000)), 80e18, "0.8");
    }
}
