// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {LowLevelCall} from "@openzeppelin/contracts/utils/LowLevelCall.sol";
import {ICouncil} from "../interfaces/ICouncil.sol";
import {Predeploys} from "../libraries/Predeploys.sol";
import {SystemContract} from "../libraries/SystemContract.sol";

/// @title The board of directors.
/// @notice What the board may do, and how it decides.
abstract contract CouncilBoard is ICouncil, SystemContract {
    /// @dev Two years of 365.25 days.
    uint256 internal constant _TERM = 63_115_200;
    uint256 internal constant _TEXT_MAX = 256;

    uint256 private constant _BOARD_MIN = 3;
    uint256 private constant _BOARD_MAX = 15;
    uint256 private constant _MOTION_TIME = 14 days;
    uint256 private constant _ACTION_MAX = 1024;

    address[] private _directors;
    uint40 private _expiresAt; // ──╮  40 bits, seconds
    uint32 private _term; //        │  32 bits
    uint40 internal _statusAt; //  ─╯  40 bits, seconds, last report of the chief executive
    address internal _chief;
    address internal _auditor;
    uint256 internal _allocated;
    Motion[] private _motions;
    CommitteeInfo[5] internal _committees;
    Spending[] internal _spendings;

    /// @dev The board, by a motion that it carried, or the holders.
    modifier onlyBoard() {
        require(
            msg.sender == address(this) || msg.sender == Predeploys.TIMELOCK,
            CouncilUnauthorized(msg.sender)
        );
        _;
    }

    modifier onlyInTerm() {
        _requireTerm();
        _;
    }

    receive() external payable {
        emit Received(msg.sender, msg.value);
    }

    /* HOLDERS */

    /// @inheritdoc ICouncil
    function seatBoard(address[] calldata directors) external onlyTimelock {
        uint256 size = directors.length;
        require(
            _BOARD_MIN <= size && size <= _BOARD_MAX,
            CouncilBadBoard(size, _BOARD_MIN, _BOARD_MAX)
        );
        delete _directors;
        for (uint256 i = 0; i < size; ++i) {
            address director = directors[i];
            require(director != address(0) && !isDirector(director), CouncilBadDirector(director));
            _directors.push(director);
        }
        uint32 term = ++_term;
        // Cast: seconds of this century.
        _expiresAt = uint40(block.timestamp + _TERM);
        emit BoardSeated(term, directors, _expiresAt);
        _appoint(address(0));
    }

    /// @inheritdoc ICouncil
    function recallBoard() external onlyTimelock onlyInTerm {
        _expiresAt = uint40(block.timestamp);
        emit BoardRecalled(_term);
        _appoint(address(0));
    }

    /* MOTIONS */

    /// @inheritdoc ICouncil
    function makeMotion(bytes calldata action) external onlyInTerm returns (uint256 motionId) {
        require(isDirector(msg.sender) || msg.sender == _chief, CouncilUnauthorized(msg.sender));
        require(action.length <= _ACTION_MAX, CouncilTextTooLong(action.length, _ACTION_MAX));
        Motion storage motion = _motions.push();
        motionId = _motions.length;
        motion.term = _term;
        motion.deadline = uint40(block.timestamp + _MOTION_TIME);
        motion.action = action;
        emit MotionMade(motionId, msg.sender, action);
        _approve(motionId, motion);
    }

    /// @inheritdoc ICouncil
    function approveMotion(uint256 motionId) external onlyInTerm {
        Motion storage motion = _motion(motionId);
        require(
            !motion.carried && motion.term == _term && block.timestamp <= motion.deadline,
            CouncilMotionClosed(motionId, motion.term, motion.deadline)
        );
        _approve(motionId, motion);
    }

    /* BOARD */

    /// @inheritdoc ICouncil
    function appointChiefExecutive(address account) external onlyBoard onlyInTerm {
        _appoint(account);
    }

    /// @inheritdoc ICouncil
    function hireAuditor(address account) external onlyBoard {
        _auditor = account;
        emit AuditorHired(account);
    }

    /// @inheritdoc ICouncil
    function adopt(Resolution kind, bytes32 document, string calldata uri) external onlyBoard {
        _requireText(uri);
        emit ResolutionAdopted(kind, document, uri);
    }

    /// @inheritdoc ICouncil
    function voteBudget(Committee committee, uint96 amount) external onlyBoard {
        CommitteeInfo storage info = _committees[uint256(committee)];
        uint256 others = _allocated - info.budget;
        uint256 balance = address(this).balance;
        require(others + amount <= balance, CouncilOverBalance(amount, balance - others));
        _allocated = others + amount;
        info.budget = amount;
        if (info.reportedAt == 0) info.reportedAt = uint40(block.timestamp);
        emit BudgetVoted(committee, amount);
    }

    /// @inheritdoc ICouncil
    function returnToTreasury(uint256 amount) external onlyBoard {
        uint256 free = address(this).balance - _allocated;
        require(amount <= free, CouncilOverBalance(amount, free));
        emit ReturnedToTreasury(amount);
        _send(Predeploys.TREASURY, amount);
    }

    /// @inheritdoc ICouncil
    function settleQuestion(uint256 spendingId, bytes32 document) external onlyBoard {
        Spending storage spending = _spending(spendingId);
        require(spending.questioned, CouncilBadQuestion(spendingId, false));
        spending.questioned = false;
        _committees[uint256(spending.committee)].openQuestions -= 1;
        emit QuestionSettled(spendingId, document);
    }

    /* READING */

    /// @inheritdoc ICouncil
    function board()
        external
        view
        returns (address[] memory directors, uint256 term, uint256 expiresAt)
    {
        return (_directors, _term, _expiresAt);
    }

    /// @inheritdoc ICouncil
    function chiefExecutive() external view returns (address) {
        return _chief;
    }

    /// @inheritdoc ICouncil
    function chairman() external view returns (address) {
        return _chief;
    }

    /// @inheritdoc ICouncil
    function auditor() external view returns (address) {
        return _auditor;
    }

    /// @inheritdoc ICouncil
    function motionCount() external view returns (uint256 count) {
        return _motions.length;
    }

    /// @inheritdoc ICouncil
    function motionOf(uint256 motionId) external view returns (Motion memory) {
        return _motion(motionId);
    }

    /// @inheritdoc ICouncil
    function allocated() external view returns (uint256 amount) {
        return _allocated;
    }

    /// @inheritdoc ICouncil
    function isDirector(address account) public view returns (bool) {
        return _seatOf(account) < _directors.length;
    }

    /// @dev Who approved each motion as chairman, which decides only while he is. Kept by Council,
    /// so that what stands before it in storage stays where it is.
    function _chairmen()
        internal
        view
        virtual
        returns (mapping(uint256 motionId => address chairman) storage);

    function _send(address to, uint256 amount) internal {
        require(LowLevelCall.callNoReturn(to, amount, ""), CouncilTransferFailed(to, amount));
    }

    function _spending(uint256 spendingId) internal view returns (Spending storage) {
        require(
            0 < spendingId && spendingId <= _spendings.length,
            CouncilUnknownSpending(spendingId)
        );
        return _spendings[spendingId - 1];
    }

    function _requireTerm() internal view {
        require(block.timestamp < _expiresAt, CouncilNoBoard(_expiresAt));
    }

    function _requireText(string calldata text) internal pure {
        uint256 length = bytes(text).length;
        require(length <= _TEXT_MAX, CouncilTextTooLong(length, _TEXT_MAX));
    }

    function _appoint(address account) private {
        if (_chief == account) return;
        _chief = account;
        _statusAt = uint40(block.timestamp);
        emit ChiefExecutiveAppointed(account);
    }

    function _approve(uint256 motionId, Motion storage motion) private {
        uint256 size = _directors.length;
        uint256 seat = _seatOf(msg.sender);
        bool chairs = msg.sender == _chief;
        require(seat < size || chairs, CouncilUnauthorized(msg.sender));
        // Casts: the seat of a director is below 15.
        uint16 mark = seat < size ? uint16(1 << seat) : 0;
        require(
            (motion.approvals & mark == 0 && mark != 0) ||
                (chairs && _chairmen()[motionId] != msg.sender),
            CouncilAlreadyApproved(motionId, msg.sender)
        );
        motion.approvals |= mark;
        if (chairs) {
            motion.chairmanApproved = true;
            _chairmen()[motionId] = msg.sender;
        }
        emit MotionApproved(motionId, msg.sender);
        uint256 twice = 2 * _count(motion.approvals);
        bool decides = motion.chairmanApproved && _chairmen()[motionId] == _chief;
        if (twice > size || (twice == size && decides)) {
            motion.carried = true;
            emit MotionCarried(motionId);
            Address.functionCall(address(this), motion.action);
        }
    }

    function _motion(uint256 motionId) private view returns (Motion storage) {
        require(0 < motionId && motionId <= _motions.length, CouncilUnknownMotion(motionId));
        return _motions[motionId - 1];
    }

    /// @dev The number of directors when `account` is none of them.
    function _seatOf(address account) private view returns (uint256 seat) {
        uint256 size = _directors.length;
        for (seat = 0; seat < size; ++seat) {
            if (_directors[seat] == account) return seat;
        }
    }

    function _count(uint16 marks) private pure returns (uint256 count) {
        for (; marks != 0; marks &= marks - 1) ++count;
    }
}
