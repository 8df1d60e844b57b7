// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {IProtocolParams} from "../../../contracts/interfaces/IProtocolParams.sol";
import {ParamKeys} from "../../../contracts/libraries/ParamKeys.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {ProofTest} from "../governance/ProofTest.sol";
import {SystemTest} from "../support/SystemTest.sol";
import {Tries} from "../support/Tries.sol";
import {vm} from "../support/Vm.sol";

/// @title SC 4.4: "Holders of HPC can vote on protocol parameters"
/// @custom:sentence Holders of HPC can vote on protocol parameters such as transaction fees and the
/// price of computing resources.
/// @custom:sentence By holding HPC, HPC holders will maintain and promote the development of the
/// Smart Network.
contract SC44HoldersVoteTest is ProofTest {
    IProtocolParams private constant _PARAMS = IProtocolParams(Predeploys.PROTOCOL_PARAMS);

    function setUp() public {
        deployWithHistory();
        lock(_voters[0], 1_000e18);
        vm.warp(timeNow() + 1);
    }

    function testHoldingIsEnoughToVoteOnFeesAndOnThePriceOfComputing() public {
        assertEq(_PARAMS.get(ParamKeys.BASE_FEE_FLOOR), 1_000_000_000, "fee before");
        assertEq(_PARAMS.get(ParamKeys.PRICE_UNIT_SECOND), 11_111, "price before");
        uint256 id = _proposeBoth();
        // 5,000 HPC lie in a wallet at the snapshot; nothing was done with them before.
        Tries.Account[] memory accounts = accountsWith([uint256(0), 5_000e18, 0, 0]);
        uint256 snapshot = GOVERNOR.proposalSnapshot(id);
        bytes[] memory headers = past(Tries.rootOf(accounts), 19_000, snapshot, snapshot + 1);
        bytes[] memory proof = Tries.proofOf(accounts, 1);
        vm.warp(snapshot + 1);
        vm.prank(_voters[1]);
        uint256 votes = GOVERNOR.castVoteWithBalanceProof(id, FOR, headers, proof);
        assertEq(votes, 5_000e18, "one vote per wei");

        vm.warp(snapshot + 7 days + 1);
        GOVERNOR.queue(id);
        vm.warp(snapshot + 9 days + 1);
        GOVERNOR.execute(id);
        assertEq(_PARAMS.get(ParamKeys.BASE_FEE_FLOOR), 2_000_000_000, "fee after");
        assertEq(_PARAMS.get(ParamKeys.PRICE_UNIT_SECOND), 9_999, "price after");
    }

    function testWhoHoldsNothingDecidesNothing() public {
        uint256 id = _proposeBoth();
        uint256 snapshot = GOVERNOR.proposalSnapshot(id);
        vm.warp(snapshot + 1);
        vm.prank(_voters[2]);
        assertEq(GOVERNOR.castVote(id, FOR), 0, "no votes");
        vm.warp(snapshot + 7 days + 1);
        assertEq(
            uint256(GOVERNOR.state(id)),
            uint256(IGovernor.ProposalState.Defeated),
            "defeated"
        );
    }

    function coreParams()
        internal
        pure
        override(SystemTest)
        returns (IProtocolParams.Param[] memory params)
    {
        IProtocolParams.Param[] memory core = SystemTest.coreParams();
        params = new IProtocolParams.Param[](core.length + 1);
        for (uint256 i = 0; i < core.length; ++i) {
            params[i] = core[i];
        }
        params[core.length] = IProtocolParams.Param(
            ParamKeys.PRICE_UNIT_SECOND,
            11_111,
            1,
            1_000_000
        );
    }

    function _proposeBoth() private returns (uint256 id) {
        address[] memory targets = new address[](2);
        bytes[] memory calldatas = new bytes[](2);
        (targets[0], targets[1]) = (Predeploys.PROTOCOL_PARAMS, Predeploys.PROTOCOL_PARAMS);
        calldatas[0] = abi.encodeCall(
            IProtocolParams.set,
            (ParamKeys.BASE_FEE_FLOOR, 2_000_000_000)
        );
        calldatas[1] = abi.encodeCall(IProtocolParams.set, (ParamKeys.PRICE_UNIT_SECOND, 9_999));
        vm.prank(_voters[0]);
        return GOVERNOR.propose(targets, new uint256[](2), calldatas, "fees and prices");
    }
}
