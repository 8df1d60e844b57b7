// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IEmissionReserve} from "../interfaces/IEmissionReserve.sol";
import {EmissionReserve} from "./EmissionReserve.sol";

/// @title Half of what is left in each era.
/// @notice Era `n` releases `cap / 2^(n+1)` at a constant rate: of 210 million, 105 million in the
/// first four years, 52.5 million in the next. Genesis allocations come off the tail.
/// @custom:source SC 4.3
contract HalvingEmission is EmissionReserve layout at erc7201("poca.storage.EmissionReserve") {
    /// @param cap_ all coin there will ever be, wei.
    /// @param minedCap_ what this reserve holds at genesis, wei.
    /// @param startTime_ first second of era 0.
    /// @param eraSeconds_ length of an era.
    constructor(
        uint256 cap_,
        uint256 minedCap_,
        uint256 startTime_,
        uint256 eraSeconds_
    ) EmissionReserve(cap_, minedCap_, startTime_, eraSeconds_) {}

    /// @inheritdoc IEmissionReserve
    function ratePerSecond(uint256 t) external view returns (uint256 rate) {
        if (t < _START_TIME || emitted(t) == minedCap()) return 0;
        return _eraAmount(_elapsed(t) / _PERIOD) / _PERIOD;
    }

    /// @inheritdoc IEmissionReserve
    function eraOf(uint256 t) external view returns (uint256 era) {
        return _elapsed(t) / _PERIOD;
    }

    /// @inheritdoc IEmissionReserve
    function emitted(uint256 t) public view override returns (uint256 amount) {
        uint256 elapsed = _elapsed(t);
        uint256 era = elapsed / _PERIOD;
        if (era >= 256) return minedCap();
        uint256 before = cap() - (cap() >> era);
        // Both factors are below 2^128.
        uint256 inEra = (_eraAmount(era) * (elapsed % _PERIOD)) / _PERIOD;
        return Math.min(minedCap(), before + inEra);
    }

    /// @dev Coin of one whole era. Eras add up exactly: what is left is a shift of the cap.
    function _eraAmount(uint256 era) private view returns (uint256 amount) {
        return (cap() >> era) - (cap() >> (era + 1));
    }
}
