// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IContributionBoard} from "../../../contracts/interfaces/IContributionBoard.sol";
import {IEmissionReserve} from "../../../contracts/interfaces/IEmissionReserve.sol";
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
    IContributionBoard private constant _BOARD = IContributionBoard(Predeploys.CONTRIBUTION_BOARD);
    IEmissionReserve private constant _RESERVE = IEmissionReserve(Predeploys.EMISSION_RESERVE);
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

    function testDiscoveryIsAwardedFromTheEcosystemsPool() public {
        _endBlock(1 days);
        _endBlock(1);
        uint256 accrued = DISTRIBUTOR.accrued(IRewardDistributor.Pool.Ecosystem);
        vm.prank(_NODE);
        uint256 id = _BOARD.file(IContributionBoard.Kind.Promotion, "fifty nodes joined", "");
        vm.prank(Predeploys.TIMELOCK);
        _BOARD.award(id, IContributionBoard.Importance.High, 200e18);
        assertEq(DISTRIBUTOR.paid(IRewardDistributor.Pool.Ecosystem), 200e18, "who pays");
        assertEq(DISTRIBUTOR.accrued(IRewardDistributor.Pool.Ecosystem), accrued, "out of its own");
        uint256 released = _RESERVE.released();
        DISTRIBUTOR.claimFor(_NODE);
        assertEq(_NODE.balance, 200e18, "HPC for bringing nodes");
        assertEq(_RESERVE.released() - released, 200e18, "mined, not made");
    }

    function testNobodyIsAwardedMoreThanThePoolHas() public {
        _endBlock(100);
        _endBlock(1);
        uint256 available = DISTRIBUTOR.accrued(IRewardDistributor.Pool.Ecosystem);
        vm.prank(_NODE);
        uint256 id = _BOARD.file(IContributionBoard.Kind.Promotion, "fifty nodes joined", "");
        vm.prank(Predeploys.TIMELOCK);
        vm.expectRevert(
            abi.encodeWithSelector(
                IRewardDistributor.RewardDistributorOverBudget.selector,
                IRewardDistributor.Pool.Ecosystem,
                200e18,
                available
            )
        );
        _BOARD.award(id, IContributionBoard.Importance.High, 200e18);
    }

    function _accrued() private view returns (uint256[8] memory amounts) {
        for (uint256 i = 0; i < 8; ++i) {
            amounts[i] = DISTRIBUTOR.accrued(IRewardDistributor.Pool(i));
        }
    }
}
