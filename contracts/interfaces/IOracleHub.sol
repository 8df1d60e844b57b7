// SPDX-License-Identifier: MIT
pragma solidity >=0.8.24;

/// @notice The oracles' word on one slot of a task.
enum Verdict {
    None,
    Valid,
    Invalid,
    Late,
    Aborted,
    Unavailable
}

/// @notice What m of n oracles sign (EIP-712) about a slot's result.
struct TaskAttestation {
    bytes32 configDigest; // binds chain, hub, members and quorum
    uint256 taskId;
    uint32 slot;
    uint32 attempt;
    Verdict verdict;
    bytes32 resultRoot;
    bytes32 inputRoot; // the task's manifest hash
    uint64 workUnits;
    bytes32 evidenceRoot; // keccak256 of the sampled rows and what was found
    uint40 validUntil;
}

/// @notice What m of n oracles sign (EIP-712) about a node's challenge.
struct PowerAttestation {
    bytes32 configDigest;
    address worker;
    bytes32 seed;
    uint64 power; // 0 when the product is wrong
    uint40 validUntil;
}

/// @title The oracles and their m-of-n reports.
/// @notice Members are admitted by governance and active while their collateral is locked. A report
/// carries exactly `quorum()` compact (EIP-2098) signatures in the order of the members' indexes,
/// and is taken once per (task, slot, attempt).
interface IOracleHub {
    event OracleAdmitted(address indexed oracle);
    event OracleRemoved(address indexed oracle);
    event OracleActivated(address indexed oracle, uint256 collateral);
    event OracleDeactivated(address indexed oracle);
    event ConfigChanged(
        bytes32 indexed configDigest,
        address[] members,
        uint8 faults,
        uint8 quorum
    );
    event SlotAttested(
        uint256 indexed taskId,
        uint32 indexed slot,
        Verdict verdict,
        bytes32 resultRoot,
        uint32 bitmap
    );
    /// @param seedHeight the block whose hash draws the members; it is made after this one.
    /// @param round counts the committees that were opened under this key.
    event CommitteeOpened(bytes32 indexed key, uint64 seedHeight, uint16 round, uint8 size);
    event CommitteeFixed(bytes32 indexed key, bytes32 digest, address[] members, uint8 quorum);
    event PowerAttested(address indexed worker, bytes32 indexed seed, uint64 power, uint32 bitmap);
    event OracleFeeCredited(uint256 indexed taskId, uint32 indexed slot, uint256 amount);
    event OracleFeeClaimed(address indexed oracle, uint256 amount);

    error OracleHubNotAdmitted(address oracle);
    error OracleHubAlreadyActive(address oracle);
    error OracleHubNotActive(address oracle);
    error OracleHubFull(uint256 max);
    error OracleHubTooFewMembers(uint256 active, uint256 min);
    error OracleHubWrongConfig(bytes32 given, bytes32 current);
    error OracleHubWrongSignatureCount(uint256 given, uint256 quorum);
    error OracleHubUnknownSigner(uint256 index, address recovered);
    error OracleHubExpired(uint40 validUntil);
    error OracleHubAlreadyAttested(uint256 taskId, uint32 slot, uint32 attempt);
    /// @notice The report is not about what the slot holds; `field` names what differs.
    error OracleHubWrongSubject(bytes32 field, uint256 given, uint256 wanted);
    error OracleHubTransferFailed(address to, uint256 amount);
    error OracleHubAlreadyAdmitted(address oracle);
    error OracleHubNoCommittee(bytes32 key);
    /// @notice The block that draws the members is not over.
    error OracleHubSeedNotReady(uint64 seedHeight, uint256 current);
    /// @notice Nobody remembers the hash of the block that drew the members; see
    /// `reopenCommittee`.
    error OracleHubSeedLost(uint64 seedHeight, uint256 current);
    /// @notice The committee can still be drawn, or is fixed already.
    error OracleHubSeedNotLost(uint64 seedHeight, uint256 current);
    error OracleHubNoFee(uint256 taskId, uint32 slot, address oracle);

    /// @notice Lets `oracle` take part once it has locked collateral. Timelock only.
    function admit(address oracle) external;
    /// @notice Ends an oracle's admission; its collateral is unlocked. Timelock only.
    function remove(address oracle) external;
    /// @notice Locks the caller's collateral in the vault and makes it a member.
    function activate() external;
    /// @notice Leaves the member list and unlocks the collateral.
    function deactivate() external;

    /// @notice Opens the committee of a task whose results are all revealed: members are drawn from
    /// the oracles active now, weighted by collateral, by the hash of the next block, which nobody
    /// knows yet. A committee of the task that was open before is forgotten. Market only.
    /// @param price wei; decides the size: below 10 coins 4 members, below 1,000 coins 7, else 13,
    /// or all when there are fewer. A member has at least five times the price as collateral; when
    /// too few have, those with the largest collateral are the committee.
    /// @custom:source POCA; "Attestation and m-of-n"
    function openCommittee(uint256 taskId, uint256 price) external;
    /// @notice Draws again, from the next block's hash, when the committee was not fixed in time.
    /// Anyone.
    function reopenCommittee(uint256 taskId) external;
    /// @notice Writes the drawn committee down, so that it outlives the block hash. The first report
    /// does so by itself. Anyone.
    function fixCommittee(uint256 taskId) external;

    /// @param bitmap bit i set: member i signed; exactly `quorum()` bits.
    /// @param signatures 64 bytes (r, yParityAndS) per set bit, lowest index first.
    function submitReport(
        TaskAttestation calldata att,
        uint32 bitmap,
        bytes calldata signatures
    ) external;
    function submitPowerReport(
        PowerAttestation calldata att,
        uint32 bitmap,
        bytes calldata signatures
    ) external;

    /// @notice Adds a slot's oracle fee, to be shared by the signers of its report. Market only.
    function creditFee(uint256 taskId, uint32 slot, uint256 amount) external;
    /// @notice Pays the caller its share of the fee of a slot it signed for, from its escrow
    /// credit.
    function claimFee(uint256 taskId, uint32 slot) external returns (uint256 amount);

    /// @return members in the order of their bits.
    /// @return digest what they sign for: keccak256(abi.encode(chain id, hub, key, round, members,
    /// faults)). The key of a task's committee is its id.
    /// @return quorum how many of them must sign.
    function committeeOf(
        uint256 taskId
    ) external view returns (address[] memory members, bytes32 digest, uint8 quorum);
    /// @notice All active oracles.
    function members() external view returns (address[] memory);
    function quorum() external view returns (uint8 m);
    function configDigest() external view returns (bytes32 digest);
    /// @notice EIP-712 digest of an attestation.
    function hashTaskAttestation(
        TaskAttestation calldata att
    ) external view returns (bytes32 digest);
    function hashPowerAttestation(
        PowerAttestation calldata att
    ) external view returns (bytes32 digest);
    /// @notice Bitmap of the members (of the config at that time) who signed a slot's report.
    function signersOf(
        uint256 taskId,
        uint32 slot
    ) external view returns (address[] memory signers);
}
