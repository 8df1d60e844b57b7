// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {RewardMath} from "./RewardMath.sol";

/// @title What work costs, and how its price follows the use of the network.
/// @dev Exact for times, units and sizes of 32 bits, prices below 2^40 and factors below 2^24. The
/// TypeScript twin is `chain/system/formulas.ts`; test/vectors/priceBook.json binds the two.
/// @custom:source TS 3.5
library PriceMath {
    /// @dev The factor of the voted price itself.
    uint256 internal constant FACTOR_ONE = 2 ** 20;
    uint256 internal constant COIN = 1e18;

    /// @dev One multiplier of 24 bits for each tenth of utilisation, the lowest tenth lowest, in
    /// parts of 2^20: 0.96, 0.97, 0.98, 0.99, 1, 1, 1.01, 1.02, 1.03, 1.04.
    uint256 private constant MULTIPLIERS =
        1_006_633 |
            (1_017_119 << 24) |
            (1_027_604 << 48) |
            (1_038_090 << 72) |
            (1_048_576 << 96) |
            (1_048_576 << 120) |
            (1_059_062 << 144) |
            (1_069_548 << 168) |
            (1_080_033 << 192) |
            (1_090_519 << 216);

    /// @dev Rounded up: who works is never paid less than the price in dollars.
    function quote(
        uint256 seconds_,
        uint256 computeUnits,
        uint256 storageGiB,
        uint256 pricePerUnit,
        uint256 pricePerGiB,
        uint256 pricePerCoin
    ) internal pure returns (uint256) {
        uint256 cost = seconds_ * (computeUnits * pricePerUnit + storageGiB * pricePerGiB);
        return Math.ceilDiv(cost * COIN, pricePerCoin);
    }

    /// @dev Rounded up, so that a price never becomes 0.
    function adjustedPrice(uint256 votedPrice, uint256 factor) internal pure returns (uint256) {
        return Math.ceilDiv(votedPrice * factor, FACTOR_ONE);
    }

    /// @dev Floored, then kept within the bounds, which are parts of the voted price.
    function nextFactor(
        uint256 factor,
        uint256 utilisationBps,
        uint256 floorBps,
        uint256 ceilingBps
    ) internal pure returns (uint256) {
        uint256 tenth = Math.min(utilisationBps / 1_000, 9);
        uint256 multiplier = (MULTIPLIERS >> (24 * tenth)) & type(uint24).max;
        uint256 next = (factor * multiplier) / FACTOR_ONE;
        uint256 lowest = (FACTOR_ONE * floorBps) / RewardMath.BPS;
        uint256 highest = (FACTOR_ONE * ceilingBps) / RewardMath.BPS;
        return Math.min(Math.max(next, lowest), highest);
    }

    /// @dev Floored. More than all is all.
    function utilisation(uint256 provedPower, uint256 leasedPower) internal pure returns (uint256) {
        if (provedPower == 0) return 0;
        return Math.min((leasedPower * RewardMath.BPS) / provedPower, RewardMath.BPS);
    }

    /// @dev The fee is floored for the worker, its burned part for the treasury.
    function leaseCost(
        uint256 rate,
        uint256 seconds_,
        uint256 feeBps,
        uint256 feeBurnBps
    ) internal pure returns (uint256 gross, uint256 fee, uint256 burned) {
        gross = rate * seconds_;
        fee = RewardMath.fee(gross, feeBps);
        burned = (fee * feeBurnBps) / RewardMath.BPS;
    }
}
