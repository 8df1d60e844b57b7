// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISupplyMeter} from "../../../contracts/interfaces/ISupplyMeter.sol";
import {EndBlockInput} from "../../../contracts/interfaces/IHubModule.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {MoneyTest} from "../support/MoneyTest.sol";
import {vm} from "../support/Vm.sol";

/// @dev Shows that fees of blocks whose child was not ended are counted when anyone shows their
/// headers, and each only once.
contract MissedFeesTest is MoneyTest {
    ISupplyMeter private constant _METER = ISupplyMeter(Predeploys.SUPPLY_METER);

    function testAChainWithoutGapsMissesNothing() public {
        for (uint64 height = 1; height < 5; ++height) {
            _end(height);
        }
        assertEq(_METER.missed().length, 0, "ranges");
    }

    function testAGapIsRememberedAsARange() public {
        _end(9);
        // The first block ended: the fees of 1 to 7 are missing, those of 8 are not.
        assertEq(_METER.missed()[0].first, 1, "from the start");
        assertEq(_METER.missed()[0].last, 7, "to the parent's parent");
        _end(10);
        vm.expectEmit(Predeploys.SUPPLY_METER);
        emit ISupplyMeter.FeesMissed(10, 10);
        _end(12);
        assertEq(_METER.missed().length, 2, "ranges");
    }

    function testAnyoneShowsAMissedHeaderOnce() public {
        _end(100);
        _end(103); // blocks 101 and 102 were not ended: fees of 100 and 101 are missing
        bytes memory first = _header(100, 21_000, 1 gwei);
        bytes memory second = _header(101, 1_000_000, 2 gwei);
        _remember(100, first);
        _remember(101, second);
        vm.roll(1_000);
        uint256 before = _METER.burnedFees();
        _expectNotMissed(101);
        _METER.countMissed(second);
        vm.expectEmit(Predeploys.SUPPLY_METER);
        emit ISupplyMeter.MissedFeesCounted(100, 21_000 gwei);
        assertEq(_METER.countMissed(first), 21_000 gwei, "fees");
        _expectNotMissed(100);
        _METER.countMissed(first);
        _METER.countMissed(second);
        _expectNotMissed(101);
        _METER.countMissed(second);
        assertEq(_METER.burnedFees() - before, 2_021_000 gwei, "both");
        // Only what came before the first ended block is left.
        assertEq(_METER.missed().length, 1, "ranges");
        assertEq(_METER.missed()[0].last, 98, "before 100");
    }

    function testAHeaderOfAnotherChainIsRefused() public {
        _end(1);
        _end(4);
        bytes memory header = _header(2, 21_000, 1 gwei);
        _remember(2, header);
        vm.roll(1_000);
        bytes memory forged = _header(2, 21_001, 1 gwei);
        vm.expectRevert(
            abi.encodeWithSelector(
                ISupplyMeter.SupplyMeterWrongHeader.selector,
                2,
                keccak256(forged)
            )
        );
        _METER.countMissed(forged);
    }

    function testHeightsTooOldAreLeftOut() public {
        _end(1);
        _end(12_000); // 1 to 11,998 are missing
        vm.roll(12_001);
        // The oldest block whose hash can be read: 12,001 - 8,191.
        bytes memory header = _header(3_810, 30_000, 1 gwei);
        bytes memory next = _header(3_811, 40_000, 1 gwei);
        _remember(3_810, header);
        _remember(3_811, next);
        _expectNotMissed(3_811);
        _METER.countMissed(next);
        vm.expectEmit(Predeploys.SUPPLY_METER);
        emit ISupplyMeter.MissedHeightsDropped(1, 3_809);
        _METER.countMissed(header);
        assertEq(_METER.missed()[0].first, 3_811, "goes on there");
        _METER.countMissed(next);
    }

    function testThe33rdGapDropsTheOldest() public {
        for (uint64 i = 0; i < 32; ++i) {
            _end(3 + 2 * i);
        }
        assertEq(_METER.missed().length, 32, "ranges");
        vm.expectEmit(Predeploys.SUPPLY_METER);
        emit ISupplyMeter.MissedHeightsDropped(1, 1);
        _end(67);
        assertEq(_METER.missed().length, 32, "never more");
    }

    function testFuzzNoHeightIsInTwoRanges(uint8[8] calldata steps) public {
        uint64 height = 0;
        uint256 missing = 0;
        for (uint256 i = 0; i < 8; ++i) {
            uint64 step = 1 + (steps[i] % 5);
            height += step;
            _end(height);
            missing += i == 0 && step > 1 ? step - 2 : step - 1;
        }
        ISupplyMeter.Range[] memory ranges = _METER.missed();
        uint256 sum = 0;
        for (uint256 i = 0; i < ranges.length; ++i) {
            assertTrue(ranges[i].first <= ranges[i].last, "order");
            if (i > 0) assertTrue(ranges[i - 1].last < ranges[i].first, "apart");
            sum += ranges[i].last - ranges[i].first + 1;
        }
        assertEq(sum, missing, "all");
    }

    function _end(uint64 height) private {
        EndBlockInput memory input;
        input.height = height;
        vm.prank(Predeploys.SYSTEM_HUB);
        _METER.onEndBlock(input);
    }

    function _expectNotMissed(uint256 height) private {
        vm.expectRevert(abi.encodeWithSelector(ISupplyMeter.SupplyMeterNotMissed.selector, height));
    }
}
