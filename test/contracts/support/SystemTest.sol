// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ProtocolParams} from "../../../contracts/governance/ProtocolParams.sol";
import {Treasury} from "../../../contracts/governance/Treasury.sol";
import {VotingPower} from "../../../contracts/governance/VotingPower.sol";
import {EndBlockInput} from "../../../contracts/interfaces/IHubModule.sol";
import {IProtocolParams} from "../../../contracts/interfaces/IProtocolParams.sol";
import {ISignerBoard} from "../../../contracts/interfaces/ISignerBoard.sol";
import {ISystemHub} from "../../../contracts/interfaces/ISystemHub.sol";
import {ParamKeys} from "../../../contracts/libraries/ParamKeys.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {SignerBoard} from "../../../contracts/signers/SignerBoard.sol";
import {RewardDistributor} from "../../../contracts/system/RewardDistributor.sol";
import {vm} from "./Vm.sol";

/// @title Base of tests that need the system contracts at their real addresses.
/// @notice As at genesis, every constructor runs at the address where its contract will live.
abstract contract SystemTest {
    uint256 internal constant CAP = 210_000_000e18;
    uint256 internal constant PREMINE = 200_000e18;
    uint256 internal constant ERA = 1461 days;
    uint256 internal constant GENESIS_TIME = 1_800_000_000;
    uint48 internal constant VOTING_DELAY = 1 days;
    uint32 internal constant VOTING_PERIOD = 7 days;
    uint256 internal constant PROPOSAL_THRESHOLD = 1_000e18;
    uint48 internal constant LATE_QUORUM_EXTENSION = 2 days;
    uint256 internal constant TIMELOCK_DELAY = 2 days;

    address internal constant PROPOSER = address(0xA110);

    error AssertionFailed(string what);

    /// @dev Runs the constructor at `target` and leaves the runtime code there.
    function deployAt(address target, bytes memory initCode) internal {
        vm.etch(target, initCode);
        (bool success, bytes memory returned) = target.call("");
        if (!success) {
            // Hands the constructor's own error on.
            assembly ("memory-safe") {
                revert(add(returned, 0x20), mload(returned))
            }
        }
        vm.etch(target, returned);
    }

    /// @dev Puts an implementation at its address and a proxy in front of it.
    function deployProxied(
        address target,
        bytes memory implementationInitCode,
        bytes memory initData
    ) internal {
        deployAt(implementationOf(target), implementationInitCode);
        deployAt(
            target,
            abi.encodePacked(
                vm.getCode("contracts/system/SystemProxy.sol:SystemProxy"),
                abi.encode(implementationOf(target), initData)
            )
        );
    }

    function implementationOf(address target) internal pure returns (address) {
        return
            address(
                uint160(0x90caC0de00000000000000000000000000000000) | (uint160(target) & 0xfff)
            );
    }

    /// @dev Everything of system, signers, governance and token.
    function deployCore() internal {
        vm.warp(GENESIS_TIME);
        vm.roll(1);
        vm.coinbase(PROPOSER);
        vm.deal(PROPOSER, 10_000e18);

        address[] memory signers = new address[](1);
        signers[0] = PROPOSER;
        deployProxied(
            Predeploys.SIGNER_BOARD,
            vm.getCode("contracts/signers/SignerBoard.sol:SignerBoard"),
            abi.encodeCall(SignerBoard.initialize, (signers, ISignerBoard.ProposerRule.Rotation))
        );
        deployEmission(CAP, CAP - PREMINE, GENESIS_TIME, ERA);
        deployProxied(
            Predeploys.REWARD_DISTRIBUTOR,
            vm.getCode("contracts/system/RewardDistributor.sol:RewardDistributor"),
            abi.encodeCall(RewardDistributor.initialize, (coreShares(), coreSpenders()))
        );
        deployAt(
            Predeploys.SUPPLY_METER,
            vm.getCode("contracts/system/SupplyMeter.sol:SupplyMeter")
        );
        deployHub(coreModules());
        deployGovernance();
        deployAt(Predeploys.WHPC, vm.getCode("contracts/token/WHPC.sol:WHPC"));
    }

    function deployEmission(
        uint256 cap,
        uint256 minedCap,
        uint256 startTime,
        uint256 era
    ) internal {
        deployAt(
            Predeploys.EMISSION_RESERVE,
            abi.encodePacked(
                vm.getCode("contracts/system/HalvingEmission.sol:HalvingEmission"),
                abi.encode(cap, minedCap, startTime, era)
            )
        );
        vm.deal(Predeploys.EMISSION_RESERVE, minedCap);
    }

    function deployHub(ISystemHub.Module[] memory modules) internal {
        deployAt(
            Predeploys.SYSTEM_HUB,
            abi.encodePacked(
                vm.getCode("contracts/system/SystemHub.sol:SystemHub"),
                abi.encode(modules)
            )
        );
    }

    function deployGovernance() internal {
        deployProxied(
            Predeploys.PROTOCOL_PARAMS,
            vm.getCode("contracts/governance/ProtocolParams.sol:ProtocolParams"),
            abi.encodeCall(ProtocolParams.initialize, (coreParams()))
        );
        deployProxied(
            Predeploys.VOTING_POWER,
            vm.getCode("contracts/governance/VotingPower.sol:VotingPower"),
            abi.encodeCall(VotingPower.initialize, ())
        );
        deployProxied(
            Predeploys.TREASURY,
            vm.getCode("contracts/governance/Treasury.sol:Treasury"),
            abi.encodeCall(Treasury.initialize, ())
        );
        deployAt(
            Predeploys.TIMELOCK,
            abi.encodePacked(
                vm.getCode("contracts/governance/Timelock.sol:Timelock"),
                abi.encode(TIMELOCK_DELAY)
            )
        );
        deployAt(
            Predeploys.POCA_GOVERNOR,
            abi.encodePacked(
                vm.getCode("contracts/governance/PocaGovernor.sol:PocaGovernor"),
                abi.encode(VOTING_DELAY, VOTING_PERIOD, PROPOSAL_THRESHOLD, LATE_QUORUM_EXTENSION)
            )
        );
        deployAt(
            Predeploys.BALANCE_PROOFS,
            vm.getCode("contracts/governance/BalanceProofs.sol:BalanceProofs")
        );
        deployAt(
            Predeploys.PROXY_ADMIN,
            vm.getCode("contracts/system/SystemProxyAdmin.sol:SystemProxyAdmin")
        );
    }

    /// @dev In percent: 40, 10, 15, 5, 10, 5, 15, 0.
    function coreShares() internal pure virtual returns (uint16[8] memory) {
        return [uint16(4_000), 1_000, 1_500, 500, 1_000, 500, 1_500, 0];
    }

    /// @dev Nobody draws on any pool.
    function coreSpenders() internal pure virtual returns (address[8] memory spenders) {}

    function coreModules() internal pure virtual returns (ISystemHub.Module[] memory modules) {
        modules = new ISystemHub.Module[](2);
        modules[0] = ISystemHub.Module(Predeploys.SUPPLY_METER, 200_000, 0, false);
        modules[1] = ISystemHub.Module(Predeploys.REWARD_DISTRIBUTOR, 500_000, 0, false);
    }

    /// @dev Every key that contracts read, with the chain's usual values and bounds.
    function coreParams() internal pure virtual returns (IProtocolParams.Param[] memory params) {
        params = new IProtocolParams.Param[](20);
        params[0] = IProtocolParams.Param(ParamKeys.BASE_FEE_FLOOR, 1e9, 0, 1e13);
        params[1] = IProtocolParams.Param(ParamKeys.BASE_FEE_DENOMINATOR, 96, 8, 1_000);
        params[2] = IProtocolParams.Param(ParamKeys.TASK_FEE_BPS, 450, 0, 499);
        params[3] = IProtocolParams.Param(ParamKeys.TASK_COST_RANGE_BPS, 13_200, 13_200, 20_000);
        params[4] = IProtocolParams.Param(ParamKeys.TASK_MINER_BPS, 10_000, 0, 20_000);
        params[5] = IProtocolParams.Param(ParamKeys.TASK_GRACE_BPS, 15_000, 10_000, 30_000);
        params[6] = IProtocolParams.Param(ParamKeys.TASK_ASSIGN_WINDOW, 1 hours, 1, 7 days);
        params[7] = IProtocolParams.Param(ParamKeys.TASK_REVEAL_WINDOW, 10 minutes, 1, 1 days);
        params[8] = IProtocolParams.Param(ParamKeys.TASK_ATTEST_WINDOW, 30 minutes, 1, 1 days);
        params[9] = IProtocolParams.Param(ParamKeys.TASK_CHALLENGE_WINDOW, 1 hours, 0, 7 days);
        params[10] = IProtocolParams.Param(ParamKeys.TASK_FAULT_BURN_BPS, 1_000, 0, 5_000);
        params[11] = IProtocolParams.Param(ParamKeys.TASK_FEE_ORACLE_BPS, 4_000, 0, 10_000);
        params[12] = IProtocolParams.Param(ParamKeys.TASK_FEE_BURN_BPS, 1_000, 0, 10_000);
        params[13] = IProtocolParams.Param(ParamKeys.TASK_MAX_SLOT_LOSS, 8, 0, 255);
        params[14] = IProtocolParams.Param(ParamKeys.TASK_DUE_PER_BLOCK, 4, 0, 16);
        params[15] = IProtocolParams.Param(
            ParamKeys.ORACLE_COLLATERAL,
            1_000e18,
            1e18,
            1_000_000e18
        );
        params[16] = IProtocolParams.Param(
            ParamKeys.NODE_POWER_MAX,
            1_000_000_000,
            1,
            type(uint64).max
        );
        // 1 % of the premine: 2,000 coins.
        params[17] = IProtocolParams.Param(ParamKeys.GOVERNANCE_QUORUM_BPS, 100, 100, 2_000);
        params[18] = IProtocolParams.Param(
            ParamKeys.GOVERNANCE_QUORUM_FLOOR,
            1_000e18,
            1e18,
            10_000_000e18
        );
        params[19] = IProtocolParams.Param(
            ParamKeys.COUNCIL_REPORT_PERIOD,
            90 days,
            1 days,
            366 days
        );
    }

    /// @dev Facts about a parent block without anything unusual.
    function plainInput() internal view returns (EndBlockInput memory input) {
        input.height = uint64(heightNow());
        input.parentProposer = PROPOSER;
        input.parentSigners = 1;
    }

    /// @dev The proposer's own transaction, as the chain sends it.
    function endBlock() internal {
        endBlock(plainInput());
    }

    function endBlock(EndBlockInput memory input) internal {
        vm.prank(PROPOSER, PROPOSER);
        ISystemHub(Predeploys.SYSTEM_HUB).endBlock{gas: 9_950_000}(input);
    }

    /// @dev Read these, not `block.number` and `block.timestamp`, in a test that changes them: the
    /// optimizer takes those to be the same all through a call.
    function heightNow() internal view returns (uint256) {
        return vm.getBlockNumber();
    }

    function timeNow() internal view returns (uint256) {
        return vm.getBlockTimestamp();
    }

    function nextBlock(uint256 seconds_) internal {
        vm.roll(heightNow() + 1);
        vm.warp(timeNow() + seconds_);
    }

    function assertEq(uint256 actual, uint256 expected, string memory what) internal pure {
        require(
            actual == expected,
            AssertionFailed(string.concat(what, ": ", _text(actual), " != ", _text(expected)))
        );
    }

    function assertEq(address actual, address expected, string memory what) internal pure {
        assertEq(uint160(actual), uint160(expected), what);
    }

    function assertEq(bytes32 actual, bytes32 expected, string memory what) internal pure {
        assertEq(uint256(actual), uint256(expected), what);
    }

    function assertTrue(bool condition, string memory what) internal pure {
        require(condition, AssertionFailed(what));
    }

    function _text(uint256 value) private pure returns (string memory) {
        if (value == 0) return "0";
        bytes memory digits;
        for (; value != 0; value /= 10) {
            digits = abi.encodePacked(uint8(48 + (value % 10)), digits);
        }
        return string(digits);
    }
}
