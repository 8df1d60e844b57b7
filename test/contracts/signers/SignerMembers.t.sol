// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISignerBoard} from "../../../contracts/interfaces/ISignerBoard.sol";
import {ICollateralVault} from "../../../contracts/interfaces/ICollateralVault.sol";
import {ParamKeys} from "../../../contracts/libraries/ParamKeys.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {vm} from "../support/Vm.sol";
import {SignersTest} from "./SignersTest.sol";

/// @dev Shows how nodes come into the clusters and leave them, and that collateral is neither made
/// nor lost on the way.
contract SignerMembersTest is SignersTest {
    address private constant _NODE = address(0x900D);

    function testACandidateLocksCollateralAndNeedsPower() public {
        _fund(_NODE, COLLATERAL);
        vm.expectRevert(abi.encodeWithSelector(ISignerBoard.SignerBoardNoPower.selector, _NODE));
        vm.prank(_NODE);
        BOARD.applyToSign(COLLATERAL);
        _setPower(_NODE, POWER);
        vm.expectRevert(
            abi.encodeWithSelector(
                ISignerBoard.SignerBoardCollateralTooLow.selector,
                COLLATERAL - 1,
                COLLATERAL
            )
        );
        vm.prank(_NODE);
        BOARD.applyToSign(COLLATERAL - 1);

        vm.expectEmit(Predeploys.SIGNER_BOARD);
        emit ISignerBoard.CandidateApplied(_NODE, COLLATERAL);
        vm.prank(_NODE);
        BOARD.applyToSign(COLLATERAL);
        assertEq(uint256(BOARD.clusterOf(_NODE)), 1, "candidate");
        assertEq(BOARD.collateralOf(_NODE), 1_000e18, "locked");
        assertEq(VAULT.freeOf(_NODE), 0, "free");
        assertTrue(!BOARD.isStandby(_NODE) && !BOARD.isSigner(_NODE), "no rights yet");

        vm.expectRevert(
            abi.encodeWithSelector(
                ISignerBoard.SignerBoardWrongCluster.selector,
                _NODE,
                ISignerBoard.Cluster.Candidate
            )
        );
        vm.prank(_NODE);
        BOARD.applyToSign(COLLATERAL);
    }

    function testApplyingTakesWhatIsFreeAndNoMore() public {
        _setPower(_NODE, POWER);
        _fund(_NODE, COLLATERAL);
        vm.expectRevert(
            abi.encodeWithSelector(
                ICollateralVault.CollateralVaultInsufficientFree.selector,
                _NODE,
                COLLATERAL + 1,
                COLLATERAL
            )
        );
        vm.prank(_NODE);
        BOARD.applyToSign(COLLATERAL + 1);
    }

    function testACandidateTakesItsCollateralBackAtOnce() public {
        _applyWith(_NODE, COLLATERAL, POWER);
        vm.expectEmit(Predeploys.SIGNER_BOARD);
        emit ISignerBoard.CollateralReleased(_NODE, COLLATERAL);
        vm.expectEmit(Predeploys.SIGNER_BOARD);
        emit ISignerBoard.MemberLeft(_NODE, 0);
        vm.prank(_NODE);
        BOARD.resign();
        assertEq(VAULT.freeOf(_NODE), COLLATERAL, "free");
        assertEq(uint256(BOARD.clusterOf(_NODE)), 0, "ordinary");
    }

    function testAStandbysCollateralUnbondsFor21Days() public {
        _join(_NODE, COLLATERAL, POWER);
        uint40 unbondAt = uint40(_time + 21 days);
        vm.expectEmit(Predeploys.SIGNER_BOARD);
        emit ISignerBoard.MemberLeft(_NODE, unbondAt);
        vm.prank(_NODE);
        BOARD.resign();
        assertEq(BOARD.standbyCount(), 0, "standbys");
        _pass(1, 21 days - 1);
        vm.expectRevert(
            abi.encodeWithSelector(
                ISignerBoard.SignerBoardTooEarly.selector,
                unbondAt - 1,
                unbondAt
            )
        );
        BOARD.release(_NODE);
        _pass(1, 1);
        BOARD.release(_NODE);
        assertEq(VAULT.freeOf(_NODE), COLLATERAL, "free");
        vm.expectRevert(
            abi.encodeWithSelector(ISignerBoard.SignerBoardNothingUnbonding.selector, _NODE)
        );
        BOARD.release(_NODE);
    }

    function testWhoIsUnbondingWaitsBeforeApplyingAgain() public {
        _join(_NODE, COLLATERAL, POWER);
        vm.prank(_NODE);
        BOARD.resign();
        uint256 earliest = _time + 21 days;
        _fund(_NODE, COLLATERAL);
        vm.expectRevert(
            abi.encodeWithSelector(ISignerBoard.SignerBoardTooEarly.selector, _time, earliest)
        );
        vm.prank(_NODE);
        BOARD.applyToSign(COLLATERAL);
        // What was not released by then counts again.
        _pass(1, 21 days);
        vm.prank(_NODE);
        BOARD.applyToSign(COLLATERAL);
        assertEq(BOARD.collateralOf(_NODE), 2_000e18, "old and new");
        vm.expectRevert(
            abi.encodeWithSelector(ISignerBoard.SignerBoardNothingUnbonding.selector, _NODE)
        );
        BOARD.release(_NODE);
    }

    function testMembersMayLockMore() public {
        _join(_NODE, COLLATERAL, POWER);
        _fund(_NODE, 1e18);
        vm.expectEmit(Predeploys.SIGNER_BOARD);
        emit ISignerBoard.CollateralAdded(_NODE, 1e18);
        vm.prank(_NODE);
        BOARD.addCollateral(1e18);
        assertEq(BOARD.collateralOf(_NODE), 1_001e18, "locked");

        bytes memory expected = abi.encodeWithSelector(
            ISignerBoard.SignerBoardWrongCluster.selector,
            address(this),
            ISignerBoard.Cluster.Ordinary
        );
        vm.expectRevert(expected);
        BOARD.addCollateral(1);
        vm.expectRevert(expected);
        BOARD.resign();
    }

    function testTheHolderOfTheOnlySeatCannotResign() public {
        address founder = BOARD.seatAt(0);
        vm.expectRevert(ISignerBoard.SignerBoardLastSeat.selector);
        vm.prank(founder);
        BOARD.resign();
        // With a standby waiting it can.
        _join(_NODE, COLLATERAL, POWER);
        vm.prank(founder);
        BOARD.resign();
        assertEq(BOARD.seatAt(0), _NODE, "the standby took over");
        assertTrue(BOARD.isSigner(founder), "who may still end this block");
        _pass(1, 1);
        assertTrue(!BOARD.isSigner(founder), "and no other");
        _checkBoard();
    }

    function testScoreAndWeightFollowCollateralPowerAndTime() public {
        _join(_NODE, 2_500e18, 30_000_000);
        assertEq(BOARD.stabilityOf(_NODE), 1, "new");
        assertEq(BOARD.scoreOf(_NODE), 2_500e18 * 30_000_000, "score");
        // Two units of collateral, third tier.
        assertEq(BOARD.weightOf(_NODE), 6, "weight");
        _pass(1, 14 days);
        assertEq(BOARD.stabilityOf(_NODE), 3, "two steps of seven days");
        assertEq(BOARD.scoreOf(_NODE), 2_500e18 * 30_000_000 * 3, "score");
        _pass(1, 365 days);
        assertEq(BOARD.stabilityOf(_NODE), 4, "at most 4");
        _setPower(_NODE, 0);
        assertEq(BOARD.scoreOf(_NODE), 0, "without power");
        _setPower(_NODE, POWER);
        _setParam(ParamKeys.SIGNER_COLLATERAL, 2_501e18);
        assertEq(BOARD.scoreOf(_NODE), 0, "short of collateral");
        assertEq(BOARD.scoreOf(address(this)), 0, "nobody");
    }

    function testTiersStartAtFixedPowers() public {
        _join(_NODE, 4_000e18, 999_999);
        assertEq(BOARD.weightOf(_NODE), 4, "first");
        _setPower(_NODE, 1_000_000);
        assertEq(BOARD.weightOf(_NODE), 8, "second");
        _setPower(_NODE, 29_999_999);
        assertEq(BOARD.weightOf(_NODE), 8, "still second");
        _setPower(_NODE, 30_000_000);
        assertEq(BOARD.weightOf(_NODE), 12, "third");
        _setPower(_NODE, 999_999_999);
        assertEq(BOARD.weightOf(_NODE), 12, "still third");
        _setPower(_NODE, 1_000_000_000);
        assertEq(BOARD.weightOf(_NODE), 16, "fourth");
    }

    function testAFifthUnitOfCollateralWeighsNothing() public {
        _join(_NODE, 5_000e18, POWER);
        assertEq(BOARD.weightOf(_NODE), 4, "four units, first tier");
    }

    function testWhatIsTakenIsRoundedUp() public {
        _join(_NODE, 1_000e18 + 1, POWER);
        vm.prank(Predeploys.SLASH_COURT);
        BOARD.punish(_NODE, 5_000, address(this));
        assertEq(BOARD.collateralOf(_NODE), 500e18, "not half a wei more");
    }

    function testStandbysShareTheirPoolBlockByBlock() public {
        address other = address(0x0DD);
        _join(_NODE, COLLATERAL, POWER);
        uint256 before = DISTRIBUTOR.accrued(STANDBY_POOL);
        _endBlock(10);
        uint256 first = DISTRIBUTOR.accrued(STANDBY_POOL) - before;
        assertTrue(first > 0, "something accrues");
        assertEq(BOARD.standbyRewardOf(_NODE), first, "alone it gets all");
        _join(other, COLLATERAL, POWER);
        _endBlock(10);
        uint256 second = DISTRIBUTOR.accrued(STANDBY_POOL) - before - first;
        assertEq(BOARD.standbyRewardOf(_NODE), first + second / 2, "then half");
        assertEq(BOARD.standbyRewardOf(other), second / 2, "the other half");

        vm.expectEmit(Predeploys.SIGNER_BOARD);
        emit ISignerBoard.StandbyRewardClaimed(_NODE, first + second / 2);
        BOARD.claimStandbyReward(_NODE);
        assertEq(DISTRIBUTOR.creditOf(_NODE), first + second / 2, "credit");
        vm.expectRevert(
            abi.encodeWithSelector(ISignerBoard.SignerBoardNothingToClaim.selector, _NODE)
        );
        BOARD.claimStandbyReward(_NODE);

        // What was earned stays when the standby goes.
        vm.prank(other);
        BOARD.resign();
        _endBlock(10);
        assertEq(BOARD.standbyRewardOf(other), second / 2, "kept");
        BOARD.claimStandbyReward(other);
    }

    function testFuzzStandbyRewardsNeverExceedThePool(uint8[10] calldata moves) public {
        for (uint256 i = 0; i < moves.length; ++i) {
            address node = _account(100 + (moves[i] % 8));
            if (moves[i] >= 128) _endBlock(uint256(moves[i]) + 1);
            else if (BOARD.clusterOf(node) == ISignerBoard.Cluster.Standby) {
                vm.prank(node);
                BOARD.resign();
            } else if (BOARD.memberOf(node).unbondAt == 0) _join(node, COLLATERAL, POWER);
        }
        uint256 owed = 0;
        for (uint256 i = 0; i < 8; ++i) {
            address node = _account(100 + i);
            uint256 reward = BOARD.standbyRewardOf(node);
            owed += reward;
            if (reward != 0) BOARD.claimStandbyReward(node);
        }
        assertEq(DISTRIBUTOR.paid(STANDBY_POOL), owed, "paid");
        assertTrue(owed <= DISTRIBUTOR.accrued(STANDBY_POOL), "within the pool");
    }

    function testAdmissionStopsAt255Members() public {
        for (uint160 i = 0; i < 254; ++i) {
            _join(address(0x20000 + i), COLLATERAL, POWER);
        }
        _applyWith(_NODE, COLLATERAL, POWER);
        address founder = BOARD.seatAt(0);
        vm.expectRevert(abi.encodeWithSelector(ISignerBoard.SignerBoardFull.selector, 255));
        vm.prank(founder);
        BOARD.voteToAdmit(_NODE);
    }
}
