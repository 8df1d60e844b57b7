// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MoneyTest} from "../support/MoneyTest.sol";
import {vm} from "../support/Vm.sol";

/// @title TS 5.2: "Team: 10%, 24 months lock-up period, released within 8 years."
/// @custom:sentence Team: 10%, 24 months lock-up period, released within 8 years.
contract TS52TeamTest is MoneyTest {
    function setUp() public override {
        super.setUp();
        _becomeTesra();
    }

    function testTheTeamHas10Percent() public view {
        assertEq(VESTING.grantOf(2).total, 1_000_000_000e18, "10 %");
        assertEq(VESTING.grantOf(2).beneficiary, TEAM, "team");
    }

    function testNothingFor24Months() public view {
        assertEq(VESTING.vested(2, TESRA_START + 63_115_199), 0, "last second");
        assertEq(VESTING.vested(2, TESRA_START + 63_115_200), 0, "the lock opens");
        assertEq(VESTING.vested(2, TESRA_START + 63_115_201), 5_281_347_969_004_825_039, "next");
    }

    function testAllWithin8Years() public {
        assertEq(
            VESTING.vested(2, TESRA_START + 252_460_799),
            999_999_994_718652030995174960,
            "a second before"
        );
        vm.warp(TESRA_START + 252_460_800);
        VESTING.release(2);
        assertEq(TEAM.balance, 1_000_000_000e18, "eight years");
    }

    function testLinearInBetween() public view {
        // A sixth in each of the six years.
        assertEq(
            VESTING.vested(2, TESRA_START + 3 * 31_557_600),
            1_000_000_000e18 / uint256(6),
            ""
        );
        assertEq(
            VESTING.vested(2, TESRA_START + 4 * 31_557_600),
            1_000_000_000e18 / uint256(3),
            ""
        );
        assertEq(VESTING.vested(2, TESRA_START + 5 * 31_557_600), 500_000_000e18, "half");
    }
}
