// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ILeaseMarket} from "../../../contracts/interfaces/ILeaseMarket.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {LeaseTest} from "../compute/LeaseTest.sol";

/// @title TS 3.5: "user fees will through internal trading market be paid"
/// @custom:sentence "And user fees will through internal trading market be paid."
contract InternalMarketTest is LeaseTest {
    /// @dev Supply and demand meet on chain: the client offers, a worker takes, the market pays.
    function testAUsersFeeIsPaidOnTheMarketOfTheChain() public {
        ILeaseMarket.LeaseSpec memory spec = usual();
        uint256 leaseId = open(spec, 1 ether);
        assertEq(Predeploys.LEASE_MARKET.balance, 1 ether, "the market holds it");
        take(leaseId);
        pass(1_000);
        LEASES.checkpoint(leaseId);
        assertEq(LEASES.creditOf(WORKER), 0.975 ether, "the worker's");
        assertEq(LEASES.creditOf(Predeploys.TREASURY), 0.02 ether, "the platform's");
        assertEq(Predeploys.SUPPLY_METER.balance, 0.005 ether, "burned");
    }
}
