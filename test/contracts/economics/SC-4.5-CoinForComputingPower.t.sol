// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ILeaseMarket} from "../../../contracts/interfaces/ILeaseMarket.sol";
import {vm} from "../support/Vm.sol";
import {LeaseTest} from "../compute/LeaseTest.sol";

/// @title SC 4.5: "Paying HPC in the Smart ecosystem can be used to gain access to network
/// resource computing power"
/// @custom:sentence "Paying HPC in the Smart ecosystem can be used to gain access to network
/// resource computing power"
/// @custom:sentence "those who demand network resource computing power will need to pay HPC to
/// meet their needs, and members with network resource computing power will receive appropriate
/// HPC rewards."
/// @custom:sentence Creating an economic incentive system within the entire network will facilitate
/// the payment and transfer of resource exchange value, provide distributed resource allocation
contract CoinForComputingPowerTest is LeaseTest {
    function testCoinBuysAMachine() public {
        uint256 leaseId = start();
        assertState(leaseId, ILeaseMarket.LeaseState.Running);
        assertEq(REGISTRY.nodeOf(WORKER).openSlots, 1, "a proved node works for the client");
    }

    function testWithoutCoinThereIsNoMachine() public {
        vm.expectRevert(
            abi.encodeWithSelector(
                ILeaseMarket.LeaseMarketSpecOutOfBounds.selector,
                bytes32("deposit"),
                0,
                0.6 ether,
                type(uint96).max
            )
        );
        vm.prank(CLIENT);
        LEASES.open(usual());
    }

    /// @dev An hour at 0.001 coins a second, less the 2.5 % of the platform.
    function testWhoServesAnHourEarnsTheHour() public {
        uint256 leaseId = open(usual(), 3.6 ether);
        take(leaseId);
        pass(3_600);
        close(leaseId, CLIENT);
        assertEq(LEASES.creditOf(WORKER), 3.51 ether, "earned");
        assertEq(LEASES.balanceOf(leaseId), 0, "paid");
    }
}
