// SPDX-License-Identifier: MIT
pragma solidity >=0.8.24;

/// @title Who computes, and how strong each node is.
/// @notice A worker registers with the power it claims. It is then asked for the exact product of
/// two 64 x 64 int8 matrices derived from a later block's hash. Oracles check the product by
/// Freivalds' test and attest the power; until then it is 0 and the worker gets no work.
interface INodeRegistry {
    enum NodeState {
        None,
        Challenged,
        Answered,
        Proved,
        Retired
    }

    struct Node {
        NodeState state;
        uint64 claimedPower; // million exact multiply-adds per second
        uint64 power; // proved; 0 until attested
        uint64 challengeHeight;
        uint40 provedAt;
        bytes32 productHash;
    }

    event NodeRegistered(address indexed worker, uint64 claimedPower, uint64 challengeHeight);
    /// @param product row-major 64 x 64 int32, big endian, 16,384 bytes.
    event ChallengeAnswered(address indexed worker, bytes32 indexed seed, bytes product);
    event PowerProved(address indexed worker, uint64 power);
    event PowerRejected(address indexed worker);
    event NodeRetired(address indexed worker);

    error NodeRegistryPowerOutOfBounds(uint64 claimed, uint256 max);
    error NodeRegistryWrongState(address worker, NodeState actual);
    error NodeRegistrySeedUnavailable(uint64 challengeHeight, uint256 current);
    error NodeRegistryWrongProductSize(uint256 given, uint256 wanted);
    error NodeRegistryStaleAttestation(address worker, bytes32 seed);

    /// @notice Registers the caller, or starts over after retiring, a failed or an expired
    /// challenge.
    function register(uint64 claimedPower) external;
    /// @notice Answers the challenge. The product is only emitted and hashed here.
    function answerChallenge(bytes calldata product) external;
    /// @notice Leaves; tasks already accepted are not affected.
    function retire() external;
    /// @notice Takes the oracles' verdict on a challenge. OracleHub only.
    function setPower(address worker, bytes32 seed, uint64 power) external;

    /// @notice Seed of `worker`'s challenge: keccak256(abi.encode(blockhash(challengeHeight),
    /// worker)).
    function seedOf(address worker) external view returns (bytes32 seed);
    function powerOf(address worker) external view returns (uint64 power);
    function nodeOf(address worker) external view returns (Node memory);
}
