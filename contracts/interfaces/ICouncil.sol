// SPDX-License-Identifier: MIT
pragma solidity >=0.8.24;

/// @title The foundation's organs: board, chief executive, five committees, auditor.
/// @notice Holders elect the board by a vote that the Timelock carries out; its term is two years,
/// after which nobody here can spend until a new one is elected, and a vote may recall it at any
/// time. The board decides by majority of its members; the chief executive whom it appoints is its
/// chairman, whose approval decides when exactly half approve. A board has 3 to 15 seats: of two
/// directors, the one whom the chairman is, or sides with, would be the board. Committees spend
/// what the board gives them of the council's coin, each time with a purpose, and only while their
/// reports are in time and no auditor's question is open.
/// @custom:source TS 9.2
/// @custom:invariant address(this).balance >= allocated() == budgets + requested spendings
interface ICouncil {
    enum Committee {
        Research,
        Product,
        Ecosystem,
        Marketing,
        Finance
    }

    enum Resolution {
        Strategy,
        AnnualPlan,
        Ecosystem
    }

    enum SpendingState {
        Requested,
        Paid,
        Refused,
        Lapsed
    }

    struct Motion {
        uint32 term; // ──────────╮  32 bits, term of the board that may decide it
        uint40 deadline; //       │  40 bits, seconds
        uint16 approvals; //      │  16 bits, one per director
        bool chairmanApproved; // │   8 bits, by the chairman of then
        bool carried; //         ─╯   8 bits
        bytes action;
    }

    struct CommitteeInfo {
        address manager; // ──────╮ 160 bits
        uint96 budget; //        ─╯  96 bits, wei not yet asked for
        uint40 reportedAt; // ────╮  40 bits, seconds, 0 before the first budget
        uint32 openQuestions; // ─╯  32 bits, of the auditor
    }

    struct Spending {
        address to; // ─────────────╮ 160 bits
        uint96 amount; //          ─╯  96 bits, wei
        address requester; // ──────╮ 160 bits
        uint40 requestedAt; //      │  40 bits, seconds
        Committee committee; //     │   8 bits
        SpendingState state; //     │   8 bits
        bool questioned; //        ─╯   8 bits
        string purpose;
    }

    event BoardSeated(uint256 indexed term, address[] directors, uint256 expiresAt);
    event BoardRecalled(uint256 indexed term);
    event MotionMade(uint256 indexed motionId, address indexed by, bytes action);
    event MotionApproved(uint256 indexed motionId, address indexed by);
    event MotionCarried(uint256 indexed motionId);
    event ChiefExecutiveAppointed(address indexed chiefExecutive);
    event AuditorHired(address indexed auditor);
    event ResolutionAdopted(Resolution indexed kind, bytes32 indexed document, string uri);
    event BudgetVoted(Committee indexed committee, uint256 amount);
    event ReturnedToTreasury(uint256 amount);
    event Received(address indexed from, uint256 amount);
    event MemberRecruited(Committee indexed committee, address indexed member);
    event MemberDismissed(Committee indexed committee, address indexed member);
    event ManagerAppointed(Committee indexed committee, address indexed manager);
    event StatusReported(address indexed chiefExecutive, bytes32 indexed document, string uri);
    event CommitteeReported(Committee indexed committee, bytes32 indexed document, string uri);
    event SpendingRequested(
        uint256 indexed spendingId,
        Committee indexed committee,
        address indexed to,
        uint256 amount,
        string purpose
    );
    event SpendingPaid(uint256 indexed spendingId, address indexed to, uint256 amount);
    event SpendingRefused(uint256 indexed spendingId, string reason);
    event SpendingLapsed(uint256 indexed spendingId);
    event AuditPublished(address indexed auditor, bytes32 indexed document, string uri);
    event SpendingQuestioned(uint256 indexed spendingId, bytes32 indexed document);
    event QuestionSettled(uint256 indexed spendingId, bytes32 indexed document);

    error CouncilUnauthorized(address caller);
    error CouncilBadBoard(uint256 size, uint256 min, uint256 max);
    error CouncilBadDirector(address director);
    error CouncilNoBoard(uint256 expiredAt);
    error CouncilUnknownMotion(uint256 motionId);
    error CouncilMotionClosed(uint256 motionId, uint256 term, uint256 deadline);
    error CouncilAlreadyApproved(uint256 motionId, address director);
    error CouncilTextTooLong(uint256 length, uint256 max);
    error CouncilOverBalance(uint256 wanted, uint256 available);
    error CouncilOverBudget(Committee committee, uint256 wanted, uint256 available);
    error CouncilTooManyMembers(Committee committee, uint256 max);
    error CouncilNotMember(Committee committee, address account);
    error CouncilAlreadyMember(Committee committee, address account);
    error CouncilReportOverdue(Committee committee, uint256 dueAt);
    error CouncilStatusOverdue(uint256 dueAt);
    error CouncilQuestionsOpen(Committee committee, uint256 count);
    error CouncilUnknownSpending(uint256 spendingId);
    error CouncilSpendingClosed(uint256 spendingId, SpendingState state);
    error CouncilSpendingOpen(uint256 spendingId, uint256 lapsesAt);
    error CouncilBadQuestion(uint256 spendingId, bool questioned);
    error CouncilBadSpending(address to, uint256 amount, uint256 purposeLength);
    /// @notice Who decides or approves does not pay itself.
    error CouncilOwnPocket(address account);
    error CouncilTransferFailed(address to, uint256 amount);
    error CouncilBadParameters(uint256 keys, uint256 values, uint256 max);

