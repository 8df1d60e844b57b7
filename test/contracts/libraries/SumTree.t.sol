// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SumTreeBoard} from "../../../contracts/mocks/SumTreeBoard.sol";
import {SystemTest} from "../support/SystemTest.sol";
import {vm} from "../support/Vm.sol";

/// @notice A draw hits each place as often as its weight says, never the same twice.
contract SumTreeTest is SystemTest {
    SumTreeBoard internal board;
    uint256[] internal none;

    function setUp() public {
        board = new SumTreeBoard();
    }

    function fill(uint256 count, uint256 weight) internal {
        for (uint256 i = 0; i < count; ++i) board.push(weight);
    }

    function testAnEmptyTreeDrawsNothing() public {
        assertEq(board.drawPlaces("seed", 3, none).length, 0, "drawn");
        board.push(0);
        assertEq(board.drawPlaces("seed", 3, none).length, 0, "drawn of weight 0");
    }

    function testTheTreeGrowsEightfoldALevel() public {
        fill(8, 1);
        assertEq(board.depth(), 1, "8 places");
        fill(1, 1);
        assertEq(board.depth(), 2, "9 places");
        fill(56, 1);
        assertEq(board.depth(), 3, "65 places");
        assertEq(board.total(), 65, "total");
        (uint256 place, uint256 start, uint256 weight) = board.find(64);
        assertEq(place, 64, "last place");
        assertEq(start, 64, "its start");
        assertEq(weight, 1, "its weight");
    }

    function testThePlacesFillTheLineFromZeroToTheTotal() public {
        for (uint256 i = 0; i < 20; ++i) board.push(i % 3 == 0 ? 0 : i * 10);
        uint256 start = 0;
        for (uint256 i = 0; i < 20; ++i) {
            uint256 weight = i % 3 == 0 ? 0 : i * 10;
            assertEq(board.startOf(i), start, "start");
            if (weight == 0) continue;
            (uint256 first, , ) = board.find(start);
            (uint256 last, , ) = board.find(start + weight - 1);
            assertEq(first, i, "first point");
            assertEq(last, i, "last point");
            start += weight;
        }
        assertEq(board.total(), start, "total");
    }

    function testTheLargestWeightsFit() public {
        uint256 largest = (1 << 44) - 1;
        fill(9, largest);
        assertEq(board.total(), 9 * largest, "total");
        board.set(4, 0);
        assertEq(board.total(), 8 * largest, "less one");
        (uint256 place, , ) = board.find(4 * largest);
        assertEq(place, 5, "the gap has no width");
    }

    function testAllPlacesAreDrawnWhenAllAreWanted() public {
        // One of them holds almost everything, and would win again and again.
        board.push(1_000_000_000);
        fill(19, 1);
        uint256[] memory places = board.drawPlaces("seed", 21, none);
        assertEq(places.length, 20, "all");
        uint256 seen = 0;
        for (uint256 i = 0; i < 20; ++i) seen |= 1 << places[i];
        assertEq(seen, (1 << 20) - 1, "each once");
    }

    function testWhatIsExcludedIsNeverDrawn() public {
        fill(12, 5);
        uint256[] memory excluded = new uint256[](3);
        (excluded[0], excluded[1], excluded[2]) = (7, 2, 7);
        uint256[] memory places = board.drawPlaces("seed", 12, excluded);
        assertEq(places.length, 10, "two of twelve are out, one of them named twice");
        for (uint256 i = 0; i < 10; ++i) assertTrue(places[i] != 7 && places[i] != 2, "excluded");
    }

    /// @dev Chi square over eight places with 7 degrees of freedom is below 24.3 in 999 of 1,000
    /// fair samples; the seeds are fixed, so the test is too.
    function testEachPlaceIsDrawnAsOftenAsItsWeightSays() public {
        for (uint256 i = 1; i <= 8; ++i) board.push(i * 1_000_003);
        uint256[8] memory hits;
        for (uint256 i = 0; i < 7_200; ++i) ++hits[board.drawPlaces(bytes32(i), 1, none)[0]];
        uint256 chiSquare = 0; // in thousandths
        for (uint256 i = 0; i < 8; ++i) {
            uint256 wanted = 200 * (i + 1);
            uint256 off = hits[i] > wanted ? hits[i] - wanted : wanted - hits[i];
            chiSquare += (1_000 * off * off) / wanted;
        }
        assertTrue(chiSquare < 24_300, "as often as its weight says");
    }

    /// @dev Of three places of weights 1, 1 and 2, the second drawn is the heavy one with
    /// probability 2 x 1/4 x 2/3 = 1/3.
    function testTheSecondIsDrawnAmongTheRest() public {
        board.push(1);
        board.push(1);
        board.push(2);
        uint256 heavy = 0;
        for (uint256 i = 0; i < 6_000; ++i) {
            if (board.drawPlaces(bytes32(i), 2, none)[1] == 2) ++heavy;
        }
        // Four standard deviations are 146.
        assertTrue(heavy > 1_854 && heavy < 2_146, "a third");
    }

    function testFuzzTheTotalIsTheSumAndEveryPointHasItsPlace(
        uint40[24] calldata weights,
        uint256 changes,
        uint256 point
    ) public {
        uint256[24] memory now_;
        for (uint256 i = 0; i < 24; ++i) {
            board.push(weights[i]);
            now_[i] = weights[i];
        }
        for (uint256 i = 0; i < 8; ++i) {
            uint256 place = (changes >> (i * 8)) % 24;
            now_[place] = (changes >> (i * 16)) % (1 << 44);
            board.set(place, now_[place]);
        }
        uint256 sum = 0;
        for (uint256 i = 0; i < 24; ++i) {
            assertEq(board.weightAt(i), now_[i], "weight");
            assertEq(board.startOf(i), sum, "start");
            sum += now_[i];
        }
        assertEq(board.total(), sum, "total");
        vm.assume(sum > 0);
        (uint256 found, uint256 start, uint256 weight) = board.find(point % sum);
        assertEq(weight, now_[found], "weight found");
        assertTrue(start <= point % sum && point % sum < start + weight, "the point lies in it");
    }

    function testFuzzDrawnPlacesDifferAndHaveWeight(
        uint16[40] calldata weights,
        bytes32 seed,
        uint256 count
    ) public {
        uint256 alive = 0;
        for (uint256 i = 0; i < 40; ++i) {
            board.push(weights[i] & 3);
            if (weights[i] & 3 != 0) ++alive;
        }
        count %= 45;
        uint256[] memory places = board.drawPlaces(seed, count, none);
        assertEq(places.length, count < alive ? count : alive, "as many as there are");
        uint256 seen = 0;
        for (uint256 i = 0; i < places.length; ++i) {
            assertTrue(weights[places[i]] & 3 != 0, "a place with weight");
            assertTrue((seen >> places[i]) & 1 == 0, "not twice");
            seen |= 1 << places[i];
        }
    }
}
