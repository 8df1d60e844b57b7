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

    /// @dev Eight entries from `place` on, big endian; `added` goes to the one at `place + which`.
    function leafAt(
        uint256 size,
        uint256 place,
        uint256 which,
        int256 added
    ) internal view returns (bytes32 entries) {
        uint256 packed = 0;
        for (uint256 i = 0; i < 8; ++i) {
            int256 entry = judge.entryAt(SEED, size, (place + i) / size, (place + i) % size);
            if (i == which) entry += added;
            packed = (packed << 32) | uint32(int32(entry));
        }
        return bytes32(packed);
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
        vm.expectRevert(abi.encodeWithSelector(selector, 2, 0, 2));
        judge.readEntry(new bytes(16), 2, 2, 0);
        vm.expectRevert(abi.encodeWithSelector(selector, 0, 2, 2));
        judge.readEntry(new bytes(16), 2, 0, 2);
    }

    function testEntriesAreSignedAndBigEndian() public view {
        bytes memory product = hex"00000001fffffffe7fffffff80000000";
        assertEq(uint256(judge.readEntry(product, 2, 0, 0)), 1, "first");
        assertEq(uint256(judge.readEntry(product, 2, 0, 1)), uint256(int256(-2)), "second");
        assertEq(uint256(judge.readEntry(product, 2, 1, 0)), 2_147_483_647, "largest");
        assertTrue(judge.readEntry(product, 2, 1, 1) == -2_147_483_648, "smallest");
    }

    function testFuzzOnlyAFalseEntryOfALeafIsFalse(uint256 place, uint8 which, int16 off) public {
        vm.assume(off != 0);
        place = (place % 512) * 8;
        which %= 8;
        bytes32 entries = leafAt(64, place, which, off);
        (bytes32 root, bytes32[] memory path) = climb(judge.hashLeaf(place / 8, entries), 9);
        for (uint256 i = 0; i < 8; ++i) {
            bool isFalse = isFalseAt(root, place + i, entries, path);
            assertTrue(isFalse == (i == which), "false where it was changed");
        }
    }

    function isFalseAt(
        bytes32 root,
        uint256 place,
        bytes32 entries,
        bytes32[] memory path
    ) internal view returns (bool) {
        return judge.isFalseEntry(root, SEED, 64, place / 64, place % 64, entries, path);
    }

    function testALeafCountsAtItsOwnPlaceOnly() public {
        bytes32 entries = leafAt(64, 16, 0, 0);
        (bytes32 root, bytes32[] memory path) = climb(judge.hashLeaf(2, entries), 9);
        assertTrue(!judge.isFalseEntry(root, SEED, 64, 0, 16, entries, path), "right there");
        // The same leaf, said to be the next one, would accuse an honest worker.
        vm.expectRevert(
            abi.encodeWithSelector(MatmulProof.MatmulProofNotInTree.selector, root, 3, entries)
        );
        judge.isFalseEntry(root, SEED, 64, 0, 24, entries, path);
    }

    function testWhatWasNotCommittedToAccusesNobody() public {
        bytes32 entries = leafAt(64, 0, 0, 0);
        (bytes32 root, bytes32[] memory path) = climb(judge.hashLeaf(0, entries), 9);
        bytes32 other = leafAt(64, 0, 0, 1);
        vm.expectRevert(
            abi.encodeWithSelector(MatmulProof.MatmulProofNotInTree.selector, root, 0, other)
        );
        judge.isFalseEntry(root, SEED, 64, 0, 0, other, path);
    }

    /// @dev Bounds on the whole call, with a path of log2(n^2 / 8) hashes.
    function testTheCostGrowsWithTheSizeNotWithItsCube() public view {
        uint256[4] memory sizes = [uint256(64), 256, 1_024, 4_096];
        uint256[4] memory depths = [uint256(9), 13, 17, 21];
        uint256[4] memory gasMax = [uint256(13_000), 34_000, 112_000, 420_000];
        for (uint256 i = 0; i < 4; ++i) {
            bytes32 entries = leafAt(sizes[i], 0, 0, 0);
            (bytes32 root, bytes32[] memory path) = climb(judge.hashLeaf(0, entries), depths[i]);
            uint256 before = gasleft();
            judge.isFalseEntry(root, SEED, sizes[i], 0, 0, entries, path);
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
