// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {IOracleBallot} from "../../../contracts/interfaces/IOracleBallot.sol";
import {
    IOracleHub,
    Offence,
    TaskAttestation,
    Verdict
} from "../../../contracts/interfaces/IOracleHub.sol";
import {ParamKeys} from "../../../contracts/libraries/ParamKeys.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {SystemContract} from "../../../contracts/libraries/SystemContract.sol";
import {vm} from "../support/Vm.sol";
import {OracleTest} from "./OracleTest.sol";

/// @notice What each offence costs, who gets it, and how collateral leaves.
contract OracleSlashingTest is OracleTest {
    address private constant FINDER = address(0xF14D);

    function setUp() public override {
        super.setUp();
        addOracles(5);
    }

    function slash(
        Offence offence,
        IOracleHub.Claim memory claim
    ) private returns (uint256 toSponsor) {
        vm.prank(Predeploys.DISPUTE_COURT);
        return ORACLES.slash(oracle(0), offence, claim);
    }

    function nobody() private pure returns (IOracleHub.Claim memory claim) {}

    function expectSlashed(
        Offence offence,
        uint256 seized,
        uint256 toSponsor,
        uint256 toFinder
    ) private {
        vm.expectEmit(Predeploys.ORACLE_HUB);
        emit IOracleHub.OracleSlashed(
            oracle(0),
            offence,
            seized,
            toSponsor,
            toFinder,
            seized - toSponsor - toFinder
        );
    }

    /* THE TABLE */

    function testEquivocationCostsEverythingAndTheAdmission() public {
        expectSlashed(Offence.Equivocation, 1_000e18, 0, 100e18);
        slash(Offence.Equivocation, IOracleHub.Claim(SPONSOR, 0, FINDER));
        assertEq(ORACLES.collateralOf(oracle(0)), 0, "all of it");
        assertEq(VAULT.freeOf(FINDER), 100e18, "a tenth");
        assertTrue(!ORACLES.oracleOf(oracle(0)).isAdmitted, "not admitted");
        assertEq(ORACLES.members().length, 4, "not a member");
        vm.prank(oracle(0));
        vm.expectRevert(
            abi.encodeWithSelector(IOracleHub.OracleHubNotAdmitted.selector, oracle(0))
        );
        ORACLES.activate();
    }

    function testTheSponsorsDamageComesFirst() public {
        expectSlashed(Offence.Equivocation, 1_000e18, 950e18, 50e18);
        uint256 paid = slash(Offence.Equivocation, IOracleHub.Claim(SPONSOR, 950e18, FINDER));
        assertEq(paid, 950e18, "returned");
        assertEq(VAULT.freeOf(SPONSOR), 950e18, "sponsor");
        assertEq(VAULT.freeOf(FINDER), 50e18, "what is left of the tenth");
    }

    function testTheBlocksProducerEarnsNothing() public {
        expectSlashed(Offence.Unrevealed, 20e18, 0, 0);
        slash(Offence.Unrevealed, IOracleHub.Claim(SPONSOR, 0, PROPOSER));
        assertEq(VAULT.freeOf(PROPOSER), 0, "burned instead");
    }

    function testAHiddenVerdictNotRevealedCosts2Percent() public {
        expectSlashed(Offence.Unrevealed, 20e18, 0, 2e18);
        slash(Offence.Unrevealed, IOracleHub.Claim(SPONSOR, 0, FINDER));
        assertEq(ORACLES.collateralOf(oracle(0)), 980e18, "the rest");
    }

    function testSilenceCostsAThousandthAndTheThirdInADayJails() public {
        expectSlashed(Offence.Silent, 1e18, 0, 0);
        slash(Offence.Silent, nobody());
        slash(Offence.Silent, nobody());
        assertEq(ORACLES.members().length, 5, "still a member");
        vm.expectEmit(Predeploys.ORACLE_HUB);
        emit IOracleHub.OracleJailed(oracle(0), uint40(timeNow() + 7 days));
        slash(Offence.Silent, nobody());
        assertEq(ORACLES.members().length, 4, "jailed");
        vm.startPrank(oracle(0));
        vm.expectRevert(
            abi.encodeWithSelector(
                IOracleHub.OracleHubJailed.selector,
                oracle(0),
                timeNow() + 7 days
            )
        );
        ORACLES.activate();
        vm.stopPrank();
        vm.warp(timeNow() + 7 days);
        giveCollateral(oracle(0), 3e18);
        vm.prank(oracle(0));
        ORACLES.activate();
        assertEq(ORACLES.collateralOf(oracle(0)), 1_000e18, "topped up");
    }

    function testSilencesOfDifferentDaysDoNotAddUp() public {
        slash(Offence.Silent, nobody());
        slash(Offence.Silent, nobody());
        vm.warp(timeNow() + 1 days);
        slash(Offence.Silent, nobody());
        assertEq(ORACLES.members().length, 5, "a member");
    }

    function testAFalseValidCostsEachSignerHalf() public {
        openDrawn(TASK, PRICE);
        report(TASK, Verdict.Valid);
        address[] memory signers = ORACLES.signersOf(TASK, 0);
        assertEq(signers.length, 3, "signers");
        vm.prank(Predeploys.DISPUTE_COURT);
        uint256 paid = ORACLES.slashSigners(
            TASK,
            0,
            false,
            Offence.FalseValid,
            IOracleHub.Claim(SPONSOR, 600e18, FINDER)
        );
        assertEq(paid, 600e18, "the damage");
        assertEq(VAULT.freeOf(SPONSOR), 600e18, "made good");
        for (uint256 i = 0; i < 3; ++i) {
            assertEq(ORACLES.collateralOf(signers[i]), 500e18, "half");
            assertEq(ORACLES.oracleOf(signers[i]).place, 0, "out until it adds collateral");
        }
        // A tenth of the second's and the third's 500; the first's all went to the sponsor.
        assertEq(VAULT.freeOf(FINDER), 100e18, "finder");
        vm.prank(Predeploys.DISPUTE_COURT);
        paid = ORACLES.slashSigners(
            TASK,
            0,
            false,
            Offence.FalseValid,
            IOracleHub.Claim(SPONSOR, 1e18, FINDER)
        );
        assertEq(paid, 0, "once");
    }

    function testAnOverturnedVerdictCosts5PercentDoublingWithin90Days() public {
        // 5 % of 1,000, 10 % of 950, 20 % of 855.
        uint256[3] memory left = [uint256(950e18), 855e18, 684e18];
        for (uint256 i = 3; i < 5; ++i) {
            vm.prank(oracle(i));
            ORACLES.deactivate();
        }
        for (uint256 i = 0; i < 3; ++i) {
            openDrawn(TASK + i, PRICE);
            report(TASK + i, Verdict.Valid);
            overturn(TASK + i);
            assertEq(ORACLES.collateralOf(oracle(0)), left[i], "left");
        }
        vm.warp(timeNow() + 90 days + 1);
        openDrawn(TASK + 9, PRICE);
        report(TASK + 9, Verdict.Valid);
        overturn(TASK + 9);
        assertEq(ORACLES.collateralOf(oracle(0)), 649.8e18, "5 % again after 90 days");
    }

    function testTheLastSecondOfThe90DaysStillDoubles() public {
        for (uint256 i = 3; i < 5; ++i) {
            vm.prank(oracle(i));
            ORACLES.deactivate();
        }
        for (uint256 i = 0; i < 2; ++i) {
            openDrawn(TASK + i, PRICE);
            report(TASK + i, Verdict.Valid);
        }
        overturn(TASK);
        vm.warp(timeNow() + 90 days);
        overturn(TASK + 1);
        assertEq(ORACLES.collateralOf(oracle(0)), 855e18, "10 % of 950");
    }

    function testAVerdictIsOverturnedOnceAndMayStillBeProvedFalse() public {
        for (uint256 i = 3; i < 5; ++i) {
            vm.prank(oracle(i));
            ORACLES.deactivate();
        }
        openDrawn(TASK, PRICE);
        report(TASK, Verdict.Valid);
        overturn(TASK);
        overturn(TASK);
        assertEq(ORACLES.collateralOf(oracle(0)), 950e18, "5 % once");
        vm.prank(Predeploys.DISPUTE_COURT);
        ORACLES.slashSigners(TASK, 0, false, Offence.FalseValid, nobody());
        assertEq(ORACLES.collateralOf(oracle(0)), 475e18, "half of what was left");
    }

    function overturn(uint256 taskId) private {
        vm.prank(Predeploys.DISPUTE_COURT);
        ORACLES.slashSigners(taskId, 0, false, Offence.Overturned, nobody());
    }

    /* CONSERVATION */

    function testFuzzWhatIsSeizedIsSplitToTheLastWei(
        uint96 extra,
        uint128 damage,
        uint8 kind,
        bool hasFinder
    ) public {
        uint256 more = extra % 1e24;
        giveCollateral(oracle(0), more + 1);
        vm.prank(oracle(0));
        // Cast: below 1e24.
        ORACLES.addCollateral(uint96(more + 1));
        Offence offence = [Offence.Equivocation, Offence.Unrevealed, Offence.Silent][kind % 3];
        uint256 bps = [uint256(10_000), 200, 10][kind % 3];
        uint256 held = ORACLES.collateralOf(oracle(0));
        uint256 vault = address(VAULT).balance;
        slash(offence, IOracleHub.Claim(SPONSOR, damage, hasFinder ? FINDER : address(0)));
        uint256 seized = held - ORACLES.collateralOf(oracle(0));
        assertEq(seized, (held * bps + 9_999) / 10_000, "the table's part, rounded up");
        uint256 toSponsor = VAULT.freeOf(SPONSOR);
        uint256 toFinder = VAULT.freeOf(FINDER);
        uint256 burned = vault - address(VAULT).balance;
        assertEq(toSponsor + toFinder + burned, seized, "nothing is made or lost");
        assertEq(toSponsor, damage < seized ? damage : seized, "damage first");
        assertTrue(toFinder <= seized / 10, "a tenth at most");
        if (!hasFinder) assertEq(toFinder, 0, "nobody found it");
    }

    /* LEAVING */

    function testCollateralStaysForfeitableFor28Days() public {
        vm.prank(oracle(0));
        ORACLES.deactivate();
        uint256 until = timeNow() + 28 days;
        vm.warp(until - 1);
        vm.expectRevert(
            abi.encodeWithSelector(IOracleHub.OracleHubStillBonded.selector, oracle(0), until)
        );
        ORACLES.release(oracle(0));
        slash(Offence.Unrevealed, nobody());
        vm.warp(until);
        vm.expectEmit(Predeploys.ORACLE_HUB);
        emit IOracleHub.OracleReleased(oracle(0), 980e18);
        vm.prank(STRANGER);
        ORACLES.release(oracle(0));
        assertEq(VAULT.freeOf(oracle(0)), 980e18, "free");
        vm.expectRevert(
            abi.encodeWithSelector(IOracleHub.OracleHubNothingLocked.selector, oracle(0))
        );
        ORACLES.release(oracle(0));
    }

    function testAnActiveOracleIsNotReleased() public {
        vm.expectRevert(
            abi.encodeWithSelector(
                IOracleHub.OracleHubStillBonded.selector,
                oracle(0),
                type(uint40).max
            )
        );
        ORACLES.release(oracle(0));
    }

    function testWhoComesBackUsesWhatIsStillLocked() public {
        vm.startPrank(oracle(0));
        ORACLES.deactivate();
        ORACLES.activate();
        vm.stopPrank();
        assertEq(ORACLES.collateralOf(oracle(0)), 1_000e18, "the same");
        assertEq(ORACLES.oracleOf(oracle(0)).unbondedAt, 0, "bonded");
    }

    function testMoreCollateralIsLockedAndCounts() public {
        giveCollateral(oracle(0), 7e18);
        vm.expectEmit(Predeploys.ORACLE_HUB);
        emit IOracleHub.OracleCollateralAdded(oracle(0), 7e18);
        vm.prank(oracle(0));
        ORACLES.addCollateral(7e18);
        assertEq(ORACLES.collateralOf(oracle(0)), 1_007e18, "locked");
        vm.prank(STRANGER);
        vm.expectRevert(abi.encodeWithSelector(IOracleHub.OracleHubNotActive.selector, STRANGER));
        ORACLES.addCollateral(1);
    }

    function testWhatIsTakenIsRoundedUp() public {
        addOracle(30, COLLATERAL + 1);
        vm.prank(Predeploys.ORACLE_BALLOT);
        ORACLES.slash(oracle(30), Offence.Silent, IOracleHub.Claim(address(0), 0, address(0)));
        assertEq(ORACLES.collateralOf(oracle(30)), 999e18, "a thousandth and a part of a wei");
    }

    /* KEYS */

    function testAKeyCountsFromTheSecondNextDay() public {
        address key = vm.addr(0xBEEF);
        // GENESIS_TIME is eight hours into a day.
        uint256 from = (timeNow() / 1 days + 2) * 1 days;
        vm.expectEmit(Predeploys.ORACLE_BALLOT);
        emit IOracleBallot.OracleKeyChanged(oracle(0), key, uint40(from));
        setKey(0, 0xBEEF);
        assertEq(BALLOT.keyAt(oracle(0), from - 1), oracle(0), "before");
        assertEq(BALLOT.keyAt(oracle(0), from), key, "from then on");
        vm.warp(from + 1 days);
        bytes memory signature = possession(0, 0xF00D);
        vm.startPrank(oracle(0));
        vm.expectRevert(
            abi.encodeWithSelector(
                IOracleBallot.OracleBallotKeyChangePending.selector,
                oracle(0),
                from
            )
        );
        BALLOT.setKey(vm.addr(0xF00D), signature);
        vm.warp(from + 1 days + 1);
        BALLOT.setKey(vm.addr(0xF00D), signature);
        assertEq(BALLOT.keyAt(oracle(0), timeNow()), key, "until the next one counts");
        vm.expectRevert(IOracleBallot.OracleBallotZeroKey.selector);
        BALLOT.setKey(address(0), signature);
        vm.stopPrank();
    }

    function testNobodyRegistersAKeyThatItDoesNotHold() public {
        // The key that signs for another oracle.
        address key = oracle(1);
        bytes memory signature = signOne(BALLOT.hashKey(oracle(0), key), oracleKey(0));
        expectNotProved(key, oracle(0));
        BALLOT.setKey(key, signature);
        // What that key has signed to sign for its own oracle.
        signature = possession(1, oracleKey(1));
        bytes32 digest = BALLOT.hashKey(oracle(0), key);
        expectNotProved(key, recovered(digest, signature));
        BALLOT.setKey(key, signature);
        expectNotProved(key, address(0));
        BALLOT.setKey(key, bytes.concat(signature, hex"00"));
        assertEq(BALLOT.keyAt(oracle(0), timeNow() + 10 days), oracle(0), "as before");
    }

    function testAPossessionIsShownForOneChange() public {
        bytes memory first = possession(0, 0xBEEF);
        setKey(0, 0xBEEF);
        vm.warp(timeNow() + 4 days);
        setKey(0, oracleKey(0));
        vm.warp(timeNow() + 4 days);
        bytes32 digest = BALLOT.hashKey(oracle(0), vm.addr(0xBEEF));
        expectNotProved(vm.addr(0xBEEF), recovered(digest, first));
        BALLOT.setKey(vm.addr(0xBEEF), first);
        setKey(0, 0xBEEF);
    }

    function testWhatAKeySignsIsTypedData() public view {
        bytes32 domain = keccak256(
            abi.encode(
                keccak256(
                    "EIP712Domain(string name,string version,uint256 chainId,"
                    "address verifyingContract)"
                ),
                keccak256("POCA Oracle Ballot"),
                keccak256("1"),
                block.chainid,
                Predeploys.ORACLE_BALLOT
            )
        );
        bytes32 content = keccak256(
            abi.encode(
                keccak256("OracleKey(address oracle,address key,uint256 change)"),
                oracle(0),
                STRANGER,
                uint256(0)
            )
        );
        assertEq(
            BALLOT.hashKey(oracle(0), STRANGER),
            keccak256(abi.encodePacked(hex"1901", domain, content)),
            "digest"
        );
    }

    /// @dev What the key signs to become oracle i's.
    function possession(uint256 i, uint256 key) private view returns (bytes memory) {
        return signOne(BALLOT.hashKey(oracle(i), vm.addr(key)), key);
    }

    function setKey(uint256 i, uint256 key) private {
        bytes memory signature = possession(i, key);
        vm.prank(oracle(i));
        BALLOT.setKey(vm.addr(key), signature);
    }

    function recovered(
        bytes32 digest,
        bytes memory signature
    ) private pure returns (address signer) {
        (bytes32 r, bytes32 vs) = abi.decode(signature, (bytes32, bytes32));
        (signer, , ) = ECDSA.tryRecover(digest, r, vs);
    }

    /// @dev Of what oracle 0 sends next.
    function expectNotProved(address key, address signer) private {
        vm.expectRevert(
            abi.encodeWithSelector(IOracleBallot.OracleBallotKeyNotProved.selector, key, signer)
        );
        vm.prank(oracle(0));
    }

    function testAReportNeedsTheKeyOfTheCommitteesTime() public {
        setKey(0, 0xBEEF);
        vm.warp(timeNow() + 3 days);
        for (uint256 i = 3; i < 5; ++i) {
            vm.prank(oracle(i));
            ORACLES.deactivate();
        }
        openDrawn(TASK, PRICE);
        TaskAttestation memory att = attestation(TASK);
        address[] memory members = committee(TASK);
        bytes memory old = signAll(att, members, 3);
        vm.expectRevert(
            abi.encodeWithSelector(IOracleHub.OracleHubUnknownSigner.selector, 0, oracle(0))
        );
        ORACLES.submitReport(att, 3, old);
        bytes32 digest = ORACLES.hashTaskAttestation(att);
        bytes memory right = bytes.concat(signOne(digest, 0xBEEF), signOne(digest, oracleKey(1)));
        ORACLES.submitReport(att, 3, right);
    }

    function testAKeyThatCameSinceDoesNotSignForAnOpenCommittee() public {
        uint256 from = (timeNow() / 1 days + 2) * 1 days;
        setKey(0, 0xBEEF);
        for (uint256 i = 3; i < 5; ++i) {
            vm.prank(oracle(i));
            ORACLES.deactivate();
        }
        vm.warp(from - 100);
        openDrawn(TASK, PRICE);
        vm.warp(from + 50);
        TaskAttestation memory att = attestation(TASK);
        bytes memory signatures = signAll(att, committee(TASK), 3);
        ORACLES.submitReport(att, 3, signatures);
        assertEq(ORACLES.signersOf(TASK, 0)[0], oracle(0), "with the key of before");
    }

    /* WORK */

    function testMoreWorkThanThePowerCanDoIsRefused() public {
        openDrawn(TASK, PRICE);
        TaskAttestation memory att = attestation(TASK);
        address[] memory members = committee(TASK);
        // Power 1,000 for 1,000 seconds and a tenth more: 1,100,000.
        setUnits(1_100_001);
        att.workUnits = 1_100_001;
        bytes memory signatures = signAll(att, members, 7);
        vm.expectRevert(
            abi.encodeWithSelector(
                IOracleHub.OracleHubTooMuchWork.selector,
                TASK,
                0,
                1_100_001,
                1_100_000
            )
        );
        ORACLES.submitReport(att, 7, signatures);
        setUnits(1_100_000);
        att.workUnits = 1_100_000;
        signatures = signAll(att, members, 7);
        ORACLES.submitReport(att, 7, signatures);
    }

    /* ACCESS */

    function testOnlyCourtAndBallotSlash() public {
        vm.expectRevert(unauthorized(Predeploys.DISPUTE_COURT));
        ORACLES.slash(oracle(0), Offence.Silent, nobody());
        vm.expectRevert(unauthorized(Predeploys.DISPUTE_COURT));
        ORACLES.slashSigners(TASK, 0, false, Offence.FalseValid, nobody());
        vm.expectRevert(unauthorized(Predeploys.ORACLE_BALLOT));
        ORACLES.submitBallot(TASK, 0, Verdict.Valid, 7);
        setParam(ParamKeys.ORACLE_UNBOND_SECONDS, 0);
        vm.prank(oracle(0));
        ORACLES.deactivate();
        ORACLES.release(oracle(0));
    }

    function unauthorized(address required) private view returns (bytes memory) {
        return
            abi.encodeWithSelector(
                SystemContract.SystemContractUnauthorized.selector,
                address(this),
                required
            );
    }
}
