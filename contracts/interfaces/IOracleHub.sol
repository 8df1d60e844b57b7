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

/// @notice What an oracle can lose collateral for.
enum Offence {
    None,
    Equivocation, // signed two contents for one slot: 100 %, and its admission
    FalseValid, // signed Valid for what was proved false: 50 %
    Overturned, // signed a verdict that the court overturned: 5 %, doubling within 90 days
    Unrevealed, // committed to a hidden verdict and did not reveal it: 2 %
    Silent // drawn, and let the time pass without a word: 0.1 %; jailed after 3 in an epoch
}

/// @title The oracles, their committees and their m-of-n reports.
/// @notice Oracles are admitted by governance and active while their collateral is locked. Each
/// task gets a committee, drawn by collateral after its results are revealed. A report carries
/// exactly the quorum's compact (EIP-2098) signatures in the order of the members' indexes, and is
/// taken once per (task, slot, attempt). A task may instead be judged by hidden verdicts; see
/// IOracleBallot.
///
/// What an oracle forfeits first makes good the sponsor's damage (the slot's part of the price,
/// once), then a tenth of it goes to who found the offence out, unless that is the block's own
/// producer, and the rest is burned.
/// @custom:source TS 2.8, TS 3.2; SC 3.3.3
interface IOracleHub {
    struct Oracle {
        bool isAdmitted; // ────╮
        uint8 place; //         │ in the member list plus one; 0 when not active
        uint8 overturns; //     │ in a row, each within 90 days of the one before
        uint8 silences; //      │ in `silenceEpoch`
        uint32 silenceEpoch; // │ days since 1970
        uint40 overturnedAt; // │
        uint40 unbondedAt; //   │ when the collateral may be released
        uint40 jailedUntil; // ─╯ it cannot be active before
    }

    /// @notice Who gets what of forfeited collateral.
    struct Claim {
        address sponsor;
        uint256 damage; // wei of the sponsor's that are not made good yet
        address finder; // gets a tenth; zero for nobody
    }

    event OracleAdmitted(address indexed oracle);
    event OracleRemoved(address indexed oracle);
    event OracleActivated(address indexed oracle, uint256 collateral);
    event OracleCollateralAdded(address indexed oracle, uint256 amount);
    event OracleDeactivated(address indexed oracle, uint40 unbondedAt);
    event OracleReleased(address indexed oracle, uint256 amount);
    event OracleJailed(address indexed oracle, uint40 until);
    /// @notice `seized == toSponsor + toFinder + burned`, wei.
    event OracleSlashed(
        address indexed oracle,
        Offence indexed offence,
        uint256 seized,
        uint256 toSponsor,
        uint256 toFinder,
        uint256 burned
    );
    event ConfigChanged(
        bytes32 indexed configDigest,
        address[] members,
        uint8 faults,
        uint8 quorum
    );
    /// @param seedHeight the block whose hash draws the members; it is made after this one.
    /// @param round counts the committees that were opened under this key.
    event CommitteeOpened(bytes32 indexed key, uint64 seedHeight, uint16 round, uint8 size);
    event CommitteeFixed(bytes32 indexed key, bytes32 digest, address[] members, uint8 quorum);
    event SlotAttested(
        uint256 indexed taskId,
        uint32 indexed slot,
        Verdict verdict,
        bytes32 resultRoot,
        uint32 bitmap
    );
    event SlotRechecked(
        uint256 indexed taskId,
        uint32 indexed slot,
        Verdict verdict,
        uint32 bitmap
    );
    /// @param digest of the committee, of which each member is punished.
    event CommitteeSilent(uint256 indexed taskId, uint32 indexed slot, bytes32 digest);
    event OracleFeeCredited(uint256 indexed taskId, uint32 indexed slot, uint256 amount);
    event OracleFeeClaimed(address indexed oracle, uint256 amount);

