// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRewardDistributor} from "../../../contracts/interfaces/IRewardDistributor.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {MoneyTest} from "../support/MoneyTest.sol";
import {vm} from "../support/Vm.sol";

/// @title SC 4.3: "The HPC for this particular node can be derived directly from AutoMine."
/// @notice 5 % of the subsidy, credited to one named node in every block, until a vote finds that
/// there is liquidity enough.
/// @custom:sentence traffic blocks will be periodically provided to the network by special nodes.
/// @custom:sentence The HPC for this particular node can be derived directly from AutoMine.
contract SC43AutoMineTest is MoneyTest {
    IRewardDistributor.Pool private constant _AUTO_MINE = IRewardDistributor.Pool.AutoMine;
    address private constant _NODE = address(0xA0);

    function setUp() public override {
        super.setUp();
        vm.prank(Predeploys.TIMELOCK);
        DISTRIBUTOR.setSpender(_AUTO_MINE, _NODE);
    }

    function testTheSpecialNodeGets5PercentOfEachBlock() public {
        _endBlock(100);
        uint256 before = DISTRIBUTOR.creditOf(_NODE);
        _endBlock(1);
        // 5 % of 83.181230511825994372 HPC
        assertEq((DISTRIBUTOR.creditOf(_NODE) - before) / 10, 415_906_152_559_129_971, "credit");
    }

    function testAVoteSwitchesItOffWhenThereIsLiquidity() public {
        _endBlock(100);
        _endBlock(1);
        uint256 credit = DISTRIBUTOR.creditOf(_NODE);
        uint256 reserve = Predeploys.EMISSION_RESERVE.balance;
        vm.prank(Predeploys.TIMELOCK);
        DISTRIBUTOR.setSpender(_AUTO_MINE, address(0));
        _endBlock(1_000_000);
        _endBlock(1);
        assertEq(DISTRIBUTOR.creditOf(_NODE), credit, "no more");
        assertEq(DISTRIBUTOR.paid(_AUTO_MINE), credit, "its share stays in the reserve");
        assertTrue(Predeploys.EMISSION_RESERVE.balance >= reserve - 1e18, "but for gas refunds");
    }

    function testAVoteGivesItsShareToStorage() public {
        vm.startPrank(Predeploys.TIMELOCK);
        DISTRIBUTOR.setSpender(_AUTO_MINE, address(0));
        DISTRIBUTOR.setShares([uint16(3_000), 1_000, 2_000, 1_500, 1_500, 0, 500, 500]);
        vm.stopPrank();
        _endBlock(100);
        uint256 before = DISTRIBUTOR.accrued(IRewardDistributor.Pool.Storage);
        _endBlock(1);
        assertEq(
            (DISTRIBUTOR.accrued(IRewardDistributor.Pool.Storage) - before) / 10,
            1_247_718_457_677_389_915,
            "15 %"
        );
    }
}
