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

    function entryOf(
        bytes32 seed,
        uint256 size,
        uint256 place
    ) external pure returns (int256 entry) {
        return MatmulProof.entryOf(seed, size, place);
    }

    function committedEntry(
        bytes32 root,
        uint256 place,
        bytes calldata entries,
        bytes32[] calldata path
    ) external pure returns (int256 entry) {
        return MatmulProof.committedEntry(root, place, entries, path);
    }

    function hashLeaf(uint256 index, bytes calldata entries) external pure returns (bytes32) {
        return MatmulProof.hashLeaf(index, entries);
    }
}
