// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Initializable} from "@openzeppelin/contracts-upgradeable/proxy/utils/Initializable.sol";
import {IAllocationVesting} from "../../../contracts/interfaces/IAllocationVesting.sol";
import {ILinearEmission} from "../../../contracts/interfaces/ILinearEmission.sol";
import {ITreasury} from "../../../contracts/interfaces/ITreasury.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {SystemContract} from "../../../contracts/libraries/SystemContract.sol";
import {RefusingReceiver} from "../../../contracts/mocks/RefusingReceiver.sol";
import {AllocationVesting} from "../../../contracts/token/AllocationVesting.sol";
import {MoneyTest} from "../support/MoneyTest.sol";
import {vm} from "../support/Vm.sol";

/// @dev Shows when allocations come free, how the distribution is awarded, and what happens to what
/// is left of it.
contract AllocationVestingTest is MoneyTest {
    ILinearEmission private constant _RESERVE = ILinearEmission(Predeploys.EMISSION_RESERVE);
    address private constant _ALICE = address(0xA11CE);
    address private constant _BOB = address(0xB0B);
    bytes32 private constant _REASON = keccak256("first hundred nodes");

    function setUp() public override {
        super.setUp();
        _becomeTesra();
    }

    /* GRANTS */

    function testReleasesToTheWeiAtEachBoundary() public view {
        assertEq(VESTING.vested(2, TESRA_START), 0, "genesis");
        assertEq(VESTING.vested(2, TESRA_START + TWO_YEARS - 1), 0, "last locked second");
        assertEq(VESTING.vested(2, TESRA_START + TWO_YEARS), 0, "the line starts");
        // 10^27 / 189,345,600 seconds
        assertEq(
            VESTING.vested(2, TESRA_START + TWO_YEARS + 1),
            5_281_347_969_004_825_039,
            "first second"
        );
        assertEq(VESTING.vested(2, TESRA_START + 5 * 31_557_600), 0.5e27, "half way");
        assertEq(
            VESTING.vested(2, TESRA_START + EIGHT_YEARS - 1),
            999_999_994718652030995174960,
            "last second"
        );
        assertEq(VESTING.vested(2, TESRA_START + EIGHT_YEARS), 1e27, "all");
        assertEq(VESTING.vested(2, TESRA_START + EIGHT_YEARS + 1), 1e27, "a second later");
        assertEq(VESTING.vested(2, type(uint256).max), 1e27, "and no more");
    }

    function testACliffAfterTheStartFreesWhatHasRunUpByThen() public {
        IAllocationVesting.Grant[] memory grants = _tesraGrants();
        grants[1].start = uint40(TESRA_START);
        _initializeAgain(grants);
        // Of eight years: a quarter at the cliff, half after four.
        assertEq(VESTING.vested(4, TESRA_START + TWO_YEARS - 1), 0, "the last second of the lock");
        assertEq(VESTING.vested(4, TESRA_START + TWO_YEARS), 0.125e27, "the cliff");
        assertEq(VESTING.vested(4, TESRA_START + 2 * TWO_YEARS), 0.25e27, "half way");
    }

    function testAnyoneReleasesToTheBeneficiary() public {
        vm.warp(TESRA_START + TWO_YEARS);
        vm.expectRevert(
            abi.encodeWithSelector(
                IAllocationVesting.AllocationVestingNothingToRelease.selector,
                2,
                TESRA_START + TWO_YEARS
            )
        );
        VESTING.release(2);
        vm.warp(TESRA_START + 5 * 31_557_600);
        vm.expectEmit(Predeploys.ALLOCATION_VESTING);
        emit IAllocationVesting.GrantReleased(2, TEAM, 0.5e27);
        assertEq(VESTING.release(2), 0.5e27, "amount");
        assertEq(TEAM.balance, 0.5e27, "balance");
        assertEq(VESTING.releasable(2), 0, "nothing more");
        vm.warp(TESRA_START + EIGHT_YEARS);
        VESTING.release(2);
        assertEq(TEAM.balance, 1e27, "all of it");
        assertEq(VESTING.grantOf(2).released, 1e27, "released");
    }

    function testFuzzNeverReleasesMoreThanGranted(uint40[5] calldata steps) public {
        uint256 t = TESRA_START;
        uint256 before = 0;
        for (uint256 i = 0; i < 5; ++i) {
            t += steps[i] % 100_000_000;
            vm.warp(t);
            for (uint256 id = 0; id < 3; ++id) {
                uint256 vested = VESTING.vested(id, t);
                assertTrue(vested <= VESTING.grantOf(id).total, "total");
                if (VESTING.releasable(id) != 0) VESTING.release(id);
                assertEq(VESTING.grantOf(id).released, vested, "released");
            }
            uint256 sum = COMMUNITY.balance + FOUNDATION.balance + TEAM.balance;
            assertTrue(sum >= before && sum <= 2.4e27, "sum");
            assertEq(Predeploys.ALLOCATION_VESTING.balance, 3.4e27 - sum, "kept");
            before = sum;
        }
    }

    function testARefusedReleaseChangesNothing() public {
        address refusing = address(new RefusingReceiver());
        _handOver(2, TEAM, refusing);
        vm.warp(TESRA_START + EIGHT_YEARS);
        vm.expectRevert(
            abi.encodeWithSelector(
                IAllocationVesting.AllocationVestingTransferFailed.selector,
                refusing,
                1e27
            )
        );
        VESTING.release(2);
        assertEq(VESTING.grantOf(2).released, 0, "released");
    }

    function testAReleaseCannotBeReentered() public {
        RefusingReceiver receiver = new RefusingReceiver();
        receiver.act(address(VESTING), abi.encodeCall(IAllocationVesting.release, (2)));
        _handOver(2, TEAM, address(receiver));
        vm.warp(TESRA_START + EIGHT_YEARS);
        VESTING.release(2);
        assertTrue(!receiver.actSucceeded(), "second release");
        assertEq(address(receiver).balance, 1e27, "paid once");
    }

    /* HANDING OVER */

    function testAGrantIsHandedOverInTwoSteps() public {
        vm.expectRevert(
            abi.encodeWithSelector(
                IAllocationVesting.AllocationVestingNotBeneficiary.selector,
                2,
                _ALICE
            )
        );
        vm.prank(_ALICE);
        VESTING.offer(2, _ALICE);
        _expectNotOffered(_ALICE);
        VESTING.accept(2);

        vm.expectEmit(Predeploys.ALLOCATION_VESTING);
        emit IAllocationVesting.GrantOffered(2, _ALICE);
        vm.prank(TEAM);
        VESTING.offer(2, _ALICE);
        assertEq(VESTING.grantOf(2).beneficiary, TEAM, "not yet");
        vm.expectEmit(Predeploys.ALLOCATION_VESTING);
        emit IAllocationVesting.GrantHandedOver(2, TEAM, _ALICE);
        vm.prank(_ALICE);
        VESTING.accept(2);
        assertEq(VESTING.grantOf(2).beneficiary, _ALICE, "now");
        _expectNotOffered(_ALICE);
        VESTING.accept(2);
    }

    function testAnOfferCanBeTakenBack() public {
        vm.startPrank(TEAM);
        VESTING.offer(2, _ALICE);
        VESTING.offer(2, address(0));
        vm.stopPrank();
        _expectNotOffered(_ALICE);
        VESTING.accept(2);
    }

    function testUnknownGrantsAreRefused() public {
        bytes memory refusal = abi.encodeWithSelector(
            IAllocationVesting.AllocationVestingUnknownGrant.selector,
            3
        );
        vm.expectRevert(refusal);
        VESTING.release(3);
        vm.expectRevert(refusal);
        VESTING.offer(3, _ALICE);
        vm.expectRevert(refusal);
        VESTING.grantOf(3);
        vm.expectRevert(refusal);
        VESTING.vested(3, 0);
    }

    /* AWARDING */

    function testAnAwardIsClaimedOnce() public {
        vm.expectEmit(Predeploys.ALLOCATION_VESTING);
        emit IAllocationVesting.Awarded(_ALICE, 5e18, _REASON);
        vm.prank(Predeploys.TIMELOCK);
        VESTING.award(_ALICE, 5e18, _REASON);
        assertEq(VESTING.unsold(), 1e27 - 5e18, "unsold");
        assertEq(VESTING.awardOf(_ALICE), 5e18, "award");
        vm.expectEmit(Predeploys.ALLOCATION_VESTING);
        emit IAllocationVesting.AwardClaimed(_ALICE, 5e18);
        VESTING.claimAward(_ALICE);
        assertEq(_ALICE.balance, 5e18, "balance");
        vm.expectRevert(
            abi.encodeWithSelector(
                IAllocationVesting.AllocationVestingNothingAwarded.selector,
                _ALICE
            )
        );
        VESTING.claimAward(_ALICE);
    }

    function testAnInvestorIsLockedAsTheTeamIs() public {
        vm.expectEmit(Predeploys.ALLOCATION_VESTING);
        emit IAllocationVesting.GrantCreated(
            3,
            _ALICE,
            6e18,
            uint40(TESRA_START + TWO_YEARS),
            uint40(TESRA_START + TWO_YEARS),
            uint40(TESRA_START + EIGHT_YEARS)
        );
        vm.prank(Predeploys.TIMELOCK);
        assertEq(VESTING.awardLocked(_ALICE, 6e18), 3, "id");
        assertEq(VESTING.grantCount(), 4, "grants");
        assertEq(VESTING.vested(3, TESRA_START + TWO_YEARS), 0, "locked");
        assertEq(VESTING.vested(3, TESRA_START + 3 * 31_557_600), 1e18, "a sixth a year");
        assertEq(VESTING.investorTerms().end, TESRA_START + EIGHT_YEARS, "terms");
    }

    function testABatchIsClaimedByProof() public {
        bytes32 alice = _leaf(_ALICE, 3e18);
        bytes32 bob = _leaf(_BOB, 4e18);
        bytes32 root =
            alice < bob ? keccak256(abi.encode(alice, bob)) : keccak256(abi.encode(bob, alice));
        vm.expectEmit(Predeploys.ALLOCATION_VESTING);
        emit IAllocationVesting.BatchOpened(0, root, 6e18, _REASON);
        vm.prank(Predeploys.TIMELOCK);
        // A total that does not reach for both.
        VESTING.openBatch(root, 6e18, _REASON);
        assertEq(VESTING.batchCount(), 1, "batches");

        vm.expectRevert(
            abi.encodeWithSelector(
                IAllocationVesting.AllocationVestingWrongProof.selector,
                0,
                _ALICE,
                4e18
            )
        );
        VESTING.claimBatch(0, _ALICE, 4e18, _proof(bob));
        vm.expectEmit(Predeploys.ALLOCATION_VESTING);
        emit IAllocationVesting.BatchClaimed(0, _ALICE, 3e18);
        VESTING.claimBatch(0, _ALICE, 3e18, _proof(bob));
        assertEq(_ALICE.balance, 3e18, "balance");
        vm.expectRevert(
            abi.encodeWithSelector(
                IAllocationVesting.AllocationVestingAlreadyClaimed.selector,
                0,
                _ALICE
            )
        );
        VESTING.claimBatch(0, _ALICE, 3e18, _proof(bob));
        vm.expectRevert(
            abi.encodeWithSelector(
                IAllocationVesting.AllocationVestingExceedsBatch.selector,
                0,
                4e18,
                3e18
            )
        );
        VESTING.claimBatch(0, _BOB, 4e18, _proof(alice));
        vm.expectRevert(
            abi.encodeWithSelector(IAllocationVesting.AllocationVestingUnknownBatch.selector, 1)
        );
        VESTING.claimBatch(1, _BOB, 4e18, _proof(alice));
        assertEq(VESTING.batchOf(0).claimed, 3e18, "claimed");
    }

    function testAwardsEndWithTheDistribution() public {
        vm.startPrank(Predeploys.TIMELOCK);
        vm.expectRevert(
            abi.encodeWithSelector(
                IAllocationVesting.AllocationVestingExceedsDistribution.selector,
                1e27 + 1,
                1e27
            )
        );
        VESTING.award(_ALICE, 1e27 + 1, _REASON);
        vm.warp(TESRA_START + TWO_YEARS - 1);
        VESTING.award(_ALICE, 1, _REASON);
        vm.warp(TESRA_START + TWO_YEARS);
        bytes memory closed = abi.encodeWithSelector(
            IAllocationVesting.AllocationVestingClosed.selector,
            TESRA_START + TWO_YEARS
        );
        vm.expectRevert(closed);
        VESTING.award(_ALICE, 1, _REASON);
        vm.expectRevert(closed);
        VESTING.awardLocked(_ALICE, 1);
        vm.expectRevert(closed);
        VESTING.openBatch(_REASON, 1, _REASON);
        vm.stopPrank();
        // What was awarded can still be claimed.
        VESTING.claimAward(_ALICE);
    }

    function testBatchesAreBounded() public {
        vm.startPrank(Predeploys.TIMELOCK);
        for (uint256 i = 0; i < 64; ++i) {
            VESTING.openBatch(_REASON, 1, _REASON);
        }
        vm.expectRevert(
            abi.encodeWithSelector(IAllocationVesting.AllocationVestingTooManyBatches.selector, 64)
        );
        VESTING.openBatch(_REASON, 1, _REASON);
        vm.stopPrank();
    }

    /* SPLITTING */

    function testSplitsTheUnsoldAndTheOddWeiIsMined() public {
        vm.prank(Predeploys.TIMELOCK);
        VESTING.award(_ALICE, 1e27 - 1_000_000_009, _REASON);
        vm.warp(TESRA_START + TWO_YEARS - 1);
        vm.expectRevert(
            abi.encodeWithSelector(
                IAllocationVesting.AllocationVestingNotClosed.selector,
                TESRA_START + TWO_YEARS
            )
        );
        VESTING.splitUnsold();
        vm.warp(TESRA_START + TWO_YEARS);
        vm.expectEmit(Predeploys.ALLOCATION_VESTING);
        emit IAllocationVesting.UnsoldSplit(700_000_007, 300_000_002);
        vm.expectEmit(Predeploys.EMISSION_RESERVE);
        emit ILinearEmission.MiningExtended(700_000_007, 6.6e27 + 700_000_007);
        vm.expectEmit(Predeploys.TREASURY);
        emit ITreasury.Received(Predeploys.ALLOCATION_VESTING, 300_000_002);
        VESTING.splitUnsold();
        vm.expectRevert(IAllocationVesting.AllocationVestingNothingUnsold.selector);
        VESTING.splitUnsold();
        // The award is still there.
        VESTING.claimAward(_ALICE);
        assertEq(_ALICE.balance, 1e27 - 1_000_000_009, "award");
    }

    function testWhatNobodyClaimedOfABatchIsUnsoldToo() public {
        vm.prank(Predeploys.TIMELOCK);
        VESTING.openBatch(_leaf(_ALICE, 90e18), 100e18, _REASON);
        VESTING.claimBatch(0, _ALICE, 90e18, new bytes32[](0));
        vm.warp(TESRA_START + TWO_YEARS + 180 days - 1);
        vm.expectRevert(
            abi.encodeWithSelector(
                IAllocationVesting.AllocationVestingNotClosed.selector,
                TESRA_START + TWO_YEARS + 180 days
            )
        );
        VESTING.closeBatch(0);
        vm.warp(TESRA_START + TWO_YEARS + 180 days);
        vm.expectEmit(Predeploys.ALLOCATION_VESTING);
        emit IAllocationVesting.BatchClosed(0, 10e18);
        vm.expectEmit(Predeploys.ALLOCATION_VESTING);
        emit IAllocationVesting.UnsoldSplit(7e18, 3e18);
        VESTING.closeBatch(0);
        bytes memory closed = abi.encodeWithSelector(
            IAllocationVesting.AllocationVestingBatchClosed.selector,
            0
        );
        vm.expectRevert(closed);
        VESTING.closeBatch(0);
        vm.expectRevert(closed);
        VESTING.claimBatch(0, _ALICE, 90e18, new bytes32[](0));
    }

    function testEveryWeiLeaves() public {
        vm.prank(Predeploys.TIMELOCK);
        VESTING.openBatch(_REASON, 1e20 + 1, _REASON);
        vm.warp(TESRA_START + EIGHT_YEARS);
        VESTING.splitUnsold();
        VESTING.closeBatch(0);
        for (uint256 id = 0; id < 3; ++id) {
            VESTING.release(id);
        }
        assertEq(Predeploys.ALLOCATION_VESTING.balance, 0, "nothing is left");
        assertEq(_RESERVE.extensionCount(), 2, "twice back to the reserve");
    }

    /* WHAT CANNOT BE BUILT */

    function testRefusesImpossibleGrants() public {
        IAllocationVesting.Grant[] memory grants = _tesraGrants();
        grants[2].total = 3e27;
        _expectInit(
            grants,
            abi.encodeWithSelector(
                IAllocationVesting.AllocationVestingUnderfunded.selector,
                4.4e27,
                3.4e27
            )
        );
        bytes4 selector = IAllocationVesting.AllocationVestingInvalidGrant.selector;
        grants = _tesraGrants();
        grants[1].released = 1;
        _expectInit(grants, abi.encodeWithSelector(selector, 1));
        // Three grants are there already: the second of these is number 4.
        bytes memory invalid = abi.encodeWithSelector(selector, 4);
        grants = _tesraGrants();
        grants[1].beneficiary = address(0);
        _expectInit(grants, invalid);
        grants = _tesraGrants();
        grants[1].total = 0;
        _expectInit(grants, invalid);
        grants = _tesraGrants();
        grants[1].cliff = grants[1].end + 1;
        _expectInit(grants, invalid);
        grants = _tesraGrants();
        grants[1].start = grants[1].cliff + 1;
        _expectInit(grants, invalid);
        grants = _tesraGrants();
        grants[1].start = grants[1].cliff = grants[1].end;
        _expectInit(grants, invalid);
    }

    function testCannotBeInitializedAgain() public {
        vm.expectRevert(Initializable.InvalidInitialization.selector);
        AllocationVesting(Predeploys.ALLOCATION_VESTING).initialize(_tesraGrants(), _lockUp(), 0);
    }

    function testFuzzOnlyTheTimelockAwards(address caller) public {
        vm.assume(caller != Predeploys.TIMELOCK && caller != Predeploys.PROXY_ADMIN);
        bytes memory refusal = abi.encodeWithSelector(
            SystemContract.SystemContractUnauthorized.selector,
            caller,
            Predeploys.TIMELOCK
        );
        vm.startPrank(caller);
        vm.expectRevert(refusal);
        VESTING.award(caller, 1, _REASON);
        vm.expectRevert(refusal);
        VESTING.awardLocked(caller, 1);
        vm.expectRevert(refusal);
        VESTING.openBatch(_REASON, 1, _REASON);
        vm.stopPrank();
    }

    function _initializeAgain(IAllocationVesting.Grant[] memory grants) private {
        _forgetInitialization();
        AllocationVesting(Predeploys.ALLOCATION_VESTING).initialize(grants, _lockUp(), 0);
    }

    function _expectInit(IAllocationVesting.Grant[] memory grants, bytes memory reason) private {
        _forgetInitialization();
        vm.expectRevert(reason);
        AllocationVesting(Predeploys.ALLOCATION_VESTING).initialize(grants, _lockUp(), 0);
    }

    function _forgetInitialization() private {
        bytes32 slot = 0xf0c57e16840df040f15088dc2f81fe391c3923bec73e23a9662efc9c229c6a00;
        vm.store(Predeploys.ALLOCATION_VESTING, slot, 0);
    }

    function _expectNotOffered(address caller) private {
        vm.expectRevert(
            abi.encodeWithSelector(
                IAllocationVesting.AllocationVestingNotOffered.selector,
                2,
                caller
            )
        );
        vm.prank(caller);
    }

    function _handOver(uint256 id, address from, address to) private {
        vm.prank(from);
        VESTING.offer(id, to);
        vm.prank(to);
        VESTING.accept(id);
    }

    function _leaf(address account, uint256 amount) private pure returns (bytes32) {
        return keccak256(bytes.concat(keccak256(abi.encode(account, amount))));
    }

    function _proof(bytes32 sibling) private pure returns (bytes32[] memory proof) {
        proof = new bytes32[](1);
        proof[0] = sibling;
    }
}
