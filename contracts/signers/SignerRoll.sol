// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Arrays} from "@openzeppelin/contracts/utils/Arrays.sol";
import {ICollateralVault} from "../interfaces/ICollateralVault.sol";
import {INodeRegistry} from "../interfaces/INodeRegistry.sol";
import {IProtocolParams} from "../interfaces/IProtocolParams.sol";
import {IRewardDistributor} from "../interfaces/IRewardDistributor.sol";
import {ISignerBoard} from "../interfaces/ISignerBoard.sol";
import {ParamKeys} from "../libraries/ParamKeys.sol";
import {Predeploys} from "../libraries/Predeploys.sol";

/// @title The books of the SignerBoard: seats, standbys, their collateral and their rewards.
/// @dev Everything here but ranking costs the same however many members there are. Only SignerBoard
/// may inherit it.
abstract contract SignerRoll is ISignerBoard {
    /// @notice Seats there may be; as many as a certificate can hold.
    uint256 public constant SEAT_COUNT_MAX = 127;
    /// @notice Admitted members, directors and standbys together.
    uint256 public constant ROLL_MAX = 255;

    uint8 internal constant _WEIGHT_MIN = 1;
    /// @dev Under which the vault holds all collateral of signers.
    bytes32 internal constant _REF = "signer";
    /// @dev Units, tiers and stability are numbers from 1 to this.
    uint256 private constant _GRADE_MAX = 4;
    /// @dev Proved power from which the second, third and fourth tier start, million MAC/s.
    uint256 private constant _TIER_2 = 1_000_000;
    uint256 private constant _TIER_3 = 30_000_000;
    uint256 private constant _TIER_4 = 1_000_000_000;

    ProposerRule internal _rule; //    ─╮   8 bits
    uint16 internal _proxies; //        │  16 bits, seats for which a standby acts
    uint32 internal _term; //           │  32 bits
    uint40 internal _termStartedAt; //  │  40 bits, seconds
    uint32 internal _ballots; //        │  32 bits, ballots opened so far
    uint40 internal _window; //        ─╯  40 bits, number of the window that `_seen` is about
    /// @dev Bit i: seat i signed a certificate in the current window, in the one before.
    uint128 internal _seen; //         ─╮ 128 bits
    uint128 internal _seenBefore; //   ─╯ 128 bits
    /// @dev Of the Standby pool: what has accrued per standby without duty, and up to which accrual
    /// that is counted.
    uint128 private _rewardIndex; //   ─╮ 128 bits, wei
    uint128 private _rewardSeen; //    ─╯ 128 bits, wei
    bytes32 internal _seed;
    Seat[] internal _seats;
    address[] internal _roll;
    address[] internal _idle;
    mapping(address account => Member member) internal _members;
    /// @dev Four times of duty before the last one, the newest lowest: 32 bits each for the heights
    /// of starting and stopping.
    mapping(address account => uint256 duties) private _duties;
    /// @dev How many seats there were from a block on: its height and, in the lowest 8 bits, the
    /// number.
    uint256[] private _seatCounts;

    /* SEATS */

    /// @dev Appends a seat. The caller notes how many there are.
    function _addSeat(address director, uint8 weight) internal {
        uint256 seat = _seats.length;
        require(seat < SEAT_COUNT_MAX, SignerBoardFull(SEAT_COUNT_MAX));
        _seats.push();
        // Cast: at most 127 seats.
        _fillSeat(uint8(seat), director, weight);
    }

    /// @dev Puts a director, who is on the roll and not idle, into a seat without holder or proxy.
    function _fillSeat(uint8 seat, address director, uint8 weight) internal {
        _seats[seat] = Seat(director, 0, 0, weight, 0, address(0), 0);
        _members[director].cluster = Cluster.Director;
        _startActing(director, seat);
        // A newcomer is not held responsible for the windows before it.
        uint128 bit = uint128(1) << seat;
        _seen |= bit;
        _seenBefore |= bit;
        emit SeatGranted(seat, director);
    }

    /// @dev Takes the seat's director and proxy out of it. The proxy waits again; the director is
    /// in no list but the roll. The seat is to be filled, removed or refilled at once.
    function _clearSeat(uint8 seat) internal returns (address director) {
        director = _seats[seat].director;
        if (_seats[seat].proxy != address(0)) _addIdle(_endProxy(seat));
        if (_members[director].acting) _stopActing(director);
        emit SeatRevoked(seat, director);
    }

    /// @dev Takes a cleared seat away; the highest one moves into the gap.
    function _dropSeat(uint8 seat) internal {
        uint256 last = _seats.length - 1;
        if (seat != last) {
            Seat memory moved = _seats[last];
            // Cast: as above.
            moved.since = uint32(block.number);
            _seats[seat] = moved;
            _members[moved.director].seat = seat;
            if (moved.proxy != address(0)) _members[moved.proxy].seat = seat;
            uint128 bit = uint128(1) << seat;
            _seen |= bit;
            _seenBefore |= bit;
            // Cast: at most 127 seats.
            emit SeatRevoked(uint16(last), moved.director);
            emit SeatGranted(seat, moved.director);
        }
        _seats.pop();
        _noteSeats();
    }

    /// @dev Empties a seat for good. Its proxy gets it, or else a standby without duty; the number
    /// of seats only falls when there is none.
    /// @return done false when it is the only seat and nobody can take over: nothing has changed.
    function _vacate(uint8 seat) internal returns (bool done) {
        address heir = _seats[seat].proxy;
        if (heir == address(0)) {
            if (_idle.length == 0) {
                if (_seats.length == 1) return false;
                _clearSeat(seat);
                _dropSeat(seat);
                return true;
            }
            heir = _drawIdle(seat);
        }
        _clearSeat(seat);
        _removeIdle(heir);
        _fillSeat(seat, heir, _WEIGHT_MIN);
        return true;
    }

    function _actingAt(uint256 seat) internal view returns (address signer) {
        signer = _seats[seat].proxy;
        if (signer == address(0)) signer = _seats[seat].director;
    }

    /// @dev Who stops and starts again within a block has not stopped.
    function _startActing(address account, uint8 seat) internal {
        Member storage member = _members[account];
        // Casts: heights fit 32 bits for 136 years of blocks a second apart. So below.
        uint32 height = uint32(block.number);
        if (member.actedUntil != height) {
            // The oldest of five falls out.
            if (member.actedUntil != 0) {
                _duties[account] =
                    (_duties[account] << 64) |
                    (uint256(member.actedFrom) << 32) |
                    member.actedUntil;
            }
            member.actedFrom = height;
        }
        member.acting = true;
        member.seat = seat;
        _seats[seat].since = height;
    }

    function _stopActing(address account) internal {
        _members[account].acting = false;
        _members[account].actedUntil = uint32(block.number);
    }

    /// @dev A block goes by the state before it: who starts in a block votes from the next one on,
    /// who stops votes in it for the last time.
    function _wasSigner(address account, uint256 height) internal view returns (bool) {
        Member storage member = _members[account];
        if (height > member.actedFrom) return member.acting || height <= member.actedUntil;
        for (uint256 duties = _duties[account]; duties != 0; duties >>= 64) {
            // Casts: 32 bits each.
            if (height > uint32(duties >> 32)) return height <= uint32(duties);
        }
        return false;
    }

    /// @dev Of several changes in a block the last one counts.
    function _noteSeats() internal {
        uint256 length = _seatCounts.length;
        if (length != 0 && _seatCounts[length - 1] >> 8 == block.number) _seatCounts.pop();
        _seatCounts.push((block.number << 8) | _seats.length);
    }

    /// @dev As above. The loop is over the changes after `height`.
    function _seatsAt(uint256 height) internal view returns (uint256 count) {
        for (uint256 i = _seatCounts.length; i > 0; --i) {
            uint256 entry = _seatCounts[i - 1];
            if (height > entry >> 8) return entry & 0xff;
        }
    }

    /* PROXIES */

    /// @dev Lets a standby without duty sign for a seat whose director is to be silent.
    function _startProxy(uint8 seat) internal returns (address proxy) {
        proxy = _drawIdle(seat);
        _removeIdle(proxy);
        address director = _seats[seat].director;
        if (_members[director].acting) _stopActing(director);
        _seats[seat].proxy = proxy;
        _seats[seat].proxyMissed = 0;
        ++_proxies;
        _startActing(proxy, seat);
        emit DirectorIsolated(seat, director, proxy);
    }

    /// @dev The proxy is in no list but the roll afterwards, and nobody acts for the seat.
    function _endProxy(uint8 seat) internal returns (address proxy) {
        proxy = _seats[seat].proxy;
        _seats[seat].proxy = address(0);
        _seats[seat].proxyMissed = 0;
        --_proxies;
        _stopActing(proxy);
    }

    /// @dev Drawn by the parent's hash, so that nobody knows long before whom an attack would
    /// bring in.
    function _drawIdle(uint8 seat) private view returns (address standby) {
        bytes32 seed = keccak256(abi.encode(blockhash(block.number - 1), seat));
        return _idle[uint256(seed) % _idle.length];
    }

    /* LISTS */

    function _addToRoll(address account) internal {
        require(_roll.length < ROLL_MAX, SignerBoardFull(ROLL_MAX));
        _roll.push(account);
        // Casts: at most 255 on the roll; seconds fit 40 bits for 34,000 years.
        _members[account].rollPlusOne = uint16(_roll.length);
        _members[account].onlineSince = uint40(block.timestamp);
    }

    function _removeFromRoll(address account) internal {
        uint16 placePlusOne = _members[account].rollPlusOne;
        address moved = _roll[_roll.length - 1];
        _roll[placePlusOne - 1] = moved;
        _members[moved].rollPlusOne = placePlusOne;
        _roll.pop();
        _members[account].rollPlusOne = 0;
    }

    /// @dev From now on it earns as a standby.
    function _addIdle(address account) internal {
        _syncRewards();
        Member storage member = _members[account];
        _idle.push(account);
        // Cast: at most 255 on the roll.
        member.idlePlusOne = uint16(_idle.length);
        member.rewardIndex = _rewardIndex;
        member.cluster = Cluster.Standby;
    }

    function _removeIdle(address account) internal {
        _syncRewards();
        _settleReward(account);
        uint16 placePlusOne = _members[account].idlePlusOne;
        address moved = _idle[_idle.length - 1];
        _idle[placePlusOne - 1] = moved;
        _members[moved].idlePlusOne = placePlusOne;
        _idle.pop();
        _members[account].idlePlusOne = 0;
    }

    /* STANDBY REWARDS */

    /// @dev Shares what the pool accrued since the last call equally among standbys without duty.
    /// The remainder waits for the next call. While there is no standby, nobody earns.
    function _syncRewards() internal {
        uint256 accrued = _accrued();
        uint256 count = _idle.length;
        if (count == 0) {
            // Cast: never more than the cap, which is below 2^128. So are the next two.
            _rewardSeen = uint128(accrued);
            return;
        }
        uint256 each = (accrued - _rewardSeen) / count;
        _rewardIndex += uint128(each);
        _rewardSeen += uint128(each * count);
    }

    /// @dev Only for standbys without duty, after `_syncRewards`.
    function _settleReward(address account) internal {
        Member storage member = _members[account];
        // Cast: never more than the cap, which is below 2^96.
        member.owed += uint96(_rewardIndex - member.rewardIndex);
        member.rewardIndex = _rewardIndex;
    }

    function _rewardOf(address account) internal view returns (uint256 amount) {
        Member storage member = _members[account];
        amount = member.owed;
        if (member.idlePlusOne == 0) return amount;
        uint256 each = (_accrued() - _rewardSeen) / _idle.length;
        return amount + _rewardIndex + each - member.rewardIndex;
    }

    function _accrued() private view returns (uint256 amount) {
        return
            IRewardDistributor(Predeploys.REWARD_DISTRIBUTOR).accrued(
                IRewardDistributor.Pool.Standby
            );
    }

    /* COLLATERAL AND COMPETENCE */

    function _lock(address account, uint256 amount) internal {
        ICollateralVault(Predeploys.COLLATERAL_VAULT).lock(account, _REF, amount);
    }

    function _locked(address account) internal view returns (uint256 amount) {
        return ICollateralVault(Predeploys.COLLATERAL_VAULT).lockOf(address(this), account, _REF);
    }

    /// @dev Takes `bps` of what is locked, rounded up; `rewardBps` of that, floored, goes to
    /// `reporter` and the rest is burned.
    function _forfeit(
        address account,
        uint256 bps,
        uint256 rewardBps,
        address reporter
    ) internal returns (uint256 burned, uint256 rewarded) {
        ICollateralVault vault = ICollateralVault(Predeploys.COLLATERAL_VAULT);
        uint256 amount = (_locked(account) * bps + 9_999) / 10_000;
        rewarded = (amount * rewardBps) / 10_000;
        burned = amount - rewarded;
        if (rewarded != 0) vault.seize(account, _REF, rewarded, reporter);
        if (burned != 0) vault.burn(account, _REF, burned);
    }

    function _get(bytes32 key) internal view returns (uint256 value) {
        return IProtocolParams(Predeploys.PROTOCOL_PARAMS).get(key);
    }

    /// @dev What a node proved it can compute. Where the lottery rules, collateral alone counts.
    function _power(address account) internal view returns (uint256 power) {
        if (_rule == ProposerRule.Lottery) return 1;
        return INodeRegistry(Predeploys.NODE_REGISTRY).powerOf(account);
    }

    function _stability(address account, uint256 step) internal view returns (uint256 stability) {
        Member storage member = _members[account];
        if (member.rollPlusOne == 0) return 1;
        stability = 1 + (block.timestamp - member.onlineSince) / step;
        return stability > _GRADE_MAX ? _GRADE_MAX : stability;
    }

    /// @dev Who is barred, paralysed, short of collateral or without proved power may not be
    /// seated.
    /// @return score 0 for those, else collateral x power x stability.
    /// @return weight at most 16.
    function _appraise(
        address account,
        uint256 wanted,
        uint256 step
    ) internal view returns (uint256 score, uint256 weight) {
        uint256 collateral = _locked(account);
        uint256 units = collateral / wanted;
        if (units == 0) return (0, _WEIGHT_MIN);
        if (units > _GRADE_MAX) units = _GRADE_MAX;
        uint256 power = _power(account);
        uint256 stability = _stability(account, step);
        weight = units * (_rule == ProposerRule.Lottery ? stability : _tierOf(power));
        Member storage member = _members[account];
        if (member.rollPlusOne == 0 || member.barred) return (0, weight);
        if (member.cluster == Cluster.Director && !member.acting) return (0, weight);
        // Below 2^163: collateral below 2^96, power below 2^64, stability at most 4.
        score = collateral * power * stability;
    }

    /// @dev Who gets seats 0, 1, …: by score, then incumbents first, then by place on the roll.
    /// Each member is looked at once: 255 of them fit into a transaction, not twice as many.
    /// @return winners in the order of their seats.
    /// @return weights of the winners.
    /// @return qualified bit i: the member in place i of the roll has a score.
    function _rank(
        uint256 wanted,
        uint256 step
    ) internal returns (address[] memory winners, uint8[] memory weights, uint256 qualified) {
        uint256 before = _seats.length;
        for (uint256 i = 0; i < before; ++i) {
            // Not online for a whole window: stability starts again.
            if ((_seenBefore >> i) & 1 == 0) {
                _members[_seats[i].director].onlineSince = uint40(block.timestamp);
            }
        }
        uint256[] memory ranked = new uint256[](_roll.length);
        uint256 seated = 0;
        for (uint256 i = 0; i < ranked.length; ++i) {
            (uint256 score, uint256 weight) = _appraise(_roll[i], wanted, step);
            if (score != 0) {
                ++seated;
                qualified |= 1 << i;
            }
            uint256 incumbent = _members[_roll[i]].cluster == Cluster.Director ? 1 : 0;
            // Sorted upwards: the complement of the rank, then the place; 8 bits, as the weight.
            ranked[i] = (~((score << 1) | incumbent) << 16) | (i << 8) | weight;
        }
        ranked = Arrays.sort(ranked);

        // Incumbents without a score come before standbys without one, and there are `before`.
        if (seated < before) seated = before;
        uint256 limit = _get(ParamKeys.SIGNER_SEATS);
        if (seated > limit) seated = limit;
        winners = new address[](seated);
        weights = new uint8[](seated);
        for (uint256 i = 0; i < seated; ++i) {
            winners[i] = _roll[(ranked[i] >> 8) & 0xff];
            // Cast: the lowest 8 bits.
            weights[i] = uint8(ranked[i]);
        }
    }

    function _tierOf(uint256 power) private pure returns (uint256 tier) {
        if (power >= _TIER_4) return 4;
        if (power >= _TIER_3) return 3;
        return power >= _TIER_2 ? 2 : 1;
    }
}
