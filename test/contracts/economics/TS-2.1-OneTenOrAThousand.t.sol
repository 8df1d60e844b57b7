// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {LeaseTest} from "../compute/LeaseTest.sol";
import {vm} from "../support/Vm.sol";

/// @title TS 2.1: "provided by one, ten, or even 1,000 GPU devices"
/// @custom:sentence Computing services can be provided by one, ten, or even 1,000 GPU devices.
/// @custom:sentence Tesra supernet can flexibly adjust the supply of GPU resources according to
/// user needs, and more flexibly meet the needs of user development.
contract TS21OneTenOrAThousandTest is LeaseTest {
    uint256[] private _leases;

    function testOneClientUsesOneTenAThousandAndTenAgain() public {
        _grow(1);
        _grow(10);
        _grow(1_000);
        _shrink(10);
        _shrink(0);
    }

    /// @dev Each device joins, proves 1,000 million multiply-adds a second and takes a lease.
    function _grow(uint256 wanted) private {
        while (_leases.length < wanted) {
            address device = address(uint160(0x600000 + _leases.length));
            giveCollateral(device, 1 ether);
            admitWorker(device);
            uint256 leaseId = offer();
            vm.prank(device);
            LEASES.take(leaseId);
            _leases.push(leaseId);
        }
        _assertAtWork(wanted);
    }

    function _shrink(uint256 wanted) private {
        while (_leases.length > wanted) {
            close(_leases[_leases.length - 1], CLIENT);
            _leases.pop();
        }
        _assertAtWork(wanted);
    }

    function _assertAtWork(uint256 devices) private view {
        (, uint256 leased) = REGISTRY.totals();
        assertEq(leased, devices * 1_000, "power at work");
    }
}
