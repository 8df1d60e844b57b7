// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ITreasury} from "../../../contracts/interfaces/ITreasury.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {SystemTest} from "../support/SystemTest.sol";
import {vm} from "../support/Vm.sol";

/// @title TS 7: "promptly disclose the details of use"
/// @custom:sentence The project team will establish a SAIC industry chain fund for special public
/// funds for token distributions, and gradually form a public disclosure mechanism, and promptly
/// disclose the details of use.
contract TS7DisclosureTest is SystemTest {
    ITreasury private constant _TREASURY = ITreasury(Predeploys.TREASURY);
    address private constant _FUND = address(0xF0D);
    address private constant _BUILDER = address(0xB1D);

    function setUp() public {
        deployCore();
        vm.deal(Predeploys.TREASURY, 1_000e18);
    }

    function testAPaymentAndItsDetailsAreTheSameTransaction() public {
        vm.prank(Predeploys.TIMELOCK);
        _TREASURY.spend(_BUILDER, 40e18, "a wallet for phones");
        ITreasury.Spending memory spending = _TREASURY.spendings(0, 1)[0];
        assertEq(_BUILDER.balance, 40e18, "paid");
        assertEq(spending.to, _BUILDER, "to whom");
        assertEq(spending.amount, 40e18, "how much");
        assertEq(spending.time, GENESIS_TIME, "when");
        assertEq(keccak256(bytes(spending.purpose)), keccak256("a wallet for phones"), "what for");
    }

    function testAFundIsABudgetWhosePurposeAndUseAreOnShow() public {
        vm.prank(Predeploys.TIMELOCK);
        uint256 id = _TREASURY.setBudget(_FUND, 365e18, 365 days, "the industry chain fund");
        vm.warp(GENESIS_TIME + 10 days);
        assertEq(_TREASURY.accruedOf(id), 10e18, "a coin a day");
        vm.prank(_FUND);
        _TREASURY.draw(id);
        assertEq(_FUND.balance, 10e18, "drawn");
        ITreasury.Spending memory spending = _TREASURY.spendings(0, 1)[0];
        assertEq(spending.budgetId, id, "which fund");
        assertEq(
            keccak256(bytes(spending.purpose)),
            keccak256("the industry chain fund"),
            "what for"
        );
    }
}
