// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICouncil} from "../../../contracts/interfaces/ICouncil.sol";
import {ParamKeys} from "../../../contracts/libraries/ParamKeys.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {PocaGovernor} from "../../../contracts/governance/PocaGovernor.sol";
import {CouncilTest} from "../governance/CouncilTest.sol";
import {vm} from "../support/Vm.sol";

/// @title TS 9.2: "fund management, accounting, and cost control"
/// @custom:sentence To allow the Foundation to use its capital and resources in an open, fair, and
/// transparent manner
/// @custom:sentence adjust the parameters of the Tesra blockchain platform and Tesra ecosystem over
/// time, and determine the next stage of R&D.
/// @custom:sentence The finance and personnel committee is responsible for managing the
/// Foundation's financial and personnel affairs, such as fund management, accounting, and cost
/// control.
contract TS92CommitteesTest is CouncilTest {
    function setUp() public {
        deployCouncil();
        settleIn();
    }

    function testNothingIsSpentWithoutFinance() public {
        uint256 id = request(7e18);
        assertEq(SUPPLIER.balance, 0, "asked for");
        address[3] memory others = [RESEARCHER, CHIEF, director(1)];
        for (uint256 i = 0; i < 3; ++i) {
            expectUnauthorized(others[i]);
            vm.prank(others[i]);
            COUNCIL.releaseSpending(id);
        }
        vm.prank(TREASURER);
        COUNCIL.releaseSpending(id);
        assertEq(SUPPLIER.balance, 7e18, "released");
    }

    function testEveryPaymentIsOnShowWithPayeeAmountAndPurpose() public {
        uint256 id = request(7e18);
        vm.prank(TREASURER);
        COUNCIL.releaseSpending(id);
        ICouncil.Spending memory spending = COUNCIL.spendings(id, 1)[0];
        assertEq(spending.to, SUPPLIER, "to whom");
        assertEq(spending.amount, 7e18, "how much");
        assertEq(spending.requester, RESEARCHER, "who asked");
        assertEq(spending.requestedAt, GENESIS_TIME, "when");
        assertEq(keccak256(bytes(spending.purpose)), keccak256("measuring"), "what for");
    }

    function testResearchPutsNewParametersToTheVote() public {
        bytes32[] memory keys = new bytes32[](1);
        uint256[] memory values = new uint256[](1);
        (keys[0], values[0]) = (ParamKeys.TASK_FEE_BPS, 300);
        vm.prank(RESEARCHER);
        uint256 id = COUNCIL.proposeParameters(keys, values, "a lower fee");
        PocaGovernor governor = PocaGovernor(payable(Predeploys.POCA_GOVERNOR));
        assertEq(governor.proposalProposer(id), Predeploys.COUNCIL, "for the foundation");
        (address[] memory targets, , , ) = governor.proposalDetails(id);
        assertEq(targets[0], Predeploys.PROTOCOL_PARAMS, "a parameter");
    }
}
