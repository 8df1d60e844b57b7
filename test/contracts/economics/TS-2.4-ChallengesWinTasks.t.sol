// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {INodeRegistry} from "../../../contracts/interfaces/INodeRegistry.sol";
import {IRewardDistributor} from "../../../contracts/interfaces/IRewardDistributor.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {WorkTest} from "../support/WorkTest.sol";
import {vm} from "../support/Vm.sol";

/// @title TS 2.4: "The node will prove its capability by taking the challenges"
/// @custom:sentence The node will prove its capability by taking the challenges and win for itself
/// the chances to acquire the computing tasks (including artificial intelligence algorithm models
/// and training data), after which it will obtain token as rewards through blockchain.
/// @custom:sentence The compute nodes join the network and obtain computing tasks.
contract TS24ChallengesWinTasksTest is WorkTest {
    function testWithoutAPassedChallengeThereIsNoTask() public {
        assertTrue(REGISTRY.reasonOf(node(0)) == "unregistered", "a stranger");
        Prepared memory prepared = commitTo(node(0), 256, 300, 0);
        assertTrue(REGISTRY.reasonOf(node(0)) == "unproved", "nothing shown yet");
        assertEq(REGISTRY.draw("task", 1, "test", 0, nobody).length, 0, "nobody to draw");
        open(node(0), prepared);
        assertTrue(drawOne(0) == node(0), "drawn");
    }

    /// @dev 300 and 900 products of 256 x 256: 5,033 and 15,099 million multiply-adds in 20
    /// seconds.
    function testTheChancesGrowWithTheWorkThatWasDone() public {
        work(node(0), 256, 300);
        work(node(1), 256, 900);
        assertEq(REGISTRY.weightOf(node(0)), 251, "once");
        assertEq(REGISTRY.weightOf(node(1)), 754, "three times the work");
    }

    /// @dev It claims a thousand times what the other does and computed all but one sample.
    function testAClaimThatWasNotWorkedForWinsNothing() public {
        Prepared memory prepared = commitTo(node(0), 256, 300_000, 1);
        vm.prank(node(0));
        (bool isOpened, ) = address(REGISTRY).call(
            abi.encodeCall(INodeRegistry.openProducts, (prepared.openings))
        );
        assertTrue(!isOpened, "not by this");
        for (uint256 i = 0; i < 257; ++i) _endBlock(1);
        REGISTRY.forfeit(node(0));
        assertEq(REGISTRY.powerOf(node(0)), 0, "no power");
        assertEq(REGISTRY.draw("task", 1, "test", 0, nobody).length, 0, "nobody to draw");
    }

    function testPassingIsRewardedWithCoin() public {
        work(node(0), 256, 300);
        _endBlock(2 days);
        _endBlock(1);
        uint256 amount = CHALLENGES.claim(node(0));
        assertTrue(amount > 0, "earned");
        IRewardDistributor(Predeploys.REWARD_DISTRIBUTOR).claimFor(node(0));
        assertEq(node(0).balance, amount, "coin");
    }
}
