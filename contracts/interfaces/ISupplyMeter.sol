// SPDX-License-Identifier: MIT
pragma solidity >=0.8.24;

import {IHubModule} from "./IHubModule.sol";

/// @title How much coin there is.
/// @notice Reads the reserve and counts what is burned: base fees, from the parent block's header,
/// and coin sent to `burn`, which stays in this contract for ever.
/// @custom:invariant issued == premine + reserve.released()
interface ISupplyMeter is IHubModule {
    struct Supply {
        uint256 cap;
        uint256 issued;
        uint256 burned;
        uint256 locked; // in the vault, the escrow and under votes
        uint256 circulating; // issued - burned
    }

    event CoinBurned(address indexed from, uint256 amount);

    /// @notice Takes the sent coin out of circulation for ever.
    function burn() external payable;

    function supply() external view returns (Supply memory);
    function burnedFees() external view returns (uint256 amount);
}
