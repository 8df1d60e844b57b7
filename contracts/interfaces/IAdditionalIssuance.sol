// SPDX-License-Identifier: MIT
pragma solidity >=0.8.24;

/// @title SCC, the token of the additional issuance.
/// @notice 10^18 tokens of 18 decimals in four streams. Each stream comes free linearly over its
/// own time, from 7 March 2025 or from genesis, whichever is later: liquidity over 2 years,
/// ecosystem over 4, strategic cooperation over 6, development over 8 (of 365.25 days). A token
/// exists once a vote has spent it, and every spending is listed here with its purpose.
/// @custom:source SC SCC
/// @custom:invariant totalSupply() == sum of spent(stream)
/// @custom:invariant spent(stream) <= unlocked(stream, now) <= allocation(stream)
interface IAdditionalIssuance {
    /// @notice The order is part of the interface.
    enum Stream {
        Development, // 50 %
        Ecosystem, // 15 %
        Liquidity, // 20 %
        Strategic // 15 %
    }

    struct Spending {
        address to; // ─╮ 160 bits
        Stream stream; //│  8 bits
        uint40 time; // ─╯  40 bits, seconds
        uint128 amount; // ─── 128 bits, 10^-18 SCC
        string purpose; // at most 256 bytes
    }

    event Spent(
        uint256 indexed spendingId,
        Stream indexed stream,
        address indexed to,
        uint256 amount,
        string purpose
    );

    error AdditionalIssuanceExceedsStream(Stream stream, uint256 wanted, uint256 available);
    error AdditionalIssuanceNothingSpent();
    error AdditionalIssuancePurposeSize(uint256 given, uint256 max);

    /// @notice Issues tokens of a stream to `to`. Timelock only.
    function spend(
        Stream stream,
        address to,
        uint128 amount,
        string calldata purpose
    ) external returns (uint256 spendingId);

    /// @notice Tokens of a stream, all times together.
    function allocation(Stream stream) external view returns (uint256 amount);

    /// @notice Tokens of a stream that are free by time `t`, spent ones included; floored.
    function unlocked(Stream stream, uint256 t) external view returns (uint256 amount);
    function spent(Stream stream) external view returns (uint256 amount);
    /// @notice What can be spent of a stream now.
    function available(Stream stream) external view returns (uint256 amount);
    function startTime() external view returns (uint256 t);
    /// @notice Seconds over which a stream comes free.
    function duration(Stream stream) external pure returns (uint256 seconds_);
    function total() external view returns (uint256 amount);

    function spendingCount() external view returns (uint256 spendings);
    /// @notice Spendings from `offset` on, at most 100.
    function spendingsFrom(
        uint256 offset,
        uint256 limit
    ) external view returns (Spending[] memory page);
}
