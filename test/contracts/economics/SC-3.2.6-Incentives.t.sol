// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IOnlineReward} from "../../../contracts/interfaces/IOnlineReward.sol";
import {IRewardDistributor} from "../../../contracts/interfaces/IRewardDistributor.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {MoneyTest} from "../support/MoneyTest.sol";
import {vm} from "../support/Vm.sol";

/// @title SC 3.2.6: "computing incentives", "warehousing incentives", "bandwidth incentives"
/// @notice Each has a pool of its own: 20 and 15 % for computing, 10 % for storage, 5 % for
/// transmission. Who brings nodes and orders to the network is awarded from the ecosystem's 5 %.
/// @custom:sentence Smart has created a unique incentive system to promote resource exchange value
/// and payment transfer for data storage and distribution, including computing incentives (to
/// complete fast and reliable resource positioning), warehousing incentives (to ensure long-term
/// storage of data), and bandwidth incentives (to complete fast and stable resource location).
/// @custom:sentence discovery incentives (increasing the number of connections and order-taking
/// capabilities of the node network)
/// @custom:sentence Lower network nodes receive incentives by actually participating in sharing
/// computing power, bandwidth and storage resources.
/// @custom:sentence Nodes receive HPC (Hqsh Power Cord) as a reward.
/// @custom:sentence The incentive model ensures that nodes are rewarded for the development,
/// storage and dissemination of blocks or data.
/// @custom:sentence lower network nodes receive incentives by actually participating in sharing
/// computing power, bandwidth and storage resources.
contract SC326IncentivesTest is MoneyTest {
    address private constant _MARKET = 0x90ca000000000000000000000000000000000030;
    address private constant _NODE = address(0xA1);

    function testEachIncentiveHasItsShare() public {
        _endBlock(1_000);
        uint256[8] memory before = _accrued();
        _endBlock(1);
        uint256[8] memory now_ = _accrued();
        // Of 831.812305118259943726 HPC in 1,000 seconds, in hundredths of a HPC.
        uint256[8] memory expected = [
            uint256(24_954),
            8_318,
            16_636,
            12_477,
            8_318,
            4_159,
            4_159,
            4_159
        ];
        for (uint256 i = 0; i < 8; ++i) {
            assertEq((now_[i] - before[i]) / 1e16, expected[i], "share");
        }
    }

    function testComputingStoringAndDeliveringArePaidSideBySide() public {
        _usePower(1, 0);
        _setUnits(_NODE, 10);
        vm.startPrank(_MARKET);
        ONLINE.setFiles(IOnlineReward.Service.Storage, _NODE, 20);
        ONLINE.setFiles(IOnlineReward.Service.Transmission, _NODE, 30);
        vm.stopPrank();
        _endBlock(1 days);
        _endBlock(1);
        assertEq(ONLINE.draw(IOnlineReward.Service.Compute, _NODE), 2e18, "computing");
        assertEq(ONLINE.draw(IOnlineReward.Service.Storage, _NODE), 4e18, "warehousing");
        assertEq(ONLINE.draw(IOnlineReward.Service.Transmission, _NODE), 6e18, "bandwidth");
        assertEq(DISTRIBUTOR.creditOf(_NODE), 12e18, "HPC");
    }

    function testDiscoveryIsAwardedFromTheEcosystemsPool() public view {
        assertEq(
            DISTRIBUTOR.spenderOf(IRewardDistributor.Pool.Ecosystem),
            Predeploys.CONTRIBUTION_BOARD,
            "who pays"
        );
    }

    function _accrued() private view returns (uint256[8] memory amounts) {
        for (uint256 i = 0; i < 8; ++i) {
            amounts[i] = DISTRIBUTOR.accrued(IRewardDistributor.Pool(i));
        }
    }
}
