// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IDisputeCourt} from "../../../contracts/interfaces/IDisputeCourt.sol";
import {
    IOracleHub,
    Offence,
    TaskAttestation,
    Verdict
} from "../../../contracts/interfaces/IOracleHub.sol";
import {ITaskBook} from "../../../contracts/interfaces/ITaskBook.sol";
import {ParamKeys} from "../../../contracts/libraries/ParamKeys.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {vm} from "../support/Vm.sol";
import {CourtTest} from "./CourtTest.sol";

/// @notice Chance marks attested slots; a second committee, disjoint from the first, checks them.
contract OracleRecheckTest is CourtTest {
    address private constant HISTORY = 0x0000F90827F1C53a10cb7A02335B175320002935;
    bytes private constant HISTORY_CODE = hex"5f3560010160005260205ff3";

    function setUp() public override {
        super.setUp();
        addOracles(12);
        setParam(ParamKeys.ORACLE_RECHECK_BPS, 10_000);
        openDrawn(TASK, PRICE);
    }

    function second(
        uint256 taskId,
        Verdict verdict
    ) private view returns (TaskAttestation memory att, bytes memory signatures) {
        (address[] memory members, bytes32 digest, ) = ORACLES.recheckOf(taskId, 0);
        att = attestation(taskId);
        att.configDigest = digest;
        att.verdict = verdict;
        signatures = signAll(att, members, 7);
    }

    function testTheSecondCommitteeIsDisjointAndDrawnAfterTheReport() public {
        report(TASK, Verdict.Valid);
        uint256 height = heightNow();
        vm.expectRevert(
            abi.encodeWithSelector(IOracleHub.OracleHubSeedNotReady.selector, height + 1, height)
        );
        ORACLES.recheckOf(TASK, 0);
        nextBlock(1);
        nextBlock(1);
        (address[] memory members, , uint8 quorum) = ORACLES.recheckOf(TASK, 0);
        assertEq(members.length, 4, "as many as the first");
        assertEq(quorum, 3, "quorum");
        address[] memory first = committee(TASK);
        for (uint256 i = 0; i < 4; ++i) {
            for (uint256 j = 0; j < 4; ++j) assertTrue(members[i] != first[j], "disjoint");
        }
    }

    function testATenthOfTheSlotsIsMarked() public {
        setParam(ParamKeys.ORACLE_RECHECK_BPS, 1_000);
        vm.etch(HISTORY, HISTORY_CODE);
        uint256 marked = 0;
        for (uint256 id = 2; id < 1_002; ++id) {
            openDrawn(id, PRICE);
            report(id, Verdict.Valid);
            vm.roll(heightNow() + 400);
            (address[] memory members, , ) = ORACLES.recheckOf(id, 0);
            if (members.length > 0) ++marked;
        }
        // A hundred of a thousand, three times the standard deviation of 9.5 more or less.
        assertTrue(marked >= 72 && marked <= 128, "a tenth");
    }

    function testAgreementSharesTheFee() public {
        report(TASK, Verdict.Valid);
        nextBlock(1);
        nextBlock(1);
        (TaskAttestation memory att, bytes memory signatures) = second(TASK, Verdict.Valid);
        (address[] memory members, , ) = ORACLES.recheckOf(TASK, 0);
        vm.expectEmit(Predeploys.ORACLE_HUB);
        emit IOracleHub.SlotRechecked(TASK, 0, Verdict.Valid, 7);
        ORACLES.submitRecheck(att, 7, signatures);
        vm.expectRevert(
            abi.encodeWithSelector(IOracleHub.OracleHubAlreadyAttested.selector, TASK, 0, 0)
        );
        ORACLES.submitRecheck(att, 7, signatures);
        fund(1.2e18);
        vm.prank(members[0]);
        assertEq(ORACLES.claimFee(TASK, 0), 0.1e18, "a third of a quarter");
        address signer = ORACLES.signersOf(TASK, 0)[0];
        vm.prank(signer);
        assertEq(ORACLES.claimFee(TASK, 0), 0.3e18, "a third of the rest");
    }

    /// @dev As the market settles: the hub's credit and its note of it.
    function fund(uint256 amount) private {
        vm.deal(Predeploys.TASK_MARKET, amount);
        vm.startPrank(Predeploys.TASK_MARKET);
        ESCROW.fund{value: amount}(TASK, SPONSOR);
        ESCROW.pay(TASK, Predeploys.ORACLE_HUB, amount);
        ORACLES.creditFee(TASK, 0, amount);
        vm.stopPrank();
    }

    function testAContradictionOpensADisputeByItself() public {
        report(TASK, Verdict.Valid);
        nextBlock(1);
        nextBlock(1);
        (TaskAttestation memory att, bytes memory signatures) = second(TASK, Verdict.Invalid);
        (address[] memory members, , ) = ORACLES.recheckOf(TASK, 0);
        ORACLES.submitRecheck(att, 7, signatures);
        assertTrue(
            MARKET.taskOf(TASK).state == ITaskBook.TaskState.Disputed,
            "disputed without a bond"
        );
        assertEq(COURT.disputeOf(1).opener, Predeploys.ORACLE_HUB, "by the hub");
        nextBlock(1);
        nextBlock(1);
        voteAll(1, 1, jury(1, 1).length, false);
        COURT.decide(1);
        vm.warp(timeNow() + 3_601);
        vm.expectEmit(Predeploys.ORACLE_HUB);
        emit IOracleHub.OracleSlashed(members[0], Offence.Overturned, 50e18, 0, 0, 50e18);
        COURT.close(1);
    }

    function testASilentCourtPunishesNobody() public {
        report(TASK, Verdict.Valid);
        nextBlock(1);
        nextBlock(1);
        (TaskAttestation memory att, bytes memory signatures) = second(TASK, Verdict.Invalid);
        (address[] memory members, , ) = ORACLES.recheckOf(TASK, 0);
        ORACLES.submitRecheck(att, 7, signatures);
        for (uint256 round = 1; round <= 3; ++round) {
            vm.warp(timeNow() + 14_401);
            COURT.decide(1);
        }
        assertTrue(!MARKET.wasFaulty(), "the attestation stands");
        for (uint256 i = 0; i < members.length; ++i) {
            assertEq(ORACLES.collateralOf(members[i]), 1_000e18, "so does who contradicted");
        }
    }

    function testAQuestionForAChunkDoesNotKeepTheContradictionOut() public {
        report(TASK, Verdict.Valid);
        nextBlock(1);
        nextBlock(1);
        (TaskAttestation memory att, bytes memory signatures) = second(TASK, Verdict.Invalid);
        giveCollateral(WORKER, 5e18);
        vm.prank(WORKER);
        COURT.askForChunk(TASK, 0, 1);
        ORACLES.submitRecheck(att, 7, signatures);
        IDisputeCourt.Dispute memory dispute = COURT.disputeOf(2);
        assertTrue(dispute.state == IDisputeCourt.DisputeState.Voting, "a jury decides");
        assertEq(dispute.opener, Predeploys.ORACLE_HUB, "by the hub");
        assertEq(MARKET.taskOf(TASK).disputes, 2, "both");
    }

    function testOnlyAValidReportIsCheckedAgain() public {
        bytes memory refusal = abi.encodeWithSelector(
            IOracleHub.OracleHubNotMarked.selector,
            TASK,
            0
        );
        vm.expectRevert(refusal);
        ORACLES.recheckOf(TASK, 0);
        report(TASK, Verdict.Invalid);
        vm.expectRevert(refusal);
        ORACLES.recheckOf(TASK, 0);
    }

    function testWithTooFewOthersNothingIsChecked() public {
        for (uint256 i = 6; i < 12; ++i) {
            vm.prank(oracle(i));
            ORACLES.deactivate();
        }
        openDrawn(TASK, PRICE);
        report(TASK, Verdict.Valid);
        nextBlock(1);
        nextBlock(1);
        (address[] memory members, , ) = ORACLES.recheckOf(TASK, 0);
        assertEq(members.length, 0, "two others are too few");
    }
}
