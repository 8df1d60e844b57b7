// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Initializable} from "@openzeppelin/contracts/proxy/utils/Initializable.sol";
import {Arrays} from "@openzeppelin/contracts/utils/Arrays.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {EndBlockInput, IHubModule} from "../interfaces/IHubModule.sol";
import {INodeRegistry} from "../interfaces/INodeRegistry.sol";
import {IOracleBallot} from "../interfaces/IOracleBallot.sol";
import {IOracleHub} from "../interfaces/IOracleHub.sol";
import {IPriceBook, PriceObservation} from "../interfaces/IPriceBook.sol";
import {IProtocolParams} from "../interfaces/IProtocolParams.sol";
import {ParamKeys} from "../libraries/ParamKeys.sol";
import {Predeploys} from "../libraries/Predeploys.sol";
import {PriceMath} from "../libraries/PriceMath.sol";
import {RewardMath} from "../libraries/RewardMath.sol";
import {SystemContract} from "../libraries/SystemContract.sol";

/// @title What computing costs, in dollars, and what that is in coin.
/// @dev Reading a price looks at a fixed number of words; posting one looks at each of at most 31
/// oracles.
contract PriceBook
    is IPriceBook, SystemContract, Initializable, EIP712
    layout at erc7201("poca.storage.PriceBook")
{
    struct Post {
        uint64 coinPrice; // ─╮ pico-USD per coin
        uint40 observedAt; // ╯ seconds
    }

    /// @notice A post counts this long, in seconds.
    uint256 public constant FRESH_SECONDS = 1 hours;
    /// @notice How far fresh posts may be apart, as a part of their median.
    uint32 public constant SPREAD_BPS_MAX = 1_000;
    /// @notice The average reaches back over the running window and the one before; each is at
    /// least this long, in seconds.
    uint256 public constant WINDOW_SECONDS = 30 minutes;
    /// @notice A billionth of a dollar and a million dollars, in pico-USD.
    uint64 public constant COIN_PRICE_MIN = 1e3;
    uint64 public constant COIN_PRICE_MAX = 1e18;

    uint256 private constant SOURCES_MIN = 3;
    uint256 private constant OBSERVATIONS_MAX = 31;

    /// @dev Of one compact signature (EIP-2098).
    uint256 private constant SIGNATURE_SIZE = 64;

    bytes32 private constant OBSERVATION_TYPEHASH = keccak256(
        "PriceObservation(address oracle,uint64 coinPrice,uint40 observedAt)"
    );

    Feed private _feed;
    Adjustment private _adjustment;
    mapping(address oracle => Post post) private _posts;

    constructor() EIP712("POCA Price Feed", "1") {
        _disableInitializers();
    }

    /// @notice Starts at the voted prices.
    function initialize() external initializer {
        _adjustment.factor = uint64(PriceMath.FACTOR_ONE);
    }

    /* POSTING */

    /// @inheritdoc IPriceBook
    function post(uint64 coinPrice_) external {
        address[] memory members = _members();
        require(_isIn(members, msg.sender), PriceBookNotOracle(msg.sender));
        uint40 last = _posts[msg.sender].observedAt;
        // Seconds since 1970 fit 40 bits for 34,000 years, here and below.
        uint40 now_ = uint40(block.timestamp);
        require(now_ > last, PriceBookNotNewer(msg.sender, now_, last));
        _store(msg.sender, coinPrice_, now_);
        _renewFeed(members);
    }

    /// @inheritdoc IPriceBook
    function postSigned(
        PriceObservation[] calldata observations,
        bytes[] calldata signatures
    ) external {
        uint256 count = observations.length;
        require(
            count == signatures.length && count <= OBSERVATIONS_MAX,
            PriceBookWrongBatch(count, signatures.length, OBSERVATIONS_MAX)
        );
        address[] memory members = _members();
        for (uint256 i = 0; i < count; ++i) {
            PriceObservation calldata given = observations[i];
            _checkSignature(given, signatures[i]);
            require(_isIn(members, given.oracle), PriceBookNotOracle(given.oracle));
            uint256 oldest = block.timestamp - FRESH_SECONDS;
            require(
                oldest <= given.observedAt && given.observedAt <= block.timestamp,
                PriceBookObservationOutOfTime(
                    given.oracle,
                    given.observedAt,
                    oldest,
                    block.timestamp
                )
            );
            if (given.observedAt <= _posts[given.oracle].observedAt) continue;
            _store(given.oracle, given.coinPrice, given.observedAt);
        }
        _renewFeed(members);
    }

    /* ADJUSTING */

    /// @inheritdoc IHubModule
    /// @dev Does something in the first block of each hour only.
    function onEndBlock(EndBlockInput calldata) external onlyHub {
        Adjustment memory now_ = _adjustment;
        // Both fit 32 bits longer than a timestamp fits 40.
        uint32 hour = uint32(block.timestamp / 1 hours);
        if (hour == now_.hour) return;
        uint32 day = uint32(block.timestamp / 1 days);
        if (day != now_.day) {
            _adjust(now_);
            (now_.day, now_.samples, now_.utilisationSum) = (day, 0, 0);
        }
        now_.hour = hour;
        _sample(now_);
        _adjustment = now_;
    }

    /* READING */

    /// @inheritdoc IPriceBook
    function quote(
        uint32 seconds_,
        uint32 computeUnits,
        uint32 storageGiB
    ) external view returns (uint96 price) {
        bool isSomething = seconds_ > 0 && (computeUnits > 0 || storageGiB > 0);
        require(isSomething, PriceBookNothingToPrice());
        uint256 exact = PriceMath.quote(
            seconds_,
            computeUnits,
            storageGiB,
            unitPrice(),
            storagePrice(),
            coinPrice()
        );
        require(exact <= type(uint96).max, PriceBookQuoteTooLarge(exact, type(uint96).max));
        return uint96(exact);
    }

    /// @inheritdoc IPriceBook
    function quoteAt(
        uint256 seconds_,
        uint256 computeUnits,
        uint256 storageGiB,
        uint256 pricePerUnit,
        uint256 pricePerGiB,
        uint256 pricePerCoin
    ) external pure returns (uint256 price) {
        return
            PriceMath.quote(
                seconds_,
                computeUnits,
                storageGiB,
                pricePerUnit,
                pricePerGiB,
                pricePerCoin
            );
    }

    /// @inheritdoc IPriceBook
    function nextFactor(
        uint256 factor,
        uint256 utilisationBps,
        uint256 floorBps,
        uint256 ceilingBps
    ) external pure returns (uint256 next) {
        return PriceMath.nextFactor(factor, utilisationBps, floorBps, ceilingBps);
    }

    /// @inheritdoc IPriceBook
    function sourcesWanted() external view returns (uint256 count) {
        return _sourcesWanted(_members().length);
    }

    /// @inheritdoc IPriceBook
    function feed() external view returns (Feed memory) {
        return _feed;
    }

    /// @inheritdoc IPriceBook
    function adjustment() external view returns (Adjustment memory) {
        return _adjustment;
    }

    /// @inheritdoc IPriceBook
    function observationOf(
        address oracle
    ) external view returns (uint64 coinPrice_, uint40 observedAt) {
        Post storage last = _posts[oracle];
        return (last.coinPrice, last.observedAt);
    }

    /// @inheritdoc IPriceBook
    function unitPrice() public view returns (uint256 picoUsd) {
        return PriceMath.adjustedPrice(_param(ParamKeys.PRICE_UNIT_SECOND), _adjustment.factor);
    }

    /// @inheritdoc IPriceBook
    function storagePrice() public view returns (uint256 picoUsd) {
        return _param(ParamKeys.PRICE_GIB_SECOND);
    }

    /// @inheritdoc IPriceBook
    function coinPrice() public view returns (uint256 picoUsd) {
        Feed memory current = _feed;
        require(block.timestamp <= current.freshUntil, PriceBookStale(current.freshUntil));
        require(
            current.spreadBps <= SPREAD_BPS_MAX,
            PriceBookSourcesDisagree(current.spreadBps, SPREAD_BPS_MAX)
        );
        uint256 windowSeconds = block.timestamp - current.windowStart;
        uint256 total = current.priorSeconds + windowSeconds;
        if (total == 0) return current.median;
        return (current.priorSum + _windowSum(current)) / total;
    }

    /// @inheritdoc IPriceBook
    function hashObservation(
        PriceObservation calldata observation
    ) public view returns (bytes32 digest) {
        return _hashTypedDataV4(keccak256(abi.encode(OBSERVATION_TYPEHASH, observation)));
    }

    function _store(address oracle, uint64 given, uint40 observedAt) private {
        require(
            COIN_PRICE_MIN <= given && given <= COIN_PRICE_MAX,
            PriceBookPriceOutOfBounds(given, COIN_PRICE_MIN, COIN_PRICE_MAX)
        );
        _posts[oracle] = Post(given, observedAt);
        emit ObservationPosted(oracle, given, observedAt);
    }

    /// @dev Changes nothing while too few posts are fresh.
    function _renewFeed(address[] memory members) private {
        (uint256[] memory prices, uint256[] memory times) = _freshPosts(members);
        uint256 count = prices.length;
        uint256 wanted = _sourcesWanted(members.length);
        if (count < wanted) return;
        Arrays.sort(prices);
        Arrays.sort(times);
        // The mean of the two in the middle when the count is even, floored.
        uint256 median = (prices[(count - 1) / 2] + prices[count / 2]) / 2;
        // Without the lowest and highest third: liars fewer than that stop nothing.
        uint256 cut = (count - 1) / 3;
        uint256 range = prices[count - 1 - cut] - prices[cut];
        uint256 spread = Math.ceilDiv(range * RewardMath.BPS, median);

        Feed memory next = _feed;
        _closeWindow(next);
        // Between bounds of 64 bits.
        next.median = uint64(median);
        next.updatedAt = uint40(block.timestamp);
        // So many posts are as new as this one or newer.
        next.freshUntil = uint40(times[count - wanted] + FRESH_SECONDS);
        next.spreadBps = uint32(Math.min(spread, type(uint32).max));
        _feed = next;
        emit CoinPriceChanged(next.median, next.spreadBps, count, next.freshUntil);
    }

    /// @dev Brings the sums up to now. A window that is long enough becomes the prior one; after a
    /// time without price the average starts anew.
    function _closeWindow(Feed memory current) private view {
        uint40 now_ = uint40(block.timestamp);
        if (now_ > current.freshUntil) {
            (current.windowStart, current.windowSum) = (now_, 0);
            (current.priorSum, current.priorSeconds) = (0, 0);
            return;
        }
        // Prices of 60 bits times at most the window and an hour, 13 bits.
        uint104 sum = uint104(_windowSum(current));
        uint40 length = now_ - current.windowStart;
        if (length < WINDOW_SECONDS) {
            current.windowSum = sum;
            return;
        }
        (current.priorSum, current.priorSeconds) = (sum, length);
        (current.windowStart, current.windowSum) = (now_, 0);
    }

    function _adjust(Adjustment memory now_) private {
        if (now_.samples == 0) return;
        uint256 utilisationBps = now_.utilisationSum / now_.samples;
        uint256 next = PriceMath.nextFactor(
            now_.factor,
            utilisationBps,
            _param(ParamKeys.PRICE_FLOOR_BPS),
            _param(ParamKeys.PRICE_CEILING_BPS)
        );
        // At most 2^20 times the largest ceiling.
        now_.factor = uint64(next);
        emit PricesAdjusted(now_.day, utilisationBps, now_.factor);
    }

    /// @dev A network without nodes has no utilisation.
    function _sample(Adjustment memory now_) private {
        (uint256 proved, uint256 leased) = INodeRegistry(Predeploys.NODE_REGISTRY).totals();
        if (proved == 0) return;
        uint256 utilisationBps = PriceMath.utilisation(proved, leased);
        ++now_.samples;
        // At most 24 samples of at most 10,000.
        now_.utilisationSum += uint32(utilisationBps);
        emit UtilisationSampled(proved, leased, utilisationBps);
    }

    function _checkSignature(
        PriceObservation calldata given,
        bytes calldata signature
    ) private view {
        address signer = address(0);
        if (signature.length == SIGNATURE_SIZE) {
            // A high s gives no signer.
            (signer, , ) = ECDSA.tryRecover(
                hashObservation(given),
                bytes32(signature[:32]),
                bytes32(signature[32:])
            );
        }
        // The key of then: what was seen before a change was signed with the key before it.
        bool isSigned =
            signer != address(0) &&
                signer ==
                    IOracleBallot(Predeploys.ORACLE_BALLOT).keyAt(given.oracle, given.observedAt);
        require(isSigned, PriceBookWrongSigner(given.oracle, signer));
    }

    function _freshPosts(
        address[] memory members
    ) private view returns (uint256[] memory prices, uint256[] memory times) {
        prices = new uint256[](members.length);
        times = new uint256[](members.length);
        uint256 count = 0;
        for (uint256 i = 0; i < members.length; ++i) {
            Post memory last = _posts[members[i]];
            if (last.observedAt + FRESH_SECONDS < block.timestamp) continue;
            prices[count] = last.coinPrice;
            times[count++] = last.observedAt;
        }
        // Safe: makes both arrays shorter, `count` is at most their length.
        assembly ("memory-safe") {
            mstore(prices, count)
            mstore(times, count)
        }
    }

    function _members() private view returns (address[] memory) {
        return IOracleHub(Predeploys.ORACLE_HUB).members();
    }

    function _param(bytes32 key) private view returns (uint256) {
        return IProtocolParams(Predeploys.PROTOCOL_PARAMS).get(key);
    }

    function _windowSum(Feed memory current) private view returns (uint256) {
        uint256 since = block.timestamp - current.updatedAt;
        return current.windowSum + uint256(current.median) * since;
    }

    function _isIn(address[] memory members, address account) private pure returns (bool) {
        for (uint256 i = 0; i < members.length; ++i) {
            if (members[i] == account) return true;
        }
        return false;
    }

    /// @dev A median of 2f + 1 posts lies between honest ones when f are not; f as in OracleHub.
    function _sourcesWanted(uint256 memberCount) private pure returns (uint256) {
        uint256 faults = memberCount == 0 ? 0 : (memberCount - 1) / 3;
        return Math.max(2 * faults + 1, SOURCES_MIN);
    }
}
