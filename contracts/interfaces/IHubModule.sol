// SPDX-License-Identifier: MIT
pragma solidity >=0.8.24;

/// @notice What the block producer tells the system contracts at the end of a block.
/// @dev Every field follows from the parent block and its certificate, so each node recomputes it.
struct EndBlockInput {
    uint64 height; // of the block being ended
    uint32 parentRound; // voting round in which the parent was decided
    uint64 parentGasUsed;
    uint256 parentBaseFee; // wei per gas
    address parentProposer;
    uint256 parentSigners; // bit i: seat i signed the parent's certificate
    uint16[] skippedSeats; // seats that missed their turn since the parent
    bytes[] evidence; // offences for the SlashCourt, at most 8
}

/// @title A part of the economy that runs in every block.
/// @notice Called by SystemHub alone, with a gas ceiling. May fail without harm to the block.
interface IHubModule {
    /// @notice Does this module's share of the work that ends a block. O(1).
    /// @param input facts about the parent block.
    function onEndBlock(EndBlockInput calldata input) external;
}
