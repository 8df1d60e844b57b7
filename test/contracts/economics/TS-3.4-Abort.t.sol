// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ITaskBook} from "../../../contracts/interfaces/ITaskBook.sol";
import {TaskStage} from "../support/TaskStage.sol";
import {vm} from "../support/Vm.sol";

/// @title TS 3.4: "the miner will lose the Miner Collateral" on abort "and reduce the Compensation
/// Adjustment within the next 3 days"
/// @notice 2,000 of 10,000 for each abort, up to three at a time. Who says so in the first tenth of
/// the expected time loses half.
/// @custom:sentence If the miner aborts during the task calculation process, the miner will lose
/// the Miner Collateral (Tesra Tokens miner deposit to ensure computing stability and performance)
/// and reduce the Compensation Adjustment within the next 3 days.
/// @custom:sentence in order to ensure the stability of GPU computing services and avoid service
/// interruptions in the middle, Tesra guarantees stable and reliable computing quality through a
/// Tesra token collateral mechanism.
contract TS34AbortTest is TaskStage {
    function testAnAbortCostsTheWholeCollateral() public {
        uint256 free = VAULT.freeOf(_worker(0));
        uint256 taskId = _start(_spec(1));
        _pass(100);
        vm.prank(_worker(0));
        MARKET.abort(taskId, 0);
        _ended(taskId, ITaskBook.TaskState.Aborted);
        _same(free - VAULT.freeOf(_worker(0)), 50e18, "half of the price");
    }

    function testADeclaredAbortInTheFirstTenthCostsHalf() public {
        uint256 free = VAULT.freeOf(_worker(0));
        uint256 taskId = _start(_spec(1));
        _pass(99);
        vm.prank(_worker(0));
        MARKET.abort(taskId, 0);
        _same(free - VAULT.freeOf(_worker(0)), 25e18, "a quarter of the price");
    }

    function testTheCommentIsLowerForThreeDaysToTheSecond() public {
        uint256 taskId = _start(_spec(1));
        vm.prank(_worker(0));
        MARKET.abort(taskId, 0);
        _same(REPUTATION.commentOf(_worker(0)), 8_000, "at once");
        _pass(259_199);
        _same(REPUTATION.commentOf(_worker(0)), 8_000, "a second before three days");
        _pass(1);
        _same(REPUTATION.commentOf(_worker(0)), 10_000, "after three days");
    }
}
