// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IPriceBook} from "../../../contracts/interfaces/IPriceBook.sol";
import {ITaskBook} from "../../../contracts/interfaces/ITaskBook.sol";
import {ITaskMarket} from "../../../contracts/interfaces/ITaskMarket.sol";
import {Verdict} from "../../../contracts/interfaces/IOracleHub.sol";
import {ParamKeys} from "../../../contracts/libraries/ParamKeys.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {ProtocolParams} from "../../../contracts/governance/ProtocolParams.sol";
import {SystemContract} from "../../../contracts/libraries/SystemContract.sol";
import {vm} from "../support/Vm.sol";
import {ComputeTest} from "./ComputeTest.sol";

/// @notice The steps of a task that goes well, each with what it refuses. Worker i has power
/// 1,000 x (i + 1); the price is 100 coins, so a client escrows 150.
contract TaskMarketTest is ComputeTest {
    function setUp() public {
        deployCompute();
        proveWorkers(3);
    }

    /* CREATING */

    function testAClientEscrowsThePriceAndHalf() public {
        ITaskBook.TaskSpec memory s = spec(2);
        assertEq(MARKET.collateralFor(s.price), 150e18, "collateral");
        vm.deal(CLIENT, 150e18);
        vm.expectEmit(Predeploys.TASK_MARKET);
        emit ITaskBook.TaskCreated(1, CLIENT, "test", s, 100e18, 150e18, MANIFEST);
        vm.prank(CLIENT);
        uint256 taskId = MARKET.createTask{value: 150e18}(s, MANIFEST);
        assertEq(taskId, 1, "id");
        assertEq(MARKET.taskCount(), 1, "count");
        assertEq(ESCROW.balanceOf(1), 150e18, "escrow");
        ITaskBook.Task memory task = MARKET.taskOf(1);
        assertState(1, ITaskBook.TaskState.Open);
        assertEq(task.client, CLIENT, "client");
        assertEq(task.sponsor, CLIENT, "sponsor");
        assertEq(task.deadline, time() + ASSIGN, "deadline");
        assertEq(task.finalBy, time() + ASSIGN, "final by");
        assertEq(task.feeBps, 250, "fee");
        assertEq(task.feeOracleBps, 4_000, "oracles' part");
        assertEq(task.feeBurnBps, 2_000, "burned part");
    }

    function testTheEscrowIsAtLeastTheCollateralAndTheRestComesBack() public {
        ITaskBook.TaskSpec memory s = spec(1);
        vm.deal(CLIENT, 151e18);
        vm.startPrank(CLIENT);
        vm.expectRevert(
            abi.encodeWithSelector(ITaskBook.TaskMarketWrongCollateral.selector, 150e18 - 1, 150e18)
        );
        MARKET.createTask{value: 150e18 - 1}(s, MANIFEST);
        s.sponsor = STRANGER;
        MARKET.createTask{value: 151e18}(s, MANIFEST);
        vm.stopPrank();
        assertEq(ESCROW.balanceOf(1), 150e18, "held");
        assertEq(ESCROW.creditOf(STRANGER), 1e18, "the sponsor's");
    }

    function testAQuotedTaskCostsWhatThePriceBookSays() public {
        ITaskBook.TaskSpec memory s = spec(1);
        (s.isQuoted, s.computeUnits, s.storageGiB) = (true, 7, 8);
        vm.mockCall(
            Predeploys.PRICE_BOOK,
            abi.encodeCall(IPriceBook.quote, (EXPECTED, 7, 8)),
            abi.encode(uint96(80e18))
        );
        (uint96 price, uint256 collateral) = MARKET.quoteTask(s);
        assertEq(price, 80e18, "price");
        assertEq(collateral, 120e18, "collateral");
        vm.deal(CLIENT, 150e18);
        vm.prank(CLIENT);
        uint256 taskId = MARKET.createTask{value: 150e18}(s, MANIFEST);
        assertEq(MARKET.taskOf(taskId).price, 80e18, "price of the task");
        assertEq(ESCROW.balanceOf(taskId), 120e18, "held");
        assertEq(ESCROW.creditOf(CLIENT), 30e18, "given back");
        s.price = 80e18 - 1;
        vm.expectRevert(
            abi.encodeWithSelector(ITaskBook.TaskMarketPriceAboveLimit.selector, 80e18, 80e18 - 1)
        );
        MARKET.quoteTask(s);
        vm.clearMockedCalls();
    }

    function testTheManifestIsTheOneThatWasHashed() public {
        vm.expectRevert(
            abi.encodeWithSelector(
                ITaskBook.TaskMarketManifestMismatch.selector,
                keccak256(MANIFEST),
                keccak256("another")
            )
        );
        MARKET.createTask(spec(1), "another");
    }

    function expectBounds(
        ITaskBook.TaskSpec memory s,
        bytes32 field,
        uint256 value,
        uint256 min,
        uint256 max
    ) internal {
        vm.expectRevert(
            abi.encodeWithSelector(
                ITaskBook.TaskMarketSpecOutOfBounds.selector,
                field,
                value,
                min,
                max
            )
        );
        MARKET.createTask(s, MANIFEST);
    }

    function testEachFieldHasItsBounds() public {
        ITaskBook.TaskSpec memory s = spec(0);
        expectBounds(s, "slotCount", 0, 1, 16);
        s.slotCount = 17;
        expectBounds(s, "slotCount", 17, 1, 16);
        s = spec(2);
        s.kind = 0;
        expectBounds(s, "kind", 0, 1, type(uint256).max);
        s = spec(2);
        s.price = 0;
        expectBounds(s, "price", 0, 1, 2 ** 95);
        s.price = 2 ** 95 + 1;
        expectBounds(s, "price", 2 ** 95 + 1, 1, 2 ** 95);
        s = spec(2);
        s.units = 1;
        expectBounds(s, "units", 1, 2, 2_000);
        s.minPower = 2 ** 31;
        s.units = 2 ** 31 + 1;
        expectBounds(s, "units", 2 ** 31 + 1, 2, 2 ** 31);
        s = spec(12);
        s.replicas = 0;
        expectBounds(s, "replicas", 0, 1, 5);
        s.replicas = 6;
        expectBounds(s, "replicas", 6, 1, 5);
        s = spec(2);
        s.expectedSeconds = 0;
        expectBounds(s, "expectedSeconds", 0, 1, 365 days);
        s.expectedSeconds = 365 days + 1;
        expectBounds(s, "expectedSeconds", 365 days + 1, 1, 365 days);
        s = spec(2);
        s.maxSlotLoss = 2;
        expectBounds(s, "maxSlotLoss", 2, 0, 1);
        s = spec(16);
        s.maxSlotLoss = 9;
        expectBounds(s, "maxSlotLoss", 9, 0, 8);
        vm.expectRevert(
            abi.encodeWithSelector(
                ITaskBook.TaskMarketSpecOutOfBounds.selector,
                bytes32("manifest"),
                4_097,
                0,
                4_096
            )
        );
        MARKET.createTask(spec(1), new bytes(4_097));
    }

    function testNoMoreUnitsThanTheWeakestCanDoInTime() public {
        ITaskBook.TaskSpec memory s = spec(4);
        // Two groups, each of a million multiply-adds in each of 1,000 seconds.
        s.replicas = 2;
        s.units = 2_001;
        expectBounds(s, "units", 2_001, 2, 2_000);
        s.units = 2_000;
        create(s);
        s.minPower = 7;
        s.units = 14_001;
        expectBounds(s, "units", 14_001, 2, 14_000);
        s.units = 14_000;
        create(s);
    }

    function testGroupsAreWhole() public {
        ITaskBook.TaskSpec memory s = spec(4);
        s.replicas = 3;
        vm.expectRevert(abi.encodeWithSelector(ITaskBook.TaskMarketUnevenGroups.selector, 4, 3));
        MARKET.createTask(s, MANIFEST);
        s.slotCount = 6;
        create(s);
    }

    function testTheLargestTaskIsAccepted() public {
        ITaskBook.TaskSpec memory s = spec(16);
        s.price = 2 ** 95;
        s.units = 2 ** 31;
        s.expectedSeconds = 365 days;
        s.minPower = 5;
        s.maxSlotLoss = 8;
        assertState(create(s), ITaskBook.TaskState.Open);
    }

    function testTheEscrowFits96Bits() public {
        vm.prank(Predeploys.TIMELOCK);
        ProtocolParams(Predeploys.PROTOCOL_PARAMS).set(ParamKeys.TASK_COST_RANGE_BPS, 30_000);
        ITaskBook.TaskSpec memory s = spec(1);
        s.price = 2 ** 95;
        uint256 collateral = 3 * 2 ** 95;
        vm.deal(CLIENT, collateral);
        vm.expectRevert(
            abi.encodeWithSelector(
                ITaskBook.TaskMarketSpecOutOfBounds.selector,
                bytes32("collateral"),
                collateral,
                1,
                type(uint96).max
            )
        );
        vm.prank(CLIENT);
        MARKET.createTask{value: collateral}(s, MANIFEST);
    }

    /* ACCEPTING */

    function testTheLastAcceptanceStartsTheTask() public {
        uint256 taskId = assign(spec(2));
        vm.expectEmit(Predeploys.TASK_MARKET);
        emit ITaskBook.SlotAccepted(taskId, 0, worker(0), 1_000, 10_000);
        accept(taskId, 0);
        // Half of the price, less what the other must have at least: a power of 1.
        assertEq(VAULT.lockedOf(worker(0)), 49_950049950049950050, "locked at first");
        uint40 commitBy = uint40(time() + 1_200);
        uint40 finalBy = uint40(time() + 1_200 + REVEAL + ATTEST + CHALLENGE + DISPUTE);
        vm.expectEmit(Predeploys.TASK_MARKET);
        emit ITaskBook.TaskStarted(taskId, 3_000, commitBy, finalBy, clusterRoot(2));
        accept(taskId, 1);
        assertState(taskId, ITaskBook.TaskState.Running);
        assertEq(VAULT.lockedOf(worker(0)), 16_666666666666666667, "a third of the half");
        assertEq(VAULT.lockedOf(worker(1)), 33_333333333333333334, "two thirds of the half");
        assertEq(MARKET.slotOf(taskId, 0).collateral, 16_666666666666666667, "as recorded");
        assertEq(MARKET.taskOf(taskId).deadline, commitBy, "deadline");
        assertEq(
            VAULT.lockOf(Predeploys.TASK_MARKET, worker(0), bytes32(taskId)),
            16_666666666666666667,
            "under the task's reference"
        );
    }

    function testASlotIsTakenByTheWorkerItWasOfferedTo() public {
        uint256 taskId = assign(spec(3));
        vm.prank(worker(0));
        vm.expectRevert(
            abi.encodeWithSelector(ITaskBook.TaskMarketNotWorker.selector, taskId, 1, worker(0))
        );
        MARKET.accept(taskId, 1);
        accept(taskId, 1);
        vm.startPrank(worker(1));
        vm.expectRevert(
            abi.encodeWithSelector(
                ITaskBook.TaskMarketWrongSlotState.selector,
                taskId,
                1,
                ITaskBook.SlotState.Accepted
            )
        );
        MARKET.accept(taskId, 1);
        vm.expectRevert(
            abi.encodeWithSelector(ITaskBook.TaskMarketUnknownSlot.selector, taskId, 3)
        );
        MARKET.accept(taskId, 3);
        vm.expectRevert(abi.encodeWithSelector(ITaskBook.TaskMarketUnknownTask.selector, 2));
        MARKET.accept(2, 0);
        vm.stopPrank();
    }

    function testPowerIsNeeded() public {
        ITaskBook.TaskSpec memory s = spec(1);
        s.minPower = 1_000;
        uint256 taskId = assign(s);
        vm.prank(worker(0));
        REGISTRY.retire();
        vm.prank(worker(0));
        vm.expectRevert(
            abi.encodeWithSelector(ITaskBook.TaskMarketPowerTooLow.selector, worker(0), 0, 1_000)
        );
        MARKET.accept(taskId, 0);
    }

    function testAcceptanceEndsWithItsWindow() public {
        uint256 taskId = assign(spec(2));
        uint40 deadline = MARKET.slotOf(taskId, 0).deadline;
        assertEq(deadline, time() + 20, "twenty seconds");
        vm.warp(deadline);
        accept(taskId, 0);
        vm.warp(uint256(deadline) + 1);
        vm.prank(worker(1));
        vm.expectRevert(
            abi.encodeWithSelector(ITaskBook.TaskMarketPastDeadline.selector, taskId, deadline)
        );
        MARKET.accept(taskId, 1);
    }

    function testSlicesMeetAndCoverAllUnits() public {
        uint256 taskId = assign(spec(3));
        vm.expectRevert(wrongState(taskId, ITaskBook.TaskState.Assigned));
        MARKET.sliceOf(taskId, 0);
        for (uint8 i = 0; i < 3; ++i) accept(taskId, i);
        uint32[4] memory cuts = [uint32(0), 26, 80, 160];
        for (uint8 i = 0; i < 3; ++i) {
            (uint32 from, uint32 to) = MARKET.sliceOf(taskId, i);
            assertEq(from, cuts[i], "from");
            assertEq(to, cuts[i + 1], "to");
        }
        vm.expectRevert(
            abi.encodeWithSelector(ITaskBook.TaskMarketUnknownSlot.selector, taskId, 3)
        );
        MARKET.sliceOf(taskId, 3);
    }

    /* WORKING */

    function testResultsAreCommittedThenRevealed() public {
        uint256 taskId = start(spec(2));
        pass(500);
        bytes32 commitment = MARKET.commitmentOf(
            taskId,
            0,
            0,
            worker(0),
            rootOf(0),
            53,
            bytes32("salt")
        );
        vm.expectEmit(Predeploys.TASK_MARKET);
        emit ITaskBook.ResultCommitted(taskId, 0, worker(0), commitment);
        commitResult(taskId, 0);
        vm.prank(worker(0));
        vm.expectRevert(
            abi.encodeWithSelector(
                ITaskBook.TaskMarketWrongSlotState.selector,
                taskId,
                0,
                ITaskBook.SlotState.Committed
            )
        );
        MARKET.commitResult(taskId, 0, commitment);
        vm.expectEmit(Predeploys.TASK_MARKET);
        emit ITaskBook.RevealOpened(taskId, uint40(time() + REVEAL));
        commitResult(taskId, 1);
        assertState(taskId, ITaskBook.TaskState.Revealing);

        vm.expectEmit(Predeploys.TASK_MARKET);
        emit ITaskBook.ResultRevealed(taskId, 0, worker(0), rootOf(0), 53, RESULT);
        reveal(taskId, 0);
        vm.expectEmit(Predeploys.TASK_MARKET);
        emit ITaskBook.AttestingOpened(taskId, uint40(time() + ATTEST));
        reveal(taskId, 1);
        assertState(taskId, ITaskBook.TaskState.Attesting);

        vm.expectEmit(Predeploys.TASK_MARKET);
        emit ITaskBook.SlotVerdict(taskId, 0, Verdict.Valid);
        judge(taskId, 0, Verdict.Valid);
        vm.expectEmit(Predeploys.TASK_MARKET);
        emit ITaskBook.ChallengeOpened(taskId, uint40(time() + CHALLENGE));
        judge(taskId, 1, Verdict.Valid);
        assertState(taskId, ITaskBook.TaskState.Challenge);
    }

    function testTheCommitmentIsTheDocumentedHash() public view {
        bytes32 typehash = keccak256(
            "TaskCommit(uint256 taskId,uint8 slot,uint32 attempt,address worker,bytes32 resultRoot,"
            "uint64 units,bytes32 salt)"
        );
        assertEq(
            MARKET.commitmentOf(1, 2, 3, CLIENT, "r", 4, "s"),
            keccak256(abi.encode(typehash, 1, 2, 3, CLIENT, bytes32("r"), 4, bytes32("s"))),
            "commitment"
        );
    }

    function testOnlyTheSlotsWorkerActs() public {
        uint256 taskId = start(spec(2));
        bytes memory refusal = abi.encodeWithSelector(
            ITaskBook.TaskMarketNotWorker.selector,
            taskId,
            0,
            worker(1)
        );
        vm.startPrank(worker(1));
        vm.expectRevert(refusal);
        MARKET.commitResult(taskId, 0, "c");
        vm.expectRevert(refusal);
        MARKET.abort(taskId, 0);
        vm.stopPrank();
        commitAll(taskId);
        vm.prank(worker(1));
        vm.expectRevert(refusal);
        MARKET.revealResult(taskId, 0, rootOf(0), 53, bytes32("salt"), "");
    }

    function testACopiedCommitmentCannotBeRevealed() public {
        uint256 taskId = start(spec(2));
        commitResult(taskId, 0);
        bytes32 copied = MARKET.slotOf(taskId, 0).commitment;
        vm.startPrank(worker(1));
        MARKET.commitResult(taskId, 1, copied);
        vm.expectRevert(
            abi.encodeWithSelector(ITaskBook.TaskMarketCommitmentMismatch.selector, taskId, 1)
        );
        MARKET.revealResult(taskId, 1, rootOf(0), 53, bytes32("salt"), "");
        vm.stopPrank();
    }

    function testTheUnitsAreTheSlices() public {
        uint256 taskId = start(spec(1));
        bytes32 commitment = MARKET.commitmentOf(
            taskId,
            0,
            0,
            worker(0),
            rootOf(0),
            161,
            bytes32("salt")
        );
        vm.startPrank(worker(0));
        MARKET.commitResult(taskId, 0, commitment);
        vm.expectRevert(
            abi.encodeWithSelector(ITaskBook.TaskMarketWrongUnits.selector, taskId, 0, 161, 160)
        );
        MARKET.revealResult(taskId, 0, rootOf(0), 161, bytes32("salt"), "");
        vm.stopPrank();
    }

    function testAResultHasAtMost64KiB() public {
        uint256 taskId = start(spec(1));
        commitAll(taskId);
        vm.startPrank(worker(0));
        vm.expectRevert(
            abi.encodeWithSelector(ITaskBook.TaskMarketResultTooLarge.selector, 65_537, 65_536)
        );
        MARKET.revealResult(taskId, 0, rootOf(0), 160, bytes32("salt"), new bytes(65_537));
        MARKET.revealResult(taskId, 0, rootOf(0), 160, bytes32("salt"), new bytes(65_536));
        vm.stopPrank();
        assertState(taskId, ITaskBook.TaskState.Attesting);
    }

    function testEachStepEndsWithItsWindow() public {
        uint256 taskId = start(spec(1));
        bytes4 selector = ITaskBook.TaskMarketPastDeadline.selector;
        passDeadline(taskId);
        bytes memory refusal = abi.encodeWithSelector(
            selector,
            taskId,
            MARKET.taskOf(taskId).deadline
        );
        vm.startPrank(worker(0));
        vm.expectRevert(refusal);
        MARKET.commitResult(taskId, 0, "c");
        vm.expectRevert(refusal);
        MARKET.abort(taskId, 0);
        vm.stopPrank();
        vm.warp(MARKET.taskOf(taskId).deadline);
        commitAll(taskId);

        passDeadline(taskId);
        refusal = abi.encodeWithSelector(selector, taskId, MARKET.taskOf(taskId).deadline);
        vm.prank(worker(0));
        vm.expectRevert(refusal);
        MARKET.revealResult(taskId, 0, rootOf(0), 160, bytes32("salt"), RESULT);
        vm.warp(MARKET.taskOf(taskId).deadline);
        revealAll(taskId);

        passDeadline(taskId);
        refusal = abi.encodeWithSelector(selector, taskId, MARKET.taskOf(taskId).deadline);
        vm.prank(Predeploys.ORACLE_HUB);
        vm.expectRevert(refusal);
        MARKET.onAttested(taskId, 0, 0, rootOf(0), Verdict.Valid);
        vm.warp(MARKET.taskOf(taskId).deadline);
        judgeAll(taskId);
        assertState(taskId, ITaskBook.TaskState.Challenge);
    }

    function testEachStepNeedsItsState() public {
        uint256 taskId = create(spec(1));
        vm.startPrank(worker(0));
        vm.expectRevert(wrongState(taskId, ITaskBook.TaskState.Open));
        MARKET.commitResult(taskId, 0, "c");
        vm.expectRevert(wrongState(taskId, ITaskBook.TaskState.Open));
        MARKET.revealResult(taskId, 0, 0, 0, 0, "");
        vm.expectRevert(wrongState(taskId, ITaskBook.TaskState.Open));
        MARKET.abort(taskId, 0);
        vm.expectRevert(wrongState(taskId, ITaskBook.TaskState.Open));
        MARKET.finalize(taskId);
        vm.expectRevert(wrongState(taskId, ITaskBook.TaskState.Open));
        MARKET.accept(taskId, 0);
        vm.stopPrank();
        offer(taskId, 0, 1);
        accept(taskId, 0);
        vm.prank(CLIENT);
        vm.expectRevert(wrongState(taskId, ITaskBook.TaskState.Running));
        MARKET.cancel(taskId);
        vm.prank(Predeploys.ORACLE_HUB);
        vm.expectRevert(wrongState(taskId, ITaskBook.TaskState.Running));
        MARKET.onAttested(taskId, 0, 0, 0, Verdict.Valid);
    }

    function testASlotIsJudgedOnceAndByTheOracleHub() public {
        uint256 taskId = start(spec(2));
        commitAll(taskId);
        revealAll(taskId);
        vm.expectRevert(
            abi.encodeWithSelector(
                SystemContract.SystemContractUnauthorized.selector,
                address(this),
                Predeploys.ORACLE_HUB
            )
        );
        MARKET.onAttested(taskId, 0, 0, rootOf(0), Verdict.Valid);
        judge(taskId, 0, Verdict.Valid);
        vm.prank(Predeploys.ORACLE_HUB);
        vm.expectRevert(
            abi.encodeWithSelector(
                ITaskBook.TaskMarketWrongSlotState.selector,
                taskId,
                0,
                ITaskBook.SlotState.Attested
            )
        );
        MARKET.onAttested(taskId, 0, 0, rootOf(0), Verdict.Valid);
    }

    function testAReportIsOfTheRevealedAttemptAndResult() public {
        uint256 taskId = start(spec(1));
        commitAll(taskId);
        revealAll(taskId);
        uint32 attempt = MARKET.slotOf(taskId, 0).attempt;
        bytes memory refusal = abi.encodeWithSelector(
            ITaskBook.TaskMarketReportMismatch.selector,
            taskId,
            0,
            attempt,
            rootOf(0)
        );
        vm.startPrank(Predeploys.ORACLE_HUB);
        vm.expectRevert(refusal);
        MARKET.onAttested(taskId, 0, attempt + 1, rootOf(0), Verdict.Valid);
        vm.expectRevert(refusal);
        MARKET.onAttested(taskId, 0, attempt, rootOf(1), Verdict.Valid);
        MARKET.onAttested(taskId, 0, attempt, rootOf(0), Verdict.Valid);
        vm.stopPrank();
        assertState(taskId, ITaskBook.TaskState.Challenge);
    }
}
