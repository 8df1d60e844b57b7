// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ITaskBook} from "../../../contracts/interfaces/ITaskBook.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {TaskStage} from "../support/TaskStage.sol";
import {vm} from "../support/Vm.sol";

/// @title TS 3.4: "Lost Miner Collateral will be used to make up for other miners who have been
/// affected by the abnormal termination."
/// @notice By power and seconds worked, and never more than they would have earned. A tenth is
/// burned, so that who plays both parts loses; what is left is kept for later cases.
/// @custom:sentence Lost Miner Collateral will be used to make up for other miners who have been
/// affected by the abnormal termination.
/// @custom:sentence Confiscated Miner Collateral will be used to make up for other miners who have
/// been affected by the abnormal termination.
/// @custom:sentence Because failed node or low performance node will delay the task completion time
/// of other normal nodes.
contract TS34CompensationTest is TaskStage {
    function testAnAbortMakesUpForTheOthersTime() public {
        uint256 free = VAULT.freeOf(_worker(0));
        uint256 taskId = _start(_spec(2));
        _pass(400);
        vm.prank(_worker(1));
        MARKET.abort(taskId, 1);
        // A third of 100 coins for 400 of 1,000 seconds.
        _same(VAULT.freeOf(_worker(0)) - free, 13_333333333333333333, "the other");
        // 33.33 less a tenth less 13.33.
        _same(MARKET.reserve(), 16_666666666666666668, "the rest is kept");
    }

    function testADelayMakesUpForTheOthersTime() public {
        uint256 free = VAULT.freeOf(_worker(0));
        uint256 taskId = _start(_spec(2));
        _pass(500);
        _commit(taskId, 0);
        _pass(701);
        MARKET.expire(taskId);
        _same(VAULT.freeOf(_worker(0)) - free, 16_666666666666666666, "half of a third");
    }

    function testTheReserveAddsWhereThePoolFallsShort() public {
        // A first fault fills the reserve with 45 coins.
        uint256 first = _start(_spec(1));
        _pass(500);
        vm.prank(_worker(0));
        MARKET.abort(first, 0);
        _same(MARKET.reserve(), 45e18, "reserve");

        // Worker 1 has earned 66.67 when worker 0 loses 16.67, of which 1.67 is burned.
        uint256 free = VAULT.freeOf(_worker(1));
        uint256 taskId = _start(_spec(2));
        _pass(1_000);
        vm.prank(_worker(0));
        MARKET.abort(taskId, 0);
        uint256 got = VAULT.freeOf(_worker(1)) - free;
        // 15 coins of the pool, and half of what was burned.
        _same(got, 15_000000000000000001 + 833333333333333333, "compensation");
        _same(MARKET.reserve(), 45e18 - 833333333333333333, "the reserve paid the difference");
        _same(VAULT.freeOf(Predeploys.TASK_MARKET), MARKET.reserve(), "and is backed");
        _ended(taskId, ITaskBook.TaskState.Aborted);
    }
}
