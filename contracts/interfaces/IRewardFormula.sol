// SPDX-License-Identifier: MIT
pragma solidity >=0.8.24;

/// @title The whitepaper's formulas as public functions.
/// @notice What TaskMarket computes, for anyone to check. Basis points are of 10,000; amounts in
/// wei; every division is floored unless said otherwise. test/vectors/*.json binds these to
/// `chain/system/formulas.ts`.
/// @custom:source TS 3.1, TS 3.2, TS 3.4
interface IRewardFormula {
    /// @notice Task Collateral = Estimate Cost * Cost Range Parameter. Rounded up.
    function taskCollateral(uint256 price, uint256 costRangeBps) external pure returns (uint256);
    /// @notice A worker's collateral, by its share of the power. Rounded up.
    function minerCollateral(
        uint256 price,
        uint256 power,
        uint256 powerSum,
        uint256 minerBps
    ) external pure returns (uint256);
    /// @notice Mining Reward = Task Price * Node Power / Sum of Task Power * Speed Bonus * Comment
    /// Adjustment.
    function grossReward(
        uint256 price,
        uint256 power,
        uint256 powerSum,
        uint256 speedBps,
        uint256 commentBps
    ) external pure returns (uint256);
    /// @notice `grossReward` of a worker that did `units` of a slice, because another did the rest.
    /// In one division. A slice without units is paid by its power alone.
    function grossRewardOfPart(
        uint256 price,
        uint256 power,
        uint256 powerSum,
        uint256 speedBps,
        uint256 commentBps,
        uint256 units,
        uint256 slice
    ) external pure returns (uint256);
    /// @notice The expected time of `units` out of a slice: ceil(expected * units / slice).
    function scaledSeconds(
        uint256 expectedSeconds,
        uint256 units,
        uint256 slice
    ) external pure returns (uint256);
    /// @notice What the reserve adds to a compensation that fell short of what was earned: a share
    /// of min(burned / 2, reserve, shortfallSum).
    function topUp(
        uint256 burned,
        uint256 reserve,
        uint256 shortfall,
        uint256 shortfallSum
    ) external pure returns (uint256);
    /// @notice The platform's part, under 5 %.
    function fee(uint256 gross, uint256 feeBps) external pure returns (uint256);
    /// @notice clamp(10,000 * expected / actual, 5,000, 12,000); an actual of 0 counts as 1.
    function speedBonus(
        uint256 expectedSeconds,
        uint256 actualSeconds
    ) external pure returns (uint256 bps);
    /// @notice What one of the other workers gets of the collateral lost by faulty ones, never more
    /// than it would have earned.
    function compensation(
        uint256 pool,
        uint256 price,
        uint256 power,
        uint256 powerSum,
        uint256 elapsedSeconds,
        uint256 expectedSeconds,
        uint256 weightSum
    ) external pure returns (uint256);
}
