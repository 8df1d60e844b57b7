// SPDX-License-Identifier: MIT
pragma solidity >=0.8.24;

import {IEmissionReserve} from "./IEmissionReserve.sol";

/// @title A reserve to which unsold coin comes back.
/// @notice What comes back is mined over what is left of the mining time, at a constant rate added
/// to the one before.
/// @custom:source TS 5.1; TS 5.4
/// @custom:invariant emitted(t) of the past never changes, and never falls as t grows.
interface ILinearEmission is IEmissionReserve {
    /// @notice Coin came back; `minedCap` is what is mined in all from now on.
    event MiningExtended(uint256 amount, uint256 minedCap);

    error LinearEmissionOnlyVesting(address caller);
    error LinearEmissionExceedsCap(uint256 minedCap, uint256 cap);

    /// @notice Takes coin back into the reserve and adds it to the schedule. After the mining time
    /// it is emitted at once. AllocationVesting only.
    function extend() external payable;

    /// @notice How often coin came back.
    function extensionCount() external view returns (uint256 extensions);
}
