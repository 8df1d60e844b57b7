// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {TaskMarket} from "../../../contracts/compute/TaskMarket.sol";
import {ICollateralVault} from "../../../contracts/interfaces/ICollateralVault.sol";
import {ITaskEscrow} from "../../../contracts/interfaces/ITaskEscrow.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {vm} from "../support/Vm.sol";
import {ComputeTest} from "./ComputeTest.sol";

/// @notice CollateralVault and TaskEscrow keep what they are given and hand it to its owner only.
/// This contract takes no coin, so it also plays the payee who refuses.
contract MoneyTest is ComputeTest {
    address internal constant A = address(0xA11CE);
    address internal constant B = address(0xB0B);
    bytes32 internal constant REF = bytes32(uint256(7));

    function setUp() public {
        deployCompute();
        vm.deal(address(this), 1_000e18);
    }

    modifier asMarket() {
        vm.startPrank(Predeploys.TASK_MARKET);
        _;
        vm.stopPrank();
    }

    /* VAULT */

    function testADepositIsFree() public {
        vm.expectEmit(Predeploys.COLLATERAL_VAULT);
        emit ICollateralVault.Deposited(address(this), address(this), 3);
        VAULT.deposit{value: 3}();
        vm.expectEmit(Predeploys.COLLATERAL_VAULT);
        emit ICollateralVault.Deposited(A, address(this), 5);
        VAULT.depositFor{value: 5}(A);
        assertEq(VAULT.freeOf(A), 5, "free");
        assertEq(VAULT.lockedOf(A), 0, "locked");
        assertEq(address(VAULT).balance, 8, "held");
    }

    function testAnEmptyDepositIsRefused() public {
        vm.expectRevert(ICollateralVault.CollateralVaultZeroAmount.selector);
        VAULT.deposit();
        vm.expectRevert(ICollateralVault.CollateralVaultZeroAmount.selector);
        VAULT.depositFor(A);
    }

    function testAPlainTransferIsRefused() public {
        (bool ok, ) = address(VAULT).call{value: 1}("");
        assertTrue(!ok, "the vault takes deposits only");
        (ok, ) = address(ESCROW).call{value: 1}("");
        assertTrue(!ok, "the escrow takes funds only");
    }

    function testFreeCollateralIsWithdrawn() public {
        VAULT.depositFor{value: 5}(A);
        vm.expectEmit(Predeploys.COLLATERAL_VAULT);
        emit ICollateralVault.Withdrawn(A, 4);
        vm.prank(A);
        VAULT.withdraw(4);
        assertEq(A.balance, 4, "paid out");
        assertEq(VAULT.freeOf(A), 1, "left");
    }

    function testNoMoreThanFreeIsWithdrawn() public {
        VAULT.depositFor{value: 5}(A);
        vm.startPrank(A);
        vm.expectRevert(
            abi.encodeWithSelector(
                ICollateralVault.CollateralVaultInsufficientFree.selector,
                A,
                6,
                5
            )
        );
        VAULT.withdraw(6);
        vm.expectRevert(ICollateralVault.CollateralVaultZeroAmount.selector);
        VAULT.withdraw(0);
        vm.stopPrank();
    }

    function testAPayeeWhoRefusesKeepsItsCollateral() public {
        VAULT.depositFor{value: 5}(address(this));
        vm.expectRevert(
            abi.encodeWithSelector(
                ICollateralVault.CollateralVaultTransferFailed.selector,
                address(this),
                5
            )
        );
        VAULT.withdraw(5);
        assertEq(VAULT.freeOf(address(this)), 5, "kept");
    }

    function testALockIsUndoneByItsControllerAlone() public {
        VAULT.depositFor{value: 10}(A);
        vm.expectEmit(Predeploys.COLLATERAL_VAULT);
        emit ICollateralVault.CollateralLocked(Predeploys.TASK_MARKET, A, REF, 6);
        vm.prank(Predeploys.TASK_MARKET);
        VAULT.lock(A, REF, 6);
        assertEq(VAULT.freeOf(A), 4, "free");
        assertEq(VAULT.lockedOf(A), 6, "locked");
        assertEq(VAULT.lockOf(Predeploys.TASK_MARKET, A, REF), 6, "the lock");
        vm.prank(Predeploys.ORACLE_HUB);
        vm.expectRevert(
            abi.encodeWithSelector(
                ICollateralVault.CollateralVaultInsufficientLock.selector,
                A,
                REF,
                1,
                0
            )
        );
        VAULT.unlock(A, REF, 1);
        vm.expectEmit(Predeploys.COLLATERAL_VAULT);
        emit ICollateralVault.CollateralUnlocked(Predeploys.TASK_MARKET, A, REF, 2);
        vm.prank(Predeploys.TASK_MARKET);
        VAULT.unlock(A, REF, 2);
        assertEq(VAULT.freeOf(A), 6, "free again");
    }

    function testSeizedCollateralIsFreeForItsReceiver() public asMarket {
        vm.deal(Predeploys.TASK_MARKET, 10);
        VAULT.depositFor{value: 10}(A);
        VAULT.lock(A, REF, 6);
        vm.expectEmit(Predeploys.COLLATERAL_VAULT);
        emit ICollateralVault.CollateralSeized(Predeploys.TASK_MARKET, A, REF, B, 4);
        VAULT.seize(A, REF, 4, B);
        assertEq(VAULT.freeOf(B), 4, "of the receiver");
        assertEq(VAULT.lockedOf(A), 2, "still locked");
        vm.expectRevert(
            abi.encodeWithSelector(
                ICollateralVault.CollateralVaultInsufficientLock.selector,
                A,
                REF,
                3,
                2
            )
        );
        VAULT.seize(A, REF, 3, B);
    }

    function testBurnedCollateralGoesToTheMeter() public asMarket {
        vm.deal(Predeploys.TASK_MARKET, 10);
        VAULT.depositFor{value: 10}(A);
        VAULT.lock(A, REF, 6);
        vm.expectEmit(Predeploys.COLLATERAL_VAULT);
        emit ICollateralVault.CollateralSeized(
            Predeploys.TASK_MARKET,
            A,
            REF,
            Predeploys.SUPPLY_METER,
            5
        );
        VAULT.burn(A, REF, 5);
        assertEq(Predeploys.SUPPLY_METER.balance, 5, "burned");
        assertEq(address(VAULT).balance, 5, "left");
    }

    function testNothingCannotBeLockedOrMoved() public asMarket {
        vm.expectRevert(ICollateralVault.CollateralVaultZeroAmount.selector);
        VAULT.lock(A, REF, 0);
        vm.expectRevert(ICollateralVault.CollateralVaultZeroAmount.selector);
        VAULT.unlock(A, REF, 0);
        vm.expectRevert(
            abi.encodeWithSelector(
                ICollateralVault.CollateralVaultInsufficientFree.selector,
                A,
                1,
                0
            )
        );
        VAULT.lock(A, REF, 1);
    }

    function testALockIsTakenWholeAndNoMore() public asMarket {
        vm.deal(Predeploys.TASK_MARKET, 10);
        VAULT.depositFor{value: 10}(A);
        VAULT.lock(A, REF, 10);
        VAULT.seize(A, REF, 4, B);
        VAULT.unlock(A, REF, 6);
        assertEq(VAULT.freeOf(A), 6, "free again");
        assertEq(VAULT.lockedOf(A), 0, "nothing stays locked");
        vm.expectRevert(
            abi.encodeWithSelector(
                ICollateralVault.CollateralVaultInsufficientLock.selector,
                A,
                REF,
                1,
                0
            )
        );
        VAULT.unlock(A, REF, 1);
    }

    function testStrangersControlNothing() public {
        bytes memory refusal = abi.encodeWithSelector(
            ICollateralVault.CollateralVaultNotController.selector,
            address(this)
        );
        vm.expectRevert(refusal);
        VAULT.lock(A, REF, 1);
        vm.expectRevert(refusal);
        VAULT.unlock(A, REF, 1);
        vm.expectRevert(refusal);
        VAULT.seize(A, REF, 1, B);
        vm.expectRevert(refusal);
        VAULT.burn(A, REF, 1);
    }

    /* ESCROW */

    function testATaskIsFundedPaidAndBurnedByTheMarket() public asMarket {
        vm.deal(Predeploys.TASK_MARKET, 10);
        vm.expectEmit(Predeploys.TASK_ESCROW);
        emit ITaskEscrow.TaskFunded(1, A, 10);
        ESCROW.fund{value: 10}(1, A);
        vm.expectEmit(Predeploys.TASK_ESCROW);
        emit ITaskEscrow.TaskPaid(1, B, 6);
        ESCROW.pay(1, B, 6);
        vm.expectEmit(Predeploys.TASK_ESCROW);
        emit ITaskEscrow.TaskBurned(1, 3);
        ESCROW.burn(1, 3);
        assertEq(ESCROW.balanceOf(1), 1, "left");
        assertEq(ESCROW.creditOf(B), 6, "credit");
        assertEq(Predeploys.SUPPLY_METER.balance, 3, "burned");
        vm.expectRevert(
            abi.encodeWithSelector(ITaskEscrow.TaskEscrowInsufficient.selector, 1, 2, 1)
        );
        ESCROW.pay(1, B, 2);
        vm.expectRevert(
            abi.encodeWithSelector(ITaskEscrow.TaskEscrowInsufficient.selector, 1, 2, 1)
        );
        ESCROW.burn(1, 2);
    }

    function testAnEscrowIsPaidOutWholeAndPaymentsAddUp() public asMarket {
        vm.deal(Predeploys.TASK_MARKET, 10);
        ESCROW.fund{value: 4}(1, A);
        ESCROW.fund{value: 6}(1, A);
        ESCROW.pay(1, B, 3);
        ESCROW.pay(1, B, 7);
        assertEq(ESCROW.balanceOf(1), 0, "nothing stays");
        assertEq(ESCROW.creditOf(B), 10, "both payments");
    }

    function testOneTasksMoneyIsNotAnothers() public asMarket {
        vm.deal(Predeploys.TASK_MARKET, 10);
        ESCROW.fund{value: 10}(1, A);
        vm.expectRevert(
            abi.encodeWithSelector(ITaskEscrow.TaskEscrowInsufficient.selector, 2, 1, 0)
        );
        ESCROW.pay(2, B, 1);
    }

    function testACreditIsWithdrawnByItsOwnerOrForIt() public {
        vm.deal(Predeploys.TASK_MARKET, 10);
        vm.startPrank(Predeploys.TASK_MARKET);
        ESCROW.fund{value: 10}(1, A);
        ESCROW.pay(1, A, 4);
        ESCROW.pay(1, B, 5);
        vm.stopPrank();
        vm.expectEmit(Predeploys.TASK_ESCROW);
        emit ITaskEscrow.CreditWithdrawn(A, 4);
        vm.prank(A);
        assertEq(ESCROW.withdraw(), 4, "withdrawn");
        vm.expectEmit(Predeploys.TASK_ESCROW);
        emit ITaskEscrow.CreditWithdrawn(B, 5);
        ESCROW.withdrawFor(B);
        assertEq(A.balance, 4, "of A");
        assertEq(B.balance, 5, "of B");
        vm.expectRevert(abi.encodeWithSelector(ITaskEscrow.TaskEscrowNoCredit.selector, B));
        ESCROW.withdrawFor(B);
    }

    function testAPayeeWhoRefusesKeepsItsCredit() public {
        vm.deal(Predeploys.TASK_MARKET, 10);
        vm.startPrank(Predeploys.TASK_MARKET);
        ESCROW.fund{value: 10}(1, A);
        ESCROW.pay(1, address(this), 4);
        vm.stopPrank();
        vm.expectRevert(
            abi.encodeWithSelector(ITaskEscrow.TaskEscrowTransferFailed.selector, address(this), 4)
        );
        ESCROW.withdraw();
        assertEq(ESCROW.creditOf(address(this)), 4, "kept");
    }

    function testStrangersMoveNoTasksMoney() public {
        bytes memory refusal = abi.encodeWithSelector(
            ITaskEscrow.TaskEscrowOnlyMarket.selector,
            address(this)
        );
        vm.expectRevert(refusal);
        ESCROW.fund{value: 1}(1, A);
        vm.expectRevert(refusal);
        ESCROW.pay(1, A, 1);
        vm.expectRevert(refusal);
        ESCROW.burn(1, 1);
    }

    function testNobodyInitialisesAgain() public {
        vm.expectRevert();
        VAULT.initialize();
        vm.expectRevert();
        ESCROW.initialize();
        vm.expectRevert();
        TaskMarket(Predeploys.TASK_MARKET).initialize();
        vm.expectRevert();
        REGISTRY.initialize();
        vm.expectRevert();
        REPUTATION.initialize();
        vm.expectRevert();
        ORACLES.initialize(new address[](0));
    }
}
