// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {INodeRegistry} from "../interfaces/INodeRegistry.sol";
import {IProtocolParams} from "../interfaces/IProtocolParams.sol";
import {IReputation} from "../interfaces/IReputation.sol";
import {ParamKeys} from "../libraries/ParamKeys.sol";
import {Predeploys} from "../libraries/Predeploys.sol";
import {SumTree} from "../libraries/SumTree.sol";
import {SystemContract} from "../libraries/SystemContract.sol";

/// @title Which nodes may work, and how often each is drawn.
/// @dev The part of NodeRegistry that keeps weights and totals. A node holds a place in the tree
/// exactly while its weight is not 0.
abstract contract NodeDraw is INodeRegistry, SystemContract {
    using SumTree for SumTree.Tree;

    /// @notice The parameters that decide whether a node may work.
    struct Rules {
        uint256 proofMaxAge; // seconds
        uint256 powerMin;
        uint256 commentMinBps;
        uint256 slotsMax;
    }

    struct Proof {
        address worker; // ──╮
        uint40 provedAt; // ─╯ seconds
    }

    uint256 internal constant BPS = 10_000;

    /// @dev Of nodes drawn, and of nodes left out, in one call.
    uint256 private constant DRAW_MAX = 256;

    IProtocolParams internal constant PARAMS = IProtocolParams(Predeploys.PROTOCOL_PARAMS);

    mapping(address worker => Node node) internal _nodes;
    SumTree.Tree private _tree;
    mapping(uint256 place => address worker) private _workers;
    uint24[] private _freePlaces;
    uint128 private _provedPower; // ─╮
    uint128 private _leasedPower; // ─╯
    uint128 private _proofHead; // ───╮ first proof in the queue
    uint128 private _proofTail; // ───╯
    mapping(uint256 index => Proof proof) private _proofs;
    mapping(address worker => bytes32[] kinds) private _kinds;
    mapping(address worker => mapping(bytes32 kind => bool does)) private _does;

    modifier onlyMarkets() {
        if (msg.sender != Predeploys.LEASE_MARKET) _requireCaller(Predeploys.TASK_MARKET);
        _;
    }

    /* READING */

    /// @inheritdoc INodeRegistry
    function draw(
        bytes32 seed,
        uint256 count,
        bytes32 kind,
        uint64 minPower,
        address[] calldata excluded
    ) external view returns (address[] memory nodes) {
        require(
            count <= DRAW_MAX && excluded.length <= DRAW_MAX,
            NodeRegistryDrawTooLarge(count, excluded.length, DRAW_MAX)
        );
        uint256 tries = 2 * count + 16;
        SumTree.Draw memory state = _tree.begin(seed, tries + excluded.length);
        for (uint256 i = 0; i < excluded.length; ++i) {
            uint256 place = _nodes[excluded[i]].place;
            if (place != 0) _tree.exclude(state, place - 1);
        }
        nodes = new address[](count);
        uint256 found = _drawInto(nodes, state, tries, kind, minPower);
        // Shortens the array, whose length is its first word.
        assembly ("memory-safe") {
            mstore(nodes, found)
        }
    }

    /// @inheritdoc INodeRegistry
    function totals() external view returns (uint256 provedPower, uint256 leasedPower) {
        return (_provedPower, _leasedPower);
    }

    /// @inheritdoc INodeRegistry
    function reasonOf(address worker) external view returns (bytes32 reason) {
        return _reasonOf(_nodes[worker], _rules(), _commentOf(worker));
    }

    /// @inheritdoc INodeRegistry
    function kindsOf(address worker) external view returns (bytes32[] memory kinds) {
        return _kinds[worker];
    }

    /// @inheritdoc INodeRegistry
    function doesKind(address worker, bytes32 kind) external view returns (bool) {
        return _does[worker][kind];
    }

    /// @inheritdoc INodeRegistry
    function weightOf(address worker) external view returns (uint256 weight) {
        uint256 place = _nodes[worker].place;
        return place == 0 ? 0 : _tree.weightAt(place - 1);
    }

    /// @inheritdoc INodeRegistry
    function totalWeight() external view returns (uint256 weight) {
        return _tree.total;
    }

    /// @inheritdoc INodeRegistry
    function placeCount() external view returns (uint256 count) {
        return _tree.size;
    }

    /// @inheritdoc INodeRegistry
    function placeAt(uint256 place) external view returns (address worker, uint256 weight) {
        return (_workers[place], _tree.weightAt(place));
    }

    /* KEEPING WEIGHTS */

    /// @dev Brings weight, place and totals of a node into line with everything that decides them.
    function _sync(address worker) internal {
        Node storage node = _nodes[worker];
        uint256 comment = _commentOf(worker);
        Rules memory rules = _rules();
        _count(node, rules.proofMaxAge);
        bytes32 reason = _reasonOf(node, rules, comment);
        if (reason != 0) {
            if (node.place != 0) _leave(worker, node, reason);
            return;
        }
        if (node.place == 0) _enter(worker, node);
        _weigh(worker, node, comment);
    }

    /// @dev Replaces what `worker` does by `kinds`.
    function _setKinds(address worker, bytes32[] calldata kinds) internal {
        bytes32[] storage former = _kinds[worker];
        for (uint256 i = 0; i < former.length; ++i) delete _does[worker][former[i]];
        _kinds[worker] = kinds;
        for (uint256 i = 0; i < kinds.length; ++i) _does[worker][kinds[i]] = true;
        // The caller bounds it.
        _nodes[worker].kindCount = uint8(kinds.length);
        emit KindsDeclared(worker, kinds);
        _sync(worker);
    }

    /// @dev After a slot closed, which keeps no node out: cheaper than `_sync` where blocks settle.
    function _syncClosed(address worker) internal {
        Node storage node = _nodes[worker];
        if (node.place == 0) return _sync(worker);
        if (node.openSlots == 0 && node.isLeased) {
            node.isLeased = false;
            _leasedPower -= node.countedPower;
        }
        _weigh(worker, node, _commentOf(worker));
    }

    /// @dev Remembers when the proof of `worker` runs out.
    function _noteProof(address worker) internal {
        _proofs[_proofTail++] = Proof(worker, uint40(block.timestamp));
    }

    /// @dev Proofs are queued in the order of time, so the oldest is the first.
    function _expire(uint256 max) internal returns (uint256 count) {
        uint256 maxAge = PARAMS.get(ParamKeys.NODE_PROOF_MAX_AGE);
        uint256 head = _proofHead;
        uint256 tail = _proofTail;
        for (; count < max && head < tail; ++count) {
            Proof memory proof = _proofs[head];
            if (block.timestamp <= proof.provedAt + maxAge) break;
            delete _proofs[head++];
            // A newer proof has its own place in the queue.
            if (_nodes[proof.worker].provedAt == proof.provedAt) _sync(proof.worker);
        }
        // Cast: never above the tail.
        if (count > 0) _proofHead = uint128(head);
    }

    function _weigh(address worker, Node storage node, uint256 comment) private {
        uint256 place = node.place - 1;
        uint256 weight = _weightOf(node, comment);
        if (weight == _tree.weightAt(place)) return;
        _tree.set(place, weight);
        emit WeightChanged(worker, place, weight);
    }

    function _enter(address worker, Node storage node) private {
        uint256 place;
        uint256 free = _freePlaces.length;
        if (free > 0) {
            place = _freePlaces[free - 1];
            _freePlaces.pop();
        } else {
            require(_tree.size < SumTree.SIZE_MAX, NodeRegistryFull(SumTree.SIZE_MAX));
            place = _tree.push();
        }
        _workers[place] = worker;
        // Casts: at most 2^20 places.
        node.place = uint24(place + 1);
        emit NodeIncluded(worker, place);
    }

    function _leave(address worker, Node storage node, bytes32 reason) private {
        uint24 place = node.place - 1;
        node.place = 0;
        delete _workers[place];
        _freePlaces.push(place);
        _tree.set(place, 0);
        emit WeightChanged(worker, place, 0);
        emit NodeExcluded(worker, reason);
    }

    /// @dev A node's power counts while its proof holds, once, however many slots it holds.
    function _count(Node storage node, uint256 proofMaxAge) private {
        uint64 power = block.timestamp <= node.provedAt + proofMaxAge ? node.power : 0;
        bool isLeased = node.openSlots > 0;
        (uint64 oldPower, bool wasLeased) = (node.countedPower, node.isLeased);
        if (power == oldPower && isLeased == wasLeased) return;
        node.countedPower = power;
        node.isLeased = isLeased;
        _provedPower = _provedPower + power - oldPower;
        _leasedPower = _leasedPower + (isLeased ? power : 0) - (wasLeased ? oldPower : 0);
    }

    function _drawInto(
        address[] memory nodes,
        SumTree.Draw memory state,
        uint256 tries,
        bytes32 kind,
        uint256 minPower
    ) private view returns (uint256 found) {
        Rules memory rules = _rules();
        rules.powerMin = Math.max(rules.powerMin, minPower);
        for (uint256 i = 0; i < tries && found < nodes.length; ++i) {
            (bool isFound, uint256 place) = _tree.next(state);
            if (!isFound) break;
            address worker = _workers[place];
            if (!_does[worker][kind]) continue;
            bytes32 reason = _reasonOf(_nodes[worker], rules, _commentOf(worker));
            if (reason == 0) nodes[found++] = worker;
        }
    }

    function _weightOf(Node storage node, uint256 comment) private view returns (uint256) {
        uint256 halvings = node.openSlots;
        if (block.timestamp < node.declinedUntil) ++halvings;
        uint256 weight = ((node.power * comment) / BPS) >> halvings;
        // Whoever may work is drawn some day.
        return Math.min(Math.max(weight, 1), SumTree.WEIGHT_MAX);
    }

    function _reasonOf(
        Node storage node,
        Rules memory rules,
        uint256 comment
    ) private view returns (bytes32) {
        if (block.timestamp < node.suspendedUntil) return "suspended";
        uint256 power = node.power;
        if (power == 0) {
            if (node.state == NodeState.None) return "unregistered";
            return node.state == NodeState.Retired ? bytes32("retired") : bytes32("unproved");
        }
        if (block.timestamp > node.provedAt + rules.proofMaxAge) return "stale";
        if (power < rules.powerMin) return "weak";
        if (comment < rules.commentMinBps) return "comment";
        if (node.openSlots >= rules.slotsMax) return "busy";
        return node.kindCount == 0 ? bytes32("kindless") : bytes32(0);
    }

    function _rules() private view returns (Rules memory rules) {
        rules.proofMaxAge = PARAMS.get(ParamKeys.NODE_PROOF_MAX_AGE);
        rules.powerMin = PARAMS.get(ParamKeys.NODE_POWER_MIN);
        rules.commentMinBps = PARAMS.get(ParamKeys.NODE_COMMENT_MIN_BPS);
        rules.slotsMax = PARAMS.get(ParamKeys.NODE_SLOTS_MAX);
    }

    function _commentOf(address worker) private view returns (uint256) {
        return IReputation(Predeploys.REPUTATION).commentOf(worker);
    }
}
