// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAdditionalIssuance} from "../../../contracts/interfaces/IAdditionalIssuance.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {MoneyTest} from "../support/MoneyTest.sol";
import {vm} from "../support/Vm.sol";

/// @title SC "Regarding SCC": "We will also regularly announce the use of funds"
/// @notice A token comes into being by a vote that names its purpose, and the list of them is on
/// the chain.
/// @custom:sentence We will also regularly announce the use of funds and invite the community to
/// monitor.
contract SCSCCDisclosureTest is MoneyTest {
    IAdditionalIssuance private constant _SCC = IAdditionalIssuance(Predeploys.ADDITIONAL_ISSUANCE);

    function testEveryUseIsListedWithItsPurpose() public {
        vm.warp(1_767_225_600 + 365 days);
        vm.startPrank(Predeploys.TIMELOCK);
        _SCC.spend(IAdditionalIssuance.Stream.Development, address(0xD1), 7e18, "wallet");
        _SCC.spend(IAdditionalIssuance.Stream.Strategic, address(0xD2), 9e18, "partner");
        vm.stopPrank();
        IAdditionalIssuance.Spending[] memory list = _SCC.spendingsFrom(0, 100);
        assertEq(list.length, 2, "uses");
        assertEq(list[0].amount + list[1].amount, 16e18, "amounts");
        assertTrue(keccak256(bytes(list[0].purpose)) == keccak256("wallet"), "first");
        assertTrue(keccak256(bytes(list[1].purpose)) == keccak256("partner"), "second");
    }

    function testNothingIsSpentWithoutAPurpose() public {
        vm.warp(1_767_225_600 + 365 days);
        vm.expectRevert(
            abi.encodeWithSelector(
                IAdditionalIssuance.AdditionalIssuancePurposeSize.selector,
                0,
                256
            )
        );
        vm.prank(Predeploys.TIMELOCK);
        _SCC.spend(IAdditionalIssuance.Stream.Development, address(0xD1), 7e18, "");
    }
}
