// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Initializable} from "@openzeppelin/contracts/proxy/utils/Initializable.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ICapabilityChallenge} from "../interfaces/ICapabilityChallenge.sol";
import {ICollateralVault} from "../interfaces/ICollateralVault.sol";
import {INodeRegistry} from "../interfaces/INodeRegistry.sol";
import {ISignerBoard} from "../interfaces/ISignerBoard.sol";
import {MatmulProof} from "../libraries/MatmulProof.sol";
import {ParamKeys} from "../libraries/ParamKeys.sol";
import {Predeploys} from "../libraries/Predeploys.sol";
import {NodeDraw} from "./NodeDraw.sol";

/// @title Who computes, and how strong each node is.
contract NodeRegistry
    is INodeRegistry, NodeDraw, Initializable
    layout at erc7201("poca.storage.NodeRegistry")
{
    /// @dev How far back the EVM knows block hashes.
    uint256 private constant HASH_BLOCKS = 256;

    /// @dev Entries that a worker opens. Of a worker that computed one part in F, F^-16 pass.
    uint256 private constant SAMPLES = 16;

    uint256 private constant SIZE_MIN = 64;
    uint256 private constant SIZE_MAX = 4_096;
    uint256 private constant PRODUCTS_MAX = 2 ** 24;

    /// @dev Power counts in million multiply-adds per second.
    uint256 private constant MILLION = 1e6;

    /// @dev Proofs looked at by each new one, so that old ones leave as fast as new ones come.
    uint256 private constant EXPIRED_PER_PROOF = 2;

    uint256 private constant DECLINED_SECONDS = 1 days;
    uint256 private constant KINDS_MAX = 16;
    uint256 private constant FINDER_BPS = 1_000;

    /// @dev What the CapabilityChallenge may use of the gas of a proof.
    uint256 private constant NOTIFY_GAS = 700_000;

    bytes32 private constant STAKE_REF = "stake";
    bytes32 private constant BOND_REF = "challenge";

    ICollateralVault private constant VAULT = ICollateralVault(Predeploys.COLLATERAL_VAULT);

    constructor() {
        _disableInitializers();
    }

    function initialize() external initializer {}

    /* PROVING */

    /// @inheritdoc INodeRegistry
    function register(uint16 size, uint32 products) external {
        Node storage node = _nodes[msg.sender];
        require(
            block.timestamp >= node.suspendedUntil,
            NodeRegistrySuspended(msg.sender, node.suspendedUntil)
        );
        if (node.state == NodeState.Proved) {
            uint256 notBefore = node.provedAt + PARAMS.get(ParamKeys.NODE_PROOF_MAX_AGE) / 2;
            require(block.timestamp >= notBefore, NodeRegistryTooEarly(msg.sender, notBefore));
        } else if (node.state == NodeState.Challenged) {
            require(
                block.timestamp > node.commitBy,
                NodeRegistryTooEarly(msg.sender, uint256(node.commitBy) + 1)
            );
        } else if (node.state == NodeState.Committed) {
            _forfeit(msg.sender, node);
        }
        (uint256 startsAt, uint256 commitBy) = challengeRound();
        require(block.timestamp >= startsAt, NodeRegistryTooEarly(msg.sender, startsAt));
        node.claimedPower = powerFor(size, products);
        node.state = NodeState.Challenged;
        node.size = size;
        node.products = products;
        // A block number fits 64 bits, a time 40.
        node.challengeHeight = uint64(block.number);
        node.commitBy = uint40(commitBy);
        emit NodeRegistered(
            msg.sender,
            size,
            products,
            node.claimedPower,
            node.challengeHeight,
            node.commitBy
        );
        uint256 bond = PARAMS.get(ParamKeys.NODE_CHALLENGE_BOND);
        uint256 held = bondOf(msg.sender);
        if (bond > held) VAULT.lock(msg.sender, BOND_REF, bond - held);
    }

    /// @inheritdoc INodeRegistry
    function commitProducts(bytes32 root) external {
        Node storage node = _nodes[msg.sender];
        require(node.state == NodeState.Challenged, NodeRegistryWrongState(msg.sender, node.state));
        require(block.timestamp <= node.commitBy, NodeRegistryTooLate(msg.sender, node.commitBy));
        // Kept: its block's hash may be forgotten before the samples are opened.
        bytes32 seed = _drawSeed(msg.sender, node.challengeHeight);
        node.state = NodeState.Committed;
        node.commitHeight = uint64(block.number);
        node.seed = seed;
        node.root = root;
        emit ProductsCommitted(msg.sender, seed, root);
    }

    /// @inheritdoc INodeRegistry
    function openProducts(Opening[] calldata openings) external {
        Node storage node = _nodes[msg.sender];
        require(node.state == NodeState.Committed, NodeRegistryWrongState(msg.sender, node.state));
        require(openings.length == SAMPLES, NodeRegistryWrongSampleCount(openings.length, SAMPLES));
        Claim memory claim = Claim(node.seed, node.root, node.size, node.products);
        bytes32 hash = _hashOf(node.commitHeight);
        for (uint256 i = 0; i < SAMPLES; ++i) {
            _checkSample(claim, _placeOf(hash, msg.sender, i, claim), openings[i]);
        }
        uint64 power = node.claimedPower;
        node.state = NodeState.Proved;
        node.power = power;
        node.provedAt = uint40(block.timestamp);
        node.proofHash = keccak256(abi.encode(claim));
        emit PowerProved(msg.sender, claim.seed, power);
        _noteProof(msg.sender);
        _expire(EXPIRED_PER_PROOF);
        _sync(msg.sender);
        _notify(abi.encodeCall(ICapabilityChallenge.onProved, (msg.sender, claim.seed, power)));
    }

    /// @inheritdoc INodeRegistry
    function forfeit(address worker) external {
        Node storage node = _nodes[worker];
        require(node.state == NodeState.Committed, NodeRegistryWrongState(worker, node.state));
        _forfeit(worker, node);
    }

    /// @inheritdoc INodeRegistry
    function declareKinds(bytes32[] calldata kinds) external {
        require(kinds.length <= KINDS_MAX, NodeRegistryTooManyKinds(kinds.length, KINDS_MAX));
        _setKinds(msg.sender, kinds);
    }

    /// @inheritdoc INodeRegistry
    function retire() external {
        Node storage node = _nodes[msg.sender];
        bool canRetire = node.state == NodeState.Challenged || node.state == NodeState.Proved;
        require(canRetire, NodeRegistryWrongState(msg.sender, node.state));
        node.state = NodeState.Retired;
        emit NodeRetired(msg.sender);
        _losePower(msg.sender, node);
    }

    /// @inheritdoc INodeRegistry
    function disqualify(address worker, address finder) external returns (uint256 reward) {
        _requireCaller(Predeploys.CAPABILITY_CHALLENGE);
        Node storage node = _nodes[worker];
        node.state = NodeState.None;
        // Cast: times fit 40 bits.
        node.suspendedUntil = uint40(block.timestamp + PARAMS.get(ParamKeys.NODE_SUSPENSION));
        node.proofHash = 0;
        emit NodeSuspended(worker, node.suspendedUntil);
        _losePower(worker, node);
        reward = (bondOf(worker) * FINDER_BPS) / BPS;
        _seizeBond(worker, finder, reward);
    }

    /* WORKING */

    /// @inheritdoc INodeRegistry
    function onSlotOpened(address worker) external onlyMarkets {
        Node storage node = _nodes[worker];
        ++node.openSlots;
        emit SlotOpened(worker, node.openSlots);
        _sync(worker);
    }

    /// @inheritdoc INodeRegistry
    function onSlotClosed(address worker) external onlyMarkets {
        Node storage node = _nodes[worker];
        if (node.openSlots == 0) return;
        --node.openSlots;
        node.busyUntil = uint40(block.timestamp);
        emit SlotClosed(worker, node.openSlots);
        _syncClosed(worker);
    }

    /// @inheritdoc INodeRegistry
    function onDeclined(address worker) external onlyMarkets {
        Node storage node = _nodes[worker];
        node.declinedUntil = uint40(block.timestamp + DECLINED_SECONDS);
        emit SlotDeclined(worker, node.declinedUntil);
        _sync(worker);
    }

    /// @inheritdoc INodeRegistry
    function refresh(address worker) external {
        _sync(worker);
    }

    /// @inheritdoc INodeRegistry
    function expire(uint256 max) external returns (uint256 count) {
        return _expire(max);
    }

    /* STAKE AND BOND */

    /// @inheritdoc INodeRegistry
    function addStake(uint96 amount) external {
        require(amount > 0, NodeRegistryZeroAmount());
        emit StakeAdded(msg.sender, amount);
        VAULT.lock(msg.sender, STAKE_REF, amount);
    }

    /// @inheritdoc INodeRegistry
    function withdrawStake(uint96 amount) external {
        require(amount > 0, NodeRegistryZeroAmount());
        Node storage node = _nodes[msg.sender];
        uint256 notBefore =
            node.busyUntil == 0 ? 0 : node.busyUntil + PARAMS.get(ParamKeys.NODE_STAKE_COOLDOWN);
        require(
            node.openSlots == 0 && block.timestamp >= notBefore,
            NodeRegistryStakeInUse(msg.sender, node.openSlots, notBefore)
        );
        uint256 stake = stakeOf(msg.sender);
        require(amount <= stake, NodeRegistryInsufficientStake(msg.sender, amount, stake));
        emit StakeWithdrawn(msg.sender, amount);
        VAULT.unlock(msg.sender, STAKE_REF, amount);
    }

    /// @inheritdoc INodeRegistry
    function slashStake(
        address worker,
        uint16 bps,
        address beneficiary
    ) external returns (uint256 seized) {
        if (msg.sender != Predeploys.DISPUTE_COURT) _requireCaller(Predeploys.TASK_MARKET);
        require(bps <= BPS, NodeRegistryWrongBps(bps));
        seized = (stakeOf(worker) * bps) / BPS;
        if (seized == 0) return 0;
        emit StakeSlashed(worker, beneficiary, seized);
        if (beneficiary == address(0)) VAULT.burn(worker, STAKE_REF, seized);
        else VAULT.seize(worker, STAKE_REF, seized, beneficiary);
    }

    /// @inheritdoc INodeRegistry
    function releaseBond(address worker) external {
        Node storage node = _nodes[worker];
        require(
            node.state == NodeState.None || node.state == NodeState.Retired,
            NodeRegistryWrongState(worker, node.state)
        );
        uint256 notBefore = node.provedAt + PARAMS.get(ParamKeys.NODE_PROOF_MAX_AGE);
        require(block.timestamp >= notBefore, NodeRegistryBondInUse(worker, notBefore));
        uint256 bond = bondOf(worker);
        require(bond > 0, NodeRegistryZeroAmount());
        emit BondReleased(worker, bond);
        VAULT.unlock(worker, BOND_REF, bond);
    }

    /* READING */

    /// @inheritdoc INodeRegistry
    function seedOf(address worker) external view returns (bytes32 seed) {
        Node storage node = _nodes[worker];
        if (node.state == NodeState.Challenged) return _drawSeed(worker, node.challengeHeight);
        seed = node.seed;
        require(seed != 0, NodeRegistryWrongState(worker, node.state));
    }

    /// @inheritdoc INodeRegistry
    function samplesOf(address worker) external view returns (uint256[] memory places) {
        Node storage node = _nodes[worker];
        require(node.state == NodeState.Committed, NodeRegistryWrongState(worker, node.state));
        Claim memory claim = Claim(node.seed, node.root, node.size, node.products);
        bytes32 hash = _hashOf(node.commitHeight);
        places = new uint256[](SAMPLES);
        for (uint256 i = 0; i < SAMPLES; ++i) places[i] = _placeOf(hash, worker, i, claim);
    }

    /// @inheritdoc INodeRegistry
    function powerOf(address worker) external view returns (uint64 power) {
        Node storage node = _nodes[worker];
        power = node.power;
        if (power > 0 && !_isProofValid(node)) return 0;
    }

    /// @inheritdoc INodeRegistry
    function nodeOf(address worker) external view returns (Node memory) {
        return _nodes[worker];
    }

    /// @inheritdoc INodeRegistry
    function clusterOf(address account) external view returns (Cluster cluster) {
        ISignerBoard.Cluster office = ISignerBoard(Predeploys.SIGNER_BOARD).clusterOf(account);
        if (office == ISignerBoard.Cluster.Director) return Cluster.Director;
        if (office == ISignerBoard.Cluster.Standby) return Cluster.WaitingSignature;
        Node storage node = _nodes[account];
        if (node.power > 0 && _isProofValid(node)) return Cluster.WaitingCompute;
        bool isOut = node.state == NodeState.None || node.state == NodeState.Retired;
        return isOut ? Cluster.None : Cluster.Ordinary;
    }

    /// @inheritdoc INodeRegistry
    function challengeRound() public view returns (uint256 startsAt, uint256 commitBy) {
        uint256 window = PARAMS.get(ParamKeys.NODE_CHALLENGE_WINDOW);
        // Rounds never overlap.
        uint256 interval = Math.max(window, PARAMS.get(ParamKeys.NODE_CHALLENGE_INTERVAL));
        startsAt = block.timestamp - (block.timestamp % interval);
        if (block.timestamp >= startsAt + window) startsAt += interval;
        return (startsAt, startsAt + window);
    }

    /// @inheritdoc INodeRegistry
    function powerFor(uint16 size, uint32 products) public view returns (uint64 power) {
        require(
            size >= SIZE_MIN && size <= SIZE_MAX && size & (size - 1) == 0,
            NodeRegistryWrongSize(size)
        );
        require(products <= PRODUCTS_MAX, NodeRegistryTooManyProducts(products, PRODUCTS_MAX));
        uint256 work = uint256(size) ** 3 * products;
        // Cast: at most 2^60.
        power = uint64(work / (PARAMS.get(ParamKeys.NODE_CHALLENGE_WINDOW) * MILLION));
        uint256 powerMax = PARAMS.get(ParamKeys.NODE_POWER_MAX);
        require(power > 0 && power <= powerMax, NodeRegistryPowerOutOfBounds(power, powerMax));
    }

    /// @inheritdoc INodeRegistry
    function stakeOf(address worker) public view returns (uint256 amount) {
        return VAULT.lockOf(address(this), worker, STAKE_REF);
    }

    /// @inheritdoc INodeRegistry
    function bondOf(address worker) public view returns (uint256 amount) {
        return VAULT.lockOf(address(this), worker, BOND_REF);
    }

    /// @dev Ends a challenge whose samples nobody can open any more.
    function _forfeit(address worker, Node storage node) private {
        require(
            block.number > node.commitHeight + HASH_BLOCKS,
            NodeRegistryStillOpen(worker, node.commitHeight + HASH_BLOCKS)
        );
        node.state = NodeState.None;
        emit ChallengeForfeited(worker, node.seed);
        _losePower(worker, node);
        _seizeBond(worker, address(0), 0);
    }

    /// @dev The finder's reward is credited, the rest burned.
    function _seizeBond(address worker, address finder, uint256 reward) private {
        uint256 bond = bondOf(worker);
        if (bond == 0) return;
        emit BondSeized(worker, finder, reward, bond - reward);
        if (reward > 0) VAULT.seize(worker, BOND_REF, reward, finder);
        VAULT.burn(worker, BOND_REF, bond - reward);
    }

    function _losePower(address worker, Node storage node) private {
        if (node.power == 0) return;
        node.power = 0;
        _sync(worker);
        _notify(abi.encodeCall(ICapabilityChallenge.onLost, (worker)));
    }

    /// @dev Whatever happens there, the proof counts here. The caller cannot make it fail by giving
    /// too little gas.
    function _notify(bytes memory data) private {
        uint256 wanted = NOTIFY_GAS + NOTIFY_GAS / 32;
        require(gasleft() > wanted, NodeRegistryOutOfGas(gasleft(), wanted));
        (bool ok, ) = Predeploys.CAPABILITY_CHALLENGE.call{gas: NOTIFY_GAS}(data);
        if (!ok) emit NotificationFailed();
    }

    function _isProofValid(Node storage node) private view returns (bool) {
        return block.timestamp <= node.provedAt + PARAMS.get(ParamKeys.NODE_PROOF_MAX_AGE);
    }

    function _drawSeed(address worker, uint64 height) private view returns (bytes32) {
        return keccak256(abi.encode(_hashOf(height), worker));
    }

    function _hashOf(uint64 height) private view returns (bytes32 hash) {
        hash = blockhash(height);
        require(hash != 0, NodeRegistrySeedUnavailable(height, block.number));
    }

    /// @dev Fails unless the entry at `place` was committed to and is right.
    function _checkSample(
        Claim memory claim,
        uint256 place,
        Opening calldata opening
    ) private pure {
        int256 given = MatmulProof.committedEntry(claim.root, place, opening.entries, opening.path);
        int256 actual = MatmulProof.entryOf(claim.seed, claim.size, place);
        require(given == actual, NodeRegistryWrongEntry(place, given, actual));
    }

    /// @dev Which of all the entries of all products sample number `i` is.
    function _placeOf(
        bytes32 hash,
        address worker,
        uint256 i,
        Claim memory claim
    ) private pure returns (uint256) {
        uint256 count = uint256(claim.size) * claim.size * claim.products;
        return uint256(keccak256(abi.encode(hash, worker, i))) % count;
    }
}
