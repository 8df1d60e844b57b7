// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ILeaseMarket} from "../../../contracts/interfaces/ILeaseMarket.sol";
import {vm} from "../support/Vm.sol";
import {LeaseTest} from "../compute/LeaseTest.sol";

/// @title SC 5.1: "When these resource capabilities are proven and called in the network system,
/// you can obtain HPC rewards"
/// @custom:sentence "When these resource capabilities are proven and called in the network
/// system, you can obtain HPC rewards."
/// @custom:sentence "Any node that provides network computing capabilities can have HPC"
contract ProviderTest is LeaseTest {
    address internal constant NEWCOMER = address(0x3002);

    function testAnUnprovedNodeIsNotCalled() public {
        uint256 leaseId = offer();
        giveCollateral(NEWCOMER, 100 ether);
        vm.expectRevert(
            abi.encodeWithSelector(
                ILeaseMarket.LeaseMarketNotEligible.selector,
                NEWCOMER,
                bytes32("unregistered")
            )
        );
        vm.prank(NEWCOMER);
        LEASES.take(leaseId);
    }

    function testAnyNodeThatProvesItselfEarns() public {
        giveCollateral(NEWCOMER, 100 ether);
        admitWorker(NEWCOMER);
        uint256 leaseId = offer();
        vm.prank(NEWCOMER);
        LEASES.take(leaseId);
        pass(10);
        LEASES.checkpoint(leaseId);
        assertEq(LEASES.creditOf(NEWCOMER), 0.00975 ether, "ten seconds less the fee");
    }
}
