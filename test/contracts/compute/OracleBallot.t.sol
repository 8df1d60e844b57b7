// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IOracleBallot} from "../../../contracts/interfaces/IOracleBallot.sol";
import {
    IOracleHub,
    Offence,
    TaskAttestation,
    Verdict
} from "../../../contracts/interfaces/IOracleHub.sol";
import {Fault} from "../../../contracts/interfaces/IReputation.sol";
import {ITaskBook} from "../../../contracts/interfaces/ITaskBook.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {vm} from "../support/Vm.sol";
import {OracleTest} from "./OracleTest.sol";

/// @notice Four oracles judge without seeing each other's verdicts: commit in the first 150
/// seconds, reveal in the next 150, three equal contents decide.
contract OracleBallotTest is OracleTest {
    bytes32 private constant SALT = "salt";

    bytes32 private _pollId;
    uint256 private _openedAt;

    function setUp() public override {
        super.setUp();
        addOracles(4);
        putTask(TASK, PRICE);
        MARKET.setState(TASK, ITaskBook.TaskState.Revealing);
        vm.expectEmit(Predeploys.ORACLE_BALLOT);
        emit IOracleBallot.HiddenAsked(TASK);
        vm.prank(CLIENT);
        BALLOT.setHidden(TASK);
        _openedAt = timeNow();
        openDrawn(TASK, PRICE);
        _pollId = BALLOT.pollIdOf(TASK, 0);
    }

    function commit(uint256 i, Verdict verdict) private {
        bytes32 commitment = BALLOT.commitmentOf(TASK, 0, 0, oracle(i), verdict, ROOT, 160, SALT);
        vm.prank(oracle(i));
        BALLOT.commitVerdict(TASK, 0, commitment);
    }

    function reveal(uint256 i, Verdict verdict) private {
        vm.prank(oracle(i));
        BALLOT.revealVerdict(TASK, 0, verdict, ROOT, 160, SALT);
    }

    /// @dev All say the same about a slot that holds so many units.
    function commitUnits(Verdict verdict, uint64 units) private {
        setUnits(units);
        for (uint256 i = 0; i < 4; ++i) {
            bytes32 commitment = BALLOT.commitmentOf(
                TASK,
                0,
                0,
                oracle(i),
                verdict,
                ROOT,
                units,
                SALT
            );
            vm.prank(oracle(i));
            BALLOT.commitVerdict(TASK, 0, commitment);
        }
    }

    function revealUnits(uint256 i, Verdict verdict, uint64 units) private {
        vm.prank(oracle(i));
        BALLOT.revealVerdict(TASK, 0, verdict, ROOT, units, SALT);
    }

    function waitForReveals() private {
        vm.warp(_openedAt + 151);
    }

    /* DECIDING */

    function testThreeEqualVerdictsDecide() public {
        for (uint256 i = 0; i < 4; ++i) commit(i, i == 1 ? Verdict.Invalid : Verdict.Valid);
        // All have committed, so nobody has to wait.
        reveal(0, Verdict.Valid);
        reveal(1, Verdict.Invalid);
        reveal(2, Verdict.Valid);
        vm.expectEmit(Predeploys.ORACLE_BALLOT);
        emit IOracleBallot.VerdictRevealed(_pollId, oracle(3), Verdict.Valid, ROOT, 160);
        vm.expectEmit(Predeploys.ORACLE_BALLOT);
        emit IOracleBallot.VerdictDecided(_pollId, Verdict.Valid, 13);
        vm.expectEmit(Predeploys.ORACLE_HUB);
        emit IOracleHub.SlotAttested(TASK, 0, Verdict.Valid, ROOT, 13);
        reveal(3, Verdict.Valid);
        address[] memory signers = ORACLES.signersOf(TASK, 0);
        assertEq(signers.length, 3, "the dissenter is not paid");
        assertEq(signers[1], oracle(2), "the second");
        assertTrue(BALLOT.pollOf(_pollId).isDecided, "decided");
    }

    function testTwoAgainstTwoDecidesNothing() public {
        for (uint256 i = 0; i < 4; ++i) commit(i, i < 2 ? Verdict.Invalid : Verdict.Valid);
        for (uint256 i = 0; i < 4; ++i) reveal(i, i < 2 ? Verdict.Invalid : Verdict.Valid);
        assertTrue(!BALLOT.pollOf(_pollId).isDecided, "undecided");
        assertEq(ORACLES.signersOf(TASK, 0).length, 0, "no report");
    }

    function testWhoRevealsLaterKeepsItsCollateralOnly() public {
        for (uint256 i = 0; i < 4; ++i) commit(i, Verdict.Valid);
        for (uint256 i = 0; i < 3; ++i) reveal(i, Verdict.Valid);
        reveal(3, Verdict.Valid);
        assertEq(ORACLES.signersOf(TASK, 0).length, 3, "the first three");
        vm.warp(_openedAt + 301);
        vm.expectRevert(
            abi.encodeWithSelector(
                IOracleBallot.OracleBallotNothingMissed.selector,
                _pollId,
                oracle(3)
            )
        );
        BALLOT.punish(TASK, 0, oracle(3));
    }

    function testTheFirstCommitOpensThePoll() public {
        vm.expectEmit(Predeploys.ORACLE_BALLOT);
        emit IOracleBallot.VerdictPollOpened(
            TASK,
            0,
            _pollId,
            IOracleBallot.Poll(uint40(_openedAt + 150), uint40(_openedAt + 300), 0, 0, 4, false)
        );
        bytes32 commitment = bytes32(uint256(5));
        vm.expectEmit(Predeploys.ORACLE_BALLOT);
        emit IOracleBallot.VerdictCommitted(_pollId, oracle(0), commitment);
        vm.prank(oracle(0));
        BALLOT.commitVerdict(TASK, 0, commitment);
        assertEq(BALLOT.ballotOf(_pollId, oracle(0)).commitment, commitment, "kept");
    }

    /* COPYING */

    function testACopiedCommitmentCannotBeRevealed() public {
        commit(0, Verdict.Valid);
        bytes32 copied = BALLOT.ballotOf(_pollId, oracle(0)).commitment;
        vm.prank(oracle(1));
        BALLOT.commitVerdict(TASK, 0, copied);
        waitForReveals();
        reveal(0, Verdict.Valid);
        // Everything that the author has shown does not help.
        vm.prank(oracle(1));
        vm.expectRevert(
            abi.encodeWithSelector(
                IOracleBallot.OracleBallotCommitmentMismatch.selector,
                _pollId,
                oracle(1)
            )
        );
        BALLOT.revealVerdict(TASK, 0, Verdict.Valid, ROOT, 160, SALT);
    }

    function testTheCommitmentIsTheDocumentedHash() public view {
        assertEq(
            BALLOT.commitmentOf(TASK, 1, 2, oracle(0), Verdict.Invalid, ROOT, 7, SALT),
            keccak256(
                abi.encode(TASK, uint8(1), uint32(2), oracle(0), uint8(2), ROOT, uint64(7), SALT)
            ),
            "hash"
        );
    }

    /* TIME */

    function testCommitsEndBeforeRevealsBegin() public {
        commit(0, Verdict.Valid);
        vm.prank(oracle(0));
        vm.expectRevert(
            abi.encodeWithSelector(
                IOracleBallot.OracleBallotAlreadyCommitted.selector,
                _pollId,
                oracle(0)
            )
        );
        BALLOT.commitVerdict(TASK, 0, SALT);
        vm.warp(_openedAt + 150);
        commit(1, Verdict.Valid);
        bytes memory tooEarly = abi.encodeWithSelector(
            IOracleBallot.OracleBallotTooEarly.selector,
            _pollId,
            _openedAt + 150
        );
        vm.prank(oracle(0));
        vm.expectRevert(tooEarly);
        BALLOT.revealVerdict(TASK, 0, Verdict.Valid, ROOT, 160, SALT);
        waitForReveals();
        vm.prank(oracle(2));
        vm.expectRevert(tooLate(_openedAt + 150));
        BALLOT.commitVerdict(TASK, 0, SALT);
        vm.warp(_openedAt + 300);
        reveal(0, Verdict.Valid);
        vm.prank(oracle(0));
        vm.expectRevert(
            abi.encodeWithSelector(
                IOracleBallot.OracleBallotAlreadyRevealed.selector,
                _pollId,
                oracle(0)
            )
        );
        BALLOT.revealVerdict(TASK, 0, Verdict.Valid, ROOT, 160, SALT);
        vm.warp(_openedAt + 301);
        vm.prank(oracle(1));
        vm.expectRevert(tooLate(_openedAt + 300));
        BALLOT.revealVerdict(TASK, 0, Verdict.Valid, ROOT, 160, SALT);
    }

    function tooLate(uint256 deadline) private view returns (bytes memory) {
        return
            abi.encodeWithSelector(IOracleBallot.OracleBallotTooLate.selector, _pollId, deadline);
    }

    /* MISSING */

    function testWhoCommitsAndDoesNotRevealLoses2Percent() public {
        commit(0, Verdict.Valid);
        vm.warp(_openedAt + 300);
        vm.expectRevert(
            abi.encodeWithSelector(
                IOracleBallot.OracleBallotTooEarly.selector,
                _pollId,
                _openedAt + 300
            )
        );
        BALLOT.punish(TASK, 0, oracle(0));
        vm.warp(_openedAt + 301);
        vm.expectEmit(Predeploys.ORACLE_BALLOT);
        emit IOracleBallot.VerdictMissed(_pollId, oracle(0), true);
        vm.expectEmit(Predeploys.ORACLE_HUB);
        emit IOracleHub.OracleSlashed(oracle(0), Offence.Unrevealed, 20e18, 0, 2e18, 18e18);
        vm.prank(STRANGER);
        BALLOT.punish(TASK, 0, oracle(0));
        vm.expectRevert(
            abi.encodeWithSelector(
                IOracleBallot.OracleBallotNothingMissed.selector,
                _pollId,
                oracle(0)
            )
        );
        BALLOT.punish(TASK, 0, oracle(0));
    }

    function testWhoIsSilentLosesAThousandth() public {
        vm.prank(STRANGER);
        BALLOT.openPoll(TASK, 0);
        vm.warp(_openedAt + 301);
        vm.expectEmit(Predeploys.ORACLE_HUB);
        emit IOracleHub.OracleSlashed(oracle(3), Offence.Silent, 1e18, 0, 0.1e18, 0.9e18);
        vm.prank(STRANGER);
        BALLOT.punish(TASK, 0, oracle(3));
    }

    function testNobodyIsSilentAboutASlotThatItsGroupPutOut() public {
        vm.prank(STRANGER);
        BALLOT.openPoll(TASK, 0);
        // Most of its group hold another root, which was found valid.
        ITaskBook.Slot memory its = MARKET.slotOf(TASK, 0);
        (its.state, its.fault) = (ITaskBook.SlotState.Faulted, Fault.Unattested);
        MARKET.setSlot(TASK, 0, its);
        bytes32 commitment = bytes32(uint256(5));
        vm.prank(oracle(3));
        vm.expectRevert(
            abi.encodeWithSelector(IOracleBallot.OracleBallotNotAttesting.selector, TASK, 0)
        );
        BALLOT.commitVerdict(TASK, 0, commitment);
        vm.warp(_openedAt + 301);
        vm.expectRevert(
            abi.encodeWithSelector(
                IOracleBallot.OracleBallotNothingMissed.selector,
                _pollId,
                oracle(3)
            )
        );
        BALLOT.punish(TASK, 0, oracle(3));
    }

    function testTwoOraclesDecideNothing() public {
        for (uint256 i = 2; i < 4; ++i) {
            vm.prank(oracle(i));
            ORACLES.deactivate();
        }
        openDrawn(TASK, PRICE);
        _pollId = BALLOT.pollIdOf(TASK, 0);
        for (uint256 i = 0; i < 2; ++i) commit(i, Verdict.Valid);
        for (uint256 i = 0; i < 2; ++i) reveal(i, Verdict.Valid);
        assertTrue(!BALLOT.pollOf(_pollId).isDecided, "too few");
        assertEq(ORACLES.signersOf(TASK, 0).length, 0, "no report");
    }

    /* REFUSALS */

    function testWithoutAPollNobodyIsPunished() public {
        vm.expectRevert(
            abi.encodeWithSelector(IOracleBallot.OracleBallotUnknownPoll.selector, _pollId)
        );
        BALLOT.punish(TASK, 0, oracle(0));
    }

    function testStrangersDoNotVote() public {
        vm.prank(STRANGER);
        vm.expectRevert(
            abi.encodeWithSelector(IOracleBallot.OracleBallotNotDrawn.selector, _pollId, STRANGER)
        );
        BALLOT.commitVerdict(TASK, 0, SALT);
    }

    /// @dev Else one member alone could fill the count: at the committee's size reveals begin while
    /// others may still commit to what they see, and at 255 nobody can commit any more.
    function testNobodyCommitsToNothing() public {
        vm.startPrank(oracle(0));
        for (uint256 i = 0; i < 256; ++i) {
            vm.expectRevert(
                abi.encodeWithSelector(IOracleBallot.OracleBallotZeroCommitment.selector)
            );
            BALLOT.commitVerdict(TASK, 0, 0);
        }
        vm.stopPrank();
        commit(1, Verdict.Valid);
        assertEq(BALLOT.pollOf(_pollId).committed, 1, "only who has committed");
    }

    function testValidIsAboutWhatTheSlotHolds() public {
        bytes32 other = keccak256("other");
        bytes32 commitment = BALLOT.commitmentOf(
            TASK,
            0,
            0,
            oracle(0),
            Verdict.Valid,
            other,
            160,
            SALT
        );
        vm.prank(oracle(0));
        BALLOT.commitVerdict(TASK, 0, commitment);
        waitForReveals();
        vm.prank(oracle(0));
        vm.expectRevert(
            abi.encodeWithSelector(
                IOracleBallot.OracleBallotWrongSubject.selector,
                _pollId,
                other,
                160
            )
        );
        BALLOT.revealVerdict(TASK, 0, Verdict.Valid, other, 160, SALT);
    }

    function testValidToMoreWorkThanThePowerCanDoIsRefused() public {
        // Power 1,000 for 1,000 seconds and a tenth more: 1,100,000.
        commitUnits(Verdict.Valid, 1_100_001);
        for (uint256 i = 0; i < 4; ++i) {
            vm.expectRevert(
                abi.encodeWithSelector(
                    IOracleBallot.OracleBallotTooMuchWork.selector,
                    _pollId,
                    1_100_001,
                    1_100_000
                )
            );
            revealUnits(i, Verdict.Valid, 1_100_001);
        }
        assertEq(ORACLES.signersOf(TASK, 0).length, 0, "no report");
    }

    function testValidToTheMostWorkThatThePowerCanDoCounts() public {
        commitUnits(Verdict.Valid, 1_100_000);
        for (uint256 i = 0; i < 3; ++i) revealUnits(i, Verdict.Valid, 1_100_000);
        assertEq(ORACLES.signersOf(TASK, 0).length, 3, "a report");
    }

    function testInvalidMayBeSaidOfAnyWorkload() public {
        commitUnits(Verdict.Invalid, 1_100_001);
        for (uint256 i = 0; i < 3; ++i) revealUnits(i, Verdict.Invalid, 1_100_001);
        assertEq(ORACLES.signersOf(TASK, 0).length, 3, "a report");
    }

    function testAHiddenTaskTakesNoSignedReport() public {
        TaskAttestation memory att = attestation(TASK);
        bytes memory signatures = signAll(att, committee(TASK), 7);
        vm.expectRevert(abi.encodeWithSelector(IOracleHub.OracleHubIsHidden.selector, TASK));
        ORACLES.submitReport(att, 7, signatures);
    }

    function testOnlyTheClientAndItsSponsorHideAndInTime() public {
        putTask(TASK + 1, PRICE);
        vm.prank(SPONSOR);
        vm.expectRevert(
            abi.encodeWithSelector(IOracleBallot.OracleBallotTooLateToHide.selector, TASK + 1)
        );
        BALLOT.setHidden(TASK + 1);
        vm.prank(STRANGER);
        vm.expectRevert(
            abi.encodeWithSelector(IOracleBallot.OracleBallotNotClient.selector, TASK + 1, STRANGER)
        );
        BALLOT.setHidden(TASK + 1);
    }

    function testExpensiveTasksAreHiddenAnyway() public {
        openDrawn(TASK + 1, 1_000e18 - 1);
        assertTrue(!ORACLES.isHidden(TASK + 1), "below");
        vm.expectRevert(
            abi.encodeWithSelector(IOracleBallot.OracleBallotNotHidden.selector, TASK + 1)
        );
        BALLOT.openPoll(TASK + 1, 0);
        openDrawn(TASK + 2, 1_000e18);
        assertTrue(ORACLES.isHidden(TASK + 2), "from 1,000 coins on");
    }

    function testOnlyRevealedSlotsArePolled() public {
        MARKET.setState(TASK, ITaskBook.TaskState.Challenge);
        vm.expectRevert(
            abi.encodeWithSelector(IOracleBallot.OracleBallotNotAttesting.selector, TASK, 0)
        );
        BALLOT.openPoll(TASK, 0);
    }
}
