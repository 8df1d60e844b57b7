// SPDX-License-Identifier: MIT
pragma solidity >=0.8.24;

import {TrieProof} from "@openzeppelin/contracts/utils/cryptography/TrieProof.sol";

/// @title What an account owned at a past second, proved.
/// @notice A second is anchored once, by anyone, with block headers: the state root of the last
/// block up to it stays here for good. Against that root anyone proves any account's balance with
/// the `accountProof` of `eth_getProof`. That block is the one at whose end VotingPower counts its
/// locks too, so no coin is on both sides.
/// @custom:source EIP-1186, EIP-2935
interface IBalanceProofs {
    struct Anchor {
        bytes32 stateRoot; // after the block
        uint64 height; // ─╮  64 bits
        uint64 time; //   ─╯  64 bits, seconds; not after the anchored second
    }

    event SnapshotAnchored(uint48 indexed timepoint, uint64 indexed height, bytes32 stateRoot);

    /// @notice An anchor takes from 2 to `max` headers.
    error BalanceProofsHeaderCount(uint256 given, uint256 max);
    /// @notice No block of this chain, or one too old to be known.
    error BalanceProofsUnknownHeader(uint256 height, bytes32 hash);
    /// @notice Header `index` is not the parent of the one before it.
    error BalanceProofsNotParent(uint256 index, bytes32 wanted, bytes32 given);
    /// @notice `timepoint` is not between the last header's time and its child's.
    error BalanceProofsWrongBlock(uint48 timepoint, uint256 time, uint256 childTime);
    error BalanceProofsNotAnchored(uint48 timepoint);
    error BalanceProofsInvalid(uint48 timepoint, address account, TrieProof.ProofError fault);

    /// @notice Keeps the state root of the last block that is not later than `timepoint`.
    /// @dev Does nothing when it is there already. What is no header at all reverts with
    /// OpenZeppelin's `RLPInvalidEncoding` or `FieldNotPresentInBlockHeader`.
    /// @param headers in RLP, from young to old, each the parent of the one before. The first is
    /// one of the last 8,191 blocks; the last is the block wanted, the one before it is after
    /// `timepoint`. Two are enough unless nobody came in time.
    function anchor(uint48 timepoint, bytes[] calldata headers) external;

    /// @notice The anchor of a second; all zero when there is none.
    function anchorOf(uint48 timepoint) external view returns (Anchor memory);

    /// @notice The native balance of `account` at the anchored second, wei.
    /// @param accountProof the nodes from the state root to the account.
    function balanceAt(
        uint48 timepoint,
        address account,
        bytes[] calldata accountProof
    ) external view returns (uint256 balance);
}
