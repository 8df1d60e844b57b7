// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Initializable} from "@openzeppelin/contracts/proxy/utils/Initializable.sol";
import {IEmissionReserve} from "../../contracts/interfaces/IEmissionReserve.sol";
import {IRewardDistributor} from "../../contracts/interfaces/IRewardDistributor.sol";
import {ISupplyMeter} from "../../contracts/interfaces/ISupplyMeter.sol";
import {ISystemHub} from "../../contracts/interfaces/ISystemHub.sol";
import {Predeploys} from "../../contracts/libraries/Predeploys.sol";
import {PocaTest} from "./support/PocaTest.sol";

/// Shows that a Solidity test sees the whole genesis, by ending blocks on it.
contract GenesisTest is PocaTest {
    uint256 private constant _CAP = 210_000_000 ether;
    /// @dev The code behind predeploy n is at this address | n.
    uint160 private constant _IMPLEMENTATIONS = 0x90CAC0DE << 128;
    uint256 private constant _PREMINE = 20 * 10_000 ether;

    function test_ReserveHoldsAllButThePremine() external view {
        assert(Predeploys.EMISSION_RESERVE.balance == _CAP - _PREMINE);
        assert(IEmissionReserve(Predeploys.EMISSION_RESERVE).minedCap() == _CAP - _PREMINE);
        ISupplyMeter.Supply memory supply = ISupplyMeter(Predeploys.SUPPLY_METER).supply();
        assert(supply.cap == _CAP);
        assert(supply.issued == _PREMINE);
        assert(supply.burned == 0);
    }

    function testFuzz_EndBlockSplitsWhatTimeEmits(uint32 elapsed) external {
        ISystemHub hub = ISystemHub(Predeploys.SYSTEM_HUB);
        IRewardDistributor distributor = IRewardDistributor(Predeploys.REWARD_DISTRIBUTOR);
        uint64 height = _height;
        _endBlock(elapsed);
        assert(hub.lastBlock() == height);
        uint256 end = _time;
        _endBlock(1);
        assert(distributor.settledUntil() == end);
        for (uint256 i = 0; i < hub.moduleCount(); ++i) {
            assert(hub.moduleAt(i).failures == 0);
        }
        uint256 accrued;
        for (uint256 pool = 0; pool < 8; ++pool) {
            accrued += distributor.accrued(IRewardDistributor.Pool(pool));
        }
        assert(accrued == IEmissionReserve(Predeploys.EMISSION_RESERVE).emitted(end));
    }

    function test_ImplementationsCannotBeInitialised() external {
        uint160[7] memory numbers = [uint160(0x04), 0x07, 0x08, 0x09, 0x0b, 0x11, 0x16];
        for (uint256 i = 0; i < numbers.length; ++i) {
            address implementation = address(_IMPLEMENTATIONS | numbers[i]);
            assert(implementation.code.length != 0);
            (bool success, bytes memory reason) = implementation.call(
                abi.encodeWithSignature("initialize()")
            );
            assert(!success && bytes4(reason) == Initializable.InvalidInitialization.selector);
        }
    }
}
