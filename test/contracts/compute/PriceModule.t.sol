// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {EndBlockInput} from "../../../contracts/interfaces/IHubModule.sol";
import {ISystemHub} from "../../../contracts/interfaces/ISystemHub.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {vm} from "../support/Vm.sol";
import {LeaseTest} from "./LeaseTest.sol";

/// @notice The price book in the blocks of the chain, with the registry of the chain.
contract PriceModuleTest is LeaseTest {
    ISystemHub internal constant SYSTEM = ISystemHub(Predeploys.SYSTEM_HUB);

    function endBlocks(uint256 count, uint256 interval) internal {
        for (uint256 i = 0; i < count; ++i) _endBlock(interval);
    }

    function testTheHubRunsThePriceBook() public {
        uint256 index = type(uint256).max;
        for (uint256 i = 0; i < SYSTEM.moduleCount(); ++i) {
            if (SYSTEM.moduleAt(i).target == Predeploys.PRICE_BOOK) index = i;
        }
        assertTrue(index != type(uint256).max, "a module");
        endBlocks(3, 1 days);
        assertEq(SYSTEM.moduleAt(index).failures, 0, "never failed");
        assertEq(BOOK.adjustment().day, (_time - 1 days) / 1 days, "sampled to the last block");
    }

    /// @dev The only node works: all of the network is in use.
    function testLeasedPowerMakesUnitsDearer() public {
        uint256 leaseId = open(usual(), 3.6e18);
        take(leaseId);
        (uint256 proved, uint256 leased) = REGISTRY.totals();
        assertEq(proved, 1_000, "one node");
        assertEq(leased, 1_000, "at work");
        endBlocks(1, 1 days - (_time % 1 days));
        endBlocks(1, 1);
        assertEq(BOOK.unitPrice(), 11_556, "4 % dearer the next day");
    }

    /// @dev The cap is 100,000; the dearest block is the first of a day.
    function testTheBookNeedsLittleGas() public {
        endBlocks(1, 1 days - (_time % 1 days));
        EndBlockInput memory input;
        vm.prank(Predeploys.SYSTEM_HUB);
        uint256 gas = gasleft();
        BOOK.onEndBlock(input);
        uint256 dearest = gas - gasleft();
        assertTrue(BOOK.adjustment().factor != 2 ** 20, "it did adjust");
        assertTrue(dearest < 80_000, "first block of a day");
        vm.prank(Predeploys.SYSTEM_HUB);
        gas = gasleft();
        BOOK.onEndBlock(input);
        assertTrue(gas - gasleft() < 12_000, "any other block");
    }
}
