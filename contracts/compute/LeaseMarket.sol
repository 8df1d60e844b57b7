// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Initializable} from "@openzeppelin/contracts/proxy/utils/Initializable.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ILeaseMarket, LeaseAbort} from "../interfaces/ILeaseMarket.sol";
import {IOracleBallot} from "../interfaces/IOracleBallot.sol";
import {IOracleHub} from "../interfaces/IOracleHub.sol";
import {IPriceBook} from "../interfaces/IPriceBook.sol";
import {Fault, IReputation} from "../interfaces/IReputation.sol";
import {ParamKeys} from "../libraries/ParamKeys.sol";
import {Predeploys} from "../libraries/Predeploys.sol";
import {RewardMath} from "../libraries/RewardMath.sol";
import {LeaseBook} from "./LeaseBook.sol";

/// @title Paid time: what clients, workers and strangers can do.
contract LeaseMarket
    is LeaseBook, Initializable, EIP712
    layout at erc7201("poca.storage.LeaseMarket")
{
    IOracleBallot private constant BALLOT = IOracleBallot(Predeploys.ORACLE_BALLOT);

    uint256 private constant NOTICE_SECONDS_MAX = 7 days;
    uint256 private constant ORACLES_MIN = 3;

    /// @dev Of one compact signature (EIP-2098).
    uint256 private constant SIGNATURE_SIZE = 64;

    bytes32 private constant ABORT_TYPEHASH = keccak256(
        "LeaseAbort(uint256 leaseId,uint40 stoppedAt,uint40 validUntil)"
    );

    constructor() EIP712("POCA Lease Market", "1") {
        _disableInitializers();
    }

    function initialize() external initializer {}

    /* OFFERING */

    /// @inheritdoc ILeaseMarket
    function open(LeaseSpec calldata spec) external payable returns (uint256 leaseId) {
        _checkTimes(spec);
        uint96 rate = _rateOf(spec);
        uint256 termPrice = uint256(rate) * Math.max(spec.minSeconds, 1);
        _requireBounds("deposit", msg.value, termPrice, type(uint96).max);
        leaseId = ++_leaseCount;
        Lease storage lease = _leases[leaseId];
        lease.client = msg.sender;
        lease.state = LeaseState.Offered;
        lease.worker = spec.worker;
        lease.rate = rate;
        lease.minSeconds = spec.minSeconds;
        lease.maxSeconds = spec.maxSeconds;
        lease.noticeSeconds = spec.noticeSeconds;
        lease.minPower = spec.minPower;
        lease.computeUnits = spec.computeUnits;
        lease.storageGiB = spec.storageGiB;
        lease.sessionHash = spec.sessionHash;
        _snapshotParams(lease);
        emit LeaseOffered(leaseId, msg.sender, spec.worker, spec, rate, lease.offerBy);
        _addDeposit(leaseId, lease, msg.value);
    }

    /// @inheritdoc ILeaseMarket
    function deposit(uint256 leaseId) external payable returns (uint256 index) {
        Lease storage lease = _leaseAt(leaseId);
        LeaseState state = _stateOf(lease);
        bool isOpen =
            state != LeaseState.Lapsed &&
                state >= LeaseState.Offered &&
                state <= LeaseState.Overdrawn;
        require(isOpen, LeaseMarketWrongState(leaseId, state));
        return _addDeposit(leaseId, lease, msg.value);
    }

    /// @inheritdoc ILeaseMarket
    function cancel(uint256 leaseId) external {
        Lease storage lease = _leaseAt(leaseId);
        LeaseState state = _stateOf(lease);
        bool isWaiting = state == LeaseState.Offered || state == LeaseState.Lapsed;
        require(isWaiting, LeaseMarketWrongState(leaseId, state));
        require(
            state == LeaseState.Lapsed || msg.sender == lease.client,
            LeaseMarketNotClient(leaseId, msg.sender)
        );
        lease.state = LeaseState.Cancelled;
        emit LeaseCancelled(leaseId, msg.sender);
    }

    /* RUNNING */

    /// @inheritdoc ILeaseMarket
    function take(uint256 leaseId) external {
        Lease storage lease = _leaseIn(leaseId, LeaseState.Offered);
        address named = lease.worker;
        require(
            named == address(0) || named == msg.sender,
            LeaseMarketNotWorker(leaseId, msg.sender)
        );
        _checkWorker(lease.minPower);
        uint256 collateral = RewardMath.minerCollateral(
            uint256(lease.rate) * lease.minSeconds,
            1,
            1,
            lease.minerBps
        );
        lease.state = LeaseState.Running;
        lease.worker = msg.sender;
        // Seconds since 1970 fit 40 bits for 34,000 years, here and below.
        lease.startedAt = uint40(block.timestamp);
        lease.paidUntil = uint40(block.timestamp);
        // At most what was deposited: the rate on it is at most the whole.
        lease.collateral = uint96(collateral);
        if (collateral > 0) VAULT.lock(msg.sender, _lockRef(leaseId), collateral);
        NODES.onSlotOpened(msg.sender);
        emit LeaseStarted(leaseId, msg.sender, collateral, uint40(_endOf(lease)));
    }

    /// @inheritdoc ILeaseMarket
    function checkpoint(uint256 leaseId) external {
        _charge(leaseId, _liveLease(leaseId), block.timestamp);
    }

    /// @inheritdoc ILeaseMarket
    function startReclaim(uint256 leaseId) external {
        Lease storage lease = _leaseIn(leaseId, LeaseState.Running);
        require(msg.sender == lease.worker, LeaseMarketNotWorker(leaseId, msg.sender));
        uint40 reclaimAt = uint40(block.timestamp + lease.noticeSeconds);
        lease.reclaimAt = reclaimAt;
        emit ReclaimStarted(leaseId, msg.sender, reclaimAt);
    }

    /* ENDING */

    /// @inheritdoc ILeaseMarket
    function close(uint256 leaseId) external {
        Lease storage lease = _liveLease(leaseId);
        LeaseState state = _stateOf(lease);
        bool mayClose =
            msg.sender == lease.client ||
                state == LeaseState.Expired ||
                (state == LeaseState.Reclaimable && msg.sender == lease.worker);
        require(mayClose, LeaseMarketMayNotClose(leaseId, msg.sender, state));
        _charge(leaseId, lease, block.timestamp);
        lease.state = LeaseState.Closed;
        emit LeaseClosed(leaseId, msg.sender, lease.paidUntil);
        if (lease.collateral > 0) {
            VAULT.unlock(lease.worker, _lockRef(leaseId), lease.collateral);
        }
        NODES.onSlotClosed(lease.worker);
    }

    /// @inheritdoc ILeaseMarket
    function abort(uint256 leaseId) external {
        Lease storage lease = _leaseAt(leaseId);
        LeaseState state = _stateOf(lease);
        bool isBound = state == LeaseState.Running || state == LeaseState.Reclaiming;
        require(isBound, LeaseMarketWrongState(leaseId, state));
        require(msg.sender == lease.worker, LeaseMarketNotWorker(leaseId, msg.sender));
        _abort(leaseId, lease, uint40(block.timestamp));
    }

    /// @inheritdoc ILeaseMarket
    function reportAbort(
        LeaseAbort calldata report,
        uint32 bitmap,
        bytes calldata signatures
    ) external {
        Lease storage lease = _liveLease(report.leaseId);
        require(block.timestamp <= report.validUntil, LeaseMarketReportExpired(report.validUntil));
        // Without money, and from the end of its notice on, a worker owes nothing.
        uint256 end = _fundedUntil(lease);
        if (lease.reclaimAt != 0) end = Math.min(end, lease.reclaimAt);
        uint256 last = Math.min(block.timestamp, end - 1);
        require(
            lease.startedAt <= report.stoppedAt && report.stoppedAt <= last,
            LeaseMarketStopOutOfBounds(report.leaseId, report.stoppedAt, lease.startedAt, last)
        );
        _checkSignatures(hashLeaseAbort(report), bitmap, signatures);
        _abort(report.leaseId, lease, report.stoppedAt);
    }

    /// @inheritdoc ILeaseMarket
    function hashLeaseAbort(LeaseAbort calldata report) public view returns (bytes32 digest) {
        return _hashTypedDataV4(keccak256(abi.encode(ABORT_TYPEHASH, report)));
    }

    /// @dev Calls system contracts only, so nothing here can be re-entered.
    function _abort(uint256 leaseId, Lease storage lease, uint40 stoppedAt) private {
        _charge(leaseId, lease, stoppedAt);
        lease.state = LeaseState.Aborted;
        address worker = lease.worker;
        uint256 collateral = lease.collateral;
        bool isEarly = stoppedAt < uint256(lease.startedAt) + lease.minSeconds;
        uint256 seized = isEarly ? collateral : 0;
        uint256 burned = (seized * lease.faultBurnBps) / RewardMath.BPS;
        emit LeaseAborted(leaseId, worker, stoppedAt, seized, burned);
        bytes32 ref = _lockRef(leaseId);
        if (burned > 0) VAULT.burn(worker, ref, burned);
        if (seized > burned) VAULT.seize(worker, ref, seized - burned, lease.client);
        if (collateral > seized) VAULT.unlock(worker, ref, collateral);
        // Leaving without the agreed notice, whenever.
        IReputation(Predeploys.REPUTATION).recordFault(worker, Fault.Abort);
        NODES.onSlotClosed(worker);
    }

    function _snapshotParams(Lease storage lease) private {
        // All within the bounds of ProtocolParams.
        lease.offerBy = uint40(block.timestamp + PARAMS.get(ParamKeys.LEASE_OFFER_WINDOW));
        lease.grace = uint32(PARAMS.get(ParamKeys.LEASE_GRACE));
        lease.feeBps = uint16(PARAMS.get(ParamKeys.TASK_FEE_BPS));
        lease.feeBurnBps = uint16(PARAMS.get(ParamKeys.TASK_FEE_BURN_BPS));
        lease.minerBps = uint16(PARAMS.get(ParamKeys.TASK_MINER_BPS));
        lease.faultBurnBps = uint16(PARAMS.get(ParamKeys.TASK_FAULT_BURN_BPS));
    }

    /// @dev A lease that a worker has taken and nobody has ended.
    function _liveLease(uint256 leaseId) private view returns (Lease storage lease) {
        lease = _leaseAt(leaseId);
        require(lease.state == LeaseState.Running, LeaseMarketWrongState(leaseId, _stateOf(lease)));
    }

    function _leaseIn(
        uint256 leaseId,
        LeaseState wanted
    ) private view returns (Lease storage lease) {
        lease = _leaseAt(leaseId);
        LeaseState state = _stateOf(lease);
        require(state == wanted, LeaseMarketWrongState(leaseId, state));
    }

    function _checkTimes(LeaseSpec calldata spec) private view {
        uint256 longest = PARAMS.get(ParamKeys.LEASE_SECONDS_MAX);
        _requireBounds("maxSeconds", spec.maxSeconds, 1, longest);
        _requireBounds("minSeconds", spec.minSeconds, 0, spec.maxSeconds);
        _requireBounds("noticeSeconds", spec.noticeSeconds, 0, NOTICE_SECONDS_MAX);
    }

    function _rateOf(LeaseSpec calldata spec) private view returns (uint96 rate) {
        rate = spec.ratePerSecond;
        _requireBounds("ratePerSecond", rate, 1, type(uint96).max);
        if (!spec.isQuoted) return rate;
        uint96 quoted = IPriceBook(Predeploys.PRICE_BOOK).quote(
            1,
            spec.computeUnits,
            spec.storageGiB
        );
        require(quoted <= rate, LeaseMarketRateTooHigh(quoted, rate));
        return quoted;
    }

    function _checkWorker(uint64 minPower) private view {
        // Who has proved nothing is not eligible.
        bytes32 reason = NODES.reasonOf(msg.sender);
        // A lease has no kind.
        bool isFit = reason == 0 || reason == "kindless";
        require(isFit, LeaseMarketNotEligible(msg.sender, reason));
        uint64 power = NODES.powerOf(msg.sender);
        require(power >= minPower, LeaseMarketPowerTooLow(msg.sender, power, minPower));
    }

    /// @dev Exactly a quorum of the members there are now, in order, with the keys in force now.
    function _checkSignatures(
        bytes32 digest,
        uint32 bitmap,
        bytes calldata signatures
    ) private view {
        IOracleHub hub = IOracleHub(Predeploys.ORACLE_HUB);
        address[] memory members = hub.members();
        require(
            members.length >= ORACLES_MIN,
            LeaseMarketTooFewOracles(members.length, ORACLES_MIN)
        );
        uint256 quorum = hub.quorum();
        uint256 given = 0;
        for (uint256 i = 0; i < 32; ++i) given += (bitmap >> i) & 1;
        require(given == quorum, LeaseMarketWrongSignatureCount(given, quorum));
        require(
            signatures.length == quorum * SIGNATURE_SIZE,
            LeaseMarketWrongSignatureCount(signatures.length / SIGNATURE_SIZE, quorum)
        );
        uint256 offset = 0;
        for (uint256 i = 0; i < 32; ++i) {
            if ((bitmap >> i) & 1 == 0) continue;
            // A high s gives no signer.
            (address signer, , ) = ECDSA.tryRecover(
                digest,
                bytes32(signatures[offset:offset + 32]),
                bytes32(signatures[offset + 32:offset + SIGNATURE_SIZE])
            );
            bool isMember =
                i < members.length &&
                    signer != address(0) &&
                    signer == BALLOT.keyAt(members[i], block.timestamp);
            require(isMember, LeaseMarketUnknownSigner(i, signer));
            offset += SIGNATURE_SIZE;
        }
    }
}
