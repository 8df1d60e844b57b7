// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Initializable} from "@openzeppelin/contracts-upgradeable/proxy/utils/Initializable.sol";
import {Council} from "../../../contracts/governance/Council.sol";
import {ICouncil} from "../../../contracts/interfaces/ICouncil.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {SystemContract} from "../../../contracts/libraries/SystemContract.sol";
import {vm} from "../support/Vm.sol";
import {CouncilTest} from "./CouncilTest.sol";

/// @dev Shows who sits, how the board decides, and that holders stand above it.
contract CouncilBoardTest is CouncilTest {
    function setUp() public {
        deployCouncil();
    }

    /* SEATING */

    function testHoldersSeatABoard() public {
        address[] memory wanted = new address[](3);
        (wanted[0], wanted[1], wanted[2]) = (director(1), director(2), director(3));
        vm.expectEmit(Predeploys.COUNCIL);
        emit ICouncil.BoardSeated(1, wanted, GENESIS_TIME + TERM);
        seat(3);
        (address[] memory directors, uint256 term, uint256 expiresAt) = COUNCIL.board();
        assertEq(directors.length, 3, "size");
        assertEq(term, 1, "term");
        assertEq(expiresAt, GENESIS_TIME + TERM, "end");
        assertTrue(COUNCIL.isDirector(director(3)), "director");
        assertTrue(!COUNCIL.isDirector(director(4)), "not elected");
    }

    function testABoardHasFrom3To15Directors() public {
        _expectBadBoard(2);
        seat(2);
        _expectBadBoard(16);
        seat(16);
        seat(15);
    }

    function testADirectorHasOneSeat() public {
        address[] memory directors = new address[](3);
        (directors[0], directors[1]) = (director(1), director(1));
        vm.expectRevert(abi.encodeWithSelector(ICouncil.CouncilBadDirector.selector, director(1)));
        vm.prank(Predeploys.TIMELOCK);
        COUNCIL.seatBoard(directors);
        directors[1] = director(2);
        vm.expectRevert(abi.encodeWithSelector(ICouncil.CouncilBadDirector.selector, address(0)));
        vm.prank(Predeploys.TIMELOCK);
        COUNCIL.seatBoard(directors);
    }

    function testFuzzOnlyHoldersSeatAndRecall(address caller) public {
        vm.assume(caller != Predeploys.TIMELOCK && caller != Predeploys.PROXY_ADMIN);
        seat(3);
        bytes memory refusal = abi.encodeWithSelector(
            SystemContract.SystemContractUnauthorized.selector,
            caller,
            Predeploys.TIMELOCK
        );
        vm.expectRevert(refusal);
        vm.prank(caller);
        COUNCIL.seatBoard(new address[](3));
        vm.expectRevert(refusal);
        vm.prank(caller);
        COUNCIL.recallBoard();
    }

    function testHoldersRecallABoard() public {
        settleIn();
        vm.expectEmit(Predeploys.COUNCIL);
        emit ICouncil.BoardRecalled(1);
        vm.expectEmit(Predeploys.COUNCIL);
        emit ICouncil.ChiefExecutiveAppointed(address(0));
        vm.prank(Predeploys.TIMELOCK);
        COUNCIL.recallBoard();
        _expectNoBoard(GENESIS_TIME);
        vm.prank(director(1));
        COUNCIL.makeMotion("");
        _expectNoBoard(GENESIS_TIME);
        vm.prank(Predeploys.TIMELOCK);
        COUNCIL.recallBoard();
    }

    function testANewBoardIsNotBoundByTheOldOnesMotions() public {
        seat(4);
        vm.prank(director(1));
        uint256 id = COUNCIL.makeMotion(abi.encodeCall(ICouncil.hireAuditor, (STRANGER)));
        seat(4);
        vm.expectRevert(
            abi.encodeWithSelector(
                ICouncil.CouncilMotionClosed.selector,
                id,
                1,
                GENESIS_TIME + 14 days
            )
        );
        vm.prank(director(2));
        COUNCIL.approveMotion(id);
    }

    /* MOTIONS */

    function testTheMajorityDecides() public {
        seat(4);
        bytes memory action = abi.encodeCall(ICouncil.hireAuditor, (STRANGER));
        vm.expectEmit(Predeploys.COUNCIL);
        emit ICouncil.MotionMade(1, director(1), action);
        vm.expectEmit(Predeploys.COUNCIL);
        emit ICouncil.MotionApproved(1, director(1));
        vm.prank(director(1));
        uint256 id = COUNCIL.makeMotion(action);
        vm.prank(director(2));
        COUNCIL.approveMotion(id);
        assertEq(COUNCIL.auditor(), address(0), "half is not enough");
        vm.expectEmit(Predeploys.COUNCIL);
        emit ICouncil.MotionCarried(id);
        vm.expectEmit(Predeploys.COUNCIL);
        emit ICouncil.AuditorHired(STRANGER);
        vm.prank(director(3));
        COUNCIL.approveMotion(id);
        assertEq(COUNCIL.auditor(), STRANGER, "carried");
        ICouncil.Motion memory motion = COUNCIL.motionOf(id);
        assertTrue(motion.carried, "closed");
        assertEq(motion.approvals, 7, "three seats");
        assertEq(COUNCIL.motionCount(), 1, "count");
    }

    function testTheChairmanDecidesWhenHalfApprove() public {
        settleIn();
        assertEq(COUNCIL.chairman(), CHIEF, "chairman");
        vm.prank(director(1));
        uint256 id = COUNCIL.makeMotion(abi.encodeCall(ICouncil.hireAuditor, (STRANGER)));
        vm.prank(CHIEF);
        COUNCIL.approveMotion(id);
        assertEq(COUNCIL.auditor(), address(0), "a quarter");
        vm.prank(director(4));
        COUNCIL.approveMotion(id);
        assertEq(COUNCIL.auditor(), STRANGER, "half and the chairman");
    }

    function testAFormerChairmanDecidesNothing() public {
        settleIn();
        vm.prank(CHIEF);
        uint256 id = COUNCIL.makeMotion(abi.encodeCall(ICouncil.hireAuditor, (STRANGER)));
        decide(abi.encodeCall(ICouncil.appointChiefExecutive, (SUPPLIER)));
        vm.prank(director(1));
        COUNCIL.approveMotion(id);
        vm.prank(director(2));
        COUNCIL.approveMotion(id);
        assertEq(COUNCIL.auditor(), address(0), "half without a chairman");
        vm.prank(SUPPLIER);
        COUNCIL.approveMotion(id);
        assertEq(COUNCIL.auditor(), STRANGER, "half and the chairman of now");
    }

    function testNobodyApprovesTwice() public {
        seat(4);
        vm.prank(director(1));
        uint256 id = COUNCIL.makeMotion("");
        vm.expectRevert(
            abi.encodeWithSelector(ICouncil.CouncilAlreadyApproved.selector, id, director(1))
        );
        vm.prank(director(1));
        COUNCIL.approveMotion(id);
    }

    function testOnlyTheBoardMakesAndApprovesMotions() public {
        seat(4);
        expectUnauthorized(STRANGER);
        vm.prank(STRANGER);
        COUNCIL.makeMotion("");
        vm.prank(director(1));
        uint256 id = COUNCIL.makeMotion("");
        expectUnauthorized(STRANGER);
        vm.prank(STRANGER);
        COUNCIL.approveMotion(id);
        vm.expectRevert(abi.encodeWithSelector(ICouncil.CouncilUnknownMotion.selector, id + 1));
        vm.prank(director(2));
        COUNCIL.approveMotion(id + 1);
    }

    function testAMotionStaysOpenFor14Days() public {
        seat(4);
        vm.prank(director(1));
        uint256 id = COUNCIL.makeMotion(abi.encodeCall(ICouncil.hireAuditor, (STRANGER)));
        vm.warp(GENESIS_TIME + 14 days);
        vm.prank(director(2));
        COUNCIL.approveMotion(id);
        vm.warp(GENESIS_TIME + 14 days + 1);
        vm.expectRevert(
            abi.encodeWithSelector(
                ICouncil.CouncilMotionClosed.selector,
                id,
                1,
                GENESIS_TIME + 14 days
            )
        );
        vm.prank(director(3));
        COUNCIL.approveMotion(id);
    }

    function testAMotionCannotDoWhatHoldersAloneMay() public {
        seat(4);
        vm.prank(director(1));
        uint256 id = COUNCIL.makeMotion(abi.encodeCall(ICouncil.recallBoard, ()));
        vm.prank(director(2));
        COUNCIL.approveMotion(id);
        vm.expectRevert(
            abi.encodeWithSelector(
                SystemContract.SystemContractUnauthorized.selector,
                Predeploys.COUNCIL,
                Predeploys.TIMELOCK
            )
        );
        vm.prank(director(3));
        COUNCIL.approveMotion(id);
        assertTrue(!COUNCIL.motionOf(id).carried, "still open");
    }

    function testAnActionIsShort() public {
        seat(3);
        vm.expectRevert(abi.encodeWithSelector(ICouncil.CouncilTextTooLong.selector, 1025, 1024));
        vm.prank(director(1));
        COUNCIL.makeMotion(new bytes(1025));
    }

    function testFuzzWhatIsTheBoardsIsNobodyElses(address caller) public {
        vm.assume(caller != Predeploys.TIMELOCK && caller != Predeploys.PROXY_ADMIN);
        vm.assume(caller != Predeploys.COUNCIL);
        seat(3);
        vm.startPrank(caller);
        expectUnauthorized(caller);
        COUNCIL.appointChiefExecutive(caller);
        expectUnauthorized(caller);
        COUNCIL.hireAuditor(caller);
        expectUnauthorized(caller);
        COUNCIL.adopt(ICouncil.Resolution.Strategy, 0, "");
        expectUnauthorized(caller);
        COUNCIL.voteBudget(RESEARCH, 1);
        expectUnauthorized(caller);
        COUNCIL.returnToTreasury(0);
        expectUnauthorized(caller);
        COUNCIL.settleQuestion(1, 0);
        vm.stopPrank();
    }

    function testHoldersOverrideTheBoard() public {
        settleIn();
        vm.prank(Predeploys.TIMELOCK);
        COUNCIL.appointChiefExecutive(STRANGER);
        assertEq(COUNCIL.chiefExecutive(), STRANGER, "appointed by holders");
    }

    /* BUDGETS OF THE BOARD */

    function testTheBoardGivesOutWhatThereIs() public {
        settleIn();
        assertEq(COUNCIL.allocated(), 90e18, "allocated");
        vm.prank(Predeploys.TIMELOCK);
        vm.expectRevert(
            abi.encodeWithSelector(ICouncil.CouncilOverBalance.selector, 70e18 + 1, 70e18)
        );
        COUNCIL.voteBudget(RESEARCH, 70e18 + 1);
        vm.expectEmit(Predeploys.COUNCIL);
        emit ICouncil.BudgetVoted(RESEARCH, 70e18);
        vm.prank(Predeploys.TIMELOCK);
        COUNCIL.voteBudget(RESEARCH, 70e18);
        assertEq(COUNCIL.committeeOf(RESEARCH).budget, 70e18, "budget");
        assertEq(COUNCIL.allocated(), 100e18, "all of it");
    }

    function testWhatIsFreeGoesBackToTheTreasury() public {
        settleIn();
        vm.startPrank(Predeploys.TIMELOCK);
        vm.expectRevert(
            abi.encodeWithSelector(ICouncil.CouncilOverBalance.selector, 10e18 + 1, 10e18)
        );
        COUNCIL.returnToTreasury(10e18 + 1);
        vm.expectEmit(Predeploys.COUNCIL);
        emit ICouncil.ReturnedToTreasury(10e18);
        COUNCIL.returnToTreasury(10e18);
        vm.stopPrank();
        assertEq(Predeploys.TREASURY.balance, 10e18, "returned");
    }

    function testTheBoardAdoptsDocuments() public {
        seat(4);
        bytes32 document = keccak256("plan of the year");
        vm.prank(director(1));
        uint256 id = COUNCIL.makeMotion(
            abi.encodeCall(ICouncil.adopt, (ICouncil.Resolution.AnnualPlan, document, "ipfs://x"))
        );
        vm.prank(director(2));
        COUNCIL.approveMotion(id);
        vm.expectEmit(Predeploys.COUNCIL);
        emit ICouncil.ResolutionAdopted(ICouncil.Resolution.AnnualPlan, document, "ipfs://x");
        vm.prank(director(3));
        COUNCIL.approveMotion(id);
    }

    function testTakesCoinFromAnyone() public {
        vm.deal(STRANGER, 5);
        vm.expectEmit(Predeploys.COUNCIL);
        emit ICouncil.Received(STRANGER, 5);
        vm.prank(STRANGER);
        (bool success, ) = Predeploys.COUNCIL.call{value: 5}("");
        assertTrue(success, "taken");
    }

    function testCannotBeInitializedAgain() public {
        vm.expectRevert(Initializable.InvalidInitialization.selector);
        COUNCIL.initialize();
        vm.expectRevert(Initializable.InvalidInitialization.selector);
        Council(payable(implementationOf(Predeploys.COUNCIL))).initialize();
    }

    function _expectBadBoard(uint256 size) private {
        vm.expectRevert(abi.encodeWithSelector(ICouncil.CouncilBadBoard.selector, size, 3, 15));
    }

    function _expectNoBoard(uint256 expiredAt) private {
        vm.expectRevert(abi.encodeWithSelector(ICouncil.CouncilNoBoard.selector, expiredAt));
    }
}
