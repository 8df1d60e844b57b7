// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ILeaseMarket} from "../../../contracts/interfaces/ILeaseMarket.sol";
import {LeaseTest} from "../compute/LeaseTest.sol";

/// @title TS 2.1: "should not be interrupted arbitrarily"
/// @custom:sentence "The AI calculation process should not be interrupted arbitrarily and needs
/// to avoid the loss of users and GPU suppliers."
contract NoArbitraryInterruptionTest is LeaseTest {
    /// @dev Half of ten minutes at 0.001 coins a second is 0.3 coins; a tenth of it is burned.
    function testASupplierThatInterruptsCompensatesTheUser() public {
        uint256 leaseId = start();
        pass(100);
        abort(leaseId);
        assertEq(VAULT.freeOf(CLIENT), 0.27 ether, "compensation");
        assertEq(LEASES.refund(leaseId, 0), 0.9 ether, "what did not run");
    }

    /// @dev Two minutes' notice, as agreed.
    function testASupplierThatGivesNoticeLosesNothing() public {
        uint256 locked = VAULT.lockedOf(WORKER);
        uint256 leaseId = start();
        startReclaim(leaseId);
        pass(120);
        close(leaseId, WORKER);
        assertEq(VAULT.lockedOf(WORKER), locked, "the lease's collateral is free again");
        assertEq(LEASES.creditOf(WORKER), 0.117 ether, "the notice is paid");
    }

    /// @dev Five minutes to pay before anyone may stop the work.
    function testAUserWhoseMoneyRunsOutIsNotCutOff() public {
        uint256 leaseId = start();
        pass(1_300);
        assertState(leaseId, ILeaseMarket.LeaseState.Overdrawn);
        topUp(leaseId, CLIENT, 1 ether);
        assertState(leaseId, ILeaseMarket.LeaseState.Running);
    }
}
