// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IOnlineReward} from "../../../contracts/interfaces/IOnlineReward.sol";
import {MoneyTest} from "../support/MoneyTest.sol";
import {vm} from "../support/Vm.sol";

/// @title TS 4.4.1: "the improved POW algorithm will be used for initial Coin distribution"
/// @notice New coin goes to proved work, whatever the worker owns.
/// @custom:sentence Since the POS will cause unfair distribution, the improved POW algorithm will
/// be used for initial Coin distribution.
/// @custom:sentence The POW compute node is responsible for the production and distribution of
/// tokens.
/// @custom:sentence PoW is used to generate and distribute Tesra coins.
/// @custom:sentence During POS+POW mining, nodes that successfully complete the proof of work
/// before the block production will be rewarded.
/// @custom:sentence Through this algorithm, those who provide computing resources in the Smart
/// public chain can obtain the block rewards and benefits of the Smart public chain, and reward
/// them for their contributions to the system.
/// @custom:sentence distribute coins through improved "POW".
contract TS441FairDistributionTest is MoneyTest {
    IOnlineReward.Service private constant _COMPUTE = IOnlineReward.Service.Compute;
    address private constant _RICH = address(0xA1);
    address private constant _POOR = address(0xA2);

    function testHalfOfTheSubsidyIsForProvedWork() public view {
        uint16[8] memory shares = DISTRIBUTOR.shares();
        // Online, Challenge, Storage and Transmission.
        assertEq(shares[2] + shares[3] + shares[4] + shares[7], 5_000, "50 %");
    }

    function testCoinAloneEarnsNothing() public {
        vm.deal(_RICH, 50_000_000e18);
        _setUnits(_POOR, 10);
        _endBlock(1 days);
        _endBlock(1);
        assertEq(ONLINE.earnedOf(_COMPUTE, _POOR), 2e18, "work");
        assertEq(ONLINE.earnedOf(_COMPUTE, _RICH), 0, "wealth");
    }

    function testFuzzTheSameWorkEarnsTheSame(uint96 wealth, uint16 units) public {
        vm.deal(_RICH, wealth);
        _setUnits(_RICH, units);
        _setUnits(_POOR, units);
        _endBlock(1 days);
        _endBlock(1);
        assertEq(ONLINE.earnedOf(_COMPUTE, _POOR), ONLINE.earnedOf(_COMPUTE, _RICH), "equal work");
    }
}
