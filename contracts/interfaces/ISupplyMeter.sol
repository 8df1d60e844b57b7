// SPDX-License-Identifier: MIT
pragma solidity >=0.8.24;

import {IHubModule} from "./IHubModule.sol";

/// @title How much coin there is.
/// @notice Reads the reserve and counts what is burned: base fees, from the parent block's header,
/// and coin sent to `burn`, which stays in this contract for ever. Fees of a parent whose child
/// could not be ended are missing until anyone shows the parent's header.
/// @custom:invariant issued == cap - what the reserve still holds
/// @custom:invariant the fees of a block are counted once at most
interface ISupplyMeter is IHubModule {
    struct Supply {
        uint256 cap;
        uint256 issued; // out of the reserve: genesis allocations and what is released
        uint256 burned;
        uint256 locked; // vault, escrow, leases, votes and vesting
        uint256 circulating; // issued - burned - what AllocationVesting still holds
    }

    /// @notice Heights whose fees are not counted yet, both included.
    struct Range {
        uint64 first; // ─╮ 64 bits
        uint64 last; //  ─╯ 64 bits
    }

    event CoinBurned(address indexed from, uint256 amount);
    event FeesMissed(uint64 first, uint64 last);
    event MissedFeesCounted(uint64 indexed height, uint256 amount);
    /// @notice Heights that can no longer be shown: too old, or the oldest of too many ranges.
    event MissedHeightsDropped(uint64 first, uint64 last);

    error SupplyMeterWrongHeader(uint256 height, bytes32 headerHash);
    error SupplyMeterNotMissed(uint256 height);

    /// @notice Takes the sent coin out of circulation for ever.
    function burn() external payable;

    /// @notice Counts the fees of a missed block. Anyone may call, lowest height of a range first.
    /// @param header RLP of a header of one of the last 8,191 blocks.
    function countMissed(bytes calldata header) external returns (uint256 fees);

    function supply() external view returns (Supply memory);
    function burnedFees() external view returns (uint256 amount);
    /// @notice Ranges of missed heights, at most 32.
    function missed() external view returns (Range[] memory ranges);
}
