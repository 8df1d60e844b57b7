// SPDX-License-Identifier: MIT
pragma solidity >=0.8.24;

import {IHubModule} from "./IHubModule.sol";

/// @title Who may sign blocks.
/// @notice Four clusters of nodes. Directors hold seats and take turns in producing blocks.
/// Standbys are admitted, keep collateral locked and stand in for directors that fall silent.
/// Candidates have proved power and locked collateral, and wait for the directors' vote. All others
/// are ordinary. A seat is one vote, whatever its collateral; collateral, proved power and time
/// online decide who gets a seat and how often it proposes.
/// @custom:source SC 3.1, SC 3.3.2, SC 4.1, SC 5.1, TS 4.2.2.1, TS 4.2.2.2, TS 4.3.3.1
/// @custom:invariant 1 <= seatCount() <= 127, and no account is in two seats
/// @custom:invariant each seat has exactly one account whose signature counts
interface ISignerBoard is IHubModule {
    enum Cluster {
        Ordinary,
        Candidate,
        Standby,
        Director
    }

    /// @notice How the first proposer of a height is found.
    /// @dev Rotation: round robin, each seat as often in a cycle as its weight. Lottery: the seat
    /// with the smallest ProofHash / equity.
    enum ProposerRule {
        Rotation,
        Lottery
    }

    struct Member {
        Cluster cluster; //     ─╮   8 bits
        bool acting; //          │   8 bits, its signature counts for `seat` now
        bool barred; //          │   8 bits, for ever
        uint8 seat; //           │   8 bits, its own or the one it acts for
        uint16 rollPlusOne; //   │  16 bits, place among standbys and directors
        uint16 idlePlusOne; //   │  16 bits, place among standbys without duty
        uint40 onlineSince; //   │  40 bits, seconds
        uint40 unbondAt; //      │  40 bits, seconds; 0 when nothing is unbonding
        uint40 readmitAt; //     │  40 bits, seconds; no application before
        uint32 actedFrom; //     │  32 bits, height at which it last started acting
        uint32 actedUntil; //   ─╯  32 bits, height at which it last stopped
        uint128 rewardIndex; // ─╮ 128 bits, of the standbys' rewards, when last settled
        uint96 owed; //         ─╯  96 bits, wei, standby reward settled and not yet claimed
    }

    struct Seat {
        address director; //    ─╮ 160 bits
        uint16 missed; //        │  16 bits, turns its director missed in a row
        uint40 backAt; //        │  40 bits, height from which its director may be restored, or 0
        uint8 weight; //         │   8 bits, share of the turns to propose
        uint32 since; //        ─╯  32 bits, height at which who acts for it came to it
        address proxy; //       ─╮ 160 bits, the standby that acts for it, or 0
        uint16 proxyMissed; //  ─╯  16 bits
    }

    struct Ballot {
        bool elimination; //    ─╮   8 bits
        uint40 endsAt; //       ─╯  40 bits, seconds
        address[] voters;
    }

    event SeatGranted(uint16 indexed seat, address indexed signer);
    event SeatRevoked(uint16 indexed seat, address indexed signer);
    event CandidateApplied(address indexed candidate, uint256 collateral);
    event CollateralAdded(address indexed member, uint256 amount);
    event StandbyAdmitted(address indexed standby);
    /// @param unbondAt when its collateral comes free; 0 when there is none.
    event MemberLeft(address indexed member, uint40 unbondAt);
    event CollateralReleased(address indexed member, uint256 amount);
    event BallotOpened(
        uint256 indexed ballotId,
        address indexed subject,
        bool elimination,
        uint40 endsAt
    );
    /// @param votes that count for the ballot now, this one included.
    event VoteCast(uint256 indexed ballotId, address indexed voter, uint256 votes);
    event BallotPassed(uint256 indexed ballotId, address indexed subject, bool elimination);
    event TurnMissed(uint16 indexed seat, address indexed signer, uint16 inARow);
    event DirectorIsolated(uint16 indexed seat, address indexed director, address indexed proxy);
    event RecoveryAnnounced(uint16 indexed seat, address indexed director, uint40 backAt);
    /// @param proxy the standby that signed in between; it waits again.
    event DirectorRestored(uint16 indexed seat, address indexed director, address indexed proxy);
    event MemberPunished(address indexed member, uint256 burned, uint256 rewarded, bool barred);
    event StandbyRewardClaimed(address indexed standby, uint256 amount);
    event TermSeated(uint32 indexed term, uint256 seats);

    error SignerBoardSeatTaken(address signer);
    error SignerBoardNoSuchSeat(uint16 seat);
    error SignerBoardLastSeat();
    error SignerBoardFull(uint256 max);
    error SignerBoardZeroSigner();
    error SignerBoardNotSigner(address caller);
    error SignerBoardOwnCase(address subject);
    error SignerBoardWrongCluster(address account, Cluster actual);
    error SignerBoardBarred(address account);
    error SignerBoardTooEarly(uint256 now_, uint256 earliest);
    error SignerBoardCollateralTooLow(uint256 given, uint256 wanted);
    error SignerBoardNoPower(address account);
    error SignerBoardVotedAlready(uint256 ballotId, address voter);
    error SignerBoardNotIsolated(uint16 seat);
    error SignerBoardNothingToClaim(address account);
    error SignerBoardNothingUnbonding(address account);

    /* JOINING AND LEAVING */

