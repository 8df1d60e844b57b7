// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {CapabilityChallenge} from "../../../contracts/compute/CapabilityChallenge.sol";
import {CollateralVault} from "../../../contracts/compute/CollateralVault.sol";
import {NodeRegistry} from "../../../contracts/compute/NodeRegistry.sol";
import {OracleBallot} from "../../../contracts/compute/OracleBallot.sol";
import {OracleHub} from "../../../contracts/compute/OracleHub.sol";
import {Reputation} from "../../../contracts/compute/Reputation.sol";
import {RewardFormula} from "../../../contracts/compute/RewardFormula.sol";
import {TaskEscrow} from "../../../contracts/compute/TaskEscrow.sol";
import {TaskEndings} from "../../../contracts/compute/TaskEndings.sol";
import {TaskMarket} from "../../../contracts/compute/TaskMarket.sol";
import {EndBlockInput} from "../../../contracts/interfaces/IHubModule.sol";
import {TaskAttestation, Verdict} from "../../../contracts/interfaces/IOracleHub.sol";
import {IProtocolParams} from "../../../contracts/interfaces/IProtocolParams.sol";
import {INodeRegistry} from "../../../contracts/interfaces/INodeRegistry.sol";
import {ISystemHub} from "../../../contracts/interfaces/ISystemHub.sol";
import {ITaskBook} from "../../../contracts/interfaces/ITaskBook.sol";
import {ITaskMarket} from "../../../contracts/interfaces/ITaskMarket.sol";
import {ParamKeys} from "../../../contracts/libraries/ParamKeys.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {NodeParams} from "../support/NodeParams.sol";
import {OracleParams} from "../support/OracleParams.sol";
import {PowerGrant} from "../support/PowerGrant.sol";
import {SystemTest} from "../support/SystemTest.sol";
import {vm} from "../support/Vm.sol";

