// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {DisputeCourt} from "../../../contracts/compute/DisputeCourt.sol";
import {IOracleHub, TaskAttestation, Verdict} from "../../../contracts/interfaces/IOracleHub.sol";
import {ITaskBook} from "../../../contracts/interfaces/ITaskBook.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {vm} from "../support/Vm.sol";
import {ComputeTest} from "./ComputeTest.sol";

/// @notice A sponsor whose oracles lie or keep silent gains nothing for long: market, hub and court
/// together. Sixteen oracles, a committee of seven, a task of 100 coins, a bond of ten.
contract TaskAppealTest is ComputeTest {
    DisputeCourt internal constant COURT = DisputeCourt(Predeploys.DISPUTE_COURT);

    function setUp() public {
        deployCompute();
        deployProxied(
            Predeploys.DISPUTE_COURT,
            type(DisputeCourt).creationCode,
            abi.encodeCall(DisputeCourt.initialize, ())
        );
        for (uint256 i = 4; i < 16; ++i) {
            vm.prank(Predeploys.TIMELOCK);
            ORACLES.admit(oracle(i));
        }
        activateOracles(16);
        proveWorkers(2);
    }

    function startToAttest() internal returns (uint256 taskId) {
        taskId = start(spec(1));
        pass(1_000);
        commitAll(taskId);
        revealAll(taskId);
        drawCommittee();
    }

    function keyOf(address account) internal pure returns (uint256) {
        for (uint256 i = 0; i < 16; ++i) if (oracle(i) == account) return oracleKey(i);
        revert AssertionFailed("unknown oracle");
    }

    /// @dev The first five of the seven say so.
    function report(uint256 taskId, Verdict verdict) internal returns (address[] memory members) {
        uint8 quorum;
        (members, , quorum) = ORACLES.committeeOf(taskId);
        assertEq(members.length, 7, "committee");
        assertEq(quorum, 5, "quorum");
        TaskAttestation memory att = attestation(taskId, 0);
        att.verdict = verdict;
        bytes32 digest = ORACLES.hashTaskAttestation(att);
        bytes memory signatures;
        for (uint256 i = 0; i < 5; ++i) {
            signatures = bytes.concat(signatures, signOne(digest, keyOf(members[i])));
        }
        ORACLES.submitReport(att, 31, signatures);
    }

    /// @dev The worker contests, five of the nine others say what is true.
    function contest(uint256 taskId, bool isFaulty) internal returns (uint256 id) {
        vm.prank(worker(0));
        id = COURT.openDispute(taskId, 0);
        drawCommittee();
        (address[] memory jury, , ) = ORACLES.committeeOf(uint256(COURT.juryKeyOf(id, 1)));
        assertEq(jury.length, 9, "jury");
        for (uint256 i = 0; i < 5; ++i) {
            vm.prank(jury[i]);
            COURT.vote(id, isFaulty);
        }
        COURT.decide(id);
        pass(3_601);
        vm.prank(STRANGER);
        COURT.close(id);
    }

    function testABribedQuorumDoesNotKeepTheWorkerFromItsPay() public {
        uint256 taskId = startToAttest();
        address[] memory members = report(taskId, Verdict.Invalid);
        contest(taskId, false);
        assertTrue(MARKET.slotOf(taskId, 0).state == ITaskBook.SlotState.Attested, "restored");
        MARKET.finalize(taskId);
        assertState(taskId, ITaskBook.TaskState.Completed);
        assertEq(ESCROW.creditOf(worker(0)), 97.5e18, "paid");
        assertEq(ESCROW.creditOf(CLIENT), 50e18, "the sponsor pays the price");
        assertEq(ESCROW.creditOf(Predeploys.ORACLE_HUB), 0, "the liars have no fee");
        assertEq(VAULT.freeOf(worker(0)), 1_000e18, "bond and collateral");
        for (uint256 i = 0; i < 7; ++i) {
            uint256 wanted = i < 5 ? 950e18 : 1_000e18;
            assertEq(ORACLES.collateralOf(members[i]), wanted, "5 % of who signed it");
        }
    }

    function testAnHonestRefusalStandsBeforeTheCourt() public {
        uint256 taskId = startToAttest();
        address[] memory members = report(taskId, Verdict.Invalid);
        contest(taskId, true);
        MARKET.finalize(taskId);
        assertState(taskId, ITaskBook.TaskState.Rejected);
        assertEq(ESCROW.creditOf(CLIENT), 150e18, "in full");
        assertEq(VAULT.freeOf(worker(0)), 990e18, "the bond is lost");
        assertEq(VAULT.freeOf(CLIENT), 5e18, "half of it is the sponsor's");
        assertEq(ORACLES.collateralOf(members[0]), 1_000e18, "who was right pays nothing");
    }

    function testASilentCommitteePaysThoughTheTaskIsOver() public {
        uint256 taskId = startToAttest();
        (address[] memory members, bytes32 digest, ) = ORACLES.committeeOf(taskId);
        passDeadline(taskId);
        vm.expectRevert(abi.encodeWithSelector(IOracleHub.OracleHubNotSilent.selector, taskId, 0));
        ORACLES.punishSilence(taskId, 0);
        MARKET.expire(taskId);
        vm.expectEmit(Predeploys.ORACLE_HUB);
        emit IOracleHub.CommitteeSilent(taskId, 0, digest);
        vm.prank(STRANGER);
        ORACLES.punishSilence(taskId, 0);
        for (uint256 i = 0; i < 7; ++i) {
            assertEq(ORACLES.collateralOf(members[i]), 999e18, "a thousandth");
        }
        assertEq(VAULT.freeOf(STRANGER), 0.7e18, "a tenth of it");
    }

    function testOnlyTheSilenceAboutASlotThatDroppedOutIsPunished() public {
        uint256 taskId = start(spec(2));
        pass(1_000);
        commitAll(taskId);
        revealAll(taskId);
        drawCommittee();
        address[] memory members = report(taskId, Verdict.Valid);
        passDeadline(taskId);
        MARKET.expire(taskId);
        assertState(taskId, ITaskBook.TaskState.Challenge);
        vm.expectRevert(abi.encodeWithSelector(IOracleHub.OracleHubNotSilent.selector, taskId, 0));
        ORACLES.punishSilence(taskId, 0);
        ORACLES.punishSilence(taskId, 1);
        assertEq(ORACLES.collateralOf(members[6]), 999e18, "about slot 1");
    }
}
