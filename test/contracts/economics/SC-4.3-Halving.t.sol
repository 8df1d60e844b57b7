// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IEmissionReserve} from "../../../contracts/interfaces/IEmissionReserve.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {MoneyTest} from "../support/MoneyTest.sol";

/// @title SC 4.3: "Halving cycle: once every 4 years"
/// @custom:sentence Halving cycle: once every 4 years
/// @custom:sentence At the same time, HPC has a halving output mechanism.
/// @custom:sentence When the contract goes online for a certain period, the overall reward of the
/// entire network will be halved.
contract SC43HalvingTest is MoneyTest {
    IEmissionReserve private constant _RESERVE = IEmissionReserve(Predeploys.EMISSION_RESERVE);

    function testACycleIs1461Days() public view {
        assertEq(_RESERVE.eraSeconds(), 126_230_400, "seconds");
    }

    function testTheRewardOfASecondHalves() public view {
        uint256 start = _RESERVE.startTime();
        assertEq(_RESERVE.ratePerSecond(start), 831_812_305_118_259_943, "years 1 to 4");
        assertEq(
            _RESERVE.ratePerSecond(start + 126_230_400 - 1),
            831_812_305_118_259_943,
            "their last second"
        );
        assertEq(
            _RESERVE.ratePerSecond(start + 126_230_400),
            415_906_152_559_129_971,
            "years 5 to 8"
        );
        assertEq(
            _RESERVE.ratePerSecond(start + 2 * 126_230_400),
            207_953_076_279_564_985,
            "years 9 to 12"
        );
    }

    function testEachBoundaryIsExactToTheWei() public view {
        uint256 end = _RESERVE.startTime() + 126_230_400;
        assertEq(_RESERVE.emitted(end - 1), 104_999_999_168187694881740056, "a second before");
        assertEq(_RESERVE.emitted(end), 105_000_000e18, "at four years");
        assertEq(_RESERVE.emitted(end + 1), 105_000_000_415906152559129971, "a second after");
        end += 126_230_400;
        assertEq(_RESERVE.emitted(end - 1), 157_499_999_584093847440870028, "a second before");
        assertEq(_RESERVE.emitted(end), 157_500_000e18, "at eight years");
        assertEq(_RESERVE.emitted(end + 1), 157_500_000_207953076279564985, "a second after");
    }

    /// @dev Nine cycles; in the eleventh the 200,000 HPC of genesis come off the end.
    function testEveryLaterCycleEndsOnHalfOfWhatWasLeft() public view {
        uint256 left = 210_000_000e18;
        uint256 start = _RESERVE.startTime();
        for (uint256 cycle = 1; cycle <= 9; ++cycle) {
            left /= 2;
            uint256 end = start + cycle * 126_230_400;
            assertEq(_RESERVE.emitted(end), 210_000_000e18 - left, "boundary");
            assertTrue(_RESERVE.emitted(end - 1) < _RESERVE.emitted(end), "before");
            assertTrue(_RESERVE.emitted(end) < _RESERVE.emitted(end + 1), "after");
        }
    }

    function testASignersCreditHalves() public {
        _endBlock(10);
        uint256 before = DISTRIBUTOR.creditOf(_proposer());
        _endBlock(126_230_400 - 11);
        uint256 tenSeconds = DISTRIBUTOR.creditOf(_proposer()) - before;
        // Ends on the last second of the fourth year, so that the next ten are all after it.
        _endBlock(10);
        before = DISTRIBUTOR.creditOf(_proposer());
        _endBlock(1);
        uint256 tenLater = DISTRIBUTOR.creditOf(_proposer()) - before;
        // 35 %, producer and AutoMine, of 8.318 HPC and of 4.159 HPC.
        assertEq(tenSeconds / 1e9, 2_911_343_067, "before");
        assertEq(tenLater / 1e9, 1_455_671_533, "after");
    }
}
