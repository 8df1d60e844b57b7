// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IOracleHub, TaskAttestation} from "../../../contracts/interfaces/IOracleHub.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {SystemContract} from "../../../contracts/libraries/SystemContract.sol";
import {vm} from "../support/Vm.sol";
import {OracleTest} from "./OracleTest.sol";

/// @notice Committees are drawn by a block that nobody knew when the results were revealed, by
/// collateral, in the size that the price asks for, and never so that a task is stuck.
contract OracleBenchTest is OracleTest {
    address private constant HISTORY = 0x0000F90827F1C53a10cb7A02335B175320002935;

    /// @dev Answers every request with 32 bytes that are the number asked for plus one.
    bytes private constant HISTORY_CODE = hex"5f3560010160005260205ff3";

    function key(uint256 taskId) private pure returns (bytes32) {
        return bytes32(taskId);
    }

    /* SIZE */

    function testThePriceDecidesTheSize() public {
        addOracles(20);
        uint256[6] memory prices = [
            uint256(1),
            10e18 - 1,
            10e18,
            1_000e18 - 1,
            1_000e18,
            100_000e18
        ];
        uint8[6] memory sizes = [4, 4, 7, 7, 13, 13];
        uint8[6] memory quorums = [3, 3, 5, 5, 9, 9];
        for (uint256 i = 0; i < 6; ++i) {
            openDrawn(i + 1, prices[i]);
            (address[] memory members, , uint8 quorum) = ORACLES.committeeOf(i + 1);
            assertEq(members.length, sizes[i], "size");
            assertEq(quorum, quorums[i], "quorum");
            assertDistinct(members);
        }
    }

    function testWithFewerOraclesAllAreTheCommittee() public {
        addOracles(3);
        openDrawn(TASK, 100_000e18);
        (address[] memory members, , uint8 quorum) = ORACLES.committeeOf(TASK);
        assertEq(members.length, 3, "all");
        assertEq(quorum, 2, "two of three");
        for (uint256 i = 0; i < 3; ++i) assertEq(members[i], oracle(i), "in their order");
    }

    function testFiveTimesThePriceIsJustEnoughToBeDrawn() public {
        addOracles(8);
        uint256 drawn = 0;
        for (uint256 id = 1; id <= 20; ++id) {
            // Seven of eight that have 1,000 coins; of the largest it would be the first seven.
            openDrawn(id, 200e18);
            address[] memory members = committee(id);
            for (uint256 i = 0; i < 7; ++i) if (members[i] == oracle(7)) ++drawn;
        }
        assertTrue(drawn > 0, "chance decides");
    }

    /* SECRECY */

    function testNobodyKnowsTheCommitteeBeforeTheNextBlockIsOver() public {
        addOracles(20);
        vm.expectEmit(Predeploys.ORACLE_HUB);
        emit IOracleHub.CommitteeOpened(key(TASK), 1_001, 1, 4);
        vm.prank(Predeploys.TASK_MARKET);
        ORACLES.openCommittee(TASK, PRICE);
        expectNotReady(1_001, 1_000);
        nextBlock(1);
        expectNotReady(1_001, 1_001);
        nextBlock(1);
        assertEq(committee(TASK).length, 4, "drawn");
    }

    function expectNotReady(uint64 seedHeight, uint256 current) private {
        vm.expectRevert(
            abi.encodeWithSelector(IOracleHub.OracleHubSeedNotReady.selector, seedHeight, current)
        );
        ORACLES.committeeOf(TASK);
    }

    function testTheBlockHashDecides() public {
        addOracles(20);
        vm.etch(HISTORY, HISTORY_CODE);
        bytes32 first;
        uint256 different = 0;
        for (uint256 i = 0; i < 8; ++i) {
            open(TASK, PRICE);
            // Out of the EVM's own reach, so the history contract answers: another for each height.
            vm.roll(heightNow() + 400);
            bytes32 drawn = keccak256(abi.encode(committee(TASK)));
            if (i == 0) first = drawn;
            else if (drawn != first) ++different;
        }
        assertTrue(different >= 6, "almost every block draws others");
    }

    function testTheDrawIsByCollateral() public {
        for (uint256 i = 0; i < 10; ++i) addOracle(i, i < 5 ? 1_000e18 : 10_000e18);
        vm.etch(HISTORY, HISTORY_CODE);
        uint256 rich = 0;
        for (uint256 i = 0; i < 100; ++i) {
            open(TASK, PRICE);
            vm.roll(heightNow() + 400);
            address[] memory members = committee(TASK);
            for (uint256 j = 0; j < 4; ++j) {
                for (uint256 k = 5; k < 10; ++k) if (members[j] == oracle(k)) ++rich;
            }
        }
        // By number half of 400 would be rich, by collateral nearly all.
        assertTrue(rich > 330 && rich < 400, "ten times the collateral is drawn far more often");
    }

    function testFuzzMembersAreDistinctAndActive(uint256 seed, uint8 count, uint96 price) public {
        uint256 n = 1 + (count % 16);
        addOracles(n);
        vm.roll(1_000 + (seed % 1_000_000));
        openDrawn(TASK, 1 + (price >> 1));
        address[] memory members = committee(TASK);
        assertDistinct(members);
        for (uint256 i = 0; i < members.length; ++i) {
            assertTrue(ORACLES.oracleOf(members[i]).place != 0, "active");
        }
    }

    /* COLLATERAL */

    function testMembersHaveFiveTimesThePrice() public {
        // 7 of 9 have the 2,500 coins that a report on 500 asks for.
        for (uint256 i = 0; i < 9; ++i) addOracle(i, i < 2 ? 2_500e18 - 1 : 2_500e18);
        openDrawn(TASK, 500e18);
        address[] memory members = committee(TASK);
        assertEq(members.length, 7, "all seven");
        for (uint256 i = 0; i < 7; ++i) {
            assertTrue(members[i] != oracle(0) && members[i] != oracle(1), "enough collateral");
        }
    }

    /// @dev The two largest alone could be known, and bribed, before the result is there.
    function testWhenTooFewHaveEnoughAllAreDrawnFrom() public {
        for (uint256 i = 0; i < 9; ++i) addOracle(i, i < 6 ? 4_500e18 : 4_500e18 - 1);
        uint256 outsiders = 0;
        for (uint256 task = TASK; task < TASK + 20; ++task) {
            openDrawn(task, 900e18);
            address[] memory members = committee(task);
            assertEq(members.length, 7, "seven of nine");
            assertDistinct(members);
            for (uint256 i = 0; i < 7; ++i) {
                if (ORACLES.collateralOf(members[i]) < 4_500e18) ++outsiders;
            }
        }
        // 20 committees of 7 of 9: a third of 140 places, about 47.
        assertTrue(outsiders > 30 && outsiders < 65, "by weight");
    }

    /* FIXING */

    function testAFixedCommitteeStays() public {
        addOracles(10);
        openDrawn(TASK, PRICE);
        (address[] memory members, bytes32 digest, uint8 quorum) = ORACLES.committeeOf(TASK);
        vm.expectEmit(Predeploys.ORACLE_HUB);
        emit IOracleHub.CommitteeFixed(key(TASK), digest, members, quorum);
        ORACLES.fixCommittee(key(TASK));
        vm.prank(members[0]);
        ORACLES.deactivate();
        vm.roll(heightNow() + 10_000);
        (address[] memory later, bytes32 laterDigest, ) = ORACLES.committeeOf(TASK);
        assertEq(keccak256(abi.encode(later)), keccak256(abi.encode(members)), "members");
        assertEq(laterDigest, digest, "digest");
    }

    function testTheCommitteeIsOfThoseActiveWhenItWasOpened() public {
        addOracles(4);
        open(TASK, PRICE);
        addOracle(4);
        vm.prank(oracle(0));
        ORACLES.deactivate();
        nextBlock(1);
        nextBlock(1);
        address[] memory members = committee(TASK);
        for (uint256 i = 0; i < 4; ++i) assertEq(members[i], oracle(i), "as they were");
    }

    function testTheDigestBindsChainHubTaskRoundMembersAndFaults() public {
        addOracles(4);
        openDrawn(TASK, PRICE);
        (address[] memory members, bytes32 digest, ) = ORACLES.committeeOf(TASK);
        bytes32 wanted = keccak256(
            abi.encode(
                block.chainid,
                Predeploys.ORACLE_HUB,
                bytes32(TASK),
                uint16(1),
                members,
                uint8(1)
            )
        );
        assertEq(digest, wanted, "digest");
        openDrawn(TASK + 1, PRICE);
        (, bytes32 other, ) = ORACLES.committeeOf(TASK + 1);
        assertTrue(other != digest, "of another task");
    }

    /* FORGETTING */

    function testAForgottenHashIsDrawnAgain() public {
        addOracles(10);
        vm.etch(HISTORY, HISTORY_CODE);
        open(TASK, PRICE);
        vm.roll(1_001 + 8_191);
        assertEq(committee(TASK).length, 4, "the history still knows it");
        vm.expectRevert(
            abi.encodeWithSelector(IOracleHub.OracleHubSeedNotLost.selector, 1_001, 9_192)
        );
        ORACLES.reopenCommittee(key(TASK));
        vm.roll(1_001 + 8_192);
        vm.expectRevert(
            abi.encodeWithSelector(IOracleHub.OracleHubSeedLost.selector, 1_001, 9_193)
        );
        ORACLES.committeeOf(TASK);
        vm.expectEmit(Predeploys.ORACLE_HUB);
        emit IOracleHub.CommitteeOpened(key(TASK), 9_194, 2, 4);
        vm.prank(STRANGER);
        ORACLES.reopenCommittee(key(TASK));
        nextBlock(1);
        nextBlock(1);
        assertEq(committee(TASK).length, 4, "drawn again");
        ORACLES.fixCommittee(key(TASK));
        vm.roll(heightNow() + 10_000);
        vm.expectRevert(
            abi.encodeWithSelector(IOracleHub.OracleHubSeedNotLost.selector, 9_194, heightNow())
        );
        ORACLES.reopenCommittee(key(TASK));
    }

    function testWithoutTheHistoryOnly256BlocksAreKnown() public {
        addOracles(10);
        vm.etch(HISTORY, "");
        open(TASK, PRICE);
        vm.roll(1_001 + 257);
        vm.expectRevert(
            abi.encodeWithSelector(IOracleHub.OracleHubSeedLost.selector, 1_001, 1_258)
        );
        ORACLES.committeeOf(TASK);
    }

    function testANewCommitteeReplacesTheOld() public {
        addOracles(4);
        openDrawn(TASK, PRICE);
        TaskAttestation memory att = attestation(TASK);
        ORACLES.fixCommittee(key(TASK));
        openDrawn(TASK, PRICE);
        (address[] memory members, bytes32 digest, ) = ORACLES.committeeOf(TASK);
        assertTrue(att.configDigest != digest, "another round");
        bytes memory signatures = signAll(att, members, 7);
        vm.expectRevert(
            abi.encodeWithSelector(
                IOracleHub.OracleHubWrongConfig.selector,
                att.configDigest,
                digest
            )
        );
        ORACLES.submitReport(att, 7, signatures);
    }

    function testOnlyMarketAndCourtOpen() public {
        expectUnauthorized(Predeploys.TASK_MARKET);
        ORACLES.openCommittee(TASK, PRICE);
        expectUnauthorized(Predeploys.DISPUTE_COURT);
        ORACLES.openJury(key(TASK), TASK, 0, 9);
        bytes memory refusal = abi.encodeWithSelector(
            IOracleHub.OracleHubNoCommittee.selector,
            key(TASK)
        );
        vm.expectRevert(refusal);
        ORACLES.committeeOf(TASK);
        vm.expectRevert(refusal);
        ORACLES.reopenCommittee(key(TASK));
    }

    function expectUnauthorized(address required) private {
        vm.expectRevert(
            abi.encodeWithSelector(
                SystemContract.SystemContractUnauthorized.selector,
                address(this),
                required
            )
        );
    }

    function assertDistinct(address[] memory list) private pure {
        for (uint256 i = 0; i < list.length; ++i) {
            for (uint256 j = 0; j < i; ++j) assertTrue(list[i] != list[j], "distinct");
        }
    }
}