    /* HOLDERS */

    /// @notice Seats an elected board for two years from now; the chief executive of the last one
    /// goes. Timelock only.
    function seatBoard(address[] calldata directors) external;

    /// @notice Ends the term of the board now. Timelock only.
    function recallBoard() external;

    /* BOARD: by motion, or by a vote of the holders, who stand above the board */

    /// @notice Asks the board to run `action`, a call of one of the functions of this section. A
    /// director's motion carries its own approval. Directors and the chairman only.
    function makeMotion(bytes calldata action) external returns (uint256 motionId);

    /// @notice Approves a motion; the one that makes the majority runs it. Directors and the
    /// chairman only.
    function approveMotion(uint256 motionId) external;

    /// @notice Appoints the chief executive, or dismisses it with address 0.
    function appointChiefExecutive(address account) external;

    /// @notice Employs an auditor, or dismisses it with address 0.
    function hireAuditor(address account) external;

    /// @notice Puts on record a document that the board adopts.
    function adopt(Resolution kind, bytes32 document, string calldata uri) external;

    /// @notice Sets what a committee may still ask for, wei, out of the council's free coin.
    function voteBudget(Committee committee, uint96 amount) external;

    /// @notice Gives free coin back for other uses.
    function returnToTreasury(uint256 amount) external;

    /// @notice Declares an auditor's question answered by `document`.
    function settleQuestion(uint256 spendingId, bytes32 document) external;

    /* CHIEF EXECUTIVE */

    function recruit(Committee committee, address account) external;
    function dismiss(Committee committee, address account) external;
    /// @notice Makes a member the manager of its committee.
    function appointManager(Committee committee, address account) external;
    /// @notice Reports to the board how its decisions are carried out.
    function reportStatus(bytes32 document, string calldata uri) external;

    /* COMMITTEES */

    /// @notice Takes what the Treasury has accrued for the council. Directors, chairman,
    /// managers.
    function collect(uint256 budgetId) external returns (uint256 amount);

    /// @notice Asks for a payment from the committee's budget. Its manager only.
    function requestSpending(
        Committee committee,
        address to,
        uint96 amount,
        string calldata purpose
    ) external returns (uint256 spendingId);

    /// @notice Pays what was asked for. The manager of finance only, unless that is the chief
    /// executive; for finance itself the chief executive; never who asked or is to be paid. Offices
    /// may otherwise be in one hand: a director may manage a committee, and one account several,
    /// but whatever it asks for waits for another to release it, and it lapses if nobody may.
    function releaseSpending(uint256 spendingId) external;

    /// @notice Puts the coin back into the budget. By those who may release.
    function refuseSpending(uint256 spendingId, string calldata reason) external;

    /// @notice Puts the coin of a request that nobody released for 30 days back. Anyone.
    function lapseSpending(uint256 spendingId) external;

    /// @notice Files the committee's report. Its manager only.
    function report(Committee committee, bytes32 document, string calldata uri) external;

    /// @notice Proposes new values of parameters to the holders. The manager of research only.
    function proposeParameters(
        bytes32[] calldata keys,
        uint256[] calldata values,
        string calldata description
    ) external returns (uint256 proposalId);

    /* AUDITOR */

    function publishAudit(bytes32 document, string calldata uri) external;
    /// @notice Stops a committee from spending until the board settles the question.
    function questionSpending(uint256 spendingId, bytes32 document) external;

    /* READING */

    /// @notice Who sits, in which term, and when it ends or ended, seconds.
    function board()
        external
        view
        returns (address[] memory directors, uint256 term, uint256 expiresAt);
    function isDirector(address account) external view returns (bool);
    function chiefExecutive() external view returns (address);
    /// @notice The chief executive.
    function chairman() external view returns (address);
    function auditor() external view returns (address);
    function motionCount() external view returns (uint256 count);
    function motionOf(uint256 motionId) external view returns (Motion memory);
    function committeeOf(Committee committee) external view returns (CommitteeInfo memory);
    function membersOf(Committee committee) external view returns (address[] memory);
    /// @notice When the next report is due, seconds; 0 before the first budget.
    function reportDueAt(Committee committee) external view returns (uint256 time);
    function isOverdue(Committee committee) external view returns (bool);
    /// @notice When the chief executive's report is due, seconds.
    function statusDueAt() external view returns (uint256 time);
    /// @notice Coin in budgets and requested spendings, wei; the rest of the balance is free.
    function allocated() external view returns (uint256 amount);
    function spendingCount() external view returns (uint256 count);
    /// @notice Spendings from number `from` on, counted from 1, at most `count`.
    function spendings(uint256 from, uint256 count) external view returns (Spending[] memory);
}
