// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// @title The whitepaper's formulas.
/// @dev Shared by TaskMarket, which pays by them, and RewardFormula, which shows them. Exact for
/// amounts below 2^96, powers below 2^68, seconds below 2^40 and rates below 2^16.
/// @custom:source TS 3.1, TS 3.2, TS 3.4
library RewardMath {
    /// @dev What a reward is made of.
    struct Work {
        uint256 price; // wei
        uint256 power;
        uint256 powerSum;
        uint256 speedBps;
        uint256 commentBps;
    }

    uint256 internal constant BPS = 10_000;
    uint256 internal constant SPEED_BPS_MIN = 5_000;
    uint256 internal constant SPEED_BPS_MAX = 12_000;

    /// @dev The fee stays strictly under 5 %.
    uint256 internal constant FEE_BPS_MAX = 499;

    /// @dev Rounded up: what is escrowed never falls short of the range.
    function taskCollateral(uint256 price, uint256 costRangeBps) internal pure returns (uint256) {
        return Math.ceilDiv(price * costRangeBps, BPS);
    }

    /// @dev Rounded up: a worker always has something to lose.
    function minerCollateral(
        uint256 price,
        uint256 power,
        uint256 powerSum,
        uint256 minerBps
    ) internal pure returns (uint256) {
        return Math.ceilDiv(price * power * minerBps, powerSum * BPS);
    }

    /// @dev One division, floored: the dust stays with the sponsor.
    function grossReward(
        uint256 price,
        uint256 power,
        uint256 powerSum,
        uint256 speedBps,
        uint256 commentBps
    ) internal pure returns (uint256) {
        return (price * power * speedBps * commentBps) / (powerSum * BPS * BPS);
    }

    /// @dev `grossReward` of `units` out of `slice`, in one division. A slice without units is paid
    /// by its power alone.
    function grossRewardOfPart(
        Work memory work,
        uint256 units,
        uint256 slice
    ) internal pure returns (uint256) {
        if (slice == 0) (units, slice) = (1, 1);
        return
            (work.price * work.power * work.speedBps * work.commentBps * units) /
            (work.powerSum * BPS * BPS * slice);
    }

    /// @dev The expected time of `units` out of `slice`. Rounded up: a part takes a second at
    /// least.
    function scaledSeconds(
        uint256 expectedSeconds,
        uint256 units,
        uint256 slice
    ) internal pure returns (uint256) {
        return slice == 0 ? expectedSeconds : Math.ceilDiv(expectedSeconds * units, slice);
    }

    /// @dev What the reserve adds to a compensation that fell short. Over all slots never more than
    /// half of what was burned, so that whoever deals with himself still loses.
    function topUp(
        uint256 burned,
        uint256 reserve,
        uint256 shortfall,
        uint256 shortfallSum
    ) internal pure returns (uint256) {
        if (shortfall == 0) return 0;
        uint256 limit = Math.min(Math.min(burned / 2, reserve), shortfallSum);
        return (limit * shortfall) / shortfallSum;
    }

    /// @dev Floored: the dust stays with the worker. Rates above the maximum count as the maximum.
    function fee(uint256 gross, uint256 feeBps) internal pure returns (uint256) {
        return (gross * Math.min(feeBps, FEE_BPS_MAX)) / BPS;
    }

    function speedBonus(
        uint256 expectedSeconds,
        uint256 actualSeconds
    ) internal pure returns (uint256) {
        uint256 bps = (BPS * expectedSeconds) / Math.max(actualSeconds, 1);
        return Math.min(Math.max(bps, SPEED_BPS_MIN), SPEED_BPS_MAX);
    }

    /// @dev Seconds worked beyond the expected ones count for nothing.
    function weight(
        uint256 power,
        uint256 elapsedSeconds,
        uint256 expectedSeconds
    ) internal pure returns (uint256) {
        return power * Math.min(elapsedSeconds, expectedSeconds);
    }

    /// @dev Floored twice: the shares never sum to more than the pool.
    function compensation(
        uint256 pool,
        uint256 price,
        uint256 power,
        uint256 powerSum,
        uint256 elapsedSeconds,
        uint256 expectedSeconds,
        uint256 weightSum
    ) internal pure returns (uint256) {
        uint256 own = weight(power, elapsedSeconds, expectedSeconds);
        if (own == 0) return 0;
        return Math.min((pool * own) / weightSum, (price * own) / (powerSum * expectedSeconds));
    }
}
