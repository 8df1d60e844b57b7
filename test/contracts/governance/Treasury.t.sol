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

    function testAPurposeIsStated() public {
        vm.deal(Predeploys.TREASURY, 70);
        vm.startPrank(Predeploys.TIMELOCK);
        vm.expectRevert(abi.encodeWithSelector(ITreasury.TreasuryBadPurpose.selector, 0, 256));
        _TREASURY.spend(_ALICE, 1, "");
        vm.expectRevert(abi.encodeWithSelector(ITreasury.TreasuryBadPurpose.selector, 257, 256));
        _TREASURY.spend(_ALICE, 1, string(new bytes(257)));
        vm.stopPrank();
    }

    function testABudgetAccruesToTheSecond() public {
        vm.deal(Predeploys.TREASURY, 1_000);
        uint256 id = _setBudget(864_000, 10 days);
        assertEq(id, 1, "numbered from 1");
        vm.warp(GENESIS_TIME + 100);
        assertEq(_TREASURY.accruedOf(id), 100, "a wei a second");
        vm.expectEmit(Predeploys.TREASURY);
        emit ITreasury.BudgetDrawn(id, _ALICE, 100);
        vm.prank(_ALICE);
        assertEq(_TREASURY.draw(id), 100, "drawn");
        vm.expectRevert(abi.encodeWithSelector(ITreasury.TreasuryNothingAccrued.selector, id));
        vm.prank(_ALICE);
        _TREASURY.draw(id);
        vm.warp(GENESIS_TIME + 30 days);
        assertEq(_TREASURY.accruedOf(id), 864_000, "no more than its amount");
        vm.prank(_ALICE);
        assertEq(_TREASURY.draw(id), 900, "as far as there is coin");
        assertEq(_TREASURY.budgetOf(id).drawn, 1_000, "the rest stays due");
    }

    function testAStoppedBudgetKeepsWhatAccrued() public {
        vm.deal(Predeploys.TREASURY, 1_000);
        uint256 id = _setBudget(864_000, 10 days);
        vm.warp(GENESIS_TIME + 60);
        vm.expectEmit(Predeploys.TREASURY);
        emit ITreasury.BudgetStopped(id, 60);
        vm.prank(Predeploys.TIMELOCK);
        _TREASURY.stopBudget(id);
        vm.warp(GENESIS_TIME + 5 days);
        vm.prank(_ALICE);
        assertEq(_TREASURY.draw(id), 60, "accrued before");
        vm.expectRevert(
            abi.encodeWithSelector(ITreasury.TreasuryBudgetStopped.selector, id, GENESIS_TIME + 60)
        );
        vm.prank(Predeploys.TIMELOCK);
        _TREASURY.stopBudget(id);
    }

    function testABudgetIsItsSpendersAlone() public {
        uint256 id = _setBudget(864_000, 10 days);
        vm.expectRevert(
            abi.encodeWithSelector(ITreasury.TreasuryNotSpender.selector, id, address(this), _ALICE)
        );
        _TREASURY.draw(id);
        vm.expectRevert(abi.encodeWithSelector(ITreasury.TreasuryUnknownBudget.selector, 2));
        _TREASURY.draw(2);
        vm.expectRevert(abi.encodeWithSelector(ITreasury.TreasuryUnknownBudget.selector, 0));
        _TREASURY.budgetOf(0);
    }

    function testABudgetHasSpenderAmountAndPeriod() public {
        vm.startPrank(Predeploys.TIMELOCK);
        _expectBadBudget(address(0), 1, 1 days);
        _TREASURY.setBudget(address(0), 1, 1 days, "x");
        _expectBadBudget(_ALICE, 0, 1 days);
        _TREASURY.setBudget(_ALICE, 0, 1 days, "x");
        _expectBadBudget(_ALICE, 1, 1 days - 1);
        _TREASURY.setBudget(_ALICE, 1, 1 days - 1, "x");
        _expectBadBudget(_ALICE, 1, 1461 days + 1);
        _TREASURY.setBudget(_ALICE, 1, 1461 days + 1, "x");
        vm.stopPrank();
    }

    function testEveryPaymentIsListed() public {
        vm.deal(Predeploys.TREASURY, 1_000);
        uint256 id = _setBudget(864_000, 10 days);
        vm.prank(Predeploys.TIMELOCK);
        _TREASURY.spend(address(0xB0B), 7, "audit");
        vm.warp(GENESIS_TIME + 5);
        vm.prank(_ALICE);
        _TREASURY.draw(id);
        assertEq(_TREASURY.spendingCount(), 2, "count");
        ITreasury.Spending[] memory page = _TREASURY.spendings(0, 10);
        assertEq(page.length, 2, "page");
        assertEq(page[0].to, address(0xB0B), "to");
        assertEq(page[0].amount, 7, "amount");
        assertEq(page[0].time, GENESIS_TIME, "time");
        assertEq(page[0].budgetId, 0, "by a vote");
        assertEq(keccak256(bytes(page[0].purpose)), keccak256("audit"), "purpose");
        assertEq(page[1].budgetId, id, "from a budget");
        assertEq(keccak256(bytes(page[1].purpose)), keccak256("upkeep"), "its purpose");
        assertEq(_TREASURY.spendings(1, 1).length, 1, "second page");
        assertEq(_TREASURY.spendings(2, 1).length, 0, "past the end");
    }

    function testFuzzABudgetNeverPaysMoreThanItsAmount(
        uint96 amount,
        uint32 period,
        uint32[8] calldata steps
    ) public {
        vm.assume(amount != 0 && 1 days <= period && period <= 1461 days);
        vm.deal(Predeploys.TREASURY, type(uint96).max);
        uint256 before = _ALICE.balance;
        uint256 id = _setBudget(amount, period);
        for (uint256 i = 0; i < steps.length; ++i) {
            vm.warp(timeNow() + (steps[i] % 200 days));
            vm.prank(_ALICE);
            try _TREASURY.draw(id) returns (uint256) {} catch {}
            assertTrue(_TREASURY.budgetOf(id).drawn <= _TREASURY.accruedOf(id), "accrued");
        }
        vm.warp(GENESIS_TIME + period);
        assertEq(_TREASURY.accruedOf(id), amount, "whole at the end");
        assertEq(_ALICE.balance - before, _TREASURY.budgetOf(id).drawn, "paid");
    }

    function testFuzzOnlyTheTimelockSetsBudgets(address caller) public {
        vm.assume(caller != Predeploys.TIMELOCK && caller != Predeploys.PROXY_ADMIN);
        bytes memory refusal = abi.encodeWithSelector(
            SystemContract.SystemContractUnauthorized.selector,
            caller,
            Predeploys.TIMELOCK
        );
        vm.expectRevert(refusal);
        vm.prank(caller);
        _TREASURY.setBudget(caller, 1, 1 days, "mine");
        vm.expectRevert(refusal);
        vm.prank(caller);
        _TREASURY.stopBudget(1);
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

    function _setBudget(uint96 amount, uint40 period) private returns (uint256 id) {
        id = _TREASURY.budgetCount() + 1;
        vm.expectEmit(Predeploys.TREASURY);
        emit ITreasury.BudgetSet(id, _ALICE, amount, period, "upkeep");
        vm.prank(Predeploys.TIMELOCK);
        return _TREASURY.setBudget(_ALICE, amount, period, "upkeep");
    }

    function _expectBadBudget(address spender, uint256 amount, uint256 period) private {
        vm.expectRevert(
            abi.encodeWithSelector(ITreasury.TreasuryBadBudget.selector, spender, amount, period)
        );
    }
}
