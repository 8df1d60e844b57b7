// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICollateralVault} from "../../../contracts/interfaces/ICollateralVault.sol";
import {INodeRegistry} from "../../../contracts/interfaces/INodeRegistry.sol";
import {Verdict} from "../../../contracts/interfaces/IOracleHub.sol";
import {IReputation} from "../../../contracts/interfaces/IReputation.sol";
import {ITaskBook} from "../../../contracts/interfaces/ITaskBook.sol";
import {ITaskEscrow} from "../../../contracts/interfaces/ITaskEscrow.sol";
import {ITaskMarket} from "../../../contracts/interfaces/ITaskMarket.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {PocaTest} from "./PocaTest.sol";
import {PowerGrant} from "./PowerGrant.sol";
import {vm} from "./Vm.sol";

/// @title Base of tests that state the rules of tasks.
/// @notice The chain's own genesis, one client, and workers 0, 1, 2 and 3 of power 1,000, 2,000,
/// 3,000 and 4,000 with collateral to spare. A task costs 100 coins and should take 1,000 seconds.
abstract contract TaskStage is PocaTest {
    ICollateralVault internal constant VAULT = ICollateralVault(Predeploys.COLLATERAL_VAULT);
    ITaskEscrow internal constant ESCROW = ITaskEscrow(Predeploys.TASK_ESCROW);
    ITaskMarket internal constant MARKET = ITaskMarket(Predeploys.TASK_MARKET);
    INodeRegistry internal constant REGISTRY = INodeRegistry(Predeploys.NODE_REGISTRY);
    IReputation internal constant REPUTATION = IReputation(Predeploys.REPUTATION);

    address internal constant CLIENT = address(0xC11E47);
    address internal constant STRANGER = address(0x57A46E);
    uint256 internal constant WORKERS = 4;

    error NotEqual(string what, uint256 actual, uint256 expected);

    function setUp() public virtual override {
        super.setUp();
        vm.deal(CLIENT, 10_000e18);
        for (uint256 i = 0; i < WORKERS; ++i) {
            _deposit(_worker(i), 5_000e18);
            _prove(_worker(i), uint64(1_000 * (i + 1)));
        }
    }

    function _worker(uint256 i) internal pure returns (address) {
        return address(uint160(0x3000 + i));
    }

    function _deposit(address account, uint256 amount) internal {
        vm.deal(address(this), amount);
        VAULT.depositFor{value: amount}(account);
    }

    function _prove(address account, uint64 power) internal {
        bytes32[] memory kinds = new bytes32[](1);
        kinds[0] = "test";
        vm.prank(account);
        REGISTRY.declareKinds(kinds);
        _pass(1);
        PowerGrant.grant(account, power);
    }

    function _pass(uint256 duration) internal {
        _height += 1;
        _time += duration;
        vm.roll(_height);
        vm.warp(_time);
    }

    function _passDeadline(uint256 taskId) internal {
        uint256 deadline = MARKET.taskOf(taskId).deadline;
        _pass(_time > deadline ? 1 : deadline + 1 - _time);
    }

    function _spec(uint8 slotCount) internal pure returns (ITaskBook.TaskSpec memory s) {
        s.kind = "test";
        s.manifestHash = keccak256("manifest");
        s.price = 100e18;
        s.units = 160;
        s.expectedSeconds = 1_000;
        s.slotCount = slotCount;
        s.replicas = 1;
    }

    function _create(ITaskBook.TaskSpec memory s) internal returns (uint256 taskId) {
        (, uint256 collateral) = MARKET.quoteTask(s);
        vm.prank(CLIENT);
        return MARKET.createTask{value: collateral}(s, "manifest");
    }

    /// @dev Offers the empty slots to workers `first` and so on, whatever lot would say.
    function _offer(uint256 taskId, uint256 first, uint256 count) internal {
        _height += 2;
        vm.roll(_height);
        address[] memory drawn = new address[](count);
        for (uint256 i = 0; i < count; ++i) drawn[i] = _worker(first + i);
        vm.mockCall(
            Predeploys.NODE_REGISTRY,
            abi.encodeWithSelector(INodeRegistry.draw.selector),
            abi.encode(drawn)
        );
        MARKET.assign(taskId);
        vm.clearMockedCalls();
    }

    function _accept(uint256 taskId, uint8 slot) internal {
        vm.prank(MARKET.slotOf(taskId, slot).worker);
        MARKET.accept(taskId, slot);
    }

    /// @dev A task whose slot i is worker i's.
    function _start(ITaskBook.TaskSpec memory s) internal returns (uint256 taskId) {
        taskId = _create(s);
        _offer(taskId, 0, s.slotCount);
        for (uint8 i = 0; i < s.slotCount; ++i) _accept(taskId, i);
    }

    function _commit(uint256 taskId, uint8 slot) internal {
        ITaskBook.Slot memory its = MARKET.slotOf(taskId, slot);
        bytes32 commitment = MARKET.commitmentOf(
            taskId,
            slot,
            its.attempt,
            its.worker,
            "root",
            _unitsOf(taskId, slot),
            "salt"
        );
        vm.prank(its.worker);
        MARKET.commitResult(taskId, slot, commitment);
    }

    function _reveal(uint256 taskId, uint8 slot) internal {
        uint64 units = _unitsOf(taskId, slot);
        vm.prank(MARKET.slotOf(taskId, slot).worker);
        MARKET.revealResult(taskId, slot, "root", units, "salt", "result");
    }

    function _attest(uint256 taskId, uint8 slot) internal {
        uint32 attempt = MARKET.slotOf(taskId, slot).attempt;
        vm.prank(Predeploys.ORACLE_HUB);
        MARKET.onAttested(taskId, slot, attempt, "root", Verdict.Valid);
    }

    /// @dev Results revealed, attested, unchallenged and paid.
    function _finish(uint256 taskId) internal {
        uint8 count = MARKET.taskOf(taskId).slotCount;
        for (uint8 i = 0; i < count; ++i) _reveal(taskId, i);
        for (uint8 i = 0; i < count; ++i) _attest(taskId, i);
        _passDeadline(taskId);
        MARKET.finalize(taskId);
    }

    /// @dev A task of one slot, worker 0's, that took so long.
    function _run(uint96 price, uint256 workSeconds) internal returns (uint256 taskId) {
        ITaskBook.TaskSpec memory s = _spec(1);
        s.price = price;
        taskId = _start(s);
        _pass(workSeconds);
        _commit(taskId, 0);
        _finish(taskId);
    }

    function _unitsOf(uint256 taskId, uint8 slot) internal view returns (uint64) {
        (uint32 from, uint32 to) = MARKET.sliceOf(taskId, slot);
        return to - from;
    }

    function _same(uint256 actual, uint256 expected, string memory what) internal pure {
        require(actual == expected, NotEqual(what, actual, expected));
    }

    function _ended(uint256 taskId, ITaskBook.TaskState state) internal view {
        _same(uint256(MARKET.taskOf(taskId).state), uint256(state), "state of the task");
    }
}
