// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {RewardFormula} from "../../../contracts/compute/RewardFormula.sol";

/// @notice What the formulas promise for any input; their values are in
/// test/vectors/rewardFormula.json.
contract RewardFormulaTest {
    RewardFormula internal _formula;

    error Broken(string what);

    function setUp() public {
        _formula = new RewardFormula();
    }

    function testFuzzEarlierNeverPaysLess(
        uint96 price,
        uint64 power,
        uint32 expected,
        uint32 actual,
        uint32 later
    ) public view {
        uint256 texp = uint256(expected) + 1;
        uint256 early = _formula.speedBonus(texp, actual);
        uint256 late = _formula.speedBonus(texp, uint256(actual) + later);
        require(early >= late, Broken("an earlier result has the larger bonus"));
        uint256 sum = uint256(power) + 1;
        require(
            _formula.grossReward(price, power, sum, early, 10_000) >=
                _formula.grossReward(price, power, sum, late, 10_000),
            Broken("an earlier result has the larger reward")
        );
    }

    function testFuzzPaymentIsWithinTheSmallestCollateral(
        uint96 price,
        uint64[16] memory powers,
        uint16 speed,
        uint16 comment
    ) public view {
        uint256 sum = 1;
        for (uint256 i = 0; i < 16; ++i) sum += powers[i];
        uint256 speedBps = 5_000 + (uint256(speed) % 7_001);
        uint256 commentBps = 5_000 + (uint256(comment) % 6_001);
        uint256 paid = 0;
        for (uint256 i = 0; i < 16; ++i) {
            paid += _formula.grossReward(price, powers[i], sum, speedBps, commentBps);
        }
        require(paid <= _formula.taskCollateral(price, 13_200), Broken("payment over collateral"));
    }

    function testFuzzTheFeeIsUnderFivePercent(uint96 gross, uint16 feeBps) public view {
        uint256 fee = _formula.fee(uint256(gross) + 1, feeBps);
        require(fee * 100 < (uint256(gross) + 1) * 5, Broken("fee of five percent"));
    }

    function testFuzzCompensationsFitThePoolAndTheForegonePay(
        uint96 pool,
        uint96 price,
        uint64[8] memory powers,
        uint32[8] memory worked,
        uint32 expected
    ) public view {
        uint256 texp = uint256(expected) + 1;
        uint256 sum = 1;
        uint256 weights = 0;
        for (uint256 i = 0; i < 8; ++i) {
            sum += powers[i];
            weights += uint256(powers[i]) * (worked[i] < texp ? worked[i] : texp);
        }
        uint256 total = 0;
        for (uint256 i = 0; i < 8; ++i) {
            uint256 share = _formula.compensation(
                pool,
                price,
                powers[i],
                sum,
                worked[i],
                texp,
                weights
            );
            require(
                share <= (uint256(price) * powers[i]) / sum,
                Broken("a compensation above the foregone pay")
            );
            total += share;
        }
        require(total <= pool, Broken("compensations above the pool"));
    }
}
