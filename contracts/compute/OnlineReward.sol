// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Initializable} from "@openzeppelin/contracts-upgradeable/proxy/utils/Initializable.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {EndBlockInput, IHubModule} from "../interfaces/IHubModule.sol";
import {INodeRegistry} from "../interfaces/INodeRegistry.sol";
import {IOnlineReward} from "../interfaces/IOnlineReward.sol";
import {IProtocolParams} from "../interfaces/IProtocolParams.sol";
import {IRewardDistributor} from "../interfaces/IRewardDistributor.sol";
import {ParamKeys} from "../libraries/ParamKeys.sol";
import {Predeploys} from "../libraries/Predeploys.sol";
import {SystemContract} from "../libraries/SystemContract.sol";

/// @title What a node earns for being there.
/// @notice One accumulator for each service: an epoch's end adds what one unit has earned, whatever
/// the number of nodes. Units that are not set again expire by themselves: for each epoch the
/// contract knows how many end with it, and what a unit had earned by then.
/// @dev Epochs are counted by the blocks that end them. A chain that stood still for a year closes
/// one epoch, not 365, and pays for one.
contract OnlineReward
    is IOnlineReward, SystemContract, Initializable
    layout at erc7201("poca.storage.OnlineReward")
{
    uint256 private constant _BPS = 10_000;
    uint256 private constant _EPOCH = 1 days;
    uint256 private constant _SERVICE_COUNT = 3;
    /// @dev Up to here a file earns the most; at the second corner the curve gets flatter.
    uint256 private constant _LOW = 3_000; // bps
    uint256 private constant _MIDDLE = 5_000; // bps
    /// @dev Two cold reads behind a proxy, twice over.
    uint256 private constant _TOTALS_GAS = 40_000;
    /// @dev Reports for storage and transmission. Reserved for the storage market.
    address private constant _STORAGE_MARKET = 0x90ca000000000000000000000000000000000030;

    uint40 private _epoch; //  ─╮ 40 bits
    uint40 private _endsAt; // ─╯ 40 bits, seconds
    Ledger[3] private _ledgers;
    mapping(Service service => mapping(address node => Account account)) private _accounts;
    /// @dev Units that count for the last time in an epoch.
    mapping(Service service => mapping(uint256 epoch => uint256 units)) private _expiring;
    /// @dev `perUnit` of a ledger at the end of an epoch.
    mapping(Service service => mapping(uint256 epoch => uint256 perUnit)) private _perUnitAfter;

    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor() {
        _disableInitializers();
    }

    /// @notice Starts the first epoch.
    function initialize() external initializer {
        // Cast: a block's time fits 40 bits for 34,000 years.
        _endsAt = uint40(block.timestamp + _EPOCH);
    }

    /* EACH BLOCK */

    /// @inheritdoc IHubModule
    function onEndBlock(EndBlockInput calldata) external onlyHub {
        if (block.timestamp < _endsAt) return;
        uint40 closed = _epoch;
        for (uint256 i = 0; i < _SERVICE_COUNT; ++i) {
            _close(Service(i), closed);
        }
        _epoch = closed + 1;
        uint256 next = _endsAt + _EPOCH;
        // Casts: as above.
        _endsAt = uint40(next > block.timestamp ? next : block.timestamp + _EPOCH);
    }

    /* REPORTING */

    /// @inheritdoc IOnlineReward
    function setUnits(address node, uint32 units) external {
        require(
            msg.sender == Predeploys.CAPABILITY_CHALLENGE || msg.sender == Predeploys.NODE_REGISTRY,
            OnlineRewardNotReporter(Service.Compute, msg.sender)
        );
        _setUnits(Service.Compute, node, units);
    }

    /// @inheritdoc IOnlineReward
    function setFiles(Service service, address node, uint32 files) external {
        _requireMarket(service);
        _setUnits(service, node, files);
    }

    /// @inheritdoc IOnlineReward
    function reportUtilisation(Service service, uint32 utilisationBps) external {
        _requireMarket(service);
        require(utilisationBps <= _BPS, OnlineRewardUtilisationTooHigh(utilisationBps, _BPS));
        _ledgers[uint256(service)].reported = utilisationBps;
        emit UtilisationReported(service, utilisationBps);
    }

    /* DRAWING */

    /// @inheritdoc IOnlineReward
    function draw(Service service, address node) external returns (uint256 amount) {
        amount = _settle(service, node);
        require(amount != 0, OnlineRewardNothingEarned(service, node));
        _accounts[service][node].owed = 0;
        emit RewardDrawn(service, node, amount);
        IRewardDistributor(Predeploys.REWARD_DISTRIBUTOR).payFrom(_poolOf(service), node, amount);
    }

    /// @inheritdoc IOnlineReward
    function earnedOf(Service service, address node) external view returns (uint256 amount) {
        (amount, ) = _earned(service, node);
    }

    /// @inheritdoc IOnlineReward
    function ledgerOf(Service service) external view returns (Ledger memory) {
        return _ledgers[uint256(service)];
    }

    /// @inheritdoc IOnlineReward
    function accountOf(Service service, address node) external view returns (Account memory) {
        return _accounts[service][node];
    }

    /// @inheritdoc IOnlineReward
    function epoch() external view returns (uint40 number, uint40 endsAt) {
        return (_epoch, _endsAt);
    }

    /// @inheritdoc IOnlineReward
    function utilisationOf(Service service) public view returns (uint256 utilisationBps) {
        return _ledgers[uint256(service)].smoothed / 8;
    }

    /// @inheritdoc IOnlineReward
    function rateAt(uint256 utilisationBps) public view returns (uint256 rate) {
        uint256 u = Math.min(utilisationBps, _BPS);
        uint256 low = _param(ParamKeys.REWARD_RATE_LOW);
        if (u <= _LOW) return low;
        uint256 middle = Math.min(low, _param(ParamKeys.REWARD_RATE_MIDDLE));
        // The part that is taken off is rounded up, so that the rate is rounded down.
        if (u <= _MIDDLE) return low - Math.ceilDiv((low - middle) * (u - _LOW), _MIDDLE - _LOW);
        uint256 full = Math.min(middle, _param(ParamKeys.REWARD_RATE_FULL));
        return middle - Math.ceilDiv((middle - full) * (u - _MIDDLE), _BPS - _MIDDLE);
    }

    /* EPOCHS */

    function _close(Service service, uint40 closed) private {
        Ledger storage ledger = _ledgers[uint256(service)];
        uint64 units = ledger.units;
        uint32 smoothed = _smoothed(ledger.smoothed, _utilisationNow(service));
        uint256 accrued = IRewardDistributor(Predeploys.REWARD_DISTRIBUTOR).accrued(
            _poolOf(service)
        );
        uint256 budget = accrued - ledger.settled;
        uint256 rate = rateAt(smoothed / 8);
        // Rounded down: what all units get together is never above the budget.
        uint256 perUnit = units == 0 ? 0 : Math.min(rate, budget / units);

        // Casts: no more is ever added than the pool has accrued, which is below 2^128.
        ledger.perUnit += uint128(perUnit);
        ledger.units = units - uint64(_expiring[service][closed]);
        ledger.smoothed = smoothed;
        ledger.settled = uint128(accrued);
        _perUnitAfter[service][closed] = ledger.perUnit;
        emit EpochClosed(service, closed, units, smoothed / 8, rate, perUnit, budget);
    }

    /// @dev u = (7 x u before + u now) / 8, kept eightfold so that it reaches what it tends to.
    function _smoothed(uint256 before, uint256 utilisationNow) private pure returns (uint32) {
        // Cast: eight times 10,000 and the rest of a division by 8 at most.
        return uint32(before - before / 8 + utilisationNow);
    }

    function _utilisationNow(Service service) private view returns (uint256 utilisationBps) {
        if (service != Service.Compute) return _ledgers[uint256(service)].reported;
        // A registry that does not answer must not stop the other services' epochs.
        try INodeRegistry(Predeploys.NODE_REGISTRY).totals{gas: _TOTALS_GAS}() returns (
            uint256 proved,
            uint256 leased
        ) {
            if (leased >= proved) return proved == 0 ? 0 : _BPS;
            return Math.mulDiv(leased, _BPS, proved);
        } catch {
            return utilisationOf(service);
        }
    }

    /* UNITS */

    function _setUnits(Service service, address node, uint32 units) private {
        _settle(service, node);
        Account storage account = _accounts[service][node];
        Ledger storage ledger = _ledgers[uint256(service)];
        uint40 current = _epoch;
        if (account.units != 0) {
            // `_settle` has taken out units that no longer count.
            _expiring[service][account.validUntil] -= account.units;
            ledger.units -= account.units;
        }
        // Cast: at most 30 epochs ahead.
        uint40 validUntil = current + uint40(_param(ParamKeys.REWARD_UNIT_EPOCHS)) - 1;
        account.units = units;
        account.validUntil = validUntil;
        _expiring[service][validUntil] += units;
        ledger.units += units;
        emit UnitsSet(service, node, units, validUntil);
    }

    /// @dev Writes down what `node` has earned, and forgets units that no longer count.
    function _settle(Service service, address node) private returns (uint256 amount) {
        uint256 perUnit;
        (amount, perUnit) = _earned(service, node);
        Account storage account = _accounts[service][node];
        // Casts: not more than the pool has accrued.
        account.owed = uint128(amount);
        account.perUnitPaid = uint128(perUnit);
        if (account.units != 0 && account.validUntil < _epoch) account.units = 0;
    }

    function _earned(
        Service service,
        address node
    ) private view returns (uint256 amount, uint256 perUnit) {
        Account memory account = _accounts[service][node];
        perUnit = _ledgers[uint256(service)].perUnit;
        amount = account.owed;
        if (account.units == 0) return (amount, perUnit);
        uint256 until =
            account.validUntil < _epoch ? _perUnitAfter[service][account.validUntil] : perUnit;
        amount += account.units * (until - account.perUnitPaid);
    }

    function _requireMarket(Service service) private view {
        require(
            msg.sender == _STORAGE_MARKET && service != Service.Compute,
            OnlineRewardNotReporter(service, msg.sender)
        );
    }

    function _param(bytes32 key) private view returns (uint256 value) {
        return IProtocolParams(Predeploys.PROTOCOL_PARAMS).get(key);
    }

    function _poolOf(Service service) private pure returns (IRewardDistributor.Pool pool) {
        if (service == Service.Compute) return IRewardDistributor.Pool.Online;
        if (service == Service.Storage) return IRewardDistributor.Pool.Storage;
        return IRewardDistributor.Pool.Transmission;
    }
}
