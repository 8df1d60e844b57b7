// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICouncil} from "../../../contracts/interfaces/ICouncil.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {CouncilTest} from "../governance/CouncilTest.sol";
import {vm} from "../support/Vm.sol";

/// @title TS 9.1: "without distributing profits to its members"
/// @custom:sentence The profit earned by the fund is called a surplus and reserves are used as
/// funds for other activities without distributing profits to its members.
contract TS91SurplusTest is CouncilTest {
    function setUp() public {
        deployCouncil();
        settleIn();
    }

    function testNoCoinGoesToADirectorOrTheChiefExecutive() public {
        address[3] memory members = [director(1), director(4), CHIEF];
        for (uint256 i = 0; i < 3; ++i) {
            vm.expectRevert(abi.encodeWithSelector(ICouncil.CouncilOwnPocket.selector, members[i]));
            vm.prank(RESEARCHER);
            COUNCIL.requestSpending(RESEARCH, members[i], 1e18, "a share of the profit");
        }
    }

    function testNorToOneWhoBecameADirectorMeanwhile() public {
        vm.prank(RESEARCHER);
        uint256 id = COUNCIL.requestSpending(RESEARCH, director(9), 1e18, "advice");
        seat(9);
        vm.expectRevert(abi.encodeWithSelector(ICouncil.CouncilOwnPocket.selector, director(9)));
        vm.prank(TREASURER);
        COUNCIL.releaseSpending(id);
    }

    function testTheSurplusGoesBackToBeUsedAgain() public {
        vm.deal(Predeploys.TREASURY, 0);
        decide(abi.encodeCall(ICouncil.returnToTreasury, (10e18)));
        assertEq(Predeploys.TREASURY.balance, 10e18, "what no budget needs");
        assertEq(Predeploys.COUNCIL.balance, 90e18, "the budgets");
    }
}
