// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {ICouncil} from "../../../contracts/interfaces/ICouncil.sol";
import {IProtocolParams} from "../../../contracts/interfaces/IProtocolParams.sol";
import {ITreasury} from "../../../contracts/interfaces/ITreasury.sol";
import {ParamKeys} from "../../../contracts/libraries/ParamKeys.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {RefusingReceiver} from "../../../contracts/mocks/RefusingReceiver.sol";
import {vm} from "../support/Vm.sol";
import {CouncilTest} from "./CouncilTest.sol";

/// @dev Shows how committees are staffed, how they spend and report, and what stops them.
contract CouncilCommitteesTest is CouncilTest {
    address private constant _AUDITOR = address(0xA0D1);

    function setUp() public {
        deployCouncil();
        settleIn();
        vm.prank(Predeploys.TIMELOCK);
        COUNCIL.hireAuditor(_AUDITOR);
    }

    /* STAFF */

    function testTheChiefExecutiveRecruitsAndDismisses() public {
        vm.startPrank(CHIEF);
        vm.expectEmit(Predeploys.COUNCIL);
        emit ICouncil.MemberRecruited(RESEARCH, STRANGER);
        COUNCIL.recruit(RESEARCH, STRANGER);
        assertEq(COUNCIL.membersOf(RESEARCH).length, 2, "members");
        vm.expectRevert(
            abi.encodeWithSelector(ICouncil.CouncilAlreadyMember.selector, RESEARCH, STRANGER)
        );
        COUNCIL.recruit(RESEARCH, STRANGER);
        vm.expectEmit(Predeploys.COUNCIL);
        emit ICouncil.ManagerAppointed(RESEARCH, STRANGER);
        COUNCIL.appointManager(RESEARCH, STRANGER);
        vm.expectEmit(Predeploys.COUNCIL);
        emit ICouncil.MemberDismissed(RESEARCH, STRANGER);
        vm.expectEmit(Predeploys.COUNCIL);
        emit ICouncil.ManagerAppointed(RESEARCH, address(0));
        COUNCIL.dismiss(RESEARCH, STRANGER);
        bytes memory refusal = abi.encodeWithSelector(
            ICouncil.CouncilNotMember.selector,
            RESEARCH,
            STRANGER
        );
        vm.expectRevert(refusal);
        COUNCIL.dismiss(RESEARCH, STRANGER);
        vm.expectRevert(refusal);
        COUNCIL.appointManager(RESEARCH, STRANGER);
        vm.stopPrank();
        expectUnauthorized(STRANGER);
        vm.prank(STRANGER);
        COUNCIL.recruit(RESEARCH, STRANGER);
    }

    function testACommitteeHasAtMost32Members() public {
        vm.startPrank(CHIEF);
        for (uint160 i = 1; i < 32; ++i) {
            COUNCIL.recruit(RESEARCH, address(i));
        }
        vm.expectRevert(
            abi.encodeWithSelector(ICouncil.CouncilTooManyMembers.selector, RESEARCH, 32)
        );
        COUNCIL.recruit(RESEARCH, STRANGER);
        vm.stopPrank();
    }

    function testAChiefExecutiveWhoDoesNotReportCannotRecruit() public {
        uint256 dueAt = GENESIS_TIME + 90 days;
        assertEq(COUNCIL.statusDueAt(), dueAt, "due");
        vm.warp(dueAt + 1);
        vm.startPrank(CHIEF);
        vm.expectRevert(abi.encodeWithSelector(ICouncil.CouncilStatusOverdue.selector, dueAt));
        COUNCIL.recruit(RESEARCH, STRANGER);
        vm.expectEmit(Predeploys.COUNCIL);
        emit ICouncil.StatusReported(CHIEF, bytes32("status"), "ipfs://s");
        COUNCIL.reportStatus("status", "ipfs://s");
        COUNCIL.recruit(RESEARCH, STRANGER);
        vm.stopPrank();
    }

    /* SPENDING */

    function testFinanceReleasesWhatResearchAsksFor() public {
        vm.expectEmit(Predeploys.COUNCIL);
        emit ICouncil.SpendingRequested(1, RESEARCH, SUPPLIER, 20e18, "measuring");
        uint256 id = request(20e18);
        assertEq(COUNCIL.committeeOf(RESEARCH).budget, 40e18, "set aside");
        assertEq(COUNCIL.allocated(), 90e18, "still allocated");
        vm.expectEmit(Predeploys.COUNCIL);
        emit ICouncil.SpendingPaid(id, SUPPLIER, 20e18);
        vm.prank(TREASURER);
        COUNCIL.releaseSpending(id);
        assertEq(SUPPLIER.balance, 20e18, "paid");
        assertEq(COUNCIL.allocated(), 70e18, "less");
        ICouncil.Spending[] memory page = COUNCIL.spendings(1, 10);
        assertEq(COUNCIL.spendingCount(), 1, "listed");
        assertEq(page.length, 1, "page");
        assertEq(keccak256(bytes(page[0].purpose)), keccak256("measuring"), "purpose");
        assertEq(uint256(page[0].state), uint256(ICouncil.SpendingState.Paid), "state");
        vm.expectRevert(
            abi.encodeWithSelector(
                ICouncil.CouncilSpendingClosed.selector,
                id,
                ICouncil.SpendingState.Paid
            )
        );
        vm.prank(TREASURER);
        COUNCIL.releaseSpending(id);
    }

    function testTheChiefExecutiveReleasesWhatFinanceAsksFor() public {
        vm.prank(TREASURER);
        uint256 id = COUNCIL.requestSpending(FINANCE, SUPPLIER, 1e18, "books");
        expectUnauthorized(TREASURER);
        vm.prank(TREASURER);
        COUNCIL.releaseSpending(id);
        vm.prank(CHIEF);
        COUNCIL.releaseSpending(id);
        assertEq(SUPPLIER.balance, 1e18, "paid");
    }

    function testNobodyReleasesItsOwnRequest() public {
        employ(RESEARCH, TREASURER);
        vm.prank(TREASURER);
        uint256 id = COUNCIL.requestSpending(RESEARCH, SUPPLIER, 1e18, "both hats");
        vm.expectRevert(abi.encodeWithSelector(ICouncil.CouncilOwnPocket.selector, TREASURER));
        vm.prank(TREASURER);
        COUNCIL.releaseSpending(id);
    }

    function testACommitteeSpendsUntilTheSecondInWhichItsReportIsDue() public {
        vm.warp(COUNCIL.reportDueAt(RESEARCH));
        uint256 id = request(1e18);
        assertEq(COUNCIL.committeeOf(RESEARCH).budget, 59e18, "set aside");
        assertEq(id, 1, "the first");
    }

    function testNobodyReleasesItsOwnPay() public {
        vm.prank(RESEARCHER);
        uint256 id = COUNCIL.requestSpending(RESEARCH, TREASURER, 1e18, "to who releases");
        vm.expectRevert(abi.encodeWithSelector(ICouncil.CouncilOwnPocket.selector, TREASURER));
        vm.prank(TREASURER);
        COUNCIL.releaseSpending(id);
        // Another manager of finance may find it in order.
        employ(FINANCE, STRANGER);
        vm.prank(STRANGER);
        COUNCIL.releaseSpending(id);
        assertEq(TREASURER.balance, 1e18, "paid");
    }

    function testAChiefExecutiveWhoManagesFinanceReleasesForFinanceOnly() public {
        uint256 id = request(1e18);
        vm.prank(TREASURER);
        uint256 own = COUNCIL.requestSpending(FINANCE, SUPPLIER, 2e18, "books");
        employ(FINANCE, CHIEF);
        expectUnauthorized(CHIEF);
        vm.prank(CHIEF);
        COUNCIL.releaseSpending(id);
        expectUnauthorized(CHIEF);
        vm.prank(CHIEF);
        COUNCIL.refuseSpending(id, "no");
        vm.prank(CHIEF);
        COUNCIL.releaseSpending(own);
        assertEq(SUPPLIER.balance, 2e18, "what another asked for");
        // Nothing is stuck: without another manager the request lapses.
        nextBlock(30 days + 1);
        COUNCIL.lapseSpending(id);
    }

    function testARequestNeedsBudgetPurposeAndPayee() public {
        vm.startPrank(RESEARCHER);
        vm.expectRevert(
            abi.encodeWithSelector(ICouncil.CouncilOverBudget.selector, RESEARCH, 60e18 + 1, 60e18)
        );
        COUNCIL.requestSpending(RESEARCH, SUPPLIER, 60e18 + 1, "too much");
        vm.expectRevert(
            abi.encodeWithSelector(ICouncil.CouncilBadSpending.selector, SUPPLIER, 1, 0)
        );
        COUNCIL.requestSpending(RESEARCH, SUPPLIER, 1, "");
        vm.expectRevert(abi.encodeWithSelector(ICouncil.CouncilTextTooLong.selector, 257, 256));
        COUNCIL.requestSpending(RESEARCH, SUPPLIER, 1, string(new bytes(257)));
        vm.stopPrank();
        expectUnauthorized(TREASURER);
        vm.prank(TREASURER);
        COUNCIL.requestSpending(RESEARCH, SUPPLIER, 1, "not mine");
    }

    function testARefusedRequestGoesBackIntoTheBudget() public {
        uint256 id = request(20e18);
        expectUnauthorized(STRANGER);
        vm.prank(STRANGER);
        COUNCIL.refuseSpending(id, "no");
        vm.expectEmit(Predeploys.COUNCIL);
        emit ICouncil.SpendingRefused(id, "too dear");
        vm.prank(TREASURER);
        COUNCIL.refuseSpending(id, "too dear");
        assertEq(COUNCIL.committeeOf(RESEARCH).budget, 60e18, "back");
        assertEq(COUNCIL.allocated(), 90e18, "allocated");
    }

    function testAnyoneEndsARequestAfter30Days() public {
        uint256 id = request(20e18);
        vm.warp(GENESIS_TIME + 30 days);
        vm.expectRevert(
            abi.encodeWithSelector(
                ICouncil.CouncilSpendingOpen.selector,
                id,
                GENESIS_TIME + 30 days
            )
        );
        COUNCIL.lapseSpending(id);
        vm.warp(GENESIS_TIME + 30 days + 1);
        vm.expectEmit(Predeploys.COUNCIL);
        emit ICouncil.SpendingLapsed(id);
        vm.prank(STRANGER);
        COUNCIL.lapseSpending(id);
        assertEq(COUNCIL.committeeOf(RESEARCH).budget, 60e18, "back");
        vm.expectRevert(abi.encodeWithSelector(ICouncil.CouncilUnknownSpending.selector, id + 1));
        COUNCIL.lapseSpending(id + 1);
    }

    function testARefusedPaymentStaysARequest() public {
        RefusingReceiver payee = new RefusingReceiver();
        vm.prank(RESEARCHER);
        uint256 id = COUNCIL.requestSpending(RESEARCH, address(payee), 5, "refused");
        vm.expectRevert(abi.encodeWithSelector(ICouncil.CouncilTransferFailed.selector, payee, 5));
        vm.prank(TREASURER);
        COUNCIL.releaseSpending(id);
        assertEq(COUNCIL.allocated(), 90e18, "unchanged");
    }

    /* REPORTS AND AUDITS */

    function testACommitteeWithAnOverdueReportCannotSpend() public {
        uint256 id = request(1e18);
        uint256 dueAt = GENESIS_TIME + 90 days;
        assertEq(COUNCIL.reportDueAt(RESEARCH), dueAt, "due");
        vm.warp(dueAt);
        assertTrue(!COUNCIL.isOverdue(RESEARCH), "in time");
        vm.warp(dueAt + 1);
        assertTrue(COUNCIL.isOverdue(RESEARCH), "overdue");
        bytes memory refusal = abi.encodeWithSelector(
            ICouncil.CouncilReportOverdue.selector,
            RESEARCH,
            dueAt
        );
        vm.expectRevert(refusal);
        vm.prank(RESEARCHER);
        COUNCIL.requestSpending(RESEARCH, SUPPLIER, 1, "late");
        vm.expectRevert(refusal);
        vm.prank(TREASURER);
        COUNCIL.releaseSpending(id);

        vm.expectEmit(Predeploys.COUNCIL);
        emit ICouncil.CommitteeReported(RESEARCH, bytes32("report"), "ipfs://r");
        vm.prank(RESEARCHER);
        COUNCIL.report(RESEARCH, "report", "ipfs://r");
        vm.prank(TREASURER);
        COUNCIL.releaseSpending(id);
        assertEq(SUPPLIER.balance, 1e18, "paid after the report");
    }

    function testAnAuditorsQuestionStopsTheCommitteeUntilTheBoardSettlesIt() public {
        uint256 id = request(1e18);
        expectUnauthorized(STRANGER);
        vm.prank(STRANGER);
        COUNCIL.questionSpending(id, "why");
        vm.startPrank(_AUDITOR);
        vm.expectEmit(Predeploys.COUNCIL);
        emit ICouncil.AuditPublished(_AUDITOR, bytes32("audit"), "ipfs://a");
        COUNCIL.publishAudit("audit", "ipfs://a");
        vm.expectEmit(Predeploys.COUNCIL);
        emit ICouncil.SpendingQuestioned(id, bytes32("why"));
        COUNCIL.questionSpending(id, "why");
        vm.expectRevert(abi.encodeWithSelector(ICouncil.CouncilBadQuestion.selector, id, true));
        COUNCIL.questionSpending(id, "why again");
        vm.stopPrank();
        vm.expectRevert(
            abi.encodeWithSelector(ICouncil.CouncilQuestionsOpen.selector, RESEARCH, 1)
        );
        vm.prank(TREASURER);
        COUNCIL.releaseSpending(id);
        vm.startPrank(Predeploys.TIMELOCK);
        vm.expectEmit(Predeploys.COUNCIL);
        emit ICouncil.QuestionSettled(id, bytes32("because"));
        COUNCIL.settleQuestion(id, "because");
        vm.expectRevert(abi.encodeWithSelector(ICouncil.CouncilBadQuestion.selector, id, false));
        COUNCIL.settleQuestion(id, "because");
        vm.stopPrank();
        vm.prank(TREASURER);
        COUNCIL.releaseSpending(id);
    }

    /* WITH THE REST OF THE CHAIN */

    function testTheCouncilCollectsItsBudget() public {
        vm.deal(Predeploys.TREASURY, 50e18);
        vm.prank(Predeploys.TIMELOCK);
        uint256 budgetId = ITreasury(Predeploys.TREASURY).setBudget(
            Predeploys.COUNCIL,
            10e18,
            10 days,
            "the foundation"
        );
        vm.warp(GENESIS_TIME + 5 days);
        expectUnauthorized(STRANGER);
        vm.prank(STRANGER);
        COUNCIL.collect(budgetId);
        vm.prank(TREASURER);
        assertEq(COUNCIL.collect(budgetId), 5e18, "half");
        assertEq(Predeploys.COUNCIL.balance, 105e18, "arrived");
    }

    function testResearchProposesParametersToTheHolders() public {
        bytes32[] memory keys = new bytes32[](1);
        uint256[] memory values = new uint256[](1);
        (keys[0], values[0]) = (ParamKeys.TASK_FEE_BPS, 300);
        expectUnauthorized(TREASURER);
        vm.prank(TREASURER);
        COUNCIL.proposeParameters(keys, values, "a lower fee");
        vm.startPrank(RESEARCHER);
        vm.expectRevert(abi.encodeWithSelector(ICouncil.CouncilBadParameters.selector, 1, 0, 16));
        COUNCIL.proposeParameters(keys, new uint256[](0), "a lower fee");
        uint256 id = COUNCIL.proposeParameters(keys, values, "a lower fee");
        vm.stopPrank();
        assertEq(
            uint256(IGovernor(Predeploys.POCA_GOVERNOR).state(id)),
            uint256(IGovernor.ProposalState.Pending),
            "before the holders"
        );
        assertEq(
            IProtocolParams(Predeploys.PROTOCOL_PARAMS).get(ParamKeys.TASK_FEE_BPS),
            450,
            "nothing changes without them"
        );
    }

    /* MONEY */

    function testFuzzTheCouncilNeverOwesMoreThanItHas(uint8[24] calldata moves) public {
        for (uint256 i = 0; i < moves.length; ++i) {
            _act(moves[i]);
            uint256 open = 0;
            ICouncil.Spending[] memory list = COUNCIL.spendings(1, 100);
            for (uint256 j = 0; j < list.length; ++j) {
                if (list[j].state == ICouncil.SpendingState.Requested) open += list[j].amount;
            }
            uint256 budgets =
                uint256(COUNCIL.committeeOf(RESEARCH).budget) + COUNCIL.committeeOf(FINANCE).budget;
            assertEq(COUNCIL.allocated(), budgets + open, "allocated");
            assertTrue(COUNCIL.allocated() <= Predeploys.COUNCIL.balance, "covered");
        }
        assertEq(
            Predeploys.COUNCIL.balance + SUPPLIER.balance + Predeploys.TREASURY.balance,
            100e18,
            "no coin is made or lost"
        );
    }

    function _act(uint8 move) private {
        uint256 id = 1 + ((move >> 3) % 4);
        uint96 amount = uint96(move >> 3) * 1e18;
        uint256 kind = move % 6;
        if (kind == 0) {
            vm.prank(RESEARCHER);
            try COUNCIL.requestSpending(RESEARCH, SUPPLIER, amount, "x") returns (
                uint256
            ) {} catch {}
        } else if (kind == 1) {
            vm.prank(TREASURER);
            try COUNCIL.releaseSpending(id) {} catch {}
        } else if (kind == 2) {
            vm.prank(TREASURER);
            try COUNCIL.refuseSpending(id, "x") {} catch {}
        } else if (kind == 3) {
            vm.prank(Predeploys.TIMELOCK);
            try COUNCIL.voteBudget(RESEARCH, amount * 3) {} catch {}
        } else if (kind == 4) {
            vm.prank(Predeploys.TIMELOCK);
            try COUNCIL.returnToTreasury(amount) {} catch {}
        } else {
            vm.warp(timeNow() + 11 days);
            try COUNCIL.lapseSpending(id) {} catch {}
        }
    }
}
