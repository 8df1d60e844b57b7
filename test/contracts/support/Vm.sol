// SPDX-License-Identifier: MIT
pragma solidity >=0.8.24;

/// @title The cheat codes that our tests use.
interface Vm {
    struct Log {
        bytes32[] topics;
        bytes data;
        address emitter;
    }

    function addr(uint256 privateKey) external pure returns (address account);
    function assume(bool condition) external pure;
    function clearMockedCalls() external;
    function coinbase(address account) external;
    function deal(address account, uint256 balance) external;
    function etch(address target, bytes calldata code) external;
    function expectCall(address target, bytes calldata data) external;
    function expectEmit() external;
    function expectEmit(address emitter) external;
    function expectRevert() external;
    function expectRevert(bytes4 selector) external;
    function expectRevert(bytes calldata data) external;
    function fee(uint256 baseFee) external;
    function getBlockNumber() external view returns (uint256 height);
    function getBlockTimestamp() external view returns (uint256 time);
    function getCode(string calldata artifact) external view returns (bytes memory initCode);
    function getRecordedLogs() external returns (Log[] memory logs);
    function keyExistsJson(
        string calldata json,
        string calldata key
    ) external view returns (bool exists);
    function label(address account, string calldata name) external;
    function load(address target, bytes32 slot) external view returns (bytes32 value);
    function mockCall(address callee, bytes calldata data, bytes calldata returned) external;
    function parseJsonStringArray(
        string calldata json,
        string calldata key
    ) external pure returns (string[] memory values);
    function parseJsonUint(
        string calldata json,
        string calldata key
    ) external pure returns (uint256 value);
    function prank(address sender) external;
    function prank(address sender, address origin) external;
    function readFile(string calldata path) external view returns (string memory text);
    function recordLogs() external;
    function roll(uint256 height) external;
    function sign(
        uint256 privateKey,
        bytes32 digest
    ) external pure returns (uint8 v, bytes32 r, bytes32 s);
    function split(
        string calldata text,
        string calldata delimiter
    ) external pure returns (string[] memory parts);
    function startPrank(address sender) external;
    function stopPrank() external;
    function store(address target, bytes32 slot, bytes32 value) external;
    function toString(uint256 value) external pure returns (string memory text);
    function warp(uint256 timestamp) external;
}

Vm constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));
