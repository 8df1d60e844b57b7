// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISlashCourt} from "../../../contracts/interfaces/ISlashCourt.sol";
import {ConsensusBytes} from "../../../contracts/libraries/ConsensusBytes.sol";
import {vm} from "../support/Vm.sol";
import {SignersTest} from "../signers/SignersTest.sol";

/// @title SC 3.3.3: "Smart Network will punish hijacked signature nodes and promptly isolate them
/// from the governance network"
/// @custom:sentence Smart Network will punish hijacked signature nodes and promptly isolate them
/// from the governance network, so Smart Network can prevent large-scale network attacks.
contract SC333PunishmentTest is SignersTest {
    function testAHijackedNodeLosesItsCollateralAndItsVoteAtOnce() public {
        address hijacked = _account(2);
        _grantSeats(2);
        _join(hijacked, 1_000e18, 1);
        _join(_account(3), 1_000e18, 1);
        _pass(1, 7 days);
        BOARD.seatTerm();
        assertTrue(BOARD.isSigner(hijacked), "in office");

        COURT.report(_commit(10, bytes32(uint256(1))), _commit(10, bytes32(uint256(2))));
        assertEq(BOARD.collateralOf(hijacked), 0, "all of it");
        assertEq(VAULT.freeOf(address(this)), 100e18, "a tenth for the report, the rest burned");
        _pass(1, 1);
        assertTrue(!BOARD.isSigner(hijacked), "isolated");
        assertTrue(BOARD.memberOf(hijacked).barred, "for ever");
        vm.expectRevert();
        vm.prank(hijacked);
        BOARD.voteToAdmit(_account(3));
    }

    function _commit(
        uint64 height,
        bytes32 value
    ) private view returns (ConsensusBytes.SignedMessage memory message) {
        message.kind = ConsensusBytes.Kind.Precommit;
        message.height = height;
        message.value = value;
        uint8 v;
        (v, message.r, message.s) = vm.sign(1_002, COURT.digestOf(message));
        message.yParity = v - 27;
    }
}
