// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Initializable} from "@openzeppelin/contracts-upgradeable/proxy/utils/Initializable.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IEmissionReserve} from "../interfaces/IEmissionReserve.sol";
import {EndBlockInput, IHubModule} from "../interfaces/IHubModule.sol";
import {IRewardDistributor} from "../interfaces/IRewardDistributor.sol";
import {Predeploys} from "../libraries/Predeploys.sol";
import {SystemContract} from "../libraries/SystemContract.sol";

/// @title Splits the subsidy.
/// @notice What a pool has accrued follows from the coin emitted since the shares were last
/// changed, so a block writes the same few slots whether one second has passed or four years.
/// @dev The AutoMine node is that pool's spender: each block credits it, and governance names or
/// removes it with `setSpender`. What accrues while there is none is never paid.
contract RewardDistributor
    is IRewardDistributor, SystemContract, Initializable
    layout at erc7201("poca.storage.RewardDistributor")
{
    uint256 private constant _POOL_COUNT = 8;
    uint256 private constant _BPS = 10_000;
    /// @dev A block that finds less than this leaves it to a later one. The pool that takes the
    /// remainder of seven floored shares has at least 12.5 % of the subsidy; from 64 wei on its
    /// gain is larger than the 7 wei by which the remainder may fall, so no pool ever shrinks.
    uint256 private constant _SPLIT_MIN = 10_000; // wei

    uint40 private _settledUntil; //      ─╮  40 bits, seconds
    uint128 private _emittedSettled; //    │ 128 bits, emitted(_settledUntil)
    uint16[8] private _shares; // ─── 128 bits
    uint128 private _emittedAtShares; // ─── 128 bits, _emittedSettled when the shares were set
    uint128[8] private _accruedAtShares;
    /// @dev Not used for `Producer`: what accrues there is paid at once.
    uint128[8] private _paid;
    address[8] private _spenders;
    mapping(address account => uint256 amount) private _credits;

    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor() {
        _disableInitializers();
    }

    /// @notice Sets the first shares.
    /// @param sharesBps of the pools, in their order; sum 10,000.
    /// @param spenders of the pools, in their order; zero for nobody. That of `AutoMine` is the
    /// special node itself.
    function initialize(
        uint16[8] calldata sharesBps,
        address[8] calldata spenders
    ) external initializer {
        _setShares(sharesBps);
        for (uint256 i = 0; i < _POOL_COUNT; ++i) {
            if (spenders[i] != address(0)) _setSpender(Pool(i), spenders[i]);
        }
    }

    /* EACH BLOCK */

    /// @inheritdoc IHubModule
    function onEndBlock(EndBlockInput calldata input) external onlyHub {
        uint256 emittedNow = IEmissionReserve(Predeploys.EMISSION_RESERVE).emitted(block.timestamp);
        uint256 emittedBefore = _emittedSettled;
        if (emittedNow < emittedBefore + _SPLIT_MIN) return;

        uint256 producerBefore = accrued(Pool.Producer);
        uint256 autoMineBefore = accrued(Pool.AutoMine);
        // Casts: the cap is below 2^128, and a block's time fits 40 bits for 34,000 years.
        _emittedSettled = uint128(emittedNow);
        _settledUntil = uint40(block.timestamp);

        uint256 toProducer = accrued(Pool.Producer) - producerBefore;
        if (toProducer != 0) _credits[block.coinbase] += toProducer;
        emit SubsidySplit(input.height, block.coinbase, emittedNow - emittedBefore, toProducer);

        address autoMineNode = _spenders[uint256(Pool.AutoMine)];
        uint256 toAutoMine = accrued(Pool.AutoMine) - autoMineBefore;
        if (autoMineNode != address(0) && toAutoMine != 0)
            _credit(Pool.AutoMine, autoMineNode, toAutoMine);
    }

    /// @inheritdoc IRewardDistributor
    function refundGas(address proposer, uint256 amount) external onlyHub {
        uint256 refund = Math.min(amount, _credits[proposer]);
        if (refund == 0) return;
        _credits[proposer] -= refund;
        emit GasRefunded(proposer, refund);
        IEmissionReserve(Predeploys.EMISSION_RESERVE).release(proposer, refund);
    }

    /* SPENDING AND CLAIMING */

    /// @inheritdoc IRewardDistributor
    function payFrom(Pool pool, address to, uint256 amount) external {
        require(
            msg.sender == _spenders[uint256(pool)] && msg.sender != address(0),
            RewardDistributorNotSpender(pool, msg.sender)
        );
        require(
            pool != Pool.Producer && pool != Pool.AutoMine,
            RewardDistributorPaidEachBlock(pool)
        );
        uint256 available = accrued(pool) - paid(pool);
        require(amount <= available, RewardDistributorOverBudget(pool, amount, available));
        _credit(pool, to, amount);
    }

    /// @inheritdoc IRewardDistributor
    function claim() external returns (uint256 amount) {
        return _claim(msg.sender);
    }

    /// @inheritdoc IRewardDistributor
    function claimFor(address account) external returns (uint256 amount) {
        return _claim(account);
    }

    /* GOVERNANCE */

    /// @inheritdoc IRewardDistributor
    function setShares(uint16[8] calldata sharesBps) external onlyTimelock {
        for (uint256 i = 0; i < _POOL_COUNT; ++i) {
            // Cast: not more than the reserve's cap.
            _accruedAtShares[i] = uint128(accrued(Pool(i)));
        }
        _emittedAtShares = _emittedSettled;
        _setShares(sharesBps);
    }

    /// @inheritdoc IRewardDistributor
    function setSpender(Pool pool, address spender) external onlyTimelock {
        _setSpender(pool, spender);
    }

    /// @inheritdoc IRewardDistributor
    function shares() external view returns (uint16[8] memory sharesBps) {
        return _shares;
    }

    /// @inheritdoc IRewardDistributor
    function spenderOf(Pool pool) external view returns (address spender) {
        return _spenders[uint256(pool)];
    }

    /// @inheritdoc IRewardDistributor
    function creditOf(address account) external view returns (uint256 amount) {
        return _credits[account];
    }

    /// @inheritdoc IRewardDistributor
    function settledUntil() external view returns (uint256 t) {
        return _settledUntil;
    }

    /// @inheritdoc IRewardDistributor
    function accrued(Pool pool) public view returns (uint256 amount) {
        uint256 emittedSince = _emittedSettled - _emittedAtShares;
        uint16[8] memory sharesBps = _shares;
        uint256 share = sharesBps[uint256(pool)];
        uint256 since = (emittedSince * share) / _BPS;

        // The first pool of the largest share takes what flooring leaves over.
        uint256 largest = 0;
        uint256 floored = 0;
        for (uint256 i = 0; i < _POOL_COUNT; ++i) {
            if (sharesBps[i] > sharesBps[largest]) largest = i;
            floored += (emittedSince * sharesBps[i]) / _BPS;
        }
        if (uint256(pool) == largest) since += emittedSince - floored;
        return _accruedAtShares[uint256(pool)] + since;
    }

    /// @inheritdoc IRewardDistributor
    function paid(Pool pool) public view returns (uint256 amount) {
        return pool == Pool.Producer ? accrued(pool) : _paid[uint256(pool)];
    }

    function _setShares(uint16[8] calldata sharesBps) private {
        uint256 sum = 0;
        for (uint256 i = 0; i < _POOL_COUNT; ++i) {
            sum += sharesBps[i];
        }
        require(sum == _BPS, RewardDistributorSharesSum(sum));
        _shares = sharesBps;
        emit SharesChanged(sharesBps);
    }

    function _setSpender(Pool pool, address spender) private {
        _spenders[uint256(pool)] = spender;
        emit SpenderChanged(pool, spender);
    }

    function _credit(Pool pool, address to, uint256 amount) private {
        // Cast: at most what the pool has accrued.
        _paid[uint256(pool)] += uint128(amount);
        _credits[to] += amount;
        emit RewardCredited(pool, to, amount);
    }

    function _claim(address account) private returns (uint256 amount) {
        amount = _credits[account];
        require(amount != 0, RewardDistributorNothingToClaim(account));
        _credits[account] = 0;
        emit RewardClaimed(account, amount);
        IEmissionReserve(Predeploys.EMISSION_RESERVE).release(account, amount);
    }
}
