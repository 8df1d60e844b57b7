// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Initializable} from "@openzeppelin/contracts-upgradeable/proxy/utils/Initializable.sol";
import {ICollateralVault} from "../interfaces/ICollateralVault.sol";
import {EndBlockInput, IHubModule} from "../interfaces/IHubModule.sol";
import {IRewardDistributor} from "../interfaces/IRewardDistributor.sol";
import {ISignerBoard} from "../interfaces/ISignerBoard.sol";
import {ParamKeys} from "../libraries/ParamKeys.sol";
import {Predeploys} from "../libraries/Predeploys.sol";
import {SeatSchedule} from "../libraries/SeatSchedule.sol";
import {SystemContract} from "../libraries/SystemContract.sol";
import {SignerRoll} from "./SignerRoll.sol";

/// @title Who may sign blocks.
/// @dev Genesis seats are held without collateral and weigh 1; from the first term on their holders
/// compete with what they have locked by then. Ending a block touches at most eight counters and
/// changes at most one seat. What loops over members (`seatTerm`, a vote) is called by anybody and
/// bounded by 255 and 127.
contract SignerBoard
    is SignerRoll, SystemContract, Initializable
    layout at erc7201("poca.storage.SignerBoard")
{
    /// @dev Missed turns that one block counts; a longer list is cut.
    uint256 private constant _SKIPPED_MAX = 8;
    /// @dev Blocks in a window of `wasOnline`.
    uint256 private constant _WINDOW = 1_024;
    /// @dev Of a slashed collateral, for who reported the offence.
    uint256 private constant _REPORTER_BPS = 1_000;
    uint256 private constant _BPS = 10_000;

    mapping(uint256 ballotId => Ballot ballot) private _ballotById;
    mapping(address subject => uint256 ballotId) private _ballotIdOf;

    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor() {
        _disableInitializers();
    }

    /// @notice Grants the first seats, in this order.
    function initialize(address[] calldata signers, ProposerRule rule) external initializer {
        require(signers.length != 0, SignerBoardLastSeat());
        _rule = rule;
        // Cast: seconds fit 40 bits for 34,000 years.
        _termStartedAt = uint40(block.timestamp);
        for (uint256 i = 0; i < signers.length; ++i) {
            _grantSeat(signers[i]);
        }
    }

    /* EACH BLOCK */

    /// @inheritdoc IHubModule
    function onEndBlock(EndBlockInput calldata input) external onlyHub {
        _noteSigners(input.height / _WINDOW, uint128(input.parentSigners));
        _noteTurnTaken(input.parentProposer);
        if (input.skippedSeats.length != 0) _noteTurnsMissed(input.skippedSeats);
        if (_rule == ProposerRule.Lottery) _seed = blockhash(block.number - 1);
    }

    /// @dev Two words tell who was online in this window and in the last one. Cut to 128 bits by
    /// the caller: there are 127 seats.
    function _noteSigners(uint256 window, uint128 signers) private {
        if (window != _window) {
            _seenBefore = _seen;
            _seen = signers;
            // Cast: a height fits 64 bits, so its 1,024th part fits 54; heights come in seconds.
            _window = uint40(window);
            return;
        }
        uint128 seen = _seen;
        if (seen | signers != seen) _seen = seen | signers;
    }

    function _noteTurnTaken(address proposer) private {
        Member storage member = _members[proposer];
        if (!member.acting) return;
        Seat storage seat = _seats[member.seat];
        if (seat.director == proposer) {
            if (seat.missed != 0) seat.missed = 0;
        } else if (seat.proxyMissed != 0) {
            seat.proxyMissed = 0;
        }
    }

    /// @dev One change of seats a block, so that the cost is bounded and the quorum moves slowly.
    /// Counters stay where they are until a later miss finds room for the change.
    function _noteTurnsMissed(uint16[] calldata skipped) private {
        uint256 limit = _get(ParamKeys.SIGNER_MISSED_TURNS);
        uint256 count = skipped.length < _SKIPPED_MAX ? skipped.length : _SKIPPED_MAX;
        bool changed = false;
        for (uint256 i = 0; i < count; ++i) {
            if (skipped[i] >= _seats.length) continue;
            // Cast: at most 127 seats.
            uint8 index = uint8(skipped[i]);
            Seat storage seat = _seats[index];
            // The numbers are those of the seats before this block; whoever came to one of them
            // since has missed nothing.
            if (seat.since == block.number) continue;
            if (seat.proxy == address(0)) {
                if (seat.missed < type(uint16).max) ++seat.missed;
                emit TurnMissed(index, seat.director, seat.missed);
                if (seat.missed >= limit && !changed) changed = _isolate(index);
            } else {
                if (seat.proxyMissed < type(uint16).max) ++seat.proxyMissed;
                emit TurnMissed(index, seat.proxy, seat.proxyMissed);
                if (seat.proxyMissed >= limit && !changed) {
                    _driveOut(index);
                    changed = true;
                }
            }
        }
    }

    function _isolate(uint8 seat) private returns (bool done) {
        if (_idle.length == 0 || _proxies >= _get(ParamKeys.SIGNER_PROXIES_MAX)) return false;
        _startProxy(seat);
        _seats[seat].backAt = 0;
        _members[_seats[seat].director].onlineSince = uint40(block.timestamp);
        return true;
    }

    /// @dev A standby that fails in its duty goes, and its collateral with it.
    function _driveOut(uint8 seat) private {
        address proxy = _endProxy(seat);
        _dismiss(proxy);
        (uint256 burned, ) = _forfeit(proxy, _BPS, 0, address(0));
        _coolDown(proxy);
        emit MemberPunished(proxy, burned, 0, false);
        if (_idle.length != 0) _startProxy(seat);
        else _startActing(_seats[seat].director, seat);
    }

    /* JOINING AND LEAVING */

    /// @inheritdoc ISignerBoard
    function applyToSign(uint96 collateral) external {
        Member storage member = _members[msg.sender];
        require(!member.barred, SignerBoardBarred(msg.sender));
        require(
            member.cluster == Cluster.Ordinary,
            SignerBoardWrongCluster(msg.sender, member.cluster)
        );
        uint256 earliest = member.readmitAt;
        // What has unbonded and was not released counts again.
        if (member.unbondAt > earliest) earliest = member.unbondAt;
        _requireTime(block.timestamp, earliest);
        uint256 wanted = _get(ParamKeys.SIGNER_COLLATERAL);
        require(collateral >= wanted, SignerBoardCollateralTooLow(collateral, wanted));
        require(_power(msg.sender) != 0, SignerBoardNoPower(msg.sender));
        member.cluster = Cluster.Candidate;
        member.unbondAt = 0;
        _lock(msg.sender, collateral);
        emit CandidateApplied(msg.sender, collateral);
    }

    /// @inheritdoc ISignerBoard
    function addCollateral(uint96 amount) external {
        Cluster cluster = _members[msg.sender].cluster;
        require(cluster != Cluster.Ordinary, SignerBoardWrongCluster(msg.sender, cluster));
        _lock(msg.sender, amount);
        emit CollateralAdded(msg.sender, amount);
    }

    /// @inheritdoc ISignerBoard
    function resign() external {
        Cluster cluster = _members[msg.sender].cluster;
        require(cluster != Cluster.Ordinary, SignerBoardWrongCluster(msg.sender, cluster));
        if (cluster == Cluster.Candidate) {
            _dismiss(msg.sender);
            _release(msg.sender);
            emit MemberLeft(msg.sender, 0);
            return;
        }
        require(_remove(msg.sender), SignerBoardLastSeat());
        _unbond(msg.sender);
    }

    /// @inheritdoc ISignerBoard
    function release(address account) external {
        uint256 unbondAt = _members[account].unbondAt;
        require(unbondAt != 0, SignerBoardNothingUnbonding(account));
        _requireTime(block.timestamp, unbondAt);
        _members[account].unbondAt = 0;
        _release(account);
    }

    function _release(address account) private {
        uint256 amount = _locked(account);
        if (amount == 0) return;
        ICollateralVault(Predeploys.COLLATERAL_VAULT).unlock(account, _REF, amount);
        emit CollateralReleased(account, amount);
    }

    /* VOTING */

    /// @inheritdoc ISignerBoard
    function voteToAdmit(address candidate) external {
        Cluster cluster = _members[candidate].cluster;
        require(cluster == Cluster.Candidate, SignerBoardWrongCluster(candidate, cluster));
        if (!_vote(candidate, false)) return;
        _addToRoll(candidate);
        _addIdle(candidate);
        emit StandbyAdmitted(candidate);
    }

    /// @inheritdoc ISignerBoard
    function voteToEliminate(address member) external {
        Cluster cluster = _members[member].cluster;
        require(cluster >= Cluster.Standby, SignerBoardWrongCluster(member, cluster));
        require(member != msg.sender, SignerBoardOwnCase(member));
        if (!_vote(member, true)) return;
        // The voters hold other seats, so this is never the last one.
        require(_remove(member), SignerBoardLastSeat());
        _coolDown(member);
        _unbond(member);
    }

    /// @dev Counts the votes whose casters act for a seat now: one for each seat at most, whatever
    /// happened to the seats since the ballot was opened.
    function _vote(address subject, bool elimination) private returns (bool passed) {
        require(_members[msg.sender].acting, SignerBoardNotSigner(msg.sender));
        uint256 id = _ballotIdOf[subject];
        if (id == 0 || block.timestamp > _ballotById[id].endsAt) {
            id = _openBallot(subject, elimination);
        }
        address[] storage voters = _ballotById[id].voters;
        for (uint256 i = voters.length; i > 0; --i) {
            address voter = voters[i - 1];
            require(voter != msg.sender, SignerBoardVotedAlready(id, voter));
            if (_members[voter].acting) continue;
            voters[i - 1] = voters[voters.length - 1];
            voters.pop();
        }
        voters.push(msg.sender);
        uint256 votes = voters.length;
        emit VoteCast(id, msg.sender, votes);

        uint256 electorate = _seats.length;
        if (_members[subject].acting) --electorate;
        if (votes * 2 <= electorate) return false;
        delete _ballotIdOf[subject];
        emit BallotPassed(id, subject, elimination);
        return true;
    }

    function _openBallot(address subject, bool elimination) private returns (uint256 id) {
        id = ++_ballots;
        // Cast: seconds fit 40 bits for 34,000 years.
        uint40 endsAt = uint40(block.timestamp + _get(ParamKeys.SIGNER_VOTE_WINDOW));
        _ballotIdOf[subject] = id;
        _ballotById[id].elimination = elimination;
        _ballotById[id].endsAt = endsAt;
        emit BallotOpened(id, subject, elimination, endsAt);
    }

    /* TERMS AND DUTY */

    /// @inheritdoc ISignerBoard
    function seatTerm() external {
        uint256 earliest = _termStartedAt + _get(ParamKeys.SIGNER_TERM);
        _requireTime(block.timestamp, earliest);
        // Cast: seconds fit 40 bits for 34,000 years.
        _termStartedAt = uint40(block.timestamp);
        ++_term;
        uint256 wanted = _get(ParamKeys.SIGNER_COLLATERAL);
        uint256 step = _get(ParamKeys.SIGNER_STABILITY);
        (address[] memory winners, uint8[] memory weights, uint256 qualified) = _rank(wanted, step);
        _seatWinners(winners, weights, qualified);
        emit TermSeated(_term, winners.length);
    }

    /// @dev Everybody steps down, then the winners sit down. Directors that lose their seat and are
    /// qualified wait as standbys; the others go.
    function _seatWinners(
        address[] memory winners,
        uint8[] memory weights,
        uint256 qualified
    ) private {
        uint256 before = _seats.length;
        address[] memory losers = new address[](before);
        bool[] memory isQualified = new bool[](before);
        for (uint256 i = 0; i < before; ++i) {
            losers[i] = _seats[i].director;
            isQualified[i] = (qualified >> (_members[losers[i]].rollPlusOne - 1)) & 1 != 0;
        }
        for (uint256 i = before; i > 0; --i) {
            // Cast: at most 127 seats.
            _clearSeat(uint8(i - 1));
            _seats.pop();
        }
        for (uint256 i = 0; i < winners.length; ++i) {
            if (_members[winners[i]].idlePlusOne != 0) _removeIdle(winners[i]);
            _addSeat(winners[i], weights[i]);
        }
        _noteSeats();
        for (uint256 i = 0; i < before; ++i) {
            if (_members[losers[i]].acting) continue;
            if (isQualified[i]) {
                _addIdle(losers[i]);
                continue;
            }
            _dismiss(losers[i]);
            _coolDown(losers[i]);
            _unbond(losers[i]);
        }
    }

    /// @inheritdoc ISignerBoard
    function recover() external {
        Member storage member = _members[msg.sender];
        require(
            member.cluster == Cluster.Director,
            SignerBoardWrongCluster(msg.sender, member.cluster)
        );
        Seat storage seat = _seats[member.seat];
        require(!member.acting && seat.backAt == 0, SignerBoardNotIsolated(member.seat));
        // Cast: heights fit 40 bits for as long as seconds do.
        seat.backAt = uint40(block.number + _get(ParamKeys.SIGNER_RECOVER_BLOCKS));
        emit RecoveryAnnounced(member.seat, msg.sender, seat.backAt);
    }

    /// @inheritdoc ISignerBoard
    function restore(uint16 seat) external {
        _requireSeat(seat);
        // Cast: at most 127 seats.
        uint8 index = uint8(seat);
        address director = _seats[index].director;
        uint256 backAt = _seats[index].backAt;
        require(backAt != 0 && _seats[index].proxy != address(0), SignerBoardNotIsolated(seat));
        _requireTime(block.number, backAt);
        address proxy = _endProxy(index);
        _addIdle(proxy);
        _startActing(director, index);
        _seats[index].missed = 0;
        _seats[index].backAt = 0;
        emit DirectorRestored(seat, director, proxy);
    }

    /// @inheritdoc ISignerBoard
    function claimStandbyReward(address account) external returns (uint256 amount) {
        if (_members[account].idlePlusOne != 0) {
            _syncRewards();
            _settleReward(account);
        }
        amount = _members[account].owed;
        require(amount != 0, SignerBoardNothingToClaim(account));
        _members[account].owed = 0;
        emit StandbyRewardClaimed(account, amount);
        IRewardDistributor(Predeploys.REWARD_DISTRIBUTOR).payFrom(
            IRewardDistributor.Pool.Standby,
            account,
            amount
        );
    }

    /* PUNISHING AND GOVERNANCE */

    /// @inheritdoc ISignerBoard
    function punish(
        address account,
        uint16 bps,
        address reporter
    ) external returns (uint256 burned, uint256 rewarded) {
        _requireCaller(Predeploys.SLASH_COURT);
        bool inPlace = _members[account].cluster != Cluster.Ordinary;
        _members[account].barred = true;
        (burned, rewarded) = _forfeit(account, bps, _REPORTER_BPS, reporter);
        emit MemberPunished(account, burned, rewarded, true);
        if (inPlace && _remove(account)) _unbond(account);
    }

    /// @inheritdoc ISignerBoard
    function grantSeat(address signer) external onlyTimelock {
        _grantSeat(signer);
    }

    /// @inheritdoc ISignerBoard
    function revokeSeat(uint16 seat) external onlyTimelock {
        _requireSeat(seat);
        require(_seats.length > 1, SignerBoardLastSeat());
        // Casts: at most 127 seats.
        address director = _clearSeat(uint8(seat));
        _dropSeat(uint8(seat));
        _dismiss(director);
        _unbond(director);
    }

    /* READING */

    /// @inheritdoc ISignerBoard
    function seatCount() external view returns (uint256 count) {
        return _seats.length;
    }

    /// @inheritdoc ISignerBoard
    function seatAt(uint16 seat) external view returns (address director) {
        return seatInfo(seat).director;
    }

    /// @inheritdoc ISignerBoard
    function actingSigner(uint16 seat) external view returns (address signer) {
        _requireSeat(seat);
        return _actingAt(seat);
    }

    /// @inheritdoc ISignerBoard
    function isSigner(address account) external view returns (bool) {
        return _members[account].acting || _wasSigner(account, block.number);
    }

    /// @inheritdoc ISignerBoard
    function seatCountAt(uint64 height) external view returns (uint256 count) {
        return _seatsAt(height);
    }

    /// @inheritdoc ISignerBoard
    function wasSigner(address account, uint64 height) external view returns (bool) {
        return _wasSigner(account, height);
    }

    /// @inheritdoc ISignerBoard
    function isStandby(address account) external view returns (bool) {
        return _members[account].cluster == Cluster.Standby;
    }

    /// @inheritdoc ISignerBoard
    function clusterOf(address account) external view returns (Cluster cluster) {
        return _members[account].cluster;
    }

    /// @inheritdoc ISignerBoard
    function memberOf(address account) external view returns (Member memory member) {
        return _members[account];
    }

    /// @inheritdoc ISignerBoard
    function collateralOf(address account) external view returns (uint256 amount) {
        return _locked(account);
    }

    /// @inheritdoc ISignerBoard
    function weightOf(address account) external view returns (uint256 weight) {
        (, weight) = _appraise(
            account,
            _get(ParamKeys.SIGNER_COLLATERAL),
            _get(ParamKeys.SIGNER_STABILITY)
        );
    }

    /// @inheritdoc ISignerBoard
    function stabilityOf(address account) external view returns (uint256 stability) {
        return _stability(account, _get(ParamKeys.SIGNER_STABILITY));
    }

    /// @inheritdoc ISignerBoard
    function scoreOf(address account) external view returns (uint256 score) {
        (score, ) = _appraise(
            account,
            _get(ParamKeys.SIGNER_COLLATERAL),
            _get(ParamKeys.SIGNER_STABILITY)
        );
    }

    /// @inheritdoc ISignerBoard
    function wasOnline(uint16 seat) external view returns (bool) {
        _requireSeat(seat);
        return (_seenBefore >> seat) & 1 != 0;
    }

    /// @inheritdoc ISignerBoard
    function standbyCount() external view returns (uint256 count) {
        return _roll.length - _seats.length;
    }

    /// @inheritdoc ISignerBoard
    function proxyCount() external view returns (uint256 count) {
        return _proxies;
    }

    /// @inheritdoc ISignerBoard
    function standbyRewardOf(address account) external view returns (uint256 amount) {
        return _rewardOf(account);
    }

    /// @inheritdoc ISignerBoard
    function ballotOf(
        address subject
    ) external view returns (uint256 ballotId, Ballot memory ballot) {
        ballotId = _ballotIdOf[subject];
        if (block.timestamp > _ballotById[ballotId].endsAt) ballotId = 0;
        else ballot = _ballotById[ballotId];
    }

    /// @inheritdoc ISignerBoard
    function proposerRule() external view returns (ProposerRule rule) {
        return _rule;
    }

    /// @inheritdoc ISignerBoard
    function term() external view returns (uint32 number, uint40 startedAt) {
        return (_term, _termStartedAt);
    }

    /// @inheritdoc ISignerBoard
    function proposerAt(uint64 height, uint32 round) external view returns (address signer) {
        uint256 count = _seats.length;
        uint8[] memory weights = new uint8[](count);
        for (uint256 i = 0; i < count; ++i) {
            weights[i] = _seats[i].weight;
        }
        uint256 first =
            _rule == ProposerRule.Lottery
                ? SeatSchedule.draw(weights, _seed, height)
                : SeatSchedule.rotate(weights, height);
        return _actingAt((first + round) % count);
    }

    /// @inheritdoc ISignerBoard
    function seatInfo(uint16 seat) public view returns (Seat memory) {
        _requireSeat(seat);
        return _seats[seat];
    }

    function _requireSeat(uint16 seat) private view {
        require(seat < _seats.length, SignerBoardNoSuchSeat(seat));
    }

    function _requireTime(uint256 now_, uint256 earliest) private pure {
        require(now_ >= earliest, SignerBoardTooEarly(now_, earliest));
    }

    function _grantSeat(address signer) private {
        require(signer != address(0), SignerBoardZeroSigner());
        Member storage member = _members[signer];
        require(!member.barred, SignerBoardBarred(signer));
        require(member.cluster != Cluster.Director && !member.acting, SignerBoardSeatTaken(signer));
        delete _ballotIdOf[signer];
        member.unbondAt = 0;
        if (member.idlePlusOne != 0) _removeIdle(signer);
        else _addToRoll(signer);
        _addSeat(signer, _WEIGHT_MIN);
        _noteSeats();
    }

    /// @dev Takes a member out of its seat, duty and lists.
    /// @return done false when it holds the only seat and nobody can take over.
    function _remove(address account) private returns (bool done) {
        Member storage member = _members[account];
        if (member.cluster == Cluster.Director) {
            if (!_vacate(member.seat)) return false;
        } else if (member.acting) {
            uint8 seat = member.seat;
            _endProxy(seat);
            if (_idle.length != 0) _startProxy(seat);
            else _startActing(_seats[seat].director, seat);
        }
        _dismiss(account);
        return true;
    }

    /// @dev Takes a member without seat or duty off all lists.
    function _dismiss(address account) private {
        if (_members[account].idlePlusOne != 0) _removeIdle(account);
        if (_members[account].rollPlusOne != 0) _removeFromRoll(account);
        _members[account].cluster = Cluster.Ordinary;
        delete _ballotIdOf[account];
    }

    function _coolDown(address account) private {
        // Cast: seconds fit 40 bits for 34,000 years.
        _members[account].readmitAt = uint40(block.timestamp + _get(ParamKeys.SIGNER_COOL_DOWN));
    }

    function _unbond(address account) private {
        uint40 unbondAt = 0;
        if (_locked(account) != 0) {
            // Cast: seconds fit 40 bits for 34,000 years.
            unbondAt = uint40(block.timestamp + _get(ParamKeys.SIGNER_UNBONDING));
        }
        _members[account].unbondAt = unbondAt;
        emit MemberLeft(account, unbondAt);
    }
}
