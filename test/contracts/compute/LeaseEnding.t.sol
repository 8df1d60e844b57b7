// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ILeaseMarket, LeaseAbort} from "../../../contracts/interfaces/ILeaseMarket.sol";
import {Fault, IReputation} from "../../../contracts/interfaces/IReputation.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {vm} from "../support/Vm.sol";
import {LeaseTest} from "./LeaseTest.sol";

/// @notice Clients leave when they like, workers after notice; a worker that leaves without pays
/// for it until the minimum term is over.
contract LeaseEndingTest is LeaseTest {
    bytes32 private constant DOMAIN_TYPEHASH = keccak256(
        "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
    );

    function setUp() public override {
        super.setUp();
        activateOracles(4);
    }

    /* CLOSING */

    function testTheClientPaysForWhatRan() public {
        uint256 leaseId = start();
        pass(7);
        close(leaseId, CLIENT);
        assertEq(LEASES.refund(leaseId, 0), 0.993e18, "all but seven seconds");
        assertEq(LEASES.creditOf(WORKER), 0.006825e18, "seven seconds less 2.5 %");
        assertEq(VAULT.freeOf(WORKER), 100e18, "the worker lost nothing");
    }

    function testALeaseClosedAtOnceCostsNothing() public {
        uint256 leaseId = start();
        close(leaseId, CLIENT);
        assertEq(LEASES.refund(leaseId, 0), DEPOSIT, "all back");
    }

    /* GIVING NOTICE */

    function testAWorkerLeavesAfterItsNotice() public {
        uint256 leaseId = start();
        pass(30);
        vm.expectEmit(Predeploys.LEASE_MARKET);
        emit ILeaseMarket.ReclaimStarted(leaseId, WORKER, uint40(_time + NOTICE));
        startReclaim(leaseId);
        pass(NOTICE - 1);
        assertState(leaseId, ILeaseMarket.LeaseState.Reclaiming);
        vm.expectRevert(
            abi.encodeWithSelector(
                ILeaseMarket.LeaseMarketMayNotClose.selector,
                leaseId,
                WORKER,
                ILeaseMarket.LeaseState.Reclaiming
            )
        );
        close(leaseId, WORKER);
        pass(1);
        assertState(leaseId, ILeaseMarket.LeaseState.Reclaimable);
        close(leaseId, WORKER);
        // 150 seconds, far less than the minimum term.
        assertEq(LEASES.balanceOf(leaseId), 0.85e18, "the notice is paid");
        assertEq(VAULT.freeOf(WORKER), 100e18, "no penalty");
    }

    function testMoneyThatRunsOutDuringTheNoticeDelaysNoOne() public {
        uint256 leaseId = start();
        pass(950);
        startReclaim(leaseId);
        pass(50);
        assertState(leaseId, ILeaseMarket.LeaseState.Overdrawn);
        pass(70);
        assertState(leaseId, ILeaseMarket.LeaseState.Reclaimable);
        close(leaseId, WORKER);
    }

    /* LEAVING */

    function testLeavingBeforeTheMinimumTermCostsTheWholeCollateral() public {
        uint256 leaseId = start();
        pass(599);
        vm.expectEmit(Predeploys.LEASE_MARKET);
        emit ILeaseMarket.LeaseAborted(leaseId, WORKER, uint40(_time), 0.3e18, 0.03e18);
        abort(leaseId);
        assertState(leaseId, ILeaseMarket.LeaseState.Aborted);
        assertEq(VAULT.freeOf(WORKER), 99.7e18, "0.3 coins are lost");
        assertEq(VAULT.lockedOf(WORKER), 0, "nothing stays locked");
        assertEq(VAULT.freeOf(CLIENT), 0.27e18, "90 % compensate the client");
        // 599 seconds cost 0.599 coins.
        assertEq(LEASES.creditOf(WORKER), 0.584025e18, "what ran is paid");
        assertEq(Predeploys.SUPPLY_METER.balance, 0.03e18 + 0.002995e18, "10 % are burned");
        assertEq(LEASES.refund(leaseId, 0), 0.401e18, "the rest goes back");
        assertEq(openSlotsOf(WORKER), 0, "the slot is free");
    }

    function testLeavingAfterTheMinimumTermCostsNoCollateral() public {
        uint256 leaseId = start();
        pass(600);
        vm.expectEmit(Predeploys.LEASE_MARKET);
        emit ILeaseMarket.LeaseAborted(leaseId, WORKER, uint40(_time), 0, 0);
        abort(leaseId);
        assertEq(VAULT.freeOf(WORKER), 100e18, "all back");
        assertEq(VAULT.freeOf(CLIENT), 0, "no compensation");
    }

    function testLeavingWithoutNoticeIsRememberedForThreeDays() public {
        IReputation reputation = IReputation(Predeploys.REPUTATION);
        uint256 leaseId = start();
        pass(600);
        vm.expectEmit(Predeploys.REPUTATION);
        emit IReputation.CommentPenalised(WORKER, Fault.Abort, uint40(_time + 3 days), 8_000);
        abort(leaseId);
        pass(3 days - 1);
        assertEq(reputation.commentOf(WORKER), 8_000, "until then");
        pass(1);
        assertEq(reputation.commentOf(WORKER), 10_000, "over");
    }

    function testWhatTheOraclesReportIsRememberedToo() public {
        uint256 leaseId = start();
        pass(60);
        attestAbort(leaseId, _time - 10);
        assertEq(IReputation(Predeploys.REPUTATION).commentOf(WORKER), 8_000, "comment");
    }

    function testLeavingAfterNoticeIsNoFault() public {
        uint256 leaseId = start();
        startReclaim(leaseId);
        pass(NOTICE);
        close(leaseId, WORKER);
        assertEq(IReputation(Predeploys.REPUTATION).commentOf(WORKER), 10_000, "comment");
    }

    function testLeavingDuringTheNoticeCostsTheCollateral() public {
        uint256 leaseId = start();
        startReclaim(leaseId);
        pass(NOTICE - 1);
        abort(leaseId);
        assertEq(VAULT.freeOf(WORKER), 99.7e18, "lost");
    }

    function testFuzzALostCollateralIsSplitExactly(uint32 rate, uint16 term) public {
        ILeaseMarket.LeaseSpec memory spec = usual();
        spec.ratePerSecond = 1 + uint96(rate);
        spec.minSeconds = 1 + (uint32(term) % MAX);
        uint256 leaseId = open(spec, DEPOSIT);
        take(leaseId);
        uint256 collateral = LEASES.leaseOf(leaseId).collateral;
        abort(leaseId);
        uint256 burned = Predeploys.SUPPLY_METER.balance;
        assertEq(VAULT.freeOf(WORKER), 100e18 - collateral, "all of it");
        assertEq(VAULT.freeOf(CLIENT) + burned, collateral, "nothing more, nothing less");
        assertEq(burned, collateral / 10, "a tenth, floored");
    }

    function testFuzzALeaseWithOneselfNeverProfits(uint16 ran) public {
        // Client and worker are one: whatever it does, it has no more than before.
        uint256 leaseId = start();
        pass(ran % 1_400);
        vm.prank(WORKER);
        try LEASES.abort(leaseId) {} catch {
            close(leaseId, CLIENT);
        }
        if (LEASES.balanceOf(leaseId) > 0) LEASES.refund(leaseId, 0);
        uint256 wealth =
            VAULT.freeOf(WORKER) +
                VAULT.freeOf(CLIENT) +
                LEASES.creditOf(WORKER) +
                LEASES.creditOf(CLIENT);
        assertTrue(wealth <= 100e18 + DEPOSIT, "no profit");
        bool isFree = ran % 1_400 == 0 && VAULT.freeOf(CLIENT) == 0;
        assertTrue(isFree || wealth < 100e18 + DEPOSIT, "a loss");
    }

    /* THE ORACLES' WORD */

    function testTheOraclesWordIsAnAbort() public {
        uint256 leaseId = start();
        uint256 stopped = _time + 200;
        pass(230);
        vm.expectEmit(Predeploys.LEASE_MARKET);
        emit ILeaseMarket.LeaseAborted(leaseId, WORKER, uint40(stopped), 0.3e18, 0.03e18);
        attestAbort(leaseId, stopped);
        assertEq(LEASES.balanceOf(leaseId), 0.8e18, "200 seconds are paid");
        assertEq(VAULT.freeOf(CLIENT), 0.27e18, "the client is compensated");
    }

    function testWhoStoppedAfterTheTermIsPaidUntilThen() public {
        uint256 leaseId = start();
        uint256 started = _time;
        pass(900);
        attestAbort(leaseId, started + 600);
        assertEq(LEASES.balanceOf(leaseId), 0.4e18, "600 seconds");
        assertEq(VAULT.freeOf(WORKER), 100e18, "no penalty");
    }

    function testAWordAfterTheMoneyRanOutStillCounts() public {
        uint256 leaseId = start();
        uint256 started = _time;
        pass(2_000);
        assertState(leaseId, ILeaseMarket.LeaseState.Expired);
        attestAbort(leaseId, started + 500);
        assertEq(VAULT.freeOf(WORKER), 99.7e18, "it stopped while it was paid");
    }

    function testAStopIsWithinThePaidTime() public {
        uint256 leaseId = start();
        uint256 started = _time;
        pass(100);
        refuseStop(leaseId, started - 1, started, _time);
        refuseStop(leaseId, _time + 1, started, _time);
        pass(950);
        // Paid up to second 999.
        refuseStop(leaseId, started + 1_000, started, started + 999);
        attestAbort(leaseId, started + 999);
    }

    function testAStopAfterTheNoticeIsNoFault() public {
        uint256 leaseId = start();
        uint256 started = _time;
        startReclaim(leaseId);
        pass(NOTICE);
        refuseStop(leaseId, started + NOTICE, started, started + NOTICE - 1);
    }

    /// @dev A quorum's word on this second is refused.
    function refuseStop(uint256 leaseId, uint256 stop, uint256 from, uint256 to) internal {
        LeaseAbort memory word = report(leaseId, stop);
        bytes memory signatures = signReport(word, 7);
        vm.expectRevert(
            abi.encodeWithSelector(
                ILeaseMarket.LeaseMarketStopOutOfBounds.selector,
                leaseId,
                uint40(stop),
                from,
                to
            )
        );
        LEASES.reportAbort(word, 7, signatures);
    }

    function testAReportExpires() public {
        uint256 leaseId = start();
        LeaseAbort memory word = report(leaseId, _time);
        bytes memory signatures = signReport(word, 7);
        pass(61);
        vm.expectRevert(
            abi.encodeWithSelector(ILeaseMarket.LeaseMarketReportExpired.selector, word.validUntil)
        );
        LEASES.reportAbort(word, 7, signatures);
    }

    function testAReportNeedsExactlyAQuorum() public {
        uint256 leaseId = start();
        LeaseAbort memory word = report(leaseId, _time);
        bytes4 selector = ILeaseMarket.LeaseMarketWrongSignatureCount.selector;
        bytes memory signatures = signReport(word, 15);
        vm.expectRevert(abi.encodeWithSelector(selector, 4, 3));
        LEASES.reportAbort(word, 15, signatures);
        signatures = signReport(word, 3);
        vm.expectRevert(abi.encodeWithSelector(selector, 2, 3));
        LEASES.reportAbort(word, 3, signatures);
        vm.expectRevert(abi.encodeWithSelector(selector, 2, 3));
        LEASES.reportAbort(word, 7, signatures);
    }

    function testAReportIsSignedByTheMembersItNames() public {
        uint256 leaseId = start();
        LeaseAbort memory word = report(leaseId, _time);
        bytes memory signatures = signReport(word, 7);
        bytes4 selector = ILeaseMarket.LeaseMarketUnknownSigner.selector;
        vm.expectRevert(abi.encodeWithSelector(selector, 3, oracle(2)));
        LEASES.reportAbort(word, 11, signatures);
        uint32 bitmap = 3 | (1 << 31);
        vm.expectRevert(abi.encodeWithSelector(selector, 31, oracle(2)));
        LEASES.reportAbort(word, bitmap, signatures);
    }

    function testAReportIsSignedWithTheKeysInForce() public {
        setKey(0, 0xBEEF);
        pass(3 days);
        admitWorker(WORKER);
        uint256 leaseId = start();
        LeaseAbort memory word = report(leaseId, _time);
        bytes memory signatures = signReport(word, 7);
        vm.expectRevert(
            abi.encodeWithSelector(ILeaseMarket.LeaseMarketUnknownSigner.selector, 0, oracle(0))
        );
        LEASES.reportAbort(word, 7, signatures);
        bytes memory first = signOne(LEASES.hashLeaseAbort(word), 0xBEEF);
        LEASES.reportAbort(word, 7, bytes.concat(first, signReport(word, 6)));
        assertState(leaseId, ILeaseMarket.LeaseState.Aborted);
    }

    function testFewerThanThreeOraclesAttestNothing() public {
        uint256 leaseId = start();
        for (uint256 i = 2; i < 4; ++i) {
            vm.prank(Predeploys.TIMELOCK);
            HUB.remove(oracle(i));
        }
        LeaseAbort memory word = report(leaseId, _time);
        bytes memory signatures = signReport(word, 3);
        vm.expectRevert(
            abi.encodeWithSelector(ILeaseMarket.LeaseMarketTooFewOracles.selector, 2, 3)
        );
        LEASES.reportAbort(word, 3, signatures);
    }

    function testTheDigestIsThatOfEip712() public view {
        LeaseAbort memory word = LeaseAbort(5, 6, 7);
        bytes32 domain = keccak256(
            abi.encode(
                DOMAIN_TYPEHASH,
                keccak256("POCA Lease Market"),
                keccak256("1"),
                block.chainid,
                Predeploys.LEASE_MARKET
            )
        );
        bytes32 content = keccak256(
            abi.encode(
                keccak256("LeaseAbort(uint256 leaseId,uint40 stoppedAt,uint40 validUntil)"),
                uint256(5),
                uint256(6),
                uint256(7)
            )
        );
        bytes32 digest = keccak256(abi.encodePacked(hex"1901", domain, content));
        assertEq(uint256(LEASES.hashLeaseAbort(word)), uint256(digest), "digest");
    }
}
