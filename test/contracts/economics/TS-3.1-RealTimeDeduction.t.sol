// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {vm} from "../support/Vm.sol";
import {LeaseTest} from "../compute/LeaseTest.sol";

/// @title TS 3.1: "perform deduction in real time"
/// @custom:sentence "The platform will perform deduction in real time according the actual
/// operation of the task."
contract RealTimeDeductionTest is LeaseTest {
    /// @dev A thousandth of a coin for each second, from a coin.
    function testEachSecondThatRanIsDeducted() public {
        uint256 leaseId = start();
        for (uint256 second = 1; second <= 5; ++second) {
            pass(1);
            LEASES.checkpoint(leaseId);
            assertEq(LEASES.balanceOf(leaseId), 1 ether - second * 0.001 ether, "left");
        }
    }

    function testNothingIsDeductedForTimeThatDidNotRun() public {
        uint256 leaseId = offer();
        pass(300);
        take(leaseId);
        pass(60);
        close(leaseId, CLIENT);
        pass(10_000);
        assertEq(LEASES.refund(leaseId, 0), 0.94 ether, "a minute was used");
    }

    /// @dev 2.5 % of it is the platform's.
    function testWhatWasDeductedIsTheWorkersAtOnce() public {
        uint256 leaseId = start();
        pass(100);
        LEASES.checkpoint(leaseId);
        uint256 before = WORKER.balance;
        vm.prank(WORKER);
        LEASES.withdraw();
        assertEq(WORKER.balance - before, 0.0975 ether, "100 seconds less the fee");
    }

    function testFuzzTheDeductionIsTheTimeThatRan(uint16 ran) public {
        uint256 duration = ran % 1_000;
        uint256 leaseId = start();
        pass(duration);
        LEASES.checkpoint(leaseId);
        assertEq(LEASES.balanceOf(leaseId), 1 ether - duration * 0.001 ether, "left");
    }
}
