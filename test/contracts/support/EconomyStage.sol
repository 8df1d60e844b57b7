// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICapabilityChallenge} from "../../../contracts/interfaces/ICapabilityChallenge.sol";
import {IContributionBoard} from "../../../contracts/interfaces/IContributionBoard.sol";
import {ICouncil} from "../../../contracts/interfaces/ICouncil.sol";
import {IDisputeCourt} from "../../../contracts/interfaces/IDisputeCourt.sol";
import {ILeaseMarket} from "../../../contracts/interfaces/ILeaseMarket.sol";
import {IOnlineReward} from "../../../contracts/interfaces/IOnlineReward.sol";
import {IOracleBallot} from "../../../contracts/interfaces/IOracleBallot.sol";
import {IOracleHub, TaskAttestation, Verdict} from "../../../contracts/interfaces/IOracleHub.sol";
import {IPriceBook} from "../../../contracts/interfaces/IPriceBook.sol";
import {IProtocolParams} from "../../../contracts/interfaces/IProtocolParams.sol";
import {IRewardDistributor} from "../../../contracts/interfaces/IRewardDistributor.sol";
import {ISystemHub} from "../../../contracts/interfaces/ISystemHub.sol";
import {ITaskBook} from "../../../contracts/interfaces/ITaskBook.sol";
import {ITreasury} from "../../../contracts/interfaces/ITreasury.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {TaskStage} from "./TaskStage.sol";
import {vm} from "./Vm.sol";

