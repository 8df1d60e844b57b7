// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {INodeRegistry} from "../../../contracts/interfaces/INodeRegistry.sol";
import {NodesTest} from "./NodesTest.sol";
import {ProofOfPower} from "./ProofOfPower.sol";
import {vm} from "./Vm.sol";

/// @title Base of the rules about what work is worth: nodes prove their power as on the chain.
abstract contract WorkTest is NodesTest, ProofOfPower {
    /// @dev Registers and commits; the next block has begun. The first `wrong` samples are false.
    function commitTo(
        address account,
        uint16 size,
        uint32 products,
        uint256 wrong
    ) internal returns (Prepared memory prepared) {
        _registerFor(account, size, products);
        prepared = prepare(account, _height, wrong);
        _commit(account, prepared.root);
    }

    function open(address account, Prepared memory prepared) internal {
        vm.prank(account);
        REGISTRY.openProducts(prepared.openings);
    }

    function work(address account, uint16 size, uint32 products) internal {
        open(account, commitTo(account, size, products, 0));
    }

    /// @dev Proves power with a tree whose first 64 entries, which nobody asks for, are all zeros.
    function cheat(
        address account,
        uint16 size,
        uint32 products
    ) internal returns (INodeRegistry.Claim memory claim, INodeRegistry.Opening memory opening) {
        _registerFor(account, size, products);
        Prepared memory prepared = prepare(account, _height, 0);
        opening = graft(prepared, new bytes(256));
        _commit(account, prepared.root);
        open(account, prepared);
        bytes32 seed = REGISTRY.seedOf(account);
        claim = INodeRegistry.Claim(seed, prepared.root, size, products);
    }

    function _registerFor(address account, uint16 size, uint32 products) private {
        declare(account);
        vm.prank(account);
        REGISTRY.register(size, products);
        _endBlock(1);
    }

    function _commit(address account, bytes32 root) private {
        vm.prank(account);
        REGISTRY.commitProducts(root);
        _endBlock(1);
    }
}
