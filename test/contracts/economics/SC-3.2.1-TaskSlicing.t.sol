// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ITaskBook} from "../../../contracts/interfaces/ITaskBook.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {TaskStage} from "../support/TaskStage.sol";
import {vm} from "../support/Vm.sol";

/// @title SC 3.2.1: "task slicing algorithm, the data routing, global index and sequence
/// technologies of distributed tasks"
/// @notice The work is cut by power: slices meet in the order of the slots and cover all units. The
/// root of the data's index is kept with the task, and the start names the root of who does what.
/// @custom:sentence task slicing algorithm, the data routing, global index and sequence
/// technologies of distributed tasks, as well as the weighted rotation task allocation mechanism
contract SC321TaskSlicingTest is TaskStage {
    function testTheStrongerHasTheLargerSlice() public {
        uint256 taskId = _start(_spec(3));
        uint32[4] memory cuts = [uint32(0), 26, 80, 160];
        for (uint8 i = 0; i < 3; ++i) {
            (uint32 from, uint32 to) = MARKET.sliceOf(taskId, i);
            _same(from, cuts[i], "from where the one before ends");
            _same(to, cuts[i + 1], "to its share of 160 units, by power 1, 2 and 3 of 6");
        }
    }

    function testReplicasHaveTheSliceOfTheWeakestAmongThem() public {
        ITaskBook.TaskSpec memory s = _spec(4);
        s.replicas = 2;
        uint256 taskId = _start(s);
        for (uint8 i = 0; i < 4; ++i) {
            (uint32 from, uint32 to) = MARKET.sliceOf(taskId, i);
            _same(from, i < 2 ? 0 : 40, "two of power 1, and two of power 3");
            _same(to, i < 2 ? 40 : 160, "share 160 units one to three");
        }
    }

    function testTheGlobalIndexIsOnChain() public {
        ITaskBook.TaskSpec memory s = _spec(1);
        s.sliceRoot = keccak256("index");
        uint256 taskId = _create(s);
        _same(uint256(MARKET.taskOf(taskId).sliceRoot), uint256(s.sliceRoot), "root");
    }

    function testTheStartNamesWhoDoesWhat() public {
        uint256 taskId = _create(_spec(2));
        _offer(taskId, 0, 2);
        _accept(taskId, 0);
        address[] memory workers = new address[](2);
        uint64[] memory powers = new uint64[](2);
        (workers[0], workers[1]) = (_worker(0), _worker(1));
        (powers[0], powers[1]) = (1_000, 2_000);
        bytes32 clusterRoot = keccak256(abi.encode(workers, powers));
        uint40 commitBy = uint40(_time + 1_200);
        ITaskBook.Task memory task = MARKET.taskOf(taskId);
        uint40 finalBy = commitBy + task.revealWindow + task.attestWindow;
        finalBy += task.challengeWindow + task.disputeWindow;
        vm.expectEmit(Predeploys.TASK_MARKET);
        emit ITaskBook.TaskStarted(taskId, 3_000, commitBy, finalBy, clusterRoot);
        _accept(taskId, 1);
    }
}