/// @title Base of tests in which the whole economy acts at once.
/// @notice The chain's own genesis and everybody on it: clients, six workers, nine oracles that
/// sign, jurors, lessees, a council with money. Whoever is drawn is drawn by the chain, and each
/// block is ended by the hub with all its modules.
abstract contract EconomyStage is TaskStage {
    ISystemHub internal constant HUB = ISystemHub(Predeploys.SYSTEM_HUB);
    IOracleHub internal constant ORACLES = IOracleHub(Predeploys.ORACLE_HUB);
    IOracleBallot internal constant BALLOT = IOracleBallot(Predeploys.ORACLE_BALLOT);
    IDisputeCourt internal constant COURT = IDisputeCourt(Predeploys.DISPUTE_COURT);
    ILeaseMarket internal constant LEASES = ILeaseMarket(Predeploys.LEASE_MARKET);
    IPriceBook internal constant BOOK = IPriceBook(Predeploys.PRICE_BOOK);
    ICapabilityChallenge internal constant CHALLENGES = ICapabilityChallenge(
        Predeploys.CAPABILITY_CHALLENGE
    );
    IOnlineReward internal constant ONLINE = IOnlineReward(Predeploys.ONLINE_REWARD);
    IRewardDistributor internal constant DISTRIBUTOR = IRewardDistributor(
        Predeploys.REWARD_DISTRIBUTOR
    );
    ITreasury internal constant TREASURY = ITreasury(Predeploys.TREASURY);
    ICouncil internal constant COUNCIL = ICouncil(Predeploys.COUNCIL);
    IContributionBoard internal constant CONTRIBUTIONS = IContributionBoard(
        Predeploys.CONTRIBUTION_BOARD
    );

    uint256 internal constant WORKER_COUNT = 6;
    uint256 internal constant ORACLE_COUNT = 9;

    address internal constant SPONSOR = address(0x5905);
    address internal constant SUPPLIER = address(0x50FF);
    address internal constant CHIEF = address(0xC1EF);
    address internal constant RESEARCHER = address(0x4E5E);
    address internal constant TREASURER = address(0x74EA);

    /// @dev Where an oracle's key is among the keys; its place plus one.
    mapping(address oracle => uint256 number) private _oracleNumbers;

    function setUp() public virtual override {
        super.setUp();
        _knowOracles();
        for (uint256 i = WORKERS; i < WORKER_COUNT; ++i) {
            _deposit(_worker(i), 5_000e18);
            _prove(_worker(i), uint64(1_000 * (i + 1)));
        }
        for (uint256 i = 0; i < ORACLE_COUNT; ++i) {
            _deposit(_oracle(i), 3_000e18);
            vm.prank(Predeploys.TIMELOCK);
            ORACLES.admit(_oracle(i));
            vm.prank(_oracle(i));
            ORACLES.activate();
        }
        vm.deal(CLIENT, 1_000_000e18);
        vm.deal(SPONSOR, 100_000e18);
        _deposit(CLIENT, 10_000e18);
        _deposit(STRANGER, 10_000e18);
    }

    function _oracle(uint256 i) internal pure returns (address) {
        return vm.addr(_oracleKey(i));
    }

    function _oracleKey(uint256 i) internal pure returns (uint256) {
        return 0xACE0 + i;
    }

    /// @dev Each contract that signs for oracles calls this first.
    function _knowOracles() internal {
        for (uint256 i = 0; i < ORACLE_COUNT; ++i) _oracleNumbers[_oracle(i)] = i + 1;
    }

    /// @dev Its place among the oracles plus one; 0 for a stranger.
    function _numberOf(address oracle) internal view returns (uint256 number) {
        return _oracleNumbers[oracle];
    }

    function _director(uint256 i) internal pure returns (address) {
        return address(uint160(0xD1000 + i));
    }

    /// @dev A board, its chief executive, managers of research and of finance, and money.
    function _seatCouncil() internal {
        address[] memory directors = new address[](3);
        for (uint256 i = 0; i < 3; ++i) directors[i] = _director(i);
        vm.prank(Predeploys.TIMELOCK);
        COUNCIL.seatBoard(directors);
        vm.prank(Predeploys.TIMELOCK);
        COUNCIL.appointChiefExecutive(CHIEF);
        vm.startPrank(CHIEF);
        COUNCIL.recruit(ICouncil.Committee.Research, RESEARCHER);
        COUNCIL.appointManager(ICouncil.Committee.Research, RESEARCHER);
        COUNCIL.recruit(ICouncil.Committee.Finance, TREASURER);
        COUNCIL.appointManager(ICouncil.Committee.Finance, TREASURER);
        vm.stopPrank();
        vm.deal(Predeploys.COUNCIL, 1_000e18);
        vm.deal(Predeploys.TREASURY, 10_000e18);
    }

    function _vote(bytes32 key, uint256 value) internal {
        vm.prank(Predeploys.TIMELOCK);
        IProtocolParams(Predeploys.PROTOCOL_PARAMS).set(key, value);
    }

    /* TASKS */

    /// @dev Whom the chain draws, at the end of a block; nobody when too few may work.
    function _drawWorkers(uint256 taskId) internal returns (bool isDrawn) {
        for (uint256 i = 0; i < 3; ++i) {
            if (MARKET.taskOf(taskId).state == ITaskBook.TaskState.Open) _endBlock(1);
        }
        return MARKET.taskOf(taskId).state == ITaskBook.TaskState.Assigned;
    }

    /// @dev The first leaf of what a slot's worker commits to.
    function _leafOf(uint256 taskId, uint8 slot) internal view returns (bytes memory) {
        (uint32 from, ) = MARKET.sliceOf(taskId, slot);
        return abi.encodePacked(from, "leaf of task", taskId);
    }

    /// @dev A tree of that one leaf.
    function _rootOf(uint256 taskId, uint8 slot) internal view returns (bytes32) {
        return keccak256(abi.encode(keccak256(_leafOf(taskId, slot))));
    }

    function _commitTree(uint256 taskId, uint8 slot) internal {
        _commitRoot(taskId, slot, _rootOf(taskId, slot));
    }

    function _revealTree(uint256 taskId, uint8 slot) internal {
        _revealRoot(taskId, slot, _rootOf(taskId, slot));
    }

    function _commitRoot(uint256 taskId, uint8 slot, bytes32 root) internal {
        ITaskBook.Slot memory its = MARKET.slotOf(taskId, slot);
        bytes32 commitment = MARKET.commitmentOf(
            taskId,
            slot,
            its.attempt,
            its.worker,
            root,
            _unitsOf(taskId, slot),
            "salt"
        );
        vm.prank(its.worker);
        MARKET.commitResult(taskId, slot, commitment);
    }

    function _revealRoot(uint256 taskId, uint8 slot, bytes32 root) internal {
        uint64 units = _unitsOf(taskId, slot);
        vm.prank(MARKET.slotOf(taskId, slot).worker);
        MARKET.revealResult(taskId, slot, root, units, "salt", "result");
    }

    /// @dev Whoever is drawn accepts.
    function _startDrawn(uint256 taskId) internal returns (bool isStarted) {
        if (!_drawWorkers(taskId)) return false;
        uint8 count = MARKET.taskOf(taskId).slotCount;
        for (uint8 i = 0; i < count; ++i) _accept(taskId, i);
        return true;
    }

    /// @dev From the order to the reveal.
    function _runToAttesting(uint256 taskId, uint256 workSeconds) internal returns (bool) {
        if (!_startDrawn(taskId)) return false;
        uint8 count = MARKET.taskOf(taskId).slotCount;
        _endBlock(workSeconds);
        for (uint8 i = 0; i < count; ++i) _commitTree(taskId, i);
        for (uint8 i = 0; i < count; ++i) _revealTree(taskId, i);
        _endBlock(1);
        _endBlock(1);
        return true;
    }

    /* ORACLES */

    /// @dev As many of the task's committee as it takes, or all by hidden verdicts.
    function _judge(uint256 taskId, uint8 slot, Verdict verdict) internal {
        if (ORACLES.isHidden(taskId)) {
            _judgeHidden(taskId, slot, verdict);
            return;
        }
        (address[] memory members, bytes32 digest, uint8 quorum) = ORACLES.committeeOf(taskId);
        TaskAttestation memory att = _attestation(taskId, slot, digest, verdict);
        // A quorum is at most 31.
        uint32 bitmap = uint32((1 << quorum) - 1);
        ORACLES.submitReport(att, bitmap, _signAll(att, members, quorum));
    }

    function _recheck(uint256 taskId, uint8 slot, Verdict verdict) internal returns (bool) {
        (address[] memory members, bytes32 digest, uint8 quorum) = ORACLES.recheckOf(taskId, slot);
        if (members.length == 0) return false;
        TaskAttestation memory att = _attestation(taskId, slot, digest, verdict);
        uint32 bitmap = uint32((1 << quorum) - 1);
        ORACLES.submitRecheck(att, bitmap, _signAll(att, members, quorum));
        return true;
    }

    function _judgeHidden(uint256 taskId, uint8 slot, Verdict verdict) private {
        (address[] memory members, , ) = ORACLES.fixCommittee(bytes32(taskId));
        ITaskBook.Slot memory its = MARKET.slotOf(taskId, slot);
        for (uint256 i = 0; i < members.length; ++i) {
            bytes32 commitment = BALLOT.commitmentOf(
                taskId,
                slot,
                its.attempt,
                members[i],
                verdict,
                its.resultRoot,
                its.doneUnits,
                "salt"
            );
            vm.prank(members[i]);
            BALLOT.commitVerdict(taskId, slot, commitment);
        }
        for (uint256 i = 0; i < members.length; ++i) {
            vm.prank(members[i]);
            BALLOT.revealVerdict(taskId, slot, verdict, its.resultRoot, its.doneUnits, "salt");
        }
    }

    function _attestation(
        uint256 taskId,
        uint8 slot,
        bytes32 digest,
        Verdict verdict
    ) internal view returns (TaskAttestation memory att) {
        ITaskBook.Slot memory its = MARKET.slotOf(taskId, slot);
        att.configDigest = digest;
        att.taskId = taskId;
        att.slot = slot;
        att.attempt = its.attempt;
        att.verdict = verdict;
        att.resultRoot = its.resultRoot;
        att.inputRoot = MARKET.taskOf(taskId).manifestHash;
        att.workUnits = its.doneUnits;
        att.validUntil = uint40(_time + 60);
    }

    function _signAll(
        TaskAttestation memory att,
        address[] memory members,
        uint256 count
    ) private view returns (bytes memory signatures) {
        bytes32 digest = ORACLES.hashTaskAttestation(att);
        for (uint256 i = 0; i < count; ++i) {
            signatures = bytes.concat(signatures, _signAs(digest, members[i]));
        }
    }

    function _signAs(bytes32 digest, address oracle) internal view returns (bytes memory) {
        uint256 number = _numberOf(oracle);
        require(number != 0, NotEqual("an oracle we sign for", number, 1));
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(_oracleKey(number - 1), digest);
        return abi.encodePacked(r, bytes32(uint256(s) | (uint256(v - 27) << 255)));
    }

    /// @dev All active oracles say about the same.
    function _post(uint64 coinPrice) internal {
        address[] memory members = ORACLES.members();
        for (uint256 i = 0; i < members.length; ++i) {
            vm.prank(members[i]);
            // At most 31 members: within a third of a percent.
            BOOK.post(coinPrice + uint64((coinPrice * i) / 10_000));
        }
    }

    /* COURT */

    /// @dev Who may vote in the running round: the drawn, in the last one the signers.
    function _jurorsOf(uint256 disputeId) internal returns (address[] memory jurors) {
        uint8 round = COURT.disputeOf(disputeId).round;
        if (round < 3) {
            (jurors, , ) = ORACLES.fixCommittee(COURT.juryKeyOf(disputeId, round));
            return jurors;
        }
        jurors = new address[](1);
        jurors[0] = _proposer();
    }

    /// @dev Bit i of `faulty` is what juror i says. The jury must be known.
    function _voteAll(uint256 disputeId, uint256 faulty) internal {
        address[] memory jurors = _jurorsOf(disputeId);
        for (uint256 i = 0; i < jurors.length; ++i) {
            vm.prank(jurors[i]);
            COURT.vote(disputeId, (faulty >> i) & 1 == 1);
        }
    }

    /* LEASES */

    function _leaseBy(
        address client,
        address worker,
        uint96 rate,
        uint32 minSeconds,
        uint256 deposit
    ) internal returns (uint256 leaseId) {
        ILeaseMarket.LeaseSpec memory spec;
        spec.worker = worker;
        spec.ratePerSecond = rate;
        spec.minSeconds = minSeconds;
        spec.maxSeconds = minSeconds + 7_200;
        spec.noticeSeconds = 120;
        spec.sessionHash = keccak256("session");
        vm.prank(client);
        return LEASES.open{value: deposit}(spec);
    }

    /// @dev What a client can be given back of an ended lease, one deposit after the other.
    function _refundLease(uint256 leaseId) internal {
        uint256 count = LEASES.depositCount(leaseId);
        for (uint256 i = 0; i < count; ++i) {
            try LEASES.refund(leaseId, i) {} catch {
                // Spent, or given back before.
            }
        }
    }
}
