// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICapabilityChallenge} from "../../../contracts/interfaces/ICapabilityChallenge.sol";
import {ICouncil} from "../../../contracts/interfaces/ICouncil.sol";
import {ICollateralVault} from "../../../contracts/interfaces/ICollateralVault.sol";
import {IDisputeCourt} from "../../../contracts/interfaces/IDisputeCourt.sol";
import {ILeaseMarket} from "../../../contracts/interfaces/ILeaseMarket.sol";
import {INodeRegistry} from "../../../contracts/interfaces/INodeRegistry.sol";
import {IOnlineReward} from "../../../contracts/interfaces/IOnlineReward.sol";
import {IOracleBallot} from "../../../contracts/interfaces/IOracleBallot.sol";
import {IOracleHub} from "../../../contracts/interfaces/IOracleHub.sol";
import {IPriceBook} from "../../../contracts/interfaces/IPriceBook.sol";
import {IRewardDistributor} from "../../../contracts/interfaces/IRewardDistributor.sol";
import {ISystemHub} from "../../../contracts/interfaces/ISystemHub.sol";
import {ITaskBook} from "../../../contracts/interfaces/ITaskBook.sol";
import {ITreasury} from "../../../contracts/interfaces/ITreasury.sol";
import {ParamKeys} from "../../../contracts/libraries/ParamKeys.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {EconomyActor} from "../support/EconomyActor.sol";
import {EconomyStage} from "../support/EconomyStage.sol";
import {OneSender} from "../support/OneSender.sol";
import {vm} from "../support/Vm.sol";

/// @notice Whom the runner calls.
contract EconomyHandler is EconomyActor {
    constructor(uint64 height, uint256 time) EconomyActor(height, time) {}
}

