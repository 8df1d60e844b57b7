// SPDX-License-Identifier: MIT
pragma solidity >=0.8.24;

/// @notice What m of n oracles sign (EIP-712) about a session that its worker left.
struct LeaseAbort {
    uint256 leaseId;
    uint40 stoppedAt; // seconds; the first second without service
    uint40 validUntil;
}

/// @title Paid time: interactive sessions, paid by the second.
/// @notice A client offers a lease to one worker, or to any that is strong enough, with money for
/// the minimum term at least. The worker that takes it locks collateral. From then on each full
/// second costs the rate, taken from the deposits in the order in which they came. What a
/// checkpoint has paid is final: there is no result to judge. Anybody may add a deposit.
///
/// The client may close at any time and pays for what ran. The worker announces that it wants its
/// machine back and closes when the agreed notice is over. When the money runs out there is time to
/// top up; then, or when the longest term is over, anyone closes.
///
/// A worker that leaves before the minimum term, by its own word or that of the oracles, loses its
/// whole collateral: a part is burned as with tasks, the rest compensates the client. What ran
/// until then stays paid. After the minimum term, or after the notice, leaving costs nothing.
///
/// The fee is that of tasks, under 5 %. No oracles judge a lease, so that their part goes to the
/// treasury.
/// @custom:source TS 2.6; TS 3.1; TS 3.4; SC 5.1
/// @custom:invariant address(this).balance == sum of balanceOf + sum of creditOf
interface ILeaseMarket {
    enum LeaseState {
        None,
        Offered,
        Lapsed, // no worker in time; anyone may cancel
        Running,
        Reclaiming, // the worker has given notice
        Reclaimable, // the notice is over; the worker may close
        Overdrawn, // the money has run out; there is time to top up
        Expired, // not topped up, or at the longest term; anyone may close
        Closed, // this and all below are terminal
        Cancelled,
        Aborted
    }

    /// @notice What the client asks for.
    struct LeaseSpec {
        address worker; // who may take it; zero for anyone
        uint96 ratePerSecond; // wei; the highest acceptable one when `isQuoted`
        bool isQuoted; // whether PriceBook sets the rate, for the units and GiB below
        uint32 computeUnits; // billion multiply-adds per second
        uint32 storageGiB;
        uint64 minPower; // of the worker, million multiply-adds per second
        uint32 minSeconds; // the worker is bound so long, or until its notice is over
        uint32 maxSeconds;
        uint32 noticeSeconds; // between the worker's notice and its leaving
        bytes32 sessionHash; // of what runs and who may connect; agreed off chain
    }

    struct Lease {
        address client; // ──────╮ 160 bits
        LeaseState state; //     │ as written last; `stateOf` knows what time has done to it
        uint40 offerBy; //       │
        uint32 grace; // ────────╯ this and the rates below as they stood when it was offered
        address worker; // ──────╮ named, then the one that took it
        uint96 rate; // ─────────╯ wei per second
        uint96 deposited; // ────╮ wei, ever
        uint96 refunded; //      │ wei, ever
        uint40 startedAt; // ────╯
        uint40 paidUntil; // ────╮
        uint40 reclaimAt; //     │ 0 without notice
        uint32 minSeconds; //    │
        uint32 maxSeconds; //    │
        uint32 noticeSeconds; // │
        uint16 feeBps; //        │
        uint16 feeBurnBps; //    │ of the fee
        uint16 minerBps; //      │
        uint16 faultBurnBps; // ─╯
        uint96 collateral; // ───╮ wei, the worker's
        uint64 minPower; //      │
        uint32 computeUnits; //  │
        uint32 storageGiB; // ───╯
        bytes32 sessionHash;
    }

    /// @notice A piece of the money of a lease: that between `start` and `start + amount` of all
    /// that was ever deposited. The money is spent from 0 up.
    struct Deposit {
        address depositor; // ─╮
        uint96 amount; // ─────╯
        uint96 start; // ──────╮
        bool isRefunded; // ───╯
    }

    event LeaseOffered(
        uint256 indexed leaseId,
        address indexed client,
        address indexed worker,
        LeaseSpec spec,
        uint96 rate,
        uint40 offerBy
    );
    event LeaseDeposited(
        uint256 indexed leaseId,
        uint256 indexed index,
        address indexed depositor,
        uint256 amount
    );
    event LeaseStarted(
        uint256 indexed leaseId,
        address indexed worker,
        uint256 collateral,
        uint40 endsAt
    );
    /// @notice The whole formula of one payment: `gross = rate x seconds`; the worker gets `gross -
    /// fee`, `burned` of the fee is burned.
    event LeaseCharged(
        uint256 indexed leaseId,
        address indexed worker,
        uint96 rate,
        uint256 seconds_,
        uint256 gross,
        uint256 fee,
        uint256 burned
    );
    event ReclaimStarted(uint256 indexed leaseId, address indexed worker, uint40 reclaimAt);
    event LeaseCancelled(uint256 indexed leaseId, address indexed caller);
    event LeaseClosed(uint256 indexed leaseId, address indexed caller, uint40 paidUntil);
    /// @param seized all of the collateral, or nothing after the minimum term.
    /// @param burned of it; the client got the rest.
    event LeaseAborted(
        uint256 indexed leaseId,
        address indexed worker,
        uint40 stoppedAt,
        uint256 seized,
        uint256 burned
    );
    event DepositRefunded(
        uint256 indexed leaseId,
        uint256 indexed index,
        address indexed depositor,
        uint256 amount
    );
    event CreditWithdrawn(address indexed account, uint256 amount);

