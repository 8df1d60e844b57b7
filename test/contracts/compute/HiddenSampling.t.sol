// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {TaskAttestation} from "../../../contracts/interfaces/IOracleHub.sol";
import {IProtocolParams} from "../../../contracts/interfaces/IProtocolParams.sol";
import {ITaskBook} from "../../../contracts/interfaces/ITaskBook.sol";
import {ParamKeys} from "../../../contracts/libraries/ParamKeys.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {vm} from "../support/Vm.sol";
import {ComputeTest} from "./ComputeTest.sol";

/// @notice Who pays for the second look at a slot that chance has marked: the oracles' part of the
/// platform's fee. The task costs 5 coins, of which 2.5 % are the fee.
contract HiddenSamplingTest is ComputeTest {
    uint256 private constant ACTIVE = 8;

    function setUp() public {
        deployCompute();
        proveWorkers(1);
        for (uint256 i = ORACLE_COUNT; i < ACTIVE; ++i) {
            vm.prank(Predeploys.TIMELOCK);
            ORACLES.admit(oracle(i));
        }
        activateOracles(ACTIVE);
    }

    function testWithoutAMarkTheFirstCommitteeHasTheWholeOracleFee() public {
        uint256 taskId = judged(0);
        (address[] memory members, , ) = ORACLES.recheckOf(taskId, 0);
        assertEq(members.length, 0, "not marked");
        settle(taskId);
        // 0.05 coins for three signers.
        assertEq(claimAll(taskId), 0.05e18, "all claimed");
    }

    function testTheSecondCheckIsPaidFromTheOraclesPartOfTheFee() public {
        uint256 taskId = judged(10_000);
        (address[] memory members, bytes32 digest, ) = ORACLES.recheckOf(taskId, 0);
        TaskAttestation memory att = attestation(taskId, 0);
        att.configDigest = digest;
        ORACLES.submitRecheck(att, 7, signedBy(members, att));
        // To client, worker, treasury and the burn it makes no difference.
        settle(taskId);
        uint256 toSecond = 0;
        for (uint256 i = 0; i < 3; ++i) toSecond += claim(taskId, members[i]);
        assertEq(toSecond, 0.0125e18, "a quarter of 0.05 coins");
        assertEq(claimAll(taskId), 0.0375e18, "the rest is the first committee's");
    }

    /// @dev A task whose only slot was attested while so many slots were marked; the mark is known.
    function judged(uint256 recheckBps) private returns (uint256 taskId) {
        vm.prank(Predeploys.TIMELOCK);
        IProtocolParams(Predeploys.PROTOCOL_PARAMS).set(ParamKeys.ORACLE_RECHECK_BPS, recheckBps);
        ITaskBook.TaskSpec memory s = spec(1);
        s.price = 5e18;
        taskId = start(s);
        pass(EXPECTED);
        commitAll(taskId);
        revealAll(taskId);
        drawCommittee();
        TaskAttestation memory att = attestation(taskId, 0);
        (address[] memory members, , ) = ORACLES.committeeOf(taskId);
        ORACLES.submitReport(att, 7, signedBy(members, att));
        drawCommittee();
    }

    /// @dev Everybody gets the same, whether a slot was marked or not.
    function settle(uint256 taskId) private {
        passDeadline(taskId);
        MARKET.finalize(taskId);
        assertEq(ESCROW.creditOf(CLIENT), 2.5e18, "the client paid 5 of 7.5");
        assertEq(ESCROW.creditOf(worker(0)), 4.875e18, "worker");
        assertEq(ESCROW.creditOf(Predeploys.ORACLE_HUB), 0.05e18, "oracles");
        assertEq(ESCROW.creditOf(Predeploys.TREASURY), 0.05e18, "treasury");
        assertEq(Predeploys.SUPPLY_METER.balance, 0.025e18, "burned");
    }

    /// @dev By the first three.
    function signedBy(
        address[] memory members,
        TaskAttestation memory att
    ) private view returns (bytes memory signatures) {
        bytes32 digest = ORACLES.hashTaskAttestation(att);
        for (uint256 i = 0; i < 3; ++i) {
            uint256 j = 0;
            while (oracle(j) != members[i]) ++j;
            signatures = bytes.concat(signatures, signOne(digest, oracleKey(j)));
        }
    }

    function claim(uint256 taskId, address account) private returns (uint256) {
        vm.prank(account);
        return ORACLES.claimFee(taskId, 0);
    }

    /// @dev What the signers of the first report get.
    function claimAll(uint256 taskId) private returns (uint256 sum) {
        address[] memory signers = ORACLES.signersOf(taskId, 0);
        for (uint256 i = 0; i < signers.length; ++i) sum += claim(taskId, signers[i]);
    }
}
