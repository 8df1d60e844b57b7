// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IDisputeCourt} from "../../../contracts/interfaces/IDisputeCourt.sol";
import {ILeaseMarket} from "../../../contracts/interfaces/ILeaseMarket.sol";
import {TaskAttestation, Verdict} from "../../../contracts/interfaces/IOracleHub.sol";
import {ITaskBook} from "../../../contracts/interfaces/ITaskBook.sol";
import {EconomyStage} from "../support/EconomyStage.sol";
import {vm} from "../support/Vm.sol";

/// @notice One owner is client and sponsor, any of the workers, fewer oracles than a committee
/// needs, and lessee and lessor, in tasks that are completed, disputes that are decided and leases
/// that are paid. It never ends with more coin than it began with; where an outsider is the client,
/// not with more than the outsider spent.
/// @dev The chain draws whom it wants. All others are honest: they do what they accepted, report
/// and vote what is true. The reserve is full of others' money.
contract OneHandManyRolesTest is EconomyStage {
    uint256 private constant OUTSIDERS_COIN = 100_000e18;

    /// @dev What one of the owner's workers does with its slot.
    uint256 private constant HONEST = 0;
    uint256 private constant WRONG = 1;
    uint256 private constant LEAVES = 2;
    uint256 private constant HIDES = 3;

    struct Scene {
        uint256 workers; // bit i: worker i is the owner's
        uint256 oracles; // of which the first so many are the owner's
        bool isHelping; // whether the owner's oracles report what is true
        address client;
        address sponsor;
    }

    Scene private _scene;
    uint256 private _completed;
    uint256 private _forfeited;
    uint256 private _leased;

    function setUp() public override {
        super.setUp();
        vm.deal(STRANGER, OUTSIDERS_COIN);
        _deposit(SPONSOR, 10_000e18);
        // A worker's fault fills the reserve with what it lost, less the tenth that is burned.
        ITaskBook.TaskSpec memory s = _spec(1);
        s.price = 1_000e18;
        uint256 taskId = _create(s);
        _drawWorkers(taskId);
        _accept(taskId, 0);
        _endBlock(500);
        vm.prank(MARKET.slotOf(taskId, 0).worker);
        MARKET.abort(taskId, 0);
        _same(MARKET.reserve(), 450e18, "reserve");
    }

    function testFuzzNobodyGainsByDealingWithItself(uint256 seed) public {
        _play(seed, CLIENT);
    }

    function testFuzzNobodyGainsMoreThanItsOutsiderSpends(uint256 seed) public {
        _play(seed, STRANGER);
    }

    /// @notice So the fuzzed deals do come to their ends.
    function testTheDealsAreCompletedDisputedAndPaid() public {
        for (uint256 i = 0; i < 24; ++i) _play(uint256(keccak256(abi.encode(i))), CLIENT);
        require(_completed >= 10, NotEqual("tasks completed", _completed, 10));
        require(_forfeited >= 4, NotEqual("bonds lost", _forfeited, 4));
        require(_leased >= 10, NotEqual("leases paid", _leased, 10));
    }

    /// @notice Of six coins for work worth five in half the time, the fee of 2.5 % leaves the owner
    /// of client and workers.
    function testWhoPaysItselfLosesTheFee() public {
        _scene = Scene(63, 0, true, CLIENT, CLIENT);
        uint256 before = _wealth();
        _runAlone();
        _same(before - _wealth(), 0.15e18, "the fee");
    }

    /// @notice The most that can come back of it is the oracles' two fifths, to who owns them all.
    function testEvenWithAllOraclesThreeFifthsOfTheFeeAreLost() public {
        _scene = Scene(63, ORACLE_COUNT, true, CLIENT, CLIENT);
        uint256 before = _wealth();
        uint256 taskId = _runAlone();
        _fetch(taskId);
        _same(before - _wealth(), 0.09e18, "three fifths of 0.15");
    }

    function _runAlone() private returns (uint256 taskId) {
        ITaskBook.TaskSpec memory s = _spec(1);
        s.price = 5e18;
        taskId = _create(s);
        _runToAttesting(taskId, 500);
        _judgeTruly(taskId, 0, HONEST);
        _runOut(taskId);
        _ended(taskId, ITaskBook.TaskState.Completed);
    }

    /* PLAYING */

    function _play(uint256 seed, address client) private {
        address sponsor = client == CLIENT && seed % 2 == 0 ? SPONSOR : client;
        _scene = Scene((seed >> 8) % 64, (seed >> 16) % 5, (seed >> 20) % 4 != 0, client, sponsor);
        uint256 before = _wealth() + _wealthOfOutsider();
        for (uint256 i = 0; i < 3; ++i) {
            uint256 deal = uint256(keccak256(abi.encode(seed, i)));
            if (deal % 4 == 0) _dealInTime(deal >> 8);
            else _dealInWork(deal >> 8);
        }
        uint256 now_ = _wealth() + _wealthOfOutsider();
        require(now_ <= before, NotEqual("wealth", now_, before));
    }

    function _dealInWork(uint256 seed) private {
        uint256 taskId = _orderFor(seed);
        uint8 count = MARKET.taskOf(taskId).slotCount;
        uint256[3] memory plans;
        if (_drawWorkers(taskId)) {
            for (uint8 i = 0; i < count; ++i) {
                bool isOwn = _isOwnWorker(MARKET.slotOf(taskId, i).worker);
                // Often all are honest, so that much is paid.
                if (isOwn && (seed >> 96) % 2 == 0) plans[i] = (seed >> (100 + 4 * i)) % 4;
                _accept(taskId, i);
            }
            _endBlock(1 + ((seed >> 120) % 110));
            _workAsPlanned(taskId, plans);
        }
        _judgeAll(taskId, plans);
        if ((seed >> 130) % 2 == 0) _disputeWithoutReason(taskId, seed >> 131);
        _runOut(taskId);
        if (MARKET.taskOf(taskId).state == ITaskBook.TaskState.Completed) ++_completed;
        _fetch(taskId);
    }

    function _orderFor(uint256 seed) private returns (uint256 taskId) {
        // Casts: each is bounded by what it is taken modulo.
        ITaskBook.TaskSpec memory s = _spec(uint8(1 + (seed % 3)));
        // The owner's oracles are fewer than a quorum: 2 of 4, or 4 of 7 from 10 coins on.
        uint256 least = _scene.oracles > 2 ? 10e18 : 0.5e18;
        s.price = uint96(least + ((seed >> 8) % 100e18));
        (s.units, s.expectedSeconds) = (30, 100);
        s.maxSlotLoss = uint8((seed >> 80) % s.slotCount);
        if ((seed >> 84) % 4 == 0) s.replicas = s.slotCount;
        s.sponsor = _scene.sponsor;
        (, uint256 collateral) = MARKET.quoteTask(s);
        vm.prank(_scene.client);
        return MARKET.createTask{value: collateral}(s, "manifest");
    }

    function _workAsPlanned(uint256 taskId, uint256[3] memory plans) private {
        uint8 count = MARKET.taskOf(taskId).slotCount;
        for (uint8 i = 0; i < count; ++i) {
            if (plans[i] != LEAVES || !_isIn(taskId, ITaskBook.TaskState.Running)) continue;
            vm.prank(MARKET.slotOf(taskId, i).worker);
            MARKET.abort(taskId, i);
        }
        for (uint8 i = 0; i < count; ++i) {
            if (plans[i] == LEAVES || !_isIn(taskId, ITaskBook.TaskState.Running)) continue;
            _commitRoot(taskId, i, plans[i] == WRONG ? bytes32("wrong") : _rootOf(taskId, i));
        }
        // Slots whose worker left may find another, who does not come in time.
        _waitWhile(taskId, ITaskBook.TaskState.Running);
        for (uint8 i = 0; i < count; ++i) {
            bool isHidden = plans[i] == HIDES || plans[i] == LEAVES;
            if (isHidden || !_isIn(taskId, ITaskBook.TaskState.Revealing)) continue;
            _revealRoot(taskId, i, plans[i] == WRONG ? bytes32("wrong") : _rootOf(taskId, i));
        }
        _waitWhile(taskId, ITaskBook.TaskState.Revealing);
    }

    /// @dev The owner doubts what it knows to be right; its oracles side with it.
    function _disputeWithoutReason(uint256 taskId, uint256 seed) private {
        if (!_isIn(taskId, ITaskBook.TaskState.Challenge)) return;
        for (uint8 i = 0; i < MARKET.taskOf(taskId).slotCount; ++i) {
            if (MARKET.slotOf(taskId, i).state != ITaskBook.SlotState.Attested) continue;
            vm.prank(CLIENT);
            uint256 id = COURT.openDispute(taskId, i);
            _decideTruly(id);
            if (seed % 2 == 0) {
                vm.prank(SPONSOR);
                COURT.appeal(id);
                _decideTruly(id);
            }
            _endBlock(COURT.disputeOf(id).deadline + 1 - _time);
            COURT.close(id);
            ++_forfeited;
            for (uint256 j = 0; j < _scene.oracles; ++j) {
                try COURT.payJuror(id, _oracle(j)) {} catch {
                    // Not drawn, or on the wrong side.
                }
            }
            return;
        }
    }

    function _decideTruly(uint256 disputeId) private {
        _endBlock(1);
        _endBlock(1);
        address[] memory jurors = _jurorsOf(disputeId);
        uint256 faulty = 0;
        for (uint256 i = 0; i < jurors.length; ++i) {
            if (_isOwnOracle(jurors[i])) faulty |= 1 << i;
        }
        _voteAll(disputeId, faulty);
        COURT.decide(disputeId);
    }

    function _dealInTime(uint256 seed) private {
        address lessor = _worker(seed % WORKER_COUNT);
        // Casts: each is bounded by what it is taken modulo.
        uint96 price = uint96(0.001e18 + ((seed >> 8) % 0.1e18));
        uint32 least = uint32((seed >> 72) % 1_200);
        uint256 deposit = price * (uint256(least) + 1 + ((seed >> 88) % 1_200));
        uint256 leaseId = _leaseBy(_scene.client, lessor, price, least, deposit);
        if (REGISTRY.reasonOf(lessor) == 0) {
            vm.prank(lessor);
            LEASES.take(leaseId);
            ++_leased;
            _endBlock(1 + ((seed >> 104) % 1_800));
        }
        ILeaseMarket.LeaseState state = LEASES.stateOf(leaseId);
        bool isBound = state == ILeaseMarket.LeaseState.Running;
        if (isBound && _isOwnWorker(lessor) && (seed >> 120) % 2 == 0) {
            vm.prank(lessor);
            LEASES.abort(leaseId);
        } else {
            vm.prank(_scene.client);
            if (state == ILeaseMarket.LeaseState.Offered) LEASES.cancel(leaseId);
            else LEASES.close(leaseId);
        }
        _refundLease(leaseId);
    }

    /* JUDGING */

    function _judgeAll(uint256 taskId, uint256[3] memory plans) private {
        if (!_isIn(taskId, ITaskBook.TaskState.Attesting)) return;
        _endBlock(1);
        _endBlock(1);
        for (uint8 i = 0; i < MARKET.taskOf(taskId).slotCount; ++i) {
            if (!_isIn(taskId, ITaskBook.TaskState.Attesting)) return;
            if (MARKET.slotOf(taskId, i).state != ITaskBook.SlotState.Revealed) continue;
            _judgeTruly(taskId, i, plans[i]);
        }
    }

    /// @dev The honest report what is true, as long as they are enough without the others.
    function _judgeTruly(uint256 taskId, uint8 slot, uint256 plan) private {
        (address[] memory members, bytes32 digest, uint8 quorum) = ORACLES.committeeOf(taskId);
        Verdict verdict = plan == WRONG ? Verdict.Invalid : Verdict.Valid;
        TaskAttestation memory att = _attestation(taskId, slot, digest, verdict);
        bytes32 hash = ORACLES.hashTaskAttestation(att);
        bytes memory signatures;
        uint32 bitmap = 0;
        uint256 given = 0;
        for (uint256 i = 0; i < members.length && given < quorum; ++i) {
            if (_isOwnOracle(members[i]) && !_scene.isHelping) continue;
            // At most 31 members.
            bitmap |= uint32(1 << i);
            signatures = bytes.concat(signatures, _signAs(hash, members[i]));
            ++given;
        }
        if (given == quorum) ORACLES.submitReport(att, bitmap, signatures);
    }

    /* ENDING */

    /// @dev Strangers end what is left of a task.
    function _runOut(uint256 taskId) private {
        for (uint256 i = 0; i < 12; ++i) {
            if (MARKET.taskOf(taskId).state >= ITaskBook.TaskState.Completed) return;
            _waitOnce(taskId);
        }
    }

    function _waitWhile(uint256 taskId, ITaskBook.TaskState state) private {
        for (uint256 i = 0; i < 6 && _isIn(taskId, state); ++i) _waitOnce(taskId);
    }

    /// @dev The block ends what is due, or a stranger does.
    function _waitOnce(uint256 taskId) private {
        uint256 deadline = MARKET.taskOf(taskId).deadline;
        _endBlock(_time > deadline ? 1 : deadline + 1 - _time);
        _endBlock(1);
        ITaskBook.Task memory task = MARKET.taskOf(taskId);
        if (task.state >= ITaskBook.TaskState.Completed || _time <= task.deadline) return;
        MARKET.expire(taskId);
    }

    function _fetch(uint256 taskId) private {
        for (uint8 i = 0; i < MARKET.taskOf(taskId).slotCount; ++i) {
            for (uint256 j = 0; j < _scene.oracles; ++j) {
                vm.prank(_oracle(j));
                try ORACLES.claimFee(taskId, i) {} catch {
                    // Did not sign.
                }
            }
        }
    }

    /* COUNTING */

    function _wealth() private view returns (uint256 sum) {
        sum = _wealthOf(CLIENT) + _wealthOf(SPONSOR);
        for (uint256 i = 0; i < WORKER_COUNT; ++i) {
            if (_isOwnWorker(_worker(i))) sum += _wealthOf(_worker(i));
        }
        for (uint256 i = 0; i < _scene.oracles; ++i) sum += _wealthOf(_oracle(i));
    }

    function _wealthOfOutsider() private view returns (uint256) {
        return _scene.client == CLIENT ? 0 : _wealthOf(STRANGER);
    }

    function _wealthOf(address account) private view returns (uint256) {
        return
            account.balance +
            VAULT.freeOf(account) +
            VAULT.lockedOf(account) +
            ESCROW.creditOf(account) +
            LEASES.creditOf(account);
    }

    function _isOwnWorker(address worker) private view returns (bool) {
        for (uint256 i = 0; i < WORKER_COUNT; ++i) {
            if (worker == _worker(i)) return (_scene.workers >> i) & 1 == 1;
        }
        return false;
    }

    function _isOwnOracle(address account) private view returns (bool) {
        uint256 number = _numberOf(account);
        return number > 0 && number <= _scene.oracles;
    }

    function _isIn(uint256 taskId, ITaskBook.TaskState state) private view returns (bool) {
        return MARKET.taskOf(taskId).state == state;
    }
}
