// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISignerBoard} from "../../../contracts/interfaces/ISignerBoard.sol";
import {vm} from "../support/Vm.sol";
import {SignersTest} from "../signers/SignersTest.sol";

/// @title SC 4.1: "POCA consensus divides all nodes into four node clusters"
/// @custom:sentence POCA consensus divides all nodes into four node clusters, namely director
/// signature cluster, waiting signature node cluster, waiting computing node cluster and ordinary
/// node cluster.
/// @custom:sentence The director signature node cluster is responsible for Smart public chain
/// transaction verification and block generation.
/// @custom:sentence The waiting signature node cluster is used for data security backup and
/// signature node waiting.
/// @custom:sentence The waiting computing node cluster is used for data security backup and waiting
/// signature node backup.
/// @custom:sentence Ordinary node clusters are used for waiting for backup of computing nodes.
contract SC41ClustersTest is SignersTest {
    address private constant _NODE = address(0x900D);

    function testANodePassesThroughAllFour() public {
        assertTrue(BOARD.clusterOf(_NODE) == ISignerBoard.Cluster.Ordinary, "ordinary");
        _applyWith(_NODE, 1_000e18, 1);
        assertTrue(BOARD.clusterOf(_NODE) == ISignerBoard.Cluster.Candidate, "waits, computes");
        _admit(_NODE);
        assertTrue(BOARD.clusterOf(_NODE) == ISignerBoard.Cluster.Standby, "waits to sign");
        _pass(1, 7 days);
        BOARD.seatTerm();
        assertTrue(BOARD.clusterOf(_NODE) == ISignerBoard.Cluster.Director, "director");
    }

    function testOnlyDirectorsGenerateBlocks() public {
        _grantSeats(4);
        _join(_NODE, 1_000e18, 1);
        _applyWith(address(0xC0), 1_000e18, 1);
        for (uint64 height = 1; height <= 100; ++height) {
            for (uint32 round = 0; round < 4; ++round) {
                address proposer = BOARD.proposerAt(height, round);
                assertTrue(
                    BOARD.clusterOf(proposer) == ISignerBoard.Cluster.Director,
                    "a director"
                );
            }
        }
    }

    function testStandbysWaitForSeats() public {
        address founder = BOARD.seatAt(0);
        _join(_NODE, 1_000e18, 1);
        vm.prank(founder);
        BOARD.resign();
        assertEq(BOARD.seatAt(0), _NODE, "the waiting signature node");
    }

    function testCandidatesWaitForStandbysPlaces() public {
        address founder = BOARD.seatAt(0);
        _applyWith(_NODE, 1_000e18, 1);
        // A candidate never takes a seat itself.
        vm.expectRevert(ISignerBoard.SignerBoardLastSeat.selector);
        vm.prank(founder);
        BOARD.resign();
        _admit(_NODE);
        vm.prank(founder);
        BOARD.resign();
        assertEq(BOARD.seatAt(0), _NODE, "admitted, it does");
    }

    function testOrdinaryNodesBecomeCandidatesByProvingPower() public {
        _fund(_NODE, 1_000e18);
        vm.expectRevert(abi.encodeWithSelector(ISignerBoard.SignerBoardNoPower.selector, _NODE));
        vm.prank(_NODE);
        BOARD.applyToSign(1_000e18);
        _setPower(_NODE, 1);
        vm.prank(_NODE);
        BOARD.applyToSign(1_000e18);
        assertTrue(BOARD.clusterOf(_NODE) == ISignerBoard.Cluster.Candidate, "candidate");
    }
}
