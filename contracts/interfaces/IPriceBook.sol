// SPDX-License-Identifier: MIT
pragma solidity >=0.8.24;

import {IHubModule} from "./IHubModule.sol";

/// @notice What one oracle says the coin is worth; signed (EIP-712) when somebody else posts it.
struct PriceObservation {
    address oracle;
    uint64 coinPrice; // pico-USD per coin
    uint40 observedAt; // seconds
}

/// @title What computing costs, in dollars, and what that is in coin.
/// @notice Prices are in pico-USD (10^-12 USD), whole numbers. The price of a unit-second and of a
/// GiB-second is voted; a unit is one billion exact multiply-adds per second. Once a day the price
/// of a unit-second follows the use of the network: below 40 % it falls, from 60 % on it rises, at
/// most by 4 % a day and within voted bounds around the voted price.
///
/// Members of the OracleHub post the price of the coin. What counts is the median of the posts that
/// are at most an hour old, averaged over time. When too few posts are fresh, or their largest and
/// smallest differ by more than 10 % of the median, nothing can be quoted: tasks and leases can
/// still be given a price in coin. A quote that was used stays, whatever the coin does later.
/// @custom:source TS 3.5; SC 4.4; TS 2.2.1
interface IPriceBook is IHubModule {
    /// @notice The price of the coin as the oracles have it.
    struct Feed {
        uint64 median; // ──────╮ pico-USD per coin, since the last post that counted
        uint40 updatedAt; //    │ that post's time
        uint40 freshUntil; //   │ after this too few posts are fresh
        uint32 spreadBps; //    │ range of the middle third of fresh posts, of the median; up
        uint40 windowStart; // ─╯ of the running window
        uint104 windowSum; // ──╮ median x seconds from `windowStart` to `updatedAt`
        uint104 priorSum; //    │ the same of the window before
        uint40 priorSeconds; // ╯ its length
    }

    /// @notice How the price of a unit-second stands against the voted one.
    struct Adjustment {
        uint64 factor; // ──────╮ in parts of 2^20; 2^20 is the voted price itself
        uint32 hour; //         │ number of the hour last sampled, since 1970
        uint32 day; //          │ number of the day being sampled
        uint32 samples; //      │ taken in that day
        uint32 utilisationSum; //─╯ of the samples, basis points
    }

    event ObservationPosted(address indexed oracle, uint64 coinPrice, uint40 observedAt);
    event CoinPriceChanged(uint64 median, uint32 spreadBps, uint256 sources, uint40 freshUntil);
    event UtilisationSampled(uint256 provedPower, uint256 leasedPower, uint256 utilisationBps);
    /// @param utilisationBps mean of the day's samples.
    /// @param factor in parts of 2^20.
    event PricesAdjusted(uint32 indexed day, uint256 utilisationBps, uint64 factor);

    error PriceBookNotOracle(address account);
    error PriceBookPriceOutOfBounds(uint64 given, uint64 min, uint64 max);
    /// @notice `last` is the time of the oracle's newest observation.
    error PriceBookNotNewer(address oracle, uint40 observedAt, uint40 last);
    error PriceBookObservationOutOfTime(
        address oracle,
        uint40 observedAt,
        uint256 from,
        uint256 to
    );
    error PriceBookWrongSigner(address oracle, address recovered);
    error PriceBookWrongBatch(uint256 observations, uint256 signatures, uint256 max);
    /// @notice Too few posts have been fresh since `freshUntil`; 0 when there never were enough.
    error PriceBookStale(uint40 freshUntil);
    error PriceBookSourcesDisagree(uint32 spreadBps, uint32 maxBps);
    error PriceBookNothingToPrice();
    error PriceBookQuoteTooLarge(uint256 price, uint256 max);

    /// @notice Posts what the caller, an active oracle, sees.
    /// @param coinPrice pico-USD per coin.
    function post(uint64 coinPrice) external;
    /// @notice Posts what oracles have signed. Anyone. Those not newer than what their oracle
    /// posted before are skipped, so that nobody can spoil a batch by posting a part of it first.
    /// @param signatures one compact signature (r, yParityAndS) of 64 bytes each.
    function postSigned(
        PriceObservation[] calldata observations,
        bytes[] calldata signatures
    ) external;

    /// @notice The price of work, now: `quoteAt` with the current prices.
    /// @param seconds_ how long it takes.
    /// @param computeUnits billion multiply-adds per second.
    /// @return price wei, rounded up.
    function quote(
        uint32 seconds_,
        uint32 computeUnits,
        uint32 storageGiB
    ) external view returns (uint96 price);
    /// @notice The formula: `ceil(seconds x (units x pricePerUnit + GiB x pricePerGiB) x 10^18 /
    /// pricePerCoin)`.
    function quoteAt(
        uint256 seconds_,
        uint256 computeUnits,
        uint256 storageGiB,
        uint256 pricePerUnit,
        uint256 pricePerGiB,
        uint256 pricePerCoin
    ) external pure returns (uint256 price);
    /// @notice The next day's factor, after a day of this utilisation.
    function nextFactor(
        uint256 factor,
        uint256 utilisationBps,
        uint256 floorBps,
        uint256 ceilingBps
    ) external pure returns (uint256 next);

    /// @notice Pico-USD per unit and second: the voted price times the factor, rounded up.
    function unitPrice() external view returns (uint256 picoUsd);
    /// @notice Pico-USD per GiB and second, as voted.
    function storagePrice() external view returns (uint256 picoUsd);
    /// @notice Pico-USD per coin, averaged over time. Reverts as `quote` does.
    function coinPrice() external view returns (uint256 picoUsd);
    /// @notice How many posts must be fresh, with the members there are now.
    function sourcesWanted() external view returns (uint256 count);
    function feed() external view returns (Feed memory);
    function adjustment() external view returns (Adjustment memory);
    function observationOf(
        address oracle
    ) external view returns (uint64 coinPrice, uint40 observedAt);
    /// @notice EIP-712 digest of an observation.
    function hashObservation(
        PriceObservation calldata observation
    ) external view returns (bytes32 digest);
}
