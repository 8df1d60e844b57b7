// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICollateralVault} from "../../../contracts/interfaces/ICollateralVault.sol";
import {ParamKeys} from "../../../contracts/libraries/ParamKeys.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {NodesTest} from "../support/NodesTest.sol";
import {vm} from "../support/Vm.sol";

/// @title TS 4.3.3.2: "proves the computing power of nodes by strengthening matrix operations"
/// @custom:sentence CryotoRight proves the computing power of nodes by strengthening matrix
/// operations, thereby eliminating nodes that do not meet the rules of deep learning.
/// @custom:sentence The benefit of POCA is fairness, because it greatly increases the difficulty of
/// node cheating.
contract TS4332MatrixOperationsTest is NodesTest {
    ICollateralVault private constant VAULT = ICollateralVault(Predeploys.COLLATERAL_VAULT);
    address private constant FINDER = address(0xF14DE4);

    /// @dev 100 coins in the vault, 20 of them as bond.
    function cheat() internal {
        setParam(ParamKeys.NODE_CHALLENGE_BOND, 20e18);
        vm.deal(address(this), 100e18);
        VAULT.depositFor{value: 100e18}(node(0));
        prove(node(0), 5_000);
    }

    function testOneWrongEntryEliminatesTheNode() public {
        cheat();
        assertEq(REGISTRY.powerOf(node(0)), 5_000, "the oracles were deceived");
        vm.prank(FINDER);
        CHALLENGES.disprove(node(0), new bytes(16_384), 12, 34);
        assertEq(REGISTRY.powerOf(node(0)), 0, "no power");
        assertTrue(REGISTRY.reasonOf(node(0)) == "suspended", "out for ten days");
        assertTrue(CHALLENGES.provedFalse(node(0), REGISTRY.nodeOf(node(0)).seed), "a fact");
    }

    function testCheatingCostsTheWholeBondAndPaysTheFinder() public {
        cheat();
        uint256 before = Predeploys.COLLATERAL_VAULT.balance;
        vm.prank(FINDER);
        CHALLENGES.disprove(node(0), new bytes(16_384), 12, 34);
        assertEq(VAULT.freeOf(FINDER), 2e18, "a tenth of 20");
        assertEq(before - Predeploys.COLLATERAL_VAULT.balance, 18e18, "the rest is burned");
        assertEq(VAULT.freeOf(node(0)) + VAULT.lockedOf(node(0)), 80e18, "what it has left");
    }

    /// @dev One transaction of one honest watcher, far below a block's 30 million gas.
    function testADisproofCostsLittle() public {
        cheat();
        bytes memory product = new bytes(16_384);
        uint256 before = gasleft();
        CHALLENGES.disprove(node(0), product, 12, 34);
        assertBetween(before - gasleft(), 0, 600_000, "gas");
    }
}
