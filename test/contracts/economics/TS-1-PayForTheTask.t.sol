// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {ITaskBook} from "../../../contracts/interfaces/ITaskBook.sol";
import {TaskStage} from "../support/TaskStage.sol";
import {vm} from "../support/Vm.sol";

/// @title TS 1: "Companies only need to pay for the cost of the task"
/// @custom:sentence Companies only need to pay for the cost of the task, thus significantly
/// reducing hardware input costs.
/// @custom:sentence For GPU owners, the sharing of the computing power also brings extra incomes,
/// thus effectively utilizing the original hardware investment.
/// @custom:sentence Tesra Tokens will be used as payment currency for the Tesra system.
/// @custom:sentence In addition to financial services, Tesra SuperNet also provides computing
/// services.
contract TS1PayForTheTaskTest is TaskStage {
    function testACompanyPaysTheTaskAndOwnsNoMachine() public {
        uint256 before = CLIENT.balance;
        _run(100e18, 1_000);
        ESCROW.withdrawFor(CLIENT);
        _same(before - CLIENT.balance, 100e18, "the price of the task");
        _same(REGISTRY.powerOf(CLIENT), 0, "no machine");
        _same(VAULT.freeOf(CLIENT) + VAULT.lockedOf(CLIENT), 0, "no collateral");
    }

    function testAnOwnerThatSharesItsMachineEarns() public {
        uint256 before = _worker(0).balance;
        _run(100e18, 1_000);
        ESCROW.withdrawFor(_worker(0));
        _same(_worker(0).balance - before, 97.5e18, "income");
    }

    function testACompanyPaysInTheCoinOfTheChainAndInNothingElse() public {
        uint256 held = Predeploys.TASK_ESCROW.balance;
        _create(_spec(1));
        _same(Predeploys.TASK_ESCROW.balance - held, 150e18, "coin");
        vm.expectRevert();
        vm.prank(CLIENT);
        MARKET.createTask(_spec(1), "manifest");
    }

    /// @dev The same coin pays a person and a machine.
    function testCoinIsSentAndComputingIsBought() public {
        vm.prank(CLIENT);
        (bool success, ) = STRANGER.call{value: 7e18}("");
        _same(success ? STRANGER.balance : 0, 7e18, "a payment");
        uint256 taskId = _run(100e18, 1_000);
        _ended(taskId, ITaskBook.TaskState.Completed);
    }
}
