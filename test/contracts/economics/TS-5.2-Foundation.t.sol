// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MoneyTest} from "../support/MoneyTest.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";

/// @title TS 5.2: "Foundation: 14%, including 9% for community nodes and commercial cooperation."
/// @custom:sentence Foundation: 14%, including 9% for community nodes and commercial cooperation.
contract TS52FoundationTest is MoneyTest {
    function setUp() public override {
        super.setUp();
        _becomeTesra();
    }

    function testTheFoundationHas14PercentInTwoGrants() public view {
        assertEq(VESTING.grantOf(0).total, 900_000_000e18, "9 %");
        assertEq(VESTING.grantOf(1).total, 500_000_000e18, "5 %");
        assertEq(VESTING.grantOf(0).beneficiary, COMMUNITY, "community nodes and commerce");
        assertEq(VESTING.grantOf(1).beneficiary, FOUNDATION, "foundation");
    }

    function testCommunityNodesArePaidFromTheStart() public view {
        assertEq(VESTING.vested(0, TESRA_START), 0, "genesis");
        assertEq(VESTING.vested(0, TESRA_START + 31_557_600), 112_500_000e18, "an eighth a year");
        assertEq(VESTING.vested(0, TESRA_START + EIGHT_YEARS), 900_000_000e18, "eight years");
    }

    function testTheRestOfTheFoundationIsLockedAsTheTeamIs() public view {
        assertEq(VESTING.vested(1, TESRA_START + TWO_YEARS), 0, "24 months");
        assertEq(VESTING.vested(1, TESRA_START + 5 * 31_557_600), 250_000_000e18, "five years");
        assertEq(VESTING.vested(1, TESRA_START + EIGHT_YEARS), 500_000_000e18, "eight years");
    }
}
