// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {LowLevelCall} from "@openzeppelin/contracts/utils/LowLevelCall.sol";
import {IEmissionReserve} from "../interfaces/IEmissionReserve.sol";
import {Predeploys} from "../libraries/Predeploys.sol";

/// @title The reserve that holds every coin not yet issued.
/// @notice What both schedules share: the counter, the release and the limits. Has no owner and
/// cannot be upgraded.
abstract contract EmissionReserve is IEmissionReserve {
    uint256 private immutable _CAP;
    uint256 private immutable _MINED_CAP;
    uint256 internal immutable _START_TIME;
    /// @dev Seconds of an era, or of the whole schedule; never 0.
    uint256 internal immutable _PERIOD;

    uint256 private _released;

    constructor(uint256 cap_, uint256 minedCap_, uint256 startTime_, uint256 period) {
        // With these bounds no product of an amount and a time can overflow.
        require(
            minedCap_ <= cap_ &&
                cap_ <= type(uint128).max &&
                period > 0 &&
                period <= type(uint64).max,
            EmissionReserveInvalidSchedule(cap_, minedCap_, period)
        );
        _CAP = cap_;
        _MINED_CAP = minedCap_;
        _START_TIME = startTime_;
        _PERIOD = period;
    }

    /// @inheritdoc IEmissionReserve
    function release(address to, uint256 amount) external {
        require(
            msg.sender == Predeploys.REWARD_DISTRIBUTOR,
            EmissionReserveOnlyDistributor(msg.sender)
        );
        uint256 releasable = emitted(block.timestamp) - _released;
        require(amount <= releasable, EmissionReserveExceedsSchedule(amount, releasable));

        _released += amount;
        emit Released(to, amount, _released);

        require(
            LowLevelCall.callNoReturn(to, amount, ""),
            EmissionReserveTransferFailed(to, amount)
        );
    }

    /// @inheritdoc IEmissionReserve
    function startTime() external view returns (uint256 t) {
        return _START_TIME;
    }

    /// @inheritdoc IEmissionReserve
    function eraSeconds() external view returns (uint256 duration) {
        return _PERIOD;
    }

    /// @inheritdoc IEmissionReserve
    function released() external view returns (uint256 amount) {
        return _released;
    }

    /// @inheritdoc IEmissionReserve
    function emitted(uint256 t) public view virtual returns (uint256 amount);

    /// @inheritdoc IEmissionReserve
    function cap() public view returns (uint256 amount) {
        return _CAP;
    }

    /// @inheritdoc IEmissionReserve
    function minedCap() public view virtual returns (uint256 amount) {
        return _MINED_CAP;
    }

    /// @dev Seconds since the schedule started, 0 before.
    function _elapsed(uint256 t) internal view returns (uint256 elapsed) {
        return t > _START_TIME ? t - _START_TIME : 0;
    }
}