    /// @notice Locks `collateral` of the caller's free balance in the vault and makes it a
    /// candidate. It needs proved power, except where the lottery chooses proposers.
    /// @param collateral wei, at least `signer.collateral`.
    function applyToSign(uint96 collateral) external;

    /// @notice Locks more. It counts from the next term on.
    function addCollateral(uint96 amount) external;

    /// @notice A candidate takes its collateral back at once; a standby or director goes, and its
    /// collateral stays forfeitable for `signer.unbonding` seconds.
    function resign() external;

    /// @notice Frees the collateral of somebody who left, once the time is over. Anyone may call.
    function release(address account) external;

    /* VOTING */

    /// @notice The caller's seat votes for admitting a candidate; the first vote opens the ballot.
    /// More than half of the seats within `signer.voteWindow` admit it.
    function voteToAdmit(address candidate) external;

    /// @notice The caller's seat votes for eliminating a standby or director; any signer may open
    /// the ballot. More than half of the other seats within `signer.voteWindow` eliminate it: it
    /// loses its seat, may apply again after `signer.coolDown`, and its collateral unbonds.
    function voteToEliminate(address member) external;

    /* TERMS AND DUTY */

    /// @notice Seats the directors of a new term, when `signer.term` seconds have passed. Anyone
    /// may call. Those with enough collateral and proved power are ranked by collateral x power x
    /// stability; the first `signer.seats` get the seats. Seats are not left empty for want of
    /// qualified members: incumbents keep them, so the number only falls below what it was when
    /// `signer.seats` does.
    function seatTerm() external;

    /// @notice An isolated director says that it is back; after `signer.recoverBlocks` blocks it
    /// may be restored.
    function recover() external;

    /// @notice Gives the right to sign back to a seat's director. Anyone may call.
    function restore(uint16 seat) external;

    /// @notice Credits `account` what it has earned as a standby. Anyone may call.
    function claimStandbyReward(address account) external returns (uint256 amount);

    /* PUNISHING AND GOVERNANCE */

    /// @notice Takes a part of all that `account` has locked: a tenth of it, floored, goes to
    /// `reporter`, the rest is burned. The account loses its place and may never apply again; the
    /// holder of the only seat keeps it until somebody can take over. SlashCourt only.
    function punish(
        address account,
        uint16 bps,
        address reporter
    ) external returns (uint256 burned, uint256 rewarded);

    /// @notice Grants a new seat. Timelock only.
    function grantSeat(address signer) external;
    /// @notice Takes a seat away; the last one cannot be. The holder of the highest seat moves into
    /// the gap, so that seats stay dense. Timelock only.
    function revokeSeat(uint16 seat) external;

    /* READING */

    function seatCount() external view returns (uint256 count);
    /// @notice The director of a seat, isolated or not.
    function seatAt(uint16 seat) external view returns (address director);
    /// @notice Whose signature counts for a seat: its director's, or the standby's that acts for
    /// it.
    function actingSigner(uint16 seat) external view returns (address signer);
    /// @notice Whether the signature of `account` counts in this block. Who stops acting for a seat
    /// may still end the block in which that happens.
    function isSigner(address account) external view returns (bool);
    /// @notice Seats that voted at `height`: those there were after the block before it.
    function seatCountAt(uint64 height) external view returns (uint256 count);
    /// @notice Whether `account` acted for one of them, as far as its last five times of duty tell:
    /// of those before, it does not.
    function wasSigner(address account, uint64 height) external view returns (bool);
    function isStandby(address account) external view returns (bool);
    function clusterOf(address account) external view returns (Cluster cluster);
    function memberOf(address account) external view returns (Member memory member);
    function seatInfo(uint16 seat) external view returns (Seat memory);
    /// @notice All that `account` has locked here, unbonding included, wei.
    function collateralOf(address account) external view returns (uint256 amount);
    /// @notice Units of `signer.collateral`, 1 to 4, times the tier of the proved power, 1 to 4;
    /// under the lottery times the stability, 1 to 4.
    function weightOf(address account) external view returns (uint256 weight);
    /// @notice 1, and one more for each `signer.stability` seconds online without a fault, up to 4.
    function stabilityOf(address account) external view returns (uint256 stability);
    /// @notice 0 for who may not be seated, else collateral x power x stability.
    function scoreOf(address account) external view returns (uint256 score);
    /// @notice Whether a seat signed any certificate in the last whole window of 1,024 blocks.
    function wasOnline(uint16 seat) external view returns (bool);

    function standbyCount() external view returns (uint256 count);
    function proxyCount() external view returns (uint256 count);
    /// @notice Standby reward earned and not claimed, wei.
    function standbyRewardOf(address account) external view returns (uint256 amount);

    /// @notice The open ballot about `subject`; id 0 when there is none.
    function ballotOf(address subject) external view returns (uint256 ballotId, Ballot memory);

    function proposerRule() external view returns (ProposerRule rule);
    /// @notice Number of the term, and since when it runs.
    function term() external view returns (uint32 number, uint40 startedAt);
    /// @notice Whose turn it is to propose `height` in `round`, as seats are now. Each later round
    /// goes to the next seat, so that all are tried within as many rounds as there are seats.
    /// @dev The lottery's ProofHash comes from the newest block hash that the state after the
    /// parent knows, which is the hash of the parent's parent.
    function proposerAt(uint64 height, uint32 round) external view returns (address signer);
}
