// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Fault} from "../../../contracts/interfaces/IReputation.sol";
import {Verdict} from "../../../contracts/interfaces/IOracleHub.sol";
import {ITaskBook} from "../../../contracts/interfaces/ITaskBook.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {vm} from "../support/Vm.sol";
import {ComputeTest} from "./ComputeTest.sol";

/// @notice What a worker has published is paid, whatever the other slots do. Powers 1,000, 2,000
/// and 3,000: of a price of 100 coins a sixth, a third and a half, with half of that as collateral.
contract TaskPublishedTest is ComputeTest {
    /// @dev What the worker of each slot gets when its result is valid, less the fee.
    uint256 internal constant NET_0 = 16_250000000000000000;
    uint256 internal constant NET_1 = 32_500000000000000000;
    uint256 internal constant NET_2 = 48_750000000000000000;

    function setUp() public {
        deployCompute();
        proveWorkers(4);
    }

    function startToReveal(uint8 slots) internal returns (uint256 taskId) {
        taskId = start(spec(slots));
        pass(1_000);
        commitAll(taskId);
    }

    function startToAttest(uint8 slots) internal returns (uint256 taskId) {
        taskId = startToReveal(slots);
        revealAll(taskId);
    }

    function settle(uint256 taskId) internal {
        passDeadline(taskId);
        MARKET.finalize(taskId);
        assertState(taskId, ITaskBook.TaskState.Completed);
        assertEq(ESCROW.balanceOf(taskId), 0, "nothing stays in the escrow");
        for (uint256 i = 0; i < 4; ++i) {
            assertEq(VAULT.lockedOf(worker(i)), 0, "nothing stays locked");
            assertEq(REGISTRY.nodeOf(worker(i)).openSlots, 0, "nobody is held");
        }
        assertEq(VAULT.freeOf(Predeploys.TASK_MARKET), MARKET.reserve(), "the reserve is backed");
    }

    /* REVEALING */

    function testAWithheldRevealCostsTheOthersNothing() public {
        uint256 taskId = startToReveal(2);
        reveal(taskId, 1);
        passDeadline(taskId);
        // A third of 50 coins, rounded up, of which a tenth is burned.
        vm.expectEmit(Predeploys.TASK_MARKET);
        emit ITaskBook.SlotFaulted(taskId, 0, worker(0), Fault.NonReveal, 16_666666666666666667);
        vm.expectEmit(Predeploys.TASK_MARKET);
        emit ITaskBook.ReserveChanged(taskId, 15_000000000000000001, 0, 15_000000000000000001);
        vm.expectEmit(Predeploys.TASK_MARKET);
        emit ITaskBook.AttestingOpened(taskId, uint40(time() + ATTEST));
        MARKET.expire(taskId);
        assertEq(Predeploys.SUPPLY_METER.balance, 1_666666666666666666, "burned");
        judge(taskId, 1, Verdict.Valid);
        settle(taskId);
        // Two thirds of 100 coins, less the fee of a fortieth.
        assertEq(ESCROW.creditOf(worker(1)), 65e18, "the published result is paid");
        assertEq(ESCROW.creditOf(CLIENT), 83_333333333333333334, "the lost share goes back");
        assertEq(VAULT.freeOf(worker(0)), 983_333333333333333333, "the silent one has lost");
        assertEq(REPUTATION.commentOf(worker(0)), 8_000, "and is known for it");
    }

    function testATaskEndsWhenNobodyReveals() public {
        uint256 taskId = startToReveal(2);
        passDeadline(taskId);
        MARKET.expire(taskId);
        assertState(taskId, ITaskBook.TaskState.Rejected);
        assertEq(ESCROW.creditOf(CLIENT), 150e18, "in full");
        assertEq(MARKET.reserve(), 45_000000000000000001, "50 coins and a wei, less a tenth");
    }

    /* ATTESTING */

    function testARefusedResultCostsTheOthersNothing() public {
        uint256 taskId = startToAttest(3);
        judge(taskId, 1, Verdict.Valid);
        judge(taskId, 0, Verdict.Invalid);
        assertState(taskId, ITaskBook.TaskState.Attesting);
        assertEq(MARKET.taskOf(taskId).pending, 1, "one is left to judge");
        judge(taskId, 2, Verdict.Valid);
        passDeadline(taskId);
        vm.expectEmit(Predeploys.TASK_MARKET);
        emit ITaskBook.SlotFaulted(taskId, 0, worker(0), Fault.Unattested, 0);
        MARKET.finalize(taskId);
        assertState(taskId, ITaskBook.TaskState.Completed);
        assertEq(ESCROW.creditOf(worker(0)), 0, "the refused");
        assertEq(ESCROW.creditOf(worker(1)), NET_1, "a third");
        assertEq(ESCROW.creditOf(worker(2)), NET_2, "a half");
        assertEq(ESCROW.creditOf(CLIENT), 66_666666666666666667, "a sixth and the rest");
    }

    function testARefusalThatIsLastOpensTheChallenge() public {
        uint256 taskId = startToAttest(2);
        judge(taskId, 1, Verdict.Valid);
        vm.expectEmit(Predeploys.TASK_MARKET);
        emit ITaskBook.ChallengeOpened(taskId, uint40(time() + CHALLENGE));
        judge(taskId, 0, Verdict.Invalid);
        settle(taskId);
        assertEq(ESCROW.creditOf(worker(1)), 65e18, "two thirds less the fee");
    }

    function testATaskEndsWhenEveryResultIsRefused() public {
        uint256 taskId = startToAttest(2);
        judge(taskId, 0, Verdict.Invalid);
        assertState(taskId, ITaskBook.TaskState.Attesting);
        judge(taskId, 1, Verdict.Unavailable);
        assertState(taskId, ITaskBook.TaskState.Challenge);
        passDeadline(taskId);
        vm.expectEmit(Predeploys.TASK_MARKET);
        emit ITaskBook.TaskEnded(taskId, ITaskBook.TaskState.Rejected, 150e18, 0);
        MARKET.finalize(taskId);
        assertEq(ESCROW.creditOf(CLIENT), 150e18, "in full");
    }

    function testWhatWasJudgedIsPaidThoughTheOraclesFallSilent() public {
        uint256 taskId = startToAttest(3);
        judge(taskId, 2, Verdict.Valid);
        passDeadline(taskId);
        vm.expectEmit(Predeploys.TASK_MARKET);
        emit ITaskBook.SlotUnjudged(taskId, 0, worker(0));
        vm.expectEmit(Predeploys.TASK_MARKET);
        emit ITaskBook.SlotUnjudged(taskId, 1, worker(1));
        vm.expectEmit(Predeploys.TASK_MARKET);
        emit ITaskBook.ChallengeOpened(taskId, uint40(time() + CHALLENGE));
        vm.prank(STRANGER);
        MARKET.expire(taskId);
        assertTrue(MARKET.slotOf(taskId, 0).state == ITaskBook.SlotState.Faulted, "out");
        assertTrue(MARKET.slotOf(taskId, 0).fault == Fault.None, "without fault");
        assertEq(VAULT.freeOf(worker(0)), 1_000e18, "collateral");
        assertEq(REPUTATION.commentOf(worker(0)), 10_000, "comment");
        assertEq(MARKET.taskOf(taskId).pending, 1, "one slot is left");
        settle(taskId);
        assertEq(ESCROW.creditOf(worker(2)), NET_2, "the judged");
        assertEq(ESCROW.creditOf(CLIENT), 100e18, "half of the price and the rest");
    }

    function testTheBlockDropsWhatIsNotJudged() public {
        uint256 taskId = startToAttest(2);
        judge(taskId, 0, Verdict.Valid);
        for (uint256 i = 0; i < 6; ++i) {
            pass(301);
            produce();
        }
        assertState(taskId, ITaskBook.TaskState.Completed);
        assertEq(ESCROW.creditOf(worker(1)), 0, "not judged");
    }

    /* CHALLENGE */

    function testADisputedSlotDropsOutWhileAnotherDisputeGoesOn() public {
        uint256 taskId = runToChallenge(spec(3), 1_000);
        vm.startPrank(Predeploys.DISPUTE_COURT);
        MARKET.onDisputeOpened(taskId, 0);
        MARKET.onDisputeOpened(taskId, 1);
        MARKET.onDisputeResolved(taskId, 0, true, true);
        assertState(taskId, ITaskBook.TaskState.Disputed);
        assertEq(MARKET.taskOf(taskId).disputes, 1, "the other goes on");
        MARKET.onDisputeResolved(taskId, 1, false, false);
        vm.stopPrank();
        settle(taskId);
        assertEq(ESCROW.creditOf(worker(0)), 0, "disproved");
        assertEq(ESCROW.creditOf(worker(1)), NET_1, "upheld");
        assertEq(ESCROW.creditOf(worker(2)), NET_2, "never disputed");
    }

    function testATaskEndsWhenEveryResultIsDisproved() public {
        uint256 taskId = runToChallenge(spec(2), 1_000);
        vm.startPrank(Predeploys.DISPUTE_COURT);
        MARKET.onDisputeOpened(taskId, 0);
        MARKET.onDisputeOpened(taskId, 1);
        MARKET.onDisputeResolved(taskId, 0, true, true);
        MARKET.onResultUnavailable(taskId, 1);
        vm.stopPrank();
        assertState(taskId, ITaskBook.TaskState.Rejected);
        assertEq(ESCROW.creditOf(CLIENT), 150e18, "in full");
        assertEq(VAULT.freeOf(Predeploys.TASK_MARKET), MARKET.reserve(), "the reserve is backed");
    }

    /* EVERYBODY ELSE'S SLOTS */

    /// @dev The sponsor holds the slots in `own`. Whatever each of them does after the results are
    /// out, and whatever the client bears while they are not, the others' are paid by the formula.
    function testFuzzASponsorsOwnSlotsTakeNothingFromTheOthers(
        uint8 own,
        uint8[3] memory ways,
        uint8 bears,
        uint96 price
    ) public {
        ITaskBook.TaskSpec memory s = spec(3);
        s.price = 1 + (price % 500e18);
        s.maxSlotLoss = bears % 3;
        uint256 taskId = start(s);
        pass(1_000);
        commitAll(taskId);
        uint256 supply = address(ESCROW).balance + address(VAULT).balance;
        for (uint8 i = 0; i < 3; ++i) if (!withholds(own, ways, i)) reveal(taskId, i);
        next(taskId, ITaskBook.TaskState.Revealing);
        for (uint8 i = 0; i < 3; ++i) {
            if (MARKET.taskOf(taskId).state != ITaskBook.TaskState.Attesting) break;
            if (withholds(own, ways, i)) continue;
            bool isRefused = isOwn(own, i) && ways[i] % 5 == 1;
            judge(taskId, i, isRefused ? Verdict.Invalid : Verdict.Valid);
        }
        for (uint8 i = 0; i < 3; ++i) {
            uint8 way = ways[i] % 5;
            if (!isOwn(own, i) || way < 2 || way == 4) continue;
            vm.startPrank(Predeploys.DISPUTE_COURT);
            MARKET.onDisputeOpened(taskId, i);
            if (way == 2) MARKET.onDisputeResolved(taskId, i, true, true);
            else MARKET.onResultUnavailable(taskId, i);
            vm.stopPrank();
        }
        next(taskId, ITaskBook.TaskState.Challenge);
        uint256 paid = 0;
        for (uint8 i = 0; i < 3; ++i) {
            bool isPaid = !isOwn(own, i) || ways[i] % 5 == 4;
            uint256 gross = isPaid ? (uint256(s.price) * (i + 1)) / 6 : 0;
            paid += gross;
            assertEq(ESCROW.creditOf(worker(i)), gross - (gross * 250) / 10_000, "by the formula");
        }
        uint256 held = MARKET.collateralFor(s.price);
        assertEq(ESCROW.creditOf(CLIENT), held - paid, "the rest, and nothing more");
        uint256 now_ = address(ESCROW).balance + address(VAULT).balance;
        assertEq(now_ + Predeploys.SUPPLY_METER.balance, supply, "no coin is made or lost");
        assertEq(VAULT.freeOf(Predeploys.TASK_MARKET), MARKET.reserve(), "the reserve is backed");
        for (uint256 i = 0; i < 3; ++i) {
            assertEq(REGISTRY.nodeOf(worker(i)).openSlots, 0, "each slot is closed once");
            assertEq(VAULT.lockedOf(worker(i)), 0, "nothing stays locked");
        }
    }

    function isOwn(uint8 own, uint8 slot) internal pure returns (bool) {
        return (own >> slot) & 1 == 1;
    }

    function withholds(uint8 own, uint8[3] memory ways, uint8 slot) internal pure returns (bool) {
        return isOwn(own, slot) && ways[slot] % 5 == 0;
    }

    /// @dev Lets a stranger leave a state that nothing else has left.
    function next(uint256 taskId, ITaskBook.TaskState from) internal {
        if (MARKET.taskOf(taskId).state != from) return;
        passDeadline(taskId);
        vm.prank(STRANGER);
        MARKET.expire(taskId);
    }
}
