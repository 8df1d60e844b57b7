// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ILeaseMarket} from "../../../contracts/interfaces/ILeaseMarket.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {OneSender} from "../support/OneSender.sol";
import {vm} from "../support/Vm.sol";
import {LeaseTest} from "./LeaseTest.sol";

/// @notice Does one step of the lease market at random; steps that are not allowed are refused.
contract LeaseActor is LeaseTest {
    /// @dev Where the genesis' time stands; this contract runs no set-up of its own.
    constructor(uint64 height, uint256 time) {
        (_height, _time) = (height, time);
    }

    /// @dev Nothing; the runner could call it.
    function setUp() public override {}

    function offerOne(uint64 rate, uint16 term, uint96 more) public {
        ILeaseMarket.LeaseSpec memory spec = usual();
        spec.ratePerSecond = uint96(1 + (uint256(rate) % 1e16));
        spec.minSeconds = term % MAX;
        open(spec, spec.ratePerSecond * (uint256(spec.minSeconds) + 1) + (more % 1e18));
    }

    function offerAndTake(uint64 rate, uint16 term, uint96 more) public {
        offerOne(rate, term, more);
        take(LEASES.leaseCount());
    }

    function depositOne(uint256 id, uint96 amount) public {
        topUp(pick(id), SPONSOR, 1 + (amount % 1e18));
    }

    function cancelOne(uint256 id) public {
        uint256 leaseId = pick(id);
        vm.prank(CLIENT);
        LEASES.cancel(leaseId);
    }

    function takeOne(uint256 id) public {
        take(pick(id));
    }

    function proveAgain() public {
        admitWorker(WORKER);
    }

    function checkpointOne(uint256 id) public {
        LEASES.checkpoint(pick(id));
    }

    function reclaimOne(uint256 id) public {
        startReclaim(pick(id));
    }

    function closeOne(uint256 id, uint8 who) public {
        close(pick(id), [CLIENT, WORKER, STRANGER][who % 3]);
    }

    function abortOne(uint256 id) public {
        abort(pick(id));
    }

    function refundOne(uint256 id, uint8 index) public {
        LEASES.refund(pick(id), index % 4);
    }

    function withdrawOne(uint8 who) public {
        LEASES.withdrawFor([CLIENT, WORKER, SPONSOR, Predeploys.TREASURY][who % 4]);
    }

    function wait(uint16 duration) public {
        pass(duration % 900);
    }

    function pick(uint256 id) private view returns (uint256) {
        uint256 count = LEASES.leaseCount();
        return count == 0 ? 0 : 1 + (id % count);
    }
}

