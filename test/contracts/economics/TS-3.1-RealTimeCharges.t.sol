// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ITaskBook} from "../../../contracts/interfaces/ITaskBook.sol";
import {TaskStage} from "../support/TaskStage.sol";
import {vm} from "../support/Vm.sol";

/// @title TS 3.1: "The platform will perform deduction in real time according the actual operation
/// of the task."
/// @notice Checkpoints move the accrued balance while the task runs. It is final when the task
/// completes; a task that ends in any other way costs nothing (TS 3.4).
/// @custom:sentence The platform will perform deduction in real time according the actual operation
/// of the task.
/// @custom:sentence The user's payment cost comes directly from the actual task workload.
contract TS31RealTimeChargesTest is TaskStage {
    function testHalfOfTheUnitsAreHalfOfThePrice() public {
        uint256 taskId = _start(_spec(1));
        _pass(500);
        vm.prank(_worker(0));
        MARKET.checkpoint(taskId, 0, "half", 80);
        _same(MARKET.accrued(taskId), 50e18, "after 80 of 160 units");
        _pass(500);
        _commit(taskId, 0);
        _same(MARKET.accrued(taskId), 100e18, "when all is done");
        _finish(taskId);
        _same(MARKET.accrued(taskId), 100e18, "final");
    }

    function testAnAbnormalEndTakesNothing() public {
        uint256 taskId = _start(_spec(1));
        vm.startPrank(_worker(0));
        MARKET.checkpoint(taskId, 0, "half", 80);
        MARKET.abort(taskId, 0);
        vm.stopPrank();
        _same(MARKET.accrued(taskId), 0, "reversed");
        _same(ESCROW.creditOf(CLIENT), 150e18, "all comes back");
    }
}
