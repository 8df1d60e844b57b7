// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IOracleBallot} from "../interfaces/IOracleBallot.sol";
import {IOracleHub} from "../interfaces/IOracleHub.sol";
import {BlockHashes} from "../libraries/BlockHashes.sol";
import {ParamKeys} from "../libraries/ParamKeys.sol";
import {Predeploys} from "../libraries/Predeploys.sol";
import {OracleBook} from "./OracleBook.sol";

/// @title How committees are drawn.
/// @dev A committee is opened before the block that draws it exists, from the configuration of that
/// moment. Until it is fixed it is drawn anew for every reader, always with the same outcome.
abstract contract OracleBench is OracleBook {
    struct Bench {
        bytes32 pool; // digest of the configuration that it is drawn from
        bytes32 digest; // 0 until fixed
        uint256 places; // 8 bits for each member: its place in the configuration
        uint40 seedHeight; // ─╮
        uint40 openedAt; //    │
        uint16 round; //       │ how many committees this key has had
        uint8 size; //         │ members wanted; when fixed, the members there are
        bool isHidden; //      │ judged by hidden verdicts
        uint32 excluded; //    │ bit i: the i-th of the configuration is not drawn
        uint96 value; // ──────╯ wei, of what they decide on
    }

    /// @dev What a draw gives.
    struct Drawn {
        address[] members;
        uint256 places;
        bytes32 digest;
        uint8 quorum;
        uint40 openedAt; // whose keys of that time count
    }

    /// @dev What a committee is drawn from and for.
    struct Wish {
        uint256 size;
        uint256 excluded;
        uint256 value;
        bytes32 seed;
    }

    IOracleBallot internal constant BALLOT = IOracleBallot(Predeploys.ORACLE_BALLOT);

    uint256 private constant SMALL_PRICE = 10 ether;
    uint256 private constant LARGE_PRICE = 1_000 ether;

    /// @dev A report may be worth this part of the collateral of each who signs it.
    uint256 internal constant COLLATERAL_PER_VALUE = 5;

    mapping(bytes32 key => Bench bench) internal _benches;

    /* COMMITTEES */

    /// @inheritdoc IOracleHub
    function openCommittee(uint256 taskId, uint256 price) external onlyMarket {
        bytes32 key = bytes32(taskId);
        _open(key, _sizeFor(price), price, 0);
        _benches[key].isHidden =
            price >= PARAMS.get(ParamKeys.ORACLE_HIDDEN_PRICE) ||
            BALLOT.isAsked(taskId);
    }

    /// @inheritdoc IOracleHub
    function reopenCommittee(bytes32 key) external {
        Bench storage bench = _benchAt(key);
        bool isLost =
            bench.digest == 0 && block.number > uint256(bench.seedHeight) + BlockHashes.REACH;
        require(isLost, OracleHubSeedNotLost(bench.seedHeight, block.number));
        // Of the same configuration, which the excluded places are of.
        bytes32 pool = bench.pool;
        _open(key, bench.size, bench.value, bench.excluded);
        bench.pool = pool;
    }

    /// @inheritdoc IOracleHub
    function fixCommittee(
        bytes32 key
    ) external returns (address[] memory members, bytes32 digest, uint8 quorum) {
        Drawn memory drawn = _fix(key);
        return (drawn.members, drawn.digest, drawn.quorum);
    }

    /* READING */

    /// @inheritdoc IOracleHub
    function committeeOf(
        uint256 taskId
    ) external view returns (address[] memory members, bytes32 digest, uint8 quorum) {
        Drawn memory drawn = _drawnAt(bytes32(taskId));
        return (drawn.members, drawn.digest, drawn.quorum);
    }

    /// @inheritdoc IOracleHub
    function isHidden(uint256 taskId) external view returns (bool) {
        return _benches[bytes32(taskId)].isHidden;
    }

    function _open(bytes32 key, uint8 size, uint256 value, uint32 excluded) internal {
        Bench storage bench = _benches[key];
        bench.pool = _configDigest;
        if (bench.digest != 0) (bench.digest, bench.places) = (0, 0);
        // Heights and times; prices are bounded by the market.
        bench.seedHeight = uint40(block.number + 1);
        bench.openedAt = uint40(block.timestamp);
        ++bench.round;
        bench.size = size;
        bench.excluded = excluded;
        bench.value = uint96(value);
        emit CommitteeOpened(key, bench.seedHeight, bench.round, size);
    }

    /// @dev The committee under a key, written down.
    function _fix(bytes32 key) internal returns (Drawn memory drawn) {
        drawn = _drawnAt(key);
        Bench storage bench = _benches[key];
        if (bench.digest != 0) return drawn;
        bench.digest = drawn.digest;
        bench.places = drawn.places;
        // At most 31.
        bench.size = uint8(drawn.members.length);
        emit CommitteeFixed(key, drawn.digest, drawn.members, drawn.quorum);
    }

    function _benchAt(bytes32 key) internal view returns (Bench storage bench) {
        bench = _benches[key];
        require(bench.seedHeight != 0, OracleHubNoCommittee(key));
    }

    function _drawnAt(bytes32 key) internal view returns (Drawn memory drawn) {
        Bench storage bench = _benchAt(key);
        Member[] memory pool = _configs[bench.pool].members;
        uint256 count = bench.size;
        if (bench.digest == 0) {
            bytes32 seed = keccak256(abi.encode(_seedAt(bench.seedHeight), key, bench.round));
            Wish memory wish = Wish(count, bench.excluded, bench.value, seed);
            (drawn.places, count) = _select(pool, wish);
        } else {
            drawn.places = bench.places;
        }
        _complete(drawn, pool, count, key, bench.round);
        drawn.openedAt = bench.openedAt;
    }

    /// @dev What follows from the places.
    function _complete(
        Drawn memory drawn,
        Member[] memory pool,
        uint256 count,
        bytes32 key,
        uint16 round
    ) internal view {
        drawn.members = new address[](count);
        for (uint256 i = 0; i < count; ++i) {
            drawn.members[i] = pool[uint8(drawn.places >> (8 * i))].account;
        }
        uint8 faults;
        (faults, drawn.quorum) = _quorumOf(count);
        drawn.digest = keccak256(
            abi.encode(block.chainid, address(this), key, round, drawn.members, faults)
        );
    }

    function _seedAt(uint256 height) internal view returns (bytes32 hash) {
        // A block number fits 64 bits.
        require(block.number > height, OracleHubSeedNotReady(uint64(height), block.number));
        hash = BlockHashes.read(height);
        require(hash != 0, OracleHubSeedLost(uint64(height), block.number));
    }

    /// @dev All, when there are not more than wanted; else a weighted draw without replacement
    /// among those whose collateral is enough; among all when those are too few, so that nobody
    /// knows before who will judge.
    /// @return places 8 bits for each member, the first lowest.
    /// @return count of members.
    function _select(
        Member[] memory pool,
        Wish memory wish
    ) internal pure returns (uint256 places, uint256 count) {
        uint256 needed = wish.value * COLLATERAL_PER_VALUE;
        uint256[] memory weights = new uint256[](pool.length);
        uint256 enough = 0;
        for (uint256 i = 0; i < pool.length; ++i) {
            if ((wish.excluded >> i) & 1 == 1 || pool[i].collateral == 0) continue;
            weights[i] = pool[i].collateral;
            ++count;
            if (weights[i] >= needed) ++enough;
        }
        bool isAll = count <= wish.size;
        if (!isAll) count = wish.size;
        if (enough < count) needed = 1;
        for (uint256 i = 0; i < count; ++i) {
            uint256 place =
                isAll
                    ? _first(weights)
                    : _drawOne(weights, needed, uint256(keccak256(abi.encode(wish.seed, i))));
            weights[place] = 0;
            places |= place << (8 * i);
        }
    }

    function _first(uint256[] memory weights) private pure returns (uint256 place) {
        while (weights[place] == 0) ++place;
    }

    /// @dev One of those who have at least `needed`, with a probability by weight.
    function _drawOne(
        uint256[] memory weights,
        uint256 needed,
        uint256 random
    ) private pure returns (uint256 place) {
        uint256 sum = 0;
        for (uint256 i = 0; i < weights.length; ++i) {
            if (weights[i] >= needed) sum += weights[i];
        }
        uint256 point = random % sum;
        for (; ; ++place) {
            if (weights[place] < needed) continue;
            if (point < weights[place]) return place;
            point -= weights[place];
        }
    }

    function _sizeFor(uint256 price) private pure returns (uint8) {
        if (price < SMALL_PRICE) return 4;
        return price < LARGE_PRICE ? 7 : 13;
    }
}
