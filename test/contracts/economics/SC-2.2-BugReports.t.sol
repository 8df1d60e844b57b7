// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IContributionBoard} from "../../../contracts/interfaces/IContributionBoard.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {MoneyTest} from "../support/MoneyTest.sol";
import {vm} from "../support/Vm.sol";

/// @title SC 2.2: "please choose to submit a bug report to the community"
/// @custom:sentence If you encounter problems during the use of the node, please choose to submit a
/// bug report to the community.
/// @custom:sentence The code developers in the community will fix the bugs in an orderly manner
/// according to the scope and importance of the bugs, and provide node user rewards in the form of
/// HPC
contract SC22BugReportsTest is MoneyTest {
    IContributionBoard private constant _BOARD = IContributionBoard(Predeploys.CONTRIBUTION_BOARD);
    address private constant _NODE_USER = address(0xA1);

    function testANodeUserIsRewardedInHPCForABugReport() public {
        _endBlock(1 days);
        _endBlock(1);
        vm.prank(_NODE_USER);
        uint256 id = _BOARD.file(
            IContributionBoard.Kind.BugReport,
            keccak256("the node forgets its peers"),
            "ipfs://report"
        );
        vm.prank(Predeploys.TIMELOCK);
        _BOARD.award(id, IContributionBoard.Importance.High, 250e18);
        DISTRIBUTOR.claimFor(_NODE_USER);
        assertEq(_NODE_USER.balance, 250e18, "HPC");
        assertTrue(
            _BOARD.contributionOf(id).importance == IContributionBoard.Importance.High,
            "and it is known how much the bug matters"
        );
    }

    function testReportsAreReadInTheOrderInWhichTheyCame() public {
        vm.startPrank(_NODE_USER);
        _BOARD.file(IContributionBoard.Kind.BugReport, keccak256("one"), "");
        _BOARD.file(IContributionBoard.Kind.BugReport, keccak256("two"), "");
        vm.stopPrank();
        IContributionBoard.Contribution[] memory list = _BOARD.contributions(0, 10);
        assertEq(list[0].contentHash, keccak256("one"), "first");
        assertEq(list[1].contentHash, keccak256("two"), "second");
    }
}
