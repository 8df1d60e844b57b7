// SPDX-License-Identifier: MIT
pragma solidity >=0.8.24;

/// @title What the holders' vote adds to OpenZeppelin's Governor.
/// @notice One vote per wei: coin locked in VotingPower at the snapshot, and native coin that the
/// voter proves to have owned at the snapshot. Locked coin is VotingPower's own balance, so it is
/// in no holder's proof. Each side counts once per voter and proposal, in either order, and both on
/// the same side of the question.
/// @custom:invariant votes of a proposal <= locked at the snapshot + sum of the proved balances
/// @custom:source SC 4.4
interface IPocaGovernor {
    /// @notice What one voter has cast on one proposal.
    struct Ballot {
        uint8 choice; // ─────────╮ 8 bits, support + 1; 0: nothing cast
        bool lockedCounted; //    │ 8 bits
        bool balanceCounted; //  ─╯ 8 bits
    }

    event BalanceCounted(address indexed voter, uint256 indexed proposalId, uint256 balance);
    /// @notice From now on, proposals need `votes` to take part.
    event QuorumSet(uint256 indexed proposalId, uint256 votes);

    /// @notice `proposer` has a proposal that is not decided yet.
    error PocaGovernorOneAtATime(address proposer, uint256 proposalId);
    error PocaGovernorBalanceCounted(uint256 proposalId, address voter);
    error PocaGovernorOtherSupport(uint256 proposalId, address voter, uint8 support, uint8 cast);
    /// @notice The coin of a system contract belongs to others.
    error PocaGovernorSystemAccount(address voter);
    error PocaGovernorOutOfBounds(bytes32 setting, uint256 value, uint256 min, uint256 max);

    /// @notice Votes with the native balance the caller had at the snapshot, and with its locked
    /// votes unless they are counted already.
    /// @param headers empty when the snapshot is anchored; else what `IBalanceProofs.anchor` takes.
    /// @param accountProof of the caller's account at the anchored block, as `eth_getProof` gives
    /// it.
    /// @return weight votes added, wei.
    function castVoteWithBalanceProof(
        uint256 proposalId,
        uint8 support,
        bytes[] calldata headers,
        bytes[] calldata accountProof
    ) external returns (uint256 weight);

    /// @notice The same for `voter`, who signed a `BalanceBallot`; anyone may bring it. The proof
    /// is not part of what is signed: there is only one truth to prove.
    function castVoteWithBalanceProofBySig(
        uint256 proposalId,
        uint8 support,
        address voter,
        bytes[] calldata headers,
        bytes[] calldata accountProof,
        bytes calldata signature
    ) external returns (uint256 weight);

    function ballotOf(uint256 proposalId, address voter) external view returns (Ballot memory);

    /// @notice The last proposal of `proposer`, 0 when there is none.
    function lastProposalOf(address proposer) external view returns (uint256 proposalId);
}
