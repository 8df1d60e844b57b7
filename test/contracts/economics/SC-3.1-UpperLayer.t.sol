// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISignerBoard} from "../../../contracts/interfaces/ISignerBoard.sol";
import {SignersTest} from "../signers/SignersTest.sol";
import {vm} from "../support/Vm.sol";

/// @title SC 3.1: "Upper-layer nodes obtain signature node qualifications and are responsible for
/// governing the network by providing proof of resource computing power."
/// @custom:sentence The signature nodes are responsible for the governance of the entire network.
/// @custom:sentence Upper-layer nodes obtain signature node qualifications and are responsible for
/// governing the network by providing proof of resource computing power.
contract SC31UpperLayerTest is SignersTest {
    address private constant _NODE = address(0x900D);
    address private constant _OTHER = address(0x0DD);

    function testWithoutProvedPowerThereIsNoQualification() public {
        _fund(_NODE, 1_000e18);
        vm.expectRevert(abi.encodeWithSelector(ISignerBoard.SignerBoardNoPower.selector, _NODE));
        vm.prank(_NODE);
        BOARD.applyToSign(1_000e18);
    }

    function testProvedPowerMakesASignerThatGoverns() public {
        _join(_NODE, 1_000e18, POWER);
        _pass(1, 7 days);
        BOARD.seatTerm();
        assertTrue(BOARD.isSigner(_NODE), "qualified");
        _applyWith(_OTHER, 1_000e18, 1);
        vm.prank(_NODE);
        BOARD.voteToAdmit(_OTHER);
        assertTrue(BOARD.isStandby(_OTHER), "who joins");
        _grantSeats(2);
        vm.prank(_NODE);
        BOARD.voteToEliminate(_account(1));
        _pass(1, 1);
        assertTrue(!BOARD.isSigner(_account(1)), "and who leaves");
    }

    function testNobodyElseGoverns() public {
        address founder = BOARD.seatAt(0);
        _join(_NODE, 1_000e18, POWER);
        _applyWith(_OTHER, 1_000e18, 1);
        address[2] memory others = [_NODE, _OTHER];
        for (uint256 i = 0; i < 2; ++i) {
            vm.expectRevert();
            vm.prank(others[i]);
            BOARD.voteToAdmit(_OTHER);
            vm.expectRevert();
            vm.prank(others[i]);
            BOARD.voteToEliminate(founder);
        }
    }
}
