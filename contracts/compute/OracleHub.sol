// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Initializable} from "@openzeppelin/contracts/proxy/utils/Initializable.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {INodeRegistry} from "../interfaces/INodeRegistry.sol";
import {IOracleHub, PowerAttestation, TaskAttestation, Verdict} from "../interfaces/IOracleHub.sol";
import {ITaskEscrow} from "../interfaces/ITaskEscrow.sol";
import {ITaskBook} from "../interfaces/ITaskBook.sol";
import {ITaskMarket} from "../interfaces/ITaskMarket.sol";
import {Predeploys} from "../libraries/Predeploys.sol";
import {OracleBench} from "./OracleBench.sol";

/// @title The oracles and their m-of-n reports.
/// @dev Reports on a task come from its committee, reports on power from the whole current
/// configuration.
contract OracleHub
    is OracleBench, Initializable, EIP712
    layout at erc7201("poca.storage.OracleHub")
{
    struct Report {
        bytes32 pool; // digest of the configuration that the signers' places are of
        uint256 places; // 8 bits for each signer, the first lowest
        uint32 attempt; // ──╮
        uint32 claimed; //   │ bit i: the i-th signer took its share of the fee
        uint8 count; //      │ of signers
        uint96 fee; // ──────╯ wei
    }

    /// @dev Of one compact signature (EIP-2098).
    uint256 private constant SIGNATURE_SIZE = 64;

    bytes32 private constant TASK_TYPEHASH = keccak256(
        "TaskAttestation(bytes32 configDigest,uint256 taskId,uint32 slot,uint32 attempt,"
        "uint8 verdict,bytes32 resultRoot,bytes32 inputRoot,uint64 workUnits,"
        "bytes32 evidenceRoot,uint40 validUntil)"
    );
    bytes32 private constant POWER_TYPEHASH = keccak256(
        "PowerAttestation(bytes32 configDigest,address worker,bytes32 seed,uint64 power,"
        "uint40 validUntil)"
    );

    mapping(uint256 taskId => mapping(uint32 slot => Report report)) private _reports;

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

    /* REPORTING */

    /// @inheritdoc IOracleHub
    function submitReport(
        TaskAttestation calldata att,
        uint32 bitmap,
        bytes calldata signatures
    ) external {
        require(block.timestamp <= att.validUntil, OracleHubExpired(att.validUntil));
        require(
            att.slot <= type(uint8).max,
            OracleHubWrongSubject("slot", att.slot, type(uint8).max)
        );
        // Bounded by the line above.
        uint8 slot = uint8(att.slot);
        ITaskMarket market = ITaskMarket(Predeploys.TASK_MARKET);
        _checkSubject(market, att, slot);
        Report storage report = _reports[att.taskId][att.slot];
        require(
            report.count == 0 || report.attempt != att.attempt,
            OracleHubAlreadyAttested(att.taskId, att.slot, att.attempt)
        );
        Drawn memory drawn = _fix(bytes32(att.taskId));
        require(
            att.configDigest == drawn.digest,
            OracleHubWrongConfig(att.configDigest, drawn.digest)
        );
        _checkSignatures(drawn, hashTaskAttestation(att), bitmap, signatures);
        _writeReport(report, att, drawn.places, bitmap);
        emit SlotAttested(att.taskId, att.slot, att.verdict, att.resultRoot, bitmap);
        market.onAttested(att.taskId, slot, att.attempt, att.resultRoot, att.verdict);
    }

    /// @inheritdoc IOracleHub
    function submitPowerReport(
        PowerAttestation calldata att,
        uint32 bitmap,
        bytes calldata signatures
    ) external {
        require(block.timestamp <= att.validUntil, OracleHubExpired(att.validUntil));
        require(
            att.configDigest == _configDigest,
            OracleHubWrongConfig(att.configDigest, _configDigest)
        );
        Drawn memory all;
        all.members = _members;
        all.quorum = _configs[_configDigest].quorum;
        _checkSignatures(all, hashPowerAttestation(att), bitmap, signatures);
        emit PowerAttested(att.worker, att.seed, att.power, bitmap);
        INodeRegistry(Predeploys.NODE_REGISTRY).setPower(att.worker, att.seed, att.power);
    }

    /* FEES */

    /// @inheritdoc IOracleHub
    function creditFee(uint256 taskId, uint32 slot, uint256 amount) external onlyMarket {
        // A fee is a part of a task's collateral, which fits 96 bits.
        _reports[taskId][slot].fee += uint96(amount);
        emit OracleFeeCredited(taskId, slot, amount);
    }

    /// @inheritdoc IOracleHub
    function claimFee(uint256 taskId, uint32 slot) external returns (uint256 amount) {
        Report storage report = _reports[taskId][slot];
        (bool isFound, uint256 rank) = _findSigner(report, msg.sender);
        bool isOpen = report.fee > 0 && isFound && (report.claimed >> rank) & 1 == 0;
        require(isOpen, OracleHubNoFee(taskId, slot, msg.sender));
        // Cut like a ruler: the shares differ by at most one wei and sum to the fee.
        (uint256 fee, uint256 count) = (report.fee, report.count);
        amount = (fee * (rank + 1)) / count - (fee * rank) / count;
        // At most 31 signers.
        report.claimed |= uint32(1 << rank);
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
        signers = new address[](report.count);
        for (uint256 i = 0; i < signers.length; ++i) signers[i] = _signerAt(report, i);
    }

    /// @inheritdoc IOracleHub
    function hashTaskAttestation(
        TaskAttestation calldata att
    ) public view returns (bytes32 digest) {
        return _hashTypedDataV4(keccak256(abi.encode(TASK_TYPEHASH, att)));
    }

    /// @inheritdoc IOracleHub
    function hashPowerAttestation(
        PowerAttestation calldata att
    ) public view returns (bytes32 digest) {
        return _hashTypedDataV4(keccak256(abi.encode(POWER_TYPEHASH, att)));
    }

    function _checkSubject(
        ITaskMarket market,
        TaskAttestation calldata att,
        uint8 slot
    ) private view {
        ITaskBook.Task memory task = market.taskOf(att.taskId);
        require(att.verdict != Verdict.None, OracleHubWrongSubject("verdict", 0, 1));
        require(
            att.inputRoot == task.manifestHash,
            OracleHubWrongSubject("inputRoot", uint256(att.inputRoot), uint256(task.manifestHash))
        );
        uint256 units = market.slotOf(att.taskId, slot).doneUnits;
        require(att.workUnits == units, OracleHubWrongSubject("workUnits", att.workUnits, units));
    }

    function _checkSignatures(
        Drawn memory drawn,
        bytes32 hash,
        uint32 bitmap,
        bytes calldata signatures
    ) private pure {
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
            bool isMember = i < count && signer != address(0) && signer == drawn.members[i];
            require(isMember, OracleHubUnknownSigner(i, signer));
            offset += SIGNATURE_SIZE;
        }
    }

    function _writeReport(
        Report storage report,
        TaskAttestation calldata att,
        uint256 places,
        uint32 bitmap
    ) private {
        uint256 signers = 0;
        uint8 count = 0;
        for (uint256 i = 0; i < 32; ++i) {
            if ((bitmap >> i) & 1 == 0) continue;
            signers |= uint256(uint8(places >> (8 * i))) << (8 * uint256(count));
            ++count;
        }
        report.pool = _benches[bytes32(att.taskId)].pool;
        report.places = signers;
        (report.attempt, report.claimed, report.count, report.fee) = (att.attempt, 0, count, 0);
    }

    /// @return isFound whether the account signed.
    /// @return rank among the signers, from 0.
    function _findSigner(
        Report storage report,
        address account
    ) private view returns (bool isFound, uint256 rank) {
        for (; rank < report.count; ++rank) {
            if (_signerAt(report, rank) == account) return (true, rank);
        }
    }

    function _signerAt(Report storage report, uint256 rank) private view returns (address) {
        return _configs[report.pool].members[uint8(report.places >> (8 * rank))].account;
    }

    function _countBits(uint32 bitmap) private pure returns (uint256 count) {
        for (; bitmap != 0; bitmap &= bitmap - 1) ++count;
    }
}
