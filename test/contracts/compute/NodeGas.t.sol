// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {INodeRegistry} from "../../../contracts/interfaces/INodeRegistry.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {vm} from "../support/Vm.sol";
import {ComputeTest} from "./ComputeTest.sol";

/// @notice What draws and slots cost, with every storage slot cold.
abstract contract NodeGasTest is ComputeTest {
    address[] internal nobody;

    function nodeCount() internal pure virtual returns (uint256);

    function gasMax() internal pure virtual returns (uint256[5] memory);

    function setUp() public {
        deployCompute();
        vm.roll(1_000);
        uint256 base = uint256(keccak256("poca.storage.NodeRegistry")) - 1;
        base = uint256(keccak256(abi.encode(base))) & ~uint256(0xff);
        for (uint256 i = 0; i < nodeCount(); ++i) seat(base, i);
        vm.prank(Predeploys.TASK_MARKET);
        REGISTRY.onSlotOpened(address(uint160(0x40DE0004)));
    }

    /// @dev Takes a node in without a challenge: writes the first word of its record.
    function seat(uint256 base, uint256 i) internal {
        address account = address(uint160(0x40DE0000 + i));
        uint256 word = uint256(INodeRegistry.NodeState.Proved);
        word |= (1_000 + (i % 1_000)) << 8; // power
        word |= time() << 72; // provedAt
        vm.store(address(REGISTRY), keccak256(abi.encode(account, base)), bytes32(word));
        declare(account, "test");
    }

    function measureDraw(uint256 count, uint256 limit) internal view {
        uint256 before = gasleft();
        address[] memory nodes = REGISTRY.draw("seed", count, "test", 0, nobody);
        uint256 used = before - gasleft();
        assertEq(nodes.length, nodeCount() < count ? nodeCount() : count, "drawn");
        assertTrue(used <= limit, string.concat("gas: ", vm.toString(used)));
    }

    function testADrawOfOne() public view {
        measureDraw(1, gasMax()[0]);
    }

    function testADrawOfFour() public view {
        measureDraw(4, gasMax()[1]);
    }

    function testADrawOfSixteen() public view {
        measureDraw(16, gasMax()[2]);
    }

    function testASlotIsOpened() public {
        vm.prank(Predeploys.TASK_MARKET);
        uint256 before = gasleft();
        REGISTRY.onSlotOpened(address(uint160(0x40DE0003)));
        uint256 used = before - gasleft();
        assertTrue(used <= gasMax()[3], string.concat("gas: ", vm.toString(used)));
    }

    /// @dev The fourth node's slot is open from the start.
    function testASlotIsClosed() public {
        vm.prank(Predeploys.TASK_MARKET);
        uint256 before = gasleft();
        REGISTRY.onSlotClosed(address(uint160(0x40DE0004)));
        uint256 used = before - gasleft();
        assertTrue(used <= gasMax()[4], string.concat("gas: ", vm.toString(used)));
    }
}

contract NodeGas10Test is NodeGasTest {
    function nodeCount() internal pure override returns (uint256) {
        return 10;
    }

    function gasMax() internal pure override returns (uint256[5] memory) {
        return [uint256(66_000), 120_000, 240_000, 85_000, 61_000];
    }
}

contract NodeGas1000Test is NodeGasTest {
    function nodeCount() internal pure override returns (uint256) {
        return 1_000;
    }

    function gasMax() internal pure override returns (uint256[5] memory) {
        return [uint256(76_000), 164_000, 520_000, 97_000, 73_000];
    }
}

contract NodeGas100000Test is NodeGasTest {
    function nodeCount() internal pure override returns (uint256) {
        return 100_000;
    }

    function gasMax() internal pure override returns (uint256[5] memory) {
        return [uint256(93_000), 204_000, 675_000, 108_000, 84_000];
    }
}
