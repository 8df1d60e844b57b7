// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Initializable} from "@openzeppelin/contracts-upgradeable/proxy/utils/Initializable.sol";
import {IEmissionReserve} from "../../../contracts/interfaces/IEmissionReserve.sol";
import {IRewardDistributor} from "../../../contracts/interfaces/IRewardDistributor.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {SystemContract} from "../../../contracts/libraries/SystemContract.sol";
import {RefusingReceiver} from "../../../contracts/mocks/RefusingReceiver.sol";
import {RewardDistributor} from "../../../contracts/system/RewardDistributor.sol";
import {SystemTest} from "../support/SystemTest.sol";
import {vm} from "../support/Vm.sol";

/// @dev Shows how the subsidy of ten seconds, 8.318123051182599437 HPC, is split, credited, claimed
/// and refunded, and who may do what.
contract RewardDistributorTest is SystemTest {
    IRewardDistributor private constant _DISTRIBUTOR = IRewardDistributor(
        Predeploys.REWARD_DISTRIBUTOR
    );
    IEmissionReserve private constant _RESERVE = IEmissionReserve(Predeploys.EMISSION_RESERVE);
    IRewardDistributor.Pool private constant _ONLINE = IRewardDistributor.Pool.Online;
    IRewardDistributor.Pool private constant _AUTO_MINE = IRewardDistributor.Pool.AutoMine;
    address private constant _ALICE = address(0xA11CE);
    address private constant _MARKET = address(0x3A4);

    function setUp() public {
        deployCore();
    }

    /* SPLITTING */

    function testSplitsTheSubsidyOfTenSeconds() public {
        nextBlock(10);
        vm.expectEmit(Predeploys.REWARD_DISTRIBUTOR);
        emit IRewardDistributor.SubsidySplit(
            2,
            PROPOSER,
            8_318_123_051_182_599_437,
            3_327_249_220_473_039_779
        );
        endBlock();

        uint256[8] memory expected = [
            // 40 % and the 5 wei that flooring leaves over: the largest share.
            uint256(3_327_249_220_473_039_774 + 5),
            831_812_305_118_259_943,
            1_247_718_457_677_389_915,
            415_906_152_559_129_971,
            831_812_305_118_259_943,
            415_906_152_559_129_971,
            1_247_718_457_677_389_915,
            0
        ];
        uint256 sum = 0;
        for (uint256 i = 0; i < 8; ++i) {
            uint256 accrued = _DISTRIBUTOR.accrued(IRewardDistributor.Pool(i));
            assertEq(accrued, expected[i], "pool");
            sum += accrued;
        }
        assertEq(sum, 8_318_123_051_182_599_437, "all of it");
        assertEq(_DISTRIBUTOR.settledUntil(), timeNow(), "settled until");
        assertEq(_DISTRIBUTOR.creditOf(PROPOSER), 3_327_249_220_473_039_779, "producer's credit");
        assertEq(
            _DISTRIBUTOR.paid(IRewardDistributor.Pool.Producer),
            3_327_249_220_473_039_779,
            "paid"
        );
        assertEq(_DISTRIBUTOR.paid(_ONLINE), 0, "budgets are not paid");
        assertEq(_RESERVE.released(), 0, "coin stays in the reserve");
    }

    function testFourYearsCostAsMuchAsOneSecond() public {
        nextBlock(1);
        endBlock();
        nextBlock(1);
        uint256 second = _gasOfEndBlock();
        nextBlock(ERA);
        uint256 era = _gasOfEndBlock();
        assertTrue(era < second + 2_000, "gas");
        // 40 % of 105 million and of the first two seconds of the next era.
        assertTrue(_DISTRIBUTOR.creditOf(PROPOSER) / 1e18 == 42_000_000, "40 % of an era");
    }

    function testABlockThatDidNotEndLosesNothing() public {
        nextBlock(4);
        nextBlock(6);
        endBlock();
        assertEq(_DISTRIBUTOR.creditOf(PROPOSER), 3_327_249_220_473_039_779, "both blocks");
    }

    function testNothingIsSplitWhenNothingIsEmitted() public {
        vm.recordLogs();
        endBlock();
        assertEq(vm.getRecordedLogs().length, 1, "only the hub's own event");
        assertEq(_DISTRIBUTOR.settledUntil(), 0, "settled until");
    }

    function testLessThanTenThousandWeiWaitForALaterBlock() public {
        _mockEmitted(9_999);
        endBlock();
        assertEq(_DISTRIBUTOR.accrued(_ONLINE), 0, "left to a later block");
        nextBlock(1);
        _mockEmitted(10_000);
        vm.expectEmit(Predeploys.REWARD_DISTRIBUTOR);
        emit IRewardDistributor.SubsidySplit(2, PROPOSER, 10_000, 4_000);
        endBlock();
        assertEq(_DISTRIBUTOR.accrued(_ONLINE), 1_500, "split");
        assertEq(_DISTRIBUTOR.settledUntil(), timeNow(), "settled until");
    }

    function testGoesOnWithNewShares() public {
        nextBlock(10);
        endBlock();
        uint16[8] memory shares = [uint16(0), 0, 10_000, 0, 0, 0, 0, 0];
        vm.expectEmit(Predeploys.REWARD_DISTRIBUTOR);
        emit IRewardDistributor.SharesChanged(shares);
        vm.prank(Predeploys.TIMELOCK);
        _DISTRIBUTOR.setShares(shares);
        assertEq(_DISTRIBUTOR.shares()[2], 10_000, "shares");
        assertEq(_DISTRIBUTOR.accrued(_ONLINE), 1_247_718_457_677_389_915, "kept");

        nextBlock(10);
        endBlock();
        // Twenty seconds less ten: 16.636246102365198874 - 8.318123051182599437.
        assertEq(
            _DISTRIBUTOR.accrued(_ONLINE),
            1_247_718_457_677_389_915 + 8_318_123_051_182_599_437,
            "all"
        );
        assertEq(
            _DISTRIBUTOR.creditOf(PROPOSER),
            3_327_249_220_473_039_779,
            "producer gets no more"
        );
    }

    function testRefusesSharesThatDoNotSumUp() public {
        vm.startPrank(Predeploys.TIMELOCK);
        vm.expectRevert(
            abi.encodeWithSelector(IRewardDistributor.RewardDistributorSharesSum.selector, 9_999)
        );
        _DISTRIBUTOR.setShares([uint16(9_999), 0, 0, 0, 0, 0, 0, 0]);
        vm.expectRevert(
            abi.encodeWithSelector(IRewardDistributor.RewardDistributorSharesSum.selector, 70_000)
        );
        _DISTRIBUTOR.setShares([uint16(10_000), 10_000, 10_000, 10_000, 10_000, 10_000, 10_000, 0]);
        vm.stopPrank();
    }

    /* AUTOMINE */

    function testAutoMineIsABudgetWithoutANode() public {
        nextBlock(10);
        endBlock();
        assertEq(_DISTRIBUTOR.accrued(_AUTO_MINE), 415_906_152_559_129_971, "accrued");
        assertEq(_DISTRIBUTOR.paid(_AUTO_MINE), 0, "paid");
    }

    function testAutoMineIsCreditedToItsNode() public {
        // A second distributor, at an address of its own.
        address[8] memory spenders;
        spenders[uint256(_AUTO_MINE)] = _ALICE;
        address target = address(0x90CA000000000000000000000000000000000ffF);
        deployProxied(
            target,
            vm.getCode("contracts/system/RewardDistributor.sol:RewardDistributor"),
            abi.encodeCall(RewardDistributor.initialize, (coreShares(), spenders))
        );
        assertEq(IRewardDistributor(target).spenderOf(_AUTO_MINE), _ALICE, "node");
        nextBlock(10);
        vm.expectEmit(target);
        emit IRewardDistributor.RewardCredited(_AUTO_MINE, _ALICE, 415_906_152_559_129_971);
        vm.prank(Predeploys.SYSTEM_HUB);
        IRewardDistributor(target).onEndBlock(plainInput());
        assertEq(IRewardDistributor(target).creditOf(_ALICE), 415_906_152_559_129_971, "credit");
    }

    function testGovernanceNamesAndRemovesTheAutoMineNode() public {
        nextBlock(10);
        endBlock();
        vm.expectEmit(Predeploys.REWARD_DISTRIBUTOR);
        emit IRewardDistributor.SpenderChanged(_AUTO_MINE, _ALICE);
        vm.prank(Predeploys.TIMELOCK);
        _DISTRIBUTOR.setSpender(_AUTO_MINE, _ALICE);
        assertEq(_DISTRIBUTOR.spenderOf(_AUTO_MINE), _ALICE, "spender");

        nextBlock(10);
        vm.expectEmit(Predeploys.REWARD_DISTRIBUTOR);
        // 5 % of the second ten seconds.
        emit IRewardDistributor.RewardCredited(_AUTO_MINE, _ALICE, 415_906_152_559_129_972);
        endBlock();
        assertEq(_DISTRIBUTOR.creditOf(_ALICE), 415_906_152_559_129_972, "credit");
        assertEq(_DISTRIBUTOR.paid(_AUTO_MINE), 415_906_152_559_129_972, "paid");

        vm.prank(Predeploys.TIMELOCK);
        _DISTRIBUTOR.setSpender(_AUTO_MINE, address(0));
        nextBlock(10);
        endBlock();
        assertEq(_DISTRIBUTOR.creditOf(_ALICE), 415_906_152_559_129_972, "no more");
    }

    function testWhatAutoMineDidNotGetStaysInTheReserveForGood() public {
        nextBlock(10);
        endBlock();
        vm.prank(Predeploys.TIMELOCK);
        _DISTRIBUTOR.setSpender(_AUTO_MINE, _ALICE);
        vm.expectRevert(
            abi.encodeWithSelector(
                IRewardDistributor.RewardDistributorPaidEachBlock.selector,
                _AUTO_MINE
            )
        );
        vm.prank(_ALICE);
        _DISTRIBUTOR.payFrom(_AUTO_MINE, _ALICE, 1);
        assertEq(_DISTRIBUTOR.paid(_AUTO_MINE), 0, "paid");
    }

    function testTheShareOfAutoMineCanBeGivenToOthers() public {
        vm.startPrank(Predeploys.TIMELOCK);
        _DISTRIBUTOR.setSpender(_AUTO_MINE, address(0));
        // Its 5 % go to storage.
        _DISTRIBUTOR.setShares([uint16(4_000), 1_000, 1_500, 500, 1_500, 0, 1_500, 0]);
        vm.stopPrank();
        nextBlock(10);
        endBlock();
        assertEq(_DISTRIBUTOR.accrued(_AUTO_MINE), 0, "AutoMine");
        assertEq(
            _DISTRIBUTOR.accrued(IRewardDistributor.Pool.Storage),
            1_247_718_457_677_389_915,
            "storage"
        );
    }

    /* SPENDING */

    function testASpenderDrawsOnItsBudget() public {
        vm.prank(Predeploys.TIMELOCK);
        _DISTRIBUTOR.setSpender(_ONLINE, _MARKET);
        nextBlock(10);
        endBlock();
        vm.startPrank(_MARKET);
        vm.expectEmit(Predeploys.REWARD_DISTRIBUTOR);
        emit IRewardDistributor.RewardCredited(_ONLINE, _ALICE, 1e18);
        _DISTRIBUTOR.payFrom(_ONLINE, _ALICE, 1e18);
        vm.expectRevert(
            abi.encodeWithSelector(
                IRewardDistributor.RewardDistributorOverBudget.selector,
                _ONLINE,
                247_718_457_677_389_916,
                247_718_457_677_389_915
            )
        );
        _DISTRIBUTOR.payFrom(_ONLINE, _ALICE, 247_718_457_677_389_916);
        _DISTRIBUTOR.payFrom(_ONLINE, _ALICE, 247_718_457_677_389_915);
        vm.stopPrank();
        assertEq(_DISTRIBUTOR.paid(_ONLINE), 1_247_718_457_677_389_915, "paid");
        assertEq(_DISTRIBUTOR.creditOf(_ALICE), 1_247_718_457_677_389_915, "credit");
    }

    function testFuzzOnlyTheSpenderDraws(address caller, uint8 pool) public {
        IRewardDistributor.Pool drawn = IRewardDistributor.Pool(pool % 8);
        vm.expectRevert(
            abi.encodeWithSelector(
                IRewardDistributor.RewardDistributorNotSpender.selector,
                drawn,
                caller
            )
        );
        vm.prank(caller);
        _DISTRIBUTOR.payFrom(drawn, caller, 0);
    }

    function testTheProducersPartIsNoBudget() public {
        vm.prank(Predeploys.TIMELOCK);
        _DISTRIBUTOR.setSpender(IRewardDistributor.Pool.Producer, _MARKET);
        nextBlock(10);
        endBlock();
        vm.expectRevert(
            abi.encodeWithSelector(
                IRewardDistributor.RewardDistributorPaidEachBlock.selector,
                IRewardDistributor.Pool.Producer
            )
        );
        vm.prank(_MARKET);
        _DISTRIBUTOR.payFrom(IRewardDistributor.Pool.Producer, _MARKET, 1);
    }

    /* CLAIMING */

    function testClaimsOnce() public {
        nextBlock(10);
        endBlock();
        uint256 before = PROPOSER.balance;
        vm.expectEmit(Predeploys.REWARD_DISTRIBUTOR);
        emit IRewardDistributor.RewardClaimed(PROPOSER, 3_327_249_220_473_039_779);
        vm.prank(PROPOSER);
        assertEq(_DISTRIBUTOR.claim(), 3_327_249_220_473_039_779, "amount");
        assertEq(PROPOSER.balance - before, 3_327_249_220_473_039_779, "received");
        assertEq(_RESERVE.released(), 3_327_249_220_473_039_779, "released");
        vm.expectRevert(
            abi.encodeWithSelector(
                IRewardDistributor.RewardDistributorNothingToClaim.selector,
                PROPOSER
            )
        );
        vm.prank(PROPOSER);
        _DISTRIBUTOR.claim();
    }

    function testAStrangerCanClaimForAnAccount() public {
        nextBlock(10);
        endBlock();
        uint256 before = PROPOSER.balance;
        vm.prank(_ALICE);
        _DISTRIBUTOR.claimFor(PROPOSER);
        assertEq(PROPOSER.balance - before, 3_327_249_220_473_039_779, "the account gets it");
        assertEq(_ALICE.balance, 0, "not the stranger");
    }

    function testARefusedClaimKeepsTheCredit() public {
        RefusingReceiver account = _creditReceiver();
        vm.expectRevert(
            abi.encodeWithSelector(
                IEmissionReserve.EmissionReserveTransferFailed.selector,
                account,
                1e18
            )
        );
        _DISTRIBUTOR.claimFor(address(account));
        assertEq(_DISTRIBUTOR.creditOf(address(account)), 1e18, "credit");
    }

    function testAClaimCannotBeReentered() public {
        RefusingReceiver account = _creditReceiver();
        account.act(
            address(_DISTRIBUTOR),
            abi.encodeCall(IRewardDistributor.claimFor, (address(account)))
        );
        _DISTRIBUTOR.claimFor(address(account));
        assertTrue(!account.actSucceeded(), "second claim");
        assertEq(
            bytes4(account.actReturned()),
            IRewardDistributor.RewardDistributorNothingToClaim.selector,
            "reason"
        );
        assertEq(address(account).balance, 1e18, "paid once");
    }

    /* REFUNDING GAS */

    function testRefundsAsFarAsTheCreditReaches() public {
        nextBlock(10);
        endBlock();
        uint256 before = PROPOSER.balance;
        vm.startPrank(Predeploys.SYSTEM_HUB);
        vm.expectEmit(Predeploys.REWARD_DISTRIBUTOR);
        emit IRewardDistributor.GasRefunded(PROPOSER, 1e18);
        _DISTRIBUTOR.refundGas(PROPOSER, 1e18);
        vm.expectEmit(Predeploys.REWARD_DISTRIBUTOR);
        emit IRewardDistributor.GasRefunded(PROPOSER, 2_327_249_220_473_039_779);
        _DISTRIBUTOR.refundGas(PROPOSER, 100e18);
        _DISTRIBUTOR.refundGas(PROPOSER, 1);
        vm.stopPrank();
        assertEq(PROPOSER.balance - before, 3_327_249_220_473_039_779, "refunded");
        assertEq(_DISTRIBUTOR.creditOf(PROPOSER), 0, "credit");
    }

    /* WHO MAY DO WHAT */

    function testFuzzOnlyTheHubAndTheTimelock(address caller) public {
        vm.assume(caller != Predeploys.SYSTEM_HUB && caller != Predeploys.TIMELOCK);
        vm.assume(caller != Predeploys.PROXY_ADMIN);
        vm.startPrank(caller);
        _expectUnauthorized(caller, Predeploys.SYSTEM_HUB);
        _DISTRIBUTOR.onEndBlock(plainInput());
        _expectUnauthorized(caller, Predeploys.SYSTEM_HUB);
        _DISTRIBUTOR.refundGas(caller, 1);
        _expectUnauthorized(caller, Predeploys.TIMELOCK);
        _DISTRIBUTOR.setShares(coreShares());
        _expectUnauthorized(caller, Predeploys.TIMELOCK);
        _DISTRIBUTOR.setSpender(_ONLINE, caller);
        vm.stopPrank();
    }

    function testCannotBeInitializedAgain() public {
        vm.expectRevert(Initializable.InvalidInitialization.selector);
        RewardDistributor(Predeploys.REWARD_DISTRIBUTOR).initialize(coreShares(), coreSpenders());
        vm.expectRevert(Initializable.InvalidInitialization.selector);
        RewardDistributor(implementationOf(Predeploys.REWARD_DISTRIBUTOR)).initialize(
            coreShares(),
            coreSpenders()
        );
    }

    function _creditReceiver() private returns (RefusingReceiver account) {
        account = new RefusingReceiver();
        vm.prank(Predeploys.TIMELOCK);
        _DISTRIBUTOR.setSpender(_ONLINE, _MARKET);
        nextBlock(10);
        endBlock();
        vm.prank(_MARKET);
        _DISTRIBUTOR.payFrom(_ONLINE, address(account), 1e18);
    }

    function _mockEmitted(uint256 amount) private {
        vm.mockCall(
            Predeploys.EMISSION_RESERVE,
            abi.encodeWithSelector(IEmissionReserve.emitted.selector),
            abi.encode(amount)
        );
    }

    function _expectUnauthorized(address caller, address required) private {
        vm.expectRevert(
            abi.encodeWithSelector(
                SystemContract.SystemContractUnauthorized.selector,
                caller,
                required
            )
        );
    }

    function _gasOfEndBlock() private returns (uint256 gas) {
        uint256 before = gasleft();
        endBlock();
        gas = before - gasleft();
    }
}
