// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IEmissionReserve} from "../interfaces/IEmissionReserve.sol";
import {ILinearEmission} from "../interfaces/ILinearEmission.sol";
import {Predeploys} from "../libraries/Predeploys.sol";
import {EmissionReserve} from "./EmissionReserve.sol";

/// @title The same amount each second.
/// @notice Releases `scheduled` over `duration`: 6.6 billion over 66 years. What the reserve holds
/// beyond that follows at the same rate; what it lacks is missing at the end.
/// @notice When unsold coin comes back, a new line starts where the old one stands and ends with
/// the mining time. Times before are still answered by the lines of then.
/// @custom:source TS 5.1; TS 5.4
contract LinearEmission
    is ILinearEmission, EmissionReserve
    layout at erc7201("poca.storage.EmissionReserve")
{
    /// @dev A line from (start, base) to (end of the mining time, base + rest).
    struct Line {
        uint64 start; // ─╮  64 bits, seconds
        uint128 base; // ─╯ 128 bits, wei emitted by then
        uint128 rest; // ─── 128 bits, wei
    }

    uint256 private immutable _SCHEDULED;

    /// @dev Added by `extend`, oldest first. The current one is always the last.
    Line[] private _lines;
    uint256 private _extended;

    /// @param cap_ all coin there will ever be, wei.
    /// @param minedCap_ what this reserve holds at genesis, wei.
    /// @param scheduled_ released over `duration`, wei; this fixes the rate.
    /// @param startTime_ first second of the schedule.
    /// @param duration seconds.
    constructor(
        uint256 cap_,
        uint256 minedCap_,
        uint256 scheduled_,
        uint256 startTime_,
        uint256 duration
    ) EmissionReserve(cap_, minedCap_, startTime_, duration) {
        require(scheduled_ <= cap_, EmissionReserveInvalidSchedule(cap_, scheduled_, duration));
        _SCHEDULED = scheduled_;
    }

    /// @inheritdoc ILinearEmission
    function extend() external payable {
        require(msg.sender == Predeploys.ALLOCATION_VESTING, LinearEmissionOnlyVesting(msg.sender));
        uint256 base = emitted(block.timestamp);
        uint256 mined = minedCap() + msg.value;
        require(mined <= cap(), LinearEmissionExceedsCap(mined, cap()));
        _extended += msg.value;
        // Casts: amounts are below the cap, below 2^128; a block's time fits 64 bits.
        _lines.push(
            Line({start: uint64(block.timestamp), base: uint128(base), rest: uint128(mined - base)})
        );
        emit MiningExtended(msg.value, mined);
    }

    /// @inheritdoc IEmissionReserve
    function ratePerSecond(uint256 t) external view returns (uint256 rate) {
        if (t < _START_TIME || emitted(t) == minedCap()) return 0;
        (bool found, Line memory line) = _lineAt(t);
        if (!found) return _SCHEDULED / _PERIOD;
        return line.rest / (_endTime() - line.start);
    }

    /// @inheritdoc ILinearEmission
    function extensionCount() external view returns (uint256 extensions) {
        return _lines.length;
    }

    /// @inheritdoc IEmissionReserve
    function eraOf(uint256) external pure returns (uint256 era) {
        return 0;
    }

    /// @inheritdoc IEmissionReserve
    function minedCap()
        public
        view
        override(EmissionReserve, IEmissionReserve)
        returns (uint256 amount)
    {
        return super.minedCap() + _extended;
    }

    /// @inheritdoc IEmissionReserve
    function emitted(
        uint256 t
    ) public view override(EmissionReserve, IEmissionReserve) returns (uint256 amount) {
        (bool found, Line memory line) = _lineAt(t);
        if (!found) {
            // Saturates at 2^256 - 1, which after the division is still above 2^128 > minedCap.
            uint256 scheduled = Math.saturatingMul(_SCHEDULED, _elapsed(t)) / _PERIOD;
            return Math.min(super.minedCap(), scheduled);
        }
        uint256 end = _endTime();
        if (t >= end) return line.base + line.rest;
        // `t` lies between the start of the line and the end of the mining time.
        return line.base + (line.rest * (t - line.start)) / (end - line.start);
    }

    /// @dev The line that `t` lies on; none before the first. The time of a block lies on the last
    /// one, so that the work of a block does not grow with their number.
    function _lineAt(uint256 t) private view returns (bool found, Line memory line) {
        for (uint256 i = _lines.length; i > 0; --i) {
            if (t >= _lines[i - 1].start) return (true, _lines[i - 1]);
        }
    }

    function _endTime() private view returns (uint256 t) {
        return _START_TIME + _PERIOD;
    }
}
