// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAllocationVesting} from "../../../contracts/interfaces/IAllocationVesting.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {MoneyTest} from "../support/MoneyTest.sol";
import {vm} from "../support/Vm.sol";

/// @title TS 5.2: "Distribution: 10% ,distribute to the community"
/// @notice By vote, to single contributors or to many at once by a Merkle tree.
/// @custom:sentence Distribution: 10% ,distribute to the community based on the contributions of
/// early computing resources providing.
/// @custom:sentence There are two channels for token distribution, one is to select qualified
/// investors to distribute token, the other is distribution to community contributors as rewards.
/// @custom:sentence The corresponding token amount will be distributed to the community based on
/// the contributions provided by the early computing resources.
contract TS52DistributionTest is MoneyTest {
    address private constant _CONTRIBUTOR = address(0xA1);
    address private constant _INVESTOR = address(0xA2);

    function setUp() public override {
        super.setUp();
        _becomeTesra();
    }

    function testTenPercentAreThereToBeDistributed() public view {
        assertEq(VESTING.unsold(), 1_000_000_000e18, "10 %");
    }

    function testAContributorIsRewardedAtOnce() public {
        vm.prank(Predeploys.TIMELOCK);
        VESTING.award(_CONTRIBUTOR, 3_000e18, keccak256("gpu hours of January"));
        VESTING.claimAward(_CONTRIBUTOR);
        assertEq(_CONTRIBUTOR.balance, 3_000e18, "reward");
    }

    function testManyContributorsAreRewardedByOneVote() public {
        bytes32 leaf = keccak256(bytes.concat(keccak256(abi.encode(_CONTRIBUTOR, uint256(40e18)))));
        bytes32 other = keccak256("another contributor's leaf");
        bytes32 root =
            leaf < other ? keccak256(abi.encode(leaf, other)) : keccak256(abi.encode(other, leaf));
        vm.prank(Predeploys.TIMELOCK);
        VESTING.openBatch(root, 100e18, keccak256("season one"));
        bytes32[] memory proof = new bytes32[](1);
        proof[0] = other;
        VESTING.claimBatch(0, _CONTRIBUTOR, 40e18, proof);
        assertEq(_CONTRIBUTOR.balance, 40e18, "reward");
    }

    function testAnInvestorIsGrantedUnderALockUp() public {
        vm.prank(Predeploys.TIMELOCK);
        uint256 id = VESTING.awardLocked(_INVESTOR, 600e18);
        assertEq(VESTING.vested(id, TESRA_START + TWO_YEARS), 0, "24 months");
        assertEq(VESTING.vested(id, TESRA_START + EIGHT_YEARS), 600e18, "eight years");
    }
}
