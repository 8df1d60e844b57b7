// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Initializable} from "@openzeppelin/contracts-upgradeable/proxy/utils/Initializable.sol";
import {IProtocolParams} from "../interfaces/IProtocolParams.sol";
import {SystemContract} from "../libraries/SystemContract.sol";

/// @title Every number that holders may vote on.
/// @notice Names and bounds are fixed at genesis; a vote can only move a value inside its bounds.
contract ProtocolParams
    is IProtocolParams, SystemContract, Initializable
    layout at erc7201("poca.storage.ProtocolParams")
{
    struct Entry {
        uint128 value; // ─╮ 128 bits
        uint128 max; //   ─╯ 128 bits, not 0 for a known key, so that a read costs one slot
        uint128 min; // ─── 128 bits
    }

    bytes32[] private _keys;
    mapping(bytes32 key => Entry entry) private _entries;
    mapping(bytes32 name => uint64 timestamp) private _forkTimes;

    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor() {
        _disableInitializers();
    }

    /// @notice Takes the parameters with their values and bounds.
    function initialize(Param[] calldata params) external initializer {
        for (uint256 i = 0; i < params.length; ++i) {
            Param calldata given = params[i];
            require(given.key != 0, ProtocolParamsUnknownKey(given.key));
            require(_entries[given.key].max == 0, ProtocolParamsDuplicateKey(given.key));
            require(
                given.max != 0 && given.min <= given.value && given.value <= given.max,
                ProtocolParamsOutOfBounds(given.key, given.value, given.min, given.max)
            );
            _keys.push(given.key);
            _entries[given.key] = Entry({value: given.value, max: given.max, min: given.min});
            emit ParamChanged(given.key, 0, given.value);
        }
    }

    /// @inheritdoc IProtocolParams
    function set(bytes32 key, uint256 value) external onlyTimelock {
        Entry storage entry = _entries[key];
        require(entry.max != 0, ProtocolParamsUnknownKey(key));
        require(
            entry.min <= value && value <= entry.max,
            ProtocolParamsOutOfBounds(key, value, entry.min, entry.max)
        );
        uint256 oldValue = entry.value;
        // Cast: not above a maximum of 128 bits.
        entry.value = uint128(value);
        emit ParamChanged(key, oldValue, value);
    }

    /// @inheritdoc IProtocolParams
    function scheduleFork(bytes32 name, uint64 timestamp) external onlyTimelock {
        uint64 current = _forkTimes[name];
        // A fork that is already active is history.
        require(current == 0 || current > block.timestamp, ProtocolParamsForkInPast(name, current));
        require(timestamp > block.timestamp, ProtocolParamsForkInPast(name, timestamp));
        _forkTimes[name] = timestamp;
        emit ForkScheduled(name, timestamp);
    }

    /// @inheritdoc IProtocolParams
    function get(bytes32 key) external view returns (uint256 value) {
        Entry storage entry = _entries[key];
        require(entry.max != 0, ProtocolParamsUnknownKey(key));
        return entry.value;
    }

    /// @inheritdoc IProtocolParams
    function all() external view returns (Param[] memory) {
        uint256 count = _keys.length;
        Param[] memory params = new Param[](count);
        for (uint256 i = 0; i < count; ++i) {
            params[i] = param(_keys[i]);
        }
        return params;
    }

    /// @inheritdoc IProtocolParams
    function forkTime(bytes32 name) external view returns (uint64 timestamp) {
        return _forkTimes[name];
    }

    /// @inheritdoc IProtocolParams
    function param(bytes32 key) public view returns (Param memory) {
        Entry storage entry = _entries[key];
        require(entry.max != 0, ProtocolParamsUnknownKey(key));
        return Param({key: key, value: entry.value, min: entry.min, max: entry.max});
    }
}
