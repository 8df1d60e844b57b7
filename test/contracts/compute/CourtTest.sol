// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {vm} from "../support/Vm.sol";
import {OracleTest} from "./OracleTest.sol";

/// @title Base of the tests of disputes: helpers that play the parts of juries.
abstract contract CourtTest is OracleTest {
    function jury(uint256 id, uint8 round) internal view returns (address[] memory members) {
        (members, , ) = ORACLES.committeeOf(uint256(COURT.juryKeyOf(id, round)));
    }

    /// @dev The first `count` jurors of the round vote.
    function voteAll(uint256 id, uint8 round, uint256 count, bool isFaulty) internal {
        address[] memory members = jury(id, round);
        for (uint256 i = 0; i < count; ++i) {
            vm.prank(members[i]);
            COURT.vote(id, isFaulty);
        }
    }

    function closeAfterAppeal(uint256 id) internal {
        vm.warp(timeNow() + 3_601);
        vm.prank(STRANGER);
        COURT.close(id);
    }
}
