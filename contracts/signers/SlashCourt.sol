// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Initializable} from "@openzeppelin/contracts/proxy/utils/Initializable.sol";
import {EndBlockInput, IHubModule} from "../interfaces/IHubModule.sol";
import {IProtocolParams} from "../interfaces/IProtocolParams.sol";
import {ISignerBoard} from "../interfaces/ISignerBoard.sol";
import {ISlashCourt} from "../interfaces/ISlashCourt.sol";
import {ConsensusBytes} from "../libraries/ConsensusBytes.sol";
import {ParamKeys} from "../libraries/ParamKeys.sol";
import {Predeploys} from "../libraries/Predeploys.sol";
import {SystemContract} from "../libraries/SystemContract.sol";

/// @title Offences against consensus.
/// @dev An offence is named by signer, kind, height and the rounds of both messages, which differ
/// in amnesia only: it counts once however many pairs of messages prove it, and a vote that had an
/// excuse does not excuse a later one.
contract SlashCourt
    is ISlashCourt, SystemContract, Initializable
    layout at erc7201("poca.storage.SlashCourt")
{
    using ConsensusBytes for ConsensusBytes.SignedMessage;

    /// @dev Pieces of evidence that one block brings; a longer list is cut.
    uint256 private constant _EVIDENCE_MAX = 8;
    /// @dev Bytes of one piece: two messages of eight words each. A longer one is not looked at.
    uint256 private constant _EVIDENCE_SIZE_MAX = 512;
    /// @dev Gas for one piece of evidence in a block. What finds no more of it is refused there and
    /// can still be reported.
    uint256 private constant _EVIDENCE_GAS = 400_000;
    /// @dev Gas kept for logging refusals.
    uint256 private constant _RESERVE_GAS = 25_000;

    mapping(bytes32 offenceId => bool judged) private _judged;
    mapping(bytes32 offenceId => Trial trial) private _trials;

    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor() {
        _disableInitializers();
    }

    function initialize() external initializer {}

    /* EACH BLOCK */

    /// @inheritdoc IHubModule
    function onEndBlock(EndBlockInput calldata input) external onlyHub {
        uint256 count = input.evidence.length;
        if (count > _EVIDENCE_MAX) count = _EVIDENCE_MAX;
        for (uint256 i = 0; i < count; ++i) {
            if (input.evidence[i].length > _EVIDENCE_SIZE_MAX) {
                emit EvidenceRefused(i, SlashCourtEvidenceTooLong.selector);
                continue;
            }
            // A call hands on at most 63/64 of what is left.
            if (gasleft() < _EVIDENCE_GAS + _EVIDENCE_GAS / 63 + _RESERVE_GAS) {
                emit EvidenceRefused(i, bytes4(0));
                continue;
            }
            try this.judge{gas: _EVIDENCE_GAS}(input.evidence[i], block.coinbase) {} catch (
                bytes memory reason
            ) {
                // The first four bytes; shorter ones are padded with zeros.
                emit EvidenceRefused(i, bytes4(reason));
            }
        }
    }

    /// @inheritdoc ISlashCourt
    function judge(bytes calldata evidence, address reporter) external {
        _requireCaller(address(this));
        (
            ConsensusBytes.SignedMessage memory first,
            ConsensusBytes.SignedMessage memory second
        ) = abi.decode(evidence, (ConsensusBytes.SignedMessage, ConsensusBytes.SignedMessage));
        _judge(first, second, reporter);
    }

    /* REPORTING */

    /// @inheritdoc ISlashCourt
    function report(
        ConsensusBytes.SignedMessage calldata first,
        ConsensusBytes.SignedMessage calldata second
    ) external returns (bytes32 offenceId) {
        return _judge(first, second, msg.sender);
    }

    /// @inheritdoc ISlashCourt
    function acquit(
        bytes32 offenceId,
        uint32 round,
        int32 validRound,
        Signature[] calldata signatures
    ) external {
        Trial memory trial = _trials[offenceId];
        require(trial.accused != address(0), SlashCourtNoTrial(offenceId));
        require(block.timestamp <= trial.endsAt, SlashCourtTrialOver(offenceId, trial.endsAt));
        require(
            round > trial.lockRound && round < trial.voteRound,
            SlashCourtWrongRound(round, trial.lockRound, trial.voteRound)
        );
        bytes32 digest = ConsensusBytes.prevoteDigest(trial.height, round, validRound, trial.value);
        _requireQuorum(digest, trial.height, signatures);
        delete _trials[offenceId];
        emit SignerAcquitted(offenceId, trial.accused);
    }

    /// @inheritdoc ISlashCourt
    function convict(bytes32 offenceId) external {
        Trial memory trial = _trials[offenceId];
        require(trial.accused != address(0), SlashCourtNoTrial(offenceId));
        require(block.timestamp > trial.endsAt, SlashCourtTrialOpen(offenceId, trial.endsAt));
        delete _trials[offenceId];
        _convict(offenceId, trial.accused, Offence.Amnesia, trial.reporter);
    }

    /* READING */

    /// @inheritdoc ISlashCourt
    function isJudged(bytes32 offenceId) external view returns (bool) {
        return _judged[offenceId];
    }

    /// @inheritdoc ISlashCourt
    function trialOf(bytes32 offenceId) external view returns (Trial memory) {
        return _trials[offenceId];
    }

    /// @inheritdoc ISlashCourt
    function digestOf(
        ConsensusBytes.SignedMessage calldata message
    ) external view returns (bytes32 digest) {
        ConsensusBytes.SignedMessage memory copy = message;
        return copy.digestOf();
    }

    /// @inheritdoc ISlashCourt
    function slashBpsOf(Offence offence) public pure returns (uint16 bps) {
        if (offence == Offence.None) return 0;
        return offence == Offence.DoubleProposal ? 5_000 : 10_000;
    }

    function _judge(
        ConsensusBytes.SignedMessage memory first,
        ConsensusBytes.SignedMessage memory second,
        address reporter
    ) private returns (bytes32 offenceId) {
        Offence offence = _offenceOf(first, second);
        require(offence != Offence.None, SlashCourtNoOffence());
        address signer = _signerOf(first);
        address other = _signerOf(second);
        require(signer == other, SlashCourtDifferentSigners(signer, other));
        _requireFresh(first.height);
        _requireMember(signer);

        offenceId = keccak256(abi.encode(signer, offence, first.height, first.round, second.round));
        require(!_judged[offenceId], SlashCourtJudgedAlready(offenceId));
        _judged[offenceId] = true;
        if (offence != Offence.Amnesia) {
            _convict(offenceId, signer, offence, reporter);
            return offenceId;
        }
        // Cast: seconds fit 40 bits for 34,000 years.
        uint40 endsAt = uint40(block.timestamp + _get(ParamKeys.SIGNER_TRIAL_WINDOW));
        _trials[offenceId] = Trial(
            signer,
            first.height,
            first.round,
            reporter,
            endsAt,
            second.round,
            second.value
        );
        emit TrialOpened(offenceId, signer, endsAt);
    }

    function _convict(
        bytes32 offenceId,
        address signer,
        Offence offence,
        address reporter
    ) private {
        (uint256 burned, uint256 rewarded) = ISignerBoard(Predeploys.SIGNER_BOARD).punish(
            signer,
            slashBpsOf(offence),
            reporter
        );
        emit SignerConvicted(offenceId, signer, offence, reporter, burned, rewarded);
    }

    function _requireFresh(uint64 height) private view {
        require(
            uint256(height) + _get(ParamKeys.SIGNER_UNBONDING) >= block.number,
            SlashCourtExpired(height, block.number)
        );
    }

    function _requireMember(address signer) private view {
        ISignerBoard board = ISignerBoard(Predeploys.SIGNER_BOARD);
        require(
            board.clusterOf(signer) == ISignerBoard.Cluster.Director ||
                board.collateralOf(signer) != 0,
            SlashCourtNotAMember(signer)
        );
    }

    /// @dev Of the seats there were at that height, whoever holds them now.
    function _requireQuorum(
        bytes32 digest,
        uint64 height,
        Signature[] calldata signatures
    ) private view {
        ISignerBoard board = ISignerBoard(Predeploys.SIGNER_BOARD);
        uint256 votes = signatures.length;
        uint256 seats = board.seatCountAt(height);
        require(votes <= seats && votes * 3 > seats * 2, SlashCourtNoQuorum(votes, seats));
        address last = address(0);
        for (uint256 i = 0; i < votes; ++i) {
            Signature calldata signature = signatures[i];
            address signer = ConsensusBytes.signerOf(
                digest,
                signature.r,
                signature.s,
                signature.yParity
            );
            require(signer != address(0), SlashCourtBadSignature());
            require(signer > last, SlashCourtNotAscending(signer));
            require(board.wasSigner(signer, height), SlashCourtNotASigner(signer));
            last = signer;
        }
    }

    function _get(bytes32 key) private view returns (uint256 value) {
        return IProtocolParams(Predeploys.PROTOCOL_PARAMS).get(key);
    }

    function _signerOf(
        ConsensusBytes.SignedMessage memory message
    ) private view returns (address signer) {
        signer = ConsensusBytes.signerOf(message.digestOf(), message.r, message.s, message.yParity);
        require(signer != address(0), SlashCourtBadSignature());
    }

    /// @dev What `first` and `second` prove about who signed both. Amnesia wants the precommit
    /// first.
    function _offenceOf(
        ConsensusBytes.SignedMessage memory first,
        ConsensusBytes.SignedMessage memory second
    ) private view returns (Offence offence) {
        if (first.height != second.height) return Offence.None;
        if (first.kind == second.kind) {
            if (first.round != second.round) return Offence.None;
            if (first.digestOf() == second.digestOf()) return Offence.None;
            return
                first.kind == ConsensusBytes.Kind.Proposal
                    ? Offence.DoubleProposal
                    : Offence.DoubleVote;
        }
        if (
            first.kind != ConsensusBytes.Kind.Precommit ||
            second.kind != ConsensusBytes.Kind.Prevote
        ) return Offence.None;
        // Nil locks nothing, and is no other value.
        if (first.value == 0 || second.value == 0 || first.value == second.value) {
            return Offence.None;
        }
        if (second.round <= first.round) return Offence.None;
        // Cast: a signed number of 64 bits holds every round.
        return second.validRound < int64(uint64(first.round)) ? Offence.Amnesia : Offence.None;
    }
}
