// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Initializable} from "@openzeppelin/contracts-upgradeable/proxy/utils/Initializable.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IAdditionalIssuance} from "../../../contracts/interfaces/IAdditionalIssuance.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {SystemContract} from "../../../contracts/libraries/SystemContract.sol";
import {AdditionalIssuance} from "../../../contracts/token/AdditionalIssuance.sol";
import {SystemTest} from "../support/SystemTest.sol";
import {vm} from "../support/Vm.sol";

/// @dev Shows how each stream comes free and that each spending is listed.
contract AdditionalIssuanceTest is SystemTest {
    AdditionalIssuance private constant _SCC = AdditionalIssuance(Predeploys.ADDITIONAL_ISSUANCE);
    IAdditionalIssuance.Stream private constant _LIQUIDITY = IAdditionalIssuance.Stream.Liquidity;
    uint256 private constant _YEAR = 31_557_600;
    address private constant _ALICE = address(0xA11CE);

    function setUp() public {
        _deploy(GENESIS_TIME, 1e36);
    }

    function testIsAnOrdinaryToken() public {
        assertEq(_SCC.decimals(), 18, "decimals");
        assertTrue(keccak256(bytes(_SCC.symbol())) == keccak256("SCC"), "symbol");
        assertTrue(keccak256(bytes(_SCC.name())) == keccak256("SmartChain Coin"), "name");
        assertEq(_SCC.totalSupply(), 0, "nothing is issued yet");
        vm.warp(GENESIS_TIME + _YEAR);
        vm.prank(Predeploys.TIMELOCK);
        _SCC.spend(_LIQUIDITY, _ALICE, 5e18, "market makers");
        vm.prank(_ALICE);
        assertTrue(_SCC.transfer(address(this), 2e18), "transfer");
        assertEq(_SCC.balanceOf(_ALICE), 3e18, "balance");
    }

    function testEachStreamComesFreeToTheWei() public view {
        assertEq(_SCC.unlocked(_LIQUIDITY, GENESIS_TIME), 0, "start");
        // 0.2 x 10^36 / 63,115,200 seconds
        assertEq(
            _SCC.unlocked(_LIQUIDITY, GENESIS_TIME + 1),
            3_168_808_781_402_895_023_702_689_684,
            "one second"
        );
        assertEq(_SCC.unlocked(_LIQUIDITY, GENESIS_TIME + _YEAR), 0.1e36, "half");
        assertEq(
            _SCC.unlocked(_LIQUIDITY, GENESIS_TIME + 2 * _YEAR - 1),
            0.2e36 - 3_168_808_781_402_895_023_702_689_685,
            "last second"
        );
        assertEq(_SCC.unlocked(_LIQUIDITY, GENESIS_TIME + 2 * _YEAR), 0.2e36, "all");
        assertEq(_SCC.unlocked(_LIQUIDITY, type(uint256).max), 0.2e36, "and no more");
    }

    function testASpendingIsListedWithItsPurpose() public {
        vm.warp(GENESIS_TIME + _YEAR);
        vm.expectEmit(Predeploys.ADDITIONAL_ISSUANCE);
        emit IERC20.Transfer(address(0), _ALICE, 0.06e36);
        vm.prank(Predeploys.TIMELOCK);
        assertEq(_SCC.spend(_LIQUIDITY, _ALICE, 0.06e36, "first pool"), 0, "id");
        vm.expectEmit(Predeploys.ADDITIONAL_ISSUANCE);
        emit IAdditionalIssuance.Spent(1, _LIQUIDITY, _ALICE, 0.04e36, "second pool");
        vm.prank(Predeploys.TIMELOCK);
        _SCC.spend(_LIQUIDITY, _ALICE, 0.04e36, "second pool");

        assertEq(_SCC.spendingCount(), 2, "count");
        IAdditionalIssuance.Spending[] memory page = _SCC.spendingsFrom(1, 10);
        assertEq(page.length, 1, "page");
        assertEq(page[0].amount, 0.04e36, "amount");
        assertEq(page[0].to, _ALICE, "to");
        assertEq(page[0].time, GENESIS_TIME + _YEAR, "time");
        assertTrue(keccak256(bytes(page[0].purpose)) == keccak256("second pool"), "purpose");
        assertEq(_SCC.spendingsFrom(2, 10).length, 0, "past the end");
        assertEq(_SCC.spendingsFrom(0, 1).length, 1, "limit");
        assertEq(_SCC.spent(_LIQUIDITY), 0.1e36, "spent");
        assertEq(_SCC.available(_LIQUIDITY), 0, "available");
        assertEq(_SCC.totalSupply(), 0.1e36, "supply");
    }

    function testAPageHasAHundredEntriesAtMost() public {
        vm.warp(GENESIS_TIME + _YEAR);
        vm.startPrank(Predeploys.TIMELOCK);
        for (uint256 i = 0; i < 101; ++i) {
            _SCC.spend(_LIQUIDITY, _ALICE, 1, "x");
        }
        vm.stopPrank();
        assertEq(_SCC.spendingsFrom(0, type(uint256).max).length, 100, "page");
        assertEq(_SCC.spendingsFrom(100, 100).length, 1, "rest");
    }

    function testRefusesWhatIsNotFreeOrNotExplained() public {
        vm.warp(GENESIS_TIME + _YEAR);
        vm.startPrank(Predeploys.TIMELOCK);
        vm.expectRevert(
            abi.encodeWithSelector(
                IAdditionalIssuance.AdditionalIssuanceExceedsStream.selector,
                _LIQUIDITY,
                0.1e36 + 1,
                0.1e36
            )
        );
        _SCC.spend(_LIQUIDITY, _ALICE, 0.1e36 + 1, "too much");
        vm.expectRevert(IAdditionalIssuance.AdditionalIssuanceNothingSpent.selector);
        _SCC.spend(_LIQUIDITY, _ALICE, 0, "nothing");
        vm.expectRevert(
            abi.encodeWithSelector(
                IAdditionalIssuance.AdditionalIssuancePurposeSize.selector,
                0,
                256
            )
        );
        _SCC.spend(_LIQUIDITY, _ALICE, 1, "");
        vm.expectRevert(
            abi.encodeWithSelector(
                IAdditionalIssuance.AdditionalIssuancePurposeSize.selector,
                257,
                256
            )
        );
        _SCC.spend(_LIQUIDITY, _ALICE, 1, string(new bytes(257)));
        _SCC.spend(_LIQUIDITY, _ALICE, 1, string(new bytes(256)));
        vm.stopPrank();
    }

    function testAChainWithoutAdditionalIssuanceHasNone() public {
        vm.etch(Predeploys.ADDITIONAL_ISSUANCE, "");
        _redeploy(GENESIS_TIME, 0);
        vm.warp(GENESIS_TIME + 10 * _YEAR);
        assertEq(_SCC.total(), 0, "total");
        assertEq(_SCC.available(_LIQUIDITY), 0, "available");
    }

    function testFuzzAStreamIsNeverOverspent(
        uint40[4] calldata steps,
        uint128[4] calldata wanted
    ) public {
        uint256 t = GENESIS_TIME;
        uint256 supply = 0;
        for (uint256 i = 0; i < 4; ++i) {
            t += steps[i] % (3 * _YEAR);
            vm.warp(t);
            IAdditionalIssuance.Stream stream = IAdditionalIssuance.Stream(wanted[i] % 4);
            uint256 free = _SCC.available(stream);
            uint128 amount = uint128(wanted[i] % (free + 1));
            if (amount == 0) continue;
            vm.prank(Predeploys.TIMELOCK);
            _SCC.spend(stream, _ALICE, amount, "fuzzed");
            supply += amount;
            assertTrue(_SCC.spent(stream) <= _SCC.unlocked(stream, t), "unlocked");
            assertTrue(_SCC.unlocked(stream, t) <= _SCC.allocation(stream), "allocation");
        }
        assertEq(_SCC.totalSupply(), supply, "supply");
    }

    function testFuzzOnlyTheTimelockSpends(address caller) public {
        vm.assume(caller != Predeploys.TIMELOCK && caller != Predeploys.PROXY_ADMIN);
        vm.expectRevert(
            abi.encodeWithSelector(
                SystemContract.SystemContractUnauthorized.selector,
                caller,
                Predeploys.TIMELOCK
            )
        );
        vm.prank(caller);
        _SCC.spend(_LIQUIDITY, caller, 1, "mine");
    }

    function testCannotBeInitializedAgain() public {
        vm.expectRevert(Initializable.InvalidInitialization.selector);
        _SCC.initialize(1);
    }

    function _redeploy(uint256 time, uint128 total) private {
        bytes32 slot = 0xf0c57e16840df040f15088dc2f81fe391c3923bec73e23a9662efc9c229c6a00;
        vm.store(Predeploys.ADDITIONAL_ISSUANCE, slot, 0);
        vm.store(implementationOf(Predeploys.ADDITIONAL_ISSUANCE), slot, 0);
        _deploy(time, total);
    }

    function _deploy(uint256 time, uint128 total) private {
        vm.warp(time);
        deployProxied(
            Predeploys.ADDITIONAL_ISSUANCE,
            vm.getCode("contracts/token/AdditionalIssuance.sol:AdditionalIssuance"),
            abi.encodeCall(AdditionalIssuance.initialize, (total))
        );
    }
}
