// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Initializable} from "@openzeppelin/contracts/proxy/utils/Initializable.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ICapabilityChallenge} from "../interfaces/ICapabilityChallenge.sol";
import {INodeRegistry} from "../interfaces/INodeRegistry.sol";
import {IOnlineReward} from "../interfaces/IOnlineReward.sol";
import {IProtocolParams} from "../interfaces/IProtocolParams.sol";
import {IRewardDistributor} from "../interfaces/IRewardDistributor.sol";
import {MatmulProof} from "../libraries/MatmulProof.sol";
import {ParamKeys} from "../libraries/ParamKeys.sol";
import {Predeploys} from "../libraries/Predeploys.sol";
import {SystemContract} from "../libraries/SystemContract.sol";

/// @title What follows from a proof of power.
/// @dev Epochs with a pass are closed in their order, each by the first call after its end. The
/// budget is one epoch's worth of what the pool accrued since the mark; the mark moves on to the
/// end of the epoch, in proportion to time between two known points. What accrues while nobody
/// passes stays in the reserve.
contract CapabilityChallenge
    is ICapabilityChallenge, SystemContract, Initializable
    layout at erc7201("poca.storage.CapabilityChallenge")
{
    uint256 private constant EPOCH_SECONDS = 1 days;
    uint256 private constant TIER_COUNT = 4;

    /// @dev What OnlineReward may use of the gas of a proof.
    uint256 private constant UNITS_GAS = 250_000;

    INodeRegistry private constant REGISTRY = INodeRegistry(Predeploys.NODE_REGISTRY);
    IRewardDistributor private constant DISTRIBUTOR = IRewardDistributor(
        Predeploys.REWARD_DISTRIBUTOR
    );
    IProtocolParams private constant PARAMS = IProtocolParams(Predeploys.PROTOCOL_PARAMS);

    uint32 private _openEpoch; //    ─╮  32 bits, 0 when none is open
    uint40 private _markedAt; //      │  40 bits, seconds
    uint128 private _markedAccrual; // ─╯ 128 bits, wei the pool had accrued then
    mapping(uint32 epoch => Epoch data) private _epochs;
    mapping(address worker => Pass pass) private _passes;
    mapping(address worker => uint256 amount) private _owed;
    mapping(address worker => mapping(bytes32 seed => bool isFalse)) private _provedFalse;
    mapping(address worker => bool isOwed) private _unitsOwed;

    constructor() {
        _disableInitializers();
    }

    function initialize() external initializer {}

    modifier onlyRegistry() {
        _requireCaller(Predeploys.NODE_REGISTRY);
        _;
    }

    /* PASSING */

    /// @inheritdoc ICapabilityChallenge
    function onProved(address worker, bytes32 seed, uint64 power) external onlyRegistry {
        uint32 epoch = currentEpoch();
        if (_openEpoch != epoch) {
            _close();
            _openEpoch = epoch;
            if (_markedAt == 0) _mark(DISTRIBUTOR.settledUntil(), _accrued());
        }
        if (_passes[worker].epoch == epoch) _epochs[epoch].power -= _passes[worker].power;
        else _settle(worker);
        _passes[worker] = Pass(epoch, power, seed);
        _epochs[epoch].power += power;
        emit ChallengePassed(worker, epoch, seed, power);
        if (!_setUnits(worker)) emit UnitsNotSet(worker);
    }

    /// @inheritdoc ICapabilityChallenge
    function onLost(address worker) external onlyRegistry {
        if (!_setUnits(worker)) emit UnitsNotSet(worker);
    }

    /// @inheritdoc ICapabilityChallenge
    function syncUnits(address worker) external {
        // Else one proof would count in every epoch in which it still holds.
        require(_unitsOwed[worker] && _setUnits(worker), CapabilityChallengeUnitsNotSet(worker));
    }

    /* DISPROVING */

    /// @inheritdoc ICapabilityChallenge
    function disprove(
        address worker,
        INodeRegistry.Claim calldata proved,
        uint256 place,
        INodeRegistry.Opening calldata opening
    ) external {
        bytes32 given = keccak256(abi.encode(proved));
        bytes32 wanted = REGISTRY.nodeOf(worker).proofHash;
        require(given == wanted, CapabilityChallengeNotProved(worker, given, wanted));
        uint256 count = uint256(proved.size) * proved.size * proved.products;
        require(place < count, CapabilityChallengeOutOfBounds(place, count));
        int256 entry = MatmulProof.committedEntry(
            proved.root,
            place,
            opening.entries,
            opening.path
        );
        int256 actual = MatmulProof.entryOf(proved.seed, proved.size, place);
        require(entry != actual, CapabilityChallengeEntryCorrect(worker, place, entry));
        _provedFalse[worker][proved.seed] = true;
        _forfeit(worker, proved.seed);
        emit PowerDisproved(worker, proved.seed, msg.sender, place, entry, actual);
        REGISTRY.disqualify(worker, msg.sender);
    }

    /* REWARDS */

    /// @inheritdoc ICapabilityChallenge
    function closeEpoch() external {
        if (_openEpoch != currentEpoch()) _close();
    }

    /// @inheritdoc ICapabilityChallenge
    function claim(address worker) external returns (uint256 amount) {
        if (_openEpoch != currentEpoch()) _close();
        _settle(worker);
        amount = _owed[worker];
        require(amount > 0, CapabilityChallengeNothingToClaim(worker));
        _owed[worker] = 0;
        emit ChallengeRewardClaimed(worker, amount);
        DISTRIBUTOR.payFrom(IRewardDistributor.Pool.Challenge, worker, amount);
    }

    /// @inheritdoc ICapabilityChallenge
    function rewardOf(address worker) external view returns (uint256 amount) {
        amount = _owed[worker];
        Pass storage pass = _passes[worker];
        uint32 epoch = pass.epoch;
        if (epoch == 0) return amount;
        uint256 budget = _epochs[epoch].budget;
        if (epoch == _openEpoch) (budget, , ) = _budgetUntil(_endOf(epoch));
        return amount + (budget * pass.power) / _epochs[epoch].power;
    }

    /* READING */

    /// @inheritdoc ICapabilityChallenge
    function provedFalse(address worker, bytes32 seed) external view returns (bool) {
        return _provedFalse[worker][seed];
    }

    /// @inheritdoc ICapabilityChallenge
    function passOf(address worker) external view returns (Pass memory) {
        return _passes[worker];
    }

    /// @inheritdoc ICapabilityChallenge
    function epochAt(uint32 epoch) external view returns (Epoch memory) {
        return _epochs[epoch];
    }

    /// @inheritdoc ICapabilityChallenge
    function tierOf(address worker) public view returns (uint256 tier) {
        uint256 power = REGISTRY.powerOf(worker);
        for (; tier < TIER_COUNT && power >= tierPower(tier + 1); ++tier) {}
    }

    /// @inheritdoc ICapabilityChallenge
    function tierPower(uint256 tier) public view returns (uint256 power) {
        if (tier == 1) return PARAMS.get(ParamKeys.NODE_POWER_MIN);
        if (tier == 2) return PARAMS.get(ParamKeys.NODE_TIER2_POWER);
        if (tier == 3) return PARAMS.get(ParamKeys.NODE_TIER3_POWER);
        require(tier == TIER_COUNT, CapabilityChallengeUnknownTier(tier));
        return PARAMS.get(ParamKeys.NODE_TIER4_POWER);
    }

    /// @inheritdoc ICapabilityChallenge
    function currentEpoch() public view returns (uint32 epoch) {
        // Cast: days since 1970.
        return uint32(block.timestamp / EPOCH_SECONDS);
    }

    /// @dev Fixes the budget of the open epoch, which is over, and leaves none open.
    function _close() private {
        uint32 epoch = _openEpoch;
        if (epoch == 0) return;
        _openEpoch = 0;
        uint256 start = uint256(currentEpoch()) * EPOCH_SECONDS;
        (uint256 budget, uint256 markedAt, uint256 accrual) = _budgetUntil(start);
        Epoch storage data = _epochs[epoch];
        if (data.power == 0) budget = 0;
        // Cast: below the coin's cap.
        data.budget = uint128(budget);
        _mark(markedAt, accrual);
        emit EpochClosed(epoch, data.power, budget);
    }

    /// @dev Moves what a pass in a closed epoch earned to what is owed, rounded down.
    function _settle(address worker) private {
        Pass memory pass = _passes[worker];
        if (pass.epoch == 0 || pass.epoch == _openEpoch) return;
        delete _passes[worker];
        Epoch memory data = _epochs[pass.epoch];
        uint256 amount = (uint256(data.budget) * pass.power) / data.power;
        _owed[worker] += amount;
        emit ChallengeRewarded(worker, pass.epoch, amount);
    }

    /// @dev A pass that was false earns nothing; what it would have earned stays in the reserve, or
    /// with the others while the epoch is open.
    function _forfeit(address worker, bytes32 seed) private {
        Pass memory pass = _passes[worker];
        if (pass.epoch == 0 || pass.seed != seed) return;
        delete _passes[worker];
        if (pass.epoch == _openEpoch) _epochs[pass.epoch].power -= pass.power;
    }

    function _mark(uint256 markedAt, uint256 accrual) private {
        // Casts: times fit 40 bits, and no more than the coin's cap accrues.
        _markedAt = uint40(markedAt);
        _markedAccrual = uint128(accrual);
    }

    /// @dev A failure there never fails the caller.
    function _setUnits(address worker) private returns (bool ok) {
        uint256 unit = PARAMS.get(ParamKeys.NODE_UNIT_POWER);
        // Cast: bounded in the same line.
        uint32 units = uint32(Math.min(REGISTRY.powerOf(worker) / unit, type(uint32).max));
        (ok, ) = Predeploys.ONLINE_REWARD.call{gas: UNITS_GAS}(
            abi.encodeCall(IOnlineReward.setUnits, (worker, units))
        );
        if (_unitsOwed[worker] == ok) _unitsOwed[worker] = !ok;
    }

    /// @return budget one epoch's worth, at most, of what accrued from the mark to `end`.
    /// @return markedAt `end`, or how far the distributor has come.
    /// @return accrual up to that time, by proportion.
    function _budgetUntil(
        uint256 end
    ) private view returns (uint256 budget, uint256 markedAt, uint256 accrual) {
        uint256 settled = DISTRIBUTOR.settledUntil();
        uint256 from = _markedAt;
        accrual = _markedAccrual;
        if (settled <= from || end <= from) return (0, from, accrual);
        markedAt = Math.min(end, settled);
        uint256 since = _accrued() - accrual;
        budget = (since * Math.min(EPOCH_SECONDS, markedAt - from)) / (settled - from);
        accrual += (since * (markedAt - from)) / (settled - from);
    }

    function _accrued() private view returns (uint256) {
        return DISTRIBUTOR.accrued(IRewardDistributor.Pool.Challenge);
    }

    function _endOf(uint32 epoch) private pure returns (uint256) {
        return (uint256(epoch) + 1) * EPOCH_SECONDS;
    }
}