    error LeaseMarketUnknownLease(uint256 leaseId);
    error LeaseMarketWrongState(uint256 leaseId, LeaseState actual);
    error LeaseMarketNotClient(uint256 leaseId, address caller);
    error LeaseMarketNotWorker(uint256 leaseId, address caller);
    /// @notice In this state `caller` has to leave the closing to others.
    error LeaseMarketMayNotClose(uint256 leaseId, address caller, LeaseState state);
    error LeaseMarketSpecOutOfBounds(bytes32 field, uint256 value, uint256 min, uint256 max);
    error LeaseMarketRateTooHigh(uint256 rate, uint256 max);
    error LeaseMarketPowerTooLow(address worker, uint64 power, uint64 wanted);
    error LeaseMarketNotEligible(address worker, bytes32 reason);
    error LeaseMarketReportExpired(uint40 validUntil);
    error LeaseMarketStopOutOfBounds(uint256 leaseId, uint40 stoppedAt, uint256 from, uint256 to);
    error LeaseMarketTooFewOracles(uint256 active, uint256 min);
    error LeaseMarketWrongSignatureCount(uint256 given, uint256 quorum);
    error LeaseMarketUnknownSigner(uint256 index, address recovered);
    error LeaseMarketUnknownDeposit(uint256 leaseId, uint256 index);
    error LeaseMarketNothingToRefund(uint256 leaseId, uint256 index);
    error LeaseMarketNoCredit(address account);
    error LeaseMarketTransferFailed(address to, uint256 amount);

    /// @notice Offers a lease. `msg.value`, the first deposit, pays for the minimum term at least.
    function open(LeaseSpec calldata spec) external payable returns (uint256 leaseId);
    /// @notice Adds a deposit. Anyone. It stays until it is spent or the lease has ended.
    /// @return index of the deposit.
    function deposit(uint256 leaseId) external payable returns (uint256 index);
    /// @notice Withdraws an offer. The client; anyone once it has lapsed.
    function cancel(uint256 leaseId) external;
    /// @notice Takes an offer and starts the clock. Locks the caller's collateral: the price of the
    /// minimum term times `task.minerBps`, rounded up.
    function take(uint256 leaseId) external;
    /// @notice Pays the worker for the seconds that ran. Anyone.
    function checkpoint(uint256 leaseId) external;
    /// @notice Gives notice. The worker.
    function startReclaim(uint256 leaseId) external;
    /// @notice Ends a lease without fault. The client; the worker once its notice is over; anyone
    /// once it has expired.
    function close(uint256 leaseId) external;
    /// @notice Leaves now, without the agreed notice: costs 3 days of comment, as any abort, and
    /// before the minimum term the collateral. The worker.
    function abort(uint256 leaseId) external;
    /// @notice Takes the oracles' word that the worker has left, which costs it as `abort` does.
    /// Anyone.
    /// @param bitmap bit i set: member i of the OracleHub signed; exactly its `quorum()` bits.
    /// @param signatures 64 bytes (r, yParityAndS) per set bit, lowest index first.
    function reportAbort(
        LeaseAbort calldata report,
        uint32 bitmap,
        bytes calldata signatures
    ) external;
    /// @notice Credits what is left of a deposit of an ended lease to its depositor. Anyone.
    function refund(uint256 leaseId, uint256 index) external returns (uint256 amount);
    function withdraw() external returns (uint256 amount);
    /// @notice Pays `account` its credit. Anyone may call; the money goes to `account`.
    function withdrawFor(address account) external returns (uint256 amount);

    function leaseCount() external view returns (uint256 count);
    function leaseOf(uint256 leaseId) external view returns (Lease memory);
    /// @notice The state now, `None` for an unknown lease.
    function stateOf(uint256 leaseId) external view returns (LeaseState state);
    /// @notice Until when the deposits reach; at most the end of the longest term.
    function fundedUntil(uint256 leaseId) external view returns (uint256 time);
    /// @notice What a checkpoint would now take from the deposits, wei.
    function dueOf(uint256 leaseId) external view returns (uint256 gross);
    /// @notice Deposits that are neither paid to the worker nor refunded.
    function balanceOf(uint256 leaseId) external view returns (uint256 amount);
    function depositCount(uint256 leaseId) external view returns (uint256 count);
    function depositOf(uint256 leaseId, uint256 index) external view returns (Deposit memory);
    function creditOf(address account) external view returns (uint256 amount);
    /// @notice What so many seconds cost, of that the fee, and of that the burned part. The parts
    /// are floored, over the whole lease: checkpoints do not change their sum.
    function leaseCost(
        uint256 rate,
        uint256 seconds_,
        uint256 feeBps,
        uint256 feeBurnBps
    ) external pure returns (uint256 gross, uint256 fee, uint256 burned);
    /// @notice EIP-712 digest of a report.
    function hashLeaseAbort(LeaseAbort calldata report) external view returns (bytes32 digest);
}
