// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {EndBlockInput} from "../../../contracts/interfaces/IHubModule.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {vm} from "../support/Vm.sol";
import {PriceTest} from "../compute/PriceTest.sol";

/// @title TS 3.5: "the cost will not fluctuate with the change of the currency price"
/// @custom:sentence "The actual charge can be dynamically adjusted according to the market
/// price, but the cost will not fluctuate with the change of the currency price."
contract MarketPriceTest is PriceTest {
    function setUp() public override {
        super.setUp();
        activateOracles(3);
    }

    /// @dev Two cents, whether a coin is worth 10 dollars or 10 cents.
    function testTheCostInDollarsIsTheSameAtAnyPriceOfTheCoin() public {
        postAll(10 * DOLLAR);
        assertEq(BOOK.quote(3_600, 500, 0), 0.00199998 ether, "at ten dollars");
        pass(3_601);
        postAll(DOLLAR / 10);
        assertEq(BOOK.quote(3_600, 500, 0), 0.199998 ether, "at ten cents");
    }

    function testFuzzTheCostInDollarsIsTheSameWithinOneWei(uint64 coinPrice) public {
        uint256 price = 1e9 + (uint256(coinPrice) % 1e17);
        postAll(uint64(price));
        uint256 worth = BOOK.quote(3_600, 500, 0) * price;
        // 0.0199998 dollars.
        assertTrue(worth >= 19_999_800_000 * 1 ether, "never less");
        assertTrue(worth < 19_999_800_000 * 1 ether + price, "less than one wei more");
    }

    /// @dev 96 % of the network in use for a day make a unit 4 % dearer, 4 % make it 4 % cheaper.
    function testTheChargeFollowsTheMarketForComputingPower() public {
        useFor(9_600);
        useFor(9_600);
        assertEq(BOOK.unitPrice(), 11_556, "wanted: 1.04 x 11,111");
        vm.prank(Predeploys.TIMELOCK);
        PARAMS.set("price.unitSecond", 10_000_000);
        assertEq(BOOK.unitPrice(), 10_400_000, "the vote keeps the market's word");
        useFor(400);
        // 1.04 x 1.04; the factor is floored in parts of 2^20.
        assertEq(BOOK.unitPrice(), 10_815_993, "the second wanted day");
        useFor(400);
        // 1.04 x 1.04 x 0.96.
        assertEq(BOOK.unitPrice() / 100, 103_833, "the first idle day");
    }

    /// @dev The first block of a day, which judges the day before.
    function useFor(uint256 utilisationBps) internal {
        pass(1 days - (_time % 1 days));
        NODES.setTotals(10_000, utilisationBps);
        EndBlockInput memory input;
        vm.prank(Predeploys.SYSTEM_HUB);
        BOOK.onEndBlock(input);
    }
}
