// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ITaskBook} from "../../../contracts/interfaces/ITaskBook.sol";
import {TaskStage} from "../support/TaskStage.sol";
import {vm} from "../support/Vm.sol";

/// @title TS 3.4: "If the miner does not complete the task calculation punctually"
/// @notice Past the expected time and a fifth of it a slot is late: the collateral is lost, the
/// comment is 2,000 lower for ten days, and the task ends by anyone's call.
/// @custom:sentence If the miner does not complete the task calculation punctually, the miner will
/// lose the Miner Collateral and reduce the Compensation Adjustment in the next 10 days.
/// @custom:sentence The task will be forcibly terminated.
contract TS34LateTest is TaskStage {
    function testTheLastPunctualSecond() public {
        uint256 taskId = _start(_spec(1));
        _pass(1_200);
        _commit(taskId, 0);
        _ended(taskId, ITaskBook.TaskState.Revealing);
    }

    function testASecondLaterTheTaskIsForciblyTerminated() public {
        uint256 free = VAULT.freeOf(_worker(0));
        uint256 taskId = _start(_spec(1));
        _pass(1_201);
        vm.prank(STRANGER);
        MARKET.expire(taskId);
        _ended(taskId, ITaskBook.TaskState.Late);
        _same(free - VAULT.freeOf(_worker(0)), 50e18, "the whole collateral");
    }

    function testTheBlockItselfTerminatesIt() public {
        uint256 taskId = _start(_spec(1));
        _pass(1_201);
        for (uint256 i = 0; i < 2; ++i) _endBlock(1);
        _ended(taskId, ITaskBook.TaskState.Late);
    }

    function testTheCommentIsLowerForTenDaysToTheSecond() public {
        uint256 taskId = _start(_spec(1));
        _pass(1_201);
        MARKET.expire(taskId);
        _same(REPUTATION.commentOf(_worker(0)), 8_000, "at once");
        _pass(863_999);
        _same(REPUTATION.commentOf(_worker(0)), 8_000, "a second before ten days");
        _pass(1);
        _same(REPUTATION.commentOf(_worker(0)), 10_000, "after ten days");
    }
}
