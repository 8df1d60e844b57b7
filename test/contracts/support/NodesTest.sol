// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {CapabilityChallenge} from "../../../contracts/compute/CapabilityChallenge.sol";
import {NodeRegistry} from "../../../contracts/compute/NodeRegistry.sol";
import {IProtocolParams} from "../../../contracts/interfaces/IProtocolParams.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {PocaTest} from "./PocaTest.sol";
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

    /// @dev The node registers and answers; the oracles have not spoken.
    function answer(address account, uint64 power, bytes memory product) internal {
        declare(account);
        vm.prank(account);
        REGISTRY.register(power);
        _endBlock(1);
        vm.prank(account);
        REGISTRY.answerChallenge(product);
    }

    /// @dev As if the oracles had found the answer right.
    function attest(address account, uint64 power) internal {
        bytes32 seed = REGISTRY.seedOf(account);
        vm.prank(Predeploys.ORACLE_HUB);
        REGISTRY.setPower(account, seed, power);
    }

    /// @dev The account does tasks of kind "test".
    function declare(address account) internal {
        bytes32[] memory kinds = new bytes32[](1);
        kinds[0] = "test";
        vm.prank(account);
        REGISTRY.declareKinds(kinds);
    }

    function prove(address account, uint64 power) internal {
        answer(account, power, new bytes(16_384));
        attest(account, power);
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
