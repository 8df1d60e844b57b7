// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICouncil} from "../../../contracts/interfaces/ICouncil.sol";
import {IContributionBoard} from "../../../contracts/interfaces/IContributionBoard.sol";
import {IDisputeCourt} from "../../../contracts/interfaces/IDisputeCourt.sol";
import {ILeaseMarket, LeaseAbort} from "../../../contracts/interfaces/ILeaseMarket.sol";
import {INodeRegistry} from "../../../contracts/interfaces/INodeRegistry.sol";
import {IOnlineReward} from "../../../contracts/interfaces/IOnlineReward.sol";
import {IOracleHub, TaskAttestation, Verdict} from "../../../contracts/interfaces/IOracleHub.sol";
import {ITaskBook} from "../../../contracts/interfaces/ITaskBook.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {EconomyLedger} from "./EconomyLedger.sol";
import {ProofOfPower} from "./ProofOfPower.sol";
import {vm} from "./Vm.sol";

/// @notice Does one step of the economy at random, most often one that somebody would do. Every
/// block is ended by the hub.
abstract contract EconomyActor is EconomyLedger, ProofOfPower {
    /// @dev So many tasks, leases and disputes go on at once at most, to keep each step short.
    uint256 private constant LIVE_MAX = 5;
    uint256 private constant ACTIVE_ORACLES_MIN = 7;

    /// @dev Where the genesis' time stands; this contract runs no set-up of its own.
    constructor(uint64 height, uint256 time) {
        (_height, _time) = (height, time);
        _knowOracles();
    }

    modifier step(uint256 seed) {
        _begin();
        _;
        if ((seed >> 248) % 2 == 0) _endBlock(1 + ((seed >> 240) % 3));
        _audit();
    }

    /// @dev Nothing; the runner could call it.
    function setUp() public override {}

    /* TASKS */

    function order(uint256 seed) external step(seed) {
        if (_liveTasks.length < LIVE_MAX) _order(seed);
    }

    function orderAndStart(uint256 seed) external step(seed) {
        if (_liveTasks.length >= LIVE_MAX) return;
        _proveOld(seed);
        _startDrawn(_order(seed));
    }

    /// @notice A task that goes well until its oracles have spoken.
    function orderAndRun(uint256 seed) external step(seed) {
        if (_liveTasks.length >= LIVE_MAX) return;
        _proveOld(seed);
        uint256 taskId = _order(seed);
        if (!_runToAttesting(taskId, 1 + (uint8(seed >> 80) % 30))) return;
        uint8 count = MARKET.taskOf(taskId).slotCount;
        for (uint8 i = 0; i < count; ++i) _judge(taskId, i, Verdict.Valid);
    }

    /// @notice Whatever is to be done next, by all who have something to do.
    function work(uint256 seed) external step(seed) {
        for (uint256 i = 0; i < _liveTasks.length; ++i) _workOn(_liveTasks[i], seed >> (16 * i));
    }

    /// @notice The same for one task, and again three blocks later.
    function workTwice(uint256 seed) external step(seed) {
        if (_liveTasks.length == 0) return;
        uint256 taskId = _pick(_liveTasks, seed);
        _workOn(taskId, seed >> 8);
        for (uint256 i = 0; i < 3; ++i) _endBlock(1);
        _workOn(taskId, seed >> 16);
    }

    /// @notice A worker leaves, and perhaps another goes on.
    function giveUp(uint256 seed) external step(seed) {
        bool isNew = _liveTasks.length < LIVE_MAX;
        uint256 taskId = isNew ? _order(seed) : _pick(_liveTasks, seed);
        if (isNew && !_startDrawn(taskId)) return;
        ITaskBook.Task memory task = MARKET.taskOf(taskId);
        if (task.state != ITaskBook.TaskState.Running) return;
        // Cast: below a count of 8 bits.
        uint8 slot = uint8((seed >> 8) % task.slotCount);
        ITaskBook.Slot memory its = MARKET.slotOf(taskId, slot);
        if (its.state != ITaskBook.SlotState.Accepted || _time > its.deadline) return;
        vm.prank(its.worker);
        MARKET.abort(taskId, slot);
        for (uint256 i = 0; i < 3; ++i) _endBlock(1);
        _workOn(taskId, seed >> 16);
    }

    function rate(uint256 seed) external step(seed) {
        if (_paidTasks.length == 0) return;
        uint256 taskId = _pick(_paidTasks, seed);
        ITaskBook.Task memory task = MARKET.taskOf(taskId);
        if (task.isRated || task.price < 1e18) return;
        vm.prank(CLIENT);
        // Cast: 1 to 5.
        MARKET.rate(taskId, uint8(1 + ((seed >> 8) % 5)));
    }

    /* DISPUTES */

    function dispute(uint256 seed) external step(seed) {
        if (_openDisputes.length >= LIVE_MAX) return;
        (uint256 taskId, uint8 slot) = _findDisputable(seed);
        if (taskId == 0) return;
        (uint32 from, ) = MARKET.sliceOf(taskId, slot);
        bool isAsking = uint8(seed >> 32) % 3 == 0 && !_isRefused(taskId, slot);
        vm.prank([CLIENT, STRANGER, _worker(0)][uint8(seed >> 48) % 3]);
        if (isAsking) COURT.askForChunk(taskId, slot, from);
        else COURT.openDispute(taskId, slot);
    }

    /// @notice A second committee, where chance has drawn one.
    function recheck(uint256 seed) external step(seed) {
        (uint256 taskId, uint8 slot) = _findDisputable(seed);
        if (taskId == 0 || _isRefused(taskId, slot)) return;
        _recheck(taskId, slot, (seed >> 40) % 2 == 0 ? Verdict.Valid : Verdict.Invalid);
    }

    function decide(uint256 seed) external step(seed) {
        if (_openDisputes.length > 0) _decide(_pick(_openDisputes, seed), seed >> 8);
    }

    /// @notice One oracle says two things of one slot.
    function equivocate(uint256 seed) external step(seed) {
        if (_liveTasks.length == 0 || ORACLES.members().length <= ACTIVE_ORACLES_MIN) return;
        uint256 taskId = _pick(_liveTasks, seed);
        if (MARKET.taskOf(taskId).state < ITaskBook.TaskState.Attesting) return;
        (address[] memory members, bytes32 digest, ) = ORACLES.committeeOf(taskId);
        address liar = members[(seed >> 8) % members.length];
        TaskAttestation memory one = _attestation(taskId, 0, digest, Verdict.Valid);
        TaskAttestation memory other = _attestation(taskId, 0, digest, Verdict.Invalid);
        bytes memory first = _signAs(ORACLES.hashTaskAttestation(one), liar);
        bytes memory second = _signAs(ORACLES.hashTaskAttestation(other), liar);
        vm.prank(STRANGER);
        COURT.proveEquivocation(liar, one, other, first, second);
    }

    /* LEASES */

    function rent(uint256 seed) external step(seed) {
        if (_liveLeases.length < LIVE_MAX) _rent(seed);
    }

    function rentAndTake(uint256 seed) external step(seed) {
        if (_liveLeases.length >= LIVE_MAX) return;
        _proveOld(seed);
        uint256 leaseId = _rent(seed);
        _take(leaseId, _worker(uint8(seed >> 96) % WORKER_COUNT));
    }

    function goOnWithLease(uint256 seed) external step(seed) {
        if (_liveLeases.length > 0) _goOnWithLease(_pick(_liveLeases, seed), seed >> 8);
    }

    function goOnWithAllLeases(uint256 seed) external step(seed) {
        for (uint256 i = 0; i < _liveLeases.length; ++i) {
            _goOnWithLease(_liveLeases[i], seed >> (16 * i));
        }
    }

    /* ORACLES AND NODES */

    function post(uint256 seed) external step(seed) {
        // Casts: from half a dollar to one and a half.
        _post(uint64(0.5e12 + (seed % 1e12)));
    }

    function bond(uint256 seed) external step(seed) {
        address account = _oracle(seed % ORACLE_COUNT);
        IOracleHub.Oracle memory its = ORACLES.oracleOf(account);
        if (its.place != 0) {
            bool isLeaving = (seed >> 8) % 2 == 0;
            if (isLeaving && ORACLES.members().length > ACTIVE_ORACLES_MIN) {
                vm.prank(account);
                ORACLES.deactivate();
            } else {
                vm.prank(account);
                ORACLES.addCollateral(1e18);
            }
            return;
        }
        if (ORACLES.collateralOf(account) > 0 && _time >= its.unbondedAt) ORACLES.release(account);
        if (!its.isAdmitted) {
            vm.prank(Predeploys.TIMELOCK);
            ORACLES.admit(account);
        }
        vm.prank(account);
        ORACLES.activate();
    }

    /// @notice One who works for nobody proves its power as it has to be proved.
    function prove(uint256 seed) external step(seed) {
        address account = _worker(WORKER_COUNT);
        if (_time < REGISTRY.nodeOf(account).provedAt + 0.5 days) return;
        // 1,000 to 6,242 million multiply-adds in each of 20 seconds.
        _proveTruly(account, 76_294 + (uint32(seed >> 104) % 400_000));
    }

    function stake(uint256 seed) external step(seed) {
        address account = _worker(seed % WORKER_COUNT);
        // Casts: less than 10 coins at a time.
        uint96 less = uint96(REGISTRY.stakeOf(account) / 2);
        uint96 more = uint96(1 + ((seed >> 16) % 10e18));
        vm.prank(account);
        // Refused while it is needed.
        if (less > 0 && (seed >> 8) % 2 == 0) REGISTRY.withdrawStake(less);
        else REGISTRY.addStake(more);
    }

    /* FETCHING */

    function fetchRewards(uint256 seed) external step(seed) {
        for (uint256 i = 0; i <= WORKER_COUNT; ++i) {
            address account = _worker(i);
            try CHALLENGES.claim(account) {} catch {
                // Nothing earned, or its epoch is not over.
            }
            if (ONLINE.earnedOf(IOnlineReward.Service.Compute, account) > 0) {
                ONLINE.draw(IOnlineReward.Service.Compute, account);
            }
            if (DISTRIBUTOR.creditOf(account) > 0) DISTRIBUTOR.claimFor(account);
        }
        if (DISTRIBUTOR.creditOf(_proposer()) > 0) DISTRIBUTOR.claimFor(_proposer());
    }

    function fetchFees(uint256 seed) external step(seed) {
        if (_paidTasks.length > 0) _fetchFees(_pick(_paidTasks, seed));
        if (_closedDisputes.length > 0) _payJurors(_pick(_closedDisputes, seed));
    }

    function withdraw(uint256 seed) external step(seed) {
        address[] memory all = people();
        for (uint256 i = 0; i < all.length; ++i) {
            if (ESCROW.creditOf(all[i]) > 0) ESCROW.withdrawFor(all[i]);
            if (LEASES.creditOf(all[i]) > 0) LEASES.withdrawFor(all[i]);
        }
        address account = all[seed % all.length];
        uint256 amount = VAULT.freeOf(account) / (2 + ((seed >> 8) % 10));
        if (amount == 0) return;
        vm.prank(account);
        VAULT.withdraw(amount);
    }

    function deposit(uint256 seed) external step(seed) {
        address[] memory all = people();
        address account = all[seed % all.length];
        if (account.balance == 0) return;
        vm.prank(account);
        VAULT.deposit{value: 1 + (account.balance / 2)}();
    }

    /* GOVERNING */

    function govern(uint256 seed) external step(seed) {
        uint256 kind = seed % 4;
        // Less than 20 coins.
        uint96 amount = 1 + uint64(seed >> 8);
        if (kind == 0) {
            vm.prank(Predeploys.TIMELOCK);
            TREASURY.spend(SUPPLIER, amount, "power");
        } else if (kind == 1 && TREASURY.budgetCount() < LIVE_MAX) {
            vm.prank(Predeploys.TIMELOCK);
            // Cast: 1 to 4 days.
            uint40 period = uint40(1 days + ((seed >> 128) % 3 days));
            TREASURY.setBudget(Predeploys.COUNCIL, amount, period, "council");
        } else if (kind == 2) {
            for (uint256 i = 1; i <= TREASURY.budgetCount(); ++i) {
                if (TREASURY.accruedOf(i) == TREASURY.budgetOf(i).drawn) continue;
                vm.prank(_director(0));
                COUNCIL.collect(i);
            }
        } else {
            vm.prank(Predeploys.TIMELOCK);
            COUNCIL.voteBudget(ICouncil.Committee.Research, 2 * amount);
            _spend(amount, (seed >> 128) % 4 != 0);
        }
    }

    function contribute(uint256 seed) external step(seed) {
        // Cast: at most the parameter.
        uint96 amount = uint96(1 + (seed % 100e18));
        address account = _worker((seed >> 128) % WORKER_COUNT);
        vm.prank(account);
        uint256 id = CONTRIBUTIONS.file(IContributionBoard.Kind.Resource, bytes32(seed | 1), "");
        vm.prank(Predeploys.TIMELOCK);
        CONTRIBUTIONS.award(id, IContributionBoard.Importance.Medium, amount);
    }

    /* TIME */

    function wait_(uint256 seed) external step(seed) {
        _endBlock(1 + (uint8(seed) % 200));
    }

    /// @notice Most often not while somebody would be late for it.
    function waitLong(uint256 seed) external step(seed) {
        for (uint256 i = 0; i < _liveTasks.length; ++i) {
            ITaskBook.TaskState state = MARKET.taskOf(_liveTasks[i]).state;
            bool isBusy = state > ITaskBook.TaskState.Open && state < ITaskBook.TaskState.Challenge;
            if (isBusy && seed % 8 != 0) return;
        }
        _endBlock(
            (seed >> 3) % 2 == 0
                ? 1 + (uint24(seed >> 4) % 2 days)
                : 200 + (uint16(seed >> 4) % 1 hours)
        );
    }

    /* READING */

    /// @notice Everybody who can own coin, without the contracts.
    function people() public pure returns (address[] memory all) {
        all = new address[](WORKER_COUNT + ORACLE_COUNT + 5);
        for (uint256 i = 0; i < WORKER_COUNT; ++i) all[i] = _worker(i);
        for (uint256 i = 0; i < ORACLE_COUNT; ++i) all[WORKER_COUNT + i] = _oracle(i);
        uint256 next = WORKER_COUNT + ORACLE_COUNT;
        address[5] memory others = [CLIENT, SPONSOR, STRANGER, SUPPLIER, _worker(WORKER_COUNT)];
        for (uint256 i = 0; i < others.length; ++i) all[next + i] = others[i];
    }

    /* DOING */

    /// @dev The runner may have put the clock back, and a step that was undone has put it on.
    function _begin() private {
        uint256 height = vm.getBlockNumber();
        // Cast: a block number.
        if (height > _height) (_height, _time) = (uint64(height), vm.getBlockTimestamp());
        vm.roll(_height);
        vm.warp(_time);
        vm.coinbase(_proposer());
        vm.recordLogs();
    }

    function _pick(uint256[] storage ids, uint256 seed) private view returns (uint256) {
        return ids[uint8(seed) % ids.length];
    }

    function _order(uint256 seed) private returns (uint256 taskId) {
        // Casts take a piece of the seed.
        ITaskBook.TaskSpec memory s = _spec(1 + (uint8(seed) % 3));
        s.price = 0.5e18 + (uint64(seed >> 8) % 20e18);
        s.units = 30;
        s.expectedSeconds = 30 + (uint16(seed >> 104) % 600);
        s.maxSlotLoss = uint8(seed >> 120) % s.slotCount;
        if ((seed >> 124) % 4 == 1) s.replicas = s.slotCount;
        if ((seed >> 128) % 2 == 0) s.sponsor = SPONSOR;
        if (uint8(seed >> 136) % 3 == 0 && _time <= BOOK.feed().freshUntil) {
            (s.isQuoted, s.computeUnits, s.storageGiB) = (true, 1_000, 10);
        }
        taskId = _create(s);
        if ((seed >> 144) % 4 != 0) return taskId;
        vm.prank(CLIENT);
        BALLOT.setHidden(taskId);
    }

    function _proveOld(uint256 seed) private {
        for (uint256 i = 0; i < WORKER_COUNT; ++i) {
            INodeRegistry.Node memory node = REGISTRY.nodeOf(_worker(i));
            if (_time < node.provedAt + 0.5 days) continue;
            // Cast: 1,000 to 6,999.
            _prove(_worker(i), uint64(1_000 * (i + 1) + (uint16(seed) % 1_000)));
        }
    }

    /// @dev Registers, commits to products and opens what is asked for.
    function _proveTruly(address account, uint32 products) private {
        (, uint256 commitBy) = REGISTRY.challengeRound();
        // Not in the last seconds of a round.
        if (_time + 5 > commitBy) _endBlock(commitBy + 1 - _time);
        vm.prank(account);
        REGISTRY.register(64, products);
        _endBlock(1);
        Prepared memory prepared = prepare(account, _height, 0);
        vm.prank(account);
        REGISTRY.commitProducts(prepared.root);
        _endBlock(1);
        vm.prank(account);
        REGISTRY.openProducts(prepared.openings);
    }

    function _workOn(uint256 taskId, uint256 seed) private {
        ITaskBook.Task memory task = MARKET.taskOf(taskId);
        if (!_isLive(taskId)) return;
        if (_time > task.deadline) {
            vm.prank(STRANGER);
            MARKET.expire(taskId);
            return;
        }
        if (task.state == ITaskBook.TaskState.Open && seed % 8 == 0) {
            // Nobody can know yet who is drawn.
            if (_height > task.seedHeight) return;
            vm.prank(task.sponsor);
            MARKET.cancel(taskId);
            return;
        }
        if (task.state <= ITaskBook.TaskState.Running) MARKET.advance(taskId);
        for (uint8 i = 0; i < task.slotCount; ++i) _workOnSlot(taskId, i, seed >> (4 * i));
    }

    function _workOnSlot(uint256 taskId, uint8 slot, uint256 seed) private {
        ITaskBook.TaskState state = MARKET.taskOf(taskId).state;
        ITaskBook.Slot memory its = MARKET.slotOf(taskId, slot);
        bool isLucky = seed % 16 != 0;
        if (its.state == ITaskBook.SlotState.Offered && _time <= its.deadline) {
            vm.prank(its.worker);
            if (isLucky) MARKET.accept(taskId, slot);
            else MARKET.decline(taskId, slot);
        } else if (state == ITaskBook.TaskState.Running) {
            if (its.state != ITaskBook.SlotState.Accepted || _time > its.deadline) return;
            if (isLucky) {
                _commitTree(taskId, slot);
            } else {
                bool isLeaving = its.pointUnits > 0 || (seed >> 4) % 2 == 0;
                vm.prank(its.worker);
                // Cast: less than 8.
                if (isLeaving) MARKET.abort(taskId, slot);
                else MARKET.checkpoint(taskId, slot, "point", uint32(1 + ((seed >> 5) % 7)));
            }
        } else if (state == ITaskBook.TaskState.Revealing) {
            if (its.state == ITaskBook.SlotState.Committed && isLucky) _revealTree(taskId, slot);
        } else if (state == ITaskBook.TaskState.Attesting) {
            if (its.state != ITaskBook.SlotState.Revealed) return;
            _judge(taskId, slot, isLucky ? Verdict.Valid : Verdict.Invalid);
        }
    }

    /// @dev A slot whose report may still be doubted; task 0 when there is none.
    function _findDisputable(uint256 seed) private view returns (uint256 taskId, uint8 slot) {
        uint256 count = _liveTasks.length;
        for (uint256 i = 0; i < count; ++i) {
            taskId = _liveTasks[(i + ((seed >> 16) & 0xff)) % count];
            ITaskBook.Task memory task = MARKET.taskOf(taskId);
            bool isOpen =
                task.state == ITaskBook.TaskState.Challenge ||
                    task.state == ITaskBook.TaskState.Disputed;
            if (!isOpen || _time > task.challengeBy) continue;
            // Cast: below a count of 8 bits.
            slot = uint8((seed >> 8) % task.slotCount);
            bool isAttested = MARKET.slotOf(taskId, slot).state == ITaskBook.SlotState.Attested;
            if (isAttested || _isRefused(taskId, slot)) return (taskId, slot);
        }
        return (0, 0);
    }

    function _isRefused(uint256 taskId, uint8 slot) private view returns (bool) {
        return MARKET.slotOf(taskId, slot).state == ITaskBook.SlotState.Refused;
    }

    function _decide(uint256 disputeId, uint256 seed) private {
        IDisputeCourt.Dispute memory its = COURT.disputeOf(disputeId);
        bool isLate = _time > its.deadline;
        if (its.state == IDisputeCourt.DisputeState.Asked) {
            if (isLate) COURT.close(disputeId);
            else _showChunk(disputeId, its);
        } else if (its.state == IDisputeCourt.DisputeState.Voting) {
            if (!isLate && its.forCount + its.againstCount == 0) {
                // All of one mind, or each of its own.
                uint256 opinion = [0, type(uint256).max, seed >> 16][uint8(seed) % 3];
                _voteAll(disputeId, opinion);
            }
            COURT.decide(disputeId);
        } else if (!isLate && seed % 2 == 0) {
            vm.prank([CLIENT, STRANGER][(seed >> 1) % 2]);
            COURT.appeal(disputeId);
        } else {
            if (!isLate) _endBlock(its.deadline + 1 - _time);
            COURT.close(disputeId);
        }
    }

    function _showChunk(uint256 disputeId, IDisputeCourt.Dispute memory its) private {
        bytes memory leaf = _leafOf(its.taskId, its.slot);
        vm.prank(MARKET.slotOf(its.taskId, its.slot).worker);
        COURT.showChunk(disputeId, leaf, new bytes32[](0));
    }

    function _rent(uint256 seed) private returns (uint256 leaseId) {
        // Casts take a piece of the seed.
        uint96 price = 0.0001e18 + (uint64(seed) % 0.01e18);
        uint32 least = uint16(seed >> 64) % 1_200;
        address named =
            (seed >> 88) % 2 == 0 ? address(0) : _worker(uint8(seed >> 96) % WORKER_COUNT);
        return
            _leaseBy(
                CLIENT,
                named,
                price,
                least,
                price * (uint256(least) + 1 + (uint16(seed >> 104) % 3_600))
            );
    }

    function _goOnWithLease(uint256 leaseId, uint256 seed) private {
        ILeaseMarket.LeaseState state = LEASES.stateOf(leaseId);
        ILeaseMarket.Lease memory lease = LEASES.leaseOf(leaseId);
        if (state == ILeaseMarket.LeaseState.Lapsed) {
            LEASES.cancel(leaseId);
        } else if (state == ILeaseMarket.LeaseState.Offered) {
            address taker =
                lease.worker == address(0) ? _worker(seed % WORKER_COUNT) : lease.worker;
            _take(leaseId, taker);
        } else if (state == ILeaseMarket.LeaseState.Expired) {
            vm.prank(STRANGER);
            LEASES.close(leaseId);
        } else if (state >= ILeaseMarket.LeaseState.Closed) {
            _refundLease(leaseId);
        } else {
            _useLease(leaseId, lease, seed);
        }
    }

    /// @dev Unless the worker may not work.
    function _take(uint256 leaseId, address worker) private {
        if (REGISTRY.reasonOf(worker) != 0) return;
        vm.prank(worker);
        LEASES.take(leaseId);
    }

    function _useLease(uint256 leaseId, ILeaseMarket.Lease memory lease, uint256 seed) private {
        uint256 kind = seed % 8;
        if (kind <= 1) {
            vm.prank(SPONSOR);
            LEASES.deposit{value: 0.1e18 + ((seed >> 8) % 1e18)}(leaseId);
        } else if (kind == 2) {
            LEASES.checkpoint(leaseId);
        } else if (kind <= 4 && lease.reclaimAt == 0) {
            vm.prank(lease.worker);
            LEASES.startReclaim(leaseId);
        } else if (kind == 5) {
            vm.prank(lease.worker);
            LEASES.abort(leaseId);
        } else if (kind == 6) {
            _reportAbort(leaseId);
        } else {
            vm.prank(lease.reclaimAt != 0 && _time >= lease.reclaimAt ? lease.worker : CLIENT);
            LEASES.close(leaseId);
        }
    }

    /// @dev A quorum of all oracles says that the worker has just left.
    function _reportAbort(uint256 leaseId) private {
        LeaseAbort memory word = LeaseAbort(leaseId, uint40(_time), uint40(_time + 60));
        bytes32 digest = LEASES.hashLeaseAbort(word);
        address[] memory members = ORACLES.members();
        uint256 quorum = ORACLES.quorum();
        bytes memory signatures;
        for (uint256 i = 0; i < quorum; ++i) {
            signatures = bytes.concat(signatures, _signAs(digest, members[i]));
        }
        // A quorum is at most 31.
        LEASES.reportAbort(word, uint32((1 << quorum) - 1), signatures);
    }

    function _fetchFees(uint256 taskId) private {
        uint8 count = MARKET.taskOf(taskId).slotCount;
        for (uint8 i = 0; i < count; ++i) {
            for (uint256 j = 0; j < ORACLE_COUNT; ++j) {
                vm.prank(_oracle(j));
                try ORACLES.claimFee(taskId, i) {} catch {
                    // Did not sign, or has its share.
                }
            }
        }
    }

    function _payJurors(uint256 disputeId) private {
        for (uint256 i = 0; i <= ORACLE_COUNT; ++i) {
            address juror = i < ORACLE_COUNT ? _oracle(i) : _proposer();
            try COURT.payJuror(disputeId, juror) {} catch {
                // Did not vote, not so, or has its share.
            }
        }
    }

    function _spend(uint96 amount, bool isReleased) private {
        vm.prank(RESEARCHER);
        COUNCIL.report(ICouncil.Committee.Research, "report", "");
        vm.prank(RESEARCHER);
        uint256 id = COUNCIL.requestSpending(
            ICouncil.Committee.Research,
            SUPPLIER,
            amount,
            "measuring"
        );
        vm.prank(TREASURER);
        if (isReleased) COUNCIL.releaseSpending(id);
        else COUNCIL.refuseSpending(id, "too dear");
    }
}