    error OracleHubNotAdmitted(address oracle);
    error OracleHubAlreadyAdmitted(address oracle);
    error OracleHubAlreadyActive(address oracle);
    error OracleHubNotActive(address oracle);
    error OracleHubJailed(address oracle, uint40 until);
    error OracleHubStillBonded(address oracle, uint40 until);
    error OracleHubNothingLocked(address oracle);
    error OracleHubFull(uint256 max);
    error OracleHubTooFewMembers(uint256 active, uint256 min);
    error OracleHubWrongConfig(bytes32 given, bytes32 current);
    error OracleHubWrongSignatureCount(uint256 given, uint256 quorum);
    error OracleHubUnknownSigner(uint256 index, address recovered);
    error OracleHubExpired(uint40 validUntil);
    error OracleHubAlreadyAttested(uint256 taskId, uint32 slot, uint32 attempt);
    /// @notice The report is not about what the slot holds; `field` names what differs.
    error OracleHubWrongSubject(bytes32 field, uint256 given, uint256 wanted);
    /// @notice More work than the worker's proved power can have done in that time.
    error OracleHubTooMuchWork(uint256 taskId, uint8 slot, uint64 workUnits, uint256 max);
    error OracleHubIsHidden(uint256 taskId);
    error OracleHubNotMarked(uint256 taskId, uint32 slot);
    /// @notice The slot was not left unjudged by the first committee of its task, or the silence is
    /// punished already.
    error OracleHubNotSilent(uint256 taskId, uint32 slot);
    error OracleHubNoCommittee(bytes32 key);
    /// @notice The block that draws the members is not over.
    error OracleHubSeedNotReady(uint64 seedHeight, uint256 current);
    /// @notice Nobody remembers the hash of the block that drew the members; see
    /// `reopenCommittee`.
    error OracleHubSeedLost(uint64 seedHeight, uint256 current);
    /// @notice The committee can still be drawn, or is fixed already.
    error OracleHubSeedNotLost(uint64 seedHeight, uint256 current);
    error OracleHubTransferFailed(address to, uint256 amount);
    error OracleHubNoFee(uint256 taskId, uint32 slot, address oracle);

    /* MEMBERSHIP */

    /// @notice Lets `oracle` take part once it has locked collateral. Timelock only.
    function admit(address oracle) external;
    /// @notice Ends an oracle's admission; its collateral begins to unbond. Timelock only.
    function remove(address oracle) external;
    /// @notice Locks what the caller's collateral lacks of `oracle.collateral` in the vault and
    /// makes it a member.
    function activate() external;
    /// @notice Locks more, for tasks of a higher price and a greater chance of being drawn.
    function addCollateral(uint96 amount) external;
    /// @notice Leaves the member list. The collateral stays forfeitable for `oracle.unbondSeconds`.
    function deactivate() external;
    /// @notice Unlocks the collateral of who left long enough ago. Anyone.
    function release(address oracle) external;

    /* COMMITTEES */

    /// @notice Opens the committee of a task whose results are all revealed: members are drawn from
    /// the oracles active now, weighted by collateral, by the hash of the next block, which nobody
    /// knows yet. A committee of the task that was open before is forgotten. Market only.
    /// @param price wei; decides the size: below 10 coins 4 members, below 1,000 coins 7, else 13,
    /// or all when there are fewer. A member has at least five times the price as collateral; when
    /// too few have, those with the largest collateral are the committee.
    /// @custom:source POCA; "Attestation and m-of-n"
    function openCommittee(uint256 taskId, uint256 price) external;
    /// @notice Opens a jury of `size`, drawn from the active oracles without those who judged the
    /// slot, as long as enough others are active. Court only.
    function openJury(bytes32 key, uint256 taskId, uint8 slot, uint8 size) external;
    /// @notice Draws again, from the next block's hash, when the committee was not fixed in time.
    /// Anyone.
    function reopenCommittee(bytes32 key) external;
    /// @notice Writes a drawn committee down, so that it outlives the block hash. The first report
    /// does so by itself. Anyone.
    function fixCommittee(
        bytes32 key
    ) external returns (address[] memory members, bytes32 digest, uint8 quorum);

