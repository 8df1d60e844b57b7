// SPDX-License-Identifier: MIT
pragma solidity >=0.8.24;

/// @title Who computes, and how strong each node is.
/// @notice A worker names how many products of two matrices of int8 it computes, and how large
/// they are: n^3 multiply-adds each, by the schoolbook method, over the seconds of
/// `node.challengeWindow`, is the power it claims. The matrices come from the hash of the block it
/// registers in, so it begins when that block is over. Before the window ends it commits to all
/// entries of all products; the hash of the commitment's block then picks 16 of them, and the
/// contract computes these again. Who computed one part in F of the entries passes with a chance of
/// F^-16, and who does not show the right ones in 256 blocks loses its bond.
///
/// This proves so many exact multiply-adds within one window, and trusts nobody. It does not prove
/// whose machine did them, nor what it can do on other days: a machine may be rented for the
/// window. It counts the schoolbook's n^3 where faster methods do with fewer, and it counts only
/// the products, not the work of expanding and hashing them. Who proposes the commitment's block
/// can discard it, at the price of its block, where it does not like the samples.
///
/// The windows are the same for all: they open every `node.challengeInterval`, so that one machine
/// cannot prove itself for one identity after the other. In so far as proofs are counted once in an
/// interval, many identities have no more than one.
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
        Committed,
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
        uint64 power; //              │ proved; 0 without a proof
        uint40 provedAt; //           │ seconds
        uint16 openSlots; //          │
        uint40 declinedUntil; //      │ seconds
        uint40 suspendedUntil; //     │ seconds
        uint8 kindCount; //           │ kinds of task that it does
        uint24 place; // ─────────────╯ in the draw, plus one; 0 when it is not drawn
        uint64 claimedPower; // ──────╮ million exact multiply-adds per second
        uint64 countedPower; //       │ its part of `totals`
        uint40 busyUntil; //          │ when the last slot closed
        bool isLeased; //             │ whether the counted power is in use
        uint16 size; //               │ of the matrices of the latest challenge
        uint32 products; // ──────────╯
        uint64 challengeHeight; // ───╮
        uint64 commitHeight; //       │
        uint40 commitBy; // ──────────╯ seconds
        bytes32 seed; // of the latest commitment
        bytes32 root; // of the latest commitment
        bytes32 proofHash; // keccak256 of the `Claim` that was proved
    }

    /// @notice What a worker committed to. Product k has the seed keccak256(abi.encode(seed, k));
    /// matrices and tree are those of `MatmulProof`.
    struct Claim {
        bytes32 seed;
        bytes32 root;
        uint16 size;
        uint32 products;
    }

    /// @notice A leaf of the tree: 64 entries, big endian, and the way from there to the root.
    struct Opening {
        bytes entries;
        bytes32[] path;
    }

    /// @param commitBy the last second in which the products may be committed to.
    event NodeRegistered(
        address indexed worker,
        uint16 size,
        uint32 products,
        uint64 claimedPower,
        uint64 challengeHeight,
        uint40 commitBy
    );
    event ProductsCommitted(address indexed worker, bytes32 indexed seed, bytes32 root);
    event PowerProved(address indexed worker, bytes32 indexed seed, uint64 power);
    event ChallengeForfeited(address indexed worker, bytes32 indexed seed);
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
    /// @notice `size` is not a power of two from 64 to 4,096.
    error NodeRegistryWrongSize(uint16 size);
    error NodeRegistryTooManyProducts(uint32 products, uint256 max);
    error NodeRegistryWrongState(address worker, NodeState actual);
    /// @notice The hash of the block at `height` is not known yet, or not any more.
    error NodeRegistrySeedUnavailable(uint64 height, uint256 current);
    error NodeRegistryTooEarly(address worker, uint256 notBefore);
    error NodeRegistryTooLate(address worker, uint40 commitBy);
    error NodeRegistryWrongSampleCount(uint256 given, uint256 wanted);
    error NodeRegistryWrongEntry(uint256 place, int256 given, int256 actual);
    /// @notice The worker may open its samples up to this block.
    error NodeRegistryStillOpen(address worker, uint256 lastHeight);
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

    /// @notice Registers the caller in the running round of challenges, or starts over after
    /// retiring or a challenge that came to nothing, or, from half of `node.proofMaxAge` after a
    /// proof on, proves anew: the power stays meanwhile. Locks `node.challengeBond` of the caller's
    /// free collateral, as far as it is not locked already.
    /// @param size rows and columns of the matrices: a power of two from 64 to 4,096.
    function register(uint16 size, uint32 products) external;
    /// @notice Commits to all entries of the products, until the round's window ends. Who lets it
    /// end loses nothing and may register in another round.
    /// @param root of the tree that `MatmulProof` describes.
    function commitProducts(bytes32 root) external;
    /// @notice Shows the 16 entries that the commitment's block picked, as long as its hash is
    /// known; the caller then has the power it claimed.
    /// @param openings in the order of `samplesOf`.
    function openProducts(Opening[] calldata openings) external;
    /// @notice Takes power and bond of a worker that committed and did not open in 256 blocks. The
    /// bond is burned. Anyone may call.
    function forfeit(address worker) external;
    /// @notice Says which kinds of task the caller does, instead of what it said before. Before or
    /// after registering; a node that does none is not drawn.
    /// @param kinds as in `TaskSpec`, at most 16.
    function declareKinds(bytes32[] calldata kinds) external;
    /// @notice Leaves; tasks already accepted are not affected. Not between commitment and opening.
    function retire() external;
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
    /// @notice Which entries a worker that has committed must open: sample i is
    /// keccak256(abi.encode(blockhash(commitHeight), worker, i)) modulo the number of entries.
    /// @return places counted through all products, row by row: (product * n + row) * n + column.
    function samplesOf(address worker) external view returns (uint256[] memory places);
    /// @notice The round of challenges that runs, or else the next.
    /// @return startsAt when registering becomes possible, seconds.
    /// @return commitBy the last second of its window.
    function challengeRound() external view returns (uint256 startsAt, uint256 commitBy);
    /// @notice The power that so many products claim: size^3 * products over the window, in
    /// millions, rounded down.
    function powerFor(uint16 size, uint32 products) external view returns (uint64 power);
    /// @notice Proved power; 0 once the proof is too old.
    function powerOf(address worker) external view returns (uint64 power);
    function nodeOf(address worker) external view returns (Node memory);
}
