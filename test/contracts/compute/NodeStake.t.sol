// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {INodeRegistry} from "../../../contracts/interfaces/INodeRegistry.sol";
import {IProtocolParams} from "../../../contracts/interfaces/IProtocolParams.sol";
import {ParamKeys} from "../../../contracts/libraries/ParamKeys.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {SystemContract} from "../../../contracts/libraries/SystemContract.sol";
import {vm} from "../support/Vm.sol";
import {ComputeTest} from "./ComputeTest.sol";

/// @notice Stake and bond are the worker's own until it works, or cheats.
contract NodeStakeTest is ComputeTest {
    address internal constant W = address(0x3000);

    function setUp() public {
        deployCompute();
        vm.roll(1_000);
        giveCollateral(W, 100e18);
    }

    function addStake(uint96 amount) internal {
        vm.prank(W);
        REGISTRY.addStake(amount);
    }

    function withdrawStake(uint96 amount) internal {
        vm.prank(W);
        REGISTRY.withdrawStake(amount);
    }

    function setBond(uint256 amount) internal {
        vm.prank(Predeploys.TIMELOCK);
        IProtocolParams(Predeploys.PROTOCOL_PARAMS).set(ParamKeys.NODE_CHALLENGE_BOND, amount);
    }

    function register() internal {
        vm.prank(W);
        REGISTRY.register(256, 300);
    }

    function expectInUse(uint16 openSlots, uint256 notBefore) internal {
        vm.expectRevert(
            abi.encodeWithSelector(
                INodeRegistry.NodeRegistryStakeInUse.selector,
                W,
                openSlots,
                notBefore
            )
        );
    }

    /* STAKE */

    function testStakeIsLockedAndGivenBack() public {
        vm.expectEmit(Predeploys.NODE_REGISTRY);
        emit INodeRegistry.StakeAdded(W, 30e18);
        addStake(30e18);
        assertEq(REGISTRY.stakeOf(W), 30e18, "stake");
        assertEq(VAULT.freeOf(W), 70e18, "free");
        vm.expectEmit(Predeploys.NODE_REGISTRY);
        emit INodeRegistry.StakeWithdrawn(W, 10e18);
        withdrawStake(10e18);
        assertEq(REGISTRY.stakeOf(W), 20e18, "less");
        assertEq(VAULT.freeOf(W), 80e18, "free again");
    }

    function testStakeIsPositiveAndNeverOverdrawn() public {
        vm.expectRevert(INodeRegistry.NodeRegistryZeroAmount.selector);
        addStake(0);
        vm.expectRevert(INodeRegistry.NodeRegistryZeroAmount.selector);
        withdrawStake(0);
        addStake(30e18);
        vm.expectRevert(
            abi.encodeWithSelector(
                INodeRegistry.NodeRegistryInsufficientStake.selector,
                W,
                30e18 + 1,
                30e18
            )
        );
        withdrawStake(30e18 + 1);
    }

    function testStakeStaysForADayAfterTheLastSlot() public {
        addStake(30e18);
        vm.prank(Predeploys.TASK_MARKET);
        REGISTRY.onSlotOpened(W);
        expectInUse(1, 0);
        withdrawStake(1);
        pass(100);
        vm.prank(Predeploys.TASK_MARKET);
        REGISTRY.onSlotClosed(W);
        uint256 closedAt = time();
        pass(86_399);
        expectInUse(0, closedAt + 86_400);
        withdrawStake(1);
        pass(1);
        withdrawStake(30e18);
    }

    function testSlashedStakeGoesToWhomTheMarketNames() public {
        addStake(30e18 + 3);
        vm.expectEmit(Predeploys.NODE_REGISTRY);
        emit INodeRegistry.StakeSlashed(W, STRANGER, 3e18);
        vm.prank(Predeploys.TASK_MARKET);
        uint256 seized = REGISTRY.slashStake(W, 1_000, STRANGER);
        assertEq(seized, 3e18, "a tenth, rounded down");
        assertEq(VAULT.freeOf(STRANGER), 3e18, "credited");
        assertEq(REGISTRY.stakeOf(W), 27e18 + 3, "the rest");
    }

    function testSlashedStakeOfNobodyIsBurned() public {
        addStake(30e18);
        uint256 before = Predeploys.COLLATERAL_VAULT.balance;
        vm.prank(Predeploys.DISPUTE_COURT);
        assertEq(REGISTRY.slashStake(W, 10_000, address(0)), 30e18, "all of it");
        assertEq(REGISTRY.stakeOf(W), 0, "none left");
        assertEq(before - Predeploys.COLLATERAL_VAULT.balance, 30e18, "out of the vault");
        vm.prank(Predeploys.DISPUTE_COURT);
        assertEq(REGISTRY.slashStake(W, 10_000, address(0)), 0, "nothing to take");
    }

    function testOnlyMarketAndCourtSlash() public {
        vm.expectRevert(
            abi.encodeWithSelector(
                SystemContract.SystemContractUnauthorized.selector,
                address(this),
                Predeploys.TASK_MARKET
            )
        );
        REGISTRY.slashStake(W, 1, STRANGER);
        vm.expectRevert(
            abi.encodeWithSelector(INodeRegistry.NodeRegistryWrongBps.selector, 10_001)
        );
        vm.prank(Predeploys.TASK_MARKET);
        REGISTRY.slashStake(W, 10_001, STRANGER);
    }

    /* BOND */

    function testAChallengeNeedsItsBond() public {
        setBond(20e18);
        register();
        assertEq(REGISTRY.bondOf(W), 20e18, "locked");
        pass(21);
        setBond(25e18);
        register();
        assertEq(REGISTRY.bondOf(W), 25e18, "filled up, not locked twice");
        pass(21);
        setBond(5e18);
        register();
        assertEq(REGISTRY.bondOf(W), 25e18, "kept");
        assertEq(VAULT.freeOf(W), 75e18, "free");
    }

    function testTheBondIsFreeADayAfterTheLastProof() public {
        setBond(20e18);
        register();
        prove(W, 5_000);
        uint256 provedAt = time();
        vm.expectRevert(
            abi.encodeWithSelector(
                INodeRegistry.NodeRegistryWrongState.selector,
                W,
                INodeRegistry.NodeState.Proved
            )
        );
        REGISTRY.releaseBond(W);
        vm.prank(W);
        REGISTRY.retire();
        pass(86_399);
        vm.expectRevert(
            abi.encodeWithSelector(
                INodeRegistry.NodeRegistryBondInUse.selector,
                W,
                provedAt + 86_400
            )
        );
        REGISTRY.releaseBond(W);
        pass(1);
        vm.expectEmit(Predeploys.NODE_REGISTRY);
        emit INodeRegistry.BondReleased(W, 20e18);
        vm.prank(STRANGER);
        REGISTRY.releaseBond(W);
        assertEq(VAULT.freeOf(W), 100e18, "all free");
        vm.expectRevert(INodeRegistry.NodeRegistryZeroAmount.selector);
        REGISTRY.releaseBond(W);
    }

    function testOnlyTheChallengeDisqualifies() public {
        vm.expectRevert(
            abi.encodeWithSelector(
                SystemContract.SystemContractUnauthorized.selector,
                address(this),
                Predeploys.CAPABILITY_CHALLENGE
            )
        );
        REGISTRY.disqualify(W, STRANGER);
    }

    function testFuzzABondSplitsExactly(uint96 bond) public {
        uint256 amount = uint256(bond) % 10_000e18;
        setBond(amount);
        giveCollateral(W, amount + 1);
        register();
        uint256 before = Predeploys.COLLATERAL_VAULT.balance;
        vm.prank(Predeploys.CAPABILITY_CHALLENGE);
        uint256 reward = REGISTRY.disqualify(W, STRANGER);
        assertEq(reward, amount / 10, "a tenth");
        assertEq(VAULT.freeOf(STRANGER), reward, "the finder's");
        uint256 burned = before - Predeploys.COLLATERAL_VAULT.balance;
        assertEq(reward + burned, amount, "the rest is burned");
        assertEq(VAULT.lockedOf(W), 0, "nothing left");
    }
}
