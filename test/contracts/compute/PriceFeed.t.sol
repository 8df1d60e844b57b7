// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IPriceBook, PriceObservation} from "../../../contracts/interfaces/IPriceBook.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {vm} from "../support/Vm.sol";
import {PriceTest} from "./PriceTest.sol";

/// @notice The price of the coin is the median of what oracles said within the hour, averaged over
/// time; without enough of them, or when they disagree, there is none.
contract PriceFeedTest is PriceTest {
    bytes32 private constant DOMAIN_TYPEHASH = keccak256(
        "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
    );

    function setUp() public override {
        super.setUp();
        activateOracles(4);
    }

    function expectStale(uint256 freshUntil) internal {
        vm.expectRevert(
            abi.encodeWithSelector(IPriceBook.PriceBookStale.selector, uint40(freshUntil))
        );
    }

    /* POSTING */

    function testAnOraclePosts() public {
        vm.expectEmit(Predeploys.PRICE_BOOK);
        emit IPriceBook.ObservationPosted(oracle(0), 3 * DOLLAR, uint40(_time));
        post(0, 3 * DOLLAR);
        (uint64 price, uint40 observedAt) = BOOK.observationOf(oracle(0));
        assertEq(price, 3 * DOLLAR, "price");
        assertEq(observedAt, _time, "time");
    }

    function testNobodyElsePosts() public {
        vm.expectRevert(abi.encodeWithSelector(IPriceBook.PriceBookNotOracle.selector, STRANGER));
        vm.prank(STRANGER);
        BOOK.post(DOLLAR);
    }

    function testAnOraclePostsOnceInASecond() public {
        post(0, DOLLAR);
        uint40 now_ = uint40(_time);
        vm.expectRevert(
            abi.encodeWithSelector(IPriceBook.PriceBookNotNewer.selector, oracle(0), now_, now_)
        );
        post(0, DOLLAR);
        pass(1);
        post(0, DOLLAR);
    }

    function testPricesOutsideTheBoundsAreRefused() public {
        bytes4 selector = IPriceBook.PriceBookPriceOutOfBounds.selector;
        vm.expectRevert(abi.encodeWithSelector(selector, 999, 1e3, 1e18));
        post(0, 999);
        vm.expectRevert(abi.encodeWithSelector(selector, 1e18 + 1, 1e3, 1e18));
        post(0, 1e18 + 1);
        post(0, 1e3);
        post(1, 1e18);
    }

    /* MEDIAN */

    function testTheMedianOfThreeIsTheMiddleOne() public {
        post(0, 100 * DOLLAR);
        post(1, 108 * DOLLAR);
        assertEq(BOOK.feed().median, 0, "two are too few");
        vm.expectEmit(Predeploys.PRICE_BOOK);
        // 8 of 101, rounded up.
        emit IPriceBook.CoinPriceChanged(101 * DOLLAR, 793, 3, uint40(_time + 3_600));
        post(2, 101 * DOLLAR);
        assertEq(BOOK.coinPrice(), 101 * DOLLAR, "the middle one");
    }

    function testTheMedianOfFourIsTheMeanOfTheTwoInTheMiddle() public {
        post(0, 100 * DOLLAR);
        post(1, 108 * DOLLAR);
        post(2, 101 * DOLLAR);
        pass(1);
        post(3, 104 * DOLLAR);
        assertEq(BOOK.feed().median, 102.5e12, "102.50 dollars");
    }

    function testOneLiarAmongFourCannotMoveThePriceBeyondTheHonest() public {
        postAll(DOLLAR);
        pass(1);
        post(3, 1e18);
        assertEq(BOOK.feed().median, DOLLAR, "as the honest say");
    }

    function testWhatALeftOracleSaidNoLongerCounts() public {
        post(0, 100 * DOLLAR);
        post(1, 101 * DOLLAR);
        post(2, 102 * DOLLAR);
        post(3, 103 * DOLLAR);
        vm.prank(Predeploys.TIMELOCK);
        HUB.remove(oracle(3));
        pass(1);
        post(0, 100 * DOLLAR);
        assertEq(BOOK.feed().median, 101 * DOLLAR, "of three");
        vm.expectRevert(abi.encodeWithSelector(IPriceBook.PriceBookNotOracle.selector, oracle(3)));
        post(3, DOLLAR);
    }

    function testFuzzTheMedianLiesBetweenHonestPosts(uint64 low, uint64 gap, uint64 lie) public {
        low = uint64(1e3 + (uint256(low) % 1e17));
        uint64 high = low + uint64(uint256(gap) % 1e17);
        post(0, uint64(1e3 + (uint256(lie) % (1e18 - 1e3))));
        post(1, low);
        post(2, high);
        post(3, low + (high - low) / 2);
        uint64 median = BOOK.feed().median;
        assertTrue(low <= median && median <= high, "between the honest");
    }

    function testAMajorityBeyondTheFaultyIsWanted() public {
        // f of n >= 3f + 1 may be faulty; 2f + 1 are wanted, 3 at least.
        assertEq(BOOK.sourcesWanted(), 3, "of 4");
        uint256[6] memory wanted = [uint256(3), 3, 5, 5, 5, 7];
        for (uint256 i = 4; i < 10; ++i) {
            vm.prank(Predeploys.TIMELOCK);
            HUB.admit(oracle(i));
            giveCollateral(oracle(i), 1_000e18);
            vm.prank(oracle(i));
            HUB.activate();
            assertEq(BOOK.sourcesWanted(), wanted[i - 4], "sources");
        }
    }

    /* STALE */

    function testWithoutAnyPostNothingIsQuoted() public {
        expectStale(0);
        BOOK.quote(1, 1, 0);
        expectStale(0);
        BOOK.coinPrice();
    }

    function testAPriceIsGoodForAnHourToTheSecond() public {
        postAll(DOLLAR);
        uint256 posted = _time;
        pass(3_600);
        assertEq(BOOK.quote(1, 1, 0), 11_111_000_000, "still");
        pass(1);
        expectStale(posted + 3_600);
        BOOK.quote(1, 1, 0);
    }

    function testThePriceIsAsFreshAsItsThirdNewestPost() public {
        post(0, DOLLAR);
        pass(600);
        uint256 second = _time;
        post(1, DOLLAR);
        pass(600);
        post(2, DOLLAR);
        assertEq(BOOK.feed().freshUntil, second - 600 + 3_600, "the first");
        pass(600);
        post(3, DOLLAR);
        assertEq(BOOK.feed().freshUntil, second + 3_600, "the second, now that there is a fourth");
    }

    function testTooFewFreshPostsChangeNothing() public {
        postAll(DOLLAR);
        uint40 freshUntil = BOOK.feed().freshUntil;
        pass(3_601);
        post(0, 2 * DOLLAR);
        post(1, 2 * DOLLAR);
        expectStale(freshUntil);
        BOOK.coinPrice();
        post(2, 2 * DOLLAR);
        assertEq(BOOK.coinPrice(), 2 * DOLLAR, "three make a price");
    }

    /* DISAGREEING */

    function testSourcesMayDifferByTenPercent() public {
        post(0, 95 * DOLLAR);
        post(1, 100 * DOLLAR);
        post(2, 105 * DOLLAR);
        assertEq(BOOK.feed().spreadBps, 1_000, "10 %");
        assertEq(BOOK.coinPrice(), 100 * DOLLAR, "quoted");
        pass(1);
        post(2, 105 * DOLLAR + 1);
        // Rounded up.
        bytes memory reason = abi.encodeWithSelector(
            IPriceBook.PriceBookSourcesDisagree.selector,
            1_001,
            1_000
        );
        vm.expectRevert(reason);
        BOOK.coinPrice();
        vm.expectRevert(reason);
        BOOK.quote(1, 1, 0);
        pass(1);
        post(2, 105 * DOLLAR);
        BOOK.quote(1, 1, 0);
    }

    function testOneLiarOfFourStopsNothing() public {
        post(0, 95 * DOLLAR);
        post(1, 100 * DOLLAR);
        post(2, 105 * DOLLAR);
        post(3, 1e18);
        // Without the lowest and the highest: 105 less 100, of 102.5, rounded up.
        assertEq(BOOK.feed().spreadBps, 488, "of the two in the middle");
        BOOK.quote(1, 1, 0);
        pass(1);
        post(2, 1e18);
        assertTrue(BOOK.feed().spreadBps > 1_000, "two of four do");
        vm.expectRevert();
        BOOK.quote(1, 1, 0);
    }

    /* AVERAGE */

    function testThePriceIsAnAverageOverTime() public {
        postAll(100 * DOLLAR);
        pass(900);
        postAll(104 * DOLLAR);
        assertEq(BOOK.coinPrice(), 100 * DOLLAR, "no time has passed at 104");
        pass(300);
        // 900 s of 100 and 300 s of 104.
        assertEq(BOOK.coinPrice(), 101 * DOLLAR, "a quarter of the way");
        pass(600);
        // 900 s each.
        assertEq(BOOK.coinPrice(), 102 * DOLLAR, "half way");
    }

    function testTheAverageForgetsWhatIsTwoWindowsAgo() public {
        postAll(100 * DOLLAR);
        pass(1_800);
        postAll(102 * DOLLAR);
        assertEq(BOOK.feed().priorSeconds, 1_800, "a full window");
        pass(1_800);
        assertEq(BOOK.coinPrice(), 101 * DOLLAR, "both windows");
        postAll(104 * DOLLAR);
        assertEq(BOOK.coinPrice(), 102 * DOLLAR, "the first is forgotten");
        pass(1_800);
        assertEq(BOOK.coinPrice(), 103 * DOLLAR, "102 and 104");
    }

    function testAMomentsPriceMovesTheAverageByAMoment() public {
        postAll(100 * DOLLAR);
        pass(1_799);
        postAll(109 * DOLLAR);
        pass(1);
        postAll(100 * DOLLAR);
        // One second in 1,800 of 9 dollars more.
        assertEq(BOOK.coinPrice(), 100.005e12, "half a cent");
    }

    function testAfterASilenceTheAverageStartsAnew() public {
        postAll(100 * DOLLAR);
        pass(3_601);
        postAll(50 * DOLLAR);
        assertEq(BOOK.coinPrice(), 50 * DOLLAR, "the old price is gone");
        pass(600);
        assertEq(BOOK.coinPrice(), 50 * DOLLAR, "and stays so");
    }

    function testFuzzTheAverageLiesBetweenThePrices(uint16[8] memory steps) public {
        postAll(100 * DOLLAR);
        for (uint256 i = 0; i < steps.length; ++i) {
            pass(1 + (steps[i] % 3_600));
            postAll(uint64((100 + (steps[i] % 10)) * DOLLAR));
            uint256 price = BOOK.coinPrice();
            assertTrue(100 * DOLLAR <= price && price <= 109 * DOLLAR, "between");
        }
    }

    /* SIGNED POSTS */

    function observation(
        uint256 i,
        uint64 price,
        uint256 observedAt
    ) internal pure returns (PriceObservation memory) {
        return PriceObservation(oracle(i), price, uint40(observedAt));
    }

    function sign(PriceObservation memory given, uint256 key) internal view returns (bytes memory) {
        return signOne(BOOK.hashObservation(given), key);
    }

    /// @dev As three oracles sign them, for a stranger to post.
    function batch(
        uint64 price,
        uint256 observedAt
    ) internal view returns (PriceObservation[] memory given, bytes[] memory signatures) {
        given = new PriceObservation[](3);
        signatures = new bytes[](3);
        for (uint256 i = 0; i < 3; ++i) {
            given[i] = observation(i, price, observedAt);
            signatures[i] = sign(given[i], oracleKey(i));
        }
    }

    function postBatch(PriceObservation[] memory given, bytes[] memory signatures) internal {
        vm.prank(STRANGER);
        BOOK.postSigned(given, signatures);
    }

    function testAStrangerPostsWhatOraclesSigned() public {
        pass(100);
        (PriceObservation[] memory given, bytes[] memory signatures) = batch(DOLLAR, _time - 60);
        vm.expectEmit(Predeploys.PRICE_BOOK);
        emit IPriceBook.ObservationPosted(oracle(0), DOLLAR, uint40(_time - 60));
        postBatch(given, signatures);
        assertEq(BOOK.coinPrice(), DOLLAR, "a price");
        assertEq(BOOK.feed().freshUntil, _time - 60 + 3_600, "as fresh as it was seen");
    }

    function testAPostIsSignedWithTheKeyOfWhenItWasSeen() public {
        uint256 from = (_time / 1 days + 2) * 1 days;
        setKey(0, 0xBEEF);
        pass(from + 60 - _time);
        PriceObservation[] memory given = new PriceObservation[](1);
        bytes[] memory signatures = new bytes[](1);
        given[0] = observation(0, DOLLAR, from - 1);
        signatures[0] = sign(given[0], 0xBEEF);
        expectWrongSigner(vm.addr(0xBEEF));
        postBatch(given, signatures);
        signatures[0] = sign(given[0], oracleKey(0));
        postBatch(given, signatures);
        given[0] = observation(0, 2 * DOLLAR, from);
        signatures[0] = sign(given[0], oracleKey(0));
        expectWrongSigner(oracle(0));
        postBatch(given, signatures);
        signatures[0] = sign(given[0], 0xBEEF);
        postBatch(given, signatures);
        (uint64 price, ) = BOOK.observationOf(oracle(0));
        assertEq(price, 2 * DOLLAR, "the post of the new key");
    }

    /// @dev Of oracle 0's part.
    function expectWrongSigner(address signer) internal {
        vm.expectRevert(
            abi.encodeWithSelector(IPriceBook.PriceBookWrongSigner.selector, oracle(0), signer)
        );
    }

    function testTheDigestIsThatOfEip712() public view {
        PriceObservation memory given = observation(0, DOLLAR, 1_234);
        bytes32 domain = keccak256(
            abi.encode(
                DOMAIN_TYPEHASH,
                keccak256("POCA Price Feed"),
                keccak256("1"),
                block.chainid,
                Predeploys.PRICE_BOOK
            )
        );
        bytes32 typeHash = keccak256(
            "PriceObservation(address oracle,uint64 coinPrice,uint40 observedAt)"
        );
        bytes32 content = keccak256(abi.encode(typeHash, given.oracle, DOLLAR, uint256(1_234)));
        bytes32 digest = keccak256(abi.encodePacked(hex"1901", domain, content));
        assertEq(uint256(BOOK.hashObservation(given)), uint256(digest), "digest");
    }

    function testAPartThatCameFirstSpoilsNoBatch() public {
        pass(100);
        (PriceObservation[] memory given, bytes[] memory signatures) = batch(DOLLAR, _time - 1);
        post(1, 1.05e12);
        postBatch(given, signatures);
        (uint64 price, ) = BOOK.observationOf(oracle(1));
        assertEq(price, 1.05e12, "the newer stays");
        assertEq(BOOK.feed().median, DOLLAR, "the others count");
        postBatch(given, signatures);
    }

    function testAnotherOnesSignatureIsRefused() public {
        (PriceObservation[] memory given, bytes[] memory signatures) = batch(DOLLAR, _time);
        signatures[1] = sign(given[1], oracleKey(2));
        vm.expectRevert(
            abi.encodeWithSelector(IPriceBook.PriceBookWrongSigner.selector, oracle(1), oracle(2))
        );
        postBatch(given, signatures);
    }

    function testASignatureOfTheWrongSizeIsRefused() public {
        (PriceObservation[] memory given, bytes[] memory signatures) = batch(DOLLAR, _time);
        signatures[2] = bytes.concat(signatures[2], hex"00");
        vm.expectRevert(
            abi.encodeWithSelector(IPriceBook.PriceBookWrongSigner.selector, oracle(2), address(0))
        );
        postBatch(given, signatures);
    }

    function testAStrangersObservationIsRefused() public {
        (PriceObservation[] memory given, bytes[] memory signatures) = batch(DOLLAR, _time);
        given[0] = observation(9, DOLLAR, _time);
        signatures[0] = sign(given[0], oracleKey(9));
        vm.expectRevert(abi.encodeWithSelector(IPriceBook.PriceBookNotOracle.selector, oracle(9)));
        postBatch(given, signatures);
    }

    function testObservationsAreOfTheLastHour() public {
        pass(10_000);
        (PriceObservation[] memory given, bytes[] memory signatures) = batch(DOLLAR, _time + 1);
        bytes4 selector = IPriceBook.PriceBookObservationOutOfTime.selector;
        uint256 oldest = _time - 3_600;
        vm.expectRevert(
            abi.encodeWithSelector(selector, oracle(0), uint40(_time + 1), oldest, _time)
        );
        postBatch(given, signatures);
        (given, signatures) = batch(DOLLAR, oldest - 1);
        vm.expectRevert(
            abi.encodeWithSelector(selector, oracle(0), uint40(oldest - 1), oldest, _time)
        );
        postBatch(given, signatures);
        (given, signatures) = batch(DOLLAR, oldest);
        postBatch(given, signatures);
        assertEq(BOOK.coinPrice(), DOLLAR, "the oldest that counts");
    }

    function testABatchHasASignatureForEachAndAtMost31() public {
        (PriceObservation[] memory given, ) = batch(DOLLAR, _time);
        bytes4 selector = IPriceBook.PriceBookWrongBatch.selector;
        vm.expectRevert(abi.encodeWithSelector(selector, 3, 2, 31));
        postBatch(given, new bytes[](2));
        vm.expectRevert(abi.encodeWithSelector(selector, 32, 32, 31));
        postBatch(new PriceObservation[](32), new bytes[](32));
    }

    /* GAS */

    function testFullBenchesPostForLessThanAMillionGas() public {
        for (uint256 i = 4; i < 31; ++i) {
            vm.prank(Predeploys.TIMELOCK);
            HUB.admit(oracle(i));
            giveCollateral(oracle(i), 1_000e18);
            vm.prank(oracle(i));
            HUB.activate();
        }
        for (uint256 i = 0; i < 30; ++i) post(i, uint64(DOLLAR + ((i * 7_919) % 97)));
        uint256 gas = gasleft();
        post(30, DOLLAR);
        assertTrue(gas - gasleft() < 1_000_000, "a post among 31");
        gas = gasleft();
        BOOK.quote(1, 1, 1);
        assertTrue(gas - gasleft() < 60_000, "a quote looks at a fixed number of words");
    }
}
