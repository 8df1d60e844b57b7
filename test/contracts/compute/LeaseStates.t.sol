// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ILeaseMarket, LeaseAbort} from "../../../contracts/interfaces/ILeaseMarket.sol";
import {ParamKeys} from "../../../contracts/libraries/ParamKeys.sol";
import {vm} from "../support/Vm.sol";
import {LeaseTest} from "./LeaseTest.sol";

/// @notice The state machine of leases as a table: what each caller may do in each state, and with
/// which error everything else is refused.
contract LeaseStatesTest is LeaseTest {
    uint256 internal constant STATES = 11;
    uint256 internal constant FUNCTIONS = 8;

    /// @dev A row for each state in the order of `LeaseState`, a column for each of `call`'s
    /// functions: deposit, cancel, take, checkpoint, startReclaim, close, abort, reportAbort. In
    /// each, one letter for client, worker and stranger:
    ///   y allowed, u unknown lease, s wrong state, c not the client, w not the worker,
    ///   m may not close, p no proved power to take.
    function table() internal pure returns (string[11] memory) {
        return
            [
                "uuu uuu uuu uuu uuu uuu uuu uuu", // None
                "yyy ycc pyp sss sss sss sss sss", // Offered
                "sss yyy sss sss sss sss sss sss", // Lapsed
                "yyy sss sss yyy wyw ymm wyw yyy", // Running
                "yyy sss sss yyy sss ymm wyw yyy", // Reclaiming
                "yyy sss sss yyy sss yym sss yyy", // Reclaimable
                "yyy sss sss yyy sss ymm sss yyy", // Overdrawn
                "sss sss sss yyy sss yyy sss yyy", // Expired
                "sss sss sss sss sss sss sss sss", // Closed
                "sss sss sss sss sss sss sss sss", // Cancelled
                "sss sss sss sss sss sss sss sss" // Aborted
            ];
    }

    function setUp() public override {
        super.setUp();
        activateOracles(4);
        // Leases of all states stay behind.
        vote(ParamKeys.NODE_SLOTS_MAX, 1_000);
    }

    function testEveryCallFollowsTheTable() public {
        for (uint256 state = 0; state < STATES; ++state) {
            bytes memory row = bytes(table()[state]);
            assertEq(row.length, FUNCTIONS * 4 - 1, "a row is complete");
            for (uint256 f = 0; f < FUNCTIONS; ++f) {
                for (uint256 who = 0; who < 3; ++who) {
                    check(ILeaseMarket.LeaseState(state), f, who, row[f * 4 + who]);
                }
            }
        }
    }

    /// @dev 0 before it ended; a refund is for ended leases alone, whoever asks.
    function testOnlyAnEndedLeaseGivesBack() public {
        for (uint256 state = 1; state < STATES; ++state) {
            uint256 leaseId = reach(ILeaseMarket.LeaseState(state));
            if (state < uint256(ILeaseMarket.LeaseState.Closed)) {
                vm.expectRevert(wrongState(leaseId, ILeaseMarket.LeaseState(state)));
            }
            vm.prank(STRANGER);
            LEASES.refund(leaseId, 0);
        }
        vm.expectRevert(unknown(77));
        LEASES.refund(77, 0);
    }

    /// @dev From every state, calls of a stranger and time alone lead to an end and empty it.
    function testEveryStateIsLeftByStrangers() public {
        for (uint256 state = 1; state < STATES; ++state) {
            uint256 leaseId = reach(ILeaseMarket.LeaseState(state));
            pass(30 days);
            ILeaseMarket.LeaseState now_ = LEASES.stateOf(leaseId);
            vm.startPrank(STRANGER);
            if (now_ == ILeaseMarket.LeaseState.Lapsed) LEASES.cancel(leaseId);
            else if (now_ == ILeaseMarket.LeaseState.Expired) LEASES.close(leaseId);
            if (LEASES.balanceOf(leaseId) > 0) LEASES.refund(leaseId, 0);
            vm.stopPrank();
            assertTrue(
                LEASES.stateOf(leaseId) >= ILeaseMarket.LeaseState.Closed,
                "ended by a stranger"
            );
            assertEq(LEASES.balanceOf(leaseId), 0, "nothing is stuck");
        }
        assertEq(VAULT.lockedOf(WORKER), 0, "no collateral is stuck");
        assertEq(openSlotsOf(WORKER), 0, "no slot is stuck");
    }

    function testReadingAnUnknownLeaseIsRefused() public {
        assertState(0, ILeaseMarket.LeaseState.None);
        vm.expectRevert(unknown(1));
        LEASES.leaseOf(1);
        vm.expectRevert(unknown(1));
        LEASES.balanceOf(1);
        vm.expectRevert(unknown(1));
        LEASES.dueOf(1);
        uint256 leaseId = offer();
        assertEq(LEASES.dueOf(leaseId), 0, "nothing runs");
        vm.expectRevert(wrongState(leaseId, ILeaseMarket.LeaseState.Offered));
        LEASES.fundedUntil(leaseId);
    }

    /// @dev Brings a lease into `state` anew, and lets one caller do one thing.
    function check(ILeaseMarket.LeaseState state, uint256 f, uint256 who, bytes1 letter) internal {
        uint256 leaseId = reach(state);
        address caller = [CLIENT, WORKER, STRANGER][who];
        vm.deal(caller, 1e18);
        LeaseAbort memory word = report(leaseId, startOf(leaseId));
        bytes memory signatures = signReport(word, 7);
        if (letter != "y") vm.expectRevert(refusal(letter, leaseId, state, caller));
        vm.prank(caller);
        if (f == 0) LEASES.deposit{value: 1}(leaseId);
        else if (f == 1) LEASES.cancel(leaseId);
        else if (f == 2) LEASES.take(leaseId);
        else if (f == 3) LEASES.checkpoint(leaseId);
        else if (f == 4) LEASES.startReclaim(leaseId);
        else if (f == 5) LEASES.close(leaseId);
        else if (f == 6) LEASES.abort(leaseId);
        else LEASES.reportAbort(word, 7, signatures);
    }

    function startOf(uint256 leaseId) internal view returns (uint256) {
        if (LEASES.stateOf(leaseId) == ILeaseMarket.LeaseState.None) return _time;
        return LEASES.leaseOf(leaseId).startedAt;
    }

    function reach(ILeaseMarket.LeaseState state) internal returns (uint256 leaseId) {
        if (state == ILeaseMarket.LeaseState.None) return 1_000_000;
        // The proof of the last time may be stale.
        // And an abort costs its worker three days of comment.
        if (REGISTRY.reasonOf(WORKER) == "comment") pass(3 days);
        if (REGISTRY.reasonOf(WORKER) != 0) admitWorker(WORKER);
        leaseId = offer();
        if (state == ILeaseMarket.LeaseState.Offered) return leaseId;
        if (state == ILeaseMarket.LeaseState.Lapsed) pass(OFFER + 1);
        else if (state == ILeaseMarket.LeaseState.Cancelled) {
            vm.prank(CLIENT);
            LEASES.cancel(leaseId);
        } else {
            take(leaseId);
            pass(10);
            bool isLeaving =
                state == ILeaseMarket.LeaseState.Reclaiming ||
                    state == ILeaseMarket.LeaseState.Reclaimable;
            if (isLeaving) startReclaim(leaseId);
            if (state == ILeaseMarket.LeaseState.Reclaimable) pass(NOTICE);
            else if (state == ILeaseMarket.LeaseState.Overdrawn) pass(1_000);
            else if (state == ILeaseMarket.LeaseState.Expired) pass(1_000 + GRACE);
            else if (state == ILeaseMarket.LeaseState.Closed) close(leaseId, CLIENT);
            else if (state == ILeaseMarket.LeaseState.Aborted) abort(leaseId);
        }
        assertState(leaseId, state);
    }

    function refusal(
        bytes1 letter,
        uint256 leaseId,
        ILeaseMarket.LeaseState state,
        address caller
    ) internal pure returns (bytes memory) {
        if (letter == "u") return unknown(leaseId);
        if (letter == "s") return wrongState(leaseId, state);
        if (letter == "m") {
            return
                abi.encodeWithSelector(
                    ILeaseMarket.LeaseMarketMayNotClose.selector,
                    leaseId,
                    caller,
                    state
                );
        }
        if (letter == "p") {
            return
                abi.encodeWithSelector(
                    ILeaseMarket.LeaseMarketNotEligible.selector,
                    caller,
                    bytes32("unregistered")
                );
        }
        bytes4 selector =
            letter == "c"
                ? ILeaseMarket.LeaseMarketNotClient.selector
                : ILeaseMarket.LeaseMarketNotWorker.selector;
        return abi.encodeWithSelector(selector, leaseId, caller);
    }

    function unknown(uint256 leaseId) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(ILeaseMarket.LeaseMarketUnknownLease.selector, leaseId);
    }
}
