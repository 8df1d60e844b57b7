// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {EndBlockInput} from "../../../contracts/interfaces/IHubModule.sol";
import {ISupplyMeter} from "../../../contracts/interfaces/ISupplyMeter.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {SystemContract} from "../../../contracts/libraries/SystemContract.sol";
import {SystemTest} from "../support/SystemTest.sol";
import {vm} from "../support/Vm.sol";

/// @dev Shows that one call tells how much coin there is.
contract SupplyMeterTest is SystemTest {
    ISupplyMeter private constant _METER = ISupplyMeter(Predeploys.SUPPLY_METER);

    function setUp() public {
        deployCore();
    }

    function testCountsTheGenesisAllocations() public view {
        ISupplyMeter.Supply memory supply = _METER.supply();
        assertEq(supply.cap, 210_000_000e18, "cap");
        assertEq(supply.issued, 200_000e18, "issued");
        assertEq(supply.burned, 0, "burned");
        assertEq(supply.locked, 0, "locked");
        assertEq(supply.circulating, 200_000e18, "circulating");
    }

    function testCountsWhatIsIssuedBurnedAndLocked() public {
        vm.deal(address(this), 10e18);
        vm.expectEmit(Predeploys.SUPPLY_METER);
        emit ISupplyMeter.CoinBurned(address(this), 2e18);
        _METER.burn{value: 2e18}();

        vm.deal(Predeploys.COLLATERAL_VAULT, 5e18);
        vm.deal(Predeploys.TASK_ESCROW, 7e18);
        vm.deal(Predeploys.VOTING_POWER, 11e18);

        nextBlock(10);
        EndBlockInput memory input = plainInput();
        input.parentGasUsed = 30_000_000;
        input.parentBaseFee = 100 gwei;
        endBlock(input);
        (bool success, ) = Predeploys.REWARD_DISTRIBUTOR.call(
            abi.encodeWithSignature("claimFor(address)", PROPOSER)
        );
        assertTrue(success, "claimed");

        ISupplyMeter.Supply memory supply = _METER.supply();
        assertEq(supply.issued, 200_000e18 + 3_327_249_220_473_039_779, "issued");
        assertEq(_METER.burnedFees(), 3e18, "burned fees");
        assertEq(supply.burned, 5e18, "burned");
        assertEq(supply.locked, 23e18, "locked");
        assertEq(supply.circulating, 200_000e18 + 3_327_249_220_473_039_779 - 5e18, "circulating");
    }

    function testWhatIsVestingIsLockedAndDoesNotCirculate() public {
        vm.deal(Predeploys.ALLOCATION_VESTING, 50_000e18);
        ISupplyMeter.Supply memory supply = _METER.supply();
        assertEq(supply.issued, 200_000e18, "issued all the same");
        assertEq(supply.locked, 50_000e18, "locked");
        assertEq(supply.circulating, 150_000e18, "the rest circulates");
    }

    function testFuzzCountsFees(uint64 gasUsed, uint64 baseFee) public {
        EndBlockInput memory input = plainInput();
        input.parentGasUsed = gasUsed;
        input.parentBaseFee = baseFee;
        vm.startPrank(Predeploys.SYSTEM_HUB);
        _METER.onEndBlock(input);
        _METER.onEndBlock(input);
        vm.stopPrank();
        assertEq(_METER.burnedFees(), 2 * uint256(gasUsed) * baseFee, "fees");
    }

    function testFuzzOnlyTheHubReports(address caller) public {
        vm.assume(caller != Predeploys.SYSTEM_HUB);
        vm.expectRevert(
            abi.encodeWithSelector(
                SystemContract.SystemContractUnauthorized.selector,
                caller,
                Predeploys.SYSTEM_HUB
            )
        );
        vm.prank(caller);
        _METER.onEndBlock(plainInput());
    }
}
