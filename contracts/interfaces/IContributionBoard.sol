// SPDX-License-Identifier: MIT
pragma solidity >=0.8.24;

/// @title Where contributions to the ecosystem are filed and rewarded.
/// @notice Anyone files a bug report or a piece of commerce or promotion by its hash; holders award
/// an amount from the Ecosystem pool by vote, and the contributor claims it from the
/// RewardDistributor. Filing costs gas and no deposit: an account has at most 16 open entries, so
/// that rubbish costs its author more than anyone else.
/// @custom:source SC 2.2; SC 4.4; SC 4.5.1
/// @custom:invariant Every entry leaves `Open`: by vote, by its author, or by anyone after a year.
interface IContributionBoard {
    enum Kind {
        BugReport,
        Resource, // computing power, bandwidth or storage brought to the network
        Commerce, // business brought to the network
        Promotion
    }

    enum State {
        None,
        Open,
        Awarded,
        Rejected,
        Withdrawn,
        Expired
    }

    /// @notice How much a contribution matters, by which bugs are mended first.
    enum Importance {
        Unjudged,
        Low,
        Medium,
        High,
        Critical
    }

    struct Contribution {
        address contributor; // ─╮ 160 bits
        Kind kind; //            │   8 bits
        State state; //          │   8 bits
        Importance importance; //│   8 bits
        uint40 filedAt; //      ─╯  40 bits, seconds
        bytes32 contentHash; // ─── 256 bits, of the report, wherever it is kept
        uint96 award; // ─── 96 bits, wei
    }

    /// @param uri where the report can be read; not stored.
    event ContributionFiled(
        uint256 indexed id,
        address indexed contributor,
        Kind indexed kind,
        bytes32 contentHash,
        string uri
    );
    event ContributionAwarded(
        uint256 indexed id,
        address indexed contributor,
        Importance importance,
        uint256 amount
    );
    event ContributionRejected(uint256 indexed id);
    event ContributionWithdrawn(uint256 indexed id);
    event ContributionExpired(uint256 indexed id);

    error ContributionBoardEmptyHash();
    error ContributionBoardUriTooLong(uint256 given, uint256 max);
    error ContributionBoardTooManyOpen(address contributor, uint256 max);
    error ContributionBoardDuplicate(address contributor, bytes32 contentHash);
    error ContributionBoardWrongState(uint256 id, State actual);
    error ContributionBoardNotContributor(uint256 id, address caller);
    error ContributionBoardNotJudged(uint256 id);
    error ContributionBoardAwardOutOfBounds(uint256 given, uint256 max);
    error ContributionBoardNotExpired(uint256 id, uint256 expiresAt);

    /// @notice Files a contribution of the caller. The same content is taken
    /// once from each account.
    function file(
        Kind kind,
        bytes32 contentHash,
        string calldata uri
    ) external returns (uint256 id);

    /// @notice Takes back an open entry of the caller's.
    function withdraw(uint256 id) external;

    /// @notice Closes an entry that nobody judged within 365 days. Anyone may call.
    function expire(uint256 id) external;

    /// @notice Credits the contributor with `amount` wei from the Ecosystem pool. Timelock only.
    function award(uint256 id, Importance importance, uint96 amount) external;

    /// @notice Closes an entry without a reward. Timelock only.
    function reject(uint256 id) external;

    function count() external view returns (uint256 entries);
    function contributionOf(uint256 id) external view returns (Contribution memory);
    function openCountOf(address contributor) external view returns (uint256 entries);
    /// @notice Entries from `offset` on, at most 100.
    function contributions(
        uint256 offset,
        uint256 limit
    ) external view returns (Contribution[] memory page);
}
