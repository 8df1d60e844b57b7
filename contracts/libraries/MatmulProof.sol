// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";

/// @title One entry of a seeded matrix product, computed again.
/// @notice A and B are n x n matrices of int8, made from a seed: matrix m (A is 0, B is 1) is the
/// byte stream keccak256(seed ‖ u8 m ‖ u32 block), block = 0, 1, …, A row by row, B column by
/// column. Entries of their product are exact int32. A product of 64 x 64 is committed to by its
/// hash, a larger one by a Merkle root: leaf i holds entries 8 i to 8 i + 7, row by row, and is
/// keccak256(keccak256(u32 i ‖ 8 x int32)), big endian; inner nodes are OpenZeppelin's.
/// @dev Whoever committed to a false entry is refuted by that one entry, at a cost that grows with
/// n, not with n^3. The TypeScript twin for 64 x 64 is `src/compute/kernelChallenge.ts`.
library MatmulProof {
    /// @dev Entries of int8 in a word, and the step of n: a row starts with a word.
    uint256 internal constant SIZE_STEP = 32;

    /// @dev An entry is at most n * 2^14 in size, far within int32; blocks fit 32 bits.
    uint256 internal constant SIZE_MAX = 16_384;

    uint256 internal constant LEAF_ENTRIES = 8;

    /// @notice `size` is not a multiple of 32 up to 16,384.
    error MatmulProofWrongSize(uint256 size);
    error MatmulProofOutOfBounds(uint256 row, uint256 column, uint256 size);
    /// @notice The path does not lead from these entries at this place to the root.
    error MatmulProofNotInTree(bytes32 root, uint256 index, bytes32 entries);

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
            bytes32 a = _wordAt(seed, 0, row * words + i);
            bytes32 b = _wordAt(seed, 1, column * words + i);
            entry += _dot(uint256(a), uint256(b));
        }
    }

    /// @notice The entry that a 64 x 64 or other whole product of int32, big endian, holds.
    function readEntry(
        bytes calldata product,
        uint256 size,
        uint256 row,
        uint256 column
    ) internal pure returns (int256 entry) {
        require(row < size && column < size, MatmulProofOutOfBounds(row, column, size));
        uint256 offset = (row * size + column) * 4;
        return int32(uint32(bytes4(product[offset:offset + 4])));
    }

    /// @notice Whether a committed product holds a false entry at (row, column). Reverts when
    /// `entries` is not what was committed to.
    /// @param entries the eight int32 of the leaf that holds the entry.
    function isFalseEntry(
        bytes32 root,
        bytes32 seed,
        uint256 size,
        uint256 row,
        uint256 column,
        bytes32 entries,
        bytes32[] calldata path
    ) internal pure returns (bool) {
        int256 actual = entryAt(seed, size, row, column);
        uint256 place = row * size + column;
        bytes32 leaf = hashLeaf(place / LEAF_ENTRIES, entries);
        require(
            MerkleProof.verifyCalldata(path, root, leaf),
            MatmulProofNotInTree(root, place / LEAF_ENTRIES, entries)
        );
        uint256 shift = 32 * (LEAF_ENTRIES - 1 - (place % LEAF_ENTRIES));
        // Cast: one of the eight int32.
        return int32(uint32(uint256(entries) >> shift)) != actual;
    }

    /// @dev The index is hashed in: in a tree of sorted pairs the path alone does not tell it.
    function hashLeaf(uint256 index, bytes32 entries) internal pure returns (bytes32) {
        // Cast: at most 2^28 / 8 leaves.
        return keccak256(abi.encode(keccak256(abi.encodePacked(uint32(index), entries))));
    }

    function _wordAt(bytes32 seed, uint8 matrix, uint256 index) private pure returns (bytes32) {
        // Cast: at most 2^28 / 32 blocks.
        return keccak256(abi.encodePacked(seed, matrix, uint32(index)));
    }

    /// @dev The sum of 32 products of int8, eight a turn; nothing overflows, so nothing is checked.
    function _dot(uint256 a, uint256 b) private pure returns (int256 sum) {
        unchecked {
            for (uint256 i = 0; i < SIZE_STEP; i += 8) {
                sum += int256(int8(uint8(a))) * int8(uint8(b));
                sum += int256(int8(uint8(a >> 8))) * int8(uint8(b >> 8));
                sum += int256(int8(uint8(a >> 16))) * int8(uint8(b >> 16));
                sum += int256(int8(uint8(a >> 24))) * int8(uint8(b >> 24));
                sum += int256(int8(uint8(a >> 32))) * int8(uint8(b >> 32));
                sum += int256(int8(uint8(a >> 40))) * int8(uint8(b >> 40));
                sum += int256(int8(uint8(a >> 48))) * int8(uint8(b >> 48));
                sum += int256(int8(uint8(a >> 56))) * int8(uint8(b >> 56));
                a >>= 64;
                b >>= 64;
            }
        }
    }
}
