// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ILinearEmission} from "../../../contracts/interfaces/ILinearEmission.sol";
import {ISupplyMeter} from "../../../contracts/interfaces/ISupplyMeter.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {MoneyTest} from "../support/MoneyTest.sol";
import {vm} from "../support/Vm.sol";

/// @title TS 5.4: "70% of unsold token is used for mining plan"
/// @notice What comes back is mined over the rest of the 66 years; the odd wei is mined too.
/// @custom:sentence 70% of unsold token is used for mining plan and 30% becomes part of the fund to
/// ecology construction.
/// @custom:sentence The specific transaction time will be disclosed by SAIC Foundation Pte.Ltd.
contract TS54UnsoldTest is MoneyTest {
    ILinearEmission private constant _RESERVE = ILinearEmission(Predeploys.EMISSION_RESERVE);

    function setUp() public override {
        super.setUp();
        _becomeTesra();
        // 400 million are sold, 600 million are not.
        vm.prank(Predeploys.TIMELOCK);
        VESTING.award(address(0xA1), 400_000_000e18, keccak256("sold"));
        vm.warp(TESRA_START + TWO_YEARS);
        VESTING.splitUnsold();
    }

    function testSeventyToThirty() public view {
        assertEq(_RESERVE.minedCap(), 7_020_000_000e18, "6,600 and 420 million are mined");
        assertEq(Predeploys.EMISSION_RESERVE.balance, 7_020_000_000e18, "and are there");
        assertEq(Predeploys.TREASURY.balance, 180_000_000e18, "ecosystem fund");
        assertEq(VESTING.unsold(), 0, "nothing is left");
    }

    function testMiningIsLargerAndStillEndsAfter66Years() public view {
        // 200 million were emitted by then; 6,820 million follow in 64 years.
        uint256 t = TESRA_START + TWO_YEARS;
        assertEq(_RESERVE.emitted(t - 1), 199_999_996_831191218597104976, "a second before");
        assertEq(_RESERVE.emitted(t), 200_000_000e18, "no jump");
        assertEq(_RESERVE.emitted(t + 1), 200_000_003_376761857682460009, "a second after");
        assertEq(_RESERVE.ratePerSecond(t), 3_376_761_857_682_460_009, "rate");
        assertEq(_RESERVE.emitted(t + 32 * 31_557_600), 3_610_000_000e18, "half way");
        assertEq(_RESERVE.emitted(TESRA_START + SIXTY_SIX_YEARS), 7_020_000_000e18, "the end");
        assertEq(_RESERVE.emitted(type(uint256).max), 7_020_000_000e18, "and no more");
    }

    function testTheClosingDateIsOnTheChainFromTheStart() public view {
        assertEq(VESTING.closesAt(), TESRA_START + TWO_YEARS, "closing date");
    }

    function testNoCoinIsMadeByIt() public view {
        ISupplyMeter.Supply memory supply = ISupplyMeter(Predeploys.SUPPLY_METER).supply();
        assertEq(supply.cap, 10_000_000_000e18, "cap");
        assertEq(supply.issued, 2_980_000_000e18, "3,400 less 420 million");
        // Of 2,980 million 2,800 are not paid out yet.
        assertEq(supply.circulating, 180_000_000e18, "circulating");
    }

    function testFuzzThePastStaysAsItWas(uint256 t) public {
        uint256 at = TESRA_START + (t % TWO_YEARS);
        assertEq(_RESERVE.emitted(at), (100_000_000e18 * (at - TESRA_START)) / 31_557_600, "past");
    }
}
