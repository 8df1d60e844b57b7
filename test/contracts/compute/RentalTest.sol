// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {INodeRegistry} from "../../../contracts/interfaces/INodeRegistry.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {vm} from "../support/Vm.sol";
import {LeaseTest} from "./LeaseTest.sol";

/// @title Base of the economics tests of renting.
/// @notice As the tests of leases, on the real registry of nodes: workers prove their power.
abstract contract RentalTest is LeaseTest {
    INodeRegistry internal constant REGISTRY = INodeRegistry(Predeploys.NODE_REGISTRY);

    /// @dev The registry of the genesis stays.
    function placeNodes() internal override {}

    /// @dev As if the oracles had attested the worker's power.
    function admitWorker(address worker) internal override {
        vm.prank(worker);
        REGISTRY.register(1_000);
        pass(1);
        vm.prank(worker);
        REGISTRY.answerChallenge(new bytes(16_384));
        bytes32 seed = REGISTRY.seedOf(worker);
        vm.prank(Predeploys.ORACLE_HUB);
        REGISTRY.setPower(worker, seed, 1_000);
    }
}
