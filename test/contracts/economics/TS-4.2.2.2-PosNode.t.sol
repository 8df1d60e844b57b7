// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SignersTest} from "../signers/SignersTest.sol";

/// @title TS 4.2.2.2: "Each node that produces block successfully will receive a reward."
/// @custom:sentence Each POS node must be kept online as much as possible for equity accumulation.
/// @custom:sentence Each node that produces block successfully will receive a reward.
contract TS4222PosNodeTest is SignersTest {
    function testTheProducerOfABlockIsRewardedAndNobodyElse() public {
        _grantSeats(3);
        address producer = _turnOf;
        address idler = _account(1) == producer ? _account(2) : _account(1);
        _finish(_plainInput());
        assertTrue(DISTRIBUTOR.creditOf(producer) > 0, "producer");
        assertEq(DISTRIBUTOR.creditOf(idler), 0, "another");
    }

    function testTimeOnlineAccumulates() public {
        address node = address(0x900D);
        _join(node, 1_000e18, 1);
        uint256 first = BOARD.scoreOf(node);
        _pass(1, 7 days);
        assertEq(BOARD.scoreOf(node), 2 * first, "after one week");
        _pass(1, 14 days);
        assertEq(BOARD.scoreOf(node), 4 * first, "after three");
    }
}
