// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISupplyMeter} from "../../../contracts/interfaces/ISupplyMeter.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {MoneyTest} from "../support/MoneyTest.sol";
import {vm} from "../support/Vm.sol";

/// @title TS 5.5: "Investors, foundations, and team tokens will be locked in batches"
/// @notice "There is no large amount of circulating stock for a considerable time": at the start
/// none at all.
/// @custom:sentence Investors, foundations, and team tokens will be locked in batches, and after
/// the line on main network, these are released linearly according to the aforementioned lock-in
/// period, the tokens obtained by the miners' mining need to be mortgaged in order to obtain
/// greater income rights.
contract TS55LockedInBatchesTest is MoneyTest {
    function setUp() public override {
        super.setUp();
        _becomeTesra();
    }

    function testInvestorsFoundationAndTeamAreLockedAlike() public {
        vm.prank(Predeploys.TIMELOCK);
        uint256 investor = VESTING.awardLocked(address(0xA2), 1_000_000e18);
        uint256[3] memory ids = [uint256(1), 2, investor];
        for (uint256 i = 0; i < 3; ++i) {
            uint256 total = VESTING.grantOf(ids[i]).total;
            assertEq(VESTING.vested(ids[i], TESRA_START + TWO_YEARS), 0, "24 months");
            assertEq(VESTING.vested(ids[i], TESRA_START + 5 * 31_557_600), total / 2, "half");
            assertEq(VESTING.vested(ids[i], TESRA_START + EIGHT_YEARS), total, "eight years");
        }
    }

    function testNothingCirculatesAtTheStart() public view {
        ISupplyMeter.Supply memory supply = ISupplyMeter(Predeploys.SUPPLY_METER).supply();
        assertEq(supply.issued, 3_400_000_000e18, "allocated");
        assertEq(supply.locked, 3_400_000_000e18, "locked");
        assertEq(supply.circulating, 0, "circulating");
    }

    function testAnEighthOf9PercentCirculatesAfterAYear() public {
        vm.warp(TESRA_START + 31_557_600);
        VESTING.release(0);
        ISupplyMeter.Supply memory supply = ISupplyMeter(Predeploys.SUPPLY_METER).supply();
        assertEq(supply.circulating, 112_500_000e18, "1.125 % of ten billion");
    }

    function testFuzzAReleaseIsLinear(uint32 a, uint32 b) public view {
        uint256 start = TESRA_START + TWO_YEARS;
        uint256 span = EIGHT_YEARS - TWO_YEARS;
        uint256 first = VESTING.vested(2, start + (a % span));
        assertEq(first, (1e27 * uint256(a % span)) / 189_345_600, "line");
        assertTrue(VESTING.vested(2, start + (a % span) + b) >= first, "monotone");
    }
}