    /* REPORTING */

    /// @param bitmap bit i set: member i signed; exactly the quorum's number of bits.
    /// @param signatures 64 bytes (r, yParityAndS) per set bit, lowest index first.
    function submitReport(
        TaskAttestation calldata att,
        uint32 bitmap,
        bytes calldata signatures
    ) external;
    /// @notice Takes what hidden verdicts came to. OracleBallot only.
    function submitBallot(uint256 taskId, uint8 slot, Verdict verdict, uint32 bitmap) external;
    /// @notice Takes the second committee's report on a slot that chance has marked, while the task
    /// can be disputed. When it contradicts the first, it opens a dispute.
    function submitRecheck(
        TaskAttestation calldata att,
        uint32 bitmap,
        bytes calldata signatures
    ) external;

    /* SLASHING */

    /// @notice Takes one oracle's collateral. Court and ballot only.
    /// @return toSponsor what the sponsor got, wei.
    function slash(
        address oracle,
        Offence offence,
        Claim calldata claim
    ) external returns (uint256 toSponsor);
    /// @notice Takes collateral of all who signed a slot's report, whatever it said, once for each
    /// offence; nothing for FalseValid when it did not say Valid. Court only.
    /// @param isRecheck whether the signers of the second report are meant.
    /// @return toSponsor what the sponsor got, wei.
    function slashSigners(
        uint256 taskId,
        uint8 slot,
        bool isRecheck,
        Offence offence,
        Claim calldata claim
    ) external returns (uint256 toSponsor);

    /// @notice Punishes every member of a task's committee when attesting ended without a report on
    /// a slot that had been revealed; once for each slot. Anyone, who gets a tenth. Writes the
    /// committee down first, for which its block must be remembered still. Hidden verdicts are
    /// punished one by one instead; see IOracleBallot.
    function punishSilence(uint256 taskId, uint8 slot) external;

    /* FEES */

    /// @notice Adds a slot's oracle fee, to be shared by the signers of its report; a quarter is
    /// for those who checked it again, if any did. Market only.
    function creditFee(uint256 taskId, uint32 slot, uint256 amount) external;
    /// @notice Pays the caller its shares of the fee of a slot it signed for, from the hub's escrow
    /// credit.
    function claimFee(uint256 taskId, uint32 slot) external returns (uint256 amount);

    /* READING */

    /// @return members in the order of their bits.
    /// @return digest what they sign for: keccak256(abi.encode(chain id, hub, key, round, members,
    /// faults)). The key of a task's committee is its id; a jury's key reads as a number.
    /// @return quorum how many of them must sign.
    function committeeOf(
        uint256 taskId
    ) external view returns (address[] memory members, bytes32 digest, uint8 quorum);
    /// @notice The second committee of a slot that was attested Valid: disjoint from the first,
    /// drawn by the block after the report. No members when chance has not marked the slot, or when
    /// fewer than three others were active.
    function recheckOf(
        uint256 taskId,
        uint32 slot
    ) external view returns (address[] memory members, bytes32 digest, uint8 quorum);
    function isHidden(uint256 taskId) external view returns (bool);
    /// @notice All active oracles.
    function members() external view returns (address[] memory);
    function oracleOf(address oracle) external view returns (Oracle memory);
    /// @notice Wei locked by an oracle.
    function collateralOf(address oracle) external view returns (uint256 amount);
    function quorum() external view returns (uint8 m);
    function configDigest() external view returns (bytes32 digest);
    /// @notice EIP-712 digest of an attestation.
    function hashTaskAttestation(
        TaskAttestation calldata att
    ) external view returns (bytes32 digest);
    /// @notice Who signed a slot's report.
    function signersOf(
        uint256 taskId,
        uint32 slot
    ) external view returns (address[] memory signers);
}
