// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ICollateralVault} from "../interfaces/ICollateralVault.sol";
import {IDisputeCourt} from "../interfaces/IDisputeCourt.sol";
import {IOracleHub, Offence} from "../interfaces/IOracleHub.sol";
import {IProtocolParams} from "../interfaces/IProtocolParams.sol";
import {ISignerBoard} from "../interfaces/ISignerBoard.sol";
import {ITaskBook} from "../interfaces/ITaskBook.sol";
import {ITaskMarket} from "../interfaces/ITaskMarket.sol";
import {ParamKeys} from "../libraries/ParamKeys.sol";
import {Predeploys} from "../libraries/Predeploys.sol";
import {SystemContract} from "../libraries/SystemContract.sol";

/// @title Disputes that a jury decides, and the bonds of all.
/// @dev Bonds are locked in the vault under the dispute's number and the round. Calls system
/// contracts only, so nothing can be re-entered.
abstract contract CourtJury is IDisputeCourt, SystemContract {
    ICollateralVault internal constant VAULT = ICollateralVault(Predeploys.COLLATERAL_VAULT);
    IOracleHub internal constant HUB = IOracleHub(Predeploys.ORACLE_HUB);
    IProtocolParams internal constant PARAMS = IProtocolParams(Predeploys.PROTOCOL_PARAMS);
    ITaskMarket internal constant MARKET = ITaskMarket(Predeploys.TASK_MARKET);
    ISignerBoard private constant BOARD = ISignerBoard(Predeploys.SIGNER_BOARD);

    uint256 private constant BPS = 10_000;
    uint8 private constant ROUNDS_MAX = 3;
    uint8 private constant JURY_MAX = 31;
    uint256 private constant WINNER_BPS = 5_000;
    uint256 private constant JURORS_BPS = 3_000;

    uint256 internal _disputeCount;
    mapping(uint256 disputeId => Dispute dispute) internal _disputes;
    mapping(uint256 disputeId => Bond[] bonds) private _bonds;

    /// @dev One for each kind: whoever asks for a chunk, the worker itself perhaps, keeps no jury
    /// out.
    mapping(uint256 taskId => mapping(uint8 slot => mapping(DisputeKind kind => uint256 disputeId)))
        internal _openOf;

    /// @dev 1 for faulty, 2 against; by round.
    mapping(uint256 disputeId => mapping(uint8 round => mapping(address juror => uint8 vote)))
        private _votes;

    /// @dev Wei for each juror of the last round that voted as it was decided.
    mapping(uint256 disputeId => uint256 amount) private _juryShares;
    mapping(uint256 disputeId => mapping(address juror => bool isPaid)) private _paid;

    /* JURIES */

    /// @inheritdoc IDisputeCourt
    function openDispute(uint256 taskId, uint8 slot) external returns (uint256 disputeId) {
        disputeId = _create(taskId, slot, DisputeKind.Reexecute, msg.sender, bondFor(taskId));
        _openFirstRound(disputeId);
    }

    /// @inheritdoc IDisputeCourt
    function openByRecheck(uint256 taskId, uint8 slot) external onlyOracleHub {
        // Somebody's dispute asks the same question already.
        if (_openOf[taskId][slot][DisputeKind.Reexecute] != 0) return;
        _openFirstRound(_create(taskId, slot, DisputeKind.Reexecute, msg.sender, 0));
    }

    /// @inheritdoc IDisputeCourt
    function vote(uint256 disputeId, bool isFaulty) external {
        Dispute storage dispute = _inState(disputeId, DisputeState.Voting);
        require(
            block.timestamp <= dispute.deadline,
            DisputeCourtPastDeadline(disputeId, dispute.deadline)
        );
        uint8 round = dispute.round;
        _requireJuror(disputeId, dispute, msg.sender);
        require(
            _votes[disputeId][round][msg.sender] == 0,
            DisputeCourtAlreadyVoted(disputeId, msg.sender)
        );
        _votes[disputeId][round][msg.sender] = isFaulty ? 1 : 2;
        if (isFaulty) ++dispute.forCount;
        else ++dispute.againstCount;
        emit JurorVoted(disputeId, round, msg.sender, isFaulty);
    }

    /// @inheritdoc IDisputeCourt
    function decide(uint256 disputeId) external {
        Dispute storage dispute = _inState(disputeId, DisputeState.Voting);
        uint256 majority = dispute.jurySize / 2;
        bool isClear = dispute.forCount > majority || dispute.againstCount > majority;
        require(
            isClear || block.timestamp > dispute.deadline,
            DisputeCourtBeforeDeadline(disputeId, dispute.deadline)
        );
        bool isLast = dispute.round == ROUNDS_MAX;
        if (isClear) {
            (dispute.isFaulty, dispute.isDecided) = (dispute.forCount > majority, true);
        } else {
            emit RoundUndecided(disputeId, dispute.round);
            if (!isLast) {
                ++dispute.round;
                _openLargerRound(disputeId, dispute);
                return;
            }
            // What an earlier jury found stands; without one, the oracles' word.
            if (!dispute.isDecided) dispute.isFaulty = dispute.isRefusal;
        }
        bool isFaulty = dispute.isFaulty;
        uint256 window = isLast ? 0 : PARAMS.get(ParamKeys.COURT_APPEAL_WINDOW);
        dispute.state = DisputeState.Appealable;
        // A time plus a parameter of hours.
        dispute.deadline = uint40(block.timestamp + window);
        emit RoundDecided(disputeId, dispute.round, isFaulty, dispute.deadline);
        if (isLast) _carryOut(disputeId, dispute, isFaulty, false);
    }

    /// @inheritdoc IDisputeCourt
    function appeal(uint256 disputeId) external {
        Dispute storage dispute = _inState(disputeId, DisputeState.Appealable);
        require(
            block.timestamp <= dispute.deadline,
            DisputeCourtPastDeadline(disputeId, dispute.deadline)
        );
        uint256 bond = Math.max(uint256(dispute.bond) * 2, bondFor(dispute.taskId));
        ++dispute.round;
        // Twice an amount that somebody had.
        dispute.bond = uint96(bond);
        emit Appealed(disputeId, dispute.round, msg.sender, bond);
        _takeBond(disputeId, msg.sender, bond, !dispute.isFaulty);
        _openLargerRound(disputeId, dispute);
    }

    /// @inheritdoc IDisputeCourt
    function close(uint256 disputeId) external {
        Dispute storage dispute = _disputeAt(disputeId);
        bool isEnding =
            dispute.state == DisputeState.Appealable || dispute.state == DisputeState.Asked;
        require(isEnding, DisputeCourtWrongState(disputeId, dispute.state));
        require(
            block.timestamp > dispute.deadline,
            DisputeCourtBeforeDeadline(disputeId, dispute.deadline)
        );
        // Who was asked and has not shown it is at fault.
        bool isFaulty = dispute.state == DisputeState.Asked || dispute.isFaulty;
        _carryOut(disputeId, dispute, isFaulty, false);
    }

    /// @inheritdoc IDisputeCourt
    function payJuror(uint256 disputeId, address juror) external {
        Dispute storage dispute = _inState(disputeId, DisputeState.Closed);
        uint256 amount = _juryShares[disputeId];
        uint8 right = dispute.isFaulty ? 1 : 2;
        bool isDue =
            amount > 0 &&
                _votes[disputeId][dispute.round][juror] == right &&
                !_paid[disputeId][juror];
        require(isDue, DisputeCourtNothingDue(disputeId, juror));
        _paid[disputeId][juror] = true;
        emit JurorPaid(disputeId, juror, amount);
        bytes32 ref = _refOf(disputeId, 0);
        VAULT.lock(address(this), ref, amount);
        VAULT.seize(address(this), ref, amount, juror);
    }

    /* READING */

    /// @inheritdoc IDisputeCourt
    function disputeCount() external view returns (uint256 count) {
        return _disputeCount;
    }

    /// @inheritdoc IDisputeCourt
    function disputeOf(uint256 disputeId) external view returns (Dispute memory) {
        return _disputeAt(disputeId);
    }

    /// @inheritdoc IDisputeCourt
    function bondsOf(uint256 disputeId) external view returns (Bond[] memory) {
        return _bonds[disputeId];
    }

    /// @inheritdoc IDisputeCourt
    function juryKeyOf(uint256 disputeId, uint8 round) public pure returns (bytes32 key) {
        return keccak256(abi.encode("jury", disputeId, round));
    }

    /// @inheritdoc IDisputeCourt
    function bondFor(uint256 taskId) public view returns (uint256 amount) {
        uint256 price = MARKET.taskOf(taskId).price;
        return
            Math.max(
                PARAMS.get(ParamKeys.COURT_BOND_MIN),
                Math.ceilDiv(price * PARAMS.get(ParamKeys.COURT_BOND_BPS), BPS)
            );
    }

    function _create(
        uint256 taskId,
        uint8 slot,
        DisputeKind kind,
        address opener,
        uint256 bond
    ) internal returns (uint256 disputeId) {
        _requireAttested(taskId, slot);
        uint256 open = _openOf[taskId][slot][kind];
        require(open == 0, DisputeCourtAlreadyDisputed(taskId, slot, open));
        bool isRefusal = MARKET.slotOf(taskId, slot).state == ITaskBook.SlotState.Refused;
        require(!isRefusal || kind == DisputeKind.Reexecute, DisputeCourtRefusedSlot(taskId, slot));
        disputeId = ++_disputeCount;
        _openOf[taskId][slot][kind] = disputeId;
        Dispute storage dispute = _disputes[disputeId];
        dispute.taskId = taskId;
        dispute.opener = opener;
        dispute.kind = kind;
        dispute.slot = slot;
        dispute.round = 1;
        dispute.isRefusal = isRefusal;
        // A part of a price.
        dispute.bond = uint96(bond);
        emit DisputeOpened(disputeId, taskId, slot, kind, opener, bond);
        if (bond > 0) _takeBond(disputeId, opener, bond, !isRefusal);
        MARKET.onDisputeOpened(taskId, slot);
    }

    /// @dev 2n + 1, n being the members of the first committee.
    function _openFirstRound(uint256 disputeId) private {
        Dispute storage dispute = _disputes[disputeId];
        (address[] memory first, , ) = HUB.committeeOf(dispute.taskId);
        uint256 size = Math.min(2 * first.length + 1, JURY_MAX);
        // At most 31.
        _openRound(disputeId, dispute, uint8(size));
    }

    function _openLargerRound(uint256 disputeId, Dispute storage dispute) private {
        uint256 size = Math.min(uint256(dispute.jurySize) * 2, JURY_MAX);
        // At most 31.
        _openRound(disputeId, dispute, uint8(size));
    }

    function _openRound(uint256 disputeId, Dispute storage dispute, uint8 size) private {
        uint8 round = dispute.round;
        bytes32 key = juryKeyOf(disputeId, round);
        // A block number.
        dispute.height = uint40(block.number);
        if (round < ROUNDS_MAX) {
            HUB.openJury(key, dispute.taskId, dispute.slot, size);
        } else {
            // At most 127 seats.
            size = uint8(BOARD.seatCountAt(dispute.height));
        }
        dispute.state = DisputeState.Voting;
        dispute.jurySize = size;
        (dispute.forCount, dispute.againstCount) = (0, 0);
        // A time plus a parameter of hours.
        dispute.deadline = uint40(block.timestamp + PARAMS.get(ParamKeys.COURT_VOTE_WINDOW));
        emit RoundOpened(disputeId, round, key, size, dispute.deadline);
    }

    function _takeBond(uint256 disputeId, address payer, uint256 amount, bool isForFaulty) private {
        bytes32 ref = _refOf(disputeId, _bonds[disputeId].length + 1);
        // An amount that somebody has.
        _bonds[disputeId].push(Bond(payer, uint96(amount), isForFaulty));
        VAULT.lock(payer, ref, amount);
    }

    /// @dev Ends a dispute: gives bonds back or divides them, tells market and hub.
    function _carryOut(
        uint256 disputeId,
        Dispute storage dispute,
        bool isFaulty,
        bool isProved
    ) internal {
        (uint256 taskId, uint8 slot) = (dispute.taskId, dispute.slot);
        dispute.state = DisputeState.Closed;
        dispute.isFaulty = isFaulty;
        delete _openOf[taskId][slot][dispute.kind];
        bool isByJury = dispute.kind == DisputeKind.Reexecute && !isProved;
        bool isUndecided = isByJury && !dispute.isDecided;
        if (isUndecided) _returnBonds(disputeId);
        else _settleBonds(disputeId, dispute);
        emit DisputeClosed(disputeId, isFaulty);
        bool isUnavailable = dispute.kind == DisputeKind.ChunkMissing && isFaulty && !isProved;
        if (isUnavailable) MARKET.onResultUnavailable(taskId, slot);
        else MARKET.onDisputeResolved(taskId, slot, isFaulty, isProved);
        if (dispute.kind != DisputeKind.Reexecute || isUndecided) return;
        bool isOverturned = isFaulty != dispute.isRefusal;
        bool isRecheckWrong = !isFaulty && dispute.opener == Predeploys.ORACLE_HUB;
        if (!isOverturned && !isRecheckWrong) return;
        IOracleHub.Claim memory nobody;
        HUB.slashSigners(taskId, slot, isRecheckWrong, Offence.Overturned, nobody);
    }

    /// @dev No jury found anything, so nobody was wrong.
    function _returnBonds(uint256 disputeId) private {
        Bond[] storage bonds = _bonds[disputeId];
        for (uint256 i = 0; i < bonds.length; ++i) {
            VAULT.unlock(bonds[i].payer, _refOf(disputeId, i + 1), bonds[i].amount);
        }
    }

    /// @dev The winner is who paid the last bond on the right side; without one, the worker or,
    /// when it is at fault, the sponsor.
    function _settleBonds(uint256 disputeId, Dispute storage dispute) private {
        bool isFaulty = dispute.isFaulty;
        uint256 right = isFaulty ? dispute.forCount : dispute.againstCount;
        Bond[] storage bonds = _bonds[disputeId];
        address winner =
            isFaulty
                ? MARKET.taskOf(dispute.taskId).sponsor
                : MARKET.slotOf(dispute.taskId, dispute.slot).worker;
        for (uint256 i = 0; i < bonds.length; ++i) {
            if (bonds[i].isForFaulty == isFaulty) winner = bonds[i].payer;
        }
        uint256 toJurors = 0;
        for (uint256 i = 0; i < bonds.length; ++i) {
            (address payer, uint256 amount) = (bonds[i].payer, bonds[i].amount);
            bytes32 ref = _refOf(disputeId, i + 1);
            if (bonds[i].isForFaulty == isFaulty) VAULT.unlock(payer, ref, amount);
            else toJurors += _forfeit(disputeId, ref, bonds[i], winner, right);
        }
        if (right > 0) _juryShares[disputeId] = toJurors / right;
    }

    /// @dev Half to the winner, three tenths to the jurors, the rest is burned. Each juror's part
    /// is a whole number of wei; what does not divide is burned as well.
    function _forfeit(
        uint256 disputeId,
        bytes32 ref,
        Bond storage bond,
        address winner,
        uint256 jurors
    ) private returns (uint256 toJurors) {
        (address payer, uint256 amount) = (bond.payer, bond.amount);
        uint256 toWinner = (amount * WINNER_BPS) / BPS;
        if (jurors > 0) {
            toJurors = (amount * JURORS_BPS) / BPS;
            toJurors -= toJurors % jurors;
        }
        uint256 toBurn = amount - toWinner - toJurors;
        if (toWinner > 0) VAULT.seize(payer, ref, toWinner, winner);
        if (toJurors > 0) VAULT.seize(payer, ref, toJurors, address(this));
        if (toBurn > 0) VAULT.burn(payer, ref, toBurn);
        emit BondForfeited(disputeId, payer, winner, amount, toWinner, toJurors, toBurn);
    }

    /// @dev Drawn for the round; in the last, who acted for a seat when it was opened: a seat that
    /// changes hands since has one vote.
    function _requireJuror(uint256 disputeId, Dispute storage dispute, address account) private {
        if (dispute.round == ROUNDS_MAX) {
            bool isDirector = BOARD.wasSigner(account, dispute.height);
            require(isDirector, DisputeCourtNotJuror(disputeId, account));
            return;
        }
        (address[] memory jury, , ) = HUB.fixCommittee(juryKeyOf(disputeId, dispute.round));
        // Fewer may be active than were wanted.
        dispute.jurySize = uint8(jury.length);
        for (uint256 i = 0; i < jury.length; ++i) {
            if (jury[i] == account) return;
        }
        revert DisputeCourtNotJuror(disputeId, account);
    }

    function _requireAttested(uint256 taskId, uint8 slot) internal view {
        bool isAttested = HUB.signersOf(taskId, slot).length > 0;
        require(isAttested, DisputeCourtNotAttested(taskId, slot));
    }

    function _inState(
        uint256 disputeId,
        DisputeState wanted
    ) internal view returns (Dispute storage dispute) {
        dispute = _disputeAt(disputeId);
        require(dispute.state == wanted, DisputeCourtWrongState(disputeId, dispute.state));
    }

    function _disputeAt(uint256 disputeId) internal view returns (Dispute storage dispute) {
        dispute = _disputes[disputeId];
        require(dispute.state != DisputeState.None, DisputeCourtUnknownDispute(disputeId));
    }

    function _refOf(uint256 disputeId, uint256 number) private pure returns (bytes32) {
        return keccak256(abi.encode("dispute", disputeId, number));
    }
}
