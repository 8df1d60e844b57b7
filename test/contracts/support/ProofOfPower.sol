// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {INodeRegistry} from "../../../contracts/interfaces/INodeRegistry.sol";
import {MatmulProof} from "../../../contracts/libraries/MatmulProof.sol";
import {MatmulJudge} from "../../../contracts/mocks/MatmulJudge.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {vm} from "./Vm.sol";

/// @title What a worker shows when it proves its power.
/// @notice Tests know the hashes of blocks to come, as nobody on a chain does. So they compute the
/// leaves that will be asked for and no others, and commit to a tree of these.
abstract contract ProofOfPower {
    struct Prepared {
        bytes32 root;
        uint256[] places;
        INodeRegistry.Opening[] openings;
    }

    uint256 internal constant SAMPLES = 16;

    /// @dev Read by a call: the cheat code has moved the height since this one began.
    function hashAt(uint256 height) external view returns (bytes32) {
        return blockhash(height);
    }

    /// @dev What `account`, registered before, commits to at `commitHeight`. The first
    /// `wrong` samples are off by one.
    function prepare(
        address account,
        uint256 commitHeight,
        uint256 wrong
    ) internal returns (Prepared memory prepared) {
        INodeRegistry registry = INodeRegistry(Predeploys.NODE_REGISTRY);
        uint256 height = vm.getBlockNumber();
        vm.roll(commitHeight + 1);
        bytes32 hash = this.hashAt(commitHeight);
        vm.roll(height);
        INodeRegistry.Node memory node = registry.nodeOf(account);
        bytes32 seed = registry.seedOf(account);
        uint256 count = uint256(node.size) * node.size * node.products;
        prepared.places = new uint256[](SAMPLES);
        bytes[] memory leaves = new bytes[](SAMPLES);
        for (uint256 i = 0; i < SAMPLES; ++i) {
            prepared.places[i] = uint256(keccak256(abi.encode(hash, account, i))) % count;
            leaves[i] = leafAt(
                seed,
                node.size,
                prepared.places[i],
                i < wrong ? int256(1) : int256(0)
            );
        }
        (prepared.root, prepared.openings) = plant(prepared.places, leaves);
    }

    /// @dev The leaf that holds the entry at `place`, to which `added` goes.
    function leafAt(
        bytes32 seed,
        uint256 size,
        uint256 place,
        int256 added
    ) internal pure returns (bytes memory leaf) {
        uint256 first = place - (place % 64);
        for (uint256 i = first; i < first + 64; ++i) {
            int256 entry = MatmulProof.entryOf(seed, size, i) + (i == place ? added : int256(0));
            leaf = abi.encodePacked(leaf, int32(entry));
        }
    }

    /// @dev A tree of these sixteen leaves, and the way to each of them.
    function plant(
        uint256[] memory places,
        bytes[] memory leaves
    ) internal returns (bytes32 root, INodeRegistry.Opening[] memory openings) {
        MatmulJudge judge = new MatmulJudge();
        bytes32[] memory nodes = new bytes32[](2 * SAMPLES);
        for (uint256 i = 0; i < SAMPLES; ++i) {
            nodes[SAMPLES + i] = judge.hashLeaf(places[i] / 64, leaves[i]);
        }
        for (uint256 i = SAMPLES - 1; i > 0; --i) {
            (bytes32 a, bytes32 b) = (nodes[2 * i], nodes[2 * i + 1]);
            nodes[i] = a < b ? keccak256(abi.encode(a, b)) : keccak256(abi.encode(b, a));
        }
        openings = new INodeRegistry.Opening[](SAMPLES);
        for (uint256 i = 0; i < SAMPLES; ++i) {
            bytes32[] memory path = new bytes32[](4);
            uint256 at = SAMPLES + i;
            for (uint256 level = 0; level < 4; ++level) {
                path[level] = nodes[at ^ 1];
                at /= 2;
            }
            openings[i] = INodeRegistry.Opening(leaves[i], path);
        }
        return (nodes[1], openings);
    }

    /// @dev Puts the first 64 entries of all beside what was prepared, as `leaf` says they are.
    function graft(
        Prepared memory prepared,
        bytes memory leaf
    ) internal returns (INodeRegistry.Opening memory opening) {
        opening = INodeRegistry.Opening(leaf, new bytes32[](1));
        opening.path[0] = prepared.root;
        bytes32 other = new MatmulJudge().hashLeaf(0, leaf);
        for (uint256 i = 0; i < SAMPLES; ++i) {
            bytes32[] memory path = prepared.openings[i].path;
            prepared.openings[i].path = new bytes32[](5);
            for (uint256 j = 0; j < 4; ++j) prepared.openings[i].path[j] = path[j];
            prepared.openings[i].path[4] = other;
        }
        bytes32 root = prepared.root;
        prepared.root =
            root < other ? keccak256(abi.encode(root, other)) : keccak256(abi.encode(other, root));
    }
}
