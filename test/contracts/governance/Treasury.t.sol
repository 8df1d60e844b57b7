// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Initializable} from "@openzeppelin/contracts-upgradeable/proxy/utils/Initializable.sol";
import {Treasury} from "../../../contracts/governance/Treasury.sol";
import {ITreasury} from "../../../contracts/interfaces/ITreasury.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {SystemContract} from "../../../contracts/libraries/SystemContract.sol";
import {RefusingReceiver} from "../../../contracts/mocks/RefusingReceiver.sol";
import {SystemTest} from "../support/SystemTest.sol";
import {vm} from "../support/Vm.sol";

/// @dev Shows that anyone fills the purse and only a vote empties it.
contract TreasuryTest is SystemTest {
    Treasury private constant _TREASURY = Treasury(payable(Predeploys.TREASURY));
    address private constant _ALICE = address(0xA11CE);

    function setUp() public {
        vm.warp(GENESIS_TIME);
        deployGovernance();
        vm.deal(_ALICE, 100);
    }

    function testTakesCoinFromAnyone() public {
        vm.prank(_ALICE);
        vm.expectEmit(Predeploys.TREASURY);
        emit ITreasury.Received(_ALICE, 70);
        (bool success, ) = Predeploys.TREASURY.call{value: 70}("");
        assertTrue(success, "taken");
        assertEq(Predeploys.TREASURY.balance, 70, "balance");
    }

    function testSpendsWithAPurpose() public {
        vm.deal(Predeploys.TREASURY, 70);
        vm.startPrank(Predeploys.TIMELOCK);
        vm.expectEmit(Predeploys.TREASURY);
        emit ITreasury.Spent(_ALICE, 30, "audit");
        _TREASURY.spend(_ALICE, 30, "audit");
        assertEq(_ALICE.balance, 130, "received");
        vm.expectRevert(abi.encodeWithSelector(ITreasury.TreasuryInsufficient.selector, 41, 40));
        _TREASURY.spend(_ALICE, 41, "more");
        RefusingReceiver account = new RefusingReceiver();
        vm.expectRevert(
            abi.encodeWithSelector(ITreasury.TreasuryTransferFailed.selector, account, 1)
        );
        _TREASURY.spend(address(account), 1, "refused");
        vm.stopPrank();
    }

    function testFuzzOnlyTheTimelockSpends(address caller) public {
        vm.assume(caller != Predeploys.TIMELOCK && caller != Predeploys.PROXY_ADMIN);
        vm.deal(Predeploys.TREASURY, 70);
        vm.expectRevert(
            abi.encodeWithSelector(
                SystemContract.SystemContractUnauthorized.selector,
                caller,
                Predeploys.TIMELOCK
            )
        );
        vm.prank(caller);
        _TREASURY.spend(caller, 1, "mine");
    }

    function testCannotBeInitializedAgain() public {
        vm.expectRevert(Initializable.InvalidInitialization.selector);
        _TREASURY.initialize();
        vm.expectRevert(Initializable.InvalidInitialization.selector);
        Treasury(payable(implementationOf(Predeploys.TREASURY))).initialize();
    }
}
