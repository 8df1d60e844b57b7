// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Council} from "../../../contracts/governance/Council.sol";
import {ICouncil} from "../../../contracts/interfaces/ICouncil.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {SystemTest} from "../support/SystemTest.sol";
import {vm} from "../support/Vm.sol";

/// @title Base of tests of the council: a board of four, an outside chief executive, two managers.
abstract contract CouncilTest is SystemTest {
    Council internal constant COUNCIL = Council(payable(Predeploys.COUNCIL));

    ICouncil.Committee internal constant RESEARCH = ICouncil.Committee.Research;
    ICouncil.Committee internal constant FINANCE = ICouncil.Committee.Finance;

    address internal constant CHIEF = address(0xC1EF);
    address internal constant RESEARCHER = address(0x4E5E);
    address internal constant TREASURER = address(0x74EA);
    address internal constant SUPPLIER = address(0x50FF);
    address internal constant STRANGER = address(0x57A6);

    /// @dev Two years of 365.25 days.
    uint256 internal constant TERM = 63_115_200;

    function deployCouncil() internal {
        deployCore();
        deployProxied(
            Predeploys.COUNCIL,
            vm.getCode("contracts/governance/Council.sol:Council"),
            abi.encodeCall(Council.initialize, ())
        );
    }

    function director(uint256 number) internal pure returns (address) {
        return address(uint160(0xD1000 + number));
    }

    function seat(uint256 size) internal {
        address[] memory directors = new address[](size);
        for (uint256 i = 0; i < size; ++i) {
            directors[i] = director(i + 1);
        }
        vm.prank(Predeploys.TIMELOCK);
        COUNCIL.seatBoard(directors);
    }

    /// @dev A board, its chief executive, managers of research and finance, and 100 coins.
    function settleIn() internal {
        seat(4);
        decide(abi.encodeCall(ICouncil.appointChiefExecutive, (CHIEF)));
        employ(RESEARCH, RESEARCHER);
        employ(FINANCE, TREASURER);
        vm.deal(Predeploys.COUNCIL, 100e18);
        decide(abi.encodeCall(ICouncil.voteBudget, (RESEARCH, 60e18)));
        decide(abi.encodeCall(ICouncil.voteBudget, (FINANCE, 30e18)));
    }

    function employ(ICouncil.Committee committee, address account) internal {
        vm.startPrank(CHIEF);
        COUNCIL.recruit(committee, account);
        COUNCIL.appointManager(committee, account);
        vm.stopPrank();
    }

    /// @dev Three of four directors.
    function decide(bytes memory action) internal {
        vm.prank(director(1));
        uint256 id = COUNCIL.makeMotion(action);
        vm.prank(director(2));
        COUNCIL.approveMotion(id);
        vm.prank(director(3));
        COUNCIL.approveMotion(id);
    }

    function request(uint96 amount) internal returns (uint256 id) {
        vm.prank(RESEARCHER);
        return COUNCIL.requestSpending(RESEARCH, SUPPLIER, amount, "measuring");
    }

    function expectUnauthorized(address caller) internal {
        vm.expectRevert(abi.encodeWithSelector(ICouncil.CouncilUnauthorized.selector, caller));
    }
}
