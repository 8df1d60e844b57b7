// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISignerBoard} from "../../../contracts/interfaces/ISignerBoard.sol";
import {vm} from "../support/Vm.sol";
import {SignersTest} from "../signers/SignersTest.sol";

/// @title TS 4.2.2.1: "At each master node, a certain amount of coin needs to be pledged for
/// trust."
/// @custom:sentence At each master node, a certain amount of coin needs to be pledged for trust.
/// @custom:sentence When the Master node malfunctions, it will be driven out of the network and the
/// coins will be forfeited.
/// @custom:sentence Each Master node will receive a reward after the block is produced.
/// @custom:sentence It does not play a part in block production and calculation, therefore making
/// transactions faster (similar to the CDN server).
contract TS4221MasterNodeTest is SignersTest {
    address private constant _MASTER = address(0x900D);

    function testAThousandCoinsArePledged() public {
        _setPower(_MASTER, 1);
        _fund(_MASTER, 1_000e18);
        vm.expectRevert(
            abi.encodeWithSelector(
                ISignerBoard.SignerBoardCollateralTooLow.selector,
                999e18,
                1_000e18
            )
        );
        vm.prank(_MASTER);
        BOARD.applyToSign(999e18);
        vm.prank(_MASTER);
        BOARD.applyToSign(1_000e18);
        assertEq(VAULT.lockedOf(_MASTER), 1_000e18, "pledged");
    }

    function testAMasterNodeThatMalfunctionsIsDrivenOutAndForfeits() public {
        _grantSeats(2);
        _join(_MASTER, 1_000e18, 1);
        _miss(1, 20);
        assertEq(BOARD.actingSigner(1), _MASTER, "on duty");
        _miss(1, 20);
        assertTrue(!BOARD.isStandby(_MASTER), "driven out");
        assertEq(VAULT.lockedOf(_MASTER) + VAULT.freeOf(_MASTER), 0, "forfeited");
    }

    function testEachMasterNodeIsRewardedAfterEachBlock() public {
        address other = address(0x0DD);
        _join(_MASTER, 1_000e18, 1);
        _join(other, 5_000e18, 1_000);
        uint256 last = 0;
        for (uint256 i = 0; i < 5; ++i) {
            _finish(_plainInput());
            uint256 reward = BOARD.standbyRewardOf(_MASTER);
            assertTrue(reward > last, "after the block");
            assertEq(BOARD.standbyRewardOf(other), reward, "each the same");
            last = reward;
        }
        BOARD.claimStandbyReward(_MASTER);
        assertEq(DISTRIBUTOR.creditOf(_MASTER), last, "pulled");
    }

    function testItPlaysNoPartInBlockProduction() public {
        _join(_MASTER, 1_000e18, 1);
        assertTrue(!BOARD.isSigner(_MASTER), "no signature");
        for (uint64 height = 1; height < 50; ++height) {
            assertTrue(BOARD.proposerAt(height, 0) != _MASTER, "no turn");
        }
    }
}
