// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {BlockHeader} from "@openzeppelin/contracts/utils/BlockHeader.sol";
import {Memory} from "@openzeppelin/contracts/utils/Memory.sol";
import {IEmissionReserve} from "../interfaces/IEmissionReserve.sol";
import {EndBlockInput, IHubModule} from "../interfaces/IHubModule.sol";
import {ISupplyMeter} from "../interfaces/ISupplyMeter.sol";
import {Predeploys} from "../libraries/Predeploys.sol";
import {SystemContract} from "../libraries/SystemContract.sol";

/// @title How much coin there is.
/// @notice Base fees are counted one block late, from the parent's header. Where blocks were not
/// ended, a gap of heights remains, which `countMissed` fills.
/// @dev Gaps are kept in a ring of 32 ranges: a gap costs one slot whatever its length, and the
/// 33rd open one drops the oldest.
contract SupplyMeter is ISupplyMeter, SystemContract layout at erc7201("poca.storage.SupplyMeter") {
    uint256 private constant _RANGES_MAX = 32;
    /// @dev EIP-2935: how many blocks back a hash can be read.
    uint256 private constant _HISTORY = 8191;

    uint256 private _burnedFees;
    uint64 private _lastHeight; //  ─╮ 64 bits, of the last block that was ended
    uint64 private _nextRange; //   ─╯ 64 bits, gaps ever seen
    /// @dev A range is empty when its `last` is 0: height 0 is the genesis, which burns nothing.
    Range[32] private _ranges;

    /// @inheritdoc ISupplyMeter
    function burn() external payable {
        emit CoinBurned(msg.sender, msg.value);
    }

    /// @inheritdoc IHubModule
    function onEndBlock(EndBlockInput calldata input) external onlyHub {
        _burnedFees += input.parentGasUsed * input.parentBaseFee;
        uint64 ended = _lastHeight;
        _lastHeight = input.height;
        // The parent of each block between the two ended ones. Genesis has no fees.
        uint64 first = ended == 0 ? 1 : ended;
        if (input.height > first + 1) _addRange(first, input.height - 2);
    }

    /// @inheritdoc ISupplyMeter
    function countMissed(bytes calldata header) external returns (uint256 fees) {
        Memory.Slice[] memory fields = BlockHeader.parseHeader(header);
        uint256 height = BlockHeader.getNumber(fields);
        require(
            BlockHeader.verifyBlockHeader(fields, keccak256(header)),
            SupplyMeterWrongHeader(height, keccak256(header))
        );
        _takeHeight(height);
        fees = BlockHeader.getGasUsed(fields) * BlockHeader.getBaseFeePerGas(fields);
        _burnedFees += fees;
        // Cast: `_takeHeight` found it in a range of 64 bits.
        emit MissedFeesCounted(uint64(height), fees);
    }

    /// @inheritdoc ISupplyMeter
    function supply() external view returns (Supply memory) {
        IEmissionReserve reserve = IEmissionReserve(Predeploys.EMISSION_RESERVE);
        uint256 cap = reserve.cap();
        // What is not to be mined was allocated at genesis, less what came back since.
        uint256 issued = cap - reserve.minedCap() + reserve.released();
        // Coin forced in here by other ways than `burn` is out of circulation just the same.
        uint256 burned = _burnedFees + address(this).balance;
        uint256 vesting = Predeploys.ALLOCATION_VESTING.balance;
        return
            Supply({
                cap: cap,
                issued: issued,
                burned: burned,
                locked: Predeploys.COLLATERAL_VAULT.balance +
                    Predeploys.TASK_ESCROW.balance +
                    Predeploys.LEASE_MARKET.balance +
                    Predeploys.VOTING_POWER.balance +
                    vesting,
                circulating: issued - burned - vesting
            });
    }

    /// @inheritdoc ISupplyMeter
    function burnedFees() external view returns (uint256 amount) {
        return _burnedFees;
    }

    /// @inheritdoc ISupplyMeter
    function missed() external view returns (Range[] memory ranges) {
        uint256 count = 0;
        ranges = new Range[](_RANGES_MAX);
        for (uint256 i = 0; i < _RANGES_MAX; ++i) {
            if (_ranges[i].last != 0) ranges[count++] = _ranges[i];
        }
        // Safe: shortens an array that was allocated longer.
        assembly ("memory-safe") {
            mstore(ranges, count)
        }
    }

    function _addRange(uint64 first, uint64 last) private {
        Range storage slot = _ranges[_nextRange % _RANGES_MAX];
        if (slot.last != 0) emit MissedHeightsDropped(slot.first, slot.last);
        slot.first = first;
        slot.last = last;
        ++_nextRange;
        emit FeesMissed(first, last);
    }

    /// @dev Takes `height` off the front of its range, with heights before it that are too old.
    function _takeHeight(uint256 height) private {
        uint256 oldest = block.number > _HISTORY ? block.number - _HISTORY : 0;
        for (uint256 i = 0; i < _RANGES_MAX; ++i) {
            Range memory range = _ranges[i];
            if (height < range.first || height > range.last) continue;
            if (height != range.first) {
                require(height <= oldest, SupplyMeterNotMissed(height));
                // Cast: between two numbers of 64 bits.
                emit MissedHeightsDropped(range.first, uint64(height - 1));
            }
            if (height == range.last) delete _ranges[i];
            else _ranges[i].first = uint64(height) + 1; // not above `last`
            return;
        }
        revert SupplyMeterNotMissed(height);
    }
}
