// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAdditionalIssuance} from "../../../contracts/interfaces/IAdditionalIssuance.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {AdditionalIssuance} from "../../../contracts/token/AdditionalIssuance.sol";
import {MoneyTest} from "../support/MoneyTest.sol";
import {vm} from "../support/Vm.sol";

/// @title SC "Regarding SCC": "Total additional issuance: 1,000,000,000,000,000,000"
/// @custom:sentence Total additional issuance: 1,000,000,000,000,000,000
/// @custom:sentence Additional issuance time: March 7, 2025
contract SCSCCTotalTest is MoneyTest {
    AdditionalIssuance private constant _SCC = AdditionalIssuance(Predeploys.ADDITIONAL_ISSUANCE);
    bytes32 private constant _INITIALISED =
        0xf0c57e16840df040f15088dc2f81fe391c3923bec73e23a9662efc9c229c6a00;

    function testThereAre10ToThe18Tokens() public view {
        assertEq(_SCC.total() / 10 ** _SCC.decimals(), 1_000_000_000_000_000_000, "tokens");
        uint256 sum = 0;
        for (uint256 i = 0; i < 4; ++i) {
            sum += _SCC.unlocked(IAdditionalIssuance.Stream(i), type(uint256).max);
        }
        assertEq(sum, _SCC.total(), "in four streams");
    }

    function testNothingIsFreeBefore7March2025() public {
        vm.store(Predeploys.ADDITIONAL_ISSUANCE, _INITIALISED, 0);
        vm.warp(1_735_689_600); // 2025-01-01
        _SCC.initialize(1e36);
        assertEq(_SCC.startTime(), 1_741_305_600, "2025-03-07T00:00:00Z");
        for (uint256 i = 0; i < 4; ++i) {
            IAdditionalIssuance.Stream stream = IAdditionalIssuance.Stream(i);
            assertEq(_SCC.unlocked(stream, 1_741_305_600), 0, "at midnight");
            assertTrue(_SCC.unlocked(stream, 1_741_305_601) > 0, "a second later");
        }
    }

    function testAChainStartedLaterCountsFromItsGenesis() public view {
        assertEq(_SCC.startTime(), 1_767_225_600, "2026-01-01T00:00:00Z");
    }
}
