// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IContributionBoard} from "../../../contracts/interfaces/IContributionBoard.sol";
import {IRewardDistributor} from "../../../contracts/interfaces/IRewardDistributor.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {MoneyTest} from "../support/MoneyTest.sol";
import {vm} from "../support/Vm.sol";

/// @title SC 4.4: "HPC is also awarded to node members who contribute to the Smart ecosystem."
/// @custom:sentence HPC is also awarded to node members who contribute to the Smart ecosystem.
/// @custom:sentence Providing Smart with more computing power resource liquidity is one way to gain
/// more HPC ownership.
/// @custom:sentence Members who contribute to Smart ecological construction and commercial output
/// can own HPC
/// @custom:sentence Any node that provides network computing capabilities can have HPC
/// @custom:sentence When these resource capabilities are proven and called in the network system,
/// you can obtain HPC rewards.
contract SC44EcosystemContributionsTest is MoneyTest {
    IContributionBoard private constant _BOARD = IContributionBoard(Predeploys.CONTRIBUTION_BOARD);
    address private constant _MEMBER = address(0xA1);

    function testFivePercentOfTheSubsidyAreForContributors() public {
        _endBlock(100);
        uint256 before = DISTRIBUTOR.accrued(IRewardDistributor.Pool.Ecosystem);
        _endBlock(1);
        uint256 gained = DISTRIBUTOR.accrued(IRewardDistributor.Pool.Ecosystem) - before;
        // 5 % of 83.181230511825994372 HPC
        assertEq(gained / 10, 415_906_152_559_129_971, "share");
    }

    function testCommerceAndConstructionAreAwardedByVote() public {
        _endBlock(1 days);
        _endBlock(1);
        IContributionBoard.Kind[3] memory kinds = [
            IContributionBoard.Kind.Resource,
            IContributionBoard.Kind.Commerce,
            IContributionBoard.Kind.Promotion
        ];
        for (uint256 i = 0; i < 3; ++i) {
            vm.prank(_MEMBER);
            uint256 id = _BOARD.file(kinds[i], bytes32(i + 1), "");
            vm.prank(Predeploys.TIMELOCK);
            _BOARD.award(id, IContributionBoard.Importance.Medium, 100e18);
        }
        DISTRIBUTOR.claimFor(_MEMBER);
        assertEq(_MEMBER.balance, 300e18, "HPC");
    }

    function testAnyNodeThatProvesPowerEarnsHPC() public {
        _usePower(1, 0);
        _setUnits(_MEMBER, 1);
        _endBlock(1 days);
        _endBlock(1);
        _draw(_MEMBER);
        DISTRIBUTOR.claimFor(_MEMBER);
        assertEq(_MEMBER.balance, 0.2e18, "HPC");
    }
}