/// @notice Whatever clients, workers, oracles, jurors, lessees, directors and holders do in
/// whatever order, no coin is made or lost, whoever is owed something can be paid, and no module
/// that runs in each block ever fails.
contract EconomyInvariantTest is EconomyStage, OneSender {
    EconomyHandler private _actor;
    /// @dev Who can have something in the vault or be credited.
    address[] private _accounts;
    /// @dev Who can have coin besides.
    address[] private _purses;
    uint256 private _coin;
    string private _missing;

    uint256 private constant _WALK = 1_200;
    uint256 private constant _STEPS_PER_SUM = 8;

    error Broken(string what);

    function setUp() public override {
        super.setUp();
        _seatCouncil();
        _deposit(_worker(WORKER_COUNT), 10e18);
        // Sooner and more often than usual, so that a short life sees it.
        _vote(ParamKeys.NODE_CHALLENGE_BOND, 1e18);
        _vote(ParamKeys.ORACLE_UNBOND_SECONDS, 12 hours);
        _vote(ParamKeys.ORACLE_RECHECK_BPS, 5_000);
        _actor = new EconomyHandler(_height, _time);
        address[] memory all = _actor.people();
        for (uint256 i = 0; i < all.length; ++i) _accounts.push(all[i]);
        _accounts.push(_proposer());
        _accounts.push(Predeploys.TASK_MARKET);
        _accounts.push(Predeploys.DISPUTE_COURT);
        _accounts.push(Predeploys.ORACLE_HUB);
        _accounts.push(Predeploys.TREASURY);
        _purses.push(Predeploys.COUNCIL);
        _purses.push(Predeploys.EMISSION_RESERVE);
        _purses.push(Predeploys.COLLATERAL_VAULT);
        _purses.push(Predeploys.TASK_ESCROW);
        _purses.push(Predeploys.LEASE_MARKET);
        _purses.push(Predeploys.SUPPLY_METER);
        _purses.push(address(_actor));
        _coin = _coinOfAll();
    }

    /// @dev The runner calls this one only.
    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_actor);
    }

    /// @dev One function: the runner plays all sequences again for each. Sums that once were wrong
    /// stay so: they are not taken after each step, which costs a sequence its time.
    function invariantTheEconomyHoldsTogether() public view {
        _checkBroken();
        if (_actor.stepCount() % _STEPS_PER_SUM == 0) _checkSums();
    }

    /// @dev The runner calls it at the end of each sequence.
    function afterInvariant() public view {
        _checkAll();
        require(_actor.stepCount() > 66, NotEqual("steps", _actor.stepCount(), 100));
    }

    function _checkAll() private view {
        _checkBroken();
        _checkSums();
    }

    function _checkBroken() private view {
        string memory broken = _actor.broken();
        require(bytes(broken).length == 0, Broken(broken));
    }

    function _checkSums() private view {
        _checkModules();
        _checkTasks();
        _checkVault();
        _checkLeases();
        _checkJudges();
        _checkBudgets();
        _checkRewards();
        _same(_coinOfAll(), _coin, "all the coin there is");
    }

    function _checkModules() private view {
        uint256 count = HUB.moduleCount();
        _same(count, 7, "modules");
        for (uint256 i = 0; i < count; ++i) {
            ISystemHub.Module memory module = HUB.moduleAt(i);
            require(module.failures == 0 && !module.tripped, Broken("a module fails"));
        }
    }

    /// @dev The escrow is what open tasks hold and what is credited.
    function _checkTasks() private view {
        uint256[] memory ids = _actor.liveTasks();
        uint256 sum = 0;
        for (uint256 i = 0; i < ids.length; ++i) {
            ITaskBook.Task memory task = MARKET.taskOf(ids[i]);
            _same(ESCROW.balanceOf(ids[i]), task.collateral, "held for a task");
            require(MARKET.accrued(ids[i]) <= task.collateral, Broken("earned more than is held"));
            sum += task.collateral;
        }
        for (uint256 i = 0; i < _accounts.length; ++i) sum += ESCROW.creditOf(_accounts[i]);
        _same(Predeploys.TASK_ESCROW.balance, sum, "escrow");
    }

    function _checkVault() private view {
        uint256 sum = 0;
        for (uint256 i = 0; i < _accounts.length; ++i) {
            sum += VAULT.freeOf(_accounts[i]) + VAULT.lockedOf(_accounts[i]);
        }
        _same(Predeploys.COLLATERAL_VAULT.balance, sum, "vault");
        _same(VAULT.freeOf(Predeploys.TASK_MARKET), MARKET.reserve(), "the market's reserve");
    }

    function _checkLeases() private view {
        uint256[] memory ids = _actor.liveLeases();
        uint256 sum = 0;
        for (uint256 i = 0; i < ids.length; ++i) sum += LEASES.balanceOf(ids[i]);
        for (uint256 i = 0; i < _accounts.length; ++i) sum += LEASES.creditOf(_accounts[i]);
        _same(Predeploys.LEASE_MARKET.balance, sum, "leases");
    }

    /// @dev What oracles and jurors have earned is there, and every bond of an open dispute.
    function _checkJudges() private view {
        uint256 held = Predeploys.ORACLE_HUB.balance + ESCROW.creditOf(Predeploys.ORACLE_HUB);
        _same(held, _actor.feesCredited() - _actor.feesClaimed(), "fees of oracles");
        _same(VAULT.freeOf(Predeploys.DISPUTE_COURT), _actor.jurorsDue(), "shares of jurors");
        _same(VAULT.lockedOf(Predeploys.DISPUTE_COURT), 0, "nothing of the court is locked");
        _same(Predeploys.ORACLE_BALLOT.balance, 0, "the ballot holds no coin");
        _same(Predeploys.DISPUTE_COURT.balance, 0, "the court holds no coin");
        uint256[] memory ids = _actor.openDisputes();
        for (uint256 i = 0; i < ids.length; ++i) {
            IDisputeCourt.Bond[] memory bonds = COURT.bondsOf(ids[i]);
            for (uint256 j = 0; j < bonds.length; ++j) {
                bytes32 ref = keccak256(abi.encode("dispute", ids[i], j + 1));
                uint256 locked = VAULT.lockOf(Predeploys.DISPUTE_COURT, bonds[j].payer, ref);
                _same(locked, bonds[j].amount, "a bond");
            }
        }
    }

    /// @dev No purse gives more than was voted, and the council has what it may still spend.
    function _checkBudgets() private view {
        for (uint256 i = 1; i <= TREASURY.budgetCount(); ++i) {
            ITreasury.Budget memory budget = TREASURY.budgetOf(i);
            require(budget.drawn <= TREASURY.accruedOf(i), Broken("drawn before it accrued"));
            require(budget.drawn <= budget.amount, Broken("drawn more than was voted"));
        }
        uint256 promised = 0;
        for (uint8 i = 0; i < 5; ++i) promised += COUNCIL.committeeOf(ICouncil.Committee(i)).budget;
        require(promised <= Predeploys.COUNCIL.balance, Broken("the council promises too much"));
    }

    /// @dev What nodes have earned by passing challenges and by being there is within their pools.
    function _checkRewards() private view {
        uint256 passed = DISTRIBUTOR.paid(IRewardDistributor.Pool.Challenge);
        uint256 online = DISTRIBUTOR.paid(IRewardDistributor.Pool.Online);
        for (uint256 i = 0; i <= WORKER_COUNT; ++i) {
            passed += CHALLENGES.rewardOf(_worker(i));
            online += ONLINE.earnedOf(IOnlineReward.Service.Compute, _worker(i));
        }
        require(
            passed <= DISTRIBUTOR.accrued(IRewardDistributor.Pool.Challenge),
            Broken("more earned by challenges than accrued")
        );
        require(
            online <= DISTRIBUTOR.accrued(IRewardDistributor.Pool.Online),
            Broken("more earned by being there than accrued")
        );
        _same(Predeploys.CAPABILITY_CHALLENGE.balance, 0, "challenges hold no coin");
    }

    function _coinOfAll() private view returns (uint256 sum) {
        for (uint256 i = 0; i < _accounts.length; ++i) sum += _accounts[i].balance;
        for (uint256 i = 0; i < _purses.length; ++i) sum += _purses[i].balance;
    }

    function check() external view {
        _checkAll();
    }

    function testACoinTooManyIsSeen() public {
        this.check();
        vm.deal(CLIENT, CLIENT.balance + 1);
        vm.expectRevert(
            abi.encodeWithSelector(NotEqual.selector, "all the coin there is", _coin + 1, _coin)
        );
        this.check();
    }

    function testACoinOfNobodyInTheVaultIsSeen() public {
        uint256 held = Predeploys.COLLATERAL_VAULT.balance;
        vm.deal(Predeploys.COLLATERAL_VAULT, held + 1);
        vm.expectRevert(abi.encodeWithSelector(NotEqual.selector, "vault", held + 1, held));
        this.check();
    }

    function testAModuleThatFailsOnceIsSeen() public {
        vm.etch(Predeploys.PRICE_BOOK, hex"fe");
        _actor.waitLong(0);
        vm.expectRevert(abi.encodeWithSelector(Broken.selector, "a module of the hub failed"));
        this.check();
    }

    /// @notice One story in which each step moves what it should.
    function testTheActorMovesCoin() public {
        _actor.post(0);
        // Half a dollar, and of nine posts within a tenth of a percent the one in the middle.
        _same(BOOK.feed().median, 0.5002e12, "a price");
        address paid = _tellOfATask();
        _tellOfADispute(paid);
        _tellOfALease();
        _tellOfRewards();
        // The treasury gives one coin, the council another.
        _actor.govern((1e18 - 1) << 8);
        _actor.govern((1 << 128) | ((1e18 - 1) << 8) | 3);
        _same(SUPPLIER.balance, 2e18, "spent");
        _checkAll();
    }

    /// @dev Half a coin for one slot, not quoted, judged by hidden verdicts, refunded to a sponsor.
    function _tellOfATask() private returns (address paid) {
        uint256 burned = Predeploys.SUPPLY_METER.balance;
        _actor.orderAndRun(1 << 136);
        _same(ESCROW.balanceOf(1), 0.75e18, "the collateral");
        paid = MARKET.slotOf(1, 0).worker;
        _actor.wait_(99);
        _actor.wait_(0);
        _ended(1, ITaskBook.TaskState.Completed);
        _same(ESCROW.creditOf(paid), 0.585e18, "0.6 less the fee");
        _same(ESCROW.creditOf(SPONSOR), 0.15e18, "0.75 less 0.6");
        _same(Predeploys.SUPPLY_METER.balance - burned, 0.003e18, "a fifth of the fee");
        _actor.fetchFees(0);
        _same(_actor.feesClaimed(), 0.006e18, "two fifths of the fee");
        _actor.withdraw(0);
        _same(SPONSOR.balance, 100_000.15e18, "the sponsor's refund");
    }

    /// @dev The client doubts a good result and loses its bond of five coins.
    function _tellOfADispute(address paid) private {
        _actor.orderAndRun(1 << 136);
        address worker = MARKET.slotOf(2, 0).worker;
        uint256 free = VAULT.freeOf(worker);
        _actor.dispute(1 << 32);
        _same(VAULT.lockedOf(CLIENT), 5e18, "the bond");
        _actor.wait_(0);
        _actor.wait_(0);
        _actor.decide(0);
        _actor.decide(1 << 8);
        _same(VAULT.lockedOf(CLIENT), 0, "is lost");
        _same(_actor.jurorsDue(), 1.5e18, "three tenths of it are the jurors'");
        _actor.fetchFees(0);
        _same(_actor.jurorsDue(), 0, "and paid");
        require(VAULT.freeOf(worker) >= free + 2.5e18, Broken("half is the worker's"));
        require(paid != address(0), Broken("nobody was paid"));
    }

    /// @dev An hour's deposit at 0.0001 coins a second.
    function _tellOfALease() private {
        _actor.rentAndTake(3_599 << 104);
        address lessor = LEASES.leaseOf(1).worker;
        uint256 started = LEASES.leaseOf(1).startedAt;
        _actor.waitLong(1 << 3);
        _actor.goOnWithLease(2 << 8);
        uint256 ran = LEASES.leaseOf(1).paidUntil - started;
        require(ran > 200, NotEqual("seconds", ran, 201));
        _same(LEASES.creditOf(lessor), (ran * 0.0001e18 * 975) / 1_000, "time less the fee");
        _actor.goOnWithLease(7 << 8);
        _actor.goOnWithLease(0);
        _same(LEASES.balanceOf(1), 0, "the rest went back");
    }

    /// @dev A newcomer proves its power, and a day later that is paid.
    function _tellOfRewards() private {
        address account = _worker(WORKER_COUNT);
        _actor.prove(0);
        _same(REGISTRY.powerOf(account), 1_000, "76,294 products of 64^3 in 20 seconds");
        _same(REGISTRY.bondOf(account), 1e18, "a coin is lost if it was false");
        _actor.waitLong(uint256(1 days) << 4);
        _actor.fetchRewards(0);
        require(account.balance > 0, Broken("no reward"));
        _mustHaveSeen(ICapabilityChallenge.ChallengeRewardClaimed.selector, "a reward is claimed");
        require(bytes(_missing).length == 0, Broken(_missing));
    }

    /// @notice The runner cannot show that its steps lead anywhere, so here is a walk of the same
    /// kind that does: whatever the economy is there for happens in it, and few steps are refused.
    function testTheActorsReachWhatTheyAreThereFor() public {
        uint256 refused = 0;
        for (uint256 i = 0; i < _WALK; ++i) {
            uint256 seed = uint256(keccak256(abi.encode("walk", i)));
            if (!_step(seed)) ++refused;
            if (i % 8 == 0) _checkAll();
        }
        _checkAll();
        require(refused * 10 < _WALK, NotEqual("refused", refused, _WALK / 10));
        _mustHaveSeen(ITaskBook.TaskCompleted.selector, "a task is completed");
        _mustHaveSeen(ITaskBook.TaskEnded.selector, "a task fails");
        _mustHaveSeen(ITaskBook.SlotRepaired.selector, "a slot is repaired");
        _mustHaveSeen(ITaskBook.SlotFaulted.selector, "a worker is faulted");
        _mustHaveSeen(ITaskBook.TaskRated.selector, "a task is rated");
        _mustHaveSeen(IOracleHub.OracleFeeClaimed.selector, "an oracle has its fee");
        _mustHaveSeen(IOracleHub.OracleSlashed.selector, "an oracle is slashed");
        _mustHaveSeen(IOracleHub.OracleReleased.selector, "an oracle has its collateral");
        _mustHaveSeen(IOracleHub.SlotRechecked.selector, "a slot is checked again");
        _mustHaveSeen(IOracleBallot.VerdictDecided.selector, "hidden verdicts decide");
        _mustHaveSeen(IDisputeCourt.RoundDecided.selector, "a jury decides");
        _mustHaveSeen(IDisputeCourt.Appealed.selector, "a dispute is appealed");
        _mustHaveSeen(IDisputeCourt.BondForfeited.selector, "a bond is lost");
        _mustHaveSeen(IDisputeCourt.JurorPaid.selector, "a juror is paid");
        _mustHaveSeen(IDisputeCourt.ChunkShown.selector, "a chunk is shown");
        _mustHaveSeen(IDisputeCourt.EquivocationProved.selector, "an equivocation is proved");
        _mustHaveSeen(ILeaseMarket.LeaseCharged.selector, "a lease is paid");
        _mustHaveSeen(ILeaseMarket.LeaseClosed.selector, "a lease is closed");
        _mustHaveSeen(ILeaseMarket.LeaseAborted.selector, "a lease is aborted");
        _mustHaveSeen(ILeaseMarket.ReclaimStarted.selector, "a worker wants its machine");
        _mustHaveSeen(ILeaseMarket.DepositRefunded.selector, "a deposit goes back");
        _mustHaveSeen(IPriceBook.CoinPriceChanged.selector, "a price is posted");
        _mustHaveSeen(IPriceBook.PricesAdjusted.selector, "prices are adjusted");
        _mustHaveSeen(
            ICapabilityChallenge.ChallengeRewardClaimed.selector,
            "a reward for a challenge is claimed"
        );
        _mustHaveSeen(IOnlineReward.RewardDrawn.selector, "a reward for being there is drawn");
        _mustHaveSeen(INodeRegistry.PowerProved.selector, "power is proved");
        _mustHaveSeen(ITreasury.Spent.selector, "the treasury spends");
        _mustHaveSeen(ITreasury.BudgetDrawn.selector, "a budget is drawn");
        _mustHaveSeen(ICouncil.SpendingPaid.selector, "the council spends");
        _mustHaveSeen(ICollateralVault.Withdrawn.selector, "collateral is withdrawn");
        require(bytes(_missing).length == 0, Broken(_missing));
    }

    function _mustHaveSeen(bytes32 topic, string memory what) private {
        if (_actor.seen(topic) == 0) _missing = string.concat(_missing, what, ", ");
    }

    /// @dev One of the actor's steps; the seed chooses which and with what.
    function _step(uint256 seed) private returns (bool ok) {
        bytes4[27] memory steps = [
            EconomyActor.order.selector,
            EconomyActor.orderAndStart.selector,
            EconomyActor.orderAndRun.selector,
            EconomyActor.work.selector,
            EconomyActor.workTwice.selector,
            EconomyActor.giveUp.selector,
            EconomyActor.rate.selector,
            EconomyActor.dispute.selector,
            EconomyActor.recheck.selector,
            EconomyActor.decide.selector,
            EconomyActor.equivocate.selector,
            EconomyActor.rent.selector,
            EconomyActor.rentAndTake.selector,
            EconomyActor.goOnWithLease.selector,
            EconomyActor.goOnWithAllLeases.selector,
            EconomyActor.post.selector,
            EconomyActor.bond.selector,
            EconomyActor.prove.selector,
            EconomyActor.stake.selector,
            EconomyActor.fetchRewards.selector,
            EconomyActor.fetchFees.selector,
            EconomyActor.withdraw.selector,
            EconomyActor.deposit.selector,
            EconomyActor.govern.selector,
            EconomyActor.contribute.selector,
            EconomyActor.wait_.selector,
            EconomyActor.waitLong.selector
        ];
        (ok, ) = address(_actor).call(abi.encodeWithSelector(steps[seed % 27], seed >> 8));
    }
}
