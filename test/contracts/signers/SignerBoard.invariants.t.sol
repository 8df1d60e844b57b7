// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {EndBlockInput} from "../../../contracts/interfaces/IHubModule.sol";
import {ISignerBoard} from "../../../contracts/interfaces/ISignerBoard.sol";
import {ParamKeys} from "../../../contracts/libraries/ParamKeys.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {OneSender} from "../support/OneSender.sol";
import {vm} from "../support/Vm.sol";
import {SignersTest} from "./SignersTest.sol";

/// @dev What can happen to signers, in any order.
contract SignersHandler is SignersTest {
    uint256 private constant _NODES = 4;

    uint256 private _deposited;
    uint256 private _burnedBefore;
    bool private _started;

    /// @dev Does nothing when it is called once more.
    function setUp() public override {
        if (_started) return;
        _started = true;
        super.setUp();
        _burnedBefore = Predeploys.SUPPLY_METER.balance;
        _grantSeats(3);
        // Two missed turns are enough here, so that a run gets further.
        _setParam(ParamKeys.SIGNER_MISSED_TURNS, 2);
    }

    function join(uint256 seed, uint96 extra) external {
        address node = _node(seed);
        if (BOARD.clusterOf(node) != ISignerBoard.Cluster.Ordinary) return;
        uint96 amount = COLLATERAL + (extra % 5_000e18);
        _setPower(node, POWER);
        _fund(node, amount);
        _deposited += amount;
        vm.prank(node);
        try BOARD.applyToSign(amount) {
            _admit(node);
        } catch {}
    }

    function proveAgain(uint256 seed) external {
        _setPower(_node(seed), POWER);
    }

    function goAway(uint256 seed) external {
        vm.prank(_node(seed));
        try BOARD.resign() {} catch {}
    }

    function free(uint256 seed) external {
        _pass(1, 1 days);
        try BOARD.release(_node(seed)) {} catch {}
    }

    function stayAway(uint256 seat, uint8 times) external {
        _miss(uint16(seat % BOARD.seatCount()), times % 3);
    }

    function comeBack(uint256 seed) external {
        uint16 seat = uint16(seed % BOARD.seatCount());
        vm.prank(BOARD.seatAt(seat));
        try BOARD.recover() {} catch {}
        _pass(64, 64);
        try BOARD.restore(seat) {} catch {}
    }

    function offend(uint256 seed, uint16 bps) external {
        address node = _node(seed);
        vm.prank(Predeploys.SLASH_COURT);
        BOARD.punish(node, bps % 10_001, address(0xBEEF));
    }

    function eliminate(uint256 seed, uint256 by) external {
        uint16 seat = uint16(by % BOARD.seatCount());
        vm.prank(BOARD.actingSigner(seat));
        try BOARD.voteToEliminate(_node(seed)) {} catch {}
    }

    function newTerm() external {
        _pass(1, 7 days);
        BOARD.seatTerm();
    }

    function endOfBlock() external {
        EndBlockInput memory input = _plainInput();
        _finish(input);
    }

    function checkCollateral() external view {
        uint256 held = VAULT.freeOf(address(0xBEEF));
        for (uint256 i = 0; i < _NODES; ++i) {
            address node = _node(i);
            held += VAULT.freeOf(node) + VAULT.lockedOf(node);
            assertEq(VAULT.lockedOf(node), BOARD.collateralOf(node), "nobody else locks");
        }
        assertEq(held + Predeploys.SUPPLY_METER.balance - _burnedBefore, _deposited, "coin");
    }

    function checkSeats() external view {
        _checkBoard();
        assertTrue(BOARD.isSigner(BOARD.proposerAt(_height, 0)), "somebody proposes");
    }

    function _node(uint256 seed) private pure returns (address) {
        return _account(100 + (seed % _NODES));
    }
}

/// @dev Shows that no coin of signers is made or lost and that the board stays sound, whatever
/// members, directors and the court do in whatever order.
contract SignerBoardInvariants is OneSender {
    SignersHandler private _handler;

    function setUp() public {
        _handler = new SignersHandler();
        _handler.setUp();
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    /// @dev One function: the runner plays all sequences again for each.
    function invariantCoinIsConservedAndTheBoardIsSound() public view {
        _handler.checkCollateral();
        _handler.checkSeats();
    }
}
