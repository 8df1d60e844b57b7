// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IEmissionReserve} from "../../../contracts/interfaces/IEmissionReserve.sol";
import {ISupplyMeter} from "../../../contracts/interfaces/ISupplyMeter.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {MoneyTest} from "../support/MoneyTest.sol";
import {vm} from "../support/Vm.sol";

/// @title SC 4.3: "Output quantity: 210 million pieces"
/// @custom:sentence Output quantity: 210 million pieces
/// @custom:sentence In addition to having a maximum supply limit, HPC will eliminate the miner role
/// to ensure that HPC cannot be issued at will by centralized people.
contract SC43OutputQuantityTest is MoneyTest {
    IEmissionReserve private constant _RESERVE = IEmissionReserve(Predeploys.EMISSION_RESERVE);

    function testThereAre210MillionAtMost() public view {
        assertEq(ISupplyMeter(Predeploys.SUPPLY_METER).supply().cap, 210_000_000e18, "cap");
        assertEq(_RESERVE.emitted(type(uint256).max), 209_800_000e18, "mined for ever");
        assertEq(200_000e18 + _RESERVE.minedCap(), 210_000_000e18, "with 20 known accounts");
    }

    function testFuzzNeverMoreThanTheCapOver400Years(uint256 t) public view {
        uint256 start = _RESERVE.startTime();
        uint256 emitted = _RESERVE.emitted(start + (t % 12_623_040_000));
        assertTrue(200_000e18 + emitted <= 210_000_000e18, "cap");
    }

    function testFuzzNobodyIssuesAtWill(address issuer, uint96 amount) public {
        if (issuer == Predeploys.REWARD_DISTRIBUTOR) return;
        uint256 before = Predeploys.EMISSION_RESERVE.balance;
        vm.prank(issuer);
        (bool success, ) = address(_RESERVE).call(
            abi.encodeCall(IEmissionReserve.release, (issuer, amount))
        );
        assertTrue(!success, "refused");
        assertEq(Predeploys.EMISSION_RESERVE.balance, before, "nothing left");
    }
}
