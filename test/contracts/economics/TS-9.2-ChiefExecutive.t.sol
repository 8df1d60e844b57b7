// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICouncil} from "../../../contracts/interfaces/ICouncil.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {CouncilTest} from "../governance/CouncilTest.sol";
import {vm} from "../support/Vm.sol";

/// @title TS 9.2: "appointed by the Board and is also the Chairman of the Board"
/// @custom:sentence The chief executive officer is appointed by the Board and is also the Chairman
/// of the Board.
/// @custom:sentence The chief executive officer will fully implement the relevant decisions of the
/// Board, will be responsible for the day-to-day operations, and report the implementation status
/// to the Board on a regular basis.
/// @custom:sentence The chief executive has the right to set up necessary functional departments
/// and recruit managers, who are responsible for coordinating five departments
contract TS92ChiefExecutiveTest is CouncilTest {
    function setUp() public {
        deployCouncil();
        seat(4);
    }

    function testTheBoardsMajorityAppointsTheChiefExecutiveWhoIsItsChairman() public {
        vm.prank(director(1));
        uint256 id = COUNCIL.makeMotion(abi.encodeCall(ICouncil.appointChiefExecutive, (CHIEF)));
        vm.prank(director(2));
        COUNCIL.approveMotion(id);
        assertEq(COUNCIL.chiefExecutive(), address(0), "two of four are no majority");
        vm.prank(director(3));
        COUNCIL.approveMotion(id);
        assertEq(COUNCIL.chiefExecutive(), CHIEF, "three of four are");
        assertEq(COUNCIL.chairman(), CHIEF, "chairman");
    }

    function testReportsEvery90DaysOrCannotRecruit() public {
        decide(abi.encodeCall(ICouncil.appointChiefExecutive, (CHIEF)));
        vm.warp(GENESIS_TIME + 90 days);
        vm.startPrank(CHIEF);
        COUNCIL.recruit(RESEARCH, RESEARCHER);
        vm.warp(GENESIS_TIME + 90 days + 1);
        vm.expectRevert(
            abi.encodeWithSelector(ICouncil.CouncilStatusOverdue.selector, GENESIS_TIME + 90 days)
        );
        COUNCIL.recruit(RESEARCH, STRANGER);
        COUNCIL.reportStatus("what was done", "ipfs://status");
        COUNCIL.recruit(RESEARCH, STRANGER);
        vm.stopPrank();
        assertEq(COUNCIL.statusDueAt(), GENESIS_TIME + 180 days + 1, "the next one");
    }

    function testRecruitsManagersForFiveDepartments() public {
        decide(abi.encodeCall(ICouncil.appointChiefExecutive, (CHIEF)));
        vm.startPrank(CHIEF);
        for (uint8 i = 0; i < 5; ++i) {
            address manager = address(uint160(0xA000) + i);
            COUNCIL.recruit(ICouncil.Committee(i), manager);
            COUNCIL.appointManager(ICouncil.Committee(i), manager);
            assertEq(COUNCIL.committeeOf(ICouncil.Committee(i)).manager, manager, "manager");
        }
        vm.stopPrank();
        // There is no sixth.
        vm.prank(CHIEF);
        (bool success, ) = Predeploys.COUNCIL.call(
            abi.encodeWithSelector(ICouncil.recruit.selector, uint256(5), STRANGER)
        );
        assertTrue(!success, "five");
    }
}
