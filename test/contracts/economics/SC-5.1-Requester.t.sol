// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ILeaseMarket} from "../../../contracts/interfaces/ILeaseMarket.sol";
import {LeaseTest} from "../compute/LeaseTest.sol";

/// @title SC 5.1: "pay a certain fee using HPC to obtain the allocation of network resource
/// capabilities"
/// @custom:sentence "Users make resource usage requests in the Smart network system and pay a
/// certain fee using HPC to obtain the allocation of network resource capabilities."
/// @custom:sentence "HPC is designed to allow our community members to use it to purchase
/// network resource capabilities for shared access."
contract RequesterTest is LeaseTest {
    function testARequestIsAPaidOffer() public {
        uint256 leaseId = offer();
        assertEq(LEASES.balanceOf(leaseId), 1 ether, "paid in advance");
        assertState(leaseId, ILeaseMarket.LeaseState.Offered);
        (, uint256 before) = REGISTRY.totals();
        take(leaseId);
        (, uint256 leased) = REGISTRY.totals();
        assertEq(leased - before, 1_000, "1,000 million multiply-adds a second are allocated");
    }

    /// @dev A sponsor shares the cost; what is not used goes back to whoever paid it.
    function testMembersShareAMachine() public {
        uint256 leaseId = start();
        topUp(leaseId, SPONSOR, 1 ether);
        pass(1_500);
        close(leaseId, CLIENT);
        assertEq(LEASES.refund(leaseId, 1), 0.5 ether, "the sponsor's rest");
        assertEq(LEASES.creditOf(SPONSOR), 0.5 ether, "is the sponsor's");
    }
}
