// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {EndBlockInput, IHubModule} from "../../../contracts/interfaces/IHubModule.sol";
import {ICollateralVault} from "../../../contracts/interfaces/ICollateralVault.sol";
import {INodeRegistry} from "../../../contracts/interfaces/INodeRegistry.sol";
import {IProtocolParams} from "../../../contracts/interfaces/IProtocolParams.sol";
import {IRewardDistributor} from "../../../contracts/interfaces/IRewardDistributor.sol";
import {ISignerBoard} from "../../../contracts/interfaces/ISignerBoard.sol";
import {ISlashCourt} from "../../../contracts/interfaces/ISlashCourt.sol";
import {ISystemHub} from "../../../contracts/interfaces/ISystemHub.sol";
import {ParamKeys} from "../../../contracts/libraries/ParamKeys.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {PocaTest} from "../support/PocaTest.sol";
import {PowerGrant} from "../support/PowerGrant.sol";
import {vm} from "../support/Vm.sol";

/// @title Base of tests about signers, on the development chain's genesis.
/// @dev Members are nodes of the registry that have answered a challenge; the hub says that the
/// oracles found the answer right. A proof holds for 30 days here, and costs no bond.
abstract contract SignersTest is PocaTest {
    ISignerBoard internal constant BOARD = ISignerBoard(Predeploys.SIGNER_BOARD);
    ISlashCourt internal constant COURT = ISlashCourt(Predeploys.SLASH_COURT);
    ICollateralVault internal constant VAULT = ICollateralVault(Predeploys.COLLATERAL_VAULT);
    INodeRegistry internal constant NODES = INodeRegistry(Predeploys.NODE_REGISTRY);
    IRewardDistributor internal constant DISTRIBUTOR = IRewardDistributor(
        Predeploys.REWARD_DISTRIBUTOR
    );

    IRewardDistributor.Pool internal constant STANDBY_POOL = IRewardDistributor.Pool.Standby;

    /// @dev What a candidate locks at least.
    uint96 internal constant COLLATERAL = 1_000e18;
    uint64 internal constant POWER = 500_000;

    /// @dev Proposer of the current block.
    address internal _turnOf;

    error TestFailed(string what, uint256 actual, uint256 expected);

    function setUp() public virtual override {
        super.setUp();
        vm.prank(Predeploys.TIMELOCK);
        DISTRIBUTOR.setSpender(IRewardDistributor.Pool.Standby, Predeploys.SIGNER_BOARD);
        _setParam(ParamKeys.NODE_PROOF_MAX_AGE, 30 days);
        _setParam(ParamKeys.NODE_CHALLENGE_BOND, 0);
        _turnOf = _proposer();
    }

    /// @dev Private keys of members start at 1,000.
    function _account(uint256 index) internal pure returns (address) {
        return vm.addr(1_000 + index);
    }

    /// @dev Governance grants seats 1, 2, … to accounts 1, 2, …, without collateral.
    function _grantSeats(uint256 seats) internal {
        for (uint256 i = BOARD.seatCount(); i < seats; ++i) {
            vm.prank(Predeploys.TIMELOCK);
            BOARD.grantSeat(_account(i));
        }
    }

    function _setParam(bytes32 key, uint256 value) internal {
        vm.prank(Predeploys.TIMELOCK);
        IProtocolParams(Predeploys.PROTOCOL_PARAMS).set(key, value);
    }

    /// @dev The account proves this power in place of what it had; with 0 it retires.
    function _setPower(address account, uint64 power) internal {
        if (power == 0) {
            vm.prank(account);
            NODES.retire();
            return;
        }
        _pass(1, 1);
        PowerGrant.grant(account, power);
    }

    function _fund(address account, uint256 amount) internal {
        vm.deal(address(this), amount);
        VAULT.depositFor{value: amount}(account);
    }

    function _applyWith(address account, uint96 collateral, uint64 power) internal {
        _setPower(account, power);
        _fund(account, collateral);
        vm.prank(account);
        BOARD.applyToSign(collateral);
    }

    /// @dev Just enough seats vote for it.
    function _admit(address candidate) internal {
        uint256 seats = BOARD.seatCount();
        for (uint16 i = 0; i <= seats / 2; ++i) {
            vm.prank(BOARD.actingSigner(i));
            BOARD.voteToAdmit(candidate);
        }
    }

    function _join(address account, uint96 collateral, uint64 power) internal {
        _applyWith(account, collateral, power);
        _admit(account);
    }

    function _plainInput() internal view returns (EndBlockInput memory input) {
        input.height = _height;
        input.parentSigners = type(uint256).max;
    }

    /// @dev The hub's call alone, and one second to the next block.
    function _tell(address module, EndBlockInput memory input) internal {
        vm.prank(Predeploys.SYSTEM_HUB);
        IHubModule(module).onEndBlock(input);
        _pass(1, 1);
    }

    /// @dev `seat` misses its turn `times` blocks in a row.
    function _miss(uint16 seat, uint256 times) internal {
        for (uint256 i = 0; i < times; ++i) {
            EndBlockInput memory input = _plainInput();
            input.skippedSeats = new uint16[](1);
            input.skippedSeats[0] = seat;
            _tell(Predeploys.SIGNER_BOARD, input);
        }
    }

    /// @dev Blocks and seconds go by without anything happening.
    function _pass(uint64 blocks, uint256 seconds_) internal {
        _height += blocks;
        _time += seconds_;
        vm.roll(_height);
        vm.warp(_time);
        _turnOf = _proposer();
        vm.coinbase(_turnOf);
    }

    /// @dev Who had the turn when the block began ends it, whatever happened to its seat since.
    function _finish(EndBlockInput memory input) internal {
        vm.prank(_turnOf, _turnOf);
        ISystemHub(Predeploys.SYSTEM_HUB).endBlock{gas: SYSTEM_TX_GAS}(input);
        _pass(1, 1);
    }

    /// @dev What holds of the board at any time.
    function _checkBoard() internal view {
        uint256 count = BOARD.seatCount();
        assertTrue(count >= 1 && count <= 127, "between 1 and 127 seats");
        uint256 proxies = 0;
        for (uint16 i = 0; i < count; ++i) {
            ISignerBoard.Seat memory seat = BOARD.seatInfo(i);
            ISignerBoard.Member memory director = BOARD.memberOf(seat.director);
            assertEq(uint256(director.cluster), 3, "the holder is a director");
            assertEq(director.seat, i, "the holder knows its seat");
            assertTrue(seat.weight >= 1 && seat.weight <= 16, "weight");
            assertTrue(BOARD.isSigner(BOARD.actingSigner(i)), "somebody signs");
            assertTrue(director.acting == (seat.proxy == address(0)), "exactly one signs");
            if (seat.proxy == address(0)) continue;
            ++proxies;
            assertTrue(BOARD.isStandby(seat.proxy), "a standby acts");
            assertEq(BOARD.memberOf(seat.proxy).seat, i, "the proxy knows its seat");
        }
        assertEq(BOARD.proxyCount(), proxies, "proxies");
    }

    function assertEq(uint256 actual, uint256 expected, string memory what) internal pure {
        require(actual == expected, TestFailed(what, actual, expected));
    }

    function assertEq(address actual, address expected, string memory what) internal pure {
        require(
            actual == expected,
            TestFailed(what, uint256(uint160(actual)), uint256(uint160(expected)))
        );
    }

    function assertTrue(bool condition, string memory what) internal pure {
        require(condition, TestFailed(what, 0, 1));
    }
}
