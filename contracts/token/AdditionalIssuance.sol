// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC20Upgradeable} from "@openzeppelin/contracts-upgradeable/token/ERC20/ERC20Upgradeable.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IAdditionalIssuance} from "../interfaces/IAdditionalIssuance.sol";
import {SystemContract} from "../libraries/SystemContract.sol";

/// @title SCC, the token of the additional issuance.
/// @notice An ERC-20 token; the coin of the chain is not touched.
contract AdditionalIssuance
    is IAdditionalIssuance, SystemContract, ERC20Upgradeable
    layout at erc7201("poca.storage.AdditionalIssuance")
{
    uint256 private constant _BPS = 10_000;
    uint256 private constant _YEAR = 365.25 days;
    /// @dev 2025-03-07T00:00:00Z.
    uint256 private constant _EARLIEST = 1_741_305_600;
    uint256 private constant _PURPOSE_SIZE_MAX = 256; // bytes
    uint256 private constant _PAGE_MAX = 100;

    uint128 private _total; //    ─╮ 128 bits, 10^-18 SCC
    uint40 private _startTime; // ─╯  40 bits, seconds
    uint128[4] private _spent;
    Spending[] private _spendings;

    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor() {
        _disableInitializers();
    }

    /// @notice Fixes the total; zero on a chain without an additional issuance.
    /// @param total_ 10^-18 SCC.
    function initialize(uint128 total_) external initializer {
        __ERC20_init("SmartChain Coin", "SCC");
        _total = total_;
        // Cast: a block's time fits 40 bits for 34,000 years.
        _startTime = uint40(Math.max(_EARLIEST, block.timestamp));
    }

    /// @inheritdoc IAdditionalIssuance
    function spend(
        Stream stream,
        address to,
        uint128 amount,
        string calldata purpose
    ) external onlyTimelock returns (uint256 spendingId) {
        uint256 size = bytes(purpose).length;
        require(
            size != 0 && size <= _PURPOSE_SIZE_MAX,
            AdditionalIssuancePurposeSize(size, _PURPOSE_SIZE_MAX)
        );
        require(amount != 0, AdditionalIssuanceNothingSpent());
        uint256 free = available(stream);
        require(amount <= free, AdditionalIssuanceExceedsStream(stream, amount, free));

        _spent[uint256(stream)] += amount;
        spendingId = _spendings.length;
        _spendings.push(
            Spending({
                to: to,
                stream: stream,
                time: uint40(block.timestamp), // as above
                amount: amount,
                purpose: purpose
            })
        );
        emit Spent(spendingId, stream, to, amount, purpose);
        _mint(to, amount);
    }

    /// @inheritdoc IAdditionalIssuance
    function spent(Stream stream) external view returns (uint256 amount) {
        return _spent[uint256(stream)];
    }

    /// @inheritdoc IAdditionalIssuance
    function startTime() external view returns (uint256 t) {
        return _startTime;
    }

    /// @inheritdoc IAdditionalIssuance
    function total() external view returns (uint256 amount) {
        return _total;
    }

    /// @inheritdoc IAdditionalIssuance
    function spendingCount() external view returns (uint256 spendings) {
        return _spendings.length;
    }

    /// @inheritdoc IAdditionalIssuance
    function spendingsFrom(
        uint256 offset,
        uint256 limit
    ) external view returns (Spending[] memory page) {
        uint256 count = _spendings.length;
        uint256 rest = offset < count ? count - offset : 0;
        page = new Spending[](Math.min(rest, Math.min(limit, _PAGE_MAX)));
        for (uint256 i = 0; i < page.length; ++i) {
            page[i] = _spendings[offset + i];
        }
    }

    /// @inheritdoc IAdditionalIssuance
    function allocation(Stream stream) public view returns (uint256 amount) {
        return (uint256(_total) * _shareOf(stream)) / _BPS;
    }

    /// @inheritdoc IAdditionalIssuance
    function unlocked(Stream stream, uint256 t) public view returns (uint256 amount) {
        uint256 start = _startTime;
        if (t <= start) return 0;
        uint256 whole = duration(stream);
        return (allocation(stream) * Math.min(t - start, whole)) / whole;
    }

    /// @inheritdoc IAdditionalIssuance
    function available(Stream stream) public view returns (uint256 amount) {
        return unlocked(stream, block.timestamp) - _spent[uint256(stream)];
    }

    /// @inheritdoc IAdditionalIssuance
    function duration(Stream stream) public pure returns (uint256 seconds_) {
        if (stream == Stream.Development) return 8 * _YEAR;
        if (stream == Stream.Ecosystem) return 4 * _YEAR;
        if (stream == Stream.Liquidity) return 2 * _YEAR;
        return 6 * _YEAR;
    }

    function _shareOf(Stream stream) private pure returns (uint256 shareBps) {
        if (stream == Stream.Development) return 5_000;
        if (stream == Stream.Liquidity) return 2_000;
        return 1_500;
    }
}
