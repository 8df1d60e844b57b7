// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ITaskBook} from "../../../contracts/interfaces/ITaskBook.sol";
import {Verdict} from "../../../contracts/interfaces/IOracleHub.sol";
import {Fault, IReputation} from "../../../contracts/interfaces/IReputation.sol";
import {IProtocolParams} from "../../../contracts/interfaces/IProtocolParams.sol";
import {ParamKeys} from "../../../contracts/libraries/ParamKeys.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {SystemContract} from "../../../contracts/libraries/SystemContract.sol";
import {vm} from "../support/Vm.sol";
import {ComputeTest} from "./ComputeTest.sol";

/// @notice What the court does to a task, and what clients say about it afterwards.
contract TaskDisputesTest is ComputeTest {
    function setUp() public {
        deployCompute();
        proveWorkers(3);
    }

    function dispute(uint256 taskId, uint8 slot) internal {
        vm.prank(Predeploys.DISPUTE_COURT);
        MARKET.onDisputeOpened(taskId, slot);
    }

    function resolve(uint256 taskId, uint8 slot, bool faulty, bool proved) internal {
        vm.prank(Predeploys.DISPUTE_COURT);
        MARKET.onDisputeResolved(taskId, slot, faulty, proved);
    }

    /* DISPUTING */

    function testADisputeStopsThePayment() public {
        uint256 taskId = runToChallenge(spec(2), 1_000);
        uint40 challengeBy = MARKET.taskOf(taskId).deadline;
        vm.expectEmit(Predeploys.TASK_MARKET);
        emit ITaskBook.TaskDisputed(taskId, 0, 1, uint40(time() + DISPUTE));
        dispute(taskId, 0);
        assertState(taskId, ITaskBook.TaskState.Disputed);
        vm.warp(uint256(challengeBy) + 1);
        vm.expectRevert(wrongState(taskId, ITaskBook.TaskState.Disputed));
        MARKET.finalize(taskId);
        vm.prank(Predeploys.DISPUTE_COURT);
        vm.expectRevert(
            abi.encodeWithSelector(ITaskBook.TaskMarketPastDeadline.selector, taskId, challengeBy)
        );
        MARKET.onDisputeOpened(taskId, 1);
        vm.expectEmit(Predeploys.TASK_MARKET);
        emit ITaskBook.DisputeSettled(taskId, 0, false, false);
        resolve(taskId, 0, false, false);
        assertState(taskId, ITaskBook.TaskState.Challenge);
        MARKET.finalize(taskId);
        assertState(taskId, ITaskBook.TaskState.Completed);
    }

    function testTheLastDisputeLetsTheTaskGoOn() public {
        uint256 taskId = runToChallenge(spec(2), 1_000);
        dispute(taskId, 0);
        dispute(taskId, 1);
        assertEq(MARKET.taskOf(taskId).disputes, 2, "two");
        resolve(taskId, 1, false, false);
        assertState(taskId, ITaskBook.TaskState.Disputed);
        resolve(taskId, 0, false, false);
        assertState(taskId, ITaskBook.TaskState.Challenge);
        dispute(taskId, 0);
        assertState(taskId, ITaskBook.TaskState.Disputed);
    }

    function testAProvedFaultCostsTheCollateralAndATenthOfTheStake() public {
        giveCollateral(worker(1), 70e18);
        vm.prank(worker(1));
        REGISTRY.addStake(70e18);
        uint256 taskId = runToChallenge(spec(2), 1_000);
        dispute(taskId, 1);
        // 33.33 of collateral and 7 of stake, of which a tenth is burned.
        vm.expectEmit(Predeploys.TASK_MARKET);
        emit ITaskBook.SlotFaulted(taskId, 1, worker(1), Fault.Invalid, 40_333333333333333334);
        vm.expectEmit(Predeploys.TASK_MARKET);
        emit ITaskBook.ReserveChanged(taskId, 36_300000000000000001, 0, 36_300000000000000001);
        resolve(taskId, 1, true, true);
        assertState(taskId, ITaskBook.TaskState.Challenge);
        assertEq(Predeploys.SUPPLY_METER.balance, 4_033333333333333333, "burned");
        assertEq(REGISTRY.stakeOf(worker(1)), 63e18, "stake");
        assertEq(REPUTATION.commentOf(worker(1)), 5_000, "comment");
        assertEq(REPUTATION.recordOf(worker(1)).baseBps, 5_000, "base");
        assertEq(REPUTATION.recordOf(worker(1)).lateUntil, time() + 10 days, "ten days");
        assertEq(VAULT.freeOf(Predeploys.TASK_MARKET), MARKET.reserve(), "the reserve is backed");
    }

    function testAVotedFaultCostsThePayOnly() public {
        uint256 taskId = runToChallenge(spec(2), 1_000);
        dispute(taskId, 1);
        resolve(taskId, 1, true, false);
        assertState(taskId, ITaskBook.TaskState.Challenge);
        assertEq(VAULT.freeOf(worker(1)), 1_000e18, "collateral comes back");
        assertEq(REPUTATION.commentOf(worker(1)), 9_500, "500 for three days");
        pass(3 days);
        assertEq(REPUTATION.commentOf(worker(1)), 10_000, "over");
    }

    function testAResultThatIsNotServedCostsAQuarter() public {
        uint256 taskId = runToChallenge(spec(2), 1_000);
        dispute(taskId, 1);
        vm.expectEmit(Predeploys.TASK_MARKET);
        emit ITaskBook.SlotFaulted(taskId, 1, worker(1), Fault.Unavailable, 8_333333333333333334);
        vm.prank(Predeploys.DISPUTE_COURT);
        MARKET.onResultUnavailable(taskId, 1);
        assertState(taskId, ITaskBook.TaskState.Challenge);
        assertEq(REPUTATION.commentOf(worker(1)), 8_000, "as if late");
    }

    function testTheOtherSlotsArePaid() public {
        uint256 taskId = runToChallenge(spec(2), 1_000);
        dispute(taskId, 1);
        resolve(taskId, 1, true, true);
        assertState(taskId, ITaskBook.TaskState.Challenge);
        passDeadline(taskId);
        MARKET.finalize(taskId);
        assertEq(ESCROW.creditOf(worker(0)), 32_500000000000000000, "a third, less the fee");
        assertEq(ESCROW.creditOf(worker(1)), 0, "nothing");
    }

    function testACourtThatTakesTooLongHasShownNothing() public {
        uint256 taskId = runToChallenge(spec(1), 1_000);
        dispute(taskId, 0);
        passDeadline(taskId);
        vm.expectEmit(Predeploys.TASK_MARKET);
        emit ITaskBook.DisputesDismissed(taskId, 1);
        vm.prank(STRANGER);
        MARKET.expire(taskId);
        assertState(taskId, ITaskBook.TaskState.Challenge);
        resolve(taskId, 0, true, true);
        assertState(taskId, ITaskBook.TaskState.Challenge);
        vm.prank(STRANGER);
        MARKET.expire(taskId);
        assertState(taskId, ITaskBook.TaskState.Completed);
    }

    function testADismissedDisputeDoesNotSpeakForALaterOne() public {
        vm.startPrank(Predeploys.TIMELOCK);
        IProtocolParams params = IProtocolParams(Predeploys.PROTOCOL_PARAMS);
        params.set(ParamKeys.TASK_CHALLENGE_WINDOW, 86_400);
        params.set(ParamKeys.TASK_DISPUTE_WINDOW, 3_600);
        vm.stopPrank();
        uint256 taskId = runToChallenge(spec(2), 1_000);
        dispute(taskId, 0);
        passDeadline(taskId);
        MARKET.expire(taskId);
        assertState(taskId, ITaskBook.TaskState.Challenge);
        // Slot 0 is still before the court, which would end a dispute of slot 1 with it.
        uint40 challengeBy = MARKET.taskOf(taskId).challengeBy;
        vm.prank(Predeploys.DISPUTE_COURT);
        vm.expectRevert(
            abi.encodeWithSelector(ITaskBook.TaskMarketPastDeadline.selector, taskId, challengeBy)
        );
        MARKET.onDisputeOpened(taskId, 1);
        MARKET.finalize(taskId);
        assertState(taskId, ITaskBook.TaskState.Completed);
    }

    function testOnlyTheCourtDisputes() public {
        uint256 taskId = runToChallenge(spec(1), 1_000);
        bytes memory refusal = abi.encodeWithSelector(
            SystemContract.SystemContractUnauthorized.selector,
            address(this),
            Predeploys.DISPUTE_COURT
        );
        vm.expectRevert(refusal);
        MARKET.onDisputeOpened(taskId, 0);
        vm.expectRevert(refusal);
        MARKET.onDisputeResolved(taskId, 0, true, true);
        vm.expectRevert(refusal);
        MARKET.onResultUnavailable(taskId, 0);
        assertState(taskId, ITaskBook.TaskState.Challenge);
    }

    function testALostSlotIsNotDisputed() public {
        uint256 taskId = start(spec(2));
        pass(1_000);
        commitAll(taskId);
        reveal(taskId, 0);
        passDeadline(taskId);
        MARKET.expire(taskId);
        judge(taskId, 0, Verdict.Valid);
        vm.prank(Predeploys.DISPUTE_COURT);
        vm.expectRevert(
            abi.encodeWithSelector(
                ITaskBook.TaskMarketWrongSlotState.selector,
                taskId,
                1,
                ITaskBook.SlotState.Faulted
            )
        );
        MARKET.onDisputeOpened(taskId, 1);
    }

    /* RATING */

    function testAClientRatesThePaidWorkersOnce() public {
        uint256 taskId = runToChallenge(spec(2), 1_100);
        vm.prank(CLIENT);
        vm.expectRevert(wrongState(taskId, ITaskBook.TaskState.Challenge));
        MARKET.rate(taskId, 5);
        passDeadline(taskId);
        MARKET.finalize(taskId);
        vm.expectRevert(
            abi.encodeWithSelector(ITaskBook.TaskMarketNotClient.selector, taskId, address(this))
        );
        MARKET.rate(taskId, 5);
        vm.startPrank(CLIENT);
        bytes4 selector = ITaskBook.TaskMarketRatingOutOfBounds.selector;
        vm.expectRevert(abi.encodeWithSelector(selector, 0));
        MARKET.rate(taskId, 0);
        vm.expectRevert(abi.encodeWithSelector(selector, 6));
        MARKET.rate(taskId, 6);
        vm.expectEmit(Predeploys.REPUTATION);
        emit IReputation.CommentRated(worker(0), 5, 10_010);
        vm.expectEmit(Predeploys.REPUTATION);
        emit IReputation.CommentRated(worker(1), 5, 10_010);
        vm.expectEmit(Predeploys.TASK_MARKET);
        emit ITaskBook.TaskRated(taskId, CLIENT, 5);
        MARKET.rate(taskId, 5);
        vm.expectRevert(abi.encodeWithSelector(ITaskBook.TaskMarketAlreadyRated.selector, taskId));
        MARKET.rate(taskId, 1);
        vm.stopPrank();
    }

    function testCheapTasksAreNotRated() public {
        ITaskBook.TaskSpec memory s = spec(1);
        s.price = 1e18 - 1;
        uint256 taskId = runToChallenge(s, 1_000);
        passDeadline(taskId);
        MARKET.finalize(taskId);
        vm.prank(CLIENT);
        vm.expectRevert(
            abi.encodeWithSelector(
                ITaskBook.TaskMarketPriceTooLowToRate.selector,
                taskId,
                1e18 - 1,
                1e18
            )
        );
        MARKET.rate(taskId, 5);
    }
}
