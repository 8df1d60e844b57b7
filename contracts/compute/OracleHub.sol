// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Initializable} from "@openzeppelin/contracts/proxy/utils/Initializable.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {IDisputeCourt} from "../interfaces/IDisputeCourt.sol";
import {IOracleHub, Offence, TaskAttestation, Verdict} from "../interfaces/IOracleHub.sol";
import {Fault} from "../interfaces/IReputation.sol";
import {ITaskEscrow} from "../interfaces/ITaskEscrow.sol";
import {ITaskBook} from "../interfaces/ITaskBook.sol";
import {ITaskMarket} from "../interfaces/ITaskMarket.sol";
import {ParamKeys} from "../libraries/ParamKeys.sol";
import {Predeploys} from "../libraries/Predeploys.sol";
import {WorkLimit} from "../libraries/WorkLimit.sol";
import {OracleBench} from "./OracleBench.sol";

/// @title The oracles and their m-of-n reports.
contract OracleHub
    is OracleBench, Initializable, EIP712
    layout at erc7201("poca.storage.OracleHub")
{
    struct Report {
        bytes32 pool; // digest of the configuration that the places are of
        uint256 places; // 8 bits for each member of the committee, the first lowest
        uint32 bitmap; // ────╮ who of the committee signed
        uint32 claimed; //    │ which of them took their share of the fee
        uint32 attempt; //    │
        uint40 height; //     │ of the block that took it
        Verdict verdict; //   │
        Offence punished; //  │ the worst that its signers paid for
        uint8 count; //       │ of the committee's members
        uint96 fee; // ───────╯ wei
    }

    uint256 private constant FALSE_VALID_BPS = 5_000;
    uint256 private constant UNREVEALED_BPS = 200;
    uint256 private constant SILENT_BPS = 10;

    /// @dev Of a slot's oracle fee, for those who checked it again.
    uint256 private constant RECHECK_FEE_BPS = 2_500;

    /// @dev Of one compact signature (EIP-2098).
    uint256 private constant SIGNATURE_SIZE = 64;

    bytes32 private constant TASK_TYPEHASH = keccak256(
        "TaskAttestation(bytes32 configDigest,uint256 taskId,uint32 slot,uint32 attempt,"
        "uint8 verdict,bytes32 resultRoot,bytes32 inputRoot,uint64 workUnits,"
        "bytes32 evidenceRoot,uint40 validUntil)"
    );

    ITaskMarket private constant MARKET = ITaskMarket(Predeploys.TASK_MARKET);

    mapping(uint256 taskId => mapping(uint32 slot => Report report)) private _reports;
    mapping(uint256 taskId => mapping(uint32 slot => Report report)) private _rechecks;

    constructor() EIP712("POCA Task Oracle", "1") {
        _disableInitializers();
    }

    /// @notice Takes its own escrow credit, on the way to the oracles.
    receive() external payable {
        _requireCaller(Predeploys.TASK_ESCROW);
    }

    function initialize(address[] calldata admitted) external initializer {
        for (uint256 i = 0; i < admitted.length; ++i) _admit(admitted[i]);
        _renewConfig();
    }

    /* COMMITTEES */

    /// @inheritdoc IOracleHub
    function openJury(bytes32 key, uint256 taskId, uint8 slot, uint8 size) external {
        _requireCaller(Predeploys.DISPUTE_COURT);
        Report storage report = _reports[taskId][slot];
        uint256 count = _members.length;
        uint256 left = count;
        uint32 excluded = 0;
        for (uint256 i = 0; i < count; ++i) {
            if (!_isJudge(report, _members[i])) continue;
            // At most 31 members.
            excluded |= uint32(1 << i);
            --left;
        }
        _open(key, size, _benches[bytes32(taskId)].value, left < MEMBERS_MIN ? 0 : excluded);
    }

    /* REPORTING */

    /// @inheritdoc IOracleHub
    function submitReport(
        TaskAttestation calldata att,
        uint32 bitmap,
        bytes calldata signatures
    ) external {
        uint8 slot = _checkSubject(att);
        require(!_benches[bytes32(att.taskId)].isHidden, OracleHubIsHidden(att.taskId));
        Drawn memory drawn = _fix(bytes32(att.taskId));
        _checkDigest(att.configDigest, drawn.digest);
        _checkSignatures(drawn, hashTaskAttestation(att), bitmap, signatures);
        _takeReport(att.taskId, slot, att.verdict, bitmap, drawn);
    }

    /// @inheritdoc IOracleHub
    function submitBallot(uint256 taskId, uint8 slot, Verdict verdict, uint32 bitmap) external {
        _requireCaller(Predeploys.ORACLE_BALLOT);
        _takeReport(taskId, slot, verdict, bitmap, _fix(bytes32(taskId)));
    }

    /// @inheritdoc IOracleHub
    function submitRecheck(
        TaskAttestation calldata att,
        uint32 bitmap,
        bytes calldata signatures
    ) external {
        uint8 slot = _checkSubject(att);
        Report storage report = _recheckable(att.taskId, slot);
        Report storage second = _rechecks[att.taskId][slot];
        require(
            report.attempt == att.attempt && !_isTaken(second, att.attempt),
            OracleHubAlreadyAttested(att.taskId, att.slot, att.attempt)
        );
        Drawn memory drawn = _drawRecheck(report, att.taskId, slot);
        _checkDigest(att.configDigest, drawn.digest);
        _checkSignatures(drawn, hashTaskAttestation(att), bitmap, signatures);
        _write(second, report.pool, att.attempt, att.verdict, bitmap, drawn);
        emit SlotRechecked(att.taskId, slot, att.verdict, bitmap);
        if (att.verdict != Verdict.Valid) {
            IDisputeCourt(Predeploys.DISPUTE_COURT).openByRecheck(att.taskId, slot);
        }
    }

    /* SLASHING */

    /// @inheritdoc IOracleHub
    function slash(
        address oracle,
        Offence offence,
        Claim memory claim
    ) external returns (uint256 toSponsor) {
        if (msg.sender != Predeploys.ORACLE_BALLOT) _requireCaller(Predeploys.DISPUTE_COURT);
        toSponsor = claim.damage;
        bool hasLeft = false;
        if (offence == Offence.Equivocation) {
            _slash(oracle, offence, BPS, claim);
            if (_oracles[oracle].isAdmitted) _dismiss(oracle);
        } else if (offence == Offence.Silent) {
            _slash(oracle, offence, SILENT_BPS, claim);
            hasLeft = _countSilence(oracle);
        } else {
            _slash(oracle, offence, UNREVEALED_BPS, claim);
        }
        if (_suspendIfPoor(oracle) || hasLeft) _renewConfig();
        toSponsor -= claim.damage;
    }

    /// @inheritdoc IOracleHub
    function slashSigners(
        uint256 taskId,
        uint8 slot,
        bool isRecheck,
        Offence offence,
        Claim memory claim
    ) external returns (uint256 toSponsor) {
        _requireCaller(Predeploys.DISPUTE_COURT);
        Report storage report = isRecheck ? _rechecks[taskId][slot] : _reports[taskId][slot];
        bool isFalse = offence == Offence.FalseValid;
        // Who refused a false result was right.
        if (isFalse && report.verdict != Verdict.Valid) return 0;
        if (report.punished == Offence.FalseValid) return 0;
        if (report.punished != Offence.None && !isFalse) return 0;
        report.punished = offence;
        toSponsor = claim.damage;
        for (uint256 i = 0; i < report.count; ++i) {
            if ((report.bitmap >> i) & 1 == 0) continue;
            address oracle = _memberAt(report, i);
            _slash(oracle, offence, isFalse ? FALSE_VALID_BPS : _overturnBps(oracle), claim);
            _suspendIfPoor(oracle);
        }
        _renewConfig();
        toSponsor -= claim.damage;
    }

    /// @inheritdoc IOracleHub
    function punishSilence(uint256 taskId, uint8 slot) external {
        bytes32 key = bytes32(taskId);
        Bench storage bench = _benchAt(key);
        require(!bench.isHidden, OracleHubIsHidden(taskId));
        Report storage report = _reports[taskId][slot];
        bool isSilent = report.bitmap == 0 && report.punished == Offence.None;
        // Who was drawn again, perhaps when the time was over, is not to blame.
        isSilent = isSilent && bench.round == 1 && _isUnjudged(taskId, slot);
        require(isSilent, OracleHubNotSilent(taskId, slot));
        Drawn memory drawn = _fix(key);
        uint256 count = drawn.members.length;
        // So few could not have reported.
        require(count >= MEMBERS_MIN, OracleHubTooFewMembers(count, MEMBERS_MIN));
        report.punished = Offence.Silent;
        emit CommitteeSilent(taskId, slot, drawn.digest);
        bool haveLeft = false;
        for (uint256 i = 0; i < count; ++i) {
            address oracle = drawn.members[i];
            _slash(oracle, Offence.Silent, SILENT_BPS, Claim(address(0), 0, msg.sender));
            if (_countSilence(oracle)) haveLeft = true;
            if (_suspendIfPoor(oracle)) haveLeft = true;
        }
        if (haveLeft) _renewConfig();
    }

    /* FEES */

    /// @inheritdoc IOracleHub
    function creditFee(uint256 taskId, uint32 slot, uint256 amount) external onlyMarket {
        Report storage report = _reports[taskId][slot];
        Report storage second = _rechecks[taskId][slot];
        bool isRechecked = second.bitmap != 0 && second.attempt == report.attempt;
        uint256 toSecond = isRechecked ? (amount * RECHECK_FEE_BPS) / BPS : 0;
        // A fee is a part of a task's collateral, which fits 96 bits.
        report.fee += uint96(amount - toSecond);
        second.fee += uint96(toSecond);
        emit OracleFeeCredited(taskId, slot, amount);
    }

    /// @inheritdoc IOracleHub
    function claimFee(uint256 taskId, uint32 slot) external returns (uint256 amount) {
        amount = _takeShare(_reports[taskId][slot]) + _takeShare(_rechecks[taskId][slot]);
        require(amount > 0, OracleHubNoFee(taskId, slot, msg.sender));
        emit OracleFeeClaimed(msg.sender, amount);
        // Another signer's claim may have brought this one's share along.
        if (address(this).balance < amount) ITaskEscrow(Predeploys.TASK_ESCROW).withdraw();
        (bool ok, ) = msg.sender.call{value: amount}("");
        require(ok, OracleHubTransferFailed(msg.sender, amount));
    }

    /* READING */

    /// @inheritdoc IOracleHub
    function signersOf(
        uint256 taskId,
        uint32 slot
    ) external view returns (address[] memory signers) {
        Report storage report = _reports[taskId][slot];
        signers = new address[](_countBits(report.bitmap));
        uint256 found = 0;
        for (uint256 i = 0; i < report.count; ++i) {
            if ((report.bitmap >> i) & 1 == 1) signers[found++] = _memberAt(report, i);
        }
    }

    /// @inheritdoc IOracleHub
    function recheckOf(
        uint256 taskId,
        uint32 slot
    ) external view returns (address[] memory members, bytes32 digest, uint8 quorum) {
        Drawn memory drawn = _drawRecheck(_recheckable(taskId, slot), taskId, slot);
        return (drawn.members, drawn.digest, drawn.quorum);
    }

    /// @inheritdoc IOracleHub
    function hashTaskAttestation(
        TaskAttestation calldata att
    ) public view returns (bytes32 digest) {
        return _hashTypedDataV4(keccak256(abi.encode(TASK_TYPEHASH, att)));
    }

    function _takeReport(
        uint256 taskId,
        uint8 slot,
        Verdict verdict,
        uint32 bitmap,
        Drawn memory drawn
    ) private {
        ITaskBook.Slot memory its = MARKET.slotOf(taskId, slot);
        Report storage report = _reports[taskId][slot];
        require(
            !_isTaken(report, its.attempt),
            OracleHubAlreadyAttested(taskId, slot, its.attempt)
        );
        _write(report, _benches[bytes32(taskId)].pool, its.attempt, verdict, bitmap, drawn);
        emit SlotAttested(taskId, slot, verdict, its.resultRoot, bitmap);
        MARKET.onAttested(taskId, slot, its.attempt, its.resultRoot, verdict);
    }

    function _write(
        Report storage report,
        bytes32 pool,
        uint32 attempt,
        Verdict verdict,
        uint32 bitmap,
        Drawn memory drawn
    ) private {
        (report.pool, report.places) = (pool, drawn.places);
        (report.bitmap, report.claimed, report.attempt) = (bitmap, 0, attempt);
        (report.verdict, report.punished) = (verdict, Offence.None);
        // A block number, and at most 31.
        (report.height, report.count) = (uint40(block.number), uint8(drawn.members.length));
    }

    /// @dev A report that was taken and said Valid.
    function _recheckable(
        uint256 taskId,
        uint32 slot
    ) private view returns (Report storage report) {
        report = _reports[taskId][slot];
        bool isValid = report.bitmap != 0 && report.verdict == Verdict.Valid;
        require(isValid, OracleHubNotMarked(taskId, slot));
    }

    /// @dev By the hash of the block after the report's, so that its signers could not know.
    function _drawRecheck(
        Report storage report,
        uint256 taskId,
        uint32 slot
    ) private view returns (Drawn memory drawn) {
        bytes32 key = keccak256(abi.encode("recheck", taskId, slot, report.attempt));
        bytes32 seed = keccak256(abi.encode(_seedAt(uint256(report.height) + 1), key));
        if (uint256(seed) % BPS >= PARAMS.get(ParamKeys.ORACLE_RECHECK_BPS)) return drawn;
        Wish memory wish;
        wish.size = report.count;
        wish.value = _benches[bytes32(taskId)].value;
        wish.seed = keccak256(abi.encode(seed));
        for (uint256 i = 0; i < report.count; ++i) {
            wish.excluded |= 1 << uint8(report.places >> (8 * i));
        }
        Member[] memory pool = _configs[report.pool].members;
        uint256 count;
        (drawn.places, count) = _select(pool, wish);
        if (count < MEMBERS_MIN) (drawn.places, count) = (0, 0);
        if (count > 0) _complete(drawn, pool, count, key, 0);
        drawn.openedAt = _benches[bytes32(taskId)].openedAt;
    }

    function _takeShare(Report storage report) private returns (uint256 amount) {
        uint256 fee = report.fee;
        if (fee == 0) return 0;
        uint256 count = _countBits(report.bitmap);
        uint256 rank = 0;
        for (uint256 i = 0; i < report.count; ++i) {
            // `i` is below 31.
            uint32 bit = uint32(1 << i);
            if (report.bitmap & bit == 0) continue;
            if (_memberAt(report, i) == msg.sender) {
                if (report.claimed & bit != 0) return 0;
                report.claimed |= bit;
                // Cut like a ruler: the shares differ by at most one wei and sum to the fee.
                return (fee * (rank + 1)) / count - (fee * rank) / count;
            }
            ++rank;
        }
    }

    /// @return slot the attestation's, which is in bounds.
    function _checkSubject(TaskAttestation calldata att) private view returns (uint8 slot) {
        require(block.timestamp <= att.validUntil, OracleHubExpired(att.validUntil));
        require(
            att.slot <= type(uint8).max,
            OracleHubWrongSubject("slot", att.slot, type(uint8).max)
        );
        // Bounded by the line above.
        slot = uint8(att.slot);
        ITaskBook.Task memory task = MARKET.taskOf(att.taskId);
        require(att.verdict != Verdict.None, OracleHubWrongSubject("verdict", 0, 1));
        require(
            att.inputRoot == task.manifestHash,
            OracleHubWrongSubject("inputRoot", uint256(att.inputRoot), uint256(task.manifestHash))
        );
        ITaskBook.Slot memory its = MARKET.slotOf(att.taskId, slot);
        _checkEqual("workUnits", att.workUnits, its.doneUnits);
        _checkEqual("attempt", att.attempt, its.attempt);
        _checkEqual("resultRoot", uint256(att.resultRoot), uint256(its.resultRoot));
        uint256 max = WorkLimit.maxUnits(its);
        require(
            att.workUnits <= max || att.verdict != Verdict.Valid,
            OracleHubTooMuchWork(att.taskId, slot, att.workUnits, max)
        );
    }

    /// @dev Whether the task left attesting without a word on a slot that was revealed; what its
    /// group outvoted the oracles did not have to judge.
    function _isUnjudged(uint256 taskId, uint8 slot) private view returns (bool) {
        if (MARKET.taskOf(taskId).state <= ITaskBook.TaskState.Attesting) return false;
        ITaskBook.Slot memory its = MARKET.slotOf(taskId, slot);
        bool isRevealed = its.resultRoot != 0 || its.doneUnits > 0;
        return isRevealed && its.fault != Fault.Unattested;
    }

    function _checkEqual(bytes32 field, uint256 given, uint256 wanted) private pure {
        require(given == wanted, OracleHubWrongSubject(field, given, wanted));
    }

    function _checkDigest(bytes32 given, bytes32 wanted) private pure {
        require(given == wanted, OracleHubWrongConfig(given, wanted));
    }

    function _checkSignatures(
        Drawn memory drawn,
        bytes32 hash,
        uint32 bitmap,
        bytes calldata signatures
    ) private view {
        uint256 count = drawn.members.length;
        require(count >= MEMBERS_MIN, OracleHubTooFewMembers(count, MEMBERS_MIN));
        uint256 wanted = drawn.quorum;
        uint256 given = _countBits(bitmap);
        require(given == wanted, OracleHubWrongSignatureCount(given, wanted));
        require(
            signatures.length == wanted * SIGNATURE_SIZE,
            OracleHubWrongSignatureCount(signatures.length / SIGNATURE_SIZE, wanted)
        );
        uint256 offset = 0;
        for (uint256 i = 0; i < 32; ++i) {
            if ((bitmap >> i) & 1 == 0) continue;
            // A high s gives no signer.
            (address signer, , ) = ECDSA.tryRecover(
                hash,
                bytes32(signatures[offset:offset + 32]),
                bytes32(signatures[offset + 32:offset + SIGNATURE_SIZE])
            );
            bool isMember =
                i < count &&
                    signer != address(0) &&
                    signer == BALLOT.keyAt(drawn.members[i], drawn.openedAt);
            require(isMember, OracleHubUnknownSigner(i, signer));
            offset += SIGNATURE_SIZE;
        }
    }

    function _isTaken(Report storage report, uint32 attempt) private view returns (bool) {
        return report.bitmap != 0 && report.attempt == attempt;
    }

    /// @dev Whether the account was on the report's committee.
    function _isJudge(Report storage report, address account) private view returns (bool) {
        for (uint256 i = 0; i < report.count; ++i) {
            if (_memberAt(report, i) == account) return true;
        }
        return false;
    }

    function _memberAt(Report storage report, uint256 index) private view returns (address) {
        return _configs[report.pool].members[uint8(report.places >> (8 * index))].account;
    }

    function _countBits(uint32 bitmap) private pure returns (uint256 count) {
        for (; bitmap != 0; bitmap &= bitmap - 1) ++count;
    }
}
