// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IEmissionReserve} from "../interfaces/IEmissionReserve.sol";
import {EndBlockInput, IHubModule} from "../interfaces/IHubModule.sol";
import {ISupplyMeter} from "../interfaces/ISupplyMeter.sol";
import {Predeploys} from "../libraries/Predeploys.sol";
import {SystemContract} from "../libraries/SystemContract.sol";

/// @title How much coin there is.
/// @notice Base fees are counted one block late, from the parent's header. Those of a parent whose
/// child failed to end are not counted, so `burnedFees` is a lower bound.
contract SupplyMeter is ISupplyMeter, SystemContract layout at erc7201("poca.storage.SupplyMeter") {
    uint256 private immutable _PREMINE;

    uint256 private _burnedFees;

    /// @param premine coin that genesis gave out beside the reserve, wei.
    constructor(uint256 premine) {
        _PREMINE = premine;
    }

    /// @inheritdoc ISupplyMeter
    function burn() external payable {
        emit CoinBurned(msg.sender, msg.value);
    }

    /// @inheritdoc IHubModule
    function onEndBlock(EndBlockInput calldata input) external onlyHub {
        _burnedFees += input.parentGasUsed * input.parentBaseFee;
    }

    /// @inheritdoc ISupplyMeter
    function supply() external view returns (Supply memory) {
        IEmissionReserve reserve = IEmissionReserve(Predeploys.EMISSION_RESERVE);
        uint256 issued = _PREMINE + reserve.released();
        // Coin forced in here by other ways than `burn` is out of circulation just the same.
        uint256 burned = _burnedFees + address(this).balance;
        return
            Supply({
                cap: reserve.cap(),
                issued: issued,
                burned: burned,
                locked: Predeploys.COLLATERAL_VAULT.balance +
                    Predeploys.TASK_ESCROW.balance +
                    Predeploys.VOTING_POWER.balance,
                circulating: issued - burned
            });
    }

    /// @inheritdoc ISupplyMeter
    function burnedFees() external view returns (uint256 amount) {
        return _burnedFees;
    }
}
