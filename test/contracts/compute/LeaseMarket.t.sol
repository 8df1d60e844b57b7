// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {RefusingReceiver} from "../../../contracts/mocks/RefusingReceiver.sol";
import {ICollateralVault} from "../../../contracts/interfaces/ICollateralVault.sol";
import {ILeaseMarket} from "../../../contracts/interfaces/ILeaseMarket.sol";
import {IPriceBook} from "../../../contracts/interfaces/IPriceBook.sol";
import {ParamKeys} from "../../../contracts/libraries/ParamKeys.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {vm} from "../support/Vm.sol";
import {LeaseTest} from "./LeaseTest.sol";

/// @notice A lease costs its rate for each full second, and what was paid stays paid.
contract LeaseMarketTest is LeaseTest {
    /* OFFERING */

    function testAnOfferHoldsItsFirstDeposit() public {
        vm.expectEmit(Predeploys.LEASE_MARKET);
        emit ILeaseMarket.LeaseOffered(1, CLIENT, address(0), usual(), RATE, uint40(_time + OFFER));
        vm.deal(CLIENT, DEPOSIT);
        vm.prank(CLIENT);
        uint256 leaseId = LEASES.open{value: DEPOSIT}(usual());
        ILeaseMarket.Lease memory lease = LEASES.leaseOf(leaseId);
        assertEq(leaseId, 1, "counted from 1");
        assertEq(LEASES.leaseCount(), 1, "count");
        assertEq(lease.grace, GRACE, "five minutes of grace");
        assertEq(lease.feeBps, 250, "fee as of tasks");
        assertEq(LEASES.balanceOf(leaseId), DEPOSIT, "held");
        assertEq(LEASES.depositOf(leaseId, 0).depositor == CLIENT ? 1 : 0, 1, "depositor");
        assertState(leaseId, ILeaseMarket.LeaseState.Offered);
    }

    function expectOutOfBounds(bytes32 field, uint256 value, uint256 min, uint256 max) internal {
        vm.expectRevert(
            abi.encodeWithSelector(
                ILeaseMarket.LeaseMarketSpecOutOfBounds.selector,
                field,
                value,
                min,
                max
            )
        );
    }

    function testAnOfferIsBounded() public {
        ILeaseMarket.LeaseSpec memory spec = usual();
        vm.deal(address(this), 10e18);
        spec.maxSeconds = 0;
        expectOutOfBounds("maxSeconds", 0, 1, 30 days);
        LEASES.open{value: DEPOSIT}(spec);
        spec.maxSeconds = 30 days + 1;
        expectOutOfBounds("maxSeconds", 30 days + 1, 1, 30 days);
        LEASES.open{value: DEPOSIT}(spec);
        spec = usual();
        spec.minSeconds = MAX + 1;
        expectOutOfBounds("minSeconds", MAX + 1, 0, MAX);
        LEASES.open{value: DEPOSIT}(spec);
        spec = usual();
        spec.noticeSeconds = 7 days + 1;
        expectOutOfBounds("noticeSeconds", 7 days + 1, 0, 7 days);
        LEASES.open{value: DEPOSIT}(spec);
        spec = usual();
        spec.ratePerSecond = 0;
        expectOutOfBounds("ratePerSecond", 0, 1, type(uint96).max);
        LEASES.open{value: DEPOSIT}(spec);
    }

    function testTheFirstDepositPaysForTheMinimumTerm() public {
        vm.deal(address(this), 10e18);
        expectOutOfBounds("deposit", 0.6e18 - 1, 0.6e18, type(uint96).max);
        LEASES.open{value: 0.6e18 - 1}(usual());
        LEASES.open{value: 0.6e18}(usual());
        ILeaseMarket.LeaseSpec memory spec = usual();
        spec.minSeconds = 0;
        expectOutOfBounds("deposit", RATE - 1, RATE, type(uint96).max);
        LEASES.open{value: RATE - 1}(spec);
    }

    function testAClientWithdrawsAnOfferAndGetsAllBack() public {
        uint256 leaseId = offer();
        vm.expectEmit(Predeploys.LEASE_MARKET);
        emit ILeaseMarket.LeaseCancelled(leaseId, CLIENT);
        vm.prank(CLIENT);
        LEASES.cancel(leaseId);
        vm.expectEmit(Predeploys.LEASE_MARKET);
        emit ILeaseMarket.DepositRefunded(leaseId, 0, CLIENT, DEPOSIT);
        assertEq(LEASES.refund(leaseId, 0), DEPOSIT, "all of it");
        vm.expectEmit(Predeploys.LEASE_MARKET);
        emit ILeaseMarket.CreditWithdrawn(CLIENT, DEPOSIT);
        LEASES.withdrawFor(CLIENT);
        assertEq(CLIENT.balance, DEPOSIT, "paid out");
        assertEq(Predeploys.LEASE_MARKET.balance, 0, "nothing stays");
    }

    function testAnOfferLapsesAfterTenMinutes() public {
        uint256 leaseId = offer();
        pass(OFFER);
        assertState(leaseId, ILeaseMarket.LeaseState.Offered);
        pass(1);
        assertState(leaseId, ILeaseMarket.LeaseState.Lapsed);
        vm.prank(STRANGER);
        LEASES.cancel(leaseId);
        assertState(leaseId, ILeaseMarket.LeaseState.Cancelled);
    }

    /* TAKING */

    function testAWorkerTakesAnOpenOffer() public {
        uint256 leaseId = offer();
        vm.expectEmit(Predeploys.LEASE_MARKET);
        emit ILeaseMarket.LeaseStarted(leaseId, WORKER, COLLATERAL, uint40(_time + MAX));
        take(leaseId);
        assertState(leaseId, ILeaseMarket.LeaseState.Running);
        assertEq(
            VAULT.lockOf(Predeploys.LEASE_MARKET, WORKER, bytes32(leaseId)),
            COLLATERAL,
            "half the minimum term is locked"
        );
        assertEq(openSlotsOf(WORKER), 1, "a slot is open");
        assertEq(LEASES.fundedUntil(leaseId), _time + 1_000, "a coin lasts 1,000 seconds");
    }

    function testANamedWorkerAloneTakesItsOffer() public {
        ILeaseMarket.LeaseSpec memory spec = usual();
        spec.worker = WORKER;
        admitWorker(STRANGER);
        uint256 leaseId = open(spec, DEPOSIT);
        vm.expectRevert(
            abi.encodeWithSelector(ILeaseMarket.LeaseMarketNotWorker.selector, leaseId, STRANGER)
        );
        vm.prank(STRANGER);
        LEASES.take(leaseId);
        take(leaseId);
    }

    function testAWeakWorkerIsRefused() public {
        prove(WORKER, 999);
        uint256 leaseId = offer();
        bytes4 selector = ILeaseMarket.LeaseMarketPowerTooLow.selector;
        vm.expectRevert(abi.encodeWithSelector(selector, WORKER, 999, 1_000));
        take(leaseId);
        prove(WORKER, 1_000);
        take(leaseId);
    }

    function testAnyPowerDoesWhereNoneIsAskedFor() public {
        prove(WORKER, 1);
        ILeaseMarket.LeaseSpec memory spec = usual();
        spec.minPower = 0;
        uint256 leaseId = open(spec, DEPOSIT);
        take(leaseId);
        assertState(leaseId, ILeaseMarket.LeaseState.Running);
    }

    function testAnIneligibleWorkerIsToldWhy() public {
        bytes4 selector = ILeaseMarket.LeaseMarketNotEligible.selector;
        pass(1 days + 1);
        uint256 leaseId = offer();
        vm.expectRevert(abi.encodeWithSelector(selector, WORKER, bytes32("stale")));
        take(leaseId);
        vm.expectRevert(abi.encodeWithSelector(selector, STRANGER, bytes32("unregistered")));
        vm.prank(STRANGER);
        LEASES.take(leaseId);
    }

    function testWhoDoesNoKindOfTaskMayLease() public {
        uint256 leaseId = offer();
        assertTrue(REGISTRY.reasonOf(WORKER) == "kindless", "it declared none");
        take(leaseId);
        assertState(leaseId, ILeaseMarket.LeaseState.Running);
    }

    function testAWorkerWithoutCollateralIsRefused() public {
        admitWorker(STRANGER);
        uint256 leaseId = offer();
        vm.expectRevert(
            abi.encodeWithSelector(
                ICollateralVault.CollateralVaultInsufficientFree.selector,
                STRANGER,
                COLLATERAL,
                0
            )
        );
        vm.prank(STRANGER);
        LEASES.take(leaseId);
    }

    function testWithoutAMinimumTermNoCollateralIsLocked() public {
        ILeaseMarket.LeaseSpec memory spec = usual();
        spec.minSeconds = 0;
        uint256 leaseId = open(spec, DEPOSIT);
        take(leaseId);
        assertEq(VAULT.lockedOf(WORKER), 0, "nothing to lose");
        close(leaseId, CLIENT);
    }

    /* PRICING */

    function quoted(uint96 most) internal pure returns (ILeaseMarket.LeaseSpec memory spec) {
        spec = usual();
        spec.isQuoted = true;
        spec.computeUnits = 500;
        spec.storageGiB = 1_000;
        spec.ratePerSecond = most;
    }

    function testThePriceBookSetsTheRateWhenAsked() public {
        activateOracles(3);
        postAll(DOLLAR);
        // 500 x 11,111 + 1,000 x 5,000 pico-USD.
        uint96 rate = 10_555_500_000_000;
        uint256 leaseId = open(quoted(rate), DEPOSIT);
        assertEq(LEASES.leaseOf(leaseId).rate, rate, "rate");
        pass(1);
        postAll(DOLLAR / 4);
        take(leaseId);
        pass(100);
        close(leaseId, CLIENT);
        assertEq(LEASES.balanceOf(leaseId), DEPOSIT - 100 * rate, "fixed when it was offered");
    }

    function testAQuoteAboveTheAcceptableRateIsRefused() public {
        activateOracles(3);
        postAll(DOLLAR);
        uint96 rate = 10_555_500_000_000;
        vm.deal(address(this), DEPOSIT);
        vm.expectRevert(
            abi.encodeWithSelector(ILeaseMarket.LeaseMarketRateTooHigh.selector, rate, rate - 1)
        );
        LEASES.open{value: DEPOSIT}(quoted(rate - 1));
    }

    function testWithoutACoinPriceALeaseIsPricedInCoin() public {
        vm.deal(address(this), DEPOSIT);
        vm.expectRevert(abi.encodeWithSelector(IPriceBook.PriceBookStale.selector, uint40(0)));
        LEASES.open{value: DEPOSIT}(quoted(1e18));
        start();
    }

    /* PAYING */

    function testACheckpointPaysTheSecondsThatRan() public {
        uint256 leaseId = start();
        pass(100);
        assertEq(LEASES.dueOf(leaseId), 0.1e18, "due");
        vm.expectEmit(Predeploys.LEASE_MARKET);
        // 2.5 % fee, a fifth of it burned.
        emit ILeaseMarket.LeaseCharged(leaseId, WORKER, RATE, 100, 0.1e18, 0.0025e18, 0.0005e18);
        vm.prank(STRANGER);
        LEASES.checkpoint(leaseId);
        assertCredits(0.0975e18, 0.002e18);
        assertEq(LEASES.balanceOf(leaseId), 0.9e18, "left");
        assertEq(LEASES.dueOf(leaseId), 0, "nothing due");
        assertEq(Predeploys.SUPPLY_METER.balance, 0.0005e18, "burned");
    }

    function testWhatACheckpointPaidStaysPaid() public {
        activateOracles(4);
        uint256 leaseId = start();
        uint256 started = _time;
        pass(100);
        LEASES.checkpoint(leaseId);
        attestAbort(leaseId, started + 50);
        assertEq(LEASES.creditOf(WORKER), 0.0975e18, "100 seconds, though it left after 50");
    }

    function testTheWorkerWithdrawsWhileTheLeaseRuns() public {
        uint256 leaseId = start();
        pass(10);
        LEASES.checkpoint(leaseId);
        vm.prank(WORKER);
        assertEq(LEASES.withdraw(), 0.00975e18, "ten seconds less the fee");
        assertEq(WORKER.balance, 0.00975e18, "paid out");
        vm.expectRevert(abi.encodeWithSelector(ILeaseMarket.LeaseMarketNoCredit.selector, WORKER));
        vm.prank(WORKER);
        LEASES.withdraw();
    }

    function testTheTreasuryIsPaidByAnyone() public {
        uint256 leaseId = start();
        pass(1_000);
        LEASES.checkpoint(leaseId);
        uint256 before = Predeploys.TREASURY.balance;
        vm.prank(STRANGER);
        LEASES.withdrawFor(Predeploys.TREASURY);
        assertEq(Predeploys.TREASURY.balance - before, 0.02e18, "80 % of the fee");
    }

    function testARefusingReceiverKeepsItsCredit() public {
        RefusingReceiver receiver = new RefusingReceiver();
        vm.deal(address(receiver), DEPOSIT);
        vm.prank(address(receiver));
        uint256 leaseId = LEASES.open{value: DEPOSIT}(usual());
        vm.prank(address(receiver));
        LEASES.cancel(leaseId);
        LEASES.refund(leaseId, 0);
        vm.expectRevert(
            abi.encodeWithSelector(
                ILeaseMarket.LeaseMarketTransferFailed.selector,
                address(receiver),
                DEPOSIT
            )
        );
        LEASES.withdrawFor(address(receiver));
        assertEq(LEASES.creditOf(address(receiver)), DEPOSIT, "kept");
    }

    function testFuzzCheckpointsChangeNoSum(uint16[6] memory steps, uint64 rate) public {
        ILeaseMarket.LeaseSpec memory spec = usual();
        spec.ratePerSecond = uint96(1 + (uint256(rate) % 1e15));
        uint256 leaseId = open(spec, 4e18);
        take(leaseId);
        for (uint256 i = 0; i < steps.length; ++i) {
            pass(1 + (steps[i] % 500));
            LEASES.checkpoint(leaseId);
        }
        close(leaseId, CLIENT);
        uint256 ran = LEASES.leaseOf(leaseId).paidUntil - LEASES.leaseOf(leaseId).startedAt;
        uint256 gross = ran * spec.ratePerSecond;
        uint256 fee = (gross * 250) / 10_000;
        uint256 burned = (fee * 2_000) / 10_000;
        assertCredits(gross - fee, fee - burned);
        assertEq(Predeploys.SUPPLY_METER.balance, burned, "burned");
        assertTrue(fee * 100 < gross * 5, "under 5 %");
    }

    /* DEPOSITS */

    function testDepositsAreSpentInTheirOrder() public {
        uint256 leaseId = start();
        vm.expectEmit(Predeploys.LEASE_MARKET);
        emit ILeaseMarket.LeaseDeposited(leaseId, 1, SPONSOR, 0.5e18);
        topUp(leaseId, SPONSOR, 0.5e18);
        topUp(leaseId, CLIENT, 0.25e18);
        assertEq(LEASES.depositCount(leaseId), 3, "deposits");
        assertEq(LEASES.fundedUntil(leaseId), _time + 1_750, "all of them");
        pass(1_200);
        close(leaseId, CLIENT);
        // 1.2 of 1 + 0.5 + 0.25 coins are spent.
        vm.expectRevert(
            abi.encodeWithSelector(ILeaseMarket.LeaseMarketNothingToRefund.selector, leaseId, 0)
        );
        LEASES.refund(leaseId, 0);
        assertEq(LEASES.refund(leaseId, 1), 0.3e18, "what is left of the second");
        assertEq(LEASES.refund(leaseId, 2), 0.25e18, "all of the third");
        assertEq(LEASES.balanceOf(leaseId), 0, "empty");
        assertEq(LEASES.creditOf(SPONSOR), 0.3e18, "to whoever deposited");
    }

    function testADepositIsRefundedOnce() public {
        uint256 leaseId = start();
        pass(10);
        close(leaseId, CLIENT);
        LEASES.refund(leaseId, 0);
        bytes4 selector = ILeaseMarket.LeaseMarketNothingToRefund.selector;
        vm.expectRevert(abi.encodeWithSelector(selector, leaseId, 0));
        LEASES.refund(leaseId, 0);
        selector = ILeaseMarket.LeaseMarketUnknownDeposit.selector;
        vm.expectRevert(abi.encodeWithSelector(selector, leaseId, 1));
        LEASES.refund(leaseId, 1);
        vm.expectRevert(abi.encodeWithSelector(selector, leaseId, 1));
        LEASES.depositOf(leaseId, 1);
    }

    function testADepositIsSomethingAndFits() public {
        uint256 leaseId = start();
        uint256 room = type(uint96).max - DEPOSIT;
        expectOutOfBounds("deposit", 0, 1, room);
        LEASES.deposit(leaseId);
        vm.deal(address(this), room + 1);
        expectOutOfBounds("deposit", room + 1, 1, room);
        LEASES.deposit{value: room + 1}(leaseId);
    }

    /* RUNNING OUT */

    function testAnOverdrawnLeaseHasFiveMinutesToBeToppedUp() public {
        uint256 leaseId = start();
        pass(999);
        assertState(leaseId, ILeaseMarket.LeaseState.Running);
        pass(1);
        assertState(leaseId, ILeaseMarket.LeaseState.Overdrawn);
        pass(GRACE);
        assertState(leaseId, ILeaseMarket.LeaseState.Overdrawn);
        topUp(leaseId, SPONSOR, 0.5e18);
        assertState(leaseId, ILeaseMarket.LeaseState.Running);
        assertEq(LEASES.dueOf(leaseId), 1.3e18, "with the seconds in between");
    }

    function testAnyoneClosesWhatWasNotToppedUp() public {
        uint256 leaseId = start();
        uint256 funded = _time + 1_000;
        pass(1_000 + GRACE + 1);
        assertState(leaseId, ILeaseMarket.LeaseState.Expired);
        vm.expectEmit(Predeploys.LEASE_MARKET);
        emit ILeaseMarket.LeaseClosed(leaseId, STRANGER, uint40(funded));
        close(leaseId, STRANGER);
        assertCredits(0.975e18, 0.02e18);
        assertEq(LEASES.balanceOf(leaseId), 0, "all spent");
        assertEq(VAULT.lockedOf(WORKER), 0, "the worker has its collateral");
        assertEq(openSlotsOf(WORKER), 0, "and its slot");
    }

    function testTheLongestTermEndsALease() public {
        uint256 leaseId = start();
        topUp(leaseId, CLIENT, 9e18);
        pass(MAX - 1);
        assertState(leaseId, ILeaseMarket.LeaseState.Running);
        pass(1);
        assertState(leaseId, ILeaseMarket.LeaseState.Expired);
        pass(1_000);
        close(leaseId, STRANGER);
        assertEq(LEASES.balanceOf(leaseId), 10e18 - 3.6e18, "an hour is paid");
        assertEq(LEASES.refund(leaseId, 1), 6.4e18, "the rest goes back");
    }

    function testTheTermIsThatOfTheVoteWhenItWasOffered() public {
        uint256 leaseId = start();
        vote(ParamKeys.LEASE_GRACE, 60);
        vote(ParamKeys.TASK_FEE_BPS, 0);
        pass(1_000 + GRACE);
        assertState(leaseId, ILeaseMarket.LeaseState.Overdrawn);
        close(leaseId, CLIENT);
        assertCredits(0.975e18, 0.02e18);
    }
}
