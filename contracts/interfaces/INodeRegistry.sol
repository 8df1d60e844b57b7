// SPDX-License-Identifier: MIT
pragma solidity >=0.8.24;

/// @title Who computes, and how strong each node is.
/// @notice A worker registers with the power it claims. It is then asked for the exact product of
/// two 64 x 64 int8 matrices derived from a later block's hash. Oracles check the product by
/// Freivalds' test and attest the power; until then it is 0 and the worker gets no work.
///
/// Work is handed out by drawing nodes, each as often as its weight says: proved power times
/// Comment Adjustment, halved for each slot it holds and for a day after it declined one. What
/// keeps a node out of the draw is a reason code, and a draw for a kind of task passes over those
/// that did not say that they do it: what a node cannot do costs it nothing. A proof holds for
/// `node.proofMaxAge`; a node proves anew from half of that time on, and works on meanwhile.
/// @custom:source SC 3.2.1; SC 4.1; TS 2.2.3; TS 2.4
/// @custom:invariant total weight == sum of weightOf
/// @custom:invariant leasedPower <= provedPower
interface INodeRegistry {
    enum NodeState {
        None,
        Challenged,
        Answered,
        Proved,
        Retired
    }

    /// @notice The four clusters. The order is part of the interface.
    enum Cluster {
        None, // not in the network
        Director,
        WaitingSignature,
        WaitingCompute,
        Ordinary
    }

    struct Node {
        NodeState state; // ──────────╮ of the latest challenge
        uint64 power; //              │ proved; 0 until attested
        uint40 provedAt; //           │ seconds
        uint16 openSlots; //          │
        uint40 declinedUntil; //      │ seconds
        uint40 suspendedUntil; //     │ seconds
        uint8 kindCount; //           │ kinds of task that it does
        uint24 place; // ─────────────╯ in the draw, plus one; 0 when it is not drawn
        uint64 claimedPower; // ──────╮ million exact multiply-adds per second
        uint64 challengeHeight; //    │
        uint64 countedPower; //       │ its part of `totals`
        uint40 busyUntil; //          │ when the last slot closed
        bool isLeased; // ────────────╯ whether the counted power is in use
        bytes32 productHash;
        bytes32 seed; // of the answered challenge
    }

    event NodeRegistered(address indexed worker, uint64 claimedPower, uint64 challengeHeight);
    /// @param product row-major 64 x 64 int32, big endian, 16,384 bytes.
    event ChallengeAnswered(address indexed worker, bytes32 indexed seed, bytes product);
    event PowerProved(address indexed worker, uint64 power);
    event PowerRejected(address indexed worker);
    event NodeRetired(address indexed worker);
    /// @notice The node is drawn from now on.
    event NodeIncluded(address indexed worker, uint256 place);
    /// @param reason as `reasonOf`.
    event NodeExcluded(address indexed worker, bytes32 indexed reason);
    /// @param place in the draw, from 0.
    event WeightChanged(address indexed worker, uint256 place, uint256 weight);
    /// @param kinds all that the node does from now on.
    event KindsDeclared(address indexed worker, bytes32[] kinds);
    event SlotOpened(address indexed worker, uint16 openSlots);
    event SlotClosed(address indexed worker, uint16 openSlots);
    event SlotDeclined(address indexed worker, uint40 until);
    event NodeSuspended(address indexed worker, uint40 until);
    event StakeAdded(address indexed worker, uint256 amount);
    event StakeWithdrawn(address indexed worker, uint256 amount);
    event StakeSlashed(address indexed worker, address indexed beneficiary, uint256 amount);
    /// @notice The CapabilityChallenge failed; `syncUnits` there makes up for it.
    event NotificationFailed();
    event BondReleased(address indexed worker, uint256 amount);
    /// @param reward the finder's; the rest is burned.
    event BondSeized(
        address indexed worker,
        address indexed finder,
        uint256 reward,
        uint256 burned
    );

    error NodeRegistryPowerOutOfBounds(uint64 claimed, uint256 max);
    error NodeRegistryWrongState(address worker, NodeState actual);
    error NodeRegistrySeedUnavailable(uint64 challengeHeight, uint256 current);
    error NodeRegistryWrongProductSize(uint256 given, uint256 wanted);
    error NodeRegistryStaleAttestation(address worker, bytes32 seed);
    error NodeRegistryTooEarly(address worker, uint256 notBefore);
    error NodeRegistrySuspended(address worker, uint40 until);
    error NodeRegistryFull(uint256 max);
    error NodeRegistryDrawTooLarge(uint256 count, uint256 excluded, uint256 max);
    error NodeRegistryTooManyKinds(uint256 count, uint256 max);
    error NodeRegistryZeroAmount();
    error NodeRegistryStakeInUse(address worker, uint16 openSlots, uint256 notBefore);
    error NodeRegistryInsufficientStake(address worker, uint256 wanted, uint256 stake);
    error NodeRegistryWrongBps(uint16 bps);
    error NodeRegistryBondInUse(address worker, uint256 notBefore);
    error NodeRegistryOutOfGas(uint256 left, uint256 wanted);

