// SPDX-License-Identifier: MIT
pragma solidity >=0.8.24;

/// @title The reserve that holds every coin not yet issued.
/// @notice Coin is never minted: it leaves this contract's own balance, by a closed-form schedule
/// that nobody can change. Immutable, without owner.
/// @custom:invariant released() <= emitted(block.timestamp) <= minedCap() <= cap()
/// @custom:invariant address(this).balance == minedCap() - released()
interface IEmissionReserve {
    /// @notice Coin left the reserve.
    event Released(address indexed to, uint256 amount, uint256 released);

    error EmissionReserveOnlyDistributor(address caller);
    error EmissionReserveExceedsSchedule(uint256 wanted, uint256 releasable);
    error EmissionReserveTransferFailed(address to, uint256 amount);
    /// @notice Wanted: minedCap <= cap < 2^128 and 0 < period < 2^64.
    error EmissionReserveInvalidSchedule(uint256 cap, uint256 minedCap, uint256 period);

    /// @notice Sends issued coin to `to`. Reward distributor only.
    function release(address to, uint256 amount) external;

    /// @notice Coin released to the economy by time `t` under the schedule, in wei, floored.
    /// Defined for every `t`, monotone, 0 before `startTime()`.
    function emitted(uint256 t) external view returns (uint256 amount);

    /// @notice Coin that may be released per second at time `t`, in wei, floored.
    function ratePerSecond(uint256 t) external view returns (uint256 rate);

    /// @notice Index of the halving era that `t` lies in; 0 for schedules without halving.
    function eraOf(uint256 t) external view returns (uint256 era);

    /// @notice First second of the schedule.
    function startTime() external view returns (uint256 t);

    /// @notice Length of an era in seconds (the whole mining time where there is no halving).
    function eraSeconds() external view returns (uint256 duration);

    /// @notice All coin there will ever be, in wei.
    function cap() external view returns (uint256 amount);

    /// @notice Coin that is to be mined: the cap less genesis allocations, and what came back.
    function minedCap() external view returns (uint256 amount);

    /// @notice Coin that has left the reserve.
    function released() external view returns (uint256 amount);
}
