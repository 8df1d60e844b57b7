// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Initializable} from "@openzeppelin/contracts-upgradeable/proxy/utils/Initializable.sol";
import {ContributionBoard} from "../../../contracts/governance/ContributionBoard.sol";
import {IContributionBoard} from "../../../contracts/interfaces/IContributionBoard.sol";
import {IRewardDistributor} from "../../../contracts/interfaces/IRewardDistributor.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {SystemContract} from "../../../contracts/libraries/SystemContract.sol";
import {MoneyTest} from "../support/MoneyTest.sol";
import {vm} from "../support/Vm.sol";

/// @dev Shows how a contribution is filed, judged and paid, and that no entry stays open for ever.
contract ContributionBoardTest is MoneyTest {
    IContributionBoard private constant _BOARD = IContributionBoard(Predeploys.CONTRIBUTION_BOARD);
    IContributionBoard.Kind private constant _BUG = IContributionBoard.Kind.BugReport;
    IContributionBoard.Importance private constant _HIGH = IContributionBoard.Importance.High;
    IRewardDistributor.Pool private constant _ECOSYSTEM = IRewardDistributor.Pool.Ecosystem;
    address private constant _ALICE = address(0xA11CE);
    address private constant _BOB = address(0xB0B);
    bytes32 private constant _HASH = keccak256("report");

    function setUp() public override {
        super.setUp();
        _endBlock(1 days);
        _endBlock(1);
    }

    /* FILING */

    function testAnybodyFilesAReport() public {
        vm.expectEmit(Predeploys.CONTRIBUTION_BOARD);
        emit IContributionBoard.ContributionFiled(0, _ALICE, _BUG, _HASH, "ipfs://report");
        assertEq(_file(_ALICE, _HASH), 0, "id");
        IContributionBoard.Contribution memory entry = _BOARD.contributionOf(0);
        assertEq(entry.contributor, _ALICE, "contributor");
        assertEq(entry.contentHash, _HASH, "hash");
        assertEq(entry.filedAt, _time, "time");
        assertTrue(entry.kind == _BUG && entry.state == IContributionBoard.State.Open, "state");
        assertEq(_BOARD.count(), 1, "count");
        assertEq(_BOARD.openCountOf(_ALICE), 1, "open");
    }

    function testRefusesWhatIsEmptyLongOrFiledTwice() public {
        vm.startPrank(_ALICE);
        vm.expectRevert(IContributionBoard.ContributionBoardEmptyHash.selector);
        _BOARD.file(_BUG, 0, "");
        vm.expectRevert(
            abi.encodeWithSelector(
                IContributionBoard.ContributionBoardUriTooLong.selector,
                257,
                256
            )
        );
        _BOARD.file(_BUG, _HASH, string(new bytes(257)));
        _BOARD.file(_BUG, _HASH, string(new bytes(256)));
        vm.expectRevert(
            abi.encodeWithSelector(
                IContributionBoard.ContributionBoardDuplicate.selector,
                _ALICE,
                _HASH
            )
        );
        _BOARD.file(_BUG, _HASH, "");
        vm.stopPrank();
        // Who copies another's hash does not keep the author out.
        _file(_BOB, _HASH);
    }

    function testAnAccountHasSixteenOpenEntriesAtMost() public {
        for (uint256 i = 1; i <= 16; ++i) {
            _file(_ALICE, bytes32(i));
        }
        vm.expectRevert(
            abi.encodeWithSelector(
                IContributionBoard.ContributionBoardTooManyOpen.selector,
                _ALICE,
                16
            )
        );
        _file(_ALICE, _HASH);
        vm.prank(_ALICE);
        _BOARD.withdraw(3);
        _file(_ALICE, _HASH);
    }

    /* JUDGING */

    function testAnAwardIsCreditedFromTheEcosystemPool() public {
        _file(_ALICE, _HASH);
        vm.expectEmit(Predeploys.CONTRIBUTION_BOARD);
        emit IContributionBoard.ContributionAwarded(0, _ALICE, _HIGH, 500e18);
        vm.expectEmit(Predeploys.REWARD_DISTRIBUTOR);
        emit IRewardDistributor.RewardCredited(_ECOSYSTEM, _ALICE, 500e18);
        vm.prank(Predeploys.TIMELOCK);
        _BOARD.award(0, _HIGH, 500e18);
        assertEq(_BOARD.contributionOf(0).award, 500e18, "award");
        assertTrue(_BOARD.contributionOf(0).importance == _HIGH, "importance");
        assertEq(_BOARD.openCountOf(_ALICE), 0, "open");
        _expectState(0, IContributionBoard.State.Awarded);
        vm.prank(Predeploys.TIMELOCK);
        _BOARD.award(0, _HIGH, 500e18);
    }

    function testAnAwardIsJudgedAndBounded() public {
        _file(_ALICE, _HASH);
        vm.startPrank(Predeploys.TIMELOCK);
        vm.expectRevert(
            abi.encodeWithSelector(IContributionBoard.ContributionBoardNotJudged.selector, 0)
        );
        _BOARD.award(0, IContributionBoard.Importance.Unjudged, 1);
        vm.expectRevert(
            abi.encodeWithSelector(
                IContributionBoard.ContributionBoardAwardOutOfBounds.selector,
                10_000e18 + 1,
                10_000e18
            )
        );
        _BOARD.award(0, _HIGH, 10_000e18 + 1);
        vm.expectRevert(
            abi.encodeWithSelector(
                IContributionBoard.ContributionBoardAwardOutOfBounds.selector,
                0,
                10_000e18
            )
        );
        _BOARD.award(0, _HIGH, 0);
        // 5 % of one day's 71,869.41 HPC.
        vm.expectRevert(
            abi.encodeWithSelector(
                IRewardDistributor.RewardDistributorOverBudget.selector,
                _ECOSYSTEM,
                3_600e18,
                3_593_470_748_726_138_869_876
            )
        );
        _BOARD.award(0, _HIGH, 3_600e18);
        vm.stopPrank();
        assertTrue(_BOARD.contributionOf(0).state == IContributionBoard.State.Open, "still open");
    }

    function testAVoteRejects() public {
        _file(_ALICE, _HASH);
        vm.expectEmit(Predeploys.CONTRIBUTION_BOARD);
        emit IContributionBoard.ContributionRejected(0);
        vm.prank(Predeploys.TIMELOCK);
        _BOARD.reject(0);
        _expectState(0, IContributionBoard.State.Rejected);
        vm.prank(_ALICE);
        _BOARD.withdraw(0);
    }

    /* LEAVING */

    function testOnlyTheAuthorWithdraws() public {
        _file(_ALICE, _HASH);
        vm.expectRevert(
            abi.encodeWithSelector(
                IContributionBoard.ContributionBoardNotContributor.selector,
                0,
                _BOB
            )
        );
        vm.prank(_BOB);
        _BOARD.withdraw(0);
        vm.expectEmit(Predeploys.CONTRIBUTION_BOARD);
        emit IContributionBoard.ContributionWithdrawn(0);
        vm.prank(_ALICE);
        _BOARD.withdraw(0);
        _expectState(0, IContributionBoard.State.Withdrawn);
        _BOARD.expire(0);
    }

    function testAfterAYearAnyoneClosesAnEntry() public {
        uint256 filedAt = _time;
        _file(_ALICE, _HASH);
        vm.warp(filedAt + 365 days - 1);
        vm.expectRevert(
            abi.encodeWithSelector(
                IContributionBoard.ContributionBoardNotExpired.selector,
                0,
                filedAt + 365 days
            )
        );
        _BOARD.expire(0);
        vm.warp(filedAt + 365 days);
        vm.expectEmit(Predeploys.CONTRIBUTION_BOARD);
        emit IContributionBoard.ContributionExpired(0);
        vm.prank(_BOB);
        _BOARD.expire(0);
        assertEq(_BOARD.openCountOf(_ALICE), 0, "open");
        _expectState(0, IContributionBoard.State.Expired);
        vm.prank(Predeploys.TIMELOCK);
        _BOARD.reject(0);
    }

    function testUnknownEntriesAreRefused() public {
        _expectState(0, IContributionBoard.State.None);
        _BOARD.contributionOf(0);
        _expectState(0, IContributionBoard.State.None);
        _BOARD.expire(0);
    }

    function testEntriesAreReadInPages() public {
        for (uint256 i = 1; i <= 102; ++i) {
            _file(address(uint160(0x1000 + i)), bytes32(i));
        }
        assertEq(_BOARD.contributions(0, type(uint256).max).length, 100, "first page");
        assertEq(_BOARD.contributions(100, 100).length, 2, "rest");
        assertEq(_BOARD.contributions(101, 1)[0].contentHash, bytes32(uint256(102)), "last");
        assertEq(_BOARD.contributions(102, 1).length, 0, "past the end");
    }

    function testFuzzOnlyTheTimelockJudges(address caller) public {
        vm.assume(caller != Predeploys.TIMELOCK && caller != Predeploys.PROXY_ADMIN);
        _file(_ALICE, _HASH);
        bytes memory refusal = abi.encodeWithSelector(
            SystemContract.SystemContractUnauthorized.selector,
            caller,
            Predeploys.TIMELOCK
        );
        vm.startPrank(caller);
        vm.expectRevert(refusal);
        _BOARD.award(0, _HIGH, 1);
        vm.expectRevert(refusal);
        _BOARD.reject(0);
        vm.stopPrank();
    }

    function testCannotBeInitializedAgain() public {
        vm.expectRevert(Initializable.InvalidInitialization.selector);
        ContributionBoard(Predeploys.CONTRIBUTION_BOARD).initialize();
    }

    function _file(address contributor, bytes32 contentHash) private returns (uint256 id) {
        vm.prank(contributor);
        return _BOARD.file(_BUG, contentHash, "ipfs://report");
    }

    function _expectState(uint256 id, IContributionBoard.State state) private {
        vm.expectRevert(
            abi.encodeWithSelector(
                IContributionBoard.ContributionBoardWrongState.selector,
                id,
                state
            )
        );
    }
}
