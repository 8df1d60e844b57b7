// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {EndBlockInput} from "../../../contracts/interfaces/IHubModule.sol";
import {IEmissionReserve} from "../../../contracts/interfaces/IEmissionReserve.sol";
import {ISignerBoard} from "../../../contracts/interfaces/ISignerBoard.sol";
import {ISystemHub} from "../../../contracts/interfaces/ISystemHub.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {vm} from "./Vm.sol";

/// @dev The cheat code that places a genesis.
interface VmAllocs {
    function loadAllocs(string calldata path) external;
}

/// @title Base of Solidity tests that run against the development chain's whole genesis.
/// @dev The code is that of deploy/genesis/dev.json: after a change of a contract the genesis has
/// to be built again before such a test sees it.
abstract contract PocaTest {
    /// @dev Gas limit of the system transaction.
    uint256 internal constant SYSTEM_TX_GAS = 10_000_000;

    /// @dev The current block. Read these, not `block.number` and `block.timestamp`: the optimizer
    /// takes those to be the same all through a test.
    uint64 internal _height;
    uint256 internal _time;

    /// @dev Places every account of the genesis, one second into the chain's life.
    function setUp() public virtual {
        VmAllocs(address(vm)).loadAllocs("deploy/genesis/dev.json");
        _goTo(1, IEmissionReserve(Predeploys.EMISSION_RESERVE).startTime() + 1);
    }

    /// @dev Who proposes the current block.
    function _proposer() internal view returns (address) {
        return ISignerBoard(Predeploys.SIGNER_BOARD).proposerAt(_height, 0);
    }

    /// @dev Ends the current block as its proposer does; the next is `elapsed` seconds later.
    function _endBlock(uint256 elapsed) internal {
        address proposer = _proposer();
        EndBlockInput memory input;
        input.height = _height;
        input.parentProposer = proposer;
        input.parentSigners = 1;
        vm.prank(proposer, proposer);
        ISystemHub(Predeploys.SYSTEM_HUB).endBlock{gas: SYSTEM_TX_GAS}(input);
        _goTo(_height + 1, _time + elapsed);
    }

    function _goTo(uint64 height, uint256 time) private {
        _height = height;
        _time = time;
        vm.roll(height);
        vm.warp(time);
        vm.coinbase(_proposer());
    }
}
