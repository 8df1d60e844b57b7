// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IEmissionReserve} from "../../../contracts/interfaces/IEmissionReserve.sol";
import {IRewardDistributor} from "../../../contracts/interfaces/IRewardDistributor.sol";
import {ISupplyMeter} from "../../../contracts/interfaces/ISupplyMeter.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {OneSender} from "../support/OneSender.sol";
import {SystemTest} from "../support/SystemTest.sol";
import {vm} from "../support/Vm.sol";

/// @dev What can happen to the subsidy, in any order. Times reach over all eras.
contract SubsidyHandler is SystemTest {
    IRewardDistributor private constant _DISTRIBUTOR = IRewardDistributor(
        Predeploys.REWARD_DISTRIBUTOR
    );

    address[4] public accounts = [address(0xA11CE), address(0xB0B), address(0xCA401), PROPOSER];
    /// @notice Whether a pool ever shrank.
    bool public shrank;

    uint256[8] private _seen;

    function produce(uint32 seconds_, uint8 era) external {
        nextBlock(era % 16 == 0 ? ERA : uint256(seconds_ % 100_000) + 1);
        vm.fee(era % 2 == 0 ? 0 : 1 gwei);
        endBlock();
        for (uint256 i = 0; i < 8; ++i) {
            uint256 accrued = _DISTRIBUTOR.accrued(IRewardDistributor.Pool(i));
            if (accrued < _seen[i]) shrank = true;
            _seen[i] = accrued;
        }
    }

    function setShares(uint16[8] calldata seeds) external {
        uint16[8] memory shares;
        uint16 left = 10_000;
        for (uint256 i = 0; i < 7; ++i) {
            shares[i] = seeds[i] % (left + 1);
            left -= shares[i];
        }
        shares[7] = left;
        vm.prank(Predeploys.TIMELOCK);
        _DISTRIBUTOR.setShares(shares);
    }

    function setSpender(uint8 pool, uint8 account) external {
        vm.prank(Predeploys.TIMELOCK);
        _DISTRIBUTOR.setSpender(
            IRewardDistributor.Pool(pool % 8),
            account % 5 == 4 ? address(0) : accounts[account % 5]
        );
    }

    function payFrom(uint8 pool, uint8 account, uint128 amount) external {
        IRewardDistributor.Pool from = IRewardDistributor.Pool(pool % 8);
        address spender = _DISTRIBUTOR.spenderOf(from);
        if (spender == address(0)) return;
        // Producers and AutoMine are paid in each block.
        if (pool % 8 == 0 || pool % 8 == 5) return;
        uint256 available = _DISTRIBUTOR.accrued(from) - _DISTRIBUTOR.paid(from);
        // Often all of it: the edge is where rounding would show.
        uint256 drawn = account % 2 == 0 ? available : amount % (available + 1);
        vm.prank(spender);
        _DISTRIBUTOR.payFrom(from, accounts[account % 4], drawn);
    }

    function claim(uint8 account) external {
        if (_DISTRIBUTOR.creditOf(accounts[account % 4]) == 0) return;
        _DISTRIBUTOR.claimFor(accounts[account % 4]);
    }
}

contract RewardDistributorInvariantTest is SystemTest, OneSender {
    IRewardDistributor private constant _DISTRIBUTOR = IRewardDistributor(
        Predeploys.REWARD_DISTRIBUTOR
    );
    IEmissionReserve private constant _RESERVE = IEmissionReserve(Predeploys.EMISSION_RESERVE);

    SubsidyHandler private _handler;

    function setUp() public {
        deployCore();
        _handler = new SubsidyHandler();
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    /// @dev One function: the runner plays all sequences again for each.
    function invariantAllHold() public view {
        _checkPoolsAddUpToWhatIsEmitted();
        _checkNoPoolIsOverdrawnOrShrinks();
        _checkWhatIsPaidIsCreditedOrReleased();
        _checkTheReserveHoldsWhatItHasNotReleased();
        _checkTheMeterKnowsWhatIsIssued();
    }

    function _checkPoolsAddUpToWhatIsEmitted() private view {
        uint256 sum = 0;
        for (uint256 i = 0; i < 8; ++i) {
            sum += _DISTRIBUTOR.accrued(IRewardDistributor.Pool(i));
        }
        assertEq(sum, _RESERVE.emitted(_DISTRIBUTOR.settledUntil()), "accrued");
    }

    function _checkNoPoolIsOverdrawnOrShrinks() private view {
        for (uint256 i = 0; i < 8; ++i) {
            IRewardDistributor.Pool pool = IRewardDistributor.Pool(i);
            assertTrue(_DISTRIBUTOR.paid(pool) <= _DISTRIBUTOR.accrued(pool), "overdrawn");
        }
        assertTrue(!_handler.shrank(), "shrank");
    }

    function _checkWhatIsPaidIsCreditedOrReleased() private view {
        uint256 paid = 0;
        for (uint256 i = 0; i < 8; ++i) {
            paid += _DISTRIBUTOR.paid(IRewardDistributor.Pool(i));
        }
        uint256 credits = 0;
        for (uint256 i = 0; i < 4; ++i) {
            credits += _DISTRIBUTOR.creditOf(_handler.accounts(i));
        }
        assertEq(credits + _RESERVE.released(), paid, "credits and releases");
    }

    function _checkTheReserveHoldsWhatItHasNotReleased() private view {
        assertTrue(_RESERVE.released() <= _RESERVE.emitted(timeNow()), "schedule");
        assertEq(
            Predeploys.EMISSION_RESERVE.balance,
            _RESERVE.minedCap() - _RESERVE.released(),
            "balance"
        );
    }

    function _checkTheMeterKnowsWhatIsIssued() private view {
        ISupplyMeter.Supply memory supply = ISupplyMeter(Predeploys.SUPPLY_METER).supply();
        assertEq(supply.issued, PREMINE + _RESERVE.released(), "issued");
        assertTrue(supply.issued <= supply.cap, "cap");
    }
}
