// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Fault} from "../../../contracts/interfaces/IReputation.sol";
import {TaskAttestation, Verdict} from "../../../contracts/interfaces/IOracleHub.sol";
import {ITaskBook} from "../../../contracts/interfaces/ITaskBook.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {vm} from "../support/Vm.sol";
import {ComputeTest} from "./ComputeTest.sol";

/// @notice Slots that do the same slice, so that their results can be compared. Powers 1,000, 2,000
/// and so on, a price of 100 coins and 160 units.
contract TaskReplicasTest is ComputeTest {
    bytes32 internal constant TRUE = "the true root";
    bytes32 internal constant FALSE = "another root";

    /// @dev A third of the price, less the fee of a fortieth.
    uint256 internal constant NET = 32_500000000000000000;

    function setUp() public {
        deployCompute();
        proveWorkers(6);
    }

    function groups(uint8 slots, uint8 replicas) internal pure returns (ITaskBook.TaskSpec memory) {
        ITaskBook.TaskSpec memory s = spec(slots);
        s.replicas = replicas;
        return s;
    }

    function commitRoot(uint256 taskId, uint8 slot, bytes32 root) internal {
        ITaskBook.Slot memory its = MARKET.slotOf(taskId, slot);
        bytes32 commitment = MARKET.commitmentOf(
            taskId,
            slot,
            its.attempt,
            its.worker,
            root,
            unitsOf(taskId, slot),
            bytes32("salt")
        );
        vm.prank(its.worker);
        MARKET.commitResult(taskId, slot, commitment);
    }

    function revealRoot(uint256 taskId, uint8 slot, bytes32 root) internal {
        uint64 units = unitsOf(taskId, slot);
        vm.prank(MARKET.slotOf(taskId, slot).worker);
        MARKET.revealResult(taskId, slot, root, units, bytes32("salt"), RESULT);
    }

    function judgeRoot(uint256 taskId, uint8 slot, bool isValid) internal {
        ITaskBook.Slot memory its = MARKET.slotOf(taskId, slot);
        Verdict verdict = isValid ? Verdict.Valid : Verdict.Invalid;
        vm.prank(Predeploys.ORACLE_HUB);
        MARKET.onAttested(taskId, slot, its.attempt, its.resultRoot, verdict);
    }

    /// @dev A task in Attesting whose slots have these roots.
    function reveal3(bytes32 a, bytes32 b, bytes32 c) internal returns (uint256 taskId) {
        taskId = start(groups(3, 3));
        pass(1_000);
        bytes32[3] memory roots = [a, b, c];
        for (uint8 i = 0; i < 3; ++i) commitRoot(taskId, i, roots[i]);
        for (uint8 i = 0; i < 3; ++i) revealRoot(taskId, i, roots[i]);
        assertState(taskId, ITaskBook.TaskState.Attesting);
    }

    function settle(uint256 taskId) internal {
        passDeadline(taskId);
        MARKET.finalize(taskId);
        assertState(taskId, ITaskBook.TaskState.Completed);
    }

    function isOut(uint256 taskId, uint8 slot) internal view returns (bool) {
        return MARKET.slotOf(taskId, slot).state == ITaskBook.SlotState.Faulted;
    }

    /* SLICES */

    function testAllOfAGroupDoTheSliceOfItsWeakest() public {
        uint256 taskId = assign(groups(6, 3));
        for (uint8 i = 0; i < 5; ++i) accept(taskId, i);
        address[] memory workers = new address[](6);
        uint64[] memory powers = new uint64[](6);
        for (uint256 i = 0; i < 6; ++i) {
            (workers[i], powers[i]) = (worker(i), i < 3 ? 1_000 : 4_000);
        }
        bytes32 root = keccak256(abi.encode(workers, powers));
        uint40 commitBy = uint40(time() + 1_200);
        uint40 finalBy = commitBy + uint40(REVEAL + ATTEST + CHALLENGE + DISPUTE);
        vm.expectEmit(Predeploys.TASK_MARKET);
        emit ITaskBook.TaskStarted(taskId, 15_000, commitBy, finalBy, root);
        accept(taskId, 5);
        for (uint8 i = 0; i < 6; ++i) {
            (uint32 from, uint32 to) = MARKET.sliceOf(taskId, i);
            // Three of fifteen parts, and the rest.
            assertEq(from, i < 3 ? 0 : 32, "from");
            assertEq(to, i < 3 ? 32 : 160, "to");
            assertEq(MARKET.slotOf(taskId, i).power, powers[i], "power");
        }
    }

    function testTheStartGivesCollateralBack() public {
        uint256 taskId = assign(groups(2, 2));
        accept(taskId, 1);
        // Half of 2,000 / 2,001 of 100 coins.
        assertEq(MARKET.slotOf(taskId, 1).collateral, 49_975012493753123439, "at first");
        accept(taskId, 0);
        assertEq(MARKET.slotOf(taskId, 1).collateral, 25e18, "half of half of the price");
        assertEq(VAULT.lockedOf(worker(1)), 25e18, "locked");
        assertEq(VAULT.lockedOf(worker(0)), 25e18, "as much as the weaker");
    }

    function testAGroupKeepsItsSliceWhenAWorkerIsReplaced() public {
        ITaskBook.TaskSpec memory s = groups(4, 2);
        s.maxSlotLoss = 1;
        uint256 taskId = start(s);
        vm.prank(worker(2));
        MARKET.abort(taskId, 2);
        offer(taskId, 5, 1);
        accept(taskId, 2);
        ITaskBook.Slot memory slot = MARKET.slotOf(taskId, 2);
        assertEq(slot.worker, worker(5), "another");
        assertEq(slot.power, 3_000, "for the same share");
        // Two of eight parts, and the rest.
        for (uint8 i = 2; i < 4; ++i) {
            (uint32 from, uint32 to) = MARKET.sliceOf(taskId, i);
            assertEq(from, 40, "from");
            assertEq(to, 160, "to");
        }
    }

    function testFuzzTheSlicesOfGroupsCoverAllUnits(
        uint32[15] memory powers,
        uint8 replicas,
        uint8 count,
        uint32 units
    ) public {
        uint8 size = 1 + (replicas % 5);
        ITaskBook.TaskSpec memory s = groups(size * (1 + (count % 3)), size);
        uint32 groupCount = s.slotCount / size;
        s.units = groupCount + (units % (999 * groupCount));
        for (uint256 i = 0; i < s.slotCount; ++i) {
            prove(worker(10 + i), 1 + uint64(powers[i]));
            giveCollateral(worker(10 + i), 1_000e18);
        }
        uint256 taskId = create(s);
        offer(taskId, 10, s.slotCount);
        for (uint8 i = 0; i < s.slotCount; ++i) accept(taskId, i);
        uint256 end = 0;
        uint256 sum = 0;
        for (uint8 i = 0; i < s.slotCount; ++i) {
            (uint32 from, uint32 to) = MARKET.sliceOf(taskId, i);
            assertEq(from, end, "where the group before ends");
            if ((i + 1) % size == 0) end = to;
            ITaskBook.Slot memory slot = MARKET.slotOf(taskId, i);
            sum += slot.power;
            assertEq(slot.collateral, VAULT.lockedOf(slot.worker), "locked");
            assertTrue(slot.power <= 1 + uint256(powers[i]), "never more than its own");
        }
        assertEq(end, s.units, "all of them");
        assertEq(MARKET.taskOf(taskId).powerSum, sum, "sum of powers");
    }

    /* COMPARING */

    function testWhoDiffersFromWhatMostHoldIsOut() public {
        uint256 taskId = reveal3(TRUE, TRUE, FALSE);
        vm.expectEmit(Predeploys.TASK_MARKET);
        emit ITaskBook.SlotOutvoted(taskId, 2, TRUE);
        vm.expectEmit(Predeploys.TASK_MARKET);
        emit ITaskBook.SlotFaulted(taskId, 2, worker(2), Fault.Unattested, 0);
        judgeRoot(taskId, 0, true);
        assertEq(MARKET.taskOf(taskId).pending, 1, "the oracles need not judge it");
        judgeRoot(taskId, 1, true);
        settle(taskId);
        assertEq(ESCROW.creditOf(worker(0)), NET, "one of most");
        assertEq(ESCROW.creditOf(worker(1)), NET, "another");
        assertEq(ESCROW.creditOf(worker(2)), 0, "the one who differs");
        assertEq(ESCROW.creditOf(CLIENT), 83_333333333333333334, "its third went back");
        assertEq(VAULT.freeOf(worker(2)), 1_000e18, "its collateral too");
        assertEq(REPUTATION.commentOf(worker(2)), 9_500, "its comment is lower");
    }

    function testItIsOutThoughTheOraclesHadFoundItValid() public {
        uint256 taskId = reveal3(TRUE, TRUE, FALSE);
        judgeRoot(taskId, 2, true);
        assertTrue(!isOut(taskId, 2), "one of three decides nothing");
        vm.expectEmit(Predeploys.TASK_MARKET);
        emit ITaskBook.SlotOutvoted(taskId, 2, TRUE);
        judgeRoot(taskId, 0, true);
        assertEq(MARKET.taskOf(taskId).pending, 1, "one is left to judge");
        judgeRoot(taskId, 1, true);
        settle(taskId);
        assertEq(ESCROW.creditOf(worker(2)), 0, "out");
        assertEq(ESCROW.creditOf(worker(1)), NET, "paid");
    }

    function testWhatTheOraclesRefusedIsNoVote() public {
        uint256 taskId = reveal3(TRUE, FALSE, TRUE);
        judgeRoot(taskId, 1, true);
        judgeRoot(taskId, 0, false);
        judgeRoot(taskId, 2, true);
        assertTrue(!isOut(taskId, 1), "one of three is left of those who held the root");
        assertState(taskId, ITaskBook.TaskState.Challenge);
    }

    function testHalfIsNotMost() public {
        uint256 taskId = start(groups(2, 2));
        pass(1_000);
        commitRoot(taskId, 0, TRUE);
        commitRoot(taskId, 1, FALSE);
        revealRoot(taskId, 0, TRUE);
        revealRoot(taskId, 1, FALSE);
        judgeRoot(taskId, 0, true);
        assertTrue(!isOut(taskId, 1), "the oracles judge it");
        assertState(taskId, ITaskBook.TaskState.Attesting);
        judgeRoot(taskId, 1, false);
        assertTrue(MARKET.slotOf(taskId, 1).state == ITaskBook.SlotState.Refused, "as they do");
    }

    function testTwoOfFiveAreNotMostThoughTheOthersDiffer() public {
        uint256 taskId = start(groups(5, 5));
        bytes32[5] memory roots = [TRUE, TRUE, bytes32("c"), bytes32("d"), bytes32("e")];
        for (uint8 i = 0; i < 5; ++i) commitRoot(taskId, i, roots[i]);
        for (uint8 i = 0; i < 5; ++i) revealRoot(taskId, i, roots[i]);
        judgeRoot(taskId, 0, true);
        for (uint8 i = 1; i < 5; ++i) assertTrue(!isOut(taskId, i), "none is out");
    }

    function testAWithheldRevealIsNoVote() public {
        uint256 taskId = start(groups(3, 3));
        commitRoot(taskId, 0, TRUE);
        commitRoot(taskId, 1, TRUE);
        commitRoot(taskId, 2, FALSE);
        revealRoot(taskId, 0, TRUE);
        revealRoot(taskId, 2, FALSE);
        passDeadline(taskId);
        MARKET.expire(taskId);
        judgeRoot(taskId, 0, true);
        assertTrue(!isOut(taskId, 2), "one of three is not most");
    }

    function testGroupsAreComparedByThemselves() public {
        uint256 taskId = start(groups(6, 3));
        for (uint8 i = 0; i < 6; ++i) commitRoot(taskId, i, i < 3 ? TRUE : FALSE);
        for (uint8 i = 0; i < 6; ++i) revealRoot(taskId, i, i < 3 ? TRUE : FALSE);
        for (uint8 i = 0; i < 6; ++i) judgeRoot(taskId, i, true);
        for (uint8 i = 0; i < 6; ++i) assertTrue(!isOut(taskId, i), "none is out");
        assertState(taskId, ITaskBook.TaskState.Challenge);
    }

    function testMostOfAGroupTakeNothingFromARightResult() public {
        uint256 taskId = reveal3(FALSE, TRUE, FALSE);
        judgeRoot(taskId, 0, false);
        judgeRoot(taskId, 2, false);
        judgeRoot(taskId, 1, true);
        settle(taskId);
        assertEq(ESCROW.creditOf(worker(1)), NET, "its third");
    }

    /// @dev The sponsor holds the slots in `own`: each withholds its result, or has a false or the
    /// true one. The oracles judge in any order, as they find it.
    function testFuzzASponsorsReplicasTakeNothingFromTheOthers(
        uint8 own,
        uint8[3] memory ways,
        uint8 first
    ) public {
        uint256 taskId = start(groups(3, 3));
        pass(1_000);
        bytes32[3] memory roots;
        for (uint8 i = 0; i < 3; ++i) {
            bool isOwn = (own >> i) & 1 == 1;
            roots[i] = isOwn && ways[i] % 3 == 1 ? FALSE : TRUE;
            if (isOwn && ways[i] % 3 == 0) roots[i] = 0;
            commitRoot(taskId, i, roots[i]);
        }
        for (uint8 i = 0; i < 3; ++i) if (roots[i] != 0) revealRoot(taskId, i, roots[i]);
        if (MARKET.taskOf(taskId).state == ITaskBook.TaskState.Revealing) {
            passDeadline(taskId);
            MARKET.expire(taskId);
        }
        for (uint8 n = 0; n < 3; ++n) {
            uint8 i = uint8((uint256(first) + n) % 3);
            if (MARKET.slotOf(taskId, i).state != ITaskBook.SlotState.Revealed) continue;
            judgeRoot(taskId, i, roots[i] == TRUE);
        }
        if (MARKET.taskOf(taskId).state == ITaskBook.TaskState.Challenge) {
            passDeadline(taskId);
            MARKET.finalize(taskId);
        }
        assertTrue(
            MARKET.taskOf(taskId).state >= ITaskBook.TaskState.Completed,
            "the task has ended"
        );
        uint256 paid = 0;
        for (uint8 i = 0; i < 3; ++i) {
            if (roots[i] == TRUE) paid += 33_333333333333333333;
            assertEq(ESCROW.creditOf(worker(i)), roots[i] == TRUE ? NET : 0, "who was right");
        }
        assertEq(ESCROW.creditOf(CLIENT), 150e18 - paid, "the rest");
    }

    /* FROM THE ORDER TO THE PAY */

    function testThreeReplicasOfWhichOneDiffersFromTheOrderToThePay() public {
        activateOracles(4);
        uint256 taskId = reveal3(TRUE, FALSE, TRUE);
        drawCommittee();
        uint256 coins = address(ESCROW).balance + address(VAULT).balance;
        attest(taskId, 0);
        assertTrue(isOut(taskId, 1), "two of three agree, and the oracles with them");
        TaskAttestation memory late = attestation(taskId, 1);
        late.resultRoot = FALSE;
        bytes memory signatures = sign(ORACLES.hashTaskAttestation(late), 7);
        vm.expectRevert(
            abi.encodeWithSelector(
                ITaskBook.TaskMarketWrongSlotState.selector,
                taskId,
                1,
                ITaskBook.SlotState.Faulted
            )
        );
        ORACLES.submitReport(late, 7, signatures);
        attest(taskId, 2);
        assertState(taskId, ITaskBook.TaskState.Challenge);
        passDeadline(taskId);
        vm.prank(STRANGER);
        MARKET.advance(taskId);
        assertState(taskId, ITaskBook.TaskState.Completed);
        assertEq(ESCROW.creditOf(worker(0)), NET, "one");
        assertEq(ESCROW.creditOf(worker(1)), 0, "who differs");
        assertEq(ESCROW.creditOf(worker(2)), NET, "another");
        assertEq(ESCROW.creditOf(CLIENT), 83_333333333333333334, "the client");
        uint256 now_ = address(ESCROW).balance + address(VAULT).balance;
        assertEq(now_ + Predeploys.SUPPLY_METER.balance, coins, "no coin is made or lost");
        for (uint256 i = 0; i < 3; ++i) {
            assertEq(VAULT.lockedOf(worker(i)), 0, "nothing stays locked");
            assertEq(REGISTRY.nodeOf(worker(i)).openSlots, 0, "nobody is held");
        }
    }

    function attest(uint256 taskId, uint8 slot) internal {
        TaskAttestation memory att = attestation(taskId, slot);
        att.resultRoot = TRUE;
        ORACLES.submitReport(att, 7, sign(ORACLES.hashTaskAttestation(att), 7));
    }
}
