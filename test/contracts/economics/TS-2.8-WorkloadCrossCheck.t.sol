// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IOracleBallot} from "../../../contracts/interfaces/IOracleBallot.sol";
import {IOracleHub, TaskAttestation, Verdict} from "../../../contracts/interfaces/IOracleHub.sol";
import {ITaskBook} from "../../../contracts/interfaces/ITaskBook.sol";
import {OracleTest} from "../compute/OracleTest.sol";
import {vm} from "../support/Vm.sol";

/// @title TS 2.8: "the task dispatcher returns the results and workload, and cross-checks the
/// workload data"
/// @custom:sentence After the task is calculated, the task dispatcher returns the results and
/// workload, and cross-checks the workload data.
contract TS28WorkloadCrossCheckTest is OracleTest {
    function setUp() public override {
        super.setUp();
        addOracles(4);
        openDrawn(TASK, PRICE);
    }

    function testAReportCarriesTheResultAndTheWorkload() public {
        report(TASK, Verdict.Valid);
        assertEq(ORACLES.signersOf(TASK, 0).length, 3, "three of four agree on both");
    }

    function testAnotherWorkloadThanTheWorkersIsRefused() public {
        TaskAttestation memory att = attestation(TASK);
        att.workUnits = 161;
        bytes memory signatures = signAll(att, committee(TASK), 7);
        vm.expectRevert(
            abi.encodeWithSelector(
                IOracleHub.OracleHubWrongSubject.selector,
                bytes32("workUnits"),
                161,
                160
            )
        );
        ORACLES.submitReport(att, 7, signatures);
    }

    function testAWorkloadBeyondTheProvedPowerAndATenthIsRefused() public {
        // 1,000 units a second are proved; 1,000 seconds passed.
        setUnits(1_100_001);
        TaskAttestation memory att = attestation(TASK);
        att.workUnits = 1_100_001;
        bytes memory signatures = signAll(att, committee(TASK), 7);
        vm.expectRevert(
            abi.encodeWithSelector(
                IOracleHub.OracleHubTooMuchWork.selector,
                TASK,
                0,
                1_100_001,
                1_100_000
            )
        );
        ORACLES.submitReport(att, 7, signatures);
    }

    function testHiddenVerdictsAreCrossCheckedToo() public {
        MARKET.setState(TASK, ITaskBook.TaskState.Revealing);
        vm.prank(CLIENT);
        BALLOT.setHidden(TASK);
        openDrawn(TASK, PRICE);
        setUnits(1_100_001);
        address one = committee(TASK)[0];
        bytes32 pollId = BALLOT.pollIdOf(TASK, 0);
        bytes32 hidden = BALLOT.commitmentOf(TASK, 0, 0, one, Verdict.Valid, ROOT, 1_100_001, 0);
        vm.prank(one);
        BALLOT.commitVerdict(TASK, 0, hidden);
        vm.warp(BALLOT.pollOf(pollId).commitBy + 1);
        vm.expectRevert(
            abi.encodeWithSelector(
                IOracleBallot.OracleBallotTooMuchWork.selector,
                pollId,
                1_100_001,
                1_100_000
            )
        );
        vm.prank(one);
        BALLOT.revealVerdict(TASK, 0, Verdict.Valid, ROOT, 1_100_001, 0);
    }
}
