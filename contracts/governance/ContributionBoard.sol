// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Initializable} from "@openzeppelin/contracts-upgradeable/proxy/utils/Initializable.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IContributionBoard} from "../interfaces/IContributionBoard.sol";
import {IProtocolParams} from "../interfaces/IProtocolParams.sol";
import {IRewardDistributor} from "../interfaces/IRewardDistributor.sol";
import {ParamKeys} from "../libraries/ParamKeys.sol";
import {Predeploys} from "../libraries/Predeploys.sol";
import {SystemContract} from "../libraries/SystemContract.sol";

/// @title Where contributions to the ecosystem are filed and rewarded.
/// @notice Holds no coin: awards are credits in the RewardDistributor.
contract ContributionBoard
    is IContributionBoard, SystemContract, Initializable
    layout at erc7201("poca.storage.ContributionBoard")
{
    uint256 private constant _OPEN_MAX = 16;
    uint256 private constant _URI_SIZE_MAX = 256; // bytes
    uint256 private constant _PAGE_MAX = 100;
    uint256 private constant _JUDGING_TIME = 365 days;

    Contribution[] private _contributions;
    mapping(address contributor => uint256 entries) private _openCounts;
    mapping(address contributor => mapping(bytes32 contentHash => bool isFiled)) private _filed;

    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor() {
        _disableInitializers();
    }

    /// @notice Nothing to set; closes the initializer.
    function initialize() external initializer {}

    /* FILING */

    /// @inheritdoc IContributionBoard
    function file(
        Kind kind,
        bytes32 contentHash,
        string calldata uri
    ) external returns (uint256 id) {
        require(contentHash != 0, ContributionBoardEmptyHash());
        require(
            bytes(uri).length <= _URI_SIZE_MAX,
            ContributionBoardUriTooLong(bytes(uri).length, _URI_SIZE_MAX)
        );
        require(
            !_filed[msg.sender][contentHash],
            ContributionBoardDuplicate(msg.sender, contentHash)
        );
        require(
            _openCounts[msg.sender] < _OPEN_MAX,
            ContributionBoardTooManyOpen(msg.sender, _OPEN_MAX)
        );

        id = _contributions.length;
        _contributions.push(
            Contribution({
                contributor: msg.sender,
                kind: kind,
                state: State.Open,
                importance: Importance.Unjudged,
                filedAt: uint40(block.timestamp), // fits for 34,000 years
                contentHash: contentHash,
                award: 0
            })
        );
        _filed[msg.sender][contentHash] = true;
        ++_openCounts[msg.sender];
        emit ContributionFiled(id, msg.sender, kind, contentHash, uri);
    }

    /// @inheritdoc IContributionBoard
    function withdraw(uint256 id) external {
        Contribution storage entry = _close(id, State.Withdrawn);
        require(msg.sender == entry.contributor, ContributionBoardNotContributor(id, msg.sender));
        emit ContributionWithdrawn(id);
    }

    /// @inheritdoc IContributionBoard
    function expire(uint256 id) external {
        Contribution storage entry = _close(id, State.Expired);
        uint256 expiresAt = entry.filedAt + _JUDGING_TIME;
        require(block.timestamp >= expiresAt, ContributionBoardNotExpired(id, expiresAt));
        emit ContributionExpired(id);
    }

    /* JUDGING */

    /// @inheritdoc IContributionBoard
    function award(uint256 id, Importance importance, uint96 amount) external onlyTimelock {
        require(importance != Importance.Unjudged, ContributionBoardNotJudged(id));
        uint256 max = IProtocolParams(Predeploys.PROTOCOL_PARAMS).get(
            ParamKeys.REWARD_CONTRIBUTION_MAX
        );
        require(amount != 0 && amount <= max, ContributionBoardAwardOutOfBounds(amount, max));
        Contribution storage entry = _close(id, State.Awarded);
        entry.importance = importance;
        entry.award = amount;
        emit ContributionAwarded(id, entry.contributor, importance, amount);
        IRewardDistributor(Predeploys.REWARD_DISTRIBUTOR).payFrom(
            IRewardDistributor.Pool.Ecosystem,
            entry.contributor,
            amount
        );
    }

    /// @inheritdoc IContributionBoard
    function reject(uint256 id) external onlyTimelock {
        _close(id, State.Rejected);
        emit ContributionRejected(id);
    }

    /* READING */

    /// @inheritdoc IContributionBoard
    function count() external view returns (uint256 entries) {
        return _contributions.length;
    }

    /// @inheritdoc IContributionBoard
    function contributionOf(uint256 id) external view returns (Contribution memory) {
        require(id < _contributions.length, ContributionBoardWrongState(id, State.None));
        return _contributions[id];
    }

    /// @inheritdoc IContributionBoard
    function openCountOf(address contributor) external view returns (uint256 entries) {
        return _openCounts[contributor];
    }

    /// @inheritdoc IContributionBoard
    function contributions(
        uint256 offset,
        uint256 limit
    ) external view returns (Contribution[] memory page) {
        uint256 total = _contributions.length;
        uint256 rest = offset < total ? total - offset : 0;
        page = new Contribution[](Math.min(rest, Math.min(limit, _PAGE_MAX)));
        for (uint256 i = 0; i < page.length; ++i) {
            page[i] = _contributions[offset + i];
        }
    }

    function _close(uint256 id, State state) private returns (Contribution storage entry) {
        require(id < _contributions.length, ContributionBoardWrongState(id, State.None));
        entry = _contributions[id];
        require(entry.state == State.Open, ContributionBoardWrongState(id, entry.state));
        entry.state = state;
        --_openCounts[entry.contributor];
    }
}
