// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {PriceTest} from "../compute/PriceTest.sol";

/// @title TS 3.5: "duration of the calculation task, the number of calculation units called, and
/// the storage space"
/// @custom:sentence "The fee paid by the user is calculated based on the duration of the
/// calculation task, the number of calculation units called, and the storage space."
contract DurationUnitsStorageTest is PriceTest {
    function setUp() public override {
        super.setUp();
        activateOracles(3);
        postAll(DOLLAR);
    }

    /// @dev At a dollar a coin: 3,600 s x (500 x 11,111 + 1,000 x 5,000) x 10^-12 dollars.
    function testTheFeeIsDurationTimesUnitsAndStorage() public view {
        assertEq(BOOK.unitPrice(), 11_111, "pico-USD for a unit and second");
        assertEq(BOOK.storagePrice(), 5_000, "pico-USD for a GiB and second");
        assertEq(BOOK.quote(3_600, 500, 1_000), 0.0379998 ether, "all three");
    }

    function testTwiceTheDurationCostsTwice() public view {
        assertEq(BOOK.quote(7_200, 500, 1_000), 0.0759996 ether, "duration");
    }

    function testTwiceTheUnitsCostTwiceForTheUnits() public view {
        assertEq(BOOK.quote(3_600, 500, 0), 0.0199998 ether, "500 units");
        assertEq(BOOK.quote(3_600, 1_000, 0), 0.0399996 ether, "1,000 units");
    }

    function testTwiceTheStorageCostsTwiceForTheStorage() public view {
        assertEq(BOOK.quote(3_600, 0, 1_000), 0.018 ether, "1,000 GiB");
        assertEq(BOOK.quote(3_600, 0, 2_000), 0.036 ether, "2,000 GiB");
    }

    function testFuzzTheFeeRisesWithEachOfTheThree(
        uint16 duration,
        uint16 units,
        uint16 storageGiB
    ) public view {
        uint32 s = uint32(duration) + 1;
        uint32 u = uint32(units) + 1;
        uint32 g = uint32(storageGiB);
        uint96 price = BOOK.quote(s, u, g);
        assertTrue(BOOK.quote(s + 1, u, g) > price, "duration");
        assertTrue(BOOK.quote(s, u + 1, g) > price, "units");
        assertTrue(BOOK.quote(s, u, g + 1) > price, "storage");
    }
}
