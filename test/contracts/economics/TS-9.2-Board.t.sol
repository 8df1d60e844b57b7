// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICouncil} from "../../../contracts/interfaces/ICouncil.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {CouncilTest} from "../governance/CouncilTest.sol";
import {vm} from "../support/Vm.sol";

/// @title TS 9.2: "appointed for a two-year term"
/// @custom:sentence The Board of Directors is the highest decision-making body of the Foundation
/// and assumes the ultimate decision-making function.
/// @custom:sentence Members of the Board are responsible for reviewing and approving key issues
/// such as strategic planning, annual plans, and budgets, and on behalf of the Foundation for
/// voting on ecological issues of Tesra industrial chain.
/// @custom:sentence The members of the Board and the Chairman of the Foundation will be appointed
/// for a two-year term.
contract TS92BoardTest is CouncilTest {
    /// @dev Half of the 1,461 days of four years.
    uint256 private constant _TWO_YEARS = 63_115_200;

    function setUp() public {
        deployCouncil();
        settleIn();
    }

    function testTheTermEndsAfterTwoYearsToTheSecond() public {
        bytes memory action = abi.encodeCall(ICouncil.hireAuditor, (STRANGER));
        vm.warp(GENESIS_TIME + _TWO_YEARS - 1);
        decide(action);
        assertEq(COUNCIL.auditor(), STRANGER, "the last second");

        vm.warp(GENESIS_TIME + _TWO_YEARS);
        bytes memory refusal = abi.encodeWithSelector(
            ICouncil.CouncilNoBoard.selector,
            GENESIS_TIME + _TWO_YEARS
        );
        vm.expectRevert(refusal);
        vm.prank(director(1));
        COUNCIL.makeMotion(action);
        vm.expectRevert(refusal);
        vm.prank(CHIEF);
        COUNCIL.recruit(RESEARCH, STRANGER);
        vm.prank(RESEARCHER);
        COUNCIL.report(RESEARCH, "report", "");
        vm.expectRevert(refusal);
        vm.prank(RESEARCHER);
        COUNCIL.requestSpending(RESEARCH, SUPPLIER, 1, "after the term");
    }

    function testTheChairmansTermEndsWithTheBoards() public {
        vm.warp(GENESIS_TIME + _TWO_YEARS);
        seat(3);
        assertEq(COUNCIL.chairman(), address(0), "to be appointed anew");
        (, uint256 term, uint256 expiresAt) = COUNCIL.board();
        assertEq(term, 2, "second term");
        assertEq(expiresAt, GENESIS_TIME + 126_230_400, "four years after the first");
    }

    function testTheBoardApprovesPlansBudgetsAndEcosystemIssues() public {
        ICouncil.Resolution[3] memory kinds = [
            ICouncil.Resolution.Strategy,
            ICouncil.Resolution.AnnualPlan,
            ICouncil.Resolution.Ecosystem
        ];
        for (uint256 i = 0; i < 3; ++i) {
            bytes32 document = bytes32(i + 1);
            vm.prank(director(1));
            uint256 id = COUNCIL.makeMotion(
                abi.encodeCall(ICouncil.adopt, (kinds[i], document, "ipfs://plan"))
            );
            vm.prank(director(2));
            COUNCIL.approveMotion(id);
            vm.expectEmit(Predeploys.COUNCIL);
            emit ICouncil.ResolutionAdopted(kinds[i], document, "ipfs://plan");
            vm.prank(director(3));
            COUNCIL.approveMotion(id);
        }
        decide(abi.encodeCall(ICouncil.voteBudget, (RESEARCH, 12e18)));
        assertEq(COUNCIL.committeeOf(RESEARCH).budget, 12e18, "budget");
    }

    function testNobodyElseInTheFoundationDecidesThese() public {
        address[3] memory others = [CHIEF, RESEARCHER, TREASURER];
        for (uint256 i = 0; i < 3; ++i) {
            expectUnauthorized(others[i]);
            vm.prank(others[i]);
            COUNCIL.voteBudget(RESEARCH, 99e18);
            expectUnauthorized(others[i]);
            vm.prank(others[i]);
            COUNCIL.appointChiefExecutive(others[i]);
        }
    }
}