/// @notice Whatever clients, workers, sponsors and strangers do in whatever order, no coin is made
/// or lost and no collateral gets stuck.
contract LeaseInvariantTest is LeaseTest, OneSender {
    LeaseActor internal _actor;

    function setUp() public override {
        super.setUp();
        giveCollateral(WORKER, 1_000_000e18);
        vm.deal(CLIENT, 1_000_000e18);
        vm.deal(SPONSOR, 1_000_000e18);
        _actor = new LeaseActor(_height, _time);
    }

    /// @dev The runner calls this one only.
    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_actor);
    }

    /// @dev What is fuzzed does happen: a lease is paid and closed, one is left and one called
    /// back.
    function testTheActorIsPaidLeavesAndCallsBack() public {
        _actor.offerAndTake(0.001e18 - 1, 600, 0);
        _actor.wait(300);
        _actor.checkpointOne(0);
        assertCredits(0.2925e18, 0.006e18);
        _actor.depositOne(0, 0.5e18 - 1);
        _actor.closeOne(0, 0);
        assertState(1, ILeaseMarket.LeaseState.Closed);
        _actor.refundOne(0, 0);
        assertEq(LEASES.creditOf(CLIENT), 0.301e18, "601 seconds less 300");
        _actor.refundOne(0, 1);
        assertEq(LEASES.creditOf(SPONSOR), 0.5e18, "nothing of it was used");
        _actor.withdrawOne(1);
        assertEq(WORKER.balance, 0.2925e18, "300 seconds less the fee");

        _actor.offerAndTake(0.001e18 - 1, 600, 0);
        uint256 free = VAULT.freeOf(WORKER);
        _actor.wait(100);
        _actor.abortOne(1);
        assertState(2, ILeaseMarket.LeaseState.Aborted);
        assertEq(VAULT.freeOf(WORKER), free, "nothing comes back");
        assertEq(VAULT.freeOf(CLIENT), 0.27e18, "0.3 less a tenth");

        _actor.offerAndTake(0.001e18 - 1, 600, 0);
        _actor.reclaimOne(2);
        _actor.wait(120);
        _actor.closeOne(2, 1);
        assertState(3, ILeaseMarket.LeaseState.Closed);
        _actor.offerOne(0.001e18 - 1, 600, 0);
        _actor.cancelOne(3);
        assertState(4, ILeaseMarket.LeaseState.Cancelled);
        assertMoney();
        assertLocks();
    }

    /// @dev One function: the runner plays all sequences again for each.
    function invariantAllHold() public view {
        assertMoney();
        assertLocks();
    }

    function testFuzzNoStepsMakeOrLoseCoin(uint256[32] memory steps) public {
        uint256 before = wealth();
        for (uint256 i = 0; i < steps.length; ++i) step(steps[i]);
        assertMoney();
        assertLocks();
        assertEq(wealth(), before, "all that there was");
    }

    /// @dev Of everybody, with what is kept for them and what is burned.
    function wealth() internal view returns (uint256) {
        return
            CLIENT.balance +
            WORKER.balance +
            SPONSOR.balance +
            Predeploys.TREASURY.balance +
            Predeploys.LEASE_MARKET.balance +
            Predeploys.COLLATERAL_VAULT.balance +
            Predeploys.SUPPLY_METER.balance;
    }

    /// @dev One of the actor's steps; the seed chooses which and with what.
    function step(uint256 seed) internal {
        uint256 id = seed >> 8;
        uint8 who = uint8(seed >> 16);
        uint256 kind = seed % 16;
        bytes memory data;
        if (kind == 0) {
            data = abi.encodeCall(LeaseActor.offerOne, (uint64(id), uint16(id), uint96(id)));
        } else if (kind <= 3) {
            data = abi.encodeCall(LeaseActor.offerAndTake, (uint64(id), uint16(id), uint96(id)));
        } else if (kind == 4) data = abi.encodeCall(LeaseActor.depositOne, (id, uint96(id)));
        else if (kind == 5) data = abi.encodeCall(LeaseActor.cancelOne, (id));
        else if (kind == 6) data = abi.encodeCall(LeaseActor.takeOne, (id));
        else if (kind == 7) data = abi.encodeCall(LeaseActor.checkpointOne, (id));
        else if (kind == 8) data = abi.encodeCall(LeaseActor.reclaimOne, (id));
        else if (kind == 9) data = abi.encodeCall(LeaseActor.closeOne, (id, who));
        else if (kind == 10) data = abi.encodeCall(LeaseActor.abortOne, (id));
        else if (kind == 11) data = abi.encodeCall(LeaseActor.refundOne, (id, who));
        else if (kind == 12) data = abi.encodeCall(LeaseActor.withdrawOne, (who));
        else data = abi.encodeCall(LeaseActor.wait, (uint16(id)));
        // What is refused changes nothing.
        (bool ok, ) = address(_actor).call(data);
        ok;
    }

    function assertMoney() internal view {
        uint256 sum =
            LEASES.creditOf(CLIENT) +
                LEASES.creditOf(WORKER) +
                LEASES.creditOf(SPONSOR) +
                LEASES.creditOf(Predeploys.TREASURY);
        for (uint256 id = 1; id <= LEASES.leaseCount(); ++id) sum += LEASES.balanceOf(id);
        assertEq(Predeploys.LEASE_MARKET.balance, sum, "leases and credits");
    }

    function assertLocks() internal view {
        uint256 locked = 0;
        uint256 slots = 0;
        for (uint256 id = 1; id <= LEASES.leaseCount(); ++id) {
            ILeaseMarket.Lease memory lease = LEASES.leaseOf(id);
            if (lease.state != ILeaseMarket.LeaseState.Running) continue;
            locked += lease.collateral;
            ++slots;
        }
        assertEq(VAULT.lockedOf(WORKER), locked, "locked for live leases");
        assertEq(openSlotsOf(WORKER), slots, "slots of live leases");
    }
}
