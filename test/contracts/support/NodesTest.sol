// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {CapabilityChallenge} from "../../../contracts/compute/CapabilityChallenge.sol";
import {NodeRegistry} from "../../../contracts/compute/NodeRegistry.sol";
import {IProtocolParams} from "../../../contracts/interfaces/IProtocolParams.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {PocaTest} from "./PocaTest.sol";
import {PowerGrant} from "./PowerGrant.sol";
import {vm} from "./Vm.sol";

/// @title Base of the rules about nodes, on the development chain's genesis.
abstract contract NodesTest is PocaTest {
    NodeRegistry internal constant REGISTRY = NodeRegistry(Predeploys.NODE_REGISTRY);
    CapabilityChallenge internal constant CHALLENGES = CapabilityChallenge(
        Predeploys.CAPABILITY_CHALLENGE
    );

    address[] internal nobody;

    error NodesTestFailed(string what, uint256 actual, uint256 wanted);

    function node(uint256 i) internal pure returns (address) {
        return address(uint160(0x40DE0000 + i));
    }

    /// @dev The account does tasks of kind "test".
    function declare(address account) internal {
        bytes32[] memory kinds = new bytes32[](1);
        kinds[0] = "test";
        vm.prank(account);
        REGISTRY.declareKinds(kinds);
    }

    function prove(address account, uint64 power) internal {
        declare(account);
        _endBlock(1);
        PowerGrant.grant(account, power);
    }

    function openSlot(address account) internal {
        vm.prank(Predeploys.TASK_MARKET);
        REGISTRY.onSlotOpened(account);
    }

    function closeSlot(address account) internal {
        vm.prank(Predeploys.TASK_MARKET);
        REGISTRY.onSlotClosed(account);
    }

    function drawOne(uint256 seed) internal view returns (address) {
        return REGISTRY.draw(keccak256(abi.encode(seed)), 1, "test", 0, nobody)[0];
    }

    function setParam(bytes32 key, uint256 value) internal {
        vm.prank(Predeploys.TIMELOCK);
        IProtocolParams(Predeploys.PROTOCOL_PARAMS).set(key, value);
    }

    function assertEq(uint256 actual, uint256 wanted, string memory what) internal pure {
        require(actual == wanted, NodesTestFailed(what, actual, wanted));
    }

    function assertBetween(
        uint256 actual,
        uint256 low,
        uint256 high,
        string memory what
    ) internal pure {
        require(actual >= low && actual <= high, NodesTestFailed(what, actual, low));
    }

    function assertTrue(bool condition, string memory what) internal pure {
        require(condition, NodesTestFailed(what, 0, 1));
    }
}
