// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {vm} from "../support/Vm.sol";
import {SignersTest} from "../signers/SignersTest.sol";

/// @title SC 3.3.2: "When a signature node is paralyzed due to a network attack, the fault
/// tolerance mechanism will automatically temporarily isolate the paralyzed node from the network."
/// @custom:sentence When a signature node is paralyzed due to a network attack, the fault tolerance
/// mechanism will automatically temporarily isolate the paralyzed node from the network.
/// @custom:sentence At this time, the Smart network will proxy the signature node identity of the
/// node to the backup node.
/// @custom:sentence After the node recovers from the attack, the data of the public chain will be
/// synchronized to the node, and the signature right will be transferred from the backup node to
/// the node.
contract SC332RecoveryTest is SignersTest {
    address private constant _BACKUP = address(0x900D);

    function setUp() public override {
        super.setUp();
        _grantSeats(4);
        _join(_BACKUP, 1_000e18, 1);
    }

    function testTheParalysedNodeIsIsolatedAfterTwentySilentTurns() public {
        _miss(1, 19);
        assertTrue(BOARD.isSigner(_account(1)), "19");
        _miss(1, 1);
        assertTrue(!BOARD.isSigner(_account(1)), "20");
        // Nobody had to call anything, and it keeps its seat.
        assertEq(BOARD.seatAt(1), _account(1), "temporarily");
    }

    function testTheBackupNodeSignsForItsSeat() public {
        _miss(1, 20);
        assertEq(BOARD.actingSigner(1), _BACKUP, "identity");
        uint64 height = _height;
        while (BOARD.proposerAt(height, 0) != _BACKUP) ++height;
        assertEq(height % 4, 1, "its turns are those of seat 1");
        _pass(height - _height, 1);
        _finish(_plainInput());
        assertTrue(DISTRIBUTOR.creditOf(_BACKUP) > 0, "and so are its rewards");
        assertEq(DISTRIBUTOR.creditOf(_account(1)), 0, "which the paralysed node does not get");
    }

    function testTheSignatureRightReturns64BlocksAfterRecovery() public {
        _miss(1, 20);
        vm.prank(_account(1));
        BOARD.recover();
        // Time to synchronize the chain's data.
        _pass(64, 64);
        BOARD.restore(1);
        assertEq(BOARD.actingSigner(1), _account(1), "transferred back");
        assertTrue(BOARD.isStandby(_BACKUP), "a backup again");
    }
}
