// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {EndBlockInput} from "../../../contracts/interfaces/IHubModule.sol";
import {IPriceBook} from "../../../contracts/interfaces/IPriceBook.sol";
import {IProtocolParams} from "../../../contracts/interfaces/IProtocolParams.sol";
import {ParamKeys} from "../../../contracts/libraries/ParamKeys.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {SystemContract} from "../../../contracts/libraries/SystemContract.sol";
import {vm} from "../support/Vm.sol";
import {PriceTest} from "./PriceTest.sol";

/// @notice What work costs in dollars and in coin, when nothing is quoted, and how use moves the
/// price.
contract PriceBookTest is PriceTest {
    function setUp() public override {
        super.setUp();
        activateOracles(3);
    }

    /// @dev An hour of 10^12 operations per second.
    function hourOfTera() internal view returns (uint256) {
        return BOOK.quote(3_600, 500, 0);
    }

    /* QUOTING */

    function testAnHourAtADollarCostsTwoCents() public {
        postAll(DOLLAR);
        assertEq(hourOfTera(), 0.0199998e18, "coins");
    }

    function testDurationUnitsAndStorageMakeThePrice() public {
        postAll(DOLLAR);
        // 3,600 s x (500 x 11,111 + 1,000 x 5,000) pico-USD.
        assertEq(BOOK.quote(3_600, 500, 1_000), 0.0379998e18, "both");
        assertEq(BOOK.quote(86_400, 0, 1_000), 0.432e18, "storage alone");
        assertEq(BOOK.quote(1, 1, 0), 11_111_000_000, "a unit for a second");
        assertEq(BOOK.quote(2, 1, 0), 22_222_000_000, "for two");
    }

    function testACoinAtHalfThePriceCostsTwiceTheCoins() public {
        postAll(DOLLAR / 2);
        assertEq(hourOfTera(), 0.0399996e18, "coins");
    }

    function testAQuoteIsRoundedUp() public {
        postAll(3 * DOLLAR);
        // 11,111 pico-USD at three dollars: 3,703,666,666.67 wei.
        assertEq(BOOK.quote(1, 1, 0), 3_703_666_667, "wei");
    }

    function testNothingHasNoPrice() public {
        postAll(DOLLAR);
        bytes memory reason = abi.encodeWithSelector(IPriceBook.PriceBookNothingToPrice.selector);
        vm.expectRevert(reason);
        BOOK.quote(0, 1, 1);
        vm.expectRevert(reason);
        BOOK.quote(1, 0, 0);
    }

    function testAQuoteAbove96BitsIsRefused() public {
        postAll(1_000);
        uint32 most = type(uint32).max;
        // Most seconds x most units x 11,111 pico-USD at 1,000 pico-USD a coin.
        uint256 price = uint256(most) * most * 11_111 * 1e15;
        vm.expectRevert(
            abi.encodeWithSelector(
                IPriceBook.PriceBookQuoteTooLarge.selector,
                price,
                type(uint96).max
            )
        );
        BOOK.quote(most, most, 0);
    }

    function testFuzzAQuoteIsWorthItsDollarsWhateverTheCoinCosts(
        uint24 seconds_,
        uint24 units,
        uint24 gib,
        uint64 coinPrice
    ) public {
        coinPrice = uint64(1e9 + (uint256(coinPrice) % (1e16 - 1e9)));
        postAll(coinPrice);
        uint32 time = uint32(seconds_) + 1;
        uint32 count = uint32(units) + 1;
        uint256 price = BOOK.quote(time, count, gib);
        uint256 cost = uint256(time) * (uint256(count) * 11_111 + uint256(gib) * 5_000) * 1e18;
        assertTrue(price * coinPrice >= cost, "not less");
        assertTrue((price - 1) * coinPrice < cost, "less than a wei more");
    }

    function testFuzzAQuoteRisesWithEachArgument(
        uint24 seconds_,
        uint24 units,
        uint24 gib,
        uint16 more
    ) public {
        postAll(7 * DOLLAR);
        uint32 time = uint32(seconds_) + 1;
        uint32 count = uint32(units) + 1;
        uint96 price = BOOK.quote(time, count, gib);
        assertTrue(BOOK.quote(time + more, count, gib) >= price, "time");
        assertTrue(BOOK.quote(time, count + more, gib) >= price, "units");
        assertTrue(BOOK.quote(time, count, uint32(gib) + more) >= price, "storage");
    }

    function testFuzzTheFormulaHoldsAllThatThePriceBookLetsIn(
        uint32 seconds_,
        uint32 units,
        uint32 gib,
        uint32 unitPrice,
        uint32 gibPrice,
        uint64 coinPrice
    ) public view {
        uint256 perUnit = 1 + (uint256(unitPrice) % 1e9) * 10;
        uint256 perGiB = 1 + (uint256(gibPrice) % 1e9);
        uint256 perCoin = 1e3 + (uint256(coinPrice) % 1e18);
        uint256 price = BOOK.quoteAt(seconds_, units, gib, perUnit, perGiB, perCoin);
        uint256 cost = uint256(seconds_) * (units * perUnit + gib * perGiB) * 1e18;
        assertEq(price, cost / perCoin + (cost % perCoin == 0 ? 0 : 1), "rounded up");
    }

    /* VOTING */

    function testVotersSetThePrices() public {
        postAll(DOLLAR);
        vote(ParamKeys.PRICE_UNIT_SECOND, 22_222);
        assertEq(BOOK.unitPrice(), 22_222, "unit");
        assertEq(hourOfTera(), 0.0399996e18, "twice the price, twice the coins");
        vote(ParamKeys.PRICE_GIB_SECOND, 7_000);
        assertEq(BOOK.storagePrice(), 7_000, "storage");
    }

    function testPricesHaveBoundsThatNoVoteLeaves() public {
        bytes4 selector = IProtocolParams.ProtocolParamsOutOfBounds.selector;
        bytes32 key = ParamKeys.PRICE_UNIT_SECOND;
        vm.prank(Predeploys.TIMELOCK);
        vm.expectRevert(abi.encodeWithSelector(selector, key, 9, 10, 1_000_000_000));
        PARAMS.set(key, 9);
        key = ParamKeys.PRICE_CEILING_BPS;
        vm.prank(Predeploys.TIMELOCK);
        vm.expectRevert(abi.encodeWithSelector(selector, key, 100_001, 10_000, 100_000));
        PARAMS.set(key, 100_001);
    }

    /* ADJUSTING */

    /// @dev Ends the block as the hub does, after a time, with so much of the network in use.
    function endAfter(uint256 duration, uint256 utilisationBps) internal {
        prepare(duration, utilisationBps);
        endBlock();
    }

    function prepare(uint256 duration, uint256 utilisationBps) internal {
        pass(duration);
        NODES.setTotals(10_000, utilisationBps);
    }

    function endBlock() internal {
        EndBlockInput memory input;
        vm.prank(Predeploys.SYSTEM_HUB);
        BOOK.onEndBlock(input);
    }

    /// @dev To the first second of the next day, when a sample of that day is taken.
    function nextDay(uint256 utilisationBps) internal {
        endAfter(1 days - (_time % 1 days), utilisationBps);
    }

    function testOnlyTheHubAdjusts() public {
        EndBlockInput memory input;
        vm.expectRevert(
            abi.encodeWithSelector(
                SystemContract.SystemContractUnauthorized.selector,
                STRANGER,
                Predeploys.SYSTEM_HUB
            )
        );
        vm.prank(STRANGER);
        BOOK.onEndBlock(input);
    }

    function testAFullNetworkMakesUnitsDearerByFourPercentADay() public {
        nextDay(9_500);
        assertEq(BOOK.unitPrice(), 11_111, "measured first");
        uint32 day = uint32(_time / 1 days);
        prepare(1 days, 9_500);
        vm.expectEmit(Predeploys.PRICE_BOOK);
        emit IPriceBook.PricesAdjusted(day, 9_500, 1_090_519);
        endBlock();
        // 11,111 x 1.04, rounded up.
        assertEq(BOOK.unitPrice(), 11_556, "4 % dearer");
        assertEq(BOOK.storagePrice(), 5_000, "storage as voted");
        nextDay(9_500);
        assertEq(BOOK.unitPrice(), 12_018, "and again");
    }

    function testAnIdleNetworkMakesUnitsCheaperByFourPercentADay() public {
        nextDay(0);
        nextDay(0);
        assertEq(BOOK.unitPrice(), 10_667, "11,111 x 0.96, rounded up");
    }

    function testAHalfUsedNetworkKeepsThePrice() public {
        nextDay(5_000);
        nextDay(4_000);
        nextDay(5_999);
        nextDay(5_000);
        assertEq(BOOK.unitPrice(), 11_111, "as voted");
    }

    function testTheDayCountsAndNotItsLastSecond() public {
        nextDay(10_000);
        for (uint256 i = 1; i < 24; ++i) endAfter(1 hours, i == 23 ? 10_000 : 5_000);
        IPriceBook.Adjustment memory now_ = BOOK.adjustment();
        assertEq(now_.samples, 24, "one each hour");
        assertEq(now_.utilisationSum, 130_000, "of which two full");
        nextDay(0);
        assertEq(BOOK.unitPrice(), 11_111, "54 % on average");
    }

    function testASecondBlockOfTheSameHourChangesNothing() public {
        nextDay(5_000);
        endAfter(3_599, 10_000);
        assertEq(BOOK.adjustment().samples, 1, "still the first");
        prepare(1, 10_000);
        vm.expectEmit(Predeploys.PRICE_BOOK);
        emit IPriceBook.UtilisationSampled(10_000, 10_000, 10_000);
        endBlock();
        assertEq(BOOK.adjustment().samples, 2, "the next hour");
    }

    function testMoreThanAllInUseIsAll() public {
        prepare(1 days - (_time % 1 days), 12_000);
        vm.expectEmit(Predeploys.PRICE_BOOK);
        emit IPriceBook.UtilisationSampled(10_000, 12_000, 10_000);
        endBlock();
        assertEq(BOOK.adjustment().utilisationSum, 10_000, "all");
    }

    function testANetworkWithoutNodesSaysNothing() public {
        nextDay(0);
        NODES.setTotals(0, 0);
        pass(1 days);
        endBlock();
        assertEq(BOOK.adjustment().samples, 0, "no sample");
        assertEq(BOOK.unitPrice(), 10_667, "the day before counted");
        pass(30 days);
        endBlock();
        assertEq(BOOK.unitPrice(), 10_667, "silence changes nothing");
    }

    function testUseNeverLeavesTheVotedBounds() public {
        vote(ParamKeys.PRICE_FLOOR_BPS, 9_500);
        vote(ParamKeys.PRICE_CEILING_BPS, 10_500);
        for (uint256 i = 0; i < 4; ++i) nextDay(0);
        // 95 %: 10,555.45, rounded up.
        assertEq(BOOK.unitPrice(), 10_556, "floor");
        for (uint256 i = 0; i < 6; ++i) nextDay(10_000);
        // 105 %: 11,666.55; the factor is floored.
        assertEq(BOOK.unitPrice(), 11_667, "ceiling");
    }

    function testFuzzTheFactorStaysInItsBounds(uint16[12] memory use) public {
        for (uint256 i = 0; i < use.length; ++i) {
            uint256 before = BOOK.adjustment().factor;
            nextDay(use[i] % 10_001);
            uint256 factor = BOOK.adjustment().factor;
            assertTrue(factor >= 262_144 && factor <= 4_194_304, "a quarter to four times");
            assertTrue(factor * 100 <= before * 105 && factor * 100 >= before * 95, "slowly");
        }
    }
}
