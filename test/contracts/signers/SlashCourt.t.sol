// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Initializable} from "@openzeppelin/contracts/proxy/utils/Initializable.sol";
import {EndBlockInput, IHubModule} from "../../../contracts/interfaces/IHubModule.sol";
import {ISignerBoard} from "../../../contracts/interfaces/ISignerBoard.sol";
import {ISlashCourt} from "../../../contracts/interfaces/ISlashCourt.sol";
import {ConsensusBytes} from "../../../contracts/libraries/ConsensusBytes.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {SystemContract} from "../../../contracts/libraries/SystemContract.sol";
import {SlashCourt} from "../../../contracts/signers/SlashCourt.sol";
import {vm} from "../support/Vm.sol";
import {SignersTest} from "./SignersTest.sol";

/// @dev Shows which pairs of messages convict, what that costs, and that it happens once.
contract SlashCourtTest is SignersTest {
    uint256 private constant _KEY = 1_003;
    bytes32 private constant _RED = bytes32(uint256(1));
    bytes32 private constant _BLUE = bytes32(uint256(2));
    address private _accused;

    function setUp() public override {
        super.setUp();
        _grantSeats(3);
        _accused = vm.addr(_KEY);
        _join(_accused, COLLATERAL, POWER);
        // The first seat is for sale: the accused becomes its director.
        address founder = BOARD.seatAt(0);
        vm.prank(founder);
        BOARD.resign();
        assertEq(BOARD.seatAt(0), _accused, "director");
        _pass(100, 100);
    }

    function testTwoPrecommitsInARoundCostEverything() public {
        bytes32 id = _idOf(ISlashCourt.Offence.DoubleVote, 50, 2);
        vm.expectEmit(Predeploys.SIGNER_BOARD);
        emit ISignerBoard.MemberPunished(_accused, 900e18, 100e18, true);
        vm.expectEmit(Predeploys.SLASH_COURT);
        emit ISlashCourt.SignerConvicted(
            id,
            _accused,
            ISlashCourt.Offence.DoubleVote,
            address(this),
            900e18,
            100e18
        );
        COURT.report(_precommit(50, 2, _RED), _precommit(50, 2, _BLUE));
        assertTrue(COURT.isJudged(id), "judged");
        assertEq(VAULT.freeOf(address(this)), 100e18, "a tenth to the reporter");
        assertEq(BOARD.collateralOf(_accused), 0, "nothing left");
        assertEq(BOARD.seatCount(), 2, "seat lost");
        assertTrue(BOARD.memberOf(_accused).barred, "barred");
        _checkBoard();

        vm.expectRevert(abi.encodeWithSelector(ISignerBoard.SignerBoardBarred.selector, _accused));
        vm.prank(_accused);
        BOARD.applyToSign(COLLATERAL);
        vm.expectRevert(abi.encodeWithSelector(ISignerBoard.SignerBoardBarred.selector, _accused));
        vm.prank(Predeploys.TIMELOCK);
        BOARD.grantSeat(_accused);
    }

    function testTwoPrevotesAreADoubleVoteEvenForTheSameValue() public {
        COURT.report(_prevote(50, 2, -1, _RED), _prevote(50, 2, 0, _RED));
        assertEq(BOARD.collateralOf(_accused), 0, "nothing left");
    }

    function testNilAgainstAValueIsADoubleVote() public {
        COURT.report(_precommit(50, 2, 0), _precommit(50, 2, _BLUE));
        assertEq(BOARD.collateralOf(_accused), 0, "nothing left");
    }

    function testTwoProposalsCostHalf() public {
        COURT.report(_proposal(50, 2, _RED), _proposal(50, 2, _BLUE));
        assertEq(BOARD.collateralOf(_accused), 500e18, "half");
        assertEq(VAULT.freeOf(address(this)), 50e18, "a tenth of the other half");
        assertEq(BOARD.memberOf(_accused).unbondAt, _time + 21 days, "the rest unbonds");
        assertEq(COURT.slashBpsOf(ISlashCourt.Offence.None), 0, "table");
        assertEq(COURT.slashBpsOf(ISlashCourt.Offence.DoubleVote), 10_000, "table");
        assertEq(COURT.slashBpsOf(ISlashCourt.Offence.DoubleProposal), 5_000, "table");
        assertEq(COURT.slashBpsOf(ISlashCourt.Offence.Amnesia), 10_000, "table");
    }

    function testAnOffenceCountsOnceAndAnotherTakesWhatIsLeft() public {
        COURT.report(_proposal(50, 2, _RED), _proposal(50, 2, _BLUE));
        bytes32 id = _idOf(ISlashCourt.Offence.DoubleProposal, 50, 2);
        ConsensusBytes.SignedMessage memory first = _proposal(50, 2, _RED);
        ConsensusBytes.SignedMessage memory third = _proposal(50, 2, bytes32(uint256(3)));
        vm.expectRevert(abi.encodeWithSelector(ISlashCourt.SlashCourtJudgedAlready.selector, id));
        COURT.report(first, third);
        // While it unbonds, the rest is still forfeitable.
        COURT.report(_precommit(51, 0, _RED), _precommit(51, 0, _BLUE));
        assertEq(BOARD.collateralOf(_accused), 0, "nothing left");
        first = _precommit(52, 0, _RED);
        third = _precommit(52, 0, _BLUE);
        vm.expectRevert(
            abi.encodeWithSelector(ISlashCourt.SlashCourtNotAMember.selector, _accused)
        );
        COURT.report(first, third);
    }

    function testRefusesWhatProvesNothing() public {
        _refuse(_precommit(50, 2, _RED), _precommit(50, 2, _RED));
        _refuse(_precommit(50, 2, _RED), _precommit(50, 3, _BLUE));
        _refuse(_precommit(50, 2, _RED), _precommit(51, 2, _BLUE));
        _refuse(_precommit(50, 2, _RED), _proposal(50, 2, _BLUE));
        // No amnesia: the same round, an earlier one, nil, the same value, a later valid round.
        _refuse(_precommit(50, 2, _RED), _prevote(50, 2, -1, _BLUE));
        _refuse(_precommit(50, 2, _RED), _prevote(50, 1, -1, _BLUE));
        _refuse(_precommit(50, 2, 0), _prevote(50, 3, -1, _BLUE));
        _refuse(_precommit(50, 2, _RED), _prevote(50, 3, -1, 0));
        _refuse(_precommit(50, 2, _RED), _prevote(50, 3, -1, _RED));
        _refuse(_precommit(50, 2, _RED), _prevote(50, 4, 2, _BLUE));
        _refuse(_prevote(50, 3, -1, _BLUE), _precommit(50, 2, _RED));
    }

    function testRefusesForgedAndForeignSignatures() public {
        ConsensusBytes.SignedMessage memory first = _precommit(50, 2, _RED);
        ConsensusBytes.SignedMessage memory second = _precommit(50, 2, _BLUE);
        second.yParity = 2;
        vm.expectRevert(ISlashCourt.SlashCourtBadSignature.selector);
        COURT.report(first, second);
        second = _precommit(50, 2, _BLUE);
        // The same signature mirrored into the upper half of the order.
        second.s = bytes32(
            0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141 - uint256(second.s)
        );
        second.yParity = 1 - second.yParity;
        vm.expectRevert(ISlashCourt.SlashCourtBadSignature.selector);
        COURT.report(first, second);
        second = _signed(ConsensusBytes.Kind.Precommit, 50, 2, -1, _BLUE, 1_001);
        vm.expectRevert(
            abi.encodeWithSelector(
                ISlashCourt.SlashCourtDifferentSigners.selector,
                _accused,
                _account(1)
            )
        );
        COURT.report(first, second);
        first = _signed(ConsensusBytes.Kind.Precommit, 50, 2, -1, _RED, 77);
        second = _signed(ConsensusBytes.Kind.Precommit, 50, 2, -1, _BLUE, 77);
        vm.expectRevert(
            abi.encodeWithSelector(ISlashCourt.SlashCourtNotAMember.selector, vm.addr(77))
        );
        COURT.report(first, second);
    }

    function testRefusesOffencesOlderThanTheUnbonding() public {
        ConsensusBytes.SignedMessage memory first = _precommit(50, 2, _RED);
        ConsensusBytes.SignedMessage memory second = _precommit(50, 2, _BLUE);
        // 21 days of blocks a second apart.
        _pass(uint64(50 + 1_814_401 - _height), 1);
        vm.expectRevert(
            abi.encodeWithSelector(
                ISlashCourt.SlashCourtExpired.selector,
                uint64(50),
                uint256(1_814_451)
            )
        );
        COURT.report(first, second);
        first = _precommit(51, 2, _RED);
        second = _precommit(51, 2, _BLUE);
        COURT.report(first, second);
    }

    function testTheHolderOfTheOnlySeatLosesItsCollateralFirst() public {
        vm.prank(_account(1));
        BOARD.resign();
        vm.prank(_account(2));
        BOARD.resign();
        assertEq(BOARD.seatCount(), 1, "alone");
        COURT.report(_precommit(50, 2, _RED), _precommit(50, 2, _BLUE));
        assertEq(BOARD.collateralOf(_accused), 0, "nothing left");
        assertEq(BOARD.seatAt(0), _accused, "until somebody can take over");
        _join(_account(8), COLLATERAL, POWER);
        _pass(1, 7 days);
        BOARD.seatTerm();
        assertEq(BOARD.seatAt(0), _account(8), "which is now");
        _checkBoard();
    }

    /* AMNESIA */

    function testAmnesiaIsTriedAndThenCostsEverything() public {
        bytes32 id = _idOf(ISlashCourt.Offence.Amnesia, 50, 2, 5);
        uint40 endsAt = uint40(_time + 1 days);
        vm.expectEmit(Predeploys.SLASH_COURT);
        emit ISlashCourt.TrialOpened(id, _accused, endsAt);
        COURT.report(_precommit(50, 2, _RED), _prevote(50, 5, 1, _BLUE));
        ISlashCourt.Trial memory trial = COURT.trialOf(id);
        assertEq(trial.accused, _accused, "accused");
        assertEq(trial.voteRound, 5, "round");
        assertEq(BOARD.collateralOf(_accused), 1_000e18, "not yet");
        vm.expectRevert(
            abi.encodeWithSelector(ISlashCourt.SlashCourtTrialOpen.selector, id, endsAt)
        );
        COURT.convict(id);
        _pass(1, 1 days);
        vm.expectRevert(
            abi.encodeWithSelector(ISlashCourt.SlashCourtTrialOpen.selector, id, endsAt)
        );
        COURT.convict(id);
        _pass(1, 1);
        ISlashCourt.Signature[] memory none = new ISlashCourt.Signature[](0);
        vm.expectRevert(
            abi.encodeWithSelector(ISlashCourt.SlashCourtTrialOver.selector, id, endsAt)
        );
        COURT.acquit(id, 3, -1, none);
        COURT.convict(id);
        assertEq(BOARD.collateralOf(_accused), 0, "nothing left");
        assertEq(VAULT.freeOf(address(this)), 100e18, "the reporter's tenth");
        vm.expectRevert(abi.encodeWithSelector(ISlashCourt.SlashCourtNoTrial.selector, id));
        COURT.convict(id);
        vm.expectRevert(abi.encodeWithSelector(ISlashCourt.SlashCourtNoTrial.selector, id));
        COURT.acquit(id, 3, -1, none);
    }

    function testAQuorumInBetweenAcquits() public {
        bytes32 id = COURT.report(_precommit(50, 2, _RED), _prevote(50, 5, 1, _BLUE));
        ISlashCourt.Signature[] memory quorum = _polka(50, 3, _BLUE);
        _refuseQuorum(id, 2, quorum, ISlashCourt.SlashCourtWrongRound.selector);
        _refuseQuorum(id, 5, quorum, ISlashCourt.SlashCourtWrongRound.selector);
        // Signatures for another round recover to strangers or out of order.
        ISlashCourt.Signature[] memory two = new ISlashCourt.Signature[](2);
        two[0] = quorum[0];
        two[1] = quorum[1];
        vm.expectRevert(abi.encodeWithSelector(ISlashCourt.SlashCourtNoQuorum.selector, 2, 3));
        COURT.acquit(id, 3, -1, two);
        ISlashCourt.Signature memory kept = quorum[2];
        quorum[2] = quorum[1];
        _refuseQuorum(id, 3, quorum, ISlashCourt.SlashCourtNotAscending.selector);
        quorum[2] = kept;
        quorum[2].yParity = 3;
        _refuseQuorum(id, 3, quorum, ISlashCourt.SlashCourtBadSignature.selector);
        quorum = _polka(50, 3, _BLUE);

        vm.expectEmit(Predeploys.SLASH_COURT);
        emit ISlashCourt.SignerAcquitted(id, _accused);
        COURT.acquit(id, 3, -1, quorum);
        assertTrue(COURT.isJudged(id), "and not tried again");
        assertEq(BOARD.collateralOf(_accused), 1_000e18, "kept");
    }

    function testAnExcusedVoteDoesNotExcuseAnother() public {
        ConsensusBytes.SignedMessage memory lock = _precommit(50, 2, _RED);
        ConsensusBytes.SignedMessage memory excused = _prevote(50, 5, 1, _BLUE);
        ConsensusBytes.SignedMessage memory another = _prevote(50, 7, 1, bytes32("green"));
        bytes32 id = COURT.report(lock, excused);
        COURT.acquit(id, 3, -1, _polka(50, 3, _BLUE));
        vm.expectRevert(abi.encodeWithSelector(ISlashCourt.SlashCourtJudgedAlready.selector, id));
        COURT.report(lock, excused);
        // A vote for a third value, which no quorum came before.
        bytes32 other = COURT.report(lock, another);
        _pass(1, 1 days + 1);
        COURT.convict(other);
        assertEq(BOARD.collateralOf(_accused), 0, "nothing left");
    }

    function testTheSeatsOfThatHeightAcquitWhoeverHoldsThemNow() public {
        bytes32 id = COURT.report(_precommit(50, 2, _RED), _prevote(50, 5, 1, _BLUE));
        ISlashCourt.Signature[] memory quorum = _polka(50, 3, _BLUE);
        vm.prank(Predeploys.TIMELOCK);
        BOARD.revokeSeat(2);
        for (uint256 i = 20; i < 30; ++i) {
            vm.prank(Predeploys.TIMELOCK);
            BOARD.grantSeat(_account(i));
        }
        _pass(1, 1);
        COURT.acquit(id, 3, -1, quorum);
        assertEq(BOARD.collateralOf(_accused), 1_000e18, "kept");
    }

    function testSeatsThatCameLaterMakeNoQuorum() public {
        // Taken and given back in one block: nothing has changed.
        vm.prank(Predeploys.TIMELOCK);
        BOARD.revokeSeat(2);
        _grantSeats(3);
        uint64 changed = _height;
        _pass(1, 1);
        vm.prank(Predeploys.TIMELOCK);
        BOARD.revokeSeat(2);
        vm.prank(Predeploys.TIMELOCK);
        BOARD.grantSeat(_account(9));
        uint64 last = _height;
        _pass(1, 1);
        // The block in which the ninth came still goes by the seats before it.
        bytes32 id = COURT.report(_precommit(last, 2, _RED), _prevote(last, 5, 1, _BLUE));
        ISlashCourt.Signature[] memory quorum = _polkaOf(
            [uint256(1_001), 1_009, 1_003],
            last,
            3,
            _BLUE
        );
        vm.expectRevert(
            abi.encodeWithSelector(ISlashCourt.SlashCourtNotASigner.selector, _account(9))
        );
        COURT.acquit(id, 3, -1, quorum);
        id = COURT.report(_precommit(last + 1, 2, _RED), _prevote(last + 1, 5, 1, _BLUE));
        COURT.acquit(id, 3, -1, _polkaOf([uint256(1_001), 1_009, 1_003], last + 1, 3, _BLUE));
        id = COURT.report(_precommit(changed, 2, _RED), _prevote(changed, 5, 1, _BLUE));
        COURT.acquit(id, 3, -1, _polka(changed, 3, _BLUE));
    }

    function testAsManyMustSignAsThereWereSeatsThen() public {
        vm.startPrank(Predeploys.TIMELOCK);
        BOARD.grantSeat(_account(20));
        BOARD.grantSeat(_account(21));
        vm.stopPrank();
        uint64 last = _height;
        _pass(1, 1);
        bytes32 id = COURT.report(_precommit(last, 2, _RED), _prevote(last, 5, 1, _BLUE));
        COURT.acquit(id, 3, -1, _polka(last, 3, _BLUE));
        // Three of three were enough, three of five are not.
        id = COURT.report(_precommit(last + 1, 2, _RED), _prevote(last + 1, 5, 1, _BLUE));
        ISlashCourt.Signature[] memory quorum = _polka(last + 1, 3, _BLUE);
        vm.expectRevert(abi.encodeWithSelector(ISlashCourt.SlashCourtNoQuorum.selector, 3, 5));
        COURT.acquit(id, 3, -1, quorum);
    }

    /* EVIDENCE IN BLOCKS */

    function testABlockConvictsAndItsProposerIsTheReporter() public {
        EndBlockInput memory input = _plainInput();
        input.evidence = new bytes[](2);
        input.evidence[0] = hex"c0ffee";
        input.evidence[1] = abi.encode(_precommit(50, 2, _RED), _precommit(50, 2, _BLUE));
        address proposer = _turnOf;
        vm.expectEmit(Predeploys.SLASH_COURT);
        emit ISlashCourt.EvidenceRefused(0, 0);
        _finish(input);
        assertEq(BOARD.collateralOf(_accused), 0, "nothing left");
        assertEq(VAULT.freeOf(proposer), 100e18, "its tenth");
    }

    function testABlockSurvivesEightPiecesOfRubbish() public {
        EndBlockInput memory input = _plainInput();
        input.evidence = new bytes[](9);
        for (uint256 i = 0; i < 9; ++i) {
            input.evidence[i] = abi.encode(_precommit(50, 2, _RED), _precommit(50, 2, _RED));
        }
        vm.expectEmit(Predeploys.SLASH_COURT);
        emit ISlashCourt.EvidenceRefused(0, ISlashCourt.SlashCourtNoOffence.selector);
        vm.prank(Predeploys.SYSTEM_HUB);
        uint256 before = gasleft();
        IHubModule(Predeploys.SLASH_COURT).onEndBlock{gas: 450_000}(input);
        assertTrue(before - gasleft() < 450_000, "under the cap");
    }

    function testEvidenceLongerThanTwoMessagesIsNotLookedAt() public {
        EndBlockInput memory input = _plainInput();
        input.evidence = new bytes[](3);
        bytes memory good = abi.encode(_precommit(50, 2, _RED), _precommit(50, 2, _BLUE));
        assertEq(good.length, 512, "two messages");
        input.evidence[0] = bytes.concat(good, hex"00");
        input.evidence[1] = new bytes(15_000);
        input.evidence[2] = good;
        vm.expectEmit(Predeploys.SLASH_COURT);
        emit ISlashCourt.EvidenceRefused(0, ISlashCourt.SlashCourtEvidenceTooLong.selector);
        vm.expectEmit(Predeploys.SLASH_COURT);
        emit ISlashCourt.EvidenceRefused(1, ISlashCourt.SlashCourtEvidenceTooLong.selector);
        vm.prank(Predeploys.SYSTEM_HUB);
        IHubModule(Predeploys.SLASH_COURT).onEndBlock{gas: 600_000}(input);
        assertEq(BOARD.collateralOf(_accused), 0, "the good one convicts");
    }

    function testTheNinthPieceIsNotLookedAt() public {
        EndBlockInput memory input = _plainInput();
        input.evidence = new bytes[](9);
        input.evidence[8] = abi.encode(_precommit(50, 2, _RED), _precommit(50, 2, _BLUE));
        vm.prank(Predeploys.SYSTEM_HUB);
        IHubModule(Predeploys.SLASH_COURT).onEndBlock(input);
        assertEq(BOARD.collateralOf(_accused), 1_000e18, "not convicted");
    }

    function testOnlyTheHubAndTheCourtItself() public {
        vm.expectRevert(
            abi.encodeWithSelector(
                SystemContract.SystemContractUnauthorized.selector,
                address(this),
                Predeploys.SYSTEM_HUB
            )
        );
        IHubModule(Predeploys.SLASH_COURT).onEndBlock(_plainInput());
        vm.expectRevert(
            abi.encodeWithSelector(
                SystemContract.SystemContractUnauthorized.selector,
                address(this),
                Predeploys.SLASH_COURT
            )
        );
        COURT.judge("", address(this));
        vm.expectRevert(Initializable.InvalidInitialization.selector);
        SlashCourt(Predeploys.SLASH_COURT).initialize();
    }

    function testFuzzOneMessagePerStepNeverConvicts(uint8[12] calldata steps) public {
        // An honest signer: one value for each height, kind and round.
        ConsensusBytes.SignedMessage[] memory sent = new ConsensusBytes.SignedMessage[](12);
        for (uint256 i = 0; i < 12; ++i) {
            uint64 height = 50 + (steps[i] & 1);
            uint32 round = (steps[i] >> 1) & 3;
            sent[i] = _signed(
                ConsensusBytes.Kind((steps[i] >> 4) % 3),
                height,
                round,
                -1,
                bytes32(uint256(height)),
                _KEY
            );
        }
        for (uint256 i = 1; i < 12; ++i) {
            vm.expectRevert(ISlashCourt.SlashCourtNoOffence.selector);
            COURT.report(sent[i - 1], sent[i]);
        }
    }

    function _refuse(
        ConsensusBytes.SignedMessage memory first,
        ConsensusBytes.SignedMessage memory second
    ) private {
        vm.expectRevert(ISlashCourt.SlashCourtNoOffence.selector);
        COURT.report(first, second);
    }

    function _refuseQuorum(
        bytes32 id,
        uint32 round,
        ISlashCourt.Signature[] memory quorum,
        bytes4 reason
    ) private {
        try COURT.acquit(id, round, -1, quorum) {
            assertTrue(false, "acquitted");
        } catch (bytes memory given) {
            assertTrue(bytes4(given) == reason, "reason");
        }
    }

    function _idOf(
        ISlashCourt.Offence offence,
        uint64 height,
        uint32 round
    ) private view returns (bytes32) {
        return _idOf(offence, height, round, round);
    }

    function _idOf(
        ISlashCourt.Offence offence,
        uint64 height,
        uint32 round,
        uint32 otherRound
    ) private view returns (bytes32) {
        return keccak256(abi.encode(_accused, offence, height, round, otherRound));
    }

    function _precommit(
        uint64 height,
        uint32 round,
        bytes32 value
    ) private view returns (ConsensusBytes.SignedMessage memory) {
        return _signed(ConsensusBytes.Kind.Precommit, height, round, -1, value, _KEY);
    }

    function _prevote(
        uint64 height,
        uint32 round,
        int32 validRound,
        bytes32 value
    ) private view returns (ConsensusBytes.SignedMessage memory) {
        return _signed(ConsensusBytes.Kind.Prevote, height, round, validRound, value, _KEY);
    }

    function _proposal(
        uint64 height,
        uint32 round,
        bytes32 value
    ) private view returns (ConsensusBytes.SignedMessage memory) {
        return _signed(ConsensusBytes.Kind.Proposal, height, round, -1, value, _KEY);
    }

    /// @dev Prevotes of the three seats there are from the start.
    function _polka(
        uint64 height,
        uint32 round,
        bytes32 value
    ) private view returns (ISlashCourt.Signature[] memory signatures) {
        return _polkaOf([uint256(1_001), 1_002, 1_003], height, round, value);
    }

    /// @dev Prevotes without valid round, by ascending address.
    function _polkaOf(
        uint256[3] memory keys,
        uint64 height,
        uint32 round,
        bytes32 value
    ) private view returns (ISlashCourt.Signature[] memory signatures) {
        for (uint256 i = 0; i < 3; ++i) {
            for (uint256 j = i + 1; j < 3; ++j) {
                if (vm.addr(keys[j]) < vm.addr(keys[i])) {
                    (keys[i], keys[j]) = (keys[j], keys[i]);
                }
            }
        }
        signatures = new ISlashCourt.Signature[](3);
        for (uint256 i = 0; i < 3; ++i) {
            ConsensusBytes.SignedMessage memory vote = _signed(
                ConsensusBytes.Kind.Prevote,
                height,
                round,
                -1,
                value,
                keys[i]
            );
            signatures[i] = ISlashCourt.Signature(vote.r, vote.s, vote.yParity);
        }
    }

    function _signed(
        ConsensusBytes.Kind kind,
        uint64 height,
        uint32 round,
        int32 validRound,
        bytes32 value,
        uint256 key
    ) private view returns (ConsensusBytes.SignedMessage memory message) {
        message.kind = kind;
        message.height = height;
        message.round = round;
        message.validRound = validRound;
        message.value = value;
        uint8 v;
        (v, message.r, message.s) = vm.sign(key, COURT.digestOf(message));
        message.yParity = v - 27;
    }
}
