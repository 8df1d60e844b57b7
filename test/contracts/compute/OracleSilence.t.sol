// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IOracleHub, Offence, Verdict} from "../../../contracts/interfaces/IOracleHub.sol";
import {Fault} from "../../../contracts/interfaces/IReputation.sol";
import {ITaskBook} from "../../../contracts/interfaces/ITaskBook.sol";
import {ParamKeys} from "../../../contracts/libraries/ParamKeys.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {vm} from "../support/Vm.sol";
import {OracleTest} from "./OracleTest.sol";

/// @notice A committee of four of eight that lets the attesting window pass without a report.
contract OracleSilenceTest is OracleTest {
    function setUp() public override {
        super.setUp();
        addOracles(8);
        openDrawn(TASK, PRICE);
    }

    function punish(uint256 taskId) private {
        vm.prank(STRANGER);
        ORACLES.punishSilence(taskId, 0);
    }

    /// @dev The window has passed and a stranger has ended the task.
    function expire(uint256 taskId) private {
        vm.warp(timeNow() + ATTEST + 1);
        MARKET.setState(taskId, ITaskBook.TaskState.Expired);
    }

    function expectNotSilent() private {
        vm.expectRevert(abi.encodeWithSelector(IOracleHub.OracleHubNotSilent.selector, TASK, 0));
    }

    function testEachOfASilentCommitteeLosesAThousandth() public {
        (address[] memory members, bytes32 digest, uint8 quorum) = ORACLES.committeeOf(TASK);
        expire(TASK);
        vm.expectEmit(Predeploys.ORACLE_HUB);
        emit IOracleHub.CommitteeFixed(bytes32(TASK), digest, members, quorum);
        vm.expectEmit(Predeploys.ORACLE_HUB);
        emit IOracleHub.CommitteeSilent(TASK, 0, digest);
        for (uint256 i = 0; i < 4; ++i) {
            vm.expectEmit(Predeploys.ORACLE_HUB);
            emit IOracleHub.OracleSlashed(members[i], Offence.Silent, 1e18, 0, 0.1e18, 0.9e18);
        }
        punish(TASK);
        for (uint256 i = 0; i < 4; ++i) {
            assertEq(ORACLES.collateralOf(members[i]), 999e18, "a thousandth");
            assertEq(ORACLES.oracleOf(members[i]).silences, 1, "counted");
        }
        assertEq(VAULT.freeOf(STRANGER), 0.4e18, "a tenth to who called");
        assertEq(ORACLES.members().length, 8, "nobody left");
    }

    function testASilenceIsPunishedOnce() public {
        expire(TASK);
        punish(TASK);
        expectNotSilent();
        punish(TASK);
    }

    function testTheThirdSilenceInADayJailsTheCommittee() public {
        address[] memory members = committee(TASK);
        // More collateral than the others, so that the same are drawn, or all.
        for (uint256 i = 0; i < 8; ++i) {
            if (isIn(members, oracle(i))) continue;
            vm.prank(oracle(i));
            ORACLES.deactivate();
        }
        for (uint256 id = TASK + 1; id < TASK + 4; ++id) {
            openDrawn(id, PRICE);
            expire(id);
        }
        bytes32 before = ORACLES.configDigest();
        punish(TASK + 1);
        punish(TASK + 2);
        assertEq(ORACLES.members().length, 4, "two may happen");
        assertTrue(ORACLES.configDigest() == before, "no new configuration");
        vm.expectEmit(Predeploys.ORACLE_HUB);
        emit IOracleHub.OracleJailed(members[0], uint40(timeNow() + 7 days));
        punish(TASK + 3);
        assertEq(ORACLES.members().length, 0, "three do not");
        assertTrue(ORACLES.configDigest() != before, "a new configuration");
    }

    function testAReportIsNoSilence() public {
        report(TASK, Verdict.Invalid);
        expire(TASK);
        expectNotSilent();
        punish(TASK);
    }

    function testNobodyIsSilentBeforeTheTaskGoesOn() public {
        vm.warp(timeNow() + ATTEST + 1);
        expectNotSilent();
        punish(TASK);
    }

    function testNobodyIsSilentAboutWhatWasNotRevealed() public {
        expire(TASK);
        ITaskBook.Slot memory its = MARKET.slotOf(TASK, 0);
        (its.state, its.fault) = (ITaskBook.SlotState.Faulted, Fault.NonReveal);
        (its.resultRoot, its.doneUnits) = (0, 0);
        MARKET.setSlot(TASK, 0, its);
        expectNotSilent();
        punish(TASK);
    }

    function testNobodyIsSilentAboutASlotThatItsGroupPutOut() public {
        expire(TASK);
        ITaskBook.Slot memory its = MARKET.slotOf(TASK, 0);
        (its.state, its.fault) = (ITaskBook.SlotState.Faulted, Fault.Unattested);
        MARKET.setSlot(TASK, 0, its);
        expectNotSilent();
        punish(TASK);
    }

    function testASlotWhoseFirstWorkerWasLateCounts() public {
        expire(TASK);
        ITaskBook.Slot memory its = MARKET.slotOf(TASK, 0);
        (its.state, its.fault, its.attempt) = (ITaskBook.SlotState.Faulted, Fault.Late, 1);
        MARKET.setSlot(TASK, 0, its);
        address member = committee(TASK)[3];
        punish(TASK);
        assertEq(ORACLES.collateralOf(member), 999e18, "a thousandth");
    }

    function testHiddenVerdictsArePunishedOneByOne() public {
        setParam(ParamKeys.ORACLE_HIDDEN_PRICE, PRICE);
        openDrawn(TASK + 1, PRICE);
        expire(TASK + 1);
        vm.expectRevert(abi.encodeWithSelector(IOracleHub.OracleHubIsHidden.selector, TASK + 1));
        punish(TASK + 1);
    }

    function testWhoIsDrawnWhenTheTimeIsOverIsNotToBlame() public {
        expire(TASK);
        vm.roll(heightNow() + 8_300);
        vm.expectRevert(
            abi.encodeWithSelector(
                IOracleHub.OracleHubSeedLost.selector,
                heightNow() - 8_301,
                heightNow()
            )
        );
        punish(TASK);
        ORACLES.reopenCommittee(bytes32(TASK));
        nextBlock(1);
        nextBlock(1);
        expectNotSilent();
        punish(TASK);
    }

    function testTwoOraclesCouldNotHaveReported() public {
        for (uint256 i = 2; i < 8; ++i) {
            vm.prank(oracle(i));
            ORACLES.deactivate();
        }
        openDrawn(TASK + 1, PRICE);
        expire(TASK + 1);
        vm.expectRevert(abi.encodeWithSelector(IOracleHub.OracleHubTooFewMembers.selector, 2, 3));
        punish(TASK + 1);
    }

    function testATaskWithoutACommitteeHasNobodyToPunish() public {
        vm.expectRevert(
            abi.encodeWithSelector(IOracleHub.OracleHubNoCommittee.selector, bytes32(uint256(9)))
        );
        punish(9);
    }

    function isIn(address[] memory list, address account) private pure returns (bool) {
        for (uint256 i = 0; i < list.length; ++i) if (list[i] == account) return true;
        return false;
    }
}
