// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {vm} from "../support/Vm.sol";
import {LeaseTest} from "../compute/LeaseTest.sol";

/// @title TS 2.6: "A client can be connected to multiple servers at the same time"
/// @custom:sentence "A client can be connected to multiple servers at the same time, and a
/// server can also be connected to multiple clients."
contract RemoteClientTest is LeaseTest {
    address internal constant OTHER_CLIENT = address(0xC2);
    address internal constant OTHER_WORKER = address(0x3001);

    function setUp() public override {
        super.setUp();
        giveCollateral(OTHER_WORKER, 100 ether);
        admitWorker(OTHER_WORKER);
    }

    function testAClientLeasesSeveralServersAtOnce() public {
        uint256 first = start();
        uint256 second = offer();
        vm.prank(OTHER_WORKER);
        LEASES.take(second);
        pass(100);
        LEASES.checkpoint(first);
        LEASES.checkpoint(second);
        assertEq(LEASES.creditOf(WORKER), 0.0975 ether, "the first is paid");
        assertEq(LEASES.creditOf(OTHER_WORKER), 0.0975 ether, "and the second");
    }

    function testAServerServesSeveralClientsAtOnce() public {
        uint256 first = start();
        vm.deal(OTHER_CLIENT, 1 ether);
        vm.prank(OTHER_CLIENT);
        uint256 second = LEASES.open{value: 1 ether}(usual());
        take(second);
        pass(100);
        close(first, CLIENT);
        pass(100);
        LEASES.checkpoint(second);
        assertEq(LEASES.creditOf(WORKER), 0.2925 ether, "100 and 200 seconds less the fee");
        assertEq(REGISTRY.nodeOf(WORKER).openSlots, 1, "one is still connected");
    }
}
