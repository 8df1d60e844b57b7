// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Governor} from "@openzeppelin/contracts/governance/Governor.sol";
import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
import {GovernorPreventLateQuorum} from "@openzeppelin/contracts/governance/extensions/GovernorPreventLateQuorum.sol";
import {GovernorSequentialProposalId} from "@openzeppelin/contracts/governance/extensions/GovernorSequentialProposalId.sol";
import {GovernorSettings} from "@openzeppelin/contracts/governance/extensions/GovernorSettings.sol";
import {GovernorStorage} from "@openzeppelin/contracts/governance/extensions/GovernorStorage.sol";
import {GovernorTimelockControl} from "@openzeppelin/contracts/governance/extensions/GovernorTimelockControl.sol";
import {GovernorVotes} from "@openzeppelin/contracts/governance/extensions/GovernorVotes.sol";
import {IVotes} from "@openzeppelin/contracts/governance/utils/IVotes.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";
import {IBalanceProofs} from "../interfaces/IBalanceProofs.sol";
import {IPocaGovernor} from "../interfaces/IPocaGovernor.sol";
import {IProtocolParams} from "../interfaces/IProtocolParams.sol";
import {ISupplyMeter} from "../interfaces/ISupplyMeter.sol";
import {ParamKeys} from "../libraries/ParamKeys.sol";
import {Predeploys} from "../libraries/Predeploys.sol";
import {BallotCounting} from "./BallotCounting.sol";

