// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ICollateralVault} from "../interfaces/ICollateralVault.sol";
import {ILeaseMarket} from "../interfaces/ILeaseMarket.sol";
import {INodeRegistry} from "../interfaces/INodeRegistry.sol";
import {IProtocolParams} from "../interfaces/IProtocolParams.sol";
import {ISupplyMeter} from "../interfaces/ISupplyMeter.sol";
import {Predeploys} from "../libraries/Predeploys.sol";
import {PriceMath} from "../libraries/PriceMath.sol";
import {SystemContract} from "../libraries/SystemContract.sol";

/// @title What LeaseMarket remembers: leases, their deposits, and what it owes.
abstract contract LeaseBook is ILeaseMarket, SystemContract {
    ICollateralVault internal constant VAULT = ICollateralVault(Predeploys.COLLATERAL_VAULT);
    INodeRegistry internal constant NODES = INodeRegistry(Predeploys.NODE_REGISTRY);
    IProtocolParams internal constant PARAMS = IProtocolParams(Predeploys.PROTOCOL_PARAMS);

    uint256 internal _leaseCount;
    mapping(uint256 leaseId => Lease lease) internal _leases;
    mapping(uint256 leaseId => Deposit[] deposits) internal _deposits;
    mapping(address account => uint256 amount) internal _credits;

    /* REFUNDING AND WITHDRAWING */

    /// @inheritdoc ILeaseMarket
    function refund(uint256 leaseId, uint256 index) external returns (uint256 amount) {
        Lease storage lease = _leaseAt(leaseId);
        require(lease.state >= LeaseState.Closed, LeaseMarketWrongState(leaseId, _stateOf(lease)));
        Deposit storage given = _depositAt(leaseId, index);
        amount = _leftOf(given, _spentOf(lease));
        require(amount > 0 && !given.isRefunded, LeaseMarketNothingToRefund(leaseId, index));
        given.isRefunded = true;
        // Parts of what was deposited, which has 96 bits.
        lease.refunded += uint96(amount);
        _credits[given.depositor] += amount;
        emit DepositRefunded(leaseId, index, given.depositor, amount);
    }

    /// @inheritdoc ILeaseMarket
    function withdraw() external returns (uint256 amount) {
        return _withdraw(msg.sender);
    }

    /// @inheritdoc ILeaseMarket
    function withdrawFor(address account) external returns (uint256 amount) {
        return _withdraw(account);
    }

    /* READING */

    /// @inheritdoc ILeaseMarket
    function leaseCount() external view returns (uint256 count) {
        return _leaseCount;
    }

    /// @inheritdoc ILeaseMarket
    function leaseOf(uint256 leaseId) external view returns (Lease memory) {
        return _leaseAt(leaseId);
    }

    /// @inheritdoc ILeaseMarket
    function stateOf(uint256 leaseId) external view returns (LeaseState state) {
        return _stateOf(_leases[leaseId]);
    }

    /// @inheritdoc ILeaseMarket
    function fundedUntil(uint256 leaseId) external view returns (uint256 time) {
        Lease storage lease = _leaseAt(leaseId);
        require(lease.startedAt != 0, LeaseMarketWrongState(leaseId, _stateOf(lease)));
        return _fundedUntil(lease);
    }

    /// @inheritdoc ILeaseMarket
    function dueOf(uint256 leaseId) external view returns (uint256 gross) {
        Lease storage lease = _leaseAt(leaseId);
        if (lease.state != LeaseState.Running) return 0;
        uint256 until = Math.min(block.timestamp, _fundedUntil(lease));
        return lease.rate * (until - lease.paidUntil);
    }

    /// @inheritdoc ILeaseMarket
    function balanceOf(uint256 leaseId) external view returns (uint256 amount) {
        Lease storage lease = _leaseAt(leaseId);
        return lease.deposited - lease.refunded - _spentOf(lease);
    }

    /// @inheritdoc ILeaseMarket
    function depositCount(uint256 leaseId) external view returns (uint256 count) {
        return _deposits[leaseId].length;
    }

    /// @inheritdoc ILeaseMarket
    function depositOf(uint256 leaseId, uint256 index) external view returns (Deposit memory) {
        return _depositAt(leaseId, index);
    }

    /// @inheritdoc ILeaseMarket
    function creditOf(address account) external view returns (uint256 amount) {
        return _credits[account];
    }

    /// @inheritdoc ILeaseMarket
    function leaseCost(
        uint256 rate,
        uint256 seconds_,
        uint256 feeBps,
        uint256 feeBurnBps
    ) external pure returns (uint256 gross, uint256 fee, uint256 burned) {
        return PriceMath.leaseCost(rate, seconds_, feeBps, feeBurnBps);
    }

    /* PAYING */

    function _addDeposit(
        uint256 leaseId,
        Lease storage lease,
        uint256 amount
    ) internal returns (uint256 index) {
        uint256 room = type(uint96).max - lease.deposited;
        _requireBounds("deposit", amount, 1, room);
        index = _deposits[leaseId].length;
        // Bounded above.
        _deposits[leaseId].push(Deposit(msg.sender, uint96(amount), lease.deposited, false));
        lease.deposited += uint96(amount);
        emit LeaseDeposited(leaseId, index, msg.sender, amount);
    }

    /// @dev Pays the full seconds up to `until` that the deposits reach for. Fee and burned part
    /// are those of the whole lease less those already taken.
    function _charge(uint256 leaseId, Lease storage lease, uint256 until) internal {
        uint256 to = Math.min(until, _fundedUntil(lease));
        uint256 from = lease.paidUntil;
        if (to <= from) return;
        (uint256 gross, uint256 fee, uint256 burned) = _costUntil(lease, to);
        (uint256 paid, uint256 feePaid, uint256 burnedBefore) = _costUntil(lease, from);
        (gross, fee, burned) = (gross - paid, fee - feePaid, burned - burnedBefore);
        // Not above a time that fits.
        lease.paidUntil = uint40(to);
        _credits[lease.worker] += gross - fee;
        _credits[Predeploys.TREASURY] += fee - burned;
        emit LeaseCharged(leaseId, lease.worker, lease.rate, to - from, gross, fee, burned);
        if (burned > 0) ISupplyMeter(Predeploys.SUPPLY_METER).burn{value: burned}();
    }

    /* FINDING */

    function _leaseAt(uint256 leaseId) internal view returns (Lease storage lease) {
        lease = _leases[leaseId];
        require(lease.state != LeaseState.None, LeaseMarketUnknownLease(leaseId));
    }

    /// @dev What time has made of the state written last.
    function _stateOf(Lease storage lease) internal view returns (LeaseState) {
        LeaseState written = lease.state;
        if (written == LeaseState.Offered) {
            return block.timestamp > lease.offerBy ? LeaseState.Lapsed : written;
        }
        if (written != LeaseState.Running) return written;
        uint256 funded = _fundedUntil(lease);
        if (block.timestamp >= _endOf(lease)) return LeaseState.Expired;
        if (block.timestamp > funded + lease.grace) return LeaseState.Expired;
        bool hasNotice = lease.reclaimAt != 0;
        if (hasNotice && block.timestamp >= lease.reclaimAt) return LeaseState.Reclaimable;
        if (block.timestamp >= funded) return LeaseState.Overdrawn;
        return hasNotice ? LeaseState.Reclaiming : written;
    }

    function _endOf(Lease storage lease) internal view returns (uint256) {
        return uint256(lease.startedAt) + lease.maxSeconds;
    }

    function _fundedUntil(Lease storage lease) internal view returns (uint256) {
        return lease.startedAt + Math.min(lease.deposited / lease.rate, lease.maxSeconds);
    }

    function _requireBounds(bytes32 field, uint256 value, uint256 min, uint256 max) internal pure {
        require(min <= value && value <= max, LeaseMarketSpecOutOfBounds(field, value, min, max));
    }

    /// @dev The reference of the lock that belongs to a lease.
    function _lockRef(uint256 leaseId) internal pure returns (bytes32) {
        return bytes32(leaseId);
    }

    function _withdraw(address account) private returns (uint256 amount) {
        amount = _credits[account];
        require(amount > 0, LeaseMarketNoCredit(account));
        _credits[account] = 0;
        emit CreditWithdrawn(account, amount);
        (bool ok, ) = account.call{value: amount}("");
        require(ok, LeaseMarketTransferFailed(account, amount));
    }

    function _depositAt(
        uint256 leaseId,
        uint256 index
    ) private view returns (Deposit storage given) {
        require(index < _deposits[leaseId].length, LeaseMarketUnknownDeposit(leaseId, index));
        return _deposits[leaseId][index];
    }

    function _costUntil(
        Lease storage lease,
        uint256 time
    ) private view returns (uint256 gross, uint256 fee, uint256 burned) {
        uint256 ran = time - lease.startedAt;
        return PriceMath.leaseCost(lease.rate, ran, lease.feeBps, lease.feeBurnBps);
    }

    function _spentOf(Lease storage lease) private view returns (uint256) {
        return lease.rate * uint256(lease.paidUntil - lease.startedAt);
    }

    /// @dev First in, first spent.
    function _leftOf(Deposit storage given, uint256 spent) private view returns (uint256) {
        uint256 end = uint256(given.start) + given.amount;
        return Math.min(Math.saturatingSub(end, spent), given.amount);
    }
}
