// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ITaskBook} from "../../../contracts/interfaces/ITaskBook.sol";
import {TaskStage} from "../support/TaskStage.sol";

/// @title TS 3.1: "Task Collateral = Estimate Cost * Cost Range Parameter"
/// @notice The parameter is 1.5 and never less than 1.32, the largest speed bonus times the largest
/// comment adjustment, so that the payment never exceeds the collateral.
/// @custom:sentence Task Collateral = Estimate Cost * Cost Range Parameter
contract TS31TaskCollateralTest is TaskStage {
    function testATaskOf100CoinsIsBackedBy150() public {
        uint256 taskId = _create(_spec(1));
        _same(ESCROW.balanceOf(taskId), 150e18, "collateral");
        _same(MARKET.taskOf(taskId).collateral, 150e18, "as recorded");
    }

    function testTheLastWeiIsRoundedUp() public view {
        _same(MARKET.collateralFor(1), 2, "of one wei");
        _same(MARKET.collateralFor(3), 5, "of three");
    }

    function testTheFastestAndBestWorkerIsStillWithinTheCollateral() public {
        // Forty days with a task in time raise the base from 10,000 by 25 each, up to 11,000.
        for (uint256 i = 0; i < 40; ++i) {
            _run(1e18, 1_000);
            _pass(1 days);
            _prove(_worker(0), 1_000);
        }
        uint256 taskId = _run(100e18, 1);
        // 100 x 1.2 x 1.1
        _same(MARKET.accrued(taskId), 132e18, "payment");
    }
}
