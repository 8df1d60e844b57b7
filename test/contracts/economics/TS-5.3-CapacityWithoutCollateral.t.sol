// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ITaskBook} from "../../../contracts/interfaces/ITaskBook.sol";
import {TaskStage} from "../support/TaskStage.sol";
import {vm} from "../support/Vm.sol";

/// @title TS 5.3: "GPU mining machines can also be mined without mortgage, but service capacity
/// will be limited."
/// @notice Without collateral a worker may do one slot at a time, for one coin of the price at
/// most.
/// @custom:sentence GPU mining machines can also be mined without mortgage, but service capacity
/// will be limited.
/// @custom:sentence as a collateral for calculating the service quality, so as to obtain larger
/// orders.
contract TS53CapacityWithoutCollateralTest is TaskStage {
    function setUp() public override {
        super.setUp();
        uint256 free = VAULT.freeOf(_worker(0));
        vm.prank(_worker(0));
        VAULT.withdraw(free);
    }

    function testASmallOrderNeedsNoCollateral() public {
        uint256 taskId = _run(1e18, 1_000);
        _same(MARKET.slotOf(taskId, 0).collateral, 0, "nothing was pledged");
        _same(ESCROW.creditOf(_worker(0)), 0.975e18, "and it is paid");
    }

    function testALargerOrderNeedsIt() public {
        ITaskBook.TaskSpec memory s = _spec(1);
        s.price = 1e18 + 1;
        uint256 taskId = _create(s);
        _offer(taskId, 0, 1);
        vm.prank(_worker(0));
        vm.expectRevert(
            abi.encodeWithSelector(
                ITaskBook.TaskMarketCollateralNeeded.selector,
                _worker(0),
                0.5e18 + 1,
                0,
                1e18 + 1,
                0
            )
        );
        MARKET.accept(taskId, 0);
        _deposit(_worker(0), 0.5e18 + 1);
        _accept(taskId, 0);
        _ended(taskId, ITaskBook.TaskState.Running);
    }

    function testASecondOrderAtTheSameTimeNeedsIt() public {
        ITaskBook.TaskSpec memory s = _spec(1);
        s.price = 1e18;
        _start(s);
        uint256 second = _create(s);
        _offer(second, 0, 1);
        vm.prank(_worker(0));
        vm.expectRevert(
            abi.encodeWithSelector(
                ITaskBook.TaskMarketCollateralNeeded.selector,
                _worker(0),
                0.5e18,
                0,
                1e18,
                1
            )
        );
        MARKET.accept(second, 0);
    }
}
