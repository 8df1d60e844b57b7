// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IOnlineReward} from "../../../contracts/interfaces/IOnlineReward.sol";
import {MoneyTest} from "../support/MoneyTest.sol";
import {vm} from "../support/Vm.sol";

/// @title SC 4.3: "when the network usage reaches 100%, the income will also be reduced"
/// @notice 0.20 HPC a file up to 30 % of use, 0.06 at 50 %, 0.03 at 100 %, linear in between.
/// @custom:sentence Smart network does not set a fixed output ratio and output time of HPC, but is
/// based on the dynamic service network status and increases with network demand.
/// @custom:sentence when the network usage is less than 30%, a node can obtain 10 files by storing
/// 10 files. 2 HPC income
/// @custom:sentence when the network usage reaches more than 50%, a node receives 50 files and gets
/// 3 HPC income
/// @custom:sentence when the network usage reaches 100%, the income will also be reduced by serving
/// the same number of files, but the cumulative service The larger the quantity, the greater the
/// benefits will be.
contract SC43UtilisationTest is MoneyTest {
    IOnlineReward.Service private constant _STORAGE = IOnlineReward.Service.Storage;
    address private constant _MARKET = 0x90ca000000000000000000000000000000000030;
    address private constant _NODE = address(0xA0);

    function testTenFilesEarn2HPCBelow30Percent() public {
        assertEq(_earnedWith(10, 2_900), 2e18, "29 %");
        assertEq(ONLINE.rateAt(0), 0.2e18, "nothing in use");
        assertEq(ONLINE.rateAt(3_000), 0.2e18, "30 %");
        assertTrue(ONLINE.rateAt(3_001) < 0.2e18, "and less above");
    }

    function testFiftyFilesEarn3HPCAt50Percent() public {
        assertEq(_earnedWith(50, 5_000), 3e18, "50 %");
    }

    function testFiftyFilesEarnLessAt100Percent() public {
        assertEq(_earnedWith(50, 10_000), 1.5e18, "100 %");
    }

    function testWhoServesMoreEarnsMore() public {
        assertEq(_earnedWith(200, 10_000), 6e18, "four times as much for four times the files");
    }

    function testTheRateIsLinearBetweenTheCorners() public view {
        assertEq(ONLINE.rateAt(3_500), 0.165e18, "35 %");
        assertEq(ONLINE.rateAt(4_000), 0.13e18, "40 %");
        assertEq(ONLINE.rateAt(4_500), 0.095e18, "45 %");
        assertEq(ONLINE.rateAt(5_000), 0.06e18, "50 %");
        assertEq(ONLINE.rateAt(7_500), 0.045e18, "75 %");
        assertEq(ONLINE.rateAt(10_000), 0.03e18, "100 %");
        // 0.14 HPC over 2,000 steps, 0.03 HPC over 5,000 steps.
        assertEq(ONLINE.rateAt(3_001), 0.19993e18, "one step");
        assertEq(ONLINE.rateAt(5_001), 0.059994e18, "one step");
    }

    function testOutputGrowsWithDemandAndNotWithTime() public {
        assertEq(_earnedWith(0, 2_900), 0, "nobody serves, nothing is paid");
        assertEq(_earnedWith(10, 2_900), 2e18, "ten files");
        assertEq(_earnedWith(100, 2_900), 22e18, "a hundred more");
    }

    /// @dev What `files` bring in one epoch once the network has been that busy for long.
    function _earnedWith(uint32 files, uint32 utilisationBps) private returns (uint256) {
        vm.prank(_MARKET);
        ONLINE.reportUtilisation(_STORAGE, utilisationBps);
        for (uint256 i = 0; i < 95; ++i) {
            _endBlock(1 days);
        }
        assertEq(ONLINE.utilisationOf(_STORAGE), utilisationBps, "utilisation");
        vm.prank(_MARKET);
        ONLINE.setFiles(_STORAGE, _NODE, files);
        _endBlock(1 days);
        _endBlock(1 days);
        return ONLINE.earnedOf(_STORAGE, _NODE);
    }
}
