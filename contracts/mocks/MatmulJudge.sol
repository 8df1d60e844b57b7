// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MatmulProof} from "../libraries/MatmulProof.sol";

/// @title MatmulProof for everybody.
contract MatmulJudge {
    function entryAt(
        bytes32 seed,
        uint256 size,
        uint256 row,
        uint256 column
    ) external pure returns (int256 entry) {
        return MatmulProof.entryAt(seed, size, row, column);
    }

    function readEntry(
        bytes calldata product,
        uint256 size,
        uint256 row,
        uint256 column
    ) external pure returns (int256 entry) {
        return MatmulProof.readEntry(product, size, row, column);
    }

    function isFalseEntry(
        bytes32 root,
        bytes32 seed,
        uint256 size,
        uint256 row,
        uint256 column,
        bytes32 entries,
        bytes32[] calldata path
    ) external pure returns (bool) {
        return MatmulProof.isFalseEntry(root, seed, size, row, column, entries, path);
    }

    function hashLeaf(uint256 index, bytes32 entries) external pure returns (bytes32) {
        return MatmulProof.hashLeaf(index, entries);
    }
}
