// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Initializable} from "@openzeppelin/contracts-upgradeable/proxy/utils/Initializable.sol";
import {CollateralVault} from "../../../contracts/compute/CollateralVault.sol";
import {ISignerBoard} from "../../../contracts/interfaces/ISignerBoard.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {SystemContract} from "../../../contracts/libraries/SystemContract.sol";
import {SignerBoard} from "../../../contracts/signers/SignerBoard.sol";
import {SystemTest} from "../support/SystemTest.sol";
import {vm} from "../support/Vm.sol";

/// @dev Shows that seats are dense, distinct, never none and never more than 127, whatever
/// governance does.
contract SignerBoardTest is SystemTest {
    ISignerBoard private constant _BOARD = ISignerBoard(Predeploys.SIGNER_BOARD);
    address private constant _SECOND = address(0xA2);
    address private constant _THIRD = address(0xA3);

    function setUp() public {
        deployCore();
        deployProxied(
            Predeploys.COLLATERAL_VAULT,
            vm.getCode("contracts/compute/CollateralVault.sol:CollateralVault"),
            abi.encodeCall(CollateralVault.initialize, ())
        );
    }

    function testStartsWithTheSeatsOfGenesis() public view {
        assertEq(_BOARD.seatCount(), 1, "count");
        assertEq(_BOARD.seatAt(0), PROPOSER, "seat 0");
        assertTrue(_BOARD.isSigner(PROPOSER), "signer");
        assertTrue(!_BOARD.isSigner(_SECOND), "stranger");
        assertTrue(!_BOARD.isSigner(address(0)), "zero");
    }

    function testTakesTurns() public {
        vm.startPrank(Predeploys.TIMELOCK);
        vm.expectEmit(Predeploys.SIGNER_BOARD);
        emit ISignerBoard.SeatGranted(1, _SECOND);
        _BOARD.grantSeat(_SECOND);
        _BOARD.grantSeat(_THIRD);
        vm.stopPrank();
        assertEq(_BOARD.proposerAt(0, 0), PROPOSER, "height 0");
        assertEq(_BOARD.proposerAt(1, 0), _SECOND, "height 1");
        assertEq(_BOARD.proposerAt(1, 1), _THIRD, "height 1, round 1");
        assertEq(_BOARD.proposerAt(5, 4), PROPOSER, "height 5, round 4");
        // (2^64 - 1) + (2^32 - 1) is 0 modulo 3.
        assertEq(_BOARD.proposerAt(type(uint64).max, type(uint32).max), PROPOSER, "the last turn");
    }

    function testTheLastSeatMovesIntoTheGap() public {
        vm.startPrank(Predeploys.TIMELOCK);
        _BOARD.grantSeat(_SECOND);
        _BOARD.grantSeat(_THIRD);
        nextBlock(1);
        vm.expectEmit(Predeploys.SIGNER_BOARD);
        emit ISignerBoard.SeatRevoked(0, PROPOSER);
        vm.expectEmit(Predeploys.SIGNER_BOARD);
        emit ISignerBoard.SeatRevoked(2, _THIRD);
        vm.expectEmit(Predeploys.SIGNER_BOARD);
        emit ISignerBoard.SeatGranted(0, _THIRD);
        _BOARD.revokeSeat(0);
        assertEq(_BOARD.seatCount(), 2, "count");
        assertEq(_BOARD.seatAt(0), _THIRD, "seat 0");
        assertEq(_BOARD.seatAt(1), _SECOND, "seat 1");
        assertTrue(_BOARD.isSigner(PROPOSER), "may still end this block");
        nextBlock(1);
        assertTrue(!_BOARD.isSigner(PROPOSER), "left");
        assertTrue(_BOARD.isSigner(_THIRD), "moved");
        _BOARD.grantSeat(PROPOSER);
        assertEq(_BOARD.seatAt(2), PROPOSER, "back again");
        vm.stopPrank();
    }

    function testRefusesWhatMakesNoSense() public {
        vm.startPrank(Predeploys.TIMELOCK);
        vm.expectRevert(
            abi.encodeWithSelector(ISignerBoard.SignerBoardSeatTaken.selector, PROPOSER)
        );
        _BOARD.grantSeat(PROPOSER);
        vm.expectRevert(ISignerBoard.SignerBoardZeroSigner.selector);
        _BOARD.grantSeat(address(0));
        vm.expectRevert(
            abi.encodeWithSelector(ISignerBoard.SignerBoardNoSuchSeat.selector, uint16(1))
        );
        _BOARD.revokeSeat(1);
        vm.expectRevert(
            abi.encodeWithSelector(ISignerBoard.SignerBoardNoSuchSeat.selector, uint16(1))
        );
        _BOARD.seatAt(1);
        vm.expectRevert(ISignerBoard.SignerBoardLastSeat.selector);
        _BOARD.revokeSeat(0);
        vm.stopPrank();
    }

    function testHolds127Seats() public {
        vm.startPrank(Predeploys.TIMELOCK);
        for (uint160 i = 1; i < 127; ++i) {
            _BOARD.grantSeat(address(0x10000 + i));
        }
        vm.expectRevert(abi.encodeWithSelector(ISignerBoard.SignerBoardFull.selector, 127));
        _BOARD.grantSeat(_SECOND);
        vm.stopPrank();
    }

    function testNeedsASeatAtGenesis() public {
        address target = address(0x90CA000000000000000000000000000000000ffF);
        vm.expectRevert(ISignerBoard.SignerBoardLastSeat.selector);
        this.deployBoard(target, new address[](0));
    }

    function testFuzzOnlyTheTimelock(address caller) public {
        vm.assume(caller != Predeploys.TIMELOCK && caller != Predeploys.PROXY_ADMIN);
        bytes memory expected = abi.encodeWithSelector(
            SystemContract.SystemContractUnauthorized.selector,
            caller,
            Predeploys.TIMELOCK
        );
        vm.startPrank(caller);
        vm.expectRevert(expected);
        _BOARD.grantSeat(caller);
        vm.expectRevert(expected);
        _BOARD.revokeSeat(0);
        vm.stopPrank();
    }

    function testFuzzSeatsStayDenseAndDistinct(uint16[40] calldata moves) public {
        vm.startPrank(Predeploys.TIMELOCK);
        for (uint256 i = 0; i < moves.length; ++i) {
            uint256 count = _BOARD.seatCount();
            address signer = address(uint160(0x10000 + (moves[i] % 64)));
            if (moves[i] & 0x8000 != 0 && count > 1) {
                _BOARD.revokeSeat(uint16(moves[i] % count));
            } else if (!_BOARD.isSigner(signer)) {
                _BOARD.grantSeat(signer);
            }
        }
        vm.stopPrank();
        uint256 seats = _BOARD.seatCount();
        assertTrue(seats > 0, "never none");
        for (uint16 i = 0; i < seats; ++i) {
            address signer = _BOARD.seatAt(i);
            assertTrue(_BOARD.isSigner(signer), "every seat holds a signer");
            for (uint16 j = 0; j < i; ++j) {
                assertTrue(_BOARD.seatAt(j) != signer, "in one seat");
            }
        }
    }

    function testCannotBeInitializedAgain() public {
        vm.expectRevert(Initializable.InvalidInitialization.selector);
        SignerBoard(Predeploys.SIGNER_BOARD).initialize(
            new address[](0),
            ISignerBoard.ProposerRule.Rotation
        );
        vm.expectRevert(Initializable.InvalidInitialization.selector);
        SignerBoard(implementationOf(Predeploys.SIGNER_BOARD)).initialize(
            new address[](0),
            ISignerBoard.ProposerRule.Rotation
        );
    }

    /// @dev A call of its own, so that its revert can be expected.
    function deployBoard(address target, address[] calldata signers) external {
        deployProxied(
            target,
            vm.getCode("contracts/signers/SignerBoard.sol:SignerBoard"),
            abi.encodeCall(SignerBoard.initialize, (signers, ISignerBoard.ProposerRule.Rotation))
        );
    }
}
