// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IWHPC} from "../../../contracts/interfaces/IWHPC.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {MoneyTest} from "../support/MoneyTest.sol";
import {vm} from "../support/Vm.sol";

/// @title TS 4.2.1.1: "the registration, destruction and transactions of assets"
/// @notice Of the coin as an asset. Data as assets come with the storage of files.
/// @custom:sentence use smart contract for the registration, destruction and transactions of
/// assets.
contract TS4211AssetsTest is MoneyTest {
    IWHPC private constant _ASSET = IWHPC(Predeploys.WHPC);
    address private constant _ALICE = address(0xA11CE);
    address private constant _BOB = address(0xB0B);

    function testAnAssetIsRegisteredTransferredAndDestroyed() public {
        vm.deal(_ALICE, 10e18);
        vm.startPrank(_ALICE);
        _ASSET.deposit{value: 10e18}();
        assertEq(_ASSET.balanceOf(_ALICE), 10e18, "registered");
        assertTrue(_ASSET.transfer(_BOB, 4e18), "transferred");
        vm.stopPrank();
        assertEq(_ASSET.balanceOf(_ALICE), 6e18, "sold");
        assertEq(_ASSET.balanceOf(_BOB), 4e18, "bought");
        vm.prank(_BOB);
        _ASSET.withdraw(4e18);
        assertEq(_ASSET.totalSupply(), 6e18, "destroyed");
        assertEq(_BOB.balance, 4e18, "for coin");
    }
}