    /// @notice Registers the caller, or starts over after retiring, a failed or an expired
    /// challenge, or, from half of `node.proofMaxAge` after a proof on, proves anew: the power
    /// stays until the oracles' next word. Locks `node.challengeBond` of the caller's free
    /// collateral, as far as it is not locked already.
    function register(uint64 claimedPower) external;
    /// @notice Answers the challenge. The product is only emitted and hashed here.
    function answerChallenge(bytes calldata product) external;
    /// @notice Says which kinds of task the caller does, instead of what it said before. Before or
    /// after registering; a node that does none is not drawn.
    /// @param kinds as in `TaskSpec`, at most 16.
    function declareKinds(bytes32[] calldata kinds) external;
    /// @notice Leaves; tasks already accepted are not affected.
    function retire() external;
    /// @notice Takes the oracles' verdict on a challenge. OracleHub only.
    function setPower(address worker, bytes32 seed, uint64 power) external;
    /// @notice Takes a node's power and suspends it, and splits its bond: 10 % to `finder`, rounded
    /// down, the rest is burned. CapabilityChallenge only, on a disproved product.
    function disqualify(address worker, address finder) external returns (uint256 reward);

    /// @notice Counts a slot that `worker` took. TaskMarket or LeaseMarket only.
    function onSlotOpened(address worker) external;
    /// @notice Counts a slot back. TaskMarket or LeaseMarket only. Never fails for a known worker:
    /// a slot that is not open is no error.
    function onSlotClosed(address worker) external;
    /// @notice Halves the weight for a day. TaskMarket or LeaseMarket only.
    function onDeclined(address worker) external;

    /// @notice Brings a node's weight and its part of the totals up to date. Anyone may call.
    function refresh(address worker) external;
    /// @notice Takes nodes with too old a proof out of the draw, oldest first. Anyone may call;
    /// each proof does it for two.
    /// @param max how many proofs to look at.
    /// @return count of proofs that were too old.
    function expire(uint256 max) external returns (uint256 count);

    /// @notice Locks free collateral of the caller as stake.
    function addStake(uint96 amount) external;
    /// @notice Gives stake back, `node.stakeCooldown` after the last slot closed.
    function withdrawStake(uint96 amount) external;
    /// @notice Takes a part of the stake, rounded down. TaskMarket or DisputeCourt only.
    /// @param beneficiary who gets it, as free collateral; zero to burn it.
    function slashStake(
        address worker,
        uint16 bps,
        address beneficiary
    ) external returns (uint256 seized);
    /// @notice Unlocks the bond of a node that retired or failed, `node.proofMaxAge` after its last
    /// proof, so that nobody flees a disproof. Anyone may call.
    function releaseBond(address worker) external;

    /// @notice Draws nodes by weight, without replacement. Whoever knows the seed and the weights
    /// gets the same nodes in the same order. Nodes that may not work or do not do `kind`, and
    /// those in `excluded`, are never drawn. The work is bounded, so there may be fewer than
    /// `count` even where `count` eligible nodes exist: `2 * count + 16` places are looked at.
    /// @param count and the length of `excluded` are at most 256.
    /// @param minPower of each node, million multiply-adds per second.
    function draw(
        bytes32 seed,
        uint256 count,
        bytes32 kind,
        uint64 minPower,
        address[] calldata excluded
    ) external view returns (address[] memory nodes);

    /// @notice Power of all nodes with a proof that holds, and of those of them that hold a slot.
    function totals() external view returns (uint256 provedPower, uint256 leasedPower);
    /// @notice What keeps `worker` out of the draw now: `suspended`, `retired`, `unregistered`,
    /// `unproved`, `stale`, `weak`, `comment`, `busy` or `kindless`, as short ASCII; 0 for an
    /// eligible node. `kindless` keeps nobody from leases, which have no kind.
    function reasonOf(address worker) external view returns (bytes32 reason);
    /// @notice Which of the four clusters an account belongs to.
    function clusterOf(address account) external view returns (Cluster cluster);
    function kindsOf(address worker) external view returns (bytes32[] memory kinds);
    function doesKind(address worker, bytes32 kind) external view returns (bool);
    function stakeOf(address worker) external view returns (uint256 amount);
    function bondOf(address worker) external view returns (uint256 amount);
    /// @notice Weight of `worker` in the draw as it stands in the tree.
    function weightOf(address worker) external view returns (uint256 weight);
    function totalWeight() external view returns (uint256 weight);
    /// @notice Places ever used in the draw; some may be free.
    function placeCount() external view returns (uint256 count);
    /// @notice Who holds a place, zero for a free one, and its weight.
    function placeAt(uint256 place) external view returns (address worker, uint256 weight);

    /// @notice Seed of `worker`'s challenge: keccak256(abi.encode(blockhash(challengeHeight),
    /// worker)).
    function seedOf(address worker) external view returns (bytes32 seed);
    /// @notice Proved power; 0 once the proof is too old.
    function powerOf(address worker) external view returns (uint64 power);
    function nodeOf(address worker) external view returns (Node memory);
}
