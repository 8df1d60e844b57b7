// SPDX-License-Identifier: MIT
pragma solidity >=0.8.24;

import {ConsensusBytes} from "../libraries/ConsensusBytes.sol";
import {IHubModule} from "./IHubModule.sol";

/// @title Offences against consensus.
/// @notice Two messages of the same signer prove an offence; anyone may report them, and blocks
/// carry them too. What is taken comes out of all that the signer has locked at the SignerBoard,
/// unbonding included. A tenth of it goes to the reporter, the rest is burned, and the signer loses
/// its seat for ever.
///
/// | offence        | proof                                                      | taken |
/// |----------------|------------------------------------------------------------|-------|
/// | DoubleVote     | two different prevotes, or precommits, for a height, round | 100 % |
/// | DoubleProposal | two different proposals for a height and round             |  50 % |
/// | Amnesia        | a precommit for v in round r, then a prevote for another   | 100 % |
/// |                | value in a round r' > r with a valid round below r         |       |
///
/// Amnesia has an excuse: a quorum of prevotes for that other value in between released the lock.
/// So it opens a trial; who shows the quorum ends it, and without one it ends in conviction.
/// @custom:source SC 3.3.3
interface ISlashCourt is IHubModule {
    enum Offence {
        None,
        DoubleVote,
        DoubleProposal,
        Amnesia
    }

    struct Trial {
        address accused; //  ─╮ 160 bits
        uint64 height; //     │  64 bits
        uint32 lockRound; // ─╯  32 bits, of the precommit
        address reporter; // ─╮ 160 bits
        uint40 endsAt; //     │  40 bits, seconds
        uint32 voteRound; // ─╯  32 bits, of the prevote
        bytes32 value; //       what the prevote was for
    }

    struct Signature {
        bytes32 r;
        bytes32 s;
        uint8 yParity;
    }

    /// @param offenceId keccak256(abi.encode(signer, offence, height, round, other round)), the two
    /// being those of the two messages.
    event SignerConvicted(
        bytes32 indexed offenceId,
        address indexed signer,
        Offence offence,
        address indexed reporter,
        uint256 burned,
        uint256 rewarded
    );
    event TrialOpened(bytes32 indexed offenceId, address indexed accused, uint40 endsAt);
    event SignerAcquitted(bytes32 indexed offenceId, address indexed accused);
    /// @param reason selector of the error; 0 when it ran out of gas or there was none left for it.
    event EvidenceRefused(uint256 indexed index, bytes4 reason);

    error SlashCourtNoOffence();
    error SlashCourtBadSignature();
    error SlashCourtDifferentSigners(address first, address second);
    error SlashCourtNotAMember(address signer);
    error SlashCourtExpired(uint64 height, uint256 current);
    error SlashCourtJudgedAlready(bytes32 offenceId);
    error SlashCourtNoTrial(bytes32 offenceId);
    error SlashCourtTrialOpen(bytes32 offenceId, uint40 endsAt);
    error SlashCourtTrialOver(bytes32 offenceId, uint40 endsAt);
    error SlashCourtWrongRound(uint32 round, uint32 after_, uint32 before);
    /// @notice Its signature did not count at the trial's height.
    error SlashCourtNotASigner(address account);
    error SlashCourtNotAscending(address account);
    /// @notice In a block: more bytes than two messages have.
    error SlashCourtEvidenceTooLong();
    error SlashCourtNoQuorum(uint256 votes, uint256 seats);

    /// @notice Judges two messages of one signer. Refused when the offence is older than
    /// `signer.unbonding` counted in blocks, which are at least a second apart.
    function report(
        ConsensusBytes.SignedMessage calldata first,
        ConsensusBytes.SignedMessage calldata second
    ) external returns (bytes32 offenceId);

    /// @notice The same for evidence in a block: abi.encode(first, second). Only this contract.
    function judge(bytes calldata evidence, address reporter) external;

    /// @notice Ends a trial by showing prevotes of more than two thirds of the seats that voted at
    /// the trial's height for the value the accused changed to, in a round between its precommit
    /// and its prevote. Anyone may call.
    /// @param signatures of the prevotes, by ascending address of their signers.
    function acquit(
        bytes32 offenceId,
        uint32 round,
        int32 validRound,
        Signature[] calldata signatures
    ) external;

    /// @notice Convicts the accused of a trial whose time is over. Anyone may call.
    function convict(bytes32 offenceId) external;

    /// @notice Part of the collateral that an offence costs, basis points.
    function slashBpsOf(Offence offence) external pure returns (uint16 bps);
    function isJudged(bytes32 offenceId) external view returns (bool);
    function trialOf(bytes32 offenceId) external view returns (Trial memory);
    /// @notice What a seat signs to send `message`.
    function digestOf(
        ConsensusBytes.SignedMessage calldata message
    ) external view returns (bytes32 digest);
}
