// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Initializable} from "@openzeppelin/contracts-upgradeable/proxy/utils/Initializable.sol";
import {IVotes} from "@openzeppelin/contracts/governance/utils/IVotes.sol";
import {VotingPower} from "../../../contracts/governance/VotingPower.sol";
import {IVotingPower} from "../../../contracts/interfaces/IVotingPower.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {RefusingReceiver} from "../../../contracts/mocks/RefusingReceiver.sol";
import {SystemTest} from "../support/SystemTest.sol";
import {vm} from "../support/Vm.sol";

/// @dev Shows that locked coin votes for its holder without a further act, can be delegated and
/// taken back, and comes out again whole.
contract VotingPowerTest is SystemTest {
    IVotingPower private constant _POWER = IVotingPower(Predeploys.VOTING_POWER);
    address private constant _ALICE = address(0xA11CE);
    address private constant _BOB = address(0xB0B);

    function setUp() public {
        vm.warp(GENESIS_TIME);
        deployGovernance();
        vm.deal(_ALICE, 100);
        vm.deal(_BOB, 100);
    }

    function testLockedCoinCountsAtOnce() public {
        vm.prank(_ALICE);
        vm.expectEmit(Predeploys.VOTING_POWER);
        emit IVotes.DelegateVotesChanged(_ALICE, 0, 60);
        vm.expectEmit(Predeploys.VOTING_POWER);
        emit IVotingPower.VotesLocked(_ALICE, 60);
        _POWER.lock{value: 60}();
        assertEq(_POWER.getVotes(_ALICE), 60, "votes");
        assertEq(_POWER.lockedOf(_ALICE), 60, "locked");
        assertEq(_POWER.totalLocked(), 60, "total");
        assertEq(_POWER.delegates(_ALICE), _ALICE, "votes for itself");
        assertEq(Predeploys.VOTING_POWER.balance, 60, "backed");
    }

    function testThePastIsKeptBySeconds() public {
        vm.prank(_ALICE);
        _POWER.lock{value: 60}();
        vm.warp(GENESIS_TIME + 10);
        vm.prank(_ALICE);
        _POWER.unlock(20);
        vm.warp(GENESIS_TIME + 20);
        assertEq(_POWER.clock(), GENESIS_TIME + 20, "clock");
        assertEq(keccak256(bytes(_POWER.CLOCK_MODE())), keccak256("mode=timestamp"), "mode");
        assertEq(_POWER.getPastVotes(_ALICE, GENESIS_TIME - 1), 0, "before");
        assertEq(_POWER.getPastVotes(_ALICE, GENESIS_TIME + 9), 60, "then");
        assertEq(_POWER.getPastVotes(_ALICE, GENESIS_TIME + 10), 40, "now");
        assertEq(_POWER.getPastTotalSupply(GENESIS_TIME + 9), 60, "total then");
    }

    function testDelegatesAndTakesBack() public {
        vm.startPrank(_ALICE);
        _POWER.lock{value: 60}();
        vm.expectEmit(Predeploys.VOTING_POWER);
        emit IVotes.DelegateChanged(_ALICE, _ALICE, _BOB);
        _POWER.delegate(_BOB);
        assertEq(_POWER.getVotes(_ALICE), 0, "given");
        assertEq(_POWER.getVotes(_BOB), 60, "taken");
        _POWER.lock{value: 10}();
        assertEq(_POWER.getVotes(_BOB), 70, "later coin follows");
        _POWER.delegate(address(0));
        assertEq(_POWER.delegates(_ALICE), _ALICE, "back");
        assertEq(_POWER.getVotes(_ALICE), 70, "votes back");
        _POWER.unlock(70);
        assertEq(_POWER.getVotes(_ALICE), 0, "none left");
        vm.stopPrank();
    }

    function testUnlocksWhatIsLocked() public {
        vm.startPrank(_ALICE);
        _POWER.lock{value: 60}();
        vm.expectRevert(
            abi.encodeWithSelector(IVotingPower.VotingPowerInsufficient.selector, _ALICE, 61, 60)
        );
        _POWER.unlock(61);
        vm.expectEmit(Predeploys.VOTING_POWER);
        emit IVotingPower.VotesUnlocked(_ALICE, 60);
        _POWER.unlock(60);
        assertEq(_ALICE.balance, 100, "whole");
        vm.expectRevert(IVotingPower.VotingPowerZeroAmount.selector);
        _POWER.unlock(0);
        vm.expectRevert(IVotingPower.VotingPowerZeroAmount.selector);
        _POWER.lock();
        vm.stopPrank();
    }

    function testARefusedPaymentKeepsTheVotes() public {
        RefusingReceiver account = new RefusingReceiver();
        vm.deal(address(this), 5);
        account.forward{value: 5}(Predeploys.VOTING_POWER, abi.encodeCall(IVotingPower.lock, ()));
        vm.expectRevert(
            abi.encodeWithSelector(IVotingPower.VotingPowerTransferFailed.selector, account, 5)
        );
        account.forward(Predeploys.VOTING_POWER, abi.encodeCall(IVotingPower.unlock, (5)));
        assertEq(_POWER.getVotes(address(account)), 5, "votes");
    }

    function testUnlockingCannotBeReentered() public {
        RefusingReceiver account = new RefusingReceiver();
        vm.deal(address(this), 5);
        account.forward{value: 5}(Predeploys.VOTING_POWER, abi.encodeCall(IVotingPower.lock, ()));
        vm.prank(_ALICE);
        _POWER.lock{value: 50}();
        account.act(Predeploys.VOTING_POWER, abi.encodeCall(IVotingPower.unlock, (5)));
        account.forward(Predeploys.VOTING_POWER, abi.encodeCall(IVotingPower.unlock, (5)));
        assertTrue(!account.actSucceeded(), "second time");
        assertEq(address(account).balance, 5, "paid once");
    }

    function testFuzzVotesAreNeitherMadeNorLost(uint8[30] calldata moves) public {
        address[3] memory accounts = [_ALICE, _BOB, address(0xCA401)];
        vm.deal(address(0xCA401), 100);
        for (uint256 i = 0; i < moves.length; ++i) {
            address account = accounts[moves[i] % 3];
            uint256 amount = (moves[i] >> 4) + 1;
            vm.startPrank(account);
            if (moves[i] % 4 == 0 && account.balance >= amount) _POWER.lock{value: amount}();
            if (moves[i] % 4 == 1 && _POWER.lockedOf(account) >= amount) _POWER.unlock(amount);
            if (moves[i] % 4 == 2) _POWER.delegate(accounts[(moves[i] >> 4) % 3]);
            if (moves[i] % 4 == 3) _POWER.delegate(address(0));
            vm.stopPrank();
        }
        uint256 votes = 0;
        uint256 locked = 0;
        for (uint256 i = 0; i < 3; ++i) {
            votes += _POWER.getVotes(accounts[i]);
            locked += _POWER.lockedOf(accounts[i]);
        }
        assertEq(votes, locked, "votes");
        assertEq(locked, _POWER.totalLocked(), "total");
        assertEq(locked, Predeploys.VOTING_POWER.balance, "backed");
    }

    function testTakesNoPlainTransfer() public {
        vm.prank(_ALICE);
        (bool success, ) = Predeploys.VOTING_POWER.call{value: 1}("");
        assertTrue(!success, "refused");
    }

    function testCannotBeInitializedAgain() public {
        vm.expectRevert(Initializable.InvalidInitialization.selector);
        VotingPower(Predeploys.VOTING_POWER).initialize();
        vm.expectRevert(Initializable.InvalidInitialization.selector);
        VotingPower(implementationOf(Predeploys.VOTING_POWER)).initialize();
    }
}
