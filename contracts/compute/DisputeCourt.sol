// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Initializable} from "@openzeppelin/contracts/proxy/utils/Initializable.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {IDisputeCourt} from "../interfaces/IDisputeCourt.sol";
import {IOracleBallot} from "../interfaces/IOracleBallot.sol";
import {IOracleHub, Offence, TaskAttestation} from "../interfaces/IOracleHub.sol";
import {ITaskBook} from "../interfaces/ITaskBook.sol";
import {MatmulProof} from "../libraries/MatmulProof.sol";
import {ParamKeys} from "../libraries/ParamKeys.sol";
import {Predeploys} from "../libraries/Predeploys.sol";
import {CourtJury} from "./CourtJury.sol";

/// @title Where a verdict of the oracles is disputed before money moves: what can be shown on
/// chain.
contract DisputeCourt is CourtJury, Initializable layout at erc7201("poca.storage.DisputeCourt") {
    IOracleBallot private constant BALLOT = IOracleBallot(Predeploys.ORACLE_BALLOT);
    bytes32 private constant MATMUL_KIND = "matmul";
    uint256 private constant CHUNK_SECONDS = 60;

    /// @dev Slots of which a false entry was shown.
    mapping(uint256 taskId => mapping(uint8 slot => bool isProved)) private _proved;

    /// @dev Wei that the sponsor got for a slot from oracles' collateral.
    mapping(uint256 taskId => mapping(uint8 slot => uint256 amount)) private _madeGood;

    constructor() {
        _disableInitializers();
    }

    function initialize() external initializer {}

    /* OBJECTIVE */

    /// @inheritdoc IDisputeCourt
    function proveFalseEntry(uint256 taskId, uint8 slot, FalseEntry calldata proof) external {
        require(!_proved[taskId][slot], DisputeCourtAlreadyProved(taskId, slot));
        _requireAttested(taskId, slot);
        _requireFalse(taskId, slot, proof);
        _proved[taskId][slot] = true;
        emit FalseEntryProved(taskId, slot, msg.sender, proof.row, proof.column);
        _madeGood[taskId][slot] += HUB.slashSigners(
            taskId,
            slot,
            false,
            Offence.FalseValid,
            _claimOf(taskId, slot)
        );
        // Whoever disputed the slot was right.
        bool hadJury = _closeProved(taskId, slot, DisputeKind.Reexecute);
        bool wasAsked = _closeProved(taskId, slot, DisputeKind.ChunkMissing);
        if (hadJury || wasAsked || !_isDisputable(taskId, slot)) return;
        MARKET.onDisputeOpened(taskId, slot);
        MARKET.onDisputeResolved(taskId, slot, true, true);
    }

    /// @inheritdoc IDisputeCourt
    function proveEquivocation(
        address oracle,
        TaskAttestation calldata one,
        TaskAttestation calldata other,
        bytes calldata signatureOfOne,
        bytes calldata signatureOfOther
    ) external {
        require(_isConflict(one, other), DisputeCourtSameContent());
        _requireSigned(oracle, one, signatureOfOne);
        _requireSigned(oracle, other, signatureOfOther);
        emit EquivocationProved(oracle, msg.sender, one.taskId);
        IOracleHub.Claim memory claim = IOracleHub.Claim(address(0), 0, msg.sender);
        bool hasReported = _hasReported(oracle, one.taskId, one.slot);
        // Cast: such a report is on a slot that the market has.
        uint8 slot = uint8(one.slot);
        if (hasReported) claim = _claimOf(one.taskId, slot);
        _madeGood[one.taskId][slot] += HUB.slash(oracle, Offence.Equivocation, claim);
    }

    /* ASKING */

    /// @inheritdoc IDisputeCourt
    function askForChunk(
        uint256 taskId,
        uint8 slot,
        uint32 leafIndex
    ) external returns (uint256 disputeId) {
        // Leaves are numbered through the whole task: a slot has those of its slice.
        (uint32 from, uint32 to) = MARKET.sliceOf(taskId, slot);
        require(from <= leafIndex && leafIndex < to, DisputeCourtNoSuchLeaf(leafIndex, from, to));
        uint256 bond = PARAMS.get(ParamKeys.COURT_BOND_MIN);
        disputeId = _create(taskId, slot, DisputeKind.ChunkMissing, msg.sender, bond);
        Dispute storage dispute = _disputes[disputeId];
        dispute.state = DisputeState.Asked;
        dispute.leafIndex = leafIndex;
        // A time plus a minute.
        dispute.deadline = uint40(block.timestamp + CHUNK_SECONDS);
    }

    /// @inheritdoc IDisputeCourt
    function showChunk(uint256 disputeId, bytes calldata leaf, bytes32[] calldata path) external {
        Dispute storage dispute = _inState(disputeId, DisputeState.Asked);
        require(
            block.timestamp <= dispute.deadline,
            DisputeCourtPastDeadline(disputeId, dispute.deadline)
        );
        bytes32 root = MARKET.slotOf(dispute.taskId, dispute.slot).resultRoot;
        // Products of matrices have more leaves than 32 bits count.
        uint256 width = MARKET.taskOf(dispute.taskId).kind == MATMUL_KIND ? 8 : 4;
        bool isShown =
            leaf.length >= width &&
                uint64(bytes8(leaf[:width])) >> (64 - 8 * width) == dispute.leafIndex &&
                MerkleProof.verifyCalldata(path, root, keccak256(abi.encode(keccak256(leaf))));
        require(isShown, DisputeCourtNotInTree(root, dispute.leafIndex));
        emit ChunkShown(disputeId, leaf);
        _carryOut(disputeId, dispute, false, false);
    }

    function _closeProved(uint256 taskId, uint8 slot, DisputeKind kind) private returns (bool) {
        uint256 open = _openOf[taskId][slot][kind];
        if (open == 0) return false;
        _carryOut(open, _disputes[open], true, true);
        return true;
    }

    /// @dev The sponsor's damage is what the slot's work costs at base speed, once. The caller is
    /// the finder.
    function _claimOf(
        uint256 taskId,
        uint8 slot
    ) private view returns (IOracleHub.Claim memory claim) {
        ITaskBook.Task memory task = MARKET.taskOf(taskId);
        claim.sponsor = task.sponsor;
        claim.finder = msg.sender;
        if (task.powerSum == 0) return claim;
        uint256 power = MARKET.slotOf(taskId, slot).power;
        uint256 share = (uint256(task.price) * power) / task.powerSum;
        uint256 madeGood = _madeGood[taskId][slot];
        claim.damage = share > madeGood ? share - madeGood : 0;
    }

    function _hasReported(address oracle, uint256 taskId, uint32 slot) private view returns (bool) {
        address[] memory signers = HUB.signersOf(taskId, slot);
        for (uint256 i = 0; i < signers.length; ++i) if (signers[i] == oracle) return true;
        return false;
    }

    function _requireFalse(uint256 taskId, uint8 slot, FalseEntry calldata proof) private view {
        ITaskBook.Task memory task = MARKET.taskOf(taskId);
        require(task.kind == MATMUL_KIND, DisputeCourtNotMatmul(taskId, task.kind));
        bytes32 actual = keccak256(proof.manifest);
        require(
            actual == task.manifestHash,
            DisputeCourtManifestMismatch(actual, task.manifestHash)
        );
        (bytes32 seed, uint256 size) = abi.decode(proof.manifest, (bytes32, uint256));
        int256 actualEntry = MatmulProof.entryAt(seed, size, proof.row, proof.column);
        int256 given = MatmulProof.committedEntry(
            MARKET.slotOf(taskId, slot).resultRoot,
            proof.row * size + proof.column,
            proof.entries,
            proof.path
        );
        require(given != actualEntry, DisputeCourtTrueEntry(taskId, slot, proof.row, proof.column));
    }

    function _isDisputable(uint256 taskId, uint8 slot) private view returns (bool) {
        ITaskBook.Task memory task = MARKET.taskOf(taskId);
        bool isOpen =
            task.state == ITaskBook.TaskState.Challenge ||
                task.state == ITaskBook.TaskState.Disputed;
        ITaskBook.SlotState state = MARKET.slotOf(taskId, slot).state;
        bool isJudged =
            state == ITaskBook.SlotState.Attested || state == ITaskBook.SlotState.Refused;
        return isOpen && isJudged && block.timestamp <= task.challengeBy;
    }

    function _requireSigned(
        address oracle,
        TaskAttestation calldata att,
        bytes calldata signature
    ) private view {
        address signer = address(0);
        if (signature.length == 64) {
            // A high s gives no signer.
            (signer, , ) = ECDSA.tryRecover(
                HUB.hashTaskAttestation(att),
                bytes32(signature[:32]),
                bytes32(signature[32:])
            );
        }
        // Keys change slowly: the one of today or the one before it.
        bool isKey =
            signer == BALLOT.keyAt(oracle, block.timestamp) || signer == BALLOT.keyAt(oracle, 0);
        require(signer != address(0) && isKey, DisputeCourtNotSigned(oracle, signer));
    }

    /// @dev Signed for the same committee, slot and attempt, and not the same.
    function _isConflict(
        TaskAttestation calldata one,
        TaskAttestation calldata other
    ) private pure returns (bool) {
        bool isSameSubject =
            one.configDigest == other.configDigest &&
                one.taskId == other.taskId &&
                one.slot == other.slot &&
                one.attempt == other.attempt;
        return isSameSubject && _hashContent(one) != _hashContent(other);
    }

    function _hashContent(TaskAttestation calldata att) private pure returns (bytes32) {
        return
            keccak256(
                abi.encode(
                    att.verdict,
                    att.resultRoot,
                    att.inputRoot,
                    att.workUnits,
                    att.evidenceRoot
                )
            );
    }
}
