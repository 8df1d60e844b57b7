// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ILinearEmission} from "../../../contracts/interfaces/ILinearEmission.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {MoneyTest} from "../support/MoneyTest.sol";

/// @title TS 5.1: "The total time of mining is 66 years."
/// @custom:sentence The total issuance volume is 10 billion, of which 66% is generated through
/// mining.
/// @custom:sentence The total time of mining is 66 years.
/// @custom:sentence Mining: 66%, It will start after the line on main network.
/// @custom:sentence Tesra Supernet has a constant total of 10 billion and uses PoW for its mining,
/// just like bitcoin mining.
/// @custom:sentence mining will eventually produce a large part of the total supply.
contract TS51MiningTest is MoneyTest {
    ILinearEmission private constant _RESERVE = ILinearEmission(Predeploys.EMISSION_RESERVE);

    function setUp() public override {
        super.setUp();
        _becomeTesra();
    }

    function testTenBillionOfWhich66PercentAreMined() public view {
        assertEq(_RESERVE.cap(), 10_000_000_000e18, "all");
        assertEq(_RESERVE.minedCap(), 6_600_000_000e18, "mined");
        assertEq(Predeploys.ALLOCATION_VESTING.balance, 3_400_000_000e18, "allocated");
    }

    function testMiningStartsWithTheMainNetworkAndEndsAfter66Years() public view {
        assertEq(_RESERVE.emitted(TESRA_START - 1), 0, "before");
        assertEq(_RESERVE.emitted(TESRA_START), 0, "the first second");
        assertEq(_RESERVE.emitted(TESRA_START + 1), 3_168_808_781_402_895_023, "one second");
        assertEq(_RESERVE.emitted(TESRA_START + 31_557_600), 100_000_000e18, "one year");
        uint256 end = TESRA_START + 2_082_801_600;
        assertEq(_RESERVE.emitted(end - 1), 6_599_999_996_831191218597104976, "last second");
        assertEq(_RESERVE.emitted(end), 6_600_000_000e18, "66 years");
        assertEq(_RESERVE.emitted(end + 1), 6_600_000_000e18, "and no more");
    }

    function testMiningIsTheLargestPartOfTheSupply() public view {
        assertTrue(_RESERVE.minedCap() * 100 == _RESERVE.cap() * 66, "66 %");
    }

    function testFuzzNeverMoreThanMinedOver400Years(uint256 t, uint256 step) public view {
        uint256 at = TESRA_START + (t % 12_623_040_000);
        uint256 emitted = _RESERVE.emitted(at);
        assertTrue(emitted <= 6_600_000_000e18, "cap");
        assertTrue(emitted <= _RESERVE.emitted(at + (step % 12_623_040_000)), "monotone");
    }
}
