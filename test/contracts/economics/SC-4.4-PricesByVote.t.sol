// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IProtocolParams} from "../../../contracts/interfaces/IProtocolParams.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {SystemContract} from "../../../contracts/libraries/SystemContract.sol";
import {vm} from "../support/Vm.sol";
import {PriceTest} from "../compute/PriceTest.sol";

/// @title SC 4.4: "Holders of HPC can vote on protocol parameters"
/// @custom:sentence "Holders of HPC can vote on protocol parameters such as transaction fees and
/// the price of computing resources."
contract PricesByVoteTest is PriceTest {
    /// @dev The timelock is the hand of the governor: what it does was voted.
    function testAVoteSetsThePriceOfComputing() public {
        activateOracles(3);
        postAll(DOLLAR);
        assertEq(BOOK.quote(3_600, 500, 0), 0.0199998 ether, "two cents");
        vote("price.unitSecond", 50_000);
        assertEq(BOOK.quote(3_600, 500, 0), 0.09 ether, "nine cents");
        vote("price.gibSecond", 10_000);
        assertEq(BOOK.quote(3_600, 0, 1_000), 0.036 ether, "storage");
    }

    function testAVoteSetsTransactionFees() public {
        vote("fee.floor", 5_000_000_000);
        assertEq(PARAMS.get("fee.floor"), 5_000_000_000, "wei per gas at least");
        vote("task.feeBps", 100);
        assertEq(PARAMS.get("task.feeBps"), 100, "1 % of what is earned");
    }

    function testNobodyElseSetsAPrice() public {
        vm.expectRevert(
            abi.encodeWithSelector(
                SystemContract.SystemContractUnauthorized.selector,
                STRANGER,
                Predeploys.TIMELOCK
            )
        );
        vm.prank(STRANGER);
        PARAMS.set("price.unitSecond", 50_000);
    }

    function testNoVoteMakesComputingFreeOrPriceless() public {
        refuse("price.unitSecond", 9, 10, 1_000_000_000);
        refuse("price.unitSecond", 1_000_000_001, 10, 1_000_000_000);
        refuse("price.gibSecond", 0, 1, 1_000_000_000);
        refuse("price.floorBps", 999, 1_000, 10_000);
        refuse("price.ceilingBps", 9_999, 10_000, 100_000);
    }

    function refuse(bytes32 key, uint256 value, uint256 min, uint256 max) internal {
        vm.prank(Predeploys.TIMELOCK);
        vm.expectRevert(
            abi.encodeWithSelector(
                IProtocolParams.ProtocolParamsOutOfBounds.selector,
                key,
                value,
                min,
                max
            )
        );
        PARAMS.set(key, value);
    }
}