/// @title The holders' vote.
/// @notice Proposals are numbered 1, 2, 3 and kept whole on chain, so a page needs no indexer.
/// Times are in seconds. A quorum that comes late prolongs the vote. The quorum is a share of the
/// circulating coin, fixed before the vote begins. The Council proposes without
/// votes of its own.
contract PocaGovernor is
    Governor,
    GovernorSettings,
    BallotCounting,
    GovernorVotes,
    GovernorTimelockControl,
    GovernorSequentialProposalId,
    GovernorStorage,
    GovernorPreventLateQuorum
{
    using Checkpoints for Checkpoints.Trace208;

    /// @dev What a holder signs to have its balance and its locked votes counted.
    bytes32 private constant _BALANCE_BALLOT_TYPEHASH = keccak256(
        "BalanceBallot(uint256 proposalId,uint8 support,address voter,uint256 nonce)"
    );

    /// @dev Longest interval of blocks: the snapshot is never in the block of the proposal.
    uint256 private constant _DELAY_MIN = 10;
    uint256 private constant _PERIOD_MIN = 60;
    uint256 private constant _TIME_MAX = 30 days;
    uint256 private constant _THRESHOLD_MIN = 1e18;
    uint256 private constant _THRESHOLD_MAX = 10_000_000e18;
    uint256 private constant _BPS = 10_000;

    mapping(address proposer => uint256 proposalId) private _lastProposals;
    Checkpoints.Trace208 private _quorums;

    /// @param votingDelay_ seconds from proposal to snapshot.
    /// @param votingPeriod_ seconds.
    /// @param proposalThreshold_ locked votes needed to propose, wei.
    /// @param lateQuorumExtension seconds a vote goes on at least once the quorum is there.
    constructor(
        uint48 votingDelay_,
        uint32 votingPeriod_,
        uint256 proposalThreshold_,
        uint48 lateQuorumExtension
    )
        Governor("POCA Governor")
        GovernorSettings(votingDelay_, votingPeriod_, proposalThreshold_)
        GovernorVotes(IVotes(Predeploys.VOTING_POWER))
        GovernorTimelockControl(TimelockController(payable(Predeploys.TIMELOCK)))
        GovernorPreventLateQuorum(lateQuorumExtension)
    {}

    /* VOTES BY BALANCE PROOF */

    /// @inheritdoc IPocaGovernor
    function castVoteWithBalanceProof(
        uint256 proposalId,
        uint8 support,
        bytes[] calldata headers,
        bytes[] calldata accountProof
    ) external returns (uint256 weight) {
        return _castWithProof(proposalId, support, msg.sender, headers, accountProof);
    }

    /// @inheritdoc IPocaGovernor
    function castVoteWithBalanceProofBySig(
        uint256 proposalId,
        uint8 support,
        address voter,
        bytes[] calldata headers,
        bytes[] calldata accountProof,
        bytes calldata signature
    ) external returns (uint256 weight) {
        bytes32 ballotHash = keccak256(
            abi.encode(_BALANCE_BALLOT_TYPEHASH, proposalId, support, voter, _useNonce(voter))
        );
        require(
            SignatureChecker.isValidSignatureNow(voter, _hashTypedDataV4(ballotHash), signature),
            GovernorInvalidSignature(voter)
        );
        return _castWithProof(proposalId, support, voter, headers, accountProof);
    }

    /// @inheritdoc IPocaGovernor
    function lastProposalOf(address proposer) external view returns (uint256 proposalId) {
        return _lastProposals[proposer];
    }

    /* PROPOSING */

    /// @inheritdoc IGovernor
    function propose(
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        string memory description
    ) public override returns (uint256) {
        // The Council speaks for the foundation; holders decide all the same.
        if (msg.sender == Predeploys.COUNCIL) {
            return _propose(targets, values, calldatas, description, msg.sender);
        }
        return super.propose(targets, values, calldatas, description);
    }

    /// @inheritdoc IGovernor
    /// @dev That of the last proposal made up to `timepoint`, so it cannot change after a snapshot.
    function quorum(uint256 timepoint) public view override returns (uint256) {
        uint256 votes = _quorums.upperLookupRecent(SafeCast.toUint48(timepoint));
        return votes == 0 ? _quorumNow() : votes;
    }

    /// @inheritdoc IGovernor
    function state(
        uint256 proposalId
    ) public view override(Governor, GovernorTimelockControl) returns (ProposalState) {
        return super.state(proposalId);
    }

    /// @inheritdoc IGovernor
    function proposalNeedsQueuing(
        uint256 proposalId
    ) public view override(Governor, GovernorTimelockControl) returns (bool) {
        return super.proposalNeedsQueuing(proposalId);
    }

    /// @inheritdoc IGovernor
    function proposalDeadline(
        uint256 proposalId
    ) public view override(Governor, GovernorPreventLateQuorum) returns (uint256) {
        return super.proposalDeadline(proposalId);
    }

    /// @inheritdoc IGovernor
    function proposalThreshold()
        public
        view
        override(Governor, GovernorSettings)
        returns (uint256)
    {
        return super.proposalThreshold();
    }

    /// @inheritdoc IGovernor
    function getProposalId(
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) public view override(Governor, GovernorSequentialProposalId) returns (uint256) {
        return super.getProposalId(targets, values, calldatas, descriptionHash);
    }

    function _propose(
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        string memory description,
        address proposer
    ) internal override(Governor, GovernorSequentialProposalId, GovernorStorage) returns (uint256) {
        _requireNoneOpen(proposer);
        uint256 proposalId = super._propose(targets, values, calldatas, description, proposer);
        _lastProposals[proposer] = proposalId;
        uint256 votes = _quorumNow();
        _quorums.push(clock(), SafeCast.toUint208(votes));
        emit QuorumSet(proposalId, votes);
        return proposalId;
    }

    function _tallyUpdated(
        uint256 proposalId
    ) internal override(Governor, GovernorPreventLateQuorum) {
        super._tallyUpdated(proposalId);
    }

    function _queueOperations(
        uint256 proposalId,
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal override(Governor, GovernorTimelockControl) returns (uint48) {
        return super._queueOperations(proposalId, targets, values, calldatas, descriptionHash);
    }

    function _executeOperations(
        uint256 proposalId,
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal override(Governor, GovernorTimelockControl) {
        super._executeOperations(proposalId, targets, values, calldatas, descriptionHash);
    }

    function _cancel(
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal override(Governor, GovernorTimelockControl) returns (uint256) {
        return super._cancel(targets, values, calldatas, descriptionHash);
    }

    function _executor()
        internal
        view
        override(Governor, GovernorTimelockControl)
        returns (address)
    {
        return super._executor();
    }

    function _setVotingDelay(uint48 newVotingDelay) internal override {
        _requireBounds("votingDelay", newVotingDelay, _DELAY_MIN, _TIME_MAX);
        super._setVotingDelay(newVotingDelay);
    }

    function _setVotingPeriod(uint32 newVotingPeriod) internal override {
        _requireBounds("votingPeriod", newVotingPeriod, _PERIOD_MIN, _TIME_MAX);
        super._setVotingPeriod(newVotingPeriod);
    }

    function _setProposalThreshold(uint256 newProposalThreshold) internal override {
        _requireBounds("proposalThreshold", newProposalThreshold, _THRESHOLD_MIN, _THRESHOLD_MAX);
        super._setProposalThreshold(newProposalThreshold);
    }

    function _castWithProof(
        uint256 proposalId,
        uint8 support,
        address voter,
        bytes[] calldata headers,
        bytes[] calldata accountProof
    ) private returns (uint256 weight) {
        _validateStateBitmap(proposalId, _encodeStateBitmap(ProposalState.Active));
        // 0x90CA…00 | n, the place of the predeploys.
        require(
            uint160(voter) >> 12 != uint160(Predeploys.SYSTEM_HUB) >> 12,
            PocaGovernorSystemAccount(voter)
        );
        IBalanceProofs proofs = IBalanceProofs(Predeploys.BALANCE_PROOFS);
        uint48 snapshot = uint48(proposalSnapshot(proposalId)); // Cast: stored in 48 bits.
        if (headers.length != 0) proofs.anchor(snapshot, headers);
        weight = proofs.balanceAt(snapshot, voter, accountProof);
        bool lockedCounted = _countBalance(proposalId, voter, support, weight);
        emit BalanceCounted(voter, proposalId, weight);
        if (!lockedCounted) {
            uint256 locked = _getVotes(voter, snapshot, "");
            weight += _countVote(proposalId, voter, support, locked, "");
        }
        emit VoteCast(voter, proposalId, support, weight, "");
        _tallyUpdated(proposalId);
    }

    function _requireNoneOpen(address proposer) private view {
        uint256 proposalId = _lastProposals[proposer];
        if (proposalId == 0) return;
        ProposalState last = state(proposalId);
        require(
            last != ProposalState.Pending && last != ProposalState.Active,
            PocaGovernorOneAtATime(proposer, proposalId)
        );
    }

    function _quorumNow() private view returns (uint256 votes) {
        IProtocolParams params = IProtocolParams(Predeploys.PROTOCOL_PARAMS);
        uint256 circulating = ISupplyMeter(Predeploys.SUPPLY_METER).supply().circulating;
        // No overflow: all coin together is below 2^96.
        votes = (circulating * params.get(ParamKeys.GOVERNANCE_QUORUM_BPS)) / _BPS;
        return Math.max(votes, params.get(ParamKeys.GOVERNANCE_QUORUM_FLOOR));
    }

    function _requireBounds(bytes32 setting, uint256 value, uint256 min, uint256 max) private pure {
        require(min <= value && value <= max, PocaGovernorOutOfBounds(setting, value, min, max));
    }
}
