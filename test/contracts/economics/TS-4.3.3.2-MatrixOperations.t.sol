// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICollateralVault} from "../../../contracts/interfaces/ICollateralVault.sol";
import {INodeRegistry} from "../../../contracts/interfaces/INodeRegistry.sol";
import {ParamKeys} from "../../../contracts/libraries/ParamKeys.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {vm} from "../support/Vm.sol";
import {WorkTest} from "../support/WorkTest.sol";

/// @title TS 4.3.3.2: "proves the computing power of nodes by strengthening matrix operations"
/// @custom:sentence CryotoRight proves the computing power of nodes by strengthening matrix
/// operations, thereby eliminating nodes that do not meet the rules of deep learning.
/// @custom:sentence The benefit of POCA is fairness, because it greatly increases the difficulty of
/// node cheating.
contract TS4332MatrixOperationsTest is WorkTest {
    ICollateralVault private constant VAULT = ICollateralVault(Predeploys.COLLATERAL_VAULT);
    address private constant FINDER = address(0xF14DE4);

    /// @dev 100 coins in the vault, 20 of them as bond.
    function deposit() internal {
        setParam(ParamKeys.NODE_CHALLENGE_BOND, 20e18);
        vm.deal(address(this), 100e18);
        VAULT.depositFor{value: 100e18}(node(0));
    }

    function testPowerIsTheMatrixWorkThatWasDone() public {
        work(node(0), 128, 48);
        work(node(1), 256, 6);
        assertEq(REGISTRY.powerOf(node(0)), 5, "100,663,296 multiply-adds in 20 seconds");
        assertEq(REGISTRY.powerOf(node(1)), 5, "as much in fewer and larger products");
    }

    function testFuzzOneWrongSampleOfSixteenEliminatesTheNode(uint8 count) public {
        deposit();
        Prepared memory prepared = commitTo(node(0), 64, 100, (count % 16) + 1);
        vm.prank(node(0));
        (bool isOpened, bytes memory reason) = address(REGISTRY).call(
            abi.encodeCall(INodeRegistry.openProducts, (prepared.openings))
        );
        assertTrue(!isOpened, "refused");
        bool isWrong = bytes4(reason) == INodeRegistry.NodeRegistryWrongEntry.selector;
        assertTrue(isWrong, "for its entry");
        vm.roll(_height + 257);
        uint256 before = Predeploys.COLLATERAL_VAULT.balance;
        REGISTRY.forfeit(node(0));
        assertEq(before - Predeploys.COLLATERAL_VAULT.balance, 20e18, "the bond is burned");
        assertEq(REGISTRY.powerOf(node(0)), 0, "no power");
    }

    function testOneWrongEntryThatAnybodyFindsEliminatesTheNode() public {
        deposit();
        (INodeRegistry.Claim memory claim, INodeRegistry.Opening memory opening) = cheat(
            node(0),
            128,
            48
        );
        assertEq(REGISTRY.powerOf(node(0)), 5, "the samples were right");
        vm.prank(FINDER);
        CHALLENGES.disprove(node(0), claim, 12, opening);
        assertEq(REGISTRY.powerOf(node(0)), 0, "no power");
        assertTrue(REGISTRY.reasonOf(node(0)) == "suspended", "out for ten days");
        assertTrue(CHALLENGES.provedFalse(node(0), claim.seed), "a fact");
        assertEq(VAULT.freeOf(FINDER), 2e18, "a tenth of 20");
        assertEq(VAULT.freeOf(node(0)) + VAULT.lockedOf(node(0)), 80e18, "what it has left");
    }

    /// @dev One transaction of one honest watcher, far below a block's 30 million gas.
    function testADisproofCostsLittle() public {
        (INodeRegistry.Claim memory claim, INodeRegistry.Opening memory opening) = cheat(
            node(0),
            128,
            48
        );
        uint256 before = gasleft();
        CHALLENGES.disprove(node(0), claim, 12, opening);
        assertBetween(before - gasleft(), 0, 300_000, "gas");
    }
}
