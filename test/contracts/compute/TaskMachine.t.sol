// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ITaskBook} from "../../../contracts/interfaces/ITaskBook.sol";
import {ITaskEndings} from "../../../contracts/interfaces/ITaskEndings.sol";
import {ITaskWork} from "../../../contracts/interfaces/ITaskWork.sol";
import {Verdict} from "../../../contracts/interfaces/IOracleHub.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {SystemContract} from "../../../contracts/libraries/SystemContract.sol";
import {vm} from "../support/Vm.sol";
import {ComputeTest} from "./ComputeTest.sol";

/// @notice Every (situation, function, caller) of test/vectors/taskMachine.json: what the table
/// allows works, and everything else is refused with the error that the table names.
contract TaskMachineTest is ComputeTest {
    address internal constant SPONSOR = address(0x5907507);

    string internal _table;
    string[] internal _functions;
    string[] internal _callers;

    /// @dev What a call did; thrown, so that nothing of it stays.
    error Outcome(bool ok, bytes4 selector);
    error WrongOutcome(string situation, string name, string caller, string wanted, bytes4 given);

    function setUp() public {
        deployCompute();
        activateOracles(4);
        proveWorkers(3);
        _table = vm.readFile("test/vectors/taskMachine.json");
        _functions = vm.parseJsonStringArray(_table, ".functions");
        _callers = vm.parseJsonStringArray(_table, ".callers");
    }

    function testTheTableNamesEveryState() public view {
        // None, a task just created, seven live states in time and past it, six terminal ones, and
        // eight in which the first slot is not where its task is.
        string[] memory situations = vm.parseJsonStringArray(_table, ".situations");
        assertEq(situations.length, 2 + 2 * 7 + 6 + 8, "situations");
        assertEq(uint256(type(ITaskBook.TaskState).max), 13, "states");
        assertEq(uint256(type(ITaskBook.SlotState).max), 9, "states of slots");
        assertEq(_callers.length, 7, "callers");
        assertEq(_functions.length, 17, "functions");
    }

    function testATaskThatDoesNotExist() public {
        check("None", 1);
    }

    function testAnOpenTask() public {
        uint256 taskId = create(two(0));
        check("Fresh", taskId);
        passSeed();
        check("Open", taskId);
        passDeadline(taskId);
        check("OpenLate", taskId);
        MARKET.expire(taskId);
        check("Cancelled", taskId);
    }

    function testAnAssignedTask() public {
        uint256 taskId = assign(two(0));
        check("Assigned", taskId);
        passDeadline(taskId);
        check("AssignedLate", taskId);
    }

    function testARunningTask() public {
        uint256 taskId = start(two(0));
        check("Running", taskId);
        passDeadline(taskId);
        check("RunningLate", taskId);
        MARKET.expire(taskId);
        check("Late", taskId);
    }

    function testATaskWhoseFirstSlotLosesItsWorker() public {
        uint256 taskId = start(two(1));
        vm.prank(worker(0));
        MARKET.abort(taskId, 0);
        passSeed();
        check("Repair", taskId);
        passDeadline(taskId);
        check("RepairLate", taskId);
        MARKET.expire(taskId);
        check("RunningLost", taskId);
        commitResult(taskId, 1);
        reveal(taskId, 1);
        check("AttestingLost", taskId);
        judge(taskId, 1, Verdict.Valid);
        check("ChallengeLost", taskId);
    }

    function testARevealingTask() public {
        uint256 taskId = start(two(0));
        commitAll(taskId);
        check("Revealing", taskId);
        passDeadline(taskId);
        check("RevealingLate", taskId);
        MARKET.expire(taskId);
        check("Rejected", taskId);
    }

    function testAnAttestingTask() public {
        uint256 taskId = start(two(0));
        commitAll(taskId);
        revealAll(taskId);
        check("Attesting", taskId);
        passDeadline(taskId);
        check("AttestingLate", taskId);
        MARKET.expire(taskId);
        check("Expired", taskId);
    }

    function testAChallengedTask() public {
        uint256 taskId = runToChallenge(two(0), 1_000);
        check("Challenge", taskId);
        passDeadline(taskId);
        check("ChallengeLate", taskId);
        MARKET.expire(taskId);
        check("Completed", taskId);
    }

    function testATaskWhoseFirstSlotIsRefused() public {
        uint256 taskId = start(two(0));
        commitAll(taskId);
        revealAll(taskId);
        judge(taskId, 0, Verdict.Invalid);
        judge(taskId, 1, Verdict.Valid);
        check("Refused", taskId);
        vm.prank(Predeploys.DISPUTE_COURT);
        MARKET.onDisputeOpened(taskId, 0);
        check("RefusedDisputed", taskId);
        vm.prank(Predeploys.DISPUTE_COURT);
        MARKET.onDisputeResolved(taskId, 0, true, false);
        passDeadline(taskId);
        check("RefusedLate", taskId);
    }

    function testADisputedTask() public {
        uint256 taskId = runToChallenge(two(0), 1_000);
        vm.prank(Predeploys.DISPUTE_COURT);
        MARKET.onDisputeOpened(taskId, 0);
        check("Disputed", taskId);
        passDeadline(taskId);
        check("DisputedLate", taskId);
    }

    function testAnAbortedTask() public {
        uint256 taskId = start(two(0));
        vm.prank(worker(0));
        MARKET.abort(taskId, 0);
        check("Aborted", taskId);
    }

    /// @dev Two slots, and a sponsor that is not the client.
    function two(uint8 maxSlotLoss) internal pure returns (ITaskBook.TaskSpec memory s) {
        s = spec(2);
        s.sponsor = SPONSOR;
        s.maxSlotLoss = maxSlotLoss;
    }

    function check(string memory situation, uint256 taskId) internal {
        for (uint256 f = 0; f < _functions.length; ++f) {
            string memory name = _functions[f];
            string[] memory wanted = vm.parseJsonStringArray(
                _table,
                string.concat(".outcomes.", name, ".", situation)
            );
            assertEq(wanted.length, _callers.length, "one outcome for each caller");
            for (uint256 c = 0; c < _callers.length; ++c) {
                (bool ok, bytes4 selector) = outcomeOf(name, taskId, accountOf(_callers[c]));
                bytes4 given = ok ? bytes4(0) : selector;
                require(
                    given == selectorOf(wanted[c]),
                    WrongOutcome(situation, name, _callers[c], wanted[c], given)
                );
            }
        }
    }

    function outcomeOf(
        string memory name,
        uint256 taskId,
        address caller
    ) internal returns (bool ok, bytes4 selector) {
        try this.attempt(callOf(name, taskId), caller) {} catch (bytes memory thrown) {
            assembly ("memory-safe") {
                ok := mload(add(thrown, 0x24))
                selector := mload(add(thrown, 0x44))
            }
        }
    }

    /// @dev Calls the market and throws what came of it.
    function attempt(bytes calldata data, address caller) external {
        vm.prank(caller);
        (bool ok, bytes memory returned) = Predeploys.TASK_MARKET.call(data);
        bytes4 selector = ok || returned.length < 4 ? bytes4(0) : bytes4(returned);
        revert Outcome(ok, selector);
    }

    /// @dev A call that is right in every respect but the state, the time and the caller.
    function callOf(string memory name, uint256 id) internal view returns (bytes memory) {
        bytes32 f = keccak256(bytes(name));
        if (f == keccak256("assign")) return abi.encodeCall(ITaskEndings.assign, (id));
        if (f == keccak256("accept")) return abi.encodeCall(ITaskWork.accept, (id, 0));
        if (f == keccak256("decline")) return abi.encodeCall(ITaskEndings.decline, (id, 0));
        if (f == keccak256("reoffer")) return abi.encodeCall(ITaskEndings.reoffer, (id, 0));
        if (f == keccak256("cancel")) return abi.encodeCall(ITaskEndings.cancel, (id));
        if (f == keccak256("abort")) return abi.encodeCall(ITaskEndings.abort, (id, 0));
        if (f == keccak256("rate")) return abi.encodeCall(ITaskEndings.rate, (id, 5));
        if (f == keccak256("finalize")) return abi.encodeCall(ITaskEndings.finalize, (id));
        if (f == keccak256("expire")) return abi.encodeCall(ITaskEndings.expire, (id));
        if (f == keccak256("advance")) return abi.encodeCall(ITaskEndings.advance, (id));
        if (f == keccak256("checkpoint")) {
            return abi.encodeCall(ITaskWork.checkpoint, (id, 0, "point", 1));
        }
        if (f == keccak256("commitResult")) {
            return abi.encodeCall(ITaskWork.commitResult, (id, 0, "commitment"));
        }
        if (f == keccak256("revealResult")) {
            return
                abi.encodeCall(
                    ITaskWork.revealResult,
                    (id, 0, rootOf(0), 53, bytes32("salt"), RESULT)
                );
        }
        return callOfJudges(f, id);
    }

    function callOfJudges(bytes32 f, uint256 id) internal pure returns (bytes memory) {
        if (f == keccak256("onAttested")) {
            return abi.encodeCall(ITaskEndings.onAttested, (id, 0, 0, rootOf(0), Verdict.Valid));
        }
        if (f == keccak256("onDisputeOpened")) {
            return abi.encodeCall(ITaskEndings.onDisputeOpened, (id, 0));
        }
        if (f == keccak256("onDisputeResolved")) {
            return abi.encodeCall(ITaskEndings.onDisputeResolved, (id, 0, true, true));
        }
        return abi.encodeCall(ITaskEndings.onResultUnavailable, (id, 0));
    }

    function accountOf(string memory caller) internal pure returns (address) {
        bytes32 c = keccak256(bytes(caller));
        if (c == keccak256("client")) return CLIENT;
        if (c == keccak256("sponsor")) return SPONSOR;
        if (c == keccak256("worker")) return worker(0);
        if (c == keccak256("otherWorker")) return worker(1);
        if (c == keccak256("oracleHub")) return Predeploys.ORACLE_HUB;
        if (c == keccak256("court")) return Predeploys.DISPUTE_COURT;
        return STRANGER;
    }

    function selectorOf(string memory wanted) internal pure returns (bytes4) {
        bytes32 w = keccak256(bytes(wanted));
        if (w == keccak256("ok")) return 0;
        bytes4[11] memory selectors = [
            ITaskBook.TaskMarketUnknownTask.selector,
            ITaskBook.TaskMarketWrongState.selector,
            ITaskBook.TaskMarketWrongSlotState.selector,
            ITaskBook.TaskMarketNotClient.selector,
            ITaskBook.TaskMarketNotWorker.selector,
            ITaskBook.TaskMarketPastDeadline.selector,
            ITaskBook.TaskMarketBeforeDeadline.selector,
            ITaskBook.TaskMarketNothingToAssign.selector,
            ITaskBook.TaskMarketSeedPending.selector,
            ITaskBook.TaskMarketDrawKnown.selector,
            SystemContract.SystemContractUnauthorized.selector
        ];
        string[11] memory names = [
            "TaskMarketUnknownTask",
            "TaskMarketWrongState",
            "TaskMarketWrongSlotState",
            "TaskMarketNotClient",
            "TaskMarketNotWorker",
            "TaskMarketPastDeadline",
            "TaskMarketBeforeDeadline",
            "TaskMarketNothingToAssign",
            "TaskMarketSeedPending",
            "TaskMarketDrawKnown",
            "SystemContractUnauthorized"
        ];
        for (uint256 i = 0; i < names.length; ++i) {
            if (w == keccak256(bytes(names[i]))) return selectors[i];
        }
        revert AssertionFailed(string.concat("the table names an unknown error: ", wanted));
    }
}
