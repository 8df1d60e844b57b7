// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Initializable} from "@openzeppelin/contracts/proxy/utils/Initializable.sol";
import {INodeRegistry} from "../interfaces/INodeRegistry.sol";
import {IProtocolParams} from "../interfaces/IProtocolParams.sol";
import {ParamKeys} from "../libraries/ParamKeys.sol";
import {Predeploys} from "../libraries/Predeploys.sol";
import {SystemContract} from "../libraries/SystemContract.sol";

/// @title Who computes, and how strong each node is.
contract NodeRegistry
    is INodeRegistry, SystemContract, Initializable
    layout at erc7201("poca.storage.NodeRegistry")
{
    /// @dev How far back the EVM knows block hashes.
    uint256 private constant ANSWER_BLOCKS = 256;

    /// @dev 64 x 64 entries of four bytes.
    uint256 private constant PRODUCT_SIZE = 64 * 64 * 4;

    mapping(address worker => Node node) private _nodes;

    /// @dev Kept from the answer on: the block hash may be forgotten before oracles are done.
    mapping(address worker => bytes32 seed) private _seeds;

    constructor() {
        _disableInitializers();
    }

    function initialize() external initializer {}

    /* PROVING */

    /// @inheritdoc INodeRegistry
    function register(uint64 claimedPower) external {
        uint256 powerMax = IProtocolParams(Predeploys.PROTOCOL_PARAMS).get(
            ParamKeys.NODE_POWER_MAX
        );
        require(
            claimedPower > 0 && claimedPower <= powerMax,
            NodeRegistryPowerOutOfBounds(claimedPower, powerMax)
        );
        NodeState state = _nodes[msg.sender].state;
        bool waiting = state == NodeState.Challenged || state == NodeState.Answered;
        require(
            state == NodeState.None ||
                state == NodeState.Retired ||
                (waiting && block.number > _nodes[msg.sender].challengeHeight + ANSWER_BLOCKS),
            NodeRegistryWrongState(msg.sender, state)
        );
        // A block number fits 64 bits.
        uint64 height = uint64(block.number);
        _nodes[msg.sender] = Node(NodeState.Challenged, claimedPower, 0, height, 0, 0);
        delete _seeds[msg.sender];
        emit NodeRegistered(msg.sender, claimedPower, height);
    }

    /// @inheritdoc INodeRegistry
    function answerChallenge(bytes calldata product) external {
        Node storage node = _nodes[msg.sender];
        require(node.state == NodeState.Challenged, NodeRegistryWrongState(msg.sender, node.state));
        require(
            product.length == PRODUCT_SIZE,
            NodeRegistryWrongProductSize(product.length, PRODUCT_SIZE)
        );
        bytes32 seed = _drawSeed(msg.sender, node.challengeHeight);
        _seeds[msg.sender] = seed;
        node.state = NodeState.Answered;
        node.productHash = keccak256(product);
        emit ChallengeAnswered(msg.sender, seed, product);
    }

    /// @inheritdoc INodeRegistry
    function retire() external {
        Node storage node = _nodes[msg.sender];
        require(
            node.state != NodeState.None && node.state != NodeState.Retired,
            NodeRegistryWrongState(msg.sender, node.state)
        );
        node.state = NodeState.Retired;
        node.power = 0;
        emit NodeRetired(msg.sender);
    }

    /// @inheritdoc INodeRegistry
    function setPower(address worker, bytes32 seed, uint64 power) external onlyOracleHub {
        Node storage node = _nodes[worker];
        require(node.state == NodeState.Answered, NodeRegistryWrongState(worker, node.state));
        require(_seeds[worker] == seed, NodeRegistryStaleAttestation(worker, seed));
        require(power <= node.claimedPower, NodeRegistryPowerOutOfBounds(power, node.claimedPower));
        if (power == 0) {
            node.state = NodeState.None;
            emit PowerRejected(worker);
            return;
        }
        node.state = NodeState.Proved;
        node.power = power;
        node.provedAt = uint40(block.timestamp);
        emit PowerProved(worker, power);
    }

    /* READING */

    /// @inheritdoc INodeRegistry
    function seedOf(address worker) external view returns (bytes32 seed) {
        Node storage node = _nodes[worker];
        if (node.state == NodeState.Challenged) return _drawSeed(worker, node.challengeHeight);
        seed = _seeds[worker];
        require(seed != 0, NodeRegistryWrongState(worker, node.state));
    }

    /// @inheritdoc INodeRegistry
    function powerOf(address worker) external view returns (uint64 power) {
        return _nodes[worker].power;
    }

    /// @inheritdoc INodeRegistry
    function nodeOf(address worker) external view returns (Node memory) {
        return _nodes[worker];
    }

    function _drawSeed(address worker, uint64 height) private view returns (bytes32) {
        bytes32 hash = blockhash(height);
        require(hash != 0, NodeRegistrySeedUnavailable(height, block.number));
        return keccak256(abi.encode(hash, worker));
    }
}
