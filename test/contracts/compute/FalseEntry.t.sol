// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IDisputeCourt} from "../../../contracts/interfaces/IDisputeCourt.sol";
import {Verdict} from "../../../contracts/interfaces/IOracleHub.sol";
import {ITaskBook} from "../../../contracts/interfaces/ITaskBook.sol";
import {MatmulProof} from "../../../contracts/libraries/MatmulProof.sol";
import {MatmulJudge} from "../../../contracts/mocks/MatmulJudge.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {vm} from "../support/Vm.sol";
import {OracleTest} from "./OracleTest.sol";

/// @notice One false entry of a matrix product, shown by anybody, costs the worker its collateral
/// and each oracle that attested it half of its own.
contract FalseEntryTest is OracleTest {
    bytes32 private constant SEED = keccak256("seed");
    uint256 private constant SIZE = 64;
    uint256 private constant ROW = 3;
    uint256 private constant COLUMN = 17;

    Verdict private _verdict = Verdict.Valid;

    function setUp() public override {
        super.setUp();
        addOracles(4);
    }

    /// @dev A task whose committed product holds, at (ROW, COLUMN), the true entry plus `error`.
    function attested(int256 error) private returns (IDisputeCourt.FalseEntry memory proof) {
        // Cast: an entry fits int32.
        int32 entry = int32(MatmulProof.entryAt(SEED, SIZE, ROW, COLUMN) + error);
        uint256 place = ROW * SIZE + COLUMN;
        uint256 before = place % 64;
        proof.manifest = abi.encode(SEED, SIZE);
        proof.row = ROW;
        proof.column = COLUMN;
        proof.entries = abi.encodePacked(
            new bytes(4 * before),
            entry,
            new bytes(4 * (63 - before))
        );
        proof.path = new bytes32[](1);
        proof.path[0] = keccak256("sibling");
        bytes32 leaf = new MatmulJudge().hashLeaf(place / 64, proof.entries);
        openDrawn(TASK, PRICE);
        ITaskBook.Task memory task = MARKET.taskOf(TASK);
        task.kind = "matmul";
        task.manifestHash = keccak256(proof.manifest);
        MARKET.setTask(TASK, task);
        ITaskBook.Slot memory its = MARKET.slotOf(TASK, 0);
        its.resultRoot =
            leaf < proof.path[0]
                ? keccak256(abi.encode(leaf, proof.path[0]))
                : keccak256(abi.encode(proof.path[0], leaf));
        MARKET.setSlot(TASK, 0, its);
        reportMatmul();
    }

    function testALeafOfAProductCanBeShown() public {
        IDisputeCourt.FalseEntry memory proof = attested(0);
        uint32 index = uint32((ROW * SIZE + COLUMN) / 64);
        giveCollateral(STRANGER, 5e18);
        vm.prank(STRANGER);
        uint256 id = COURT.askForChunk(TASK, 0, index);
        bytes memory leaf = abi.encodePacked(uint64(index), proof.entries);
        vm.expectEmit(Predeploys.DISPUTE_COURT);
        emit IDisputeCourt.ChunkShown(id, leaf);
        COURT.showChunk(id, leaf, proof.path);
        assertTrue(!MARKET.wasFaulty(), "it was there");
    }

    function reportMatmul() private {
        _inputRoot = MARKET.taskOf(TASK).manifestHash;
        _resultRoot = MARKET.slotOf(TASK, 0).resultRoot;
        report(TASK, _verdict);
    }

    function testAFalseEntryIsProvedInOneTransaction() public {
        IDisputeCourt.FalseEntry memory proof = attested(1);
        address[] memory signers = ORACLES.signersOf(TASK, 0);
        vm.expectEmit(Predeploys.DISPUTE_COURT);
        emit IDisputeCourt.FalseEntryProved(TASK, 0, STRANGER, ROW, COLUMN);
        vm.prank(STRANGER);
        COURT.proveFalseEntry(TASK, 0, proof);
        assertTrue(MARKET.wasFaulty() && MARKET.wasProved(), "proved to the market");
        for (uint256 i = 0; i < signers.length; ++i) {
            assertEq(ORACLES.collateralOf(signers[i]), 500e18, "half of each signer");
        }
        assertEq(VAULT.freeOf(SPONSOR), 5e18, "the slot's price");
        assertEq(VAULT.freeOf(STRANGER), 150e18, "a tenth of 1,500");
        vm.expectRevert(
            abi.encodeWithSelector(IDisputeCourt.DisputeCourtAlreadyProved.selector, TASK, 0)
        );
        COURT.proveFalseEntry(TASK, 0, proof);
    }

    function testATrueEntryAccusesNobody() public {
        IDisputeCourt.FalseEntry memory proof = attested(0);
        vm.expectRevert(
            abi.encodeWithSelector(
                IDisputeCourt.DisputeCourtTrueEntry.selector,
                TASK,
                0,
                ROW,
                COLUMN
            )
        );
        COURT.proveFalseEntry(TASK, 0, proof);
    }

    function testAProofEndsTheOpenDispute() public {
        IDisputeCourt.FalseEntry memory proof = attested(-1);
        giveCollateral(CLIENT, 5e18);
        vm.prank(CLIENT);
        uint256 id = COURT.openDispute(TASK, 0);
        COURT.proveFalseEntry(TASK, 0, proof);
        assertTrue(
            COURT.disputeOf(id).state == IDisputeCourt.DisputeState.Closed,
            "nothing left to vote on"
        );
        assertEq(VAULT.freeOf(CLIENT), 5e18, "the bond came back");
        assertTrue(MARKET.wasProved(), "proved");
        assertEq(MARKET.resolved(), 1, "once");
    }

    function testAProofEndsJuryAndQuestion() public {
        IDisputeCourt.FalseEntry memory proof = attested(1);
        giveCollateral(CLIENT, 10e18);
        vm.startPrank(CLIENT);
        COURT.askForChunk(TASK, 0, 0);
        COURT.openDispute(TASK, 0);
        vm.stopPrank();
        COURT.proveFalseEntry(TASK, 0, proof);
        assertEq(VAULT.freeOf(CLIENT), 10e18, "both bonds came back");
        assertTrue(MARKET.wasProved(), "proved");
    }

    function testAfterThePaymentOnlyTheSignersPay() public {
        IDisputeCourt.FalseEntry memory proof = attested(1);
        MARKET.setState(TASK, ITaskBook.TaskState.Completed);
        COURT.proveFalseEntry(TASK, 0, proof);
        assertEq(MARKET.resolved(), 0, "the task is over");
        assertEq(VAULT.freeOf(SPONSOR), 5e18, "but the sponsor is made good");
    }

    function testOraclesThatRefusedAFalseProductPayNothing() public {
        _verdict = Verdict.Invalid;
        IDisputeCourt.FalseEntry memory proof = attested(1);
        address[] memory signers = ORACLES.signersOf(TASK, 0);
        vm.prank(STRANGER);
        COURT.proveFalseEntry(TASK, 0, proof);
        assertTrue(MARKET.wasFaulty() && MARKET.wasProved(), "the worker pays");
        assertEq(VAULT.freeOf(STRANGER), 0, "there is nothing to share");
        for (uint256 i = 0; i < signers.length; ++i) {
            assertEq(ORACLES.collateralOf(signers[i]), 1_000e18, "they were right");
        }
    }

    function testOnlyTheTasksOwnProductCounts() public {
        IDisputeCourt.FalseEntry memory proof = attested(1);
        bytes32 right = keccak256(proof.manifest);
        proof.manifest = abi.encode(keccak256("other"), SIZE);
        vm.expectRevert(
            abi.encodeWithSelector(
                IDisputeCourt.DisputeCourtManifestMismatch.selector,
                keccak256(proof.manifest),
                right
            )
        );
        COURT.proveFalseEntry(TASK, 0, proof);
        ITaskBook.Task memory task = MARKET.taskOf(TASK);
        task.kind = "digits";
        MARKET.setTask(TASK, task);
        vm.expectRevert(
            abi.encodeWithSelector(
                IDisputeCourt.DisputeCourtNotMatmul.selector,
                TASK,
                bytes32("digits")
            )
        );
        COURT.proveFalseEntry(TASK, 0, proof);
    }
}