/// @title Base of the compute contracts' tests.
/// @notice All system contracts at their addresses, four active oracles, and helpers that play the
/// parts of client, worker and oracle.
abstract contract ComputeTest is SystemTest {
    CollateralVault internal constant VAULT = CollateralVault(Predeploys.COLLATERAL_VAULT);
    TaskEscrow internal constant ESCROW = TaskEscrow(Predeploys.TASK_ESCROW);
    ITaskMarket internal constant MARKET = ITaskMarket(Predeploys.TASK_MARKET);
    RewardFormula internal constant FORMULA = RewardFormula(Predeploys.REWARD_FORMULA);
    Reputation internal constant REPUTATION = Reputation(Predeploys.REPUTATION);
    NodeRegistry internal constant REGISTRY = NodeRegistry(Predeploys.NODE_REGISTRY);
    CapabilityChallenge internal constant CHALLENGES = CapabilityChallenge(
        Predeploys.CAPABILITY_CHALLENGE
    );
    OracleHub internal constant ORACLES = OracleHub(payable(Predeploys.ORACLE_HUB));

    address internal constant CLIENT = address(0xC11E47);
    address internal constant STRANGER = address(0x57A46E);

    /// @dev Where the second piece of the market's code is.
    address internal constant TASK_ENDINGS = 0x90cAc0DE00000000000000000000000000000109;

    uint256 internal constant PRICE = 100e18;
    uint32 internal constant EXPECTED = 1_000;
    uint256 internal constant ASSIGN = 60;
    uint256 internal constant REVEAL = 120;
    uint256 internal constant ATTEST = 300;
    uint256 internal constant CHALLENGE = 600;
    uint256 internal constant DISPUTE = 3 days;
    uint256 internal constant ORACLE_COUNT = 4;

    bytes internal constant MANIFEST = "cut 10 units";
    bytes internal constant RESULT = "a result";

    function deployCompute() internal {
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
        deployProxied(
            Predeploys.TASK_MARKET,
            type(TaskMarket).creationCode,
            abi.encodeCall(TaskMarket.initialize, ())
        );
        deployAt(TASK_ENDINGS, type(TaskEndings).creationCode);
        deployProxied(Predeploys.REWARD_FORMULA, type(RewardFormula).creationCode, "");
        deployProxied(
            Predeploys.REPUTATION,
            type(Reputation).creationCode,
            abi.encodeCall(Reputation.initialize, ())
        );
        deployProxied(
            Predeploys.NODE_REGISTRY,
            type(NodeRegistry).creationCode,
            abi.encodeCall(NodeRegistry.initialize, ())
        );
        deployProxied(
            Predeploys.CAPABILITY_CHALLENGE,
            type(CapabilityChallenge).creationCode,
            abi.encodeCall(CapabilityChallenge.initialize, ())
        );
        address[] memory admitted = new address[](ORACLE_COUNT);
        for (uint256 i = 0; i < ORACLE_COUNT; ++i) admitted[i] = oracle(i);
        deployProxied(
            Predeploys.ORACLE_HUB,
            type(OracleHub).creationCode,
            abi.encodeCall(OracleHub.initialize, (admitted))
        );
        deployProxied(
            Predeploys.ORACLE_BALLOT,
            type(OracleBallot).creationCode,
            abi.encodeCall(OracleBallot.initialize, ())
        );
    }

    function activateOracles(uint256 count) internal {
        for (uint256 i = 0; i < count; ++i) {
            giveCollateral(oracle(i), 1_000e18);
            vm.prank(oracle(i));
            ORACLES.activate();
        }
    }

    function coreModules() internal pure override returns (ISystemHub.Module[] memory modules) {
        modules = new ISystemHub.Module[](3);
        modules[0] = ISystemHub.Module(Predeploys.SUPPLY_METER, 200_000, 0, false);
        modules[1] = ISystemHub.Module(Predeploys.REWARD_DISTRIBUTOR, 800_000, 0, false);
        modules[2] = ISystemHub.Module(Predeploys.TASK_MARKET, 720_000, 0, false);
    }

    /// @dev The values that the chain starts with, with wide bounds where a test moves them.
    function coreParams() internal pure override returns (IProtocolParams.Param[] memory p) {
        p = new IProtocolParams.Param[](22);
        p[0] = IProtocolParams.Param(ParamKeys.BASE_FEE_FLOOR, 1e9, 0, 1e13);
        p[1] = IProtocolParams.Param(ParamKeys.BASE_FEE_DENOMINATOR, 96, 8, 1_000);
        p[2] = IProtocolParams.Param(ParamKeys.TASK_FEE_BPS, 250, 0, 499);
        p[3] = IProtocolParams.Param(ParamKeys.TASK_COST_RANGE_BPS, 15_000, 13_200, 30_000);
        p[4] = IProtocolParams.Param(ParamKeys.TASK_MINER_BPS, 5_000, 1_000, 10_000);
        p[5] = IProtocolParams.Param(ParamKeys.TASK_GRACE_BPS, 12_000, 10_000, 20_000);
        p[6] = IProtocolParams.Param(ParamKeys.TASK_ASSIGN_WINDOW, 60, 1, 7 days);
        p[7] = IProtocolParams.Param(ParamKeys.TASK_REVEAL_WINDOW, 120, 1, 1 days);
        p[8] = IProtocolParams.Param(ParamKeys.TASK_ATTEST_WINDOW, 300, 1, 1 days);
        p[9] = IProtocolParams.Param(ParamKeys.TASK_CHALLENGE_WINDOW, 600, 0, 7 days);
        p[10] = IProtocolParams.Param(ParamKeys.TASK_FAULT_BURN_BPS, 1_000, 0, 5_000);
        p[11] = IProtocolParams.Param(ParamKeys.TASK_FEE_ORACLE_BPS, 4_000, 0, 10_000);
        p[12] = IProtocolParams.Param(ParamKeys.TASK_FEE_BURN_BPS, 2_000, 0, 10_000);
        p[13] = IProtocolParams.Param(ParamKeys.TASK_MAX_SLOT_LOSS, 8, 0, 255);
        p[14] = IProtocolParams.Param(ParamKeys.TASK_DUE_PER_BLOCK, 8, 0, 64);
        p[15] = IProtocolParams.Param(ParamKeys.ORACLE_COLLATERAL, 1_000e18, 1e18, 1_000_000e18);
        p[16] = IProtocolParams.Param(ParamKeys.NODE_POWER_MAX, 1e10, 1_000, 1e13);
        p[17] = IProtocolParams.Param(ParamKeys.TASK_ACCEPT_WINDOW, 20, 1, 3_600);
        p[18] = IProtocolParams.Param(ParamKeys.TASK_REPAIR_WINDOW, 60, 1, 1 days);
        p[19] = IProtocolParams.Param(ParamKeys.TASK_DISPUTE_WINDOW, 3 days, 1, 30 days);
        p[20] = IProtocolParams.Param(ParamKeys.TASK_FREE_TIER, 1e18, 0, 1_000e18);
        p[21] = IProtocolParams.Param(ParamKeys.TASK_RATING_PRICE_MIN, 1e18, 0, 1_000e18);
        p = NodeParams.append(p);
        p = OracleParams.append(p);
    }

    /* TIME */

    /// @dev Read by a call: within one function the compiler takes both for constants, whatever the
    /// cheat codes do to them.
    function clock() external view returns (uint256 height, uint256 timestamp) {
        return (block.number, block.timestamp);
    }

    function time() internal view returns (uint256 t) {
        (, t) = this.clock();
    }

    function pass(uint256 duration) internal {
        (uint256 height, uint256 t) = this.clock();
        vm.roll(height + 1);
        vm.warp(t + duration);
    }

    /// @dev Two blocks on without time passing: the block that seeds a draw is over.
    function passSeed() internal {
        (uint256 height, ) = this.clock();
        vm.roll(height + 2);
    }

    /// @dev The proposer ends the block.
    function produce() internal {
        EndBlockInput memory input = plainInput();
        (uint256 height, ) = this.clock();
        input.height = uint64(height);
        endBlock(input);
    }

    /* PEOPLE */

    function worker(uint256 i) internal pure returns (address) {
        return address(uint160(0x3000 + i));
    }

    function oracle(uint256 i) internal pure returns (address) {
        return vm.addr(oracleKey(i));
    }

    function oracleKey(uint256 i) internal pure returns (uint256) {
        return 0xACE0 + i;
    }

    function giveCollateral(address account, uint256 amount) internal {
        vm.deal(address(this), address(this).balance + amount);
        VAULT.depositFor{value: amount}(account);
    }

    /// @dev The account does one kind of task.
    function declare(address account, bytes32 kind) internal {
        bytes32[] memory kinds = new bytes32[](1);
        kinds[0] = kind;
        vm.prank(account);
        REGISTRY.declareKinds(kinds);
    }

    function prove(address account, uint64 power) internal {
        declare(account, "test");
        pass(1);
        PowerGrant.grant(account, power);
    }

    /// @dev Workers 0 to count - 1 have powers 1,000, 2,000 and so on, and free collateral.
    function proveWorkers(uint256 count) internal {
        for (uint256 i = 0; i < count; ++i) {
            prove(worker(i), uint64(1_000 * (i + 1)));
            giveCollateral(worker(i), 1_000e18);
        }
    }

    /* STEPS */

    function spec(uint8 slotCount) internal pure returns (ITaskBook.TaskSpec memory s) {
        s.kind = "test";
        s.manifestHash = keccak256(MANIFEST);
        s.price = uint96(PRICE);
        s.units = 160;
        s.expectedSeconds = EXPECTED;
        s.slotCount = slotCount;
        s.replicas = 1;
    }

    function create(ITaskBook.TaskSpec memory s) internal returns (uint256 taskId) {
        uint256 collateral = MARKET.collateralFor(s.price);
        vm.deal(CLIENT, CLIENT.balance + collateral);
        vm.prank(CLIENT);
        return MARKET.createTask{value: collateral}(s, MANIFEST);
    }

    /// @dev Offers the empty slots to workers `first` and so on, whatever lot would say.
    function offer(uint256 taskId, uint256 first, uint256 count) internal {
        passSeed();
        address[] memory drawn = new address[](count);
        for (uint256 i = 0; i < count; ++i) drawn[i] = worker(first + i);
        mockDraw(drawn);
        MARKET.assign(taskId);
        vm.clearMockedCalls();
    }

    function mockDraw(address[] memory drawn) internal {
        vm.mockCall(
            Predeploys.NODE_REGISTRY,
            abi.encodeWithSelector(INodeRegistry.draw.selector),
            abi.encode(drawn)
        );
    }

    /// @dev A task whose slot i is offered to worker i.
    function assign(ITaskBook.TaskSpec memory s) internal returns (uint256 taskId) {
        taskId = create(s);
        offer(taskId, 0, s.slotCount);
    }

    function accept(uint256 taskId, uint8 slot) internal {
        vm.prank(MARKET.slotOf(taskId, slot).worker);
        MARKET.accept(taskId, slot);
    }

    /// @dev A task whose slot i is worker i's.
    function start(ITaskBook.TaskSpec memory s) internal returns (uint256 taskId) {
        taskId = assign(s);
        for (uint8 i = 0; i < s.slotCount; ++i) accept(taskId, i);
    }

    function commitResult(uint256 taskId, uint8 slot) internal {
        ITaskBook.Slot memory its = MARKET.slotOf(taskId, slot);
        bytes32 commitment = MARKET.commitmentOf(
            taskId,
            slot,
            its.attempt,
            its.worker,
            rootOf(slot),
            unitsOf(taskId, slot),
            bytes32("salt")
        );
        vm.prank(its.worker);
        MARKET.commitResult(taskId, slot, commitment);
    }

    function reveal(uint256 taskId, uint8 slot) internal {
        uint64 units = unitsOf(taskId, slot);
        vm.prank(MARKET.slotOf(taskId, slot).worker);
        MARKET.revealResult(taskId, slot, rootOf(slot), units, bytes32("salt"), RESULT);
    }

    /// @dev The market's view of a quorum's report.
    function judge(uint256 taskId, uint8 slot, Verdict verdict) internal {
        uint32 attempt = MARKET.slotOf(taskId, slot).attempt;
        vm.prank(Predeploys.ORACLE_HUB);
        MARKET.onAttested(taskId, slot, attempt, rootOf(slot), verdict);
    }

    function commitAll(uint256 taskId) internal {
        uint8 count = MARKET.taskOf(taskId).slotCount;
        for (uint8 i = 0; i < count; ++i) commitResult(taskId, i);
    }

    function revealAll(uint256 taskId) internal {
        uint8 count = MARKET.taskOf(taskId).slotCount;
        for (uint8 i = 0; i < count; ++i) reveal(taskId, i);
    }

    function judgeAll(uint256 taskId) internal {
        uint8 count = MARKET.taskOf(taskId).slotCount;
        for (uint8 i = 0; i < count; ++i) judge(taskId, i, Verdict.Valid);
    }

    /// @dev A task in its challenge window.
    function runToChallenge(
        ITaskBook.TaskSpec memory s,
        uint256 workSeconds
    ) internal returns (uint256 taskId) {
        taskId = start(s);
        pass(workSeconds);
        commitAll(taskId);
        revealAll(taskId);
        judgeAll(taskId);
    }

    /// @dev Two blocks on, the hash that draws the committee is known.
    function drawCommittee() internal {
        pass(1);
        pass(1);
    }

    function passDeadline(uint256 taskId) internal {
        uint256 deadline = MARKET.taskOf(taskId).deadline;
        uint256 now_ = time();
        pass(now_ > deadline ? 1 : deadline + 1 - now_);
    }

    function attestation(
        uint256 taskId,
        uint8 slot
    ) internal view returns (TaskAttestation memory att) {
        (, att.configDigest, ) = ORACLES.committeeOf(taskId);
        att.taskId = taskId;
        att.slot = slot;
        att.verdict = Verdict.Valid;
        att.resultRoot = rootOf(slot);
        att.inputRoot = keccak256(MANIFEST);
        att.workUnits = unitsOf(taskId, slot);
        att.validUntil = uint40(time() + 60);
    }

    /// @dev Compact signatures of the oracles in `bitmap`, lowest index first.
    function sign(bytes32 digest, uint32 bitmap) internal pure returns (bytes memory signatures) {
        for (uint256 i = 0; i < 32; ++i) {
            if ((bitmap >> i) & 1 == 1) {
                signatures = bytes.concat(signatures, signOne(digest, oracleKey(i)));
            }
        }
    }

    function signOne(bytes32 digest, uint256 key) internal pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        return abi.encodePacked(r, bytes32(uint256(s) | (uint256(v - 27) << 255)));
    }

    /* READING */

    /// @dev Of workers 0 to count - 1 in the order of the slots.
    function clusterRoot(uint256 count) internal pure returns (bytes32) {
        address[] memory workers = new address[](count);
        uint64[] memory powers = new uint64[](count);
        for (uint256 i = 0; i < count; ++i) {
            (workers[i], powers[i]) = (worker(i), uint64(1_000 * (i + 1)));
        }
        return keccak256(abi.encode(workers, powers));
    }

    function rootOf(uint8 slot) internal pure returns (bytes32) {
        return keccak256(abi.encode("root", slot));
    }

    function unitsOf(uint256 taskId, uint8 slot) internal view returns (uint64) {
        (uint32 from, uint32 to) = MARKET.sliceOf(taskId, slot);
        return to - from;
    }

    function assertState(uint256 taskId, ITaskBook.TaskState wanted) internal view {
        assertEq(uint256(MARKET.taskOf(taskId).state), uint256(wanted), "state of the task");
    }

    function wrongState(
        uint256 taskId,
        ITaskBook.TaskState actual
    ) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(ITaskBook.TaskMarketWrongState.selector, taskId, actual);
    }
}
