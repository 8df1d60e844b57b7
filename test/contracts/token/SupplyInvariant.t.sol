// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAllocationVesting} from "../../../contracts/interfaces/IAllocationVesting.sol";
import {ILinearEmission} from "../../../contracts/interfaces/ILinearEmission.sol";
import {IOnlineReward} from "../../../contracts/interfaces/IOnlineReward.sol";
import {IRewardDistributor} from "../../../contracts/interfaces/IRewardDistributor.sol";
import {ISupplyMeter} from "../../../contracts/interfaces/ISupplyMeter.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {MoneyTest} from "../support/MoneyTest.sol";
import {OneSender} from "../support/OneSender.sol";
import {vm} from "../support/Vm.sol";

/// @dev What can happen to Tesra's coin, in any order.
contract MoneyHandler is MoneyTest {
    address[3] public nodes = [address(0xA1), address(0xA2), address(0xA3)];
    /// @notice Whether anything paid out more than it had.
    bool public overpaid;

    /// @dev Shares the genesis that the test has placed.
    function setUp() public override {}

    function start() external {
        _height = uint64(vm.getBlockNumber());
        _time = vm.getBlockTimestamp();
        _usePower(10_000, 0);
    }

    function produce(uint32 seconds_, bool isLong) external {
        _endBlock(isLong ? 400 days : uint256(seconds_ % 200_000) + 1);
    }

    function prove(uint8 node, uint32 units, uint16 leased) external {
        _usePower(10_000, leased);
        _setUnits(nodes[node % 3], units);
    }

    function draw(uint8 node) external {
        address account = nodes[node % 3];
        if (ONLINE.earnedOf(IOnlineReward.Service.Compute, account) == 0) return;
        uint256 before = DISTRIBUTOR.creditOf(account);
        uint256 amount = _draw(account);
        if (DISTRIBUTOR.creditOf(account) != before + amount) overpaid = true;
    }

    function claim(uint8 node) external {
        if (DISTRIBUTOR.creditOf(nodes[node % 3]) != 0) DISTRIBUTOR.claimFor(nodes[node % 3]);
    }

    function releaseGrant(uint8 grant) external {
        uint256 id = grant % VESTING.grantCount();
        if (VESTING.releasable(id) != 0) VESTING.release(id);
        IAllocationVesting.Grant memory kept = VESTING.grantOf(id);
        if (kept.released > VESTING.vested(id, _time) || kept.released > kept.total) {
            overpaid = true;
        }
    }

    function award(uint8 node, uint96 amount, bool isLocked) external {
        if (_time >= VESTING.closesAt()) return;
        uint96 given = uint96(amount % (VESTING.unsold() / 4 + 1));
        if (given == 0) return;
        vm.prank(Predeploys.TIMELOCK);
        if (isLocked) VESTING.awardLocked(nodes[node % 3], given);
        else VESTING.award(nodes[node % 3], given, "fuzzed");
    }

    function claimAward(uint8 node) external {
        if (VESTING.awardOf(nodes[node % 3]) != 0) VESTING.claimAward(nodes[node % 3]);
    }

    function openBatch(uint96 amount) external {
        if (_time >= VESTING.closesAt() || VESTING.batchCount() == 64) return;
        uint96 total = uint96(amount % (VESTING.unsold() / 4 + 1));
        vm.prank(Predeploys.TIMELOCK);
        VESTING.openBatch("root", total, "fuzzed");
    }

    function split() external {
        if (_time >= VESTING.closesAt() && VESTING.unsold() != 0) VESTING.splitUnsold();
    }

    function closeBatch(uint8 batch) external {
        uint256 count = VESTING.batchCount();
        if (count == 0 || _time < VESTING.closesAt() + 180 days) return;
        if (!VESTING.batchOf(batch % count).isClosed) VESTING.closeBatch(batch % count);
    }
}

