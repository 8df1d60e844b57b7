// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRewardDistributor} from "../../../contracts/interfaces/IRewardDistributor.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {NodesTest} from "../support/NodesTest.sol";

/// @title TS 2.4: "The node will prove its capability by taking the challenges"
/// @custom:sentence The node will prove its capability by taking the challenges and win for itself
/// the chances to acquire the computing tasks (including artificial intelligence algorithm models
/// and training data), after which it will obtain token as rewards through blockchain.
/// @custom:sentence The compute nodes join the network and obtain computing tasks.
contract TS24ChallengesWinTasksTest is NodesTest {
    function testWithoutAPassedChallengeThereIsNoTask() public {
        assertTrue(REGISTRY.reasonOf(node(0)) == "unregistered", "a stranger");
        answer(node(0), 5_000, new bytes(16_384));
        assertTrue(REGISTRY.reasonOf(node(0)) == "unproved", "not judged yet");
        assertEq(REGISTRY.draw("task", 1, "test", 0, nobody).length, 0, "nobody to draw");
        attest(node(0), 5_000);
        assertTrue(drawOne(0) == node(0), "drawn");
    }

    function testTheChancesGrowWithTheProvedPower() public {
        prove(node(0), 1_000);
        prove(node(1), 3_000);
        assertEq(REGISTRY.weightOf(node(0)) * 3, REGISTRY.weightOf(node(1)), "three to one");
    }

    function testAFailedChallengeWinsNothing() public {
        answer(node(0), 5_000, new bytes(16_384));
        attest(node(0), 0);
        assertEq(REGISTRY.draw("task", 1, "test", 0, nobody).length, 0, "nobody to draw");
    }

    function testPassingIsRewardedWithCoin() public {
        prove(node(0), 5_000);
        _endBlock(2 days);
        _endBlock(1);
        uint256 amount = CHALLENGES.claim(node(0));
        assertTrue(amount > 0, "earned");
        IRewardDistributor(Predeploys.REWARD_DISTRIBUTOR).claimFor(node(0));
        assertEq(node(0).balance, amount, "coin");
    }
}
