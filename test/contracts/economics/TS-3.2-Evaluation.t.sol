// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Verdict} from "../../../contracts/interfaces/IOracleHub.sol";
import {ITaskBook} from "../../../contracts/interfaces/ITaskBook.sol";
import {OracleTest} from "../compute/OracleTest.sol";
import {vm} from "../support/Vm.sol";

/// @title TS 3.2: "Once the task is completed, the task results will be evaluated and rewarded."
/// @custom:sentence Once the task is completed, the task results will be evaluated and rewarded.
contract TS32EvaluationTest is OracleTest {
    function setUp() public override {
        super.setUp();
        addOracles(8);
        openDrawn(TASK, PRICE);
    }

    function testThreeOfFourDrawnOraclesFindAResultRight() public {
        assertEq(committee(TASK).length, 4, "drawn");
        report(TASK, Verdict.Valid);
        ITaskBook.Slot memory its = MARKET.slotOf(TASK, 0);
        assertTrue(its.state == ITaskBook.SlotState.Attested, "will be rewarded");
    }

    function testAResultFoundWrongIsNotRewarded() public {
        report(TASK, Verdict.Invalid);
        ITaskBook.Slot memory its = MARKET.slotOf(TASK, 0);
        assertTrue(its.state == ITaskBook.SlotState.Refused, "will not");
    }

    function testAWorkerCanAppealAgainstTheEvaluation() public {
        report(TASK, Verdict.Invalid);
        giveCollateral(WORKER, 5e18);
        vm.prank(WORKER);
        COURT.openDispute(TASK, 0);
        assertTrue(
            MARKET.taskOf(TASK).state == ITaskBook.TaskState.Disputed,
            "the refund waits for a larger jury"
        );
    }

    function testAnEvaluationCanBeAppealed() public {
        report(TASK, Verdict.Valid);
        giveCollateral(CLIENT, 5e18);
        vm.prank(CLIENT);
        COURT.openDispute(TASK, 0);
        assertTrue(
            MARKET.taskOf(TASK).state == ITaskBook.TaskState.Disputed,
            "the reward waits for a larger jury"
        );
    }
}
