// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IOracleHub, TaskAttestation, Verdict} from "../../../contracts/interfaces/IOracleHub.sol";
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
}
