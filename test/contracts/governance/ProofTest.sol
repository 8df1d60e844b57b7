// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {PocaGovernor} from "../../../contracts/governance/PocaGovernor.sol";
import {IBalanceProofs} from "../../../contracts/interfaces/IBalanceProofs.sol";
import {IVotingPower} from "../../../contracts/interfaces/IVotingPower.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {SystemTest} from "../support/SystemTest.sol";
import {Tries} from "../support/Tries.sol";
import {vm} from "../support/Vm.sol";

/// @title Base of tests in which balances are proved.
/// @dev The past is made up: blocks whose state holds what a test gives to the voters, and whose
/// hashes stand where EIP-2935 keeps them.
abstract contract ProofTest is SystemTest {
    PocaGovernor internal constant GOVERNOR = PocaGovernor(payable(Predeploys.POCA_GOVERNOR));
    IBalanceProofs internal constant PROOFS = IBalanceProofs(Predeploys.BALANCE_PROOFS);
    IVotingPower internal constant POWER = IVotingPower(Predeploys.VOTING_POWER);

    uint8 internal constant AGAINST = 0;
    uint8 internal constant FOR = 1;
    uint8 internal constant ABSTAIN = 2;
    uint256 internal constant VOTERS = 4;

    address private constant _HISTORY = 0x0000F90827F1C53a10cb7A02335B175320002935;
    /// @dev The runtime code of EIP-2935.
    bytes private constant _HISTORY_CODE =
        hex"3373fffffffffffffffffffffffffffffffffffffffe14604657602036036042575f35600143038111604257611fff81430311604257611fff9006545f5260205ff35b5f5ffd5b5f35611fff60014303065500";

    uint256[VOTERS] internal _keys;
    address[VOTERS] internal _voters;

    function deployWithHistory() internal {
        deployCore();
        vm.etch(_HISTORY, _HISTORY_CODE);
        vm.roll(20_000);
        uint256 taken = 0;
        uint256 found = 0;
        for (uint256 key = 1; found < VOTERS; ++key) {
            uint256 bit = 1 << Tries.nibbleOf(vm.addr(key));
            if (taken & bit != 0) continue;
            taken |= bit;
            (_keys[found], _voters[found]) = (key, vm.addr(key));
            ++found;
        }
    }

    /// @dev The voters with what each owns natively.
    function accountsWith(
        uint256[VOTERS] memory balances
    ) internal view returns (Tries.Account[] memory accounts) {
        accounts = new Tries.Account[](VOTERS);
        for (uint256 i = 0; i < VOTERS; ++i) {
            accounts[i] = Tries.Account(_voters[i], balances[i]);
        }
    }

    /// @dev Block `height` at `time` with such a state, and its child, as the chain knows them.
    function past(
        bytes32 stateRoot,
        uint256 height,
        uint256 time,
        uint256 childTime
    ) internal returns (bytes[] memory headers) {
        headers = new bytes[](2);
        headers[1] = Tries.header(bytes32(uint256(1)), stateRoot, height, time);
        headers[0] = Tries.header(keccak256(headers[1]), 0, height + 1, childTime);
        know(height, headers[1]);
        know(height + 1, headers[0]);
    }

    function know(uint256 height, bytes memory header) internal {
        vm.store(_HISTORY, bytes32(height % 8191), keccak256(header));
    }

    function lock(address account, uint256 amount) internal {
        vm.deal(account, amount);
        vm.prank(account);
        POWER.lock{value: amount}();
    }

    function proposeNothing(address proposer, string memory what) internal returns (uint256 id) {
        address[] memory targets = new address[](1);
        vm.prank(proposer);
        return GOVERNOR.propose(targets, new uint256[](1), new bytes[](1), what);
    }
}
