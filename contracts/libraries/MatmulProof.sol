// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";

/// @title One entry of seeded matrix products, computed again.
/// @notice A and B are n x n matrices of int8, made from a seed: matrix m (A is 0, B is 1) is the
/// byte stream keccak256(seed ‖ u8 m ‖ u32 block), block = 0, 1, …, A row by row, B column by
/// column. Entries of their product are exact int32. Product k of many has the seed
/// keccak256(abi.encode(seed, k)).
///
/// Products are committed to by a Merkle root: the entries of all of them, one product after the
/// other and row by row, are cut into leaves of 64. Leaf i is keccak256(keccak256(u64 i ‖ 64 x
/// int32)), big endian; inner nodes are OpenZeppelin's.
/// @dev Whoever committed to a false entry is refuted by that one entry, at a cost that grows with
/// n, not with n^3. With 64 entries in a leaf, hashing the products costs a worker about as much as
/// making the matrices; with eight it would cost six times that, and with whole rows opening an
/// entry of a large product would cost more than computing it. The TypeScript twin is
/// `src/compute/kernelChallenge.ts`; test/vectors/matmulProof.json binds the two.
library MatmulProof {
    /// @dev Entries of int8 in a word, and the step of n: a row starts with a word.
    uint256 internal constant SIZE_STEP = 32;

    /// @dev An entry is at most n * 2^14 in size, far within int32; blocks fit 32 bits.
    uint256 internal constant SIZE_MAX = 16_384;

    uint256 internal constant LEAF_ENTRIES = 64;

    /// @dev Of an int32.
    uint256 private constant ENTRY_SIZE = 4;

    /// @dev The lowest byte of each 32-bit lane.
    uint256 private constant LANES =
        0x000000ff000000ff000000ff000000ff000000ff000000ff000000ff000000ff;

    /// @dev The sign bit of each byte.
    uint256 private constant SIGNS =
        0x8080808080808080808080808080808080808080808080808080808080808080;

    /// @dev One in each lane.
    uint256 private constant ONES =
        0x0000000100000001000000010000000100000001000000010000000100000001;

    /// @dev The lower one of each two lanes, and of each two pairs of lanes.
    uint256 private constant LOW_LANES =
        0x00000000ffffffff00000000ffffffff00000000ffffffff00000000ffffffff;
    uint256 private constant LOW_PAIRS =
        0x0000000000000000ffffffffffffffff0000000000000000ffffffffffffffff;

    /// @notice `size` is not a multiple of 32 up to 16,384.
    error MatmulProofWrongSize(uint256 size);
    error MatmulProofOutOfBounds(uint256 row, uint256 column, uint256 size);
    error MatmulProofWrongLeaf(uint256 given, uint256 wanted);
    /// @notice The path does not lead from these entries at this place to the root.
    error MatmulProofNotInTree(bytes32 root, uint256 index, bytes entries);

    /// @notice The entry at (row, column) of the product.
    function entryAt(
        bytes32 seed,
        uint256 size,
        uint256 row,
        uint256 column
    ) internal pure returns (int256 entry) {
        require(size != 0 && size % SIZE_STEP == 0 && size <= SIZE_MAX, MatmulProofWrongSize(size));
        require(row < size && column < size, MatmulProofOutOfBounds(row, column, size));
        uint256 words = size / SIZE_STEP;
        for (uint256 i = 0; i < words; ++i) {
            uint256 a = _wordAt(seed, 0, row * words + i);
            uint256 b = _wordAt(seed, 1, column * words + i);
            entry += _dot(a, b);
        }
    }

    /// @notice The entry at `place` among those of many products: (k * n + row) * n + column.
    function entryOf(
        bytes32 seed,
        uint256 size,
        uint256 place
    ) internal pure returns (int256 entry) {
        bytes32 own = keccak256(abi.encode(seed, place / (size * size)));
        return entryAt(own, size, (place / size) % size, place % size);
    }

    /// @notice The entry that was committed to at `place`. Reverts when `entries` is not what was
    /// committed to there.
    /// @param entries the 64 int32 of the leaf that holds the entry.
    function committedEntry(
        bytes32 root,
        uint256 place,
        bytes calldata entries,
        bytes32[] calldata path
    ) internal pure returns (int256 entry) {
        uint256 wanted = LEAF_ENTRIES * ENTRY_SIZE;
        require(entries.length == wanted, MatmulProofWrongLeaf(entries.length, wanted));
        uint256 index = place / LEAF_ENTRIES;
        require(
            MerkleProof.verifyCalldata(path, root, hashLeaf(index, entries)),
            MatmulProofNotInTree(root, index, entries)
        );
        uint256 offset = (place % LEAF_ENTRIES) * ENTRY_SIZE;
        return int32(uint32(bytes4(entries[offset:offset + ENTRY_SIZE])));
    }

    /// @dev The index is hashed in: in a tree of sorted pairs the path alone does not tell it.
    function hashLeaf(uint256 index, bytes calldata entries) internal pure returns (bytes32) {
        // Cast: at most 2^42 leaves.
        return keccak256(abi.encode(keccak256(abi.encodePacked(uint64(index), entries))));
    }

    /// @dev keccak256(seed ‖ u8 matrix ‖ u32 index), in the scratch space: an entry of a large
    /// product needs hundreds, whose memory would cost more than all the rest.
    function _wordAt(
        bytes32 seed,
        uint256 matrix,
        uint256 index
    ) private pure returns (uint256 word) {
        // At most 2^28 / 32 blocks. 37 bytes lie within the first 64, which nobody keeps.
        assembly ("memory-safe") {
            mstore(0x00, seed)
            mstore(0x20, shl(216, or(shl(32, matrix), index)))
            word := keccak256(0x00, 37)
        }
    }

    /// @dev The sum of 32 products of int8, eight a multiplication: one lane of a product of two
    /// words of eight lanes each, of which one is turned round, is the sum of the eight products.
    function _dot(uint256 a, uint256 b) private pure returns (int256) {
        // Lanes hold at most 8 * 255^2 < 2^32, so that none spills over; sums stay below 2^22.
        unchecked {
            // From -128 … 127 to 0 … 255.
            a ^= SIGNS;
            b ^= SIGNS;
            b = (b >> 128) | (b << 128);
            b = ((b >> 64) & LOW_PAIRS) | ((b & LOW_PAIRS) << 64);
            b = ((b >> 32) & LOW_LANES) | ((b & LOW_LANES) << 32);
            uint256 x = a & LANES;
            uint256 y = b & LANES;
            uint256 sum = (x * y) >> 224;
            uint256 lanes = x + y;
            (x, y) = ((a >> 8) & LANES, (b >> 8) & LANES);
            sum += (x * y) >> 224;
            lanes += x + y;
            (x, y) = ((a >> 16) & LANES, (b >> 16) & LANES);
            sum += (x * y) >> 224;
            lanes += x + y;
            (x, y) = ((a >> 24) & LANES, (b >> 24) & LANES);
            sum += (x * y) >> 224;
            lanes += x + y;
            // (x - 128) (y - 128) = x y - 128 (x + y) + 2^14, 32 times.
            uint256 bytes_ = (lanes * ONES) >> 224;
            return int256(sum) - int256(bytes_ << 7) + int256(SIZE_STEP << 14);
        }
    }
}
