// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {TaskStage} from "../support/TaskStage.sol";

/// @title TS 3.1: "The miner will pledge a portion of the token (Miner Collateral) in advance based
/// on the amount of computational work"
/// @notice Half of the worker's share of the price, by power. Locked when the slot is accepted,
/// free again when the task has ended well.
/// @custom:sentence The miner will pledge a portion of the token (Miner Collateral) in advance
/// based
/// on the amount of computational work, and then calculate and submit the results based on the
/// amounts of tasks received.
contract TS31MinerCollateralTest is TaskStage {
    function testWorkersPledgeHalfOfTheirShares() public {
        uint256 before = VAULT.lockedOf(_worker(0));
        uint256 taskId = _start(_spec(2));
        // A third and two thirds of 50 coins, rounded up.
        _same(MARKET.slotOf(taskId, 0).collateral, 16_666666666666666667, "power 1,000");
        _same(MARKET.slotOf(taskId, 1).collateral, 33_333333333333333334, "power 2,000");
        _same(VAULT.lockedOf(_worker(0)) - before, 16_666666666666666667, "in the vault");
        _pass(1_000);
        _commit(taskId, 0);
        _commit(taskId, 1);
        _finish(taskId);
        _same(VAULT.lockedOf(_worker(0)), before, "free again");
    }
}
