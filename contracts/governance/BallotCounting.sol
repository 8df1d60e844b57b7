// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Governor} from "@openzeppelin/contracts/governance/Governor.sol";
import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {GovernorCountingSimple} from "@openzeppelin/contracts/governance/extensions/GovernorCountingSimple.sol";
import {IPocaGovernor} from "../interfaces/IPocaGovernor.sol";

/// @title Counting of votes that come in two parts.
/// @notice Against, for and abstain, as in OpenZeppelin's simple counting; a voter's locked votes
/// and its proved balance are each counted once.
abstract contract BallotCounting is IPocaGovernor, Governor {
    struct Tally {
        uint128[3] votes; // 128 bits each, wei, by support
        mapping(address voter => Ballot ballot) ballots;
    }

    mapping(uint256 proposalId => Tally tally) private _tallies;

    /// @inheritdoc IPocaGovernor
    function ballotOf(uint256 proposalId, address voter) external view returns (Ballot memory) {
        return _tallies[proposalId].ballots[voter];
    }

    /// @notice Votes so far, wei.
    function proposalVotes(
        uint256 proposalId
    ) external view returns (uint256 againstVotes, uint256 forVotes, uint256 abstainVotes) {
        uint128[3] storage votes = _tallies[proposalId].votes;
        return (votes[0], votes[1], votes[2]);
    }

    /// @inheritdoc IGovernor
    // solhint-disable-next-line func-name-mixedcase
    function COUNTING_MODE() public pure override returns (string memory) {
        return "support=bravo&quorum=for,abstain";
    }

    /// @inheritdoc IGovernor
    function hasVoted(uint256 proposalId, address account) public view override returns (bool) {
        return _tallies[proposalId].ballots[account].choice != 0;
    }

    /// @dev Counts the locked votes.
    function _countVote(
        uint256 proposalId,
        address account,
        uint8 support,
        uint256 totalWeight,
        bytes memory
    ) internal override returns (uint256) {
        Ballot storage ballot = _choose(proposalId, account, support);
        require(!ballot.lockedCounted, GovernorAlreadyCastVote(account));
        ballot.lockedCounted = true;
        _add(proposalId, support, totalWeight);
        return totalWeight;
    }

    /// @dev Counts the balance, and says whether the locked votes are still to be counted.
    function _countBalance(
        uint256 proposalId,
        address account,
        uint8 support,
        uint256 balance
    ) internal returns (bool lockedCounted) {
        Ballot storage ballot = _choose(proposalId, account, support);
        require(!ballot.balanceCounted, PocaGovernorBalanceCounted(proposalId, account));
        ballot.balanceCounted = true;
        _add(proposalId, support, balance);
        return ballot.lockedCounted;
    }

    function _quorumReached(uint256 proposalId) internal view override returns (bool) {
        uint128[3] storage votes = _tallies[proposalId].votes;
        return quorum(proposalSnapshot(proposalId)) <= uint256(votes[1]) + votes[2];
    }

    function _voteSucceeded(uint256 proposalId) internal view override returns (bool) {
        uint128[3] storage votes = _tallies[proposalId].votes;
        return votes[1] > votes[0];
    }

    function _choose(
        uint256 proposalId,
        address account,
        uint8 support
    ) private returns (Ballot storage ballot) {
        require(
            support <= uint8(GovernorCountingSimple.VoteType.Abstain),
            GovernorInvalidVoteType()
        );
        ballot = _tallies[proposalId].ballots[account];
        uint8 choice = ballot.choice;
        if (choice == 0) {
            ballot.choice = support + 1;
        } else {
            require(
                choice == support + 1,
                PocaGovernorOtherSupport(proposalId, account, support, choice - 1)
            );
        }
    }

    function _add(uint256 proposalId, uint8 support, uint256 weight) private {
        // Cast: all coin together is below 2^96.
        _tallies[proposalId].votes[support] += uint128(weight);
    }
}
