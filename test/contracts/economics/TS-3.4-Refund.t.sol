// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ITaskBook} from "../../../contracts/interfaces/ITaskBook.sol";
import {Verdict} from "../../../contracts/interfaces/IOracleHub.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {TaskStage} from "../support/TaskStage.sol";
import {vm} from "../support/Vm.sol";

/// @title TS 3.4: "Abnormally terminated tasks will not charge user fees."
/// @custom:sentence Abnormally terminated tasks will not charge user fees.
/// @custom:sentence Abnormally terminated tasks will not be charged user fees.
/// @custom:sentence The user will receive a task exception and return the user's deposit (User
/// Collateral).
contract TS34RefundTest is TaskStage {
    function _refunded(uint256 taskId, ITaskBook.TaskState state) private view {
        _ended(taskId, state);
        _same(ESCROW.creditOf(CLIENT), 150e18, "the whole deposit");
        _same(ESCROW.creditOf(Predeploys.TREASURY), 0, "no fee");
        _same(ESCROW.creditOf(Predeploys.ORACLE_HUB), 0, "none for the oracles either");
    }

    function testAfterAnAbortTheUserIsToldAndRefunded() public {
        uint256 taskId = _start(_spec(1));
        _pass(500);
        // The task exception.
        vm.expectEmit(Predeploys.TASK_MARKET);
        emit ITaskBook.TaskEnded(taskId, ITaskBook.TaskState.Aborted, 150e18, 5e18);
        vm.prank(_worker(0));
        MARKET.abort(taskId, 0);
        _refunded(taskId, ITaskBook.TaskState.Aborted);
    }

    function testAfterADelay() public {
        uint256 taskId = _start(_spec(1));
        _pass(1_201);
        vm.expectEmit(Predeploys.TASK_MARKET);
        emit ITaskBook.TaskEnded(taskId, ITaskBook.TaskState.Late, 150e18, 5e18);
        MARKET.expire(taskId);
        _refunded(taskId, ITaskBook.TaskState.Late);
    }

    function testAfterAResultThatIsNotRevealed() public {
        uint256 taskId = _start(_spec(1));
        _commit(taskId, 0);
        _pass(121);
        MARKET.expire(taskId);
        _refunded(taskId, ITaskBook.TaskState.Rejected);
    }

    function testAfterAWrongResult() public {
        uint256 taskId = _start(_spec(1));
        _commit(taskId, 0);
        _reveal(taskId, 0);
        vm.prank(Predeploys.ORACLE_HUB);
        MARKET.onAttested(taskId, 0, 0, "root", Verdict.Invalid);
        // Until then it can be contested.
        _pass(601);
        MARKET.finalize(taskId);
        _refunded(taskId, ITaskBook.TaskState.Rejected);
    }

    function testTheLostPartOfATaskOfWhichTheRestWasDelivered() public {
        uint256 taskId = _start(_spec(2));
        _pass(1_000);
        for (uint8 i = 0; i < 2; ++i) _commit(taskId, i);
        _reveal(taskId, 1);
        _pass(121);
        MARKET.expire(taskId);
        _attest(taskId, 1);
        _pass(601);
        MARKET.finalize(taskId);
        _ended(taskId, ITaskBook.TaskState.Completed);
        // Worker 1 has two thirds of the power, and what it published is paid.
        _same(ESCROW.creditOf(_worker(1)), 65e18, "66.67 less a fortieth");
        _same(ESCROW.creditOf(CLIENT), 83_333333333333333334, "the rest of the deposit");
    }

    function testWhenTheOraclesAreSilent() public {
        uint256 taskId = _start(_spec(1));
        _commit(taskId, 0);
        _reveal(taskId, 0);
        _pass(301);
        MARKET.expire(taskId);
        _refunded(taskId, ITaskBook.TaskState.Expired);
    }

    function testWhenNobodyTakesTheTask() public {
        uint256 taskId = _create(_spec(1));
        _pass(61);
        MARKET.expire(taskId);
        _refunded(taskId, ITaskBook.TaskState.Cancelled);
    }
}
