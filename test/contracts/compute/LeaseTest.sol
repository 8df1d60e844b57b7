// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ILeaseMarket, LeaseAbort} from "../../../contracts/interfaces/ILeaseMarket.sol";
import {INodeRegistry} from "../../../contracts/interfaces/INodeRegistry.sol";
import {ParamKeys} from "../../../contracts/libraries/ParamKeys.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {PowerGrant} from "../support/PowerGrant.sol";
import {vm} from "../support/Vm.sol";
import {PriceTest} from "./PriceTest.sol";

/// @title Base of the tests of leases: helpers that play the parts of client and worker.
/// @dev The usual lease costs 0.001 coins a second, for ten minutes at least and an hour at most,
/// with two minutes' notice. Its first deposit is one coin: 1,000 seconds. Workers are nodes of the
/// registry; challenges cost no bond here.
abstract contract LeaseTest is PriceTest {
    INodeRegistry internal constant REGISTRY = INodeRegistry(Predeploys.NODE_REGISTRY);
    ILeaseMarket internal constant LEASES = ILeaseMarket(Predeploys.LEASE_MARKET);

    address internal constant CLIENT = address(0xC11E47);
    address internal constant SPONSOR = address(0x5905);
    address internal constant WORKER = address(0x3000);

    uint96 internal constant RATE = 0.001e18;
    uint256 internal constant DEPOSIT = 1e18;
    /// @dev Half of ten minutes at the rate.
    uint256 internal constant COLLATERAL = 0.3e18;
    uint256 internal constant GRACE = 300;
    uint256 internal constant OFFER = 600;
    uint32 internal constant MIN = 600;
    uint32 internal constant MAX = 3_600;
    uint32 internal constant NOTICE = 120;

    function setUp() public virtual override {
        super.setUp();
        vote(ParamKeys.NODE_CHALLENGE_BOND, 0);
        giveCollateral(WORKER, 100e18);
        admitWorker(WORKER);
    }

    /// @dev The registry of the genesis stays.
    function placeNodes() internal override {}

    /// @dev A worker that is strong enough for the usual lease.
    function admitWorker(address worker) internal {
        prove(worker, 1_000);
    }

    /// @dev In place of the power that it had.
    function prove(address worker, uint64 power) internal {
        pass(1);
        PowerGrant.grant(worker, power);
    }

    function openSlotsOf(address worker) internal view returns (uint256) {
        return REGISTRY.nodeOf(worker).openSlots;
    }

    /* STEPS */

    function usual() internal pure returns (ILeaseMarket.LeaseSpec memory spec) {
        spec.ratePerSecond = RATE;
        spec.minPower = 1_000;
        spec.minSeconds = MIN;
        spec.maxSeconds = MAX;
        spec.noticeSeconds = NOTICE;
        spec.sessionHash = keccak256("session");
    }

    function open(ILeaseMarket.LeaseSpec memory spec, uint256 amount) internal returns (uint256) {
        if (CLIENT.balance < amount) vm.deal(CLIENT, amount);
        vm.prank(CLIENT);
        return LEASES.open{value: amount}(spec);
    }

    function offer() internal returns (uint256 leaseId) {
        return open(usual(), DEPOSIT);
    }

    function take(uint256 leaseId) internal {
        vm.prank(WORKER);
        LEASES.take(leaseId);
    }

    function start() internal returns (uint256 leaseId) {
        leaseId = offer();
        take(leaseId);
    }

    function topUp(uint256 leaseId, address from, uint256 amount) internal {
        if (from.balance < amount) vm.deal(from, amount);
        vm.prank(from);
        LEASES.deposit{value: amount}(leaseId);
    }

    function close(uint256 leaseId, address caller) internal {
        vm.prank(caller);
        LEASES.close(leaseId);
    }

    function startReclaim(uint256 leaseId) internal {
        vm.prank(WORKER);
        LEASES.startReclaim(leaseId);
    }

    function abort(uint256 leaseId) internal {
        vm.prank(WORKER);
        LEASES.abort(leaseId);
    }

    function report(
        uint256 leaseId,
        uint256 stoppedAt
    ) internal view returns (LeaseAbort memory word) {
        return LeaseAbort(leaseId, uint40(stoppedAt), uint40(_time + 60));
    }

    /// @dev Signed by the oracles in `bitmap`, lowest index first.
    function signReport(
        LeaseAbort memory word,
        uint32 bitmap
    ) internal view returns (bytes memory signatures) {
        bytes32 digest = LEASES.hashLeaseAbort(word);
        for (uint256 i = 0; i < 32; ++i) {
            if ((bitmap >> i) & 1 == 0) continue;
            signatures = bytes.concat(signatures, signOne(digest, oracleKey(i)));
        }
    }

    /// @dev As three oracles attest it, brought by a stranger.
    function attestAbort(uint256 leaseId, uint256 stoppedAt) internal {
        LeaseAbort memory word = report(leaseId, stoppedAt);
        bytes memory signatures = signReport(word, 7);
        vm.prank(STRANGER);
        LEASES.reportAbort(word, 7, signatures);
    }

    /* ASSERTING */

    function assertState(uint256 leaseId, ILeaseMarket.LeaseState wanted) internal view {
        assertEq(uint256(LEASES.stateOf(leaseId)), uint256(wanted), "state of the lease");
    }

    function assertCredits(uint256 toWorker, uint256 toTreasury) internal view {
        assertEq(LEASES.creditOf(WORKER), toWorker, "the worker's credit");
        assertEq(LEASES.creditOf(Predeploys.TREASURY), toTreasury, "the treasury's credit");
    }

    function wrongState(
        uint256 leaseId,
        ILeaseMarket.LeaseState actual
    ) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(ILeaseMarket.LeaseMarketWrongState.selector, leaseId, actual);
    }
}