/// @dev Shows that no order of events makes, loses or overpays coin.
contract SupplyInvariantTest is MoneyTest, OneSender {
    ILinearEmission private constant _RESERVE = ILinearEmission(Predeploys.EMISSION_RESERVE);

    MoneyHandler private _handler;

    function setUp() public override {
        super.setUp();
        _becomeTesra();
        // The development chain's 20 accounts have no part in Tesra's ten billion.
        _handler = new MoneyHandler();
        _handler.start();
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    /// @dev What is fuzzed does happen: each step of one story moves coin.
    function testTheHandlerMovesCoin() public {
        _handler.award(0, 5e18, false);
        _handler.award(1, 5e18, true);
        _handler.openBatch(7e18);
        _handler.produce(0, false);
        _handler.prove(0, 10, 0);
        _handler.produce(0, true);
        _handler.produce(0, true);
        _handler.draw(0);
        _handler.claim(0);
        assertEq(_RESERVE.released(), 2e18, "ten units");
        _handler.claimAward(0);
        _handler.releaseGrant(0);
        _handler.split();
        _handler.produce(0, true);
        _handler.closeBatch(0);
        assertEq(_RESERVE.extensionCount(), 2, "unsold and unclaimed");
        assertTrue(Predeploys.TREASURY.balance > 290_000_000e18, "fund");
        assertTrue(_handler.nodes(0).balance >= 7e18, "award and reward");
        assertTrue(COMMUNITY.balance > 200_000_000e18, "grant");
    }

    /// @dev One function: the runner plays all sequences again for each.
    function invariantAllHold() public view {
        _checkReleasedIsEmittedIsMinedIsCapped();
        _checkPoolsAddUpToWhatIsEmitted();
        _checkWhatNodesEarnIsWithinTheirPool();
        _checkVestingHoldsWhatItOwes();
        _checkTheMeterAccountsForTheCap();
    }

    function _checkReleasedIsEmittedIsMinedIsCapped() private view {
        uint256 emitted = _RESERVE.emitted(vm.getBlockTimestamp());
        assertTrue(_RESERVE.released() <= emitted, "released");
        assertTrue(emitted <= _RESERVE.minedCap(), "emitted");
        assertTrue(_RESERVE.minedCap() <= _RESERVE.cap(), "mined");
        assertEq(
            Predeploys.EMISSION_RESERVE.balance,
            _RESERVE.minedCap() - _RESERVE.released(),
            "balance"
        );
    }

    function _checkPoolsAddUpToWhatIsEmitted() private view {
        uint256 sum = 0;
        for (uint256 i = 0; i < 8; ++i) {
            IRewardDistributor.Pool pool = IRewardDistributor.Pool(i);
            sum += DISTRIBUTOR.accrued(pool);
            assertTrue(DISTRIBUTOR.paid(pool) <= DISTRIBUTOR.accrued(pool), "overdrawn");
        }
        assertEq(sum, _RESERVE.emitted(DISTRIBUTOR.settledUntil()), "accrued");
    }

    function _checkWhatNodesEarnIsWithinTheirPool() private view {
        IRewardDistributor.Pool pool = IRewardDistributor.Pool.Online;
        uint256 earned = DISTRIBUTOR.paid(pool);
        for (uint256 i = 0; i < 3; ++i) {
            earned += ONLINE.earnedOf(IOnlineReward.Service.Compute, _handler.nodes(i));
        }
        assertTrue(earned <= DISTRIBUTOR.accrued(pool), "budget");
    }

    function _checkVestingHoldsWhatItOwes() private view {
        assertTrue(!_handler.overpaid(), "overpaid");
        uint256 owed = VESTING.unsold();
        for (uint256 i = 0; i < VESTING.grantCount(); ++i) {
            owed += VESTING.grantOf(i).total - VESTING.grantOf(i).released;
        }
        for (uint256 i = 0; i < 3; ++i) {
            owed += VESTING.awardOf(_handler.nodes(i));
        }
        for (uint256 i = 0; i < VESTING.batchCount(); ++i) {
            IAllocationVesting.Batch memory batch = VESTING.batchOf(i);
            if (!batch.isClosed) owed += batch.total - batch.claimed;
        }
        assertEq(Predeploys.ALLOCATION_VESTING.balance, owed, "balance");
    }

    function _checkTheMeterAccountsForTheCap() private view {
        ISupplyMeter.Supply memory supply = ISupplyMeter(Predeploys.SUPPLY_METER).supply();
        assertEq(supply.cap, 10_000_000_000e18, "cap");
        assertEq(supply.issued, supply.cap - Predeploys.EMISSION_RESERVE.balance, "issued");
        assertTrue(supply.circulating <= supply.issued, "circulating");
    }
}
