// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {INodeRegistry} from "../../../contracts/interfaces/INodeRegistry.sol";
import {WorkTest} from "../support/WorkTest.sol";

/// @title TS 3.2: "encourage all the nodes to prove their abilities"
/// @custom:sentence The latter is to encourage all the nodes to prove their abilities (cheat-proof)
/// and give them corresponding rewards in the light of the performance.
/// @custom:sentence Lower-layer network nodes Ensure the effectiveness of equipment capabilities
/// and actual contribution value to the entire network to obtain incentives.
contract TS32ChallengeTakingRewardsTest is WorkTest {
    function testAllWhoProveThemselvesShareByPerformance() public {
        prove(node(0), 1_000);
        prove(node(1), 2_000);
        prove(node(2), 5_000);
        uint32 epoch = CHALLENGES.currentEpoch();
        _endBlock(1 days);
        _endBlock(1);
        CHALLENGES.closeEpoch();
        uint256 budget = CHALLENGES.epochAt(epoch).budget;
        assertTrue(budget > 0, "a budget");
        assertEq(CHALLENGES.claim(node(0)), budget / 8, "one eighth");
        assertEq(CHALLENGES.claim(node(1)), budget / 4, "a quarter");
        assertEq(CHALLENGES.claim(node(2)), (budget * 5) / 8, "five eighths");
    }

    function testCheatingIsNotRewarded() public {
        prove(node(0), 1_000);
        (INodeRegistry.Claim memory claim, INodeRegistry.Opening memory opening) = cheat(
            node(1),
            128,
            48
        );
        // Some of its entries are zeros, and anyone shows that.
        CHALLENGES.disprove(node(1), claim, 0, opening);
        assertEq(CHALLENGES.rewardOf(node(1)), 0, "nothing");
        assertEq(CHALLENGES.epochAt(CHALLENGES.currentEpoch()).power, 1_000, "the others' shares");
    }
}
