// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title A tree of sums: changes one weight and finds the place at a point in O(log n).
/// @notice Places are numbered from 0. Each inner node is the sum of eight below it. Laid end to
/// end, the weights of the places fill the line from 0 to `total`; a draw is a point on that line.
/// @dev Four sums share a word, so a step down reads one word or two. Eight wide, a draw reads no
/// more than a tree four wide would, and a change writes a third less.
/// The TypeScript twin of the draw is `chain/system/nodeDraw.ts`; test/vectors/nodeDraw.json binds
/// the two.
/// @custom:invariant total == sum of the weights
library SumTree {
    struct Tree {
        uint64 total; // ─╮ sum of all weights
        uint8 depth; //   │ levels below the total; 0 for an empty tree
        uint24 size; // ──╯ places ever used
        mapping(uint256 key => uint256 sums) words; // four sums of 64 bits, the first lowest
    }

    /// @notice A draw under way: what has been taken out of the line.
    struct Draw {
        bytes32 seed;
        uint256 nonce;
        uint256 total;
        uint256 removed; // sum of the weights taken out
        uint256[] gaps; // `start << 64 | weight`, ascending
        uint256 gapCount;
    }

    /// @dev Most places.
    uint256 internal constant SIZE_MAX = 1 << 20;

    /// @dev Largest weight: `SIZE_MAX` of them still fit 64 bits.
    uint256 internal constant WEIGHT_MAX = (1 << 44) - 1;

    uint256 private constant LANE = type(uint64).max;

    /* CHANGING */

    /// @notice Adds a place of weight 0. The caller keeps to `SIZE_MAX`.
    function push(Tree storage tree) internal returns (uint256 place) {
        place = tree.size;
        // Casts: at most 2^20 places, seven levels.
        tree.size = uint24(place + 1);
        uint256 depth = tree.depth;
        if (depth == 0 || place == 1 << (3 * depth)) {
            tree.depth = uint8(depth + 1);
            // The old top becomes the first of eight.
            if (depth != 0) tree.words[_key(depth, 0)] = tree.total;
        }
    }

    /// @notice Changes a weight. The caller keeps to `WEIGHT_MAX`.
    function set(Tree storage tree, uint256 place, uint256 weight) internal {
        uint256 old = weightAt(tree, place);
        if (weight == old) return;
        uint256 depth = tree.depth;
        uint256 index = place;
        for (uint256 level = 0; level < depth; ++level) {
            uint256 key = _key(level, index >> 2);
            uint256 shift = (index & 3) << 6;
            uint256 word = tree.words[key];
            uint256 sum = ((word >> shift) & LANE) + weight - old;
            tree.words[key] = (word & ~(LANE << shift)) | (sum << shift);
            index >>= 3;
        }
        // Cast: SIZE_MAX * WEIGHT_MAX is below 2^64.
        tree.total = uint64(tree.total + weight - old);
    }

    /* READING */

    function weightAt(Tree storage tree, uint256 place) internal view returns (uint256 weight) {
        return (tree.words[_key(0, place >> 2)] >> ((place & 3) << 6)) & LANE;
    }

    /// @notice Where the weight of `place` begins on the line.
    function startOf(Tree storage tree, uint256 place) internal view returns (uint256 start) {
        uint256 depth = tree.depth;
        uint256 index = place;
        for (uint256 level = 0; level < depth; ++level) {
            uint256 before = index & 7;
            uint256 word = tree.words[_key(level, (index >> 3) << 1)];
            for (uint256 i = 0; i < before && i < 4; ++i) start += (word >> (i << 6)) & LANE;
            if (before > 4) {
                word = tree.words[_key(level, ((index >> 3) << 1) | 1)];
                for (uint256 i = 4; i < before; ++i) start += (word >> ((i & 3) << 6)) & LANE;
            }
            index >>= 3;
        }
    }

    /// @notice The place whose weight covers `point`, which is below `total`.
    function find(
        Tree storage tree,
        uint256 point
    ) internal view returns (uint256 place, uint256 start, uint256 weight) {
        uint256 left = point;
        for (uint256 level = tree.depth; level > 0; --level) {
            uint256 first = place << 3;
            uint256 word = tree.words[_key(level - 1, first >> 2)];
            uint256 i = 0;
            weight = word & LANE;
            while (left >= weight) {
                left -= weight;
                ++i;
                word = i == 4 ? tree.words[_key(level - 1, (first >> 2) + 1)] : word >> 64;
                weight = word & LANE;
            }
            place = first + i;
        }
        start = point - left;
    }

    /* DRAWING WITHOUT REPLACEMENT */

    /// @param gapsMax how many places may be taken out.
    function begin(
        Tree storage tree,
        bytes32 seed,
        uint256 gapsMax
    ) internal view returns (Draw memory draw) {
        draw.seed = seed;
        draw.total = tree.total;
        draw.gaps = new uint256[](gapsMax);
    }

    /// @notice Takes a place out of the line. Twice is as good as once.
    function exclude(Tree storage tree, Draw memory draw, uint256 place) internal view {
        uint256 weight = weightAt(tree, place);
        if (weight > 0) _addGap(draw, startOf(tree, place), weight);
    }

    /// @notice Draws a place by weight among those not taken out, and takes it out.
    function next(
        Tree storage tree,
        Draw memory draw
    ) internal view returns (bool isFound, uint256 place) {
        uint256 rest = draw.total - draw.removed;
        if (rest == 0) return (false, 0);
        uint256 point = uint256(keccak256(abi.encode(draw.seed, draw.nonce))) % rest;
        ++draw.nonce;
        // What is left is closed up; opening the gaps again gives the point on the whole line.
        for (uint256 i = 0; i < draw.gapCount; ++i) {
            if (point < draw.gaps[i] >> 64) break;
            point += draw.gaps[i] & LANE;
        }
        uint256 start;
        uint256 weight;
        (place, start, weight) = find(tree, point);
        _addGap(draw, start, weight);
        return (true, place);
    }

    function _addGap(Draw memory draw, uint256 start, uint256 weight) private pure {
        uint256 gap = (start << 64) | weight;
        uint256 i = draw.gapCount;
        for (; i > 0 && draw.gaps[i - 1] >= gap; --i) {
            if (draw.gaps[i - 1] == gap) return;
        }
        for (uint256 j = draw.gapCount; j > i; --j) draw.gaps[j] = draw.gaps[j - 1];
        draw.gaps[i] = gap;
        ++draw.gapCount;
        draw.removed += weight;
    }

    function _key(uint256 level, uint256 word) private pure returns (uint256) {
        return (level << 32) | word;
    }
}
