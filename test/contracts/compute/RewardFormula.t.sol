// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {RewardFormula} from "../../../contracts/compute/RewardFormula.sol";
import {vm} from "../support/Vm.sol";

/// @notice That the formulas give the results of test/vectors/rewardFormula.json, and what they
/// promise for any input.
contract RewardFormulaTest {
    RewardFormula internal _formula;

    error Broken(string what);

    function setUp() public {
        _formula = new RewardFormula();
    }

    function testEachFormulaGivesTheSharedResults() public view {
        string memory json = vm.readFile("test/vectors/rewardFormula.json");
        string memory work = "price,power,powerSum,speedBps,commentBps";
        requireResults(json, "taskCollateral", "price,costRangeBps");
        requireResults(json, "minerCollateral", "price,power,powerSum,minerBps");
        requireResults(json, "grossReward", work);
        requireResults(json, "grossRewardOfPart", string.concat(work, ",units,slice"));
        requireResults(json, "scaledSeconds", "expectedSeconds,units,slice");
        requireResults(json, "topUp", "burned,reserve,shortfall,shortfallSum");
        requireResults(json, "fee", "gross,feeBps");
        requireResults(json, "speedBonus", "expectedSeconds,actualSeconds");
        string memory time = "elapsedSeconds,expectedSeconds,weightSum";
        requireResults(json, "compensation", string.concat("pool,price,power,powerSum,", time));
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

    /// @dev Calls the function by its name, with the numbers of each case in the order of `inputs`.
    function requireResults(
        string memory json,
        string memory name,
        string memory inputs
    ) internal view {
        string[] memory names = vm.split(inputs, ",");
        string memory types = "uint256";
        for (uint256 i = 1; i < names.length; ++i) types = string.concat(types, ",uint256");
        bytes4 selector = bytes4(keccak256(bytes(string.concat(name, "(", types, ")"))));
        uint256 count = 0;
        while (true) {
            string memory place = string.concat(".", name, "[", vm.toString(count), "]");
            if (!vm.keyExistsJson(json, place)) break;
            bytes memory call = abi.encodePacked(selector);
            for (uint256 i = 0; i < names.length; ++i) {
                string memory path = string.concat(place, ".", names[i]);
                call = abi.encodePacked(call, vm.parseJsonUint(json, path));
            }
            (bool success, bytes memory returned) = address(_formula).staticcall(call);
            require(success, Broken(string.concat("a refusal of ", place)));
            uint256 wanted = vm.parseJsonUint(json, string.concat(place, ".expected"));
            require(abi.decode(returned, (uint256)) == wanted, Broken(place));
            ++count;
        }
        require(count > 0, Broken(string.concat("no case of ", name)));
    }
}
