// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ITaskBook} from "../../../contracts/interfaces/ITaskBook.sol";
import {ITaskMarket} from "../../../contracts/interfaces/ITaskMarket.sol";
import {Fault} from "../../../contracts/interfaces/IReputation.sol";
import {ParamKeys} from "../../../contracts/libraries/ParamKeys.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {ProtocolParams} from "../../../contracts/governance/ProtocolParams.sol";
import {vm} from "../support/Vm.sol";
import {ComputeTest} from "./ComputeTest.sol";

/// @notice How a task that went well is paid. Worker i has power 1,000 x (i + 1); the price is 100
/// coins, so a client escrows 150.
contract TaskSettlingTest is ComputeTest {
    function setUp() public {
        deployCompute();
        proveWorkers(3);
    }

    /* SETTLING */

    function testAWorkerInTimeGetsThePriceLessTheFee() public {
        uint256 taskId = runToChallenge(spec(1), EXPECTED);
        uint40 deadline = MARKET.taskOf(taskId).deadline;
        vm.warp(deadline);
        bytes memory refusal = abi.encodeWithSelector(
            ITaskBook.TaskMarketBeforeDeadline.selector,
            taskId,
            deadline
        );
        vm.expectRevert(refusal);
        MARKET.finalize(taskId);
        vm.expectRevert(refusal);
        MARKET.expire(taskId);
        vm.warp(uint256(deadline) + 1);
        vm.expectEmit(Predeploys.TASK_MARKET);
        emit ITaskBook.SlotPaid(taskId, 0, worker(0), 100e18, 2.5e18, 1_000, 160, 10_000, 10_000);
        vm.expectEmit(Predeploys.TASK_MARKET);
        emit ITaskBook.TaskCompleted(taskId, 100e18, 2.5e18, 50e18);
        vm.prank(STRANGER);
        MARKET.finalize(taskId);
        assertState(taskId, ITaskBook.TaskState.Completed);
        assertEq(ESCROW.creditOf(worker(0)), 97.5e18, "worker");
        assertEq(ESCROW.creditOf(Predeploys.ORACLE_HUB), 1e18, "oracles");
        assertEq(ESCROW.creditOf(Predeploys.TREASURY), 1e18, "treasury");
        assertEq(Predeploys.SUPPLY_METER.balance, 0.5e18, "burned");
        assertEq(ESCROW.creditOf(CLIENT), 50e18, "client");
        assertEq(ESCROW.balanceOf(taskId), 0, "nothing stays");
        assertEq(VAULT.freeOf(worker(0)), 1_000e18, "collateral is free");
        assertEq(REPUTATION.commentOf(worker(0)), 10_025, "comment");
        vm.expectRevert(wrongState(taskId, ITaskBook.TaskState.Completed));
        MARKET.finalize(taskId);
        vm.expectRevert(wrongState(taskId, ITaskBook.TaskState.Completed));
        MARKET.expire(taskId);
        ESCROW.withdrawFor(Predeploys.TREASURY);
        assertEq(Predeploys.TREASURY.balance, 1e18, "withdrawn for the treasury");
    }

    function testTwoWorkersArePaidByPowerAndSpeed() public {
        uint256 taskId = start(spec(2));
        pass(500);
        commitResult(taskId, 0);
        pass(600);
        commitResult(taskId, 1);
        revealAll(taskId);
        judgeAll(taskId);
        passDeadline(taskId);
        // 100 / 3 * 1.2
        vm.expectEmit(Predeploys.TASK_MARKET);
        emit ITaskBook.SlotPaid(taskId, 0, worker(0), 40e18, 1e18, 1_000, 53, 12_000, 10_000);
        // 200 / 3 * 0.909
        vm.expectEmit(Predeploys.TASK_MARKET);
        emit ITaskBook.SlotPaid(
            taskId,
            1,
            worker(1),
            60_600000000000000000,
            1_515000000000000000,
            2_000,
            107,
            9_090,
            10_000
        );
        vm.expectEmit(Predeploys.TASK_MARKET);
        emit ITaskBook.TaskCompleted(taskId, 100.6e18, 2.515e18, 49.4e18);
        MARKET.expire(taskId);
        assertEq(REPUTATION.commentOf(worker(0)), 10_025, "praised");
        assertEq(REPUTATION.commentOf(worker(1)), 10_000, "in grace only");
    }

    function testTheSponsorGetsTheRefund() public {
        ITaskBook.TaskSpec memory s = spec(1);
        s.sponsor = STRANGER;
        uint256 taskId = runToChallenge(s, EXPECTED);
        passDeadline(taskId);
        MARKET.finalize(taskId);
        assertEq(ESCROW.creditOf(STRANGER), 50e18, "sponsor");
        assertEq(ESCROW.creditOf(CLIENT), 0, "client");
    }

    function testALaterVoteMovesNoOpenTask() public {
        uint256 taskId = start(spec(1));
        ProtocolParams params = ProtocolParams(Predeploys.PROTOCOL_PARAMS);
        vm.startPrank(Predeploys.TIMELOCK);
        params.set(ParamKeys.TASK_FEE_BPS, 499);
        params.set(ParamKeys.TASK_FEE_ORACLE_BPS, 10_000);
        params.set(ParamKeys.TASK_REVEAL_WINDOW, 1);
        params.set(ParamKeys.TASK_ATTEST_WINDOW, 1);
        params.set(ParamKeys.TASK_CHALLENGE_WINDOW, 1);
        vm.stopPrank();
        pass(EXPECTED);
        commitAll(taskId);
        assertEq(MARKET.taskOf(taskId).deadline, time() + REVEAL, "reveal");
        revealAll(taskId);
        assertEq(MARKET.taskOf(taskId).deadline, time() + ATTEST, "attest");
        judgeAll(taskId);
        assertEq(MARKET.taskOf(taskId).deadline, time() + CHALLENGE, "challenge");
        passDeadline(taskId);
        MARKET.finalize(taskId);
        assertEq(ESCROW.creditOf(worker(0)), 97.5e18, "worker");
        assertEq(ESCROW.creditOf(Predeploys.ORACLE_HUB), 1e18, "oracles");
    }

    function testTheCommentIsTheOneAtAcceptance() public {
        vm.prank(Predeploys.TASK_MARKET);
        REPUTATION.recordFault(worker(0), Fault.Abort);
        uint256 taskId = start(spec(1));
        pass(EXPECTED);
        commitAll(taskId);
        revealAll(taskId);
        judgeAll(taskId);
        pass(4 days);
        assertEq(REPUTATION.commentOf(worker(0)), 10_000, "the penalty is over");
        MARKET.finalize(taskId);
        assertEq(ESCROW.creditOf(worker(0)), 78e18, "paid by the comment of 8,000");
    }

    function testFuzzPaymentIsWithinTheEscrowAndTheFeeUnderFivePercent(
        uint96 price,
        uint16 workSeconds,
        uint8 slots,
        uint16 feeBps
    ) public {
        ITaskBook.TaskSpec memory s = spec(1 + (slots % 3));
        s.price = 1 + (price % 600e18);
        uint256 rate = feeBps % 500;
        vm.prank(Predeploys.TIMELOCK);
        ProtocolParams(Predeploys.PROTOCOL_PARAMS).set(ParamKeys.TASK_FEE_BPS, rate);
        uint256 taskId = runToChallenge(s, workSeconds % 1_201);
        uint256 collateral = ESCROW.balanceOf(taskId);
        passDeadline(taskId);
        MARKET.finalize(taskId);
        uint256 refund = ESCROW.creditOf(CLIENT);
        uint256 net = 0;
        for (uint256 i = 0; i < s.slotCount; ++i) net += ESCROW.creditOf(worker(i));
        assertEq(ESCROW.balanceOf(taskId), 0, "the escrow is empty");
        uint256 gross = collateral - refund;
        assertTrue(gross <= collateral, "payment within the escrow");
        assertTrue(gross == 0 || (gross - net) * 100 < gross * 5, "fee under 5 %");
        uint256 held =
            refund +
                net +
                ESCROW.creditOf(Predeploys.ORACLE_HUB) +
                ESCROW.creditOf(Predeploys.TREASURY);
        assertEq(held + Predeploys.SUPPLY_METER.balance, collateral, "nothing is lost");
        assertEq(address(ESCROW).balance, held, "the escrow holds its credits");
    }
}
