// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {CollateralVault} from "../../../contracts/compute/CollateralVault.sol";
import {DisputeCourt} from "../../../contracts/compute/DisputeCourt.sol";
import {OracleBallot} from "../../../contracts/compute/OracleBallot.sol";
import {OracleHub} from "../../../contracts/compute/OracleHub.sol";
import {TaskEscrow} from "../../../contracts/compute/TaskEscrow.sol";
import {TaskAttestation, Verdict} from "../../../contracts/interfaces/IOracleHub.sol";
import {IProtocolParams} from "../../../contracts/interfaces/IProtocolParams.sol";
import {ITaskBook} from "../../../contracts/interfaces/ITaskBook.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {MarketStub} from "../support/MarketStub.sol";
import {OracleParams} from "../support/OracleParams.sol";
import {SystemTest} from "../support/SystemTest.sol";
import {vm} from "../support/Vm.sol";

/// @title Base of the tests of oracles and disputes.
/// @notice Hub, ballot, court, vault and escrow are the real ones at their addresses; the market
/// only holds what a test puts in.
abstract contract OracleTest is SystemTest {
    CollateralVault internal constant VAULT = CollateralVault(Predeploys.COLLATERAL_VAULT);
    TaskEscrow internal constant ESCROW = TaskEscrow(Predeploys.TASK_ESCROW);
    OracleHub internal constant ORACLES = OracleHub(payable(Predeploys.ORACLE_HUB));
    OracleBallot internal constant BALLOT = OracleBallot(Predeploys.ORACLE_BALLOT);
    DisputeCourt internal constant COURT = DisputeCourt(Predeploys.DISPUTE_COURT);
    MarketStub internal constant MARKET = MarketStub(Predeploys.TASK_MARKET);

    address internal constant CLIENT = address(0xC11E47);
    address internal constant SPONSOR = address(0x5907507);
    address internal constant STRANGER = address(0x57A46E);
    address internal constant WORKER = address(0x3000);

    uint256 internal constant TASK = 1;
    uint256 internal constant PRICE = 5e18;
    uint256 internal constant COLLATERAL = 1_000e18;
    uint32 internal constant ATTEST = 300;
    bytes32 internal constant ROOT = keccak256("root");
    bytes internal constant MANIFEST = "cut 10 units";

    /// @dev What attestations say; a test of another task sets them.
    bytes32 internal _inputRoot = keccak256(MANIFEST);
    bytes32 internal _resultRoot = ROOT;

    function setUp() public virtual {
        deployCore();
        deployProxied(
            Predeploys.COLLATERAL_VAULT,
            type(CollateralVault).creationCode,
            abi.encodeCall(CollateralVault.initialize, ())
        );
        deployProxied(
            Predeploys.TASK_ESCROW,
            type(TaskEscrow).creationCode,
            abi.encodeCall(TaskEscrow.initialize, ())
        );
        deployAt(Predeploys.TASK_MARKET, type(MarketStub).creationCode);
        deployProxied(
            Predeploys.ORACLE_HUB,
            type(OracleHub).creationCode,
            abi.encodeCall(OracleHub.initialize, (new address[](0)))
        );
        deployProxied(
            Predeploys.ORACLE_BALLOT,
            type(OracleBallot).creationCode,
            abi.encodeCall(OracleBallot.initialize, ())
        );
        deployProxied(
            Predeploys.DISPUTE_COURT,
            type(DisputeCourt).creationCode,
            abi.encodeCall(DisputeCourt.initialize, ())
        );
        vm.roll(1_000);
    }

    function coreParams() internal pure override returns (IProtocolParams.Param[] memory) {
        return OracleParams.append(super.coreParams());
    }

    function setParam(bytes32 key, uint256 value) internal {
        vm.prank(Predeploys.TIMELOCK);
        IProtocolParams(Predeploys.PROTOCOL_PARAMS).set(key, value);
    }

    /* PEOPLE */

    function oracle(uint256 i) internal pure returns (address) {
        return vm.addr(oracleKey(i));
    }

    function oracleKey(uint256 i) internal pure returns (uint256) {
        return 0xACE0 + i;
    }

    function keyOf(address account) internal pure returns (uint256) {
        for (uint256 i = 0; i < 40; ++i) if (oracle(i) == account) return oracleKey(i);
        revert AssertionFailed("unknown oracle");
    }

    function giveCollateral(address account, uint256 amount) internal {
        vm.deal(address(this), address(this).balance + amount);
        VAULT.depositFor{value: amount}(account);
    }

    function addOracle(uint256 i) internal {
        addOracle(i, COLLATERAL);
    }

    function addOracle(uint256 i, uint256 collateral) internal {
        giveCollateral(oracle(i), collateral);
        vm.prank(Predeploys.TIMELOCK);
        ORACLES.admit(oracle(i));
        vm.startPrank(oracle(i));
        ORACLES.activate();
        // Cast: coin fits.
        if (collateral > COLLATERAL) ORACLES.addCollateral(uint96(collateral - COLLATERAL));
        vm.stopPrank();
    }

    function addOracles(uint256 count) internal {
        for (uint256 i = 0; i < count; ++i) addOracle(i);
    }

    /* TASKS */

    /// @dev A task of one slot whose worker of power 1,000 did 160 units in 1,000 seconds.
    function putTask(uint256 taskId, uint256 price) internal {
        ITaskBook.Task memory task;
        task.client = CLIENT;
        task.sponsor = SPONSOR;
        task.state = ITaskBook.TaskState.Attesting;
        task.slotCount = 1;
        task.price = uint96(price);
        task.powerSum = 1_000;
        task.attestWindow = ATTEST;
        task.challengeWindow = 600;
        task.deadline = uint40(timeNow() + ATTEST);
        task.manifestHash = keccak256(MANIFEST);
        task.kind = "test";
        MARKET.setTask(taskId, task);
        ITaskBook.Slot memory its;
        its.worker = WORKER;
        its.state = ITaskBook.SlotState.Revealed;
        its.power = 1_000;
        its.startedAt = uint40(timeNow() - 1_000);
        its.committedAt = uint40(timeNow());
        its.doneUnits = 160;
        its.resultRoot = ROOT;
        MARKET.setSlot(taskId, 0, its);
    }

    function setUnits(uint64 units) internal {
        ITaskBook.Slot memory its = MARKET.slotOf(TASK, 0);
        its.doneUnits = units;
        MARKET.setSlot(TASK, 0, its);
    }

    function open(uint256 taskId, uint256 price) internal {
        putTask(taskId, price);
        vm.prank(Predeploys.TASK_MARKET);
        ORACLES.openCommittee(taskId, price);
    }

    /// @dev Opened, and two blocks on the hash that draws is known.
    function openDrawn(uint256 taskId, uint256 price) internal {
        open(taskId, price);
        nextBlock(1);
        nextBlock(1);
    }

    function committee(uint256 taskId) internal view returns (address[] memory members) {
        (members, , ) = ORACLES.committeeOf(taskId);
    }

    function attestation(uint256 taskId) internal view returns (TaskAttestation memory att) {
        (, att.configDigest, ) = ORACLES.committeeOf(taskId);
        att.taskId = taskId;
        att.verdict = Verdict.Valid;
        att.resultRoot = _resultRoot;
        att.inputRoot = _inputRoot;
        att.workUnits = 160;
        att.validUntil = uint40(timeNow() + 60);
    }

    function signAll(
        TaskAttestation memory att,
        address[] memory members,
        uint32 bitmap
    ) internal view returns (bytes memory signatures) {
        bytes32 digest = ORACLES.hashTaskAttestation(att);
        for (uint256 i = 0; i < members.length; ++i) {
            if ((bitmap >> i) & 1 == 0) continue;
            signatures = bytes.concat(signatures, signOne(digest, keyOf(members[i])));
        }
    }

    /// @dev The first members up to the quorum report.
    function report(uint256 taskId, Verdict verdict) internal returns (TaskAttestation memory att) {
        att = attestation(taskId);
        att.verdict = verdict;
        (address[] memory members, , uint8 quorum) = ORACLES.committeeOf(taskId);
        uint32 bitmap = uint32((1 << quorum) - 1);
        ORACLES.submitReport(att, bitmap, signAll(att, members, bitmap));
    }

    function signOne(bytes32 digest, uint256 key) internal pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        return abi.encodePacked(r, bytes32(uint256(s) | (uint256(v - 27) << 255)));
    }

    function indexOf(address[] memory list, address account) internal pure returns (uint256 i) {
        while (list[i] != account) ++i;
    }
}
