// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRewardFormula} from "../interfaces/IRewardFormula.sol";
import {RewardMath} from "../libraries/RewardMath.sol";

/// @title The public face of RewardMath. Holds nothing.
contract RewardFormula is IRewardFormula {
    /// @inheritdoc IRewardFormula
    function taskCollateral(uint256 price, uint256 costRangeBps) external pure returns (uint256) {
        return RewardMath.taskCollateral(price, costRangeBps);
    }

    /// @inheritdoc IRewardFormula
    function minerCollateral(
        uint256 price,
        uint256 power,
        uint256 powerSum,
        uint256 minerBps
    ) external pure returns (uint256) {
        return RewardMath.minerCollateral(price, power, powerSum, minerBps);
    }

    /// @inheritdoc IRewardFormula
    function grossReward(
        uint256 price,
        uint256 power,
        uint256 powerSum,
        uint256 speedBps,
        uint256 commentBps
    ) external pure returns (uint256) {
        return RewardMath.grossReward(price, power, powerSum, speedBps, commentBps);
    }

    /// @inheritdoc IRewardFormula
    function grossRewardOfPart(
        uint256 price,
        uint256 power,
        uint256 powerSum,
        uint256 speedBps,
        uint256 commentBps,
        uint256 units,
        uint256 slice
    ) external pure returns (uint256) {
        return
            RewardMath.grossRewardOfPart(
                RewardMath.Work(price, power, powerSum, speedBps, commentBps),
                units,
                slice
            );
    }

    /// @inheritdoc IRewardFormula
    function scaledSeconds(
        uint256 expectedSeconds,
        uint256 units,
        uint256 slice
    ) external pure returns (uint256) {
        return RewardMath.scaledSeconds(expectedSeconds, units, slice);
    }

    /// @inheritdoc IRewardFormula
    function topUp(
        uint256 burned,
        uint256 reserve,
        uint256 shortfall,
        uint256 shortfallSum
    ) external pure returns (uint256) {
        return RewardMath.topUp(burned, reserve, shortfall, shortfallSum);
    }

    /// @inheritdoc IRewardFormula
    function fee(uint256 gross, uint256 feeBps) external pure returns (uint256) {
        return RewardMath.fee(gross, feeBps);
    }

    /// @inheritdoc IRewardFormula
    function speedBonus(
        uint256 expectedSeconds,
        uint256 actualSeconds
    ) external pure returns (uint256 bps) {
        return RewardMath.speedBonus(expectedSeconds, actualSeconds);
    }

    /// @inheritdoc IRewardFormula
    function compensation(
        uint256 pool,
        uint256 price,
        uint256 power,
        uint256 powerSum,
        uint256 elapsedSeconds,
        uint256 expectedSeconds,
        uint256 weightSum
    ) external pure returns (uint256) {
        return
            RewardMath.compensation(
                pool,
                price,
                power,
                powerSum,
                elapsedSeconds,
                expectedSeconds,
                weightSum
            );
    }
}
