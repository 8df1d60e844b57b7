// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ITaskBook} from "../../../contracts/interfaces/ITaskBook.sol";
import {DueWheel} from "../../../contracts/libraries/DueWheel.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {vm} from "../support/Vm.sol";
import {ComputeTest} from "./ComputeTest.sol";

/// @notice The queue of what is due: in the order of time, and every step at the same cost. Long
/// queues are written into the storage itself, as adding their entries would leave it.
contract DueWheelTest is ComputeTest {
    using DueWheel for DueWheel.Wheel;

    DueWheel.Wheel internal _wheel;

    function setUp() public {
        deployCompute();
        proveWorkers(1);
    }

    function take(uint256 now_) internal returns (uint256 time_, uint256 id) {
        (time_, id) = _wheel.first(now_);
        if (id != 0) _wheel.remove(time_);
    }

    function testTheEarliestSecondComesFirst() public {
        uint256 t = time();
        _wheel.add(t + 700, 1);
        _wheel.add(t + 20, 2);
        _wheel.add(t + 20, 3);
        _wheel.add(t + 300, 4);
        uint256[4] memory ids = [uint256(3), 2, 4, 1];
        uint256[4] memory times = [t + 20, t + 20, t + 300, t + 700];
        (, uint256 none) = take(t + 20);
        assertEq(none, 0, "a second is due when it is over");
        for (uint256 i = 0; i < 4; ++i) {
            (uint256 at, uint256 id) = take(t + 1_000);
            assertEq(id, ids[i], "id");
            assertEq(at, times[i], "time");
        }
        (, none) = take(t + 1_000_000);
        assertEq(none, 0, "empty");
        assertEq(_wheel.count, 0, "count");
    }

    function testALateEntryIsNotMissed() public {
        uint256 t = time();
        _wheel.add(t + 10_000, 1);
        for (uint256 i = 0; i < 4; ++i) take(t + 9_000);
        uint256 at = _wheel.add(t, 2);
        assertTrue(at < t + 9_000 && at > t, "under the first second that is left");
        (, uint256 id) = take(t + 9_000);
        assertEq(id, 2, "found");
    }

    function testALongSilenceIsCrossedInSteps() public {
        uint256 t = time();
        _wheel.add(t + 30 days, 7);
        vm.warp(t + 31 days);
        uint256 id = 0;
        uint256 looks = 0;
        for (; id == 0; ++looks) (, id) = take(t + 31 days);
        assertEq(id, 7, "found");
        // Thirty days are 10,125 words, sixteen a look.
        assertTrue(looks > 600 && looks < 700, "bounded work in each look");
    }

    function testFuzzNothingIsLostAndTimeNeverRunsBack(uint16[20] memory delays) public {
        uint256 t = time();
        for (uint256 i = 0; i < delays.length; ++i) _wheel.add(t + delays[i], i + 1);
        uint256 seen = 0;
        uint256 last = 0;
        for (uint256 i = 0; i < 60; ++i) {
            (uint256 at, uint256 id) = take(t + 70_000);
            if (id == 0) continue;
            assertTrue(at >= last && at == t + delays[id - 1], "in order, each at its time");
            last = at;
            seen |= 1 << id;
        }
        assertEq(seen, (1 << 21) - 2, "all twenty");
    }

    function testTheBlockCostsTheSameWithTenAndWithAHundredThousandEntries() public {
        ITaskBook.TaskSpec memory s = spec(1);
        uint256 stale = create(s);
        vm.prank(CLIENT);
        MARKET.cancel(stale);
        uint256[3] memory counts = [uint256(10), 1_000, 100_000];
        uint256 least = type(uint256).max;
        uint256 most = 0;
        for (uint256 i = 0; i < 3; ++i) {
            fill(stale, counts[i]);
            for (uint256 blocks = 0; blocks < 3; ++blocks) {
                pass(1);
                uint256 before = gasleft();
                produce();
                uint256 used = before - gasleft();
                assertTrue(used < 1_000_000, "under a million");
                if (counts[i] == 10) continue;
                if (used < least) least = used;
                if (used > most) most = used;
            }
        }
        assertTrue(most - least < 60_000, "whatever the number");
    }

    /// @dev As if so many entries of a task had come due in the second before.
    function fill(uint256 taskId, uint256 count) internal {
        uint256 root = marketRoot();
        uint256 second = time() - 1;
        uint256 word = uint256(keccak256(abi.encode(second >> 8, root + 1)));
        uint256 list = uint256(keccak256(abi.encode(second, root + 2)));
        store(root, (count << 128) | (second >> 8));
        store(word, 1 << (second & 0xff));
        store(list, count);
        uint256 first = uint256(keccak256(abi.encode(list)));
        uint256 four = taskId | (taskId << 64) | (taskId << 128) | (taskId << 192);
        for (uint256 i = 0; i * 4 < count; ++i) store(first + i, four);
    }

    function store(uint256 slot, uint256 value) internal {
        vm.store(Predeploys.TASK_MARKET, bytes32(slot), bytes32(value));
    }

    function marketRoot() internal pure returns (uint256) {
        uint256 name = uint256(keccak256("poca.storage.TaskMarket"));
        return uint256(keccak256(abi.encode(name - 1))) & ~uint256(0xff);
    }
}
