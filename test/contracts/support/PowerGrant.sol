// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICapabilityChallenge} from "../../../contracts/interfaces/ICapabilityChallenge.sol";
import {INodeRegistry} from "../../../contracts/interfaces/INodeRegistry.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {vm} from "./Vm.sol";

/// @title Power for tests that are not about proving it.
/// @notice Writes into the registry's storage what a proof leaves there, and tells those whom a
/// proof tells. How power is really proved is in NodeProof.t.sol and the tests that build on
/// ProofOfPower.
library PowerGrant {
    /// @dev `layout at erc7201("poca.storage.NodeRegistry")`.
    uint256 private constant BASE =
        0xb53af6a08bffe5abc73bb624be57a7ba2bb8274042ca68c0e879dbebe0e74900;

    /// @dev Places of `_proofHead` and `_proofTail`, and of `_proofs`, from there.
    uint256 private constant QUEUE = 6;
    uint256 private constant PROOFS = 7;

    /// @dev What stays of a node's first word: its slots, times and place.
    uint256 private constant KEPT = type(uint256).max << 112;

    /// @dev As if `worker` had proved `power` now. What it is asked to open next is nobody's
    /// business: a challenge that is under way is forgotten.
    function grant(address worker, uint64 power) internal {
        bytes32 seed = keccak256(abi.encode(worker, vm.getBlockTimestamp(), power));
        _writeNode(worker, power);
        _queueProof(worker);
        INodeRegistry(Predeploys.NODE_REGISTRY).expire(2);
        INodeRegistry(Predeploys.NODE_REGISTRY).refresh(worker);
        if (Predeploys.CAPABILITY_CHALLENGE.code.length == 0) return;
        vm.prank(Predeploys.NODE_REGISTRY);
        ICapabilityChallenge(Predeploys.CAPABILITY_CHALLENGE).onProved(worker, seed, power);
    }

    function _writeNode(address worker, uint64 power) private {
        bytes32 slot = keccak256(abi.encode(worker, BASE));
        uint256 word = uint256(vm.load(Predeploys.NODE_REGISTRY, slot)) & KEPT;
        word |= uint256(INodeRegistry.NodeState.Proved);
        word |= uint256(power) << 8;
        word |= vm.getBlockTimestamp() << 72;
        vm.store(Predeploys.NODE_REGISTRY, slot, bytes32(word));
    }

    function _queueProof(address worker) private {
        bytes32 slot = bytes32(BASE + QUEUE);
        uint256 word = uint256(vm.load(Predeploys.NODE_REGISTRY, slot));
        uint256 tail = word >> 128;
        uint256 proof = uint160(worker) | (vm.getBlockTimestamp() << 160);
        bytes32 place = keccak256(abi.encode(tail, BASE + PROOFS));
        vm.store(Predeploys.NODE_REGISTRY, place, bytes32(proof));
        vm.store(Predeploys.NODE_REGISTRY, slot, bytes32(word + (1 << 128)));
    }
}
