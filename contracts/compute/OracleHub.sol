// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Initializable} from "@openzeppelin/contracts/proxy/utils/Initializable.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {ICollateralVault} from "../interfaces/ICollateralVault.sol";
import {INodeRegistry} from "../interfaces/INodeRegistry.sol";
import {IOracleHub, PowerAttestation, TaskAttestation, Verdict} from "../interfaces/IOracleHub.sol";
import {IProtocolParams} from "../interfaces/IProtocolParams.sol";
import {ITaskEscrow} from "../interfaces/ITaskEscrow.sol";
import {ITaskMarket} from "../interfaces/ITaskMarket.sol";
import {ParamKeys} from "../libraries/ParamKeys.sol";
import {Predeploys} from "../libraries/Predeploys.sol";
import {SystemContract} from "../libraries/SystemContract.sol";

/// @title The oracles and their m-of-n reports.
/// @dev A configuration is the list of members and the quorum that follows from its length. Every
/// change makes a new one; old ones are kept, so that a task whose committee was fixed before a
/// change is still attested by that committee. Reports on power need the current configuration.
contract OracleHub
    is IOracleHub, SystemContract, Initializable, EIP712
    layout at erc7201("poca.storage.OracleHub")
{
    struct Config {
        address[] members;
        uint8 faults;
        uint8 quorum;
    }

    struct Report {
        bytes32 configDigest;
        uint32 bitmap; // ───╮ who signed
        uint32 claimed; //   │ which of them took their share of the fee
        uint32 attempt; //   │
        uint96 fee; // ──────╯ wei
    }

    uint256 private constant MEMBERS_MAX = 31;
    uint256 private constant MEMBERS_MIN = 3;

    /// @dev Of one compact signature (EIP-2098).
    uint256 private constant SIGNATURE_SIZE = 64;

    bytes32 private constant COLLATERAL_REF = "oracle";

    bytes32 private constant TASK_TYPEHASH = keccak256(
        "TaskAttestation(bytes32 configDigest,uint256 taskId,uint32 slot,uint32 attempt,"
        "uint8 verdict,bytes32 resultRoot,bytes32 inputRoot,uint64 workUnits,"
        "bytes32 evidenceRoot,uint40 validUntil)"
    );
    bytes32 private constant POWER_TYPEHASH = keccak256(
        "PowerAttestation(bytes32 configDigest,address worker,bytes32 seed,uint64 power,"
        "uint40 validUntil)"
    );

    mapping(address oracle => bool isAdmitted) private _admitted;

    /// @dev Place in the member list plus one; 0 when not active.
    mapping(address oracle => uint256 place) private _places;
    address[] private _members;
    uint256 private _configNumber;
    bytes32 private _configDigest;
    mapping(bytes32 digest => Config config) private _configs;
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

    /* MEMBERSHIP */

    /// @inheritdoc IOracleHub
    function admit(address oracle) external onlyTimelock {
        _admit(oracle);
    }

    /// @inheritdoc IOracleHub
    function remove(address oracle) external onlyTimelock {
        require(_admitted[oracle], OracleHubNotAdmitted(oracle));
        _admitted[oracle] = false;
        emit OracleRemoved(oracle);
        if (_places[oracle] != 0) _deactivate(oracle);
    }

    /// @inheritdoc IOracleHub
    function activate() external {
        require(_admitted[msg.sender], OracleHubNotAdmitted(msg.sender));
        require(_places[msg.sender] == 0, OracleHubAlreadyActive(msg.sender));
        require(_members.length < MEMBERS_MAX, OracleHubFull(MEMBERS_MAX));
        uint256 collateral = IProtocolParams(Predeploys.PROTOCOL_PARAMS).get(
            ParamKeys.ORACLE_COLLATERAL
        );
        _members.push(msg.sender);
        _places[msg.sender] = _members.length;
        emit OracleActivated(msg.sender, collateral);
        _renewConfig();
        if (collateral > 0) {
            ICollateralVault(Predeploys.COLLATERAL_VAULT).lock(
                msg.sender,
                COLLATERAL_REF,
                collateral
            );
        }
    }

    /// @inheritdoc IOracleHub
    function deactivate() external {
        require(_places[msg.sender] != 0, OracleHubNotActive(msg.sender));
        _deactivate(msg.sender);
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
            report.bitmap == 0 || report.attempt != att.attempt,
            OracleHubAlreadyAttested(att.taskId, att.slot, att.attempt)
        );
        _checkSignatures(att.configDigest, hashTaskAttestation(att), bitmap, signatures);
        _reports[att.taskId][att.slot] = Report(att.configDigest, bitmap, 0, att.attempt, 0);
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
        _checkSignatures(att.configDigest, hashPowerAttestation(att), bitmap, signatures);
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
        (uint32 bit, uint256 rank, uint256 count) = _findSigner(report, msg.sender);
        bool isOpen = report.fee > 0 && bit != 0 && report.claimed & bit == 0;
        require(isOpen, OracleHubNoFee(taskId, slot, msg.sender));
        // Cut like a ruler: the shares differ by at most one wei and sum to the fee.
        uint256 fee = report.fee;
        amount = (fee * (rank + 1)) / count - (fee * rank) / count;
        report.claimed |= bit;
        emit OracleFeeClaimed(msg.sender, amount);
        // Another signer's claim may have brought this one's share along.
        if (address(this).balance < amount) ITaskEscrow(Predeploys.TASK_ESCROW).withdraw();
        (bool ok, ) = msg.sender.call{value: amount}("");
        require(ok, OracleHubTransferFailed(msg.sender, amount));
    }

    /* READING */

    /// @inheritdoc IOracleHub
    function members() external view returns (address[] memory) {
        return _members;
    }

    /// @inheritdoc IOracleHub
    function quorum() external view returns (uint8 m) {
        return _configs[_configDigest].quorum;
    }

    /// @inheritdoc IOracleHub
    function configDigest() external view returns (bytes32 digest) {
        return _configDigest;
    }

    /// @inheritdoc IOracleHub
    function signersOf(
        uint256 taskId,
        uint32 slot
    ) external view returns (address[] memory signers) {
        Report storage report = _reports[taskId][slot];
        address[] storage list = _configs[report.configDigest].members;
        signers = new address[](_countBits(report.bitmap));
        uint256 found = 0;
        for (uint256 i = 0; i < list.length; ++i) {
            if ((report.bitmap >> i) & 1 == 1) signers[found++] = list[i];
        }
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

    function _admit(address oracle) private {
        require(!_admitted[oracle], OracleHubAlreadyAdmitted(oracle));
        _admitted[oracle] = true;
        emit OracleAdmitted(oracle);
    }

    /// @dev The last member takes the free place.
    function _deactivate(address oracle) private {
        uint256 place = _places[oracle];
        address last = _members[_members.length - 1];
        _members[place - 1] = last;
        _places[last] = place;
        _members.pop();
        delete _places[oracle];
        emit OracleDeactivated(oracle);
        _renewConfig();
        ICollateralVault vault = ICollateralVault(Predeploys.COLLATERAL_VAULT);
        uint256 collateral = vault.lockOf(address(this), oracle, COLLATERAL_REF);
        if (collateral > 0) vault.unlock(oracle, COLLATERAL_REF, collateral);
    }

    /// @dev Tolerates f faulty members of n >= 3f + 1; two quorums share an honest member.
    /// @custom:source libocr, quorum of a unique outcome
    function _renewConfig() private {
        address[] memory list = _members;
        uint256 faults = list.length == 0 ? 0 : (list.length - 1) / 3;
        uint256 m = (list.length + faults) / 2 + 1;
        uint256 number = ++_configNumber;
        // At most 31 members, so both fit 8 bits.
        (uint8 f8, uint8 m8) = (uint8(faults), uint8(m));
        bytes32 digest = keccak256(abi.encode(block.chainid, address(this), number, list, f8, m8));
        _configDigest = digest;
        _configs[digest] = Config(list, f8, m8);
        emit ConfigChanged(digest, list, f8, m8);
    }

    function _checkSubject(
        ITaskMarket market,
        TaskAttestation calldata att,
        uint8 slot
    ) private view {
        ITaskMarket.Task memory task = market.taskOf(att.taskId);
        require(
            att.configDigest == task.configDigest,
            OracleHubWrongConfig(att.configDigest, task.configDigest)
        );
        require(att.verdict != Verdict.None, OracleHubWrongSubject("verdict", 0, 1));
        require(
            att.inputRoot == task.manifestHash,
            OracleHubWrongSubject("inputRoot", uint256(att.inputRoot), uint256(task.manifestHash))
        );
        uint256 units = market.slotOf(att.taskId, slot).doneUnits;
        require(att.workUnits == units, OracleHubWrongSubject("workUnits", att.workUnits, units));
    }

    function _checkSignatures(
        bytes32 digest,
        bytes32 hash,
        uint32 bitmap,
        bytes calldata signatures
    ) private view {
        Config storage config = _configs[digest];
        uint256 count = config.members.length;
        require(count >= MEMBERS_MIN, OracleHubTooFewMembers(count, MEMBERS_MIN));
        uint256 wanted = config.quorum;
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
            bool isMember = i < count && signer != address(0) && signer == config.members[i];
            require(isMember, OracleHubUnknownSigner(i, signer));
            offset += SIGNATURE_SIZE;
        }
    }

    /// @return bit of the account in the bitmap, 0 when it did not sign.
    /// @return rank among the signers, from 0.
    /// @return count of signers.
    function _findSigner(
        Report storage report,
        address account
    ) private view returns (uint32 bit, uint256 rank, uint256 count) {
        uint32 bitmap = report.bitmap;
        count = _countBits(bitmap);
        address[] storage list = _configs[report.configDigest].members;
        for (uint256 i = 0; i < list.length; ++i) {
            // `i` is below 31.
            uint32 mask = uint32(1 << i);
            if (bitmap & mask == 0) continue;
            if (list[i] == account) return (mask, rank, count);
            ++rank;
        }
    }

    function _countBits(uint32 bitmap) private pure returns (uint256 count) {
        for (; bitmap != 0; bitmap &= bitmap - 1) ++count;
    }
}
