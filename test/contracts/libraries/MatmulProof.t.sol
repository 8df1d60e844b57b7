// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MatmulProof} from "../../../contracts/libraries/MatmulProof.sol";
import {MatmulJudge} from "../../../contracts/mocks/MatmulJudge.sol";
import {SystemTest} from "../support/SystemTest.sol";
import {vm} from "../support/Vm.sol";

/// @notice One entry refutes a product, whatever its size, and a right entry refutes nothing.
contract MatmulProofTest is SystemTest {
    bytes32 internal constant SEED = keccak256("a seed");

    MatmulJudge internal judge;

    function setUp() public {
        judge = new MatmulJudge();
    }

    /// @dev The byte of a matrix as its definition says, one at a time.
    function entryOf(
        uint8 matrix,
        uint256 size,
        uint256 line,
        uint256 i
    ) internal pure returns (int256) {
        uint256 place = line * size + i;
        bytes32 word = keccak256(abi.encodePacked(SEED, matrix, uint32(place / 32)));
        return int8(uint8(word[place % 32]));
    }

    function slowEntryAt(
        uint256 size,
        uint256 row,
        uint256 column
    ) internal pure returns (int256 sum) {
        for (uint256 i = 0; i < size; ++i) {
            sum += entryOf(0, size, row, i) * entryOf(1, size, column, i);
        }
    }

    /// @dev The 64 entries from `place` on, big endian; `added` goes to the one at `place + which`.
    function leafAt(
        uint256 size,
        uint256 place,
        uint256 which,
        int256 added
    ) internal view returns (bytes memory entries) {
        for (uint256 i = 0; i < 64; ++i) {
            int256 entry = judge.entryAt(SEED, size, (place + i) / size, (place + i) % size);
            if (i == which) entry += added;
            entries = abi.encodePacked(entries, int32(entry));
        }
    }

    /// @dev A path of made-up siblings, and the root it leads to.
    function climb(
        bytes32 leaf,
        uint256 depth
    ) internal pure returns (bytes32 root, bytes32[] memory path) {
        path = new bytes32[](depth);
        root = leaf;
        for (uint256 i = 0; i < depth; ++i) {
            path[i] = keccak256(abi.encode("sibling", i));
            (bytes32 a, bytes32 b) = root < path[i] ? (root, path[i]) : (path[i], root);
            root = keccak256(abi.encodePacked(a, b));
        }
    }

    function testFuzzAnEntryIsTheDotProductOfItsRowAndColumn(
        uint256 row,
        uint256 column
    ) public view {
        for (uint256 size = 32; size <= 128; size *= 2) {
            int256 entry = judge.entryAt(SEED, size, row % size, column % size);
            int256 slow = slowEntryAt(size, row % size, column % size);
            assertEq(uint256(entry), uint256(slow), "entry");
        }
    }

    function testOneEntryOfALargeProduct() public view {
        int256 entry = judge.entryAt(SEED, 4_096, 4_095, 17);
        assertEq(uint256(entry), uint256(slowEntryAt(4_096, 4_095, 17)), "entry");
    }

    function testSizesAreWholeWordsUpTo16384() public {
        uint256[3] memory wrong = [uint256(0), 48, 16_416];
        for (uint256 i = 0; i < 3; ++i) {
            vm.expectRevert(
                abi.encodeWithSelector(MatmulProof.MatmulProofWrongSize.selector, wrong[i])
            );
            judge.entryAt(SEED, wrong[i], 0, 0);
        }
        judge.entryAt(SEED, 16_384, 16_383, 16_383);
    }

    function testAnEntryLiesInTheProduct() public {
        bytes4 selector = MatmulProof.MatmulProofOutOfBounds.selector;
        vm.expectRevert(abi.encodeWithSelector(selector, 64, 0, 64));
        judge.entryAt(SEED, 64, 64, 0);
        vm.expectRevert(abi.encodeWithSelector(selector, 0, 64, 64));
        judge.entryAt(SEED, 64, 0, 64);
    }

    function testFuzzPlacesGoThroughAllProductsRowByRow(
        uint16 product,
        uint16 row,
        uint16 column
    ) public view {
        uint256 size = 128;
        uint256 place = (uint256(product) * size + (row % size)) * size + (column % size);
        bytes32 own = keccak256(abi.encode(SEED, uint256(product)));
        int256 wanted = judge.entryAt(own, size, row % size, column % size);
        assertEq(uint256(judge.entryOf(SEED, size, place)), uint256(wanted), "entry");
    }

    /// @dev Every byte of both words at its extremes, where lanes are fullest and emptiest.
    function testSumsOfExtremesAreExact() public view {
        // Among the first rows and columns of a large product there are all kinds of sums.
        for (uint256 i = 0; i < 64; ++i) {
            int256 entry = judge.entryAt(SEED, 512, i, 511 - i);
            assertEq(uint256(entry), uint256(slowEntryAt(512, i, 511 - i)), "entry");
        }
    }

    function testEntriesAreSignedAndBigEndian() public view {
        bytes memory entries = abi.encodePacked(
            hex"00000001fffffffe7fffffff80000000",
            new bytes(240)
        );
        (bytes32 root, bytes32[] memory path) = climb(judge.hashLeaf(7, entries), 3);
        int256[5] memory wanted = [int256(1), -2, 2_147_483_647, -2_147_483_648, 0];
        for (uint256 i = 0; i < 5; ++i) {
            int256 entry = judge.committedEntry(root, 448 + i, entries, path);
            assertEq(uint256(entry), uint256(wanted[i]), "entry");
        }
    }

    function testALeafHasSixtyFourEntries() public {
        bytes4 selector = MatmulProof.MatmulProofWrongLeaf.selector;
        bytes32[] memory path = new bytes32[](0);
        vm.expectRevert(abi.encodeWithSelector(selector, 255, 256));
        judge.committedEntry(0, 0, new bytes(255), path);
        vm.expectRevert(abi.encodeWithSelector(selector, 257, 256));
        judge.committedEntry(0, 0, new bytes(257), path);
    }

    function testFuzzOnlyAFalseEntryOfALeafIsFalse(uint8 line, uint8 which, int16 off) public view {
        vm.assume(off != 0);
        uint256 place = (uint256(line) % 64) * 64;
        which %= 64;
        bytes memory entries = leafAt(64, place, which, off);
        (bytes32 root, bytes32[] memory path) = climb(judge.hashLeaf(place / 64, entries), 6);
        for (uint256 i = 0; i < 64; ++i) {
            int256 given = judge.committedEntry(root, place + i, entries, path);
            int256 actual = judge.entryAt(SEED, 64, place / 64, i);
            assertTrue((given != actual) == (i == which), "false where it was changed");
        }
    }

    function testALeafCountsAtItsOwnPlaceOnly() public {
        bytes memory entries = leafAt(64, 128, 0, 0);
        (bytes32 root, bytes32[] memory path) = climb(judge.hashLeaf(2, entries), 9);
        int256 given = judge.committedEntry(root, 191, entries, path);
        assertEq(uint256(given), uint256(judge.entryAt(SEED, 64, 2, 63)), "right there");
        // The same leaf, said to be the next one, would accuse an honest worker.
        vm.expectRevert(
            abi.encodeWithSelector(MatmulProof.MatmulProofNotInTree.selector, root, 3, entries)
        );
        judge.committedEntry(root, 192, entries, path);
    }

    function testWhatWasNotCommittedToAccusesNobody() public {
        bytes memory entries = leafAt(64, 0, 0, 0);
        (bytes32 root, bytes32[] memory path) = climb(judge.hashLeaf(0, entries), 9);
        bytes memory other = leafAt(64, 0, 0, 1);
        vm.expectRevert(
            abi.encodeWithSelector(MatmulProof.MatmulProofNotInTree.selector, root, 0, other)
        );
        judge.committedEntry(root, 0, other, path);
    }

    /// @dev Bounds on both calls, with a path through the leaves of a thousand products.
    function testTheCostGrowsWithTheSizeNotWithItsCube() public view {
        uint256[4] memory sizes = [uint256(64), 256, 1_024, 4_096];
        uint256[4] memory depths = [uint256(16), 20, 24, 28];
        uint256[4] memory gasMax = [uint256(14_000), 23_000, 62_000, 215_000];
        for (uint256 i = 0; i < 4; ++i) {
            bytes memory entries = leafAt(sizes[i], 0, 0, 0);
            (bytes32 root, bytes32[] memory path) = climb(judge.hashLeaf(0, entries), depths[i]);
            uint256 before = gasleft();
            judge.committedEntry(root, 0, entries, path);
            judge.entryOf(SEED, sizes[i], 0);
            uint256 used = before - gasleft();
            assertTrue(used <= gasMax[i], _describe("gas", sizes[i], used));
        }
    }

    function _describe(
        string memory what,
        uint256 size,
        uint256 used
    ) private pure returns (string memory) {
        return string.concat(what, " for ", vm.toString(size), ": ", vm.toString(used));
    }
}
