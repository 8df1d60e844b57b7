// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IEmissionReserve} from "../interfaces/IEmissionReserve.sol";
import {EmissionReserve} from "./EmissionReserve.sol";

/// @title The same amount each second.
/// @notice Releases `scheduled` over `duration`: 6.6 billion over 66 years. What the reserve holds
/// beyond that follows at the same rate; what it lacks is missing at the end.
/// @custom:source TS 5.1
contract LinearEmission is EmissionReserve layout at erc7201("poca.storage.EmissionReserve") {
    uint256 private immutable _SCHEDULED;

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

    /// @inheritdoc IEmissionReserve
    function ratePerSecond(uint256 t) external view returns (uint256 rate) {
        if (t < _START_TIME || emitted(t) == minedCap()) return 0;
        return _SCHEDULED / _PERIOD;
    }

    /// @inheritdoc IEmissionReserve
    function eraOf(uint256) external pure returns (uint256 era) {
        return 0;
    }

    /// @inheritdoc IEmissionReserve
    function emitted(uint256 t) public view override returns (uint256 amount) {
        // Saturates at 2^256 - 1, which after the division is still above 2^128 > minedCap.
        return Math.min(minedCap(), Math.saturatingMul(_SCHEDULED, _elapsed(t)) / _PERIOD);
    }
}
