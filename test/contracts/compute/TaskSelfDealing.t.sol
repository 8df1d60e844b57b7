// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ITaskBook} from "../../../contracts/interfaces/ITaskBook.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {RewardFormula} from "../../../contracts/compute/RewardFormula.sol";
import {vm} from "../support/Vm.sol";
import {ComputeTest} from "./ComputeTest.sol";

/// @notice One hand that holds the client and all workers never gains, though the reserve is full
/// of others' money.
contract TaskSelfDealingTest is ComputeTest {
    uint256 internal constant STRANGERS_LOSS = 500e18;

    function setUp() public {
        deployCompute();
        proveWorkers(4);
        // Worker 3 is a stranger whose fault fills the reserve with 450 coins.
        ITaskBook.TaskSpec memory s = spec(1);
        s.price = 1_000e18;
        uint256 taskId = create(s);
        offer(taskId, 3, 1);
        accept(taskId, 0);
        pass(500);
        vm.prank(worker(3));
        MARKET.abort(taskId, 0);
        assertEq(MARKET.reserve(), (STRANGERS_LOSS * 9) / 10, "reserve");
    }

    function wealth() internal view returns (uint256 sum) {
        sum = ESCROW.creditOf(CLIENT) + CLIENT.balance;
        for (uint256 i = 0; i < 3; ++i) {
            sum += VAULT.freeOf(worker(i)) + VAULT.lockedOf(worker(i)) + ESCROW.creditOf(worker(i));
        }
    }

    function testFuzzFaultsOfOnesOwnCostAtLeastHalfOfTheBurn(
        uint96 price,
        uint16 elapsed,
        uint8 faulty,
        uint8 committed,
        uint8 way
    ) public {
        ITaskBook.TaskSpec memory s = spec(3);
        s.price = 1 + (price % 600e18);
        s.maxSlotLoss = way % 3;
        uint256 collateral = MARKET.collateralFor(s.price);
        vm.deal(CLIENT, collateral);
        uint256 before = wealth();
        uint256 burnedBefore = Predeploys.SUPPLY_METER.balance;
        vm.prank(CLIENT);
        uint256 taskId = MARKET.createTask{value: collateral}(s, MANIFEST);
        offer(taskId, 0, 3);
        for (uint8 i = 0; i < 3; ++i) accept(taskId, i);
        pass(elapsed % 1_200);
        for (uint8 i = 0; i < 3; ++i) {
            if ((committed >> i) & 1 == 1 && (faulty >> i) & 1 == 0) commitResult(taskId, i);
        }
        for (uint8 i = 0; i < 3; ++i) {
            if ((faulty >> i) & 1 == 0) continue;
            vm.prank(worker(i));
            // Refused when the task is over.
            (bool ok, ) = address(MARKET).call(
                abi.encodeWithSignature("abort(uint256,uint8)", taskId, i)
            );
            ok;
        }
        for (uint256 i = 0; i < 12; ++i) {
            if (MARKET.taskOf(taskId).state >= ITaskBook.TaskState.Completed) break;
            passDeadline(taskId);
            MARKET.expire(taskId);
        }
        uint256 burned = Predeploys.SUPPLY_METER.balance - burnedBefore;
        assertTrue(wealth() + burned / 2 <= before, "the burn is not made good");
    }

    function testFuzzTopUpsAreWithinHalfOfTheBurnAndTheReserve(
        uint96 burned,
        uint96 reserve,
        uint96[8] memory shortfalls
    ) public {
        RewardFormula formula = new RewardFormula();
        uint256 sum = 0;
        for (uint256 i = 0; i < 8; ++i) sum += shortfalls[i];
        uint256 total = 0;
        for (uint256 i = 0; i < 8; ++i) {
            uint256 added = formula.topUp(burned, reserve, shortfalls[i], sum);
            assertTrue(added <= shortfalls[i], "never more than is missing");
            total += added;
        }
        assertTrue(total <= burned / 2 && total <= reserve, "limits");
    }
}
