// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SumTree} from "../libraries/SumTree.sol";

/// @title A sum tree that anyone may change, and draws from it.
contract SumTreeBoard {
    using SumTree for SumTree.Tree;

    SumTree.Tree private _tree;

    function push(uint256 weight) public returns (uint256 place) {
        place = _tree.push();
        _tree.set(place, weight);
    }

    function pushAll(uint256[] calldata weights) external {
        for (uint256 i = 0; i < weights.length; ++i) push(weights[i]);
    }

    function set(uint256 place, uint256 weight) external {
        _tree.set(place, weight);
    }

    function drawPlaces(
        bytes32 seed,
        uint256 count,
        uint256[] calldata excluded
    ) external view returns (uint256[] memory places) {
        SumTree.Draw memory draw = _tree.begin(seed, count + excluded.length);
        for (uint256 i = 0; i < excluded.length; ++i) _tree.exclude(draw, excluded[i]);
        places = new uint256[](count);
        uint256 found = 0;
        for (; found < count; ++found) {
            (bool isFound, uint256 place) = _tree.next(draw);
            if (!isFound) break;
            places[found] = place;
        }
        // Shortens the array, whose length is its first word.
        assembly ("memory-safe") {
            mstore(places, found)
        }
    }

    function find(
        uint256 point
    ) external view returns (uint256 place, uint256 start, uint256 weight) {
        return _tree.find(point);
    }

    function startOf(uint256 place) external view returns (uint256 start) {
        return _tree.startOf(place);
    }

    function weightAt(uint256 place) external view returns (uint256 weight) {
        return _tree.weightAt(place);
    }

    function total() external view returns (uint256 weight) {
        return _tree.total;
    }

    function depth() external view returns (uint256 levels) {
        return _tree.depth;
    }
}
