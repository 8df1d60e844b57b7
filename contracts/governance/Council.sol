// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Initializable} from "@openzeppelin/contracts-upgradeable/proxy/utils/Initializable.sol";
import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {EnumerableSet} from "@openzeppelin/contracts/utils/structs/EnumerableSet.sol";
import {ICouncil} from "../interfaces/ICouncil.sol";
import {IProtocolParams} from "../interfaces/IProtocolParams.sol";
import {ITreasury} from "../interfaces/ITreasury.sol";
import {ParamKeys} from "../libraries/ParamKeys.sol";
import {Predeploys} from "../libraries/Predeploys.sol";
import {CouncilBoard} from "./CouncilBoard.sol";

/// @title The foundation's organs: board, chief executive, five committees, auditor.
/// @notice The board is in CouncilBoard; here is who carries its decisions out.
contract Council is CouncilBoard, Initializable layout at erc7201("poca.storage.Council") {
    using EnumerableSet for EnumerableSet.AddressSet;

    uint256 private constant _MEMBERS_MAX = 32;
    uint256 private constant _PARAMETERS_MAX = 16;
    uint256 private constant _REQUEST_TIME = 30 days;
    uint256 private constant _PAGE_MAX = 100;

    EnumerableSet.AddressSet[5] private _members;
    mapping(uint256 motionId => address chairman) private _chairmanOf;

    modifier onlyChief() {
        require(msg.sender == _chief, CouncilUnauthorized(msg.sender));
        _requireTerm();
        _;
    }

    modifier onlyManager(Committee committee) {
        require(_isManager(committee, msg.sender), CouncilUnauthorized(msg.sender));
        _;
    }

    modifier onlyAuditor() {
        require(msg.sender == _auditor, CouncilUnauthorized(msg.sender));
        _;
    }

    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor() {
        _disableInitializers();
    }

    /// @notice Nothing to set: the first board is elected like every other.
    function initialize() external initializer {}

    /* CHIEF EXECUTIVE */

    /// @inheritdoc ICouncil
    function recruit(Committee committee, address account) external onlyChief {
        uint256 dueAt = statusDueAt();
        require(block.timestamp <= dueAt, CouncilStatusOverdue(dueAt));
        EnumerableSet.AddressSet storage members = _members[uint256(committee)];
        require(members.length() < _MEMBERS_MAX, CouncilTooManyMembers(committee, _MEMBERS_MAX));
        require(members.add(account), CouncilAlreadyMember(committee, account));
        emit MemberRecruited(committee, account);
    }

    /// @inheritdoc ICouncil
    function dismiss(Committee committee, address account) external onlyChief {
        require(_members[uint256(committee)].remove(account), CouncilNotMember(committee, account));
        emit MemberDismissed(committee, account);
        if (_isManager(committee, account)) _setManager(committee, address(0));
    }

    /// @inheritdoc ICouncil
    function appointManager(Committee committee, address account) external onlyChief {
        require(
            _members[uint256(committee)].contains(account),
            CouncilNotMember(committee, account)
        );
        _setManager(committee, account);
    }

    /// @inheritdoc ICouncil
    function reportStatus(bytes32 document, string calldata uri) external onlyChief {
        _requireText(uri);
        _statusAt = uint40(block.timestamp);
        emit StatusReported(msg.sender, document, uri);
    }

    /* COMMITTEES */

    /// @inheritdoc ICouncil
    function collect(uint256 budgetId) external returns (uint256 amount) {
        require(
            isDirector(msg.sender) || msg.sender == _chief || _managesAny(msg.sender),
            CouncilUnauthorized(msg.sender)
        );
        return ITreasury(Predeploys.TREASURY).draw(budgetId);
    }

    /// @inheritdoc ICouncil
    function requestSpending(
        Committee committee,
        address to,
        uint96 amount,
        string calldata purpose
    ) external onlyManager(committee) returns (uint256 spendingId) {
        _requireMaySpend(committee);
        _requireText(purpose);
        require(
            to != address(0) && amount != 0 && bytes(purpose).length != 0,
            CouncilBadSpending(to, amount, bytes(purpose).length)
        );
        _requireOutsider(to);
        CommitteeInfo storage info = _committees[uint256(committee)];
        require(amount <= info.budget, CouncilOverBudget(committee, amount, info.budget));
        info.budget -= amount;
        Spending storage spending = _spendings.push();
        spendingId = _spendings.length;
        spending.to = to;
        spending.amount = amount;
        spending.requester = msg.sender;
        spending.requestedAt = uint40(block.timestamp);
        spending.committee = committee;
        spending.purpose = purpose;
        emit SpendingRequested(spendingId, committee, to, amount, purpose);
    }

    /// @inheritdoc ICouncil
    function releaseSpending(uint256 spendingId) external {
        Spending storage spending = _requested(spendingId);
        _requireControls(spending);
        require(
            msg.sender != spending.requester && msg.sender != spending.to,
            CouncilOwnPocket(msg.sender)
        );
        _requireMaySpend(spending.committee);
        _requireOutsider(spending.to);
        spending.state = SpendingState.Paid;
        _allocated -= spending.amount;
        emit SpendingPaid(spendingId, spending.to, spending.amount);
        _send(spending.to, spending.amount);
    }

    /// @inheritdoc ICouncil
    function refuseSpending(uint256 spendingId, string calldata reason) external {
        Spending storage spending = _requested(spendingId);
        _requireControls(spending);
        _requireText(reason);
        _putBack(spending, SpendingState.Refused);
        emit SpendingRefused(spendingId, reason);
    }

    /// @inheritdoc ICouncil
    function lapseSpending(uint256 spendingId) external {
        Spending storage spending = _requested(spendingId);
        uint256 lapsesAt = spending.requestedAt + _REQUEST_TIME;
        require(block.timestamp > lapsesAt, CouncilSpendingOpen(spendingId, lapsesAt));
        _putBack(spending, SpendingState.Lapsed);
        emit SpendingLapsed(spendingId);
    }

    /// @inheritdoc ICouncil
    function report(
        Committee committee,
        bytes32 document,
        string calldata uri
    ) external onlyManager(committee) {
        _requireText(uri);
        _committees[uint256(committee)].reportedAt = uint40(block.timestamp);
        emit CommitteeReported(committee, document, uri);
    }

    /// @inheritdoc ICouncil
    function proposeParameters(
        bytes32[] calldata keys,
        uint256[] calldata values,
        string calldata description
    ) external onlyManager(Committee.Research) onlyInTerm returns (uint256 proposalId) {
        uint256 count = keys.length;
        require(
            count != 0 && count <= _PARAMETERS_MAX && count == values.length,
            CouncilBadParameters(count, values.length, _PARAMETERS_MAX)
        );
        address[] memory targets = new address[](count);
        bytes[] memory calldatas = new bytes[](count);
        for (uint256 i = 0; i < count; ++i) {
            targets[i] = Predeploys.PROTOCOL_PARAMS;
            calldatas[i] = abi.encodeCall(IProtocolParams.set, (keys[i], values[i]));
        }
        return
            IGovernor(Predeploys.POCA_GOVERNOR).propose(
                targets,
                new uint256[](count),
                calldatas,
                description
            );
    }

    /* AUDITOR */

    /// @inheritdoc ICouncil
    function publishAudit(bytes32 document, string calldata uri) external onlyAuditor {
        _requireText(uri);
        emit AuditPublished(msg.sender, document, uri);
    }

    /// @inheritdoc ICouncil
    function questionSpending(uint256 spendingId, bytes32 document) external onlyAuditor {
        Spending storage spending = _spending(spendingId);
        require(!spending.questioned, CouncilBadQuestion(spendingId, true));
        spending.questioned = true;
        _committees[uint256(spending.committee)].openQuestions += 1;
        emit SpendingQuestioned(spendingId, document);
    }

    /* READING */

    /// @inheritdoc ICouncil
    function committeeOf(Committee committee) external view returns (CommitteeInfo memory) {
        return _committees[uint256(committee)];
    }

    /// @inheritdoc ICouncil
    function membersOf(Committee committee) external view returns (address[] memory) {
        return _members[uint256(committee)].values();
    }

    /// @inheritdoc ICouncil
    function isOverdue(Committee committee) external view returns (bool) {
        uint256 dueAt = reportDueAt(committee);
        return dueAt != 0 && block.timestamp > dueAt;
    }

    /// @inheritdoc ICouncil
    function spendingCount() external view returns (uint256 count) {
        return _spendings.length;
    }

    /// @inheritdoc ICouncil
    function spendings(uint256 from, uint256 count) external view returns (Spending[] memory page) {
        uint256 total = _spendings.length;
        if (from == 0 || from > total) return page;
        page = new Spending[](Math.min(Math.min(count, _PAGE_MAX), total - from + 1));
        for (uint256 i = 0; i < page.length; ++i) {
            page[i] = _spendings[from - 1 + i];
        }
    }

    /// @inheritdoc ICouncil
    function reportDueAt(Committee committee) public view returns (uint256 time) {
        uint256 reportedAt = _committees[uint256(committee)].reportedAt;
        return reportedAt == 0 ? 0 : reportedAt + _reportPeriod();
    }

    /// @inheritdoc ICouncil
    function statusDueAt() public view returns (uint256 time) {
        return _statusAt + _reportPeriod();
    }

    function _chairmen()
        internal
        view
        override
        returns (mapping(uint256 motionId => address chairman) storage)
    {
        return _chairmanOf;
    }

    function _setManager(Committee committee, address account) private {
        _committees[uint256(committee)].manager = account;
        emit ManagerAppointed(committee, account);
    }

    function _putBack(Spending storage spending, SpendingState state) private {
        spending.state = state;
        _committees[uint256(spending.committee)].budget += spending.amount;
    }

    function _requested(uint256 spendingId) private view returns (Spending storage spending) {
        spending = _spending(spendingId);
        require(
            spending.state == SpendingState.Requested,
            CouncilSpendingClosed(spendingId, spending.state)
        );
    }

    /// @dev Finance controls the cost of the others, the chief executive that of finance. One
    /// person in both offices appoints who asks, so it does not release as well.
    function _requireControls(Spending storage spending) private view {
        bool controls =
            spending.committee == Committee.Finance
                ? msg.sender == _chief
                : _isManager(Committee.Finance, msg.sender) && msg.sender != _chief;
        require(controls, CouncilUnauthorized(msg.sender));
    }

    function _requireMaySpend(Committee committee) private view {
        _requireTerm();
        uint256 dueAt = reportDueAt(committee);
        require(block.timestamp <= dueAt, CouncilReportOverdue(committee, dueAt));
        uint256 openQuestions = _committees[uint256(committee)].openQuestions;
        require(openQuestions == 0, CouncilQuestionsOpen(committee, openQuestions));
    }

    /// @dev The foundation's surplus is not shared out among those who run it.
    function _requireOutsider(address to) private view {
        require(!isDirector(to) && to != _chief, CouncilOwnPocket(to));
    }

    function _managesAny(address account) private view returns (bool) {
        for (uint256 i = 0; i < _committees.length; ++i) {
            if (_committees[i].manager == account) return true;
        }
        return false;
    }

    function _isManager(Committee committee, address account) private view returns (bool) {
        return _committees[uint256(committee)].manager == account;
    }

    function _reportPeriod() private view returns (uint256 seconds_) {
        return IProtocolParams(Predeploys.PROTOCOL_PARAMS).get(ParamKeys.COUNCIL_REPORT_PERIOD);
    }
}
