// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IEmissionReserve} from "../../../contracts/interfaces/IEmissionReserve.sol";
import {ISupplyMeter} from "../../../contracts/interfaces/ISupplyMeter.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {MoneyTest} from "../support/MoneyTest.sol";

/// @title SC 4.3: "the current total supply of HPC is St=S0+S1+....+St"
/// @notice The reserve starts with the genesis block and adds up the eras in closed form.
/// @custom:sentence The block height when the contract is released is the starting block.
/// @custom:sentence the current total supply of HPC is St=S0+S1+....+St.
contract SC43TotalSupplyTest is MoneyTest {
    IEmissionReserve private constant _RESERVE = IEmissionReserve(Predeploys.EMISSION_RESERVE);

    function testMiningStartsWithGenesis() public view {
        assertEq(_RESERVE.emitted(1_767_225_600), 0, "2026-01-01");
        assertEq(_RESERVE.emitted(1_767_225_601), 831_812_305_118_259_943, "one second");
    }

    function testTheSupplyIsTheSumOfTheEras() public view {
        // S0 = 105 million; each S is half of the one before.
        uint256 sum = 105_000_000e18;
        assertEq(_RESERVE.emitted(1_767_225_600 + 126_230_400), sum, "S0");
        sum += 52_500_000e18;
        assertEq(_RESERVE.emitted(1_767_225_600 + 2 * 126_230_400), sum, "S0 + S1");
        sum += 26_250_000e18;
        assertEq(_RESERVE.emitted(1_767_225_600 + 3 * 126_230_400), sum, "S0 + S1 + S2");
        sum += 13_125_000e18;
        assertEq(_RESERVE.emitted(1_767_225_600 + 4 * 126_230_400), sum, "up to S3");
    }

    function testOneCallTellsTheSupply() public {
        _endBlock(10);
        _endBlock(1);
        DISTRIBUTOR.claimFor(_proposer());
        ISupplyMeter.Supply memory supply = ISupplyMeter(Predeploys.SUPPLY_METER).supply();
        assertEq(supply.issued, 200_000e18 + _RESERVE.released(), "genesis and released");
        assertTrue(_RESERVE.released() > 2e18, "some");
        assertEq(supply.circulating, supply.issued - supply.burned, "circulating");
    }
}
