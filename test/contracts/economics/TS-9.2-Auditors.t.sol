// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICouncil} from "../../../contracts/interfaces/ICouncil.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {CouncilTest} from "../governance/CouncilTest.sol";
import {vm} from "../support/Vm.sol";

/// @title TS 9.2: "employ professional auditors"
/// @custom:sentence The Board of Directors will employ professional auditors with relevant
/// experience to ensure the transparency and openness of the use of the tokens and the Tesra
/// blockchain platform.
contract TS92AuditorsTest is CouncilTest {
    address private constant _AUDITOR = address(0xA0D1);

    function setUp() public {
        deployCouncil();
        settleIn();
        decide(abi.encodeCall(ICouncil.hireAuditor, (_AUDITOR)));
    }

    function testTheBoardsAuditorPublishesItsFindings() public {
        vm.expectEmit(Predeploys.COUNCIL);
        emit ICouncil.AuditPublished(_AUDITOR, keccak256("findings"), "ipfs://findings");
        vm.prank(_AUDITOR);
        COUNCIL.publishAudit(keccak256("findings"), "ipfs://findings");
        expectUnauthorized(CHIEF);
        vm.prank(CHIEF);
        COUNCIL.publishAudit(keccak256("all is well"), "ipfs://well");
    }

    function testWhatTheAuditorQuestionsTheBoardHasToAnswerBeforeMoreIsSpent() public {
        uint256 id = request(7e18);
        vm.prank(TREASURER);
        COUNCIL.releaseSpending(id);
        vm.prank(_AUDITOR);
        COUNCIL.questionSpending(id, "where is the receipt");
        vm.expectRevert(
            abi.encodeWithSelector(ICouncil.CouncilQuestionsOpen.selector, RESEARCH, 1)
        );
        request(1e18);
        decide(abi.encodeCall(ICouncil.settleQuestion, (id, bytes32("the receipt"))));
        request(1e18);
        assertEq(COUNCIL.spendingCount(), 2, "goes on");
    }
}
