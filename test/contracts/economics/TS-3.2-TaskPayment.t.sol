// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ITaskBook} from "../../../contracts/interfaces/ITaskBook.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {TaskStage} from "../support/TaskStage.sol";
import {vm} from "../support/Vm.sol";

/// @title TS 3.2: "Collateral Return = Task Collateral - Task Payment"
/// @notice The platform's part is 2.5 % of what the workers earn and cannot be voted to 5 %.
/// @custom:sentence This part will be divided into two parts, part of which will be rewarded to
/// each miner, and the other part (less than 5%) will be subsidized to a third-party operating
/// platform (authorized by Singapore SAIC foundation).
/// @custom:sentence Since the deposit paid by the user is higher than the actual task workload, the
/// excess deposit portion will be returned to the payment wallet after the mission is completed.
/// @custom:sentence Collateral Return = Task Collateral - Task Payment
/// @custom:sentence Task Payment = Ta (Task Price * Node Power / Sum of Task Power * Speed Bonus
/// Rate * Comment Adjustment)
contract TS32TaskPaymentTest is TaskStage {
    function testOf150Coins100ArePaidAnd50ComeBack() public {
        uint256 burned = Predeploys.SUPPLY_METER.balance;
        uint256 taskId = _run(100e18, 1_000);
        _same(ESCROW.creditOf(_worker(0)), 97.5e18, "worker");
        _same(ESCROW.creditOf(Predeploys.ORACLE_HUB), 1e18, "oracles: 40 % of the fee");
        _same(ESCROW.creditOf(Predeploys.TREASURY), 1e18, "treasury: 40 %");
        _same(Predeploys.SUPPLY_METER.balance - burned, 0.5e18, "burned: 20 %");
        _same(ESCROW.creditOf(CLIENT), 50e18, "collateral return");
        _same(ESCROW.balanceOf(taskId), 0, "nothing stays");
    }

    function testThePaymentIsTheSumOfTheRewards() public {
        uint256 taskId = _start(_spec(2));
        _pass(500);
        _commit(taskId, 0);
        _pass(500);
        _commit(taskId, 1);
        _finish(taskId);
        // 100 coins x 1 / 3 x 1.2 x 1, and 100 coins x 2 / 3 x 1 x 1.
        _same(MARKET.accrued(taskId), 40e18 + 66_666666666666666666, "task payment");
    }

    function testTheSponsorsWalletGetsTheReturn() public {
        ITaskBook.TaskSpec memory s = _spec(1);
        s.sponsor = STRANGER;
        uint256 taskId = _start(s);
        _pass(1_000);
        _commit(taskId, 0);
        _finish(taskId);
        _same(ESCROW.creditOf(STRANGER), 50e18, "the payment wallet");
        _same(ESCROW.creditOf(CLIENT), 0, "not the client");
    }

    function testTheFeeIsUnderFivePercentWhateverIsVoted() public {
        vm.prank(Predeploys.TIMELOCK);
        (bool ok, ) = Predeploys.PROTOCOL_PARAMS.call(
            abi.encodeWithSignature("set(bytes32,uint256)", bytes32("task.feeBps"), 499)
        );
        _same(ok ? 1 : 0, 1, "499 is the most");
        vm.prank(Predeploys.TIMELOCK);
        (ok, ) = Predeploys.PROTOCOL_PARAMS.call(
            abi.encodeWithSignature("set(bytes32,uint256)", bytes32("task.feeBps"), 500)
        );
        _same(ok ? 1 : 0, 0, "500 is refused");
        _run(100e18, 1_000);
        _same(ESCROW.creditOf(_worker(0)), 95.01e18, "4.99 % of 100 coins");
    }
}
