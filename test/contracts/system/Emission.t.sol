// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IEmissionReserve} from "../../../contracts/interfaces/IEmissionReserve.sol";
import {ILinearEmission} from "../../../contracts/interfaces/ILinearEmission.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {RefusingReceiver} from "../../../contracts/mocks/RefusingReceiver.sol";
import {HalvingEmission} from "../../../contracts/system/HalvingEmission.sol";
import {LinearEmission} from "../../../contracts/system/LinearEmission.sol";
import {SystemTest} from "../support/SystemTest.sol";
import {vm} from "../support/Vm.sol";

/// @dev Compares both schedules with the whitepapers' numbers, and shows that they are total,
/// monotone and bounded, and that only the distributor takes coin out, never more than is due.
contract EmissionTest is SystemTest {
    uint256 private constant _START = 1_800_000_000;
    uint256 private constant _FOUR_YEARS = 126_230_400;
    uint256 private constant _66_YEARS = 2_082_801_600;

    HalvingEmission private _halving;
    HalvingEmission private _premined;
    LinearEmission private _linear;

    function setUp() public {
        vm.warp(_START);
        _halving = new HalvingEmission(210_000_000e18, 210_000_000e18, _START, _FOUR_YEARS);
        _premined = new HalvingEmission(210_000_000e18, 209_800_000e18, _START, _FOUR_YEARS);
        _linear = new LinearEmission(
            10_000_000_000e18,
            6_600_000_000e18,
            6_600_000_000e18,
            _START,
            _66_YEARS
        );
    }

    /* HALVING */

    function testHalvesEveryFourYears() public view {
        assertEq(_halving.emitted(_START), 0, "start");
        assertEq(_halving.emitted(_START + 1), 831_812_305_118_259_943, "one second");
        assertEq(
            _halving.emitted(_START + _FOUR_YEARS - 1),
            104_999_999_168187694881740056,
            "last second"
        );
        assertEq(_halving.emitted(_START + _FOUR_YEARS), 105_000_000e18, "era 0");
        assertEq(_halving.emitted(_START + 2 * _FOUR_YEARS), 157_500_000e18, "era 1");
        assertEq(_halving.emitted(_START + 3 * _FOUR_YEARS), 183_750_000e18, "era 2");
        assertEq(_halving.emitted(_START + 300 * _FOUR_YEARS), 210_000_000e18, "1200 years");
        assertEq(_halving.emitted(type(uint256).max), 210_000_000e18, "the end of time");
    }

    function testTheRateHalves() public view {
        assertEq(_halving.ratePerSecond(_START - 1), 0, "before");
        assertEq(_halving.ratePerSecond(_START), 831_812_305_118_259_943, "era 0");
        assertEq(
            _halving.ratePerSecond(_START + _FOUR_YEARS - 1),
            831_812_305_118_259_943,
            "end of era 0"
        );
        assertEq(_halving.ratePerSecond(_START + _FOUR_YEARS), 415_906_152_559_129_971, "era 1");
        assertEq(_halving.ratePerSecond(type(uint256).max), 0, "after");
    }

    function testCountsEras() public view {
        assertEq(_halving.eraOf(0), 0, "before");
        assertEq(_halving.eraOf(_START + _FOUR_YEARS - 1), 0, "era 0");
        assertEq(_halving.eraOf(_START + _FOUR_YEARS), 1, "era 1");
        assertEq(_halving.eraOf(_START + 10 * _FOUR_YEARS), 10, "era 10");
        assertEq(_halving.startTime(), _START, "start");
        assertEq(_halving.eraSeconds(), _FOUR_YEARS, "length");
    }

    function testGenesisAllocationsComeOffTheTail() public view {
        assertEq(_premined.emitted(_START + _FOUR_YEARS), 105_000_000e18, "era 0 is whole");
        // 200,000 of 210 million are left after 10 eras or so.
        assertEq(
            _premined.emitted(_START + 11 * _FOUR_YEARS),
            209_800_000e18,
            "and the tail is cut"
        );
        assertEq(_premined.ratePerSecond(_START + 11 * _FOUR_YEARS), 0, "rate");
        assertEq(_premined.cap(), 210_000_000e18, "cap");
        assertEq(_premined.minedCap(), 209_800_000e18, "mined cap");
    }

    function testFuzzHalvingIsMonotoneAndBounded(uint40 t, uint32 step) public view {
        _assertSchedule(_halving, t, step);
        _assertSchedule(_premined, t, step);
    }

    function testFuzzErasAddUp(uint8 era) public view {
        uint256 end = _halving.emitted(_START + (uint256(era) + 1) * _FOUR_YEARS);
        uint256 start = _halving.emitted(_START + uint256(era) * _FOUR_YEARS);
        assertEq(end, 210_000_000e18 - (210_000_000e18 >> (uint256(era) + 1)), "end");
        // The half of an odd rest is rounded up.
        uint256 rest = 210_000_000e18 - start;
        assertEq(end - start, rest - rest / 2, "half of the rest");
    }

    function testFuzzTheRateIsTheSlope(uint40 t) public view {
        uint256 later = uint256(t) + 1;
        if (_halving.eraOf(t) != _halving.eraOf(later)) return;
        uint256 gained = _halving.emitted(later) - _halving.emitted(t);
        uint256 rate = _halving.ratePerSecond(t);
        assertTrue(gained == rate || gained == rate + 1, "slope");
    }

    function testEveryEraBoundaryIsExactToTheWei() public view {
        // 210 million less 210 million >> era; the rates of a second are the era's coin /
        // 126,230,400.
        uint256 cap = 210_000_000e18;
        for (uint256 era = 1; era <= 100; ++era) {
            uint256 t = _START + era * _FOUR_YEARS;
            uint256 at = cap - (cap >> era);
            assertEq(_halving.emitted(t), at, "boundary");
            uint256 before = (cap >> (era - 1)) - (cap >> era);
            uint256 after_ = (cap >> era) - (cap >> (era + 1));
            // The last second of an era takes what flooring left over.
            assertEq(
                _halving.emitted(t - 1),
                at - before + (before * (_FOUR_YEARS - 1)) / _FOUR_YEARS,
                "a second before"
            );
            assertEq(_halving.emitted(t + 1), at + after_ / _FOUR_YEARS, "a second after");
        }
    }

    function testFuzzBothChainsOver400Years(uint256 t) public view {
        uint256 at = _START + (t % (100 * _FOUR_YEARS));
        assertTrue(_halving.emitted(at) <= 210_000_000e18, "smart");
        assertTrue(_premined.emitted(at) <= 209_800_000e18, "dev");
        assertTrue(_linear.emitted(at) <= 6_600_000_000e18, "tesra");
        assertEq(
            _linear.emitted(at),
            at - _START >= _66_YEARS
                ? 6_600_000_000e18
                : (6_600_000_000e18 * (at - _START)) / _66_YEARS,
            "the line"
        );
    }

    /* LINEAR */

    function testMinesLinearlyOver66Years() public view {
        assertEq(_linear.emitted(_START), 0, "start");
        assertEq(_linear.emitted(_START + 1), 3_168_808_781_402_895_023, "one second");
        assertEq(_linear.emitted(_START + _66_YEARS / 66), 100_000_000e18, "one year");
        assertEq(_linear.emitted(_START + _66_YEARS / 2), 3_300_000_000e18, "33 years");
        assertEq(_linear.emitted(_START + _66_YEARS), 6_600_000_000e18, "66 years");
        assertEq(_linear.emitted(type(uint256).max), 6_600_000_000e18, "the end of time");
        assertEq(_linear.ratePerSecond(_START - 1), 0, "rate before");
        assertEq(_linear.ratePerSecond(_START), 3_168_808_781_402_895_023, "rate");
        assertEq(_linear.ratePerSecond(_START + _66_YEARS), 0, "rate after");
        assertEq(_linear.eraOf(_START + _66_YEARS), 0, "no eras");
        assertEq(_linear.eraSeconds(), _66_YEARS, "length");
    }

    function testMinesTheUnsoldAtTheSameRate() public {
        LinearEmission more = new LinearEmission(
            10e27,
            6_700_000_000e18,
            6_600_000_000e18,
            _START,
            _66_YEARS
        );
        assertEq(more.emitted(_START + _66_YEARS), 6_600_000_000e18, "66 years");
        assertEq(more.emitted(_START + (_66_YEARS / 66) * 67), 6_700_000_000e18, "67 years");
        assertEq(more.emitted(_START + _66_YEARS * 2), 6_700_000_000e18, "no more");
    }

    function testCoinThatComesBackIsMinedInWhatIsLeftOfTheTime() public {
        _extend(_START + _66_YEARS / 2, 330e24);
        assertEq(_linear.minedCap(), 6_930_000_000e18, "mined");
        assertEq(_linear.extensionCount(), 1, "once");
        uint256 t = _START + _66_YEARS / 2;
        assertEq(_linear.emitted(t - 1), 3_299_999_996_831191218597104976, "a second before");
        assertEq(_linear.emitted(t), 3_300_000_000e18, "no jump");
        // 3,630 million in 33 years: a tenth faster.
        assertEq(_linear.emitted(t + 1), 3_300_000_003_485689659543184526, "a second after");
        assertEq(_linear.ratePerSecond(t - 1), 3_168_808_781_402_895_023, "rate before");
        assertEq(_linear.ratePerSecond(t), 3_485_689_659_543_184_526, "rate");
        assertEq(_linear.emitted(_START + _66_YEARS - 1), 6_929_999_996_514310340456815473, "last");
        assertEq(_linear.emitted(_START + _66_YEARS), 6_930_000_000e18, "the end");
        assertEq(_linear.emitted(type(uint256).max), 6_930_000_000e18, "no more");
        assertEq(_linear.ratePerSecond(_START + _66_YEARS), 0, "rate after");
    }

    function testCoinThatComesBackAfterwardsIsEmittedAtOnce() public {
        _extend(_START + _66_YEARS + 5, 7);
        assertEq(_linear.emitted(_START + _66_YEARS + 4), 6_600_000_000e18, "before");
        assertEq(_linear.emitted(_START + _66_YEARS + 5), 6_600_000_000e18 + 7, "at once");
    }

    function testFuzzComingBackNeverTurnsBack(
        uint40[3] calldata steps,
        uint96[3] calldata amounts,
        uint40 t
    ) public {
        uint256 past = _linear.emitted(_START + t);
        uint256 at = _START;
        uint256 mined = 6_600_000_000e18;
        for (uint256 i = 0; i < 3; ++i) {
            at += steps[i] % _66_YEARS;
            uint256 amount = amounts[i] % (10_000_000_000e18 - mined + 1);
            uint256 before = _linear.emitted(at);
            _extend(at, amount);
            mined += amount;
            if (at < _START + _66_YEARS) assertEq(_linear.emitted(at), before, "no jump");
            assertTrue(_linear.emitted(at) >= before, "not back");
            if (_START + t < at) {
                if (i == 0) assertEq(_linear.emitted(_START + t), past, "the past stays");
            }
            _assertSchedule(_linear, at, t);
        }
        assertEq(_linear.minedCap(), mined, "mined");
        assertEq(_linear.emitted(type(uint256).max), mined, "all of it, once");
    }

    function testOnlyWhatTheCapLeavesComesBack() public {
        vm.deal(Predeploys.ALLOCATION_VESTING, 3_400_000_001e18);
        vm.prank(Predeploys.ALLOCATION_VESTING);
        vm.expectRevert(
            abi.encodeWithSelector(
                ILinearEmission.LinearEmissionExceedsCap.selector,
                10_000_000_001e18,
                10_000_000_000e18
            )
        );
        _linear.extend{value: 3_400_000_001e18}();
        _extend(_START, 3_400_000_000e18);
        assertEq(_linear.minedCap(), _linear.cap(), "the cap itself is reached");
    }

    function testFuzzOnlyTheVestingGivesBack(address caller) public {
        vm.assume(caller != Predeploys.ALLOCATION_VESTING);
        vm.deal(caller, 1);
        vm.expectRevert(
            abi.encodeWithSelector(ILinearEmission.LinearEmissionOnlyVesting.selector, caller)
        );
        vm.prank(caller);
        _linear.extend{value: 1}();
    }

    function testFuzzLinearIsMonotoneAndBounded(uint40 t, uint32 step) public view {
        _assertSchedule(_linear, t, step);
    }

    function testFuzzLinearIsDefinedForAllTimes(uint256 t, uint128 mined) public {
        LinearEmission any = new LinearEmission(
            type(uint128).max,
            mined,
            type(uint128).max,
            0,
            type(uint64).max
        );
        assertTrue(any.emitted(t) <= mined, "bounded");
    }

    function testFuzzHalvingIsDefinedForAllTimes(uint256 t, uint128 cap, uint64 era) public {
        vm.assume(era != 0);
        HalvingEmission any = new HalvingEmission(cap, cap, 0, era);
        assertTrue(any.emitted(t) <= cap, "bounded");
    }

    /* WHAT CANNOT BE BUILT */

    function testRefusesAnImpossibleSchedule() public {
        bytes4 selector = IEmissionReserve.EmissionReserveInvalidSchedule.selector;
        vm.expectRevert(abi.encodeWithSelector(selector, 1, 2, 3));
        new HalvingEmission(1, 2, 0, 3);
        vm.expectRevert(abi.encodeWithSelector(selector, 2, 1, 0));
        new HalvingEmission(2, 1, 0, 0);
        vm.expectRevert(abi.encodeWithSelector(selector, 1 << 128, 1, 1));
        new HalvingEmission(1 << 128, 1, 0, 1);
        vm.expectRevert(abi.encodeWithSelector(selector, 2, 1, 1 << 64));
        new HalvingEmission(2, 1, 0, 1 << 64);
        vm.expectRevert(abi.encodeWithSelector(selector, 2, 3, 4));
        new LinearEmission(2, 1, 3, 0, 4);
    }

    /* RELEASING */

    function testReleasesToTheDistributorWhatIsDue() public {
        deployCore();
        IEmissionReserve reserve = IEmissionReserve(Predeploys.EMISSION_RESERVE);
        nextBlock(1);
        vm.startPrank(Predeploys.REWARD_DISTRIBUTOR);
        vm.expectRevert(
            abi.encodeWithSelector(
                IEmissionReserve.EmissionReserveExceedsSchedule.selector,
                831_812_305_118_259_944,
                831_812_305_118_259_943
            )
        );
        reserve.release(address(0xBEEF), 831_812_305_118_259_944);

        vm.expectEmit(address(reserve));
        emit IEmissionReserve.Released(
            address(0xBEEF),
            831_812_305_118_259_000,
            831_812_305_118_259_000
        );
        reserve.release(address(0xBEEF), 831_812_305_118_259_000);
        vm.expectEmit(address(reserve));
        emit IEmissionReserve.Released(address(0xBEEF), 943, 831_812_305_118_259_943);
        reserve.release(address(0xBEEF), 943);
        vm.expectRevert(
            abi.encodeWithSelector(IEmissionReserve.EmissionReserveExceedsSchedule.selector, 1, 0)
        );
        reserve.release(address(0xBEEF), 1);
        vm.stopPrank();

        assertEq(address(0xBEEF).balance, 831_812_305_118_259_943, "received");
        assertEq(reserve.released(), 831_812_305_118_259_943, "released");
        assertEq(address(reserve).balance, reserve.minedCap() - reserve.released(), "rest");
    }

    function testFuzzNobodyElseReleases(address caller) public {
        vm.assume(caller != Predeploys.REWARD_DISTRIBUTOR);
        vm.warp(_START + 1000);
        vm.expectRevert(
            abi.encodeWithSelector(IEmissionReserve.EmissionReserveOnlyDistributor.selector, caller)
        );
        vm.prank(caller);
        _halving.release(caller, 1);
    }

    function testARefusedReleaseChangesNothing() public {
        deployCore();
        IEmissionReserve reserve = IEmissionReserve(Predeploys.EMISSION_RESERVE);
        nextBlock(1);
        address refusing = address(new RefusingReceiver());
        vm.expectRevert(
            abi.encodeWithSelector(
                IEmissionReserve.EmissionReserveTransferFailed.selector,
                refusing,
                5
            )
        );
        vm.prank(Predeploys.REWARD_DISTRIBUTOR);
        reserve.release(refusing, 5);
        assertEq(reserve.released(), 0, "released");
    }

    function testTakesNoCoin() public {
        vm.deal(address(this), 1);
        (bool success, ) = address(_halving).call{value: 1}("");
        assertTrue(!success, "refused");
    }

    function _extend(uint256 time, uint256 amount) private {
        vm.warp(time);
        vm.deal(Predeploys.ALLOCATION_VESTING, amount);
        vm.prank(Predeploys.ALLOCATION_VESTING);
        _linear.extend{value: amount}();
    }

    function _assertSchedule(IEmissionReserve reserve, uint256 t, uint256 step) private view {
        uint256 now_ = reserve.emitted(t);
        uint256 later = reserve.emitted(t + step);
        assertTrue(now_ <= later, "monotone");
        assertTrue(later <= reserve.minedCap(), "below what is mined");
        assertTrue(reserve.minedCap() <= reserve.cap(), "below the cap");
        if (t <= _START) assertEq(now_, 0, "nothing before the start");
    }
}
