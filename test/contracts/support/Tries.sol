// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {RLP} from "@openzeppelin/contracts/utils/RLP.sol";

/// @title State tries and block headers for tests of balance proofs.
/// @dev A trie has a branch as its root and one leaf per account, so the hashes of the addresses
/// must differ in their first four bits.
library Tries {
    using RLP for *;

    struct Account {
        address owner;
        uint256 balance;
    }

    bytes32 private constant _EMPTY_ROOT =
        0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421;
    bytes32 private constant _EMPTY_CODE =
        0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470;

    /// @dev Where the account hangs on the root.
    function nibbleOf(address account) internal pure returns (uint256 nibble) {
        return uint256(keccak256(abi.encodePacked(account))) >> 252;
    }

    function rootOf(Account[] memory accounts) internal pure returns (bytes32 stateRoot) {
        return keccak256(_branch(accounts));
    }

    /// @dev Branch and leaf, as `eth_getProof` gives them.
    function proofOf(
        Account[] memory accounts,
        uint256 index
    ) internal pure returns (bytes[] memory proof) {
        proof = new bytes[](2);
        proof[0] = _branch(accounts);
        proof[1] = _leaf(accounts[index]);
    }

    /// @dev The 21 fields of an Osaka header.
    function header(
        bytes32 parentHash,
        bytes32 stateRoot,
        uint256 height,
        uint256 time
    ) internal pure returns (bytes memory) {
        RLP.Encoder memory fields = RLP.encoder().push(parentHash).push(bytes32(0));
        fields = fields.push(address(0xC01)).push(stateRoot).push(bytes32(0)).push(bytes32(0));
        fields = fields.push(new bytes(256)).push(uint256(0)).push(height);
        fields = fields.push(uint256(30_000_000)).push(uint256(21_000)).push(time);
        fields = fields.push(bytes("poca")).push(bytes32(uint256(7))).push(new bytes(8));
        fields = fields.push(uint256(1e9)).push(_EMPTY_ROOT).push(uint256(0)).push(uint256(0));
        return fields.push(bytes32(uint256(9))).push(bytes32(uint256(11))).encode();
    }

    function _branch(Account[] memory accounts) private pure returns (bytes memory) {
        bytes[16] memory children;
        for (uint256 i = 0; i < accounts.length; ++i) {
            children[nibbleOf(accounts[i].owner)] = abi.encodePacked(keccak256(_leaf(accounts[i])));
        }
        RLP.Encoder memory node = RLP.encoder();
        for (uint256 i = 0; i < 16; ++i) {
            node = node.push(children[i]);
        }
        return node.push(bytes("")).encode();
    }

    function _leaf(Account memory account) private pure returns (bytes memory) {
        uint256 key = uint256(keccak256(abi.encodePacked(account.owner)));
        // The first four bits are spent on the branch; 3 marks a leaf with an odd rest.
        bytes memory path = abi.encodePacked(((key << 4) >> 4) | (uint256(3) << 252));
        bytes memory value = RLP
            .encoder()
            .push(uint256(1))
            .push(account.balance)
            .push(_EMPTY_ROOT)
            .push(_EMPTY_CODE)
            .encode();
        return RLP.encoder().push(path).push(value).encode();
    }
}
