// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IOracleHub, TaskAttestation, Verdict} from "../../../contracts/interfaces/IOracleHub.sol";
import {ICollateralVault} from "../../../contracts/interfaces/ICollateralVault.sol";
import {ITaskBook} from "../../../contracts/interfaces/ITaskBook.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {SystemContract} from "../../../contracts/libraries/SystemContract.sol";
import {vm} from "../support/Vm.sol";
import {ComputeTest} from "./ComputeTest.sol";

/// @notice Exactly m members' signatures, in order, about exactly this slot. Four oracles, so f = 1
/// and m = 3.
contract OracleHubTest is ComputeTest {
    uint256 internal constant S_MAX = 2 ** 255 - 1;
    uint32 internal constant FIRST_THREE = 7;

    function setUp() public {
        deployCompute();
        proveWorkers(2);
    }

    function attesting() internal returns (uint256 taskId, TaskAttestation memory att) {
        activateOracles(4);
        taskId = start(spec(1));
        pass(EXPECTED);
        commitAll(taskId);
        revealAll(taskId);
        drawCommittee();
        att = attestation(taskId, 0);
    }

    function submit(TaskAttestation memory att, uint32 bitmap) internal {
        ORACLES.submitReport(att, bitmap, sign(ORACLES.hashTaskAttestation(att), bitmap));
    }

    /* MEMBERSHIP */

    function testMembersFollowFromAdmissionAndCollateral() public {
        giveCollateral(oracle(0), 1_000e18);
        vm.expectEmit(Predeploys.ORACLE_HUB);
        emit IOracleHub.OracleActivated(oracle(0), 1_000e18);
        vm.prank(oracle(0));
        ORACLES.activate();
        assertEq(ORACLES.members().length, 1, "members");
        assertEq(VAULT.lockedOf(oracle(0)), 1_000e18, "locked");
        vm.prank(oracle(0));
        vm.expectRevert(
            abi.encodeWithSelector(IOracleHub.OracleHubAlreadyActive.selector, oracle(0))
        );
        ORACLES.activate();
        vm.expectEmit(Predeploys.ORACLE_HUB);
        emit IOracleHub.OracleDeactivated(oracle(0), uint40(time() + 28 days));
        vm.prank(oracle(0));
        ORACLES.deactivate();
        assertEq(VAULT.lockedOf(oracle(0)), 1_000e18, "still forfeitable");
        vm.prank(oracle(0));
        vm.expectRevert(abi.encodeWithSelector(IOracleHub.OracleHubNotActive.selector, oracle(0)));
        ORACLES.deactivate();
    }

    function testWithoutCollateralNobodyIsActive() public {
        vm.prank(oracle(0));
        vm.expectRevert(
            abi.encodeWithSelector(
                ICollateralVault.CollateralVaultInsufficientFree.selector,
                oracle(0),
                1_000e18,
                0
            )
        );
        ORACLES.activate();
        vm.prank(STRANGER);
        vm.expectRevert(abi.encodeWithSelector(IOracleHub.OracleHubNotAdmitted.selector, STRANGER));
        ORACLES.activate();
    }

    function testTheTimelockAdmitsAndRemoves() public {
        bytes memory refusal = abi.encodeWithSelector(
            SystemContract.SystemContractUnauthorized.selector,
            address(this),
            Predeploys.TIMELOCK
        );
        vm.expectRevert(refusal);
        ORACLES.admit(STRANGER);
        vm.expectRevert(refusal);
        ORACLES.remove(STRANGER);
        activateOracles(4);
        vm.startPrank(Predeploys.TIMELOCK);
        vm.expectEmit(Predeploys.ORACLE_HUB);
        emit IOracleHub.OracleAdmitted(STRANGER);
        ORACLES.admit(STRANGER);
        vm.expectRevert(
            abi.encodeWithSelector(IOracleHub.OracleHubAlreadyAdmitted.selector, STRANGER)
        );
        ORACLES.admit(STRANGER);
        vm.expectEmit(Predeploys.ORACLE_HUB);
        emit IOracleHub.OracleRemoved(oracle(1));
        ORACLES.remove(oracle(1));
        vm.expectRevert(
            abi.encodeWithSelector(IOracleHub.OracleHubNotAdmitted.selector, oracle(1))
        );
        ORACLES.remove(oracle(1));
        vm.stopPrank();
        address[] memory members = ORACLES.members();
        assertEq(members.length, 3, "members");
        assertEq(members[1], oracle(3), "the last took the place");
        assertEq(VAULT.lockedOf(oracle(1)), 1_000e18, "collateral of the removed");
    }

    function testTheConfigBindsChainHubMembersAndQuorum() public {
        activateOracles(3);
        giveCollateral(oracle(3), 1_000e18);
        address[] memory members = new address[](4);
        for (uint256 i = 0; i < 4; ++i) members[i] = oracle(i);
        // The fifth configuration: one of the start and four of the members.
        bytes32 digest = keccak256(
            abi.encode(
                block.chainid,
                Predeploys.ORACLE_HUB,
                uint256(5),
                members,
                uint8(1),
                uint8(3)
            )
        );
        vm.expectEmit(Predeploys.ORACLE_HUB);
        emit IOracleHub.ConfigChanged(digest, members, 1, 3);
        vm.prank(oracle(3));
        ORACLES.activate();
        assertEq(ORACLES.configDigest(), digest, "digest");
        assertEq(ORACLES.quorum(), 3, "quorum");
    }

    function testQuorumsShareAnHonestMember() public {
        uint8[32] memory quorums = [
            1,
            1,
            2,
            2,
            3,
            4,
            4,
            5,
            6,
            6,
            7,
            8,
            8,
            9,
            10,
            10,
            11,
            12,
            12,
            13,
            14,
            14,
            15,
            16,
            16,
            17,
            18,
            18,
            19,
            20,
            20,
            21
        ];
        assertEq(ORACLES.quorum(), quorums[0], "of nobody");
        for (uint256 n = 1; n < 32; ++n) {
            address account = address(uint160(0x9000 + n));
            vm.prank(Predeploys.TIMELOCK);
            ORACLES.admit(account);
            giveCollateral(account, 1_000e18);
            vm.prank(account);
            ORACLES.activate();
            assertEq(ORACLES.quorum(), quorums[n], "of n");
        }
        giveCollateral(oracle(0), 1_000e18);
        vm.prank(oracle(0));
        vm.expectRevert(abi.encodeWithSelector(IOracleHub.OracleHubFull.selector, 31));
        ORACLES.activate();
    }

    /* REPORTS */

    function testTheDomainIsThePredeploys() public {
        (, TaskAttestation memory att) = attesting();
        bytes32 domain = keccak256(
            abi.encode(
                keccak256(
                    "EIP712Domain(string name,string version,uint256 chainId,"
                    "address verifyingContract)"
                ),
                keccak256("POCA Task Oracle"),
                keccak256("1"),
                block.chainid,
                Predeploys.ORACLE_HUB
            )
        );
        bytes32 typehash = keccak256(
            "TaskAttestation(bytes32 configDigest,uint256 taskId,uint32 slot,uint32 attempt,"
            "uint8 verdict,bytes32 resultRoot,bytes32 inputRoot,uint64 workUnits,"
            "bytes32 evidenceRoot,uint40 validUntil)"
        );
        bytes32 structHash = keccak256(
            bytes.concat(
                abi.encode(
                    typehash,
                    att.configDigest,
                    att.taskId,
                    att.slot,
                    att.attempt,
                    att.verdict
                ),
                abi.encode(
                    att.resultRoot,
                    att.inputRoot,
                    att.workUnits,
                    att.evidenceRoot,
                    att.validUntil
                )
            )
        );
        assertEq(
            ORACLES.hashTaskAttestation(att),
            keccak256(abi.encodePacked(hex"1901", domain, structHash)),
            "digest"
        );
    }

    function testAQuorumJudgesASlot() public {
        (uint256 taskId, TaskAttestation memory att) = attesting();
        bytes memory signatures = sign(ORACLES.hashTaskAttestation(att), 0xB);
        vm.expectEmit(Predeploys.ORACLE_HUB);
        emit IOracleHub.SlotAttested(taskId, 0, Verdict.Valid, rootOf(0), 0xB);
        vm.expectEmit(Predeploys.TASK_MARKET);
        emit ITaskBook.SlotVerdict(taskId, 0, Verdict.Valid);
        ORACLES.submitReport(att, 0xB, signatures);
        assertState(taskId, ITaskBook.TaskState.Challenge);
        address[] memory signers = ORACLES.signersOf(taskId, 0);
        assertEq(signers.length, 3, "signers");
        assertEq(signers[2], oracle(3), "the third");
        vm.expectRevert(
            abi.encodeWithSelector(IOracleHub.OracleHubAlreadyAttested.selector, taskId, 0, 0)
        );
        ORACLES.submitReport(att, 0xB, signatures);
    }

    function testOneMoreOrLessThanTheQuorumIsRefused() public {
        (, TaskAttestation memory att) = attesting();
        bytes4 selector = IOracleHub.OracleHubWrongSignatureCount.selector;
        bytes32 digest = ORACLES.hashTaskAttestation(att);
        bytes memory signatures = sign(digest, 3);
        vm.expectRevert(abi.encodeWithSelector(selector, 2, 3));
        ORACLES.submitReport(att, 3, signatures);
        vm.expectRevert(abi.encodeWithSelector(selector, 2, 3));
        ORACLES.submitReport(att, 7, signatures);
        signatures = sign(digest, 15);
        vm.expectRevert(abi.encodeWithSelector(selector, 4, 3));
        ORACLES.submitReport(att, 15, signatures);
        vm.expectRevert(abi.encodeWithSelector(selector, 4, 3));
        ORACLES.submitReport(att, 7, signatures);
    }

    function testSignaturesComeInTheMembersOrder() public {
        (, TaskAttestation memory att) = attesting();
        bytes32 digest = ORACLES.hashTaskAttestation(att);
        bytes memory signatures = bytes.concat(
            signOne(digest, oracleKey(1)),
            signOne(digest, oracleKey(0)),
            signOne(digest, oracleKey(2))
        );
        vm.expectRevert(
            abi.encodeWithSelector(IOracleHub.OracleHubUnknownSigner.selector, 0, oracle(1))
        );
        ORACLES.submitReport(att, FIRST_THREE, signatures);
        signatures = bytes.concat(
            signOne(digest, oracleKey(0)),
            signOne(digest, oracleKey(0)),
            signOne(digest, oracleKey(2))
        );
        vm.expectRevert(
            abi.encodeWithSelector(IOracleHub.OracleHubUnknownSigner.selector, 1, oracle(0))
        );
        ORACLES.submitReport(att, FIRST_THREE, signatures);
    }

    function testSeatsThatDoNotExistCannotSign() public {
        (, TaskAttestation memory att) = attesting();
        bytes32 digest = ORACLES.hashTaskAttestation(att);
        uint32 bitmap = (1 << 31) | 3;
        bytes memory signatures = sign(digest, bitmap);
        vm.expectRevert(
            abi.encodeWithSelector(IOracleHub.OracleHubUnknownSigner.selector, 31, oracle(31))
        );
        ORACLES.submitReport(att, bitmap, signatures);
    }

    function testAHighSIsRefused() public {
        (, TaskAttestation memory att) = attesting();
        bytes32 digest = ORACLES.hashTaskAttestation(att);
        (, bytes32 r, ) = vm.sign(oracleKey(0), digest);
        // The largest s that the compact form can hold is above half the order.
        bytes memory signatures = bytes.concat(
            abi.encodePacked(r, bytes32(S_MAX)),
            signOne(digest, oracleKey(1)),
            signOne(digest, oracleKey(2))
        );
        vm.expectRevert(
            abi.encodeWithSelector(IOracleHub.OracleHubUnknownSigner.selector, 0, address(0))
        );
        ORACLES.submitReport(att, FIRST_THREE, signatures);
    }

    function testAReportRunsOut() public {
        (, TaskAttestation memory att) = attesting();
        vm.warp(uint256(att.validUntil) + 1);
        bytes memory signatures = sign(ORACLES.hashTaskAttestation(att), FIRST_THREE);
        vm.expectRevert(
            abi.encodeWithSelector(IOracleHub.OracleHubExpired.selector, att.validUntil)
        );
        ORACLES.submitReport(att, FIRST_THREE, signatures);
        vm.warp(uint256(att.validUntil));
        ORACLES.submitReport(att, FIRST_THREE, signatures);
    }

    function testAReportIsAboutThisSlot() public {
        (uint256 taskId, TaskAttestation memory att) = attesting();
        bytes4 subject = IOracleHub.OracleHubWrongSubject.selector;

        att.slot = 256;
        expectRefusal(att, abi.encodeWithSelector(subject, bytes32("slot"), 256, 255));
        att.slot = 1;
        expectRefusal(
            att,
            abi.encodeWithSelector(ITaskBook.TaskMarketUnknownSlot.selector, taskId, 1)
        );
        att.slot = 0;
        att.verdict = Verdict.None;
        expectRefusal(att, abi.encodeWithSelector(subject, bytes32("verdict"), 0, 1));
        att.verdict = Verdict.Valid;
        att.inputRoot = bytes32(uint256(5));
        expectRefusal(
            att,
            abi.encodeWithSelector(subject, bytes32("inputRoot"), 5, keccak256(MANIFEST))
        );
        att.inputRoot = keccak256(MANIFEST);
        att.workUnits = 159;
        expectRefusal(att, abi.encodeWithSelector(subject, bytes32("workUnits"), 159, 160));
        att.workUnits = 160;
        att.attempt = 1;
        expectRefusal(att, abi.encodeWithSelector(subject, bytes32("attempt"), 1, 0));
        att.attempt = 0;
        att.resultRoot = "other";
        expectRefusal(
            att,
            abi.encodeWithSelector(subject, bytes32("resultRoot"), bytes32("other"), rootOf(0))
        );
        att.resultRoot = rootOf(0);
        bytes32 digest = att.configDigest;
        att.configDigest = "other";
        expectRefusal(
            att,
            abi.encodeWithSelector(
                IOracleHub.OracleHubWrongConfig.selector,
                bytes32("other"),
                digest
            )
        );
        att.configDigest = digest;
        submit(att, FIRST_THREE);
    }

    function expectRefusal(TaskAttestation memory att, bytes memory refusal) internal {
        bytes memory signatures = sign(ORACLES.hashTaskAttestation(att), FIRST_THREE);
        vm.expectRevert(refusal);
        ORACLES.submitReport(att, FIRST_THREE, signatures);
    }

    function testAReportOfTwoMembersIsRefused() public {
        activateOracles(2);
        uint256 taskId = start(spec(1));
        commitAll(taskId);
        revealAll(taskId);
        drawCommittee();
        TaskAttestation memory att = attestation(taskId, 0);
        bytes memory signatures = sign(ORACLES.hashTaskAttestation(att), 3);
        vm.expectRevert(abi.encodeWithSelector(IOracleHub.OracleHubTooFewMembers.selector, 2, 3));
        ORACLES.submitReport(att, 3, signatures);
    }

    function testTheCommitteeOfAnOpenTaskStaysWhateverMembersDo() public {
        (uint256 taskId, TaskAttestation memory att) = attesting();
        vm.prank(oracle(0));
        ORACLES.deactivate();
        assertTrue(ORACLES.configDigest() != att.configDigest, "the configuration changed");
        submit(att, FIRST_THREE);
        assertState(taskId, ITaskBook.TaskState.Challenge);
        assertEq(ORACLES.signersOf(taskId, 0)[0], oracle(0), "the one who left");
    }

    /* FEES */

    function testSignersShareTheFeeToTheLastWei() public {
        (uint256 taskId, TaskAttestation memory att) = attesting();
        submit(att, 0xD);
        passDeadline(taskId);
        // 2.5 % of 100 coins is 2.5; four tenths of it are the oracles'.
        vm.expectEmit(Predeploys.ORACLE_HUB);
        emit IOracleHub.OracleFeeCredited(taskId, 0, 1e18);
        MARKET.finalize(taskId);
        assertEq(ESCROW.creditOf(Predeploys.ORACLE_HUB), 1e18, "credit of the hub");
        uint256 sum = 0;
        uint256[3] memory shares = [
            uint256(333333333333333333),
            333333333333333333,
            333333333333333334
        ];
        uint256[3] memory who = [uint256(0), 2, 3];
        for (uint256 i = 0; i < 3; ++i) {
            vm.expectEmit(Predeploys.ORACLE_HUB);
            emit IOracleHub.OracleFeeClaimed(oracle(who[i]), shares[i]);
            vm.prank(oracle(who[i]));
            sum += ORACLES.claimFee(taskId, 0);
            assertEq(oracle(who[i]).balance, shares[i], "paid");
        }
        assertEq(sum, 1e18, "all of it");
        assertEq(Predeploys.ORACLE_HUB.balance, 0, "nothing stays");
        expectNoFee(taskId, oracle(0));
        expectNoFee(taskId, oracle(1));
        expectNoFee(taskId + 1, oracle(0));
    }

    function expectNoFee(uint256 taskId, address account) internal {
        vm.prank(account);
        vm.expectRevert(
            abi.encodeWithSelector(IOracleHub.OracleHubNoFee.selector, taskId, 0, account)
        );
        ORACLES.claimFee(taskId, 0);
    }

    function testASignerThatRefusesCoinLosesNothing() public {
        (uint256 taskId, TaskAttestation memory att) = attesting();
        submit(att, FIRST_THREE);
        passDeadline(taskId);
        MARKET.finalize(taskId);
        // PUSH0 PUSH0 REVERT
        vm.etch(oracle(0), hex"5f5ffd");
        vm.prank(oracle(0));
        vm.expectRevert(
            abi.encodeWithSelector(
                IOracleHub.OracleHubTransferFailed.selector,
                oracle(0),
                333333333333333333
            )
        );
        ORACLES.claimFee(taskId, 0);
        vm.etch(oracle(0), "");
        vm.prank(oracle(0));
        ORACLES.claimFee(taskId, 0);
    }

    function testOnlyTheMarketCreditsAndOnlyTheEscrowPays() public {
        vm.expectRevert(
            abi.encodeWithSelector(
                SystemContract.SystemContractUnauthorized.selector,
                address(this),
                Predeploys.TASK_MARKET
            )
        );
        ORACLES.creditFee(1, 0, 1);
        vm.deal(address(this), 1);
        (bool ok, ) = Predeploys.ORACLE_HUB.call{value: 1}("");
        assertTrue(!ok, "strangers cannot send coin");
    }
}
