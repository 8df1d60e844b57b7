// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Fault, IReputation} from "../../../contracts/interfaces/IReputation.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {SystemContract} from "../../../contracts/libraries/SystemContract.sol";
import {vm} from "../support/Vm.sol";
import {ComputeTest} from "./ComputeTest.sol";

/// @notice The comment falls by the whitepaper's penalties and rises again to the second.
contract ReputationTest is ComputeTest {
    address internal constant W = address(0x3000);

    function setUp() public {
        deployCompute();
    }

    function fault(Fault kind) internal {
        vm.prank(Predeploys.TASK_MARKET);
        REPUTATION.recordFault(W, kind);
    }

    /// @dev One task a day.
    function complete(uint256 times) internal {
        for (uint256 i = 0; i < times; ++i) {
            vm.prank(Predeploys.TASK_MARKET);
            REPUTATION.recordCompletion(W);
            pass(1 days);
        }
    }

    function rate(uint8 rating) internal {
        vm.prank(Predeploys.TASK_MARKET);
        REPUTATION.recordRating(W, rating);
    }

    function assertComment(uint256 wanted, string memory what) internal view {
        assertEq(REPUTATION.commentOf(W), wanted, what);
    }

    function testStartsAtTenThousand() public view {
        assertComment(10_000, "comment of a stranger");
        assertEq(REPUTATION.recordOf(W).baseBps, 10_000, "base of a stranger");
    }

    function testAbortCostsExactlyThreeDays() public {
        uint256 t = GENESIS_TIME;
        vm.expectEmit(Predeploys.REPUTATION);
        emit IReputation.CommentPenalised(W, Fault.Abort, uint40(t + 3 days), 8_000);
        fault(Fault.Abort);
        assertComment(8_000, "at once");
        vm.warp(t + 3 days - 1);
        assertComment(8_000, "a second before three days");
        vm.warp(t + 3 days);
        assertComment(10_000, "after three days");
        vm.warp(t + 3 days + 1);
        assertComment(10_000, "a second later");
        assertEq(REPUTATION.recordOf(W).abortCount, 0, "aborts that count");
        assertEq(REPUTATION.recordOf(W).faults, 1, "faults ever");
    }

    function testLatenessCostsExactlyTenDays() public {
        uint256 t = GENESIS_TIME;
        vm.expectEmit(Predeploys.REPUTATION);
        emit IReputation.CommentPenalised(W, Fault.Late, uint40(t + 10 days), 8_000);
        fault(Fault.Late);
        vm.warp(t + 10 days - 1);
        assertComment(8_000, "a second before ten days");
        vm.warp(t + 10 days);
        assertComment(10_000, "after ten days");
    }

    function testNonRevealAndUnavailableCountAsLate() public {
        fault(Fault.NonReveal);
        assertComment(8_000, "one");
        fault(Fault.Unavailable);
        assertComment(6_000, "two");
        assertEq(REPUTATION.recordOf(W).lateCount, 2, "late count");
        assertEq(REPUTATION.recordOf(W).lateUntil, time() + 10 days, "late until");
    }

    function testUnattestedCostsFiveHundredForThreeDays() public {
        uint256 t = GENESIS_TIME;
        vm.expectEmit(Predeploys.REPUTATION);
        emit IReputation.CommentPenalised(W, Fault.Unattested, uint40(t + 3 days), 9_500);
        fault(Fault.Unattested);
        vm.warp(t + 3 days - 1);
        assertComment(9_500, "a second before three days");
        vm.warp(t + 3 days);
        assertComment(10_000, "after three days");
    }

    function testProvedInvalidityTakesTheBase() public {
        fault(Fault.Invalid);
        assertComment(5_000, "at once");
        pass(30 days);
        assertComment(5_000, "and for good");
        complete(1);
        assertComment(5_025, "until work raises it");
    }

    function testPenaltiesStackToThreeAndNeverBelowHalf() public {
        fault(Fault.Abort);
        fault(Fault.Abort);
        assertComment(6_000, "two");
        fault(Fault.Abort);
        assertComment(5_000, "three");
        fault(Fault.Abort);
        assertEq(REPUTATION.recordOf(W).abortCount, 3, "counted");
        fault(Fault.Late);
        assertComment(5_000, "floor");
    }

    function testAPenaltyThatRanOutIsForgotten() public {
        fault(Fault.Abort);
        fault(Fault.Abort);
        pass(3 days);
        fault(Fault.Abort);
        assertComment(8_000, "one again");
    }

    function testAnAbortRenewsTheThreeDays() public {
        uint256 t = GENESIS_TIME;
        fault(Fault.Abort);
        vm.warp(t + 2 days);
        fault(Fault.Abort);
        vm.warp(t + 5 days - 1);
        assertComment(6_000, "both still count");
        vm.warp(t + 5 days);
        assertComment(10_000, "both are over");
    }

    function testAbortAndLatenessRunBesideEachOther() public {
        uint256 t = GENESIS_TIME;
        fault(Fault.Abort);
        fault(Fault.Late);
        assertComment(6_000, "both");
        vm.warp(t + 3 days);
        assertComment(8_000, "lateness alone");
        vm.warp(t + 10 days);
        assertComment(10_000, "none");
    }

    function testWorkRaisesByTwentyFiveUpToElevenThousand() public {
        vm.expectEmit(Predeploys.REPUTATION);
        emit IReputation.CommentRaised(W, 10_025);
        complete(1);
        complete(39);
        assertComment(11_000, "forty tasks");
        complete(5);
        assertComment(11_000, "no further");
        assertEq(REPUTATION.recordOf(W).completed, 45, "completed");
        fault(Fault.Abort);
        pass(3 days);
        assertComment(10_000, "an abort takes what was gained");
    }

    function testWorkRaisesOnceADay() public {
        vm.startPrank(Predeploys.TASK_MARKET);
        REPUTATION.recordCompletion(W);
        pass(1 days - 1);
        REPUTATION.recordCompletion(W);
        assertComment(10_025, "in the last second of the day");
        pass(1);
        REPUTATION.recordCompletion(W);
        assertComment(10_050, "a day later");
        assertEq(REPUTATION.recordOf(W).completed, 3, "all are counted");
        vm.stopPrank();
    }

    function testTheBaseItselfStopsAtElevenThousand() public {
        complete(40);
        vm.expectEmit(Predeploys.REPUTATION);
        emit IReputation.CommentRaised(W, 11_000);
        complete(1);
        assertEq(REPUTATION.recordOf(W).baseBps, 11_000, "base");
        fault(Fault.Unattested);
        assertComment(10_500, "nothing was saved up against a penalty");
    }

    function testARatingMovesTheBaseByFiveForEachStepFromThree() public {
        uint16[5] memory wanted = [uint16(9_990), 9_985, 9_985, 9_990, 10_000];
        for (uint8 i = 0; i < 5; ++i) {
            vm.expectEmit(Predeploys.REPUTATION);
            emit IReputation.CommentRated(W, i + 1, wanted[i]);
            rate(i + 1);
            assertComment(wanted[i], "after the rating");
            pass(1 days);
        }
    }

    function testRatingsRaiseOnceADayAndLowerAlways() public {
        rate(5);
        rate(5);
        assertComment(10_010, "once");
        rate(1);
        rate(1);
        assertComment(9_990, "each");
        pass(1 days - 1);
        rate(4);
        assertComment(9_990, "in the last second of the day");
        pass(1);
        rate(4);
        assertComment(9_995, "a day later");
    }

    function testARatingKeepsTheBaseWithinItsBounds() public {
        complete(40);
        rate(5);
        assertEq(REPUTATION.recordOf(W).baseBps, 11_000, "highest");
        fault(Fault.Invalid);
        rate(1);
        assertEq(REPUTATION.recordOf(W).baseBps, 5_000, "lowest");
    }

    function testARatingIsFromOneToFive() public {
        bytes4 selector = IReputation.ReputationRatingOutOfBounds.selector;
        vm.startPrank(Predeploys.TASK_MARKET);
        vm.expectRevert(abi.encodeWithSelector(selector, 0));
        REPUTATION.recordRating(W, 0);
        vm.expectRevert(abi.encodeWithSelector(selector, 6));
        REPUTATION.recordRating(W, 6);
        vm.stopPrank();
    }

    function testOnlyTheMarketRecords() public {
        bytes memory refusal = abi.encodeWithSelector(
            SystemContract.SystemContractUnauthorized.selector,
            address(this),
            Predeploys.TASK_MARKET
        );
        vm.expectRevert(refusal);
        REPUTATION.recordFault(W, Fault.Late);
        vm.expectRevert(refusal);
        REPUTATION.recordCompletion(W);
        vm.expectRevert(refusal);
        REPUTATION.recordRating(W, 5);
    }

    function testNoFaultIsNotRecorded() public {
        vm.prank(Predeploys.TASK_MARKET);
        vm.expectRevert(abi.encodeWithSelector(IReputation.ReputationNoFault.selector, W));
        REPUTATION.recordFault(W, Fault.None);
    }

    function testFuzzTheCommentStaysWithinItsBounds(uint8[20] memory steps) public {
        for (uint256 i = 0; i < steps.length; ++i) {
            uint8 kind = steps[i] % 8;
            if (kind == 0) complete(30);
            else if (kind == 7) pass(uint256(steps[i]) * 1 hours);
            else fault(Fault(kind));
            uint256 comment = REPUTATION.commentOf(W);
            assertTrue(comment >= 5_000 && comment <= 11_000, "comment within its bounds");
        }
    }
}
