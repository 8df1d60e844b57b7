// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IOnlineReward} from "../../../contracts/interfaces/IOnlineReward.sol";
import {IRewardDistributor} from "../../../contracts/interfaces/IRewardDistributor.sol";
import {MoneyTest} from "../support/MoneyTest.sol";

/// @title TS 3.2: "Network rewards can be construed as a linear function"
/// @notice Of the use of computing power, as the registry tells it, smoothed over eight days.
/// @custom:sentence Network rewards can be construed as a linear function that fluctuates according
/// to the computing power utilization in the network.
/// @custom:sentence Miners' revenue comes from online rewards and user costs.
/// @custom:sentence The reward includes two parts, one is online reward, and the other is the
/// actual task load.
contract TS32OnlineRewardTest is MoneyTest {
    address private constant _MINER = address(0xA1);

    function testTheRewardFollowsTheUseOfPower() public {
        _usePower(1_000_000, 300_000);
        _settleDown();
        assertEq(_earnedInAnEpoch(), 2e18, "30 % at work: 10 units earn 2");
        _usePower(1_000_000, 400_000);
        _settleDown();
        assertEq(_earnedInAnEpoch(), 1.3e18, "40 %: 1.3");
        _usePower(1_000_000, 500_000);
        _settleDown();
        assertEq(_earnedInAnEpoch(), 0.6e18, "50 %: 0.6");
        _usePower(1_000_000, 1_000_000);
        _settleDown();
        assertEq(_earnedInAnEpoch(), 0.3e18, "all of it: 0.3");
    }

    function testFuzzLinearBetween30And50Percent(uint16 a) public view {
        uint256 u = 3_000 + (a % 2_001);
        // 0.20 HPC less 0.00007 HPC for each hundredth of a percent.
        assertEq(ONLINE.rateAt(u), 0.2e18 - (u - 3_000) * 0.00007e18, "line");
    }

    function testFuzzLinearBetween50And100Percent(uint16 a) public view {
        uint256 u = 5_000 + (a % 5_001);
        assertEq(ONLINE.rateAt(u), 0.06e18 - (u - 5_000) * 0.000006e18, "line");
    }

    function testItIsPaidBesidesWhatUsersPay() public {
        _usePower(1_000_000, 0);
        assertEq(_earnedInAnEpoch(), 2e18, "without any task");
        uint256 amount = _draw(_MINER);
        assertEq(DISTRIBUTOR.paid(IRewardDistributor.Pool.Online), amount, "out of its pool");
    }

    function _settleDown() private {
        for (uint256 i = 0; i < 95; ++i) {
            _endBlock(1 days);
        }
        if (ONLINE.earnedOf(IOnlineReward.Service.Compute, _MINER) != 0) _draw(_MINER);
    }

    function _earnedInAnEpoch() private returns (uint256) {
        _setUnits(_MINER, 10);
        _endBlock(1 days);
        _endBlock(1 days);
        return ONLINE.earnedOf(IOnlineReward.Service.Compute, _MINER);
    }
}
