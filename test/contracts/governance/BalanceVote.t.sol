// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {GovernorPreventLateQuorum} from "@openzeppelin/contracts/governance/extensions/GovernorPreventLateQuorum.sol";
import {GovernorSettings} from "@openzeppelin/contracts/governance/extensions/GovernorSettings.sol";
import {IBalanceProofs} from "../../../contracts/interfaces/IBalanceProofs.sol";
import {IPocaGovernor} from "../../../contracts/interfaces/IPocaGovernor.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {Tries} from "../support/Tries.sol";
import {vm} from "../support/Vm.sol";
import {ProofTest} from "./ProofTest.sol";

/// @dev Shows that coin votes where it lies, in the wallet or under VotingPower, and never twice.
contract BalanceVoteTest is ProofTest {
    address private constant _RELAY = address(0x5E1A);

    uint256 private _id;
    uint48 private _snapshot;
    Tries.Account[] private _accounts;
    bytes[] private _headers;

    function setUp() public {
        deployWithHistory();
        lock(_voters[0], 1_500e18);
        lock(_voters[1], 1_000e18);
        vm.warp(timeNow() + 1);
        _id = proposeNothing(_voters[0], "one");
        _snapshot = uint48(GOVERNOR.proposalSnapshot(_id));
        Tries.Account[] memory accounts = accountsWith([uint256(100e18), 50e18, 3_000e18, 0]);
        for (uint256 i = 0; i < VOTERS; ++i) {
            _accounts.push(accounts[i]);
        }
        _headers = past(Tries.rootOf(accounts), 19_000, _snapshot - 1, _snapshot + 1);
        vm.warp(_snapshot + 1);
    }

    /* ONE VOTE PER WEI */

    function testNothingHasToBeLockedFirst() public {
        bytes[] memory proof = Tries.proofOf(_accounts, 2);
        vm.prank(_voters[2]);
        vm.expectEmit(Predeploys.BALANCE_PROOFS);
        emit IBalanceProofs.SnapshotAnchored(_snapshot, 19_000, Tries.rootOf(_accounts));
        vm.expectEmit(Predeploys.POCA_GOVERNOR);
        emit IPocaGovernor.BalanceCounted(_voters[2], _id, 3_000e18);
        vm.expectEmit(Predeploys.POCA_GOVERNOR);
        emit IGovernor.VoteCast(_voters[2], _id, FOR, 3_000e18, "");
        uint256 weight = GOVERNOR.castVoteWithBalanceProof(_id, FOR, _headers, proof);
        assertEq(weight, 3_000e18, "weight");
        _assertVotes(0, 3_000e18, 0);
        assertTrue(GOVERNOR.hasVoted(_id, _voters[2]), "voted");
    }

    function testLockedCoinAndBalanceAddUp() public {
        _castByProof(0, FOR, 1_600e18);
        _castByProof(1, AGAINST, 1_050e18);
        _assertVotes(1_050e18, 1_600e18, 0);
        IPocaGovernor.Ballot memory ballot = GOVERNOR.ballotOf(_id, _voters[1]);
        assertTrue(ballot.lockedCounted && ballot.balanceCounted, "both");
        assertEq(ballot.choice, AGAINST + 1, "choice");
    }

    function testTheBalanceMayFollowTheLockedVotes() public {
        vm.prank(_voters[0]);
        assertEq(GOVERNOR.castVote(_id, ABSTAIN), 1_500e18, "locked");
        _castByProof(0, ABSTAIN, 100e18);
        _assertVotes(0, 0, 1_600e18);
    }

    function testTheLockedVotesAreNotCountedAgainAfterTheBalance() public {
        _castByProof(0, FOR, 1_600e18);
        vm.expectRevert(
            abi.encodeWithSelector(IGovernor.GovernorAlreadyCastVote.selector, _voters[0])
        );
        vm.prank(_voters[0]);
        GOVERNOR.castVote(_id, FOR);
        _assertVotes(0, 1_600e18, 0);
    }

    function testABalanceCountsOnce() public {
        _castByProof(2, FOR, 3_000e18);
        bytes[] memory proof = Tries.proofOf(_accounts, 2);
        vm.expectRevert(
            abi.encodeWithSelector(
                IPocaGovernor.PocaGovernorBalanceCounted.selector,
                _id,
                _voters[2]
            )
        );
        vm.prank(_voters[2]);
        GOVERNOR.castVoteWithBalanceProof(_id, FOR, new bytes[](0), proof);
    }

    function testBothPartsAreOnTheSameSide() public {
        vm.prank(_voters[0]);
        GOVERNOR.castVote(_id, FOR);
        PROOFS.anchor(_snapshot, _headers);
        bytes[] memory proof = Tries.proofOf(_accounts, 0);
        vm.expectRevert(
            abi.encodeWithSelector(
                IPocaGovernor.PocaGovernorOtherSupport.selector,
                _id,
                _voters[0],
                AGAINST,
                FOR
            )
        );
        vm.prank(_voters[0]);
        GOVERNOR.castVoteWithBalanceProof(_id, AGAINST, new bytes[](0), proof);
        vm.expectRevert(IGovernor.GovernorInvalidVoteType.selector);
        vm.prank(_voters[0]);
        GOVERNOR.castVoteWithBalanceProof(_id, 3, new bytes[](0), proof);
    }

    function testNobodyVotesWithAnothersProof() public {
        PROOFS.anchor(_snapshot, _headers);
        bytes[] memory proof = Tries.proofOf(_accounts, 2);
        vm.expectRevert();
        vm.prank(_voters[3]);
        GOVERNOR.castVoteWithBalanceProof(_id, FOR, new bytes[](0), proof);
        _assertVotes(0, 0, 0);
    }

    function testTheSnapshotOfAnotherProposalDoesNotServe() public {
        vm.warp(timeNow() + 100);
        uint256 second = proposeNothing(_voters[1], "two");
        uint48 snapshot = uint48(GOVERNOR.proposalSnapshot(second));
        vm.warp(snapshot + 1);
        PROOFS.anchor(_snapshot, _headers);
        bytes[] memory proof = Tries.proofOf(_accounts, 2);
        vm.expectRevert(
            abi.encodeWithSelector(IBalanceProofs.BalanceProofsNotAnchored.selector, snapshot)
        );
        vm.prank(_voters[2]);
        GOVERNOR.castVoteWithBalanceProof(second, FOR, new bytes[](0), proof);
    }

    function testAFormerBalanceCountsOncePerProposalOnly() public {
        _castByProof(2, FOR, 3_000e18);
        vm.warp(timeNow() + 100);
        uint256 second = proposeNothing(_voters[1], "two");
        uint48 snapshot = uint48(GOVERNOR.proposalSnapshot(second));
        vm.warp(snapshot + 1);
        // The coin has moved on to another voter by the second snapshot.
        Tries.Account[] memory moved = accountsWith([uint256(100e18), 50e18, 0, 3_000e18]);
        bytes[] memory headers = past(Tries.rootOf(moved), 19_500, snapshot, snapshot + 1);
        bytes[] memory proof = Tries.proofOf(moved, 2);
        vm.prank(_voters[2]);
        uint256 weight = GOVERNOR.castVoteWithBalanceProof(second, FOR, headers, proof);
        assertEq(weight, 0, "gone");
        proof = Tries.proofOf(moved, 3);
        vm.prank(_voters[3]);
        weight = GOVERNOR.castVoteWithBalanceProof(second, FOR, headers, proof);
        assertEq(weight, 3_000e18, "arrived");
    }

    function testVotesByProofOnlyWhileTheVoteIsOpen() public {
        PROOFS.anchor(_snapshot, _headers);
        bytes[] memory proof = Tries.proofOf(_accounts, 2);
        vm.warp(GOVERNOR.proposalDeadline(_id) + 1);
        vm.expectRevert(
            abi.encodeWithSelector(
                IGovernor.GovernorUnexpectedProposalState.selector,
                _id,
                IGovernor.ProposalState.Defeated,
                bytes32(1 << uint256(IGovernor.ProposalState.Active))
            )
        );
        vm.prank(_voters[2]);
        GOVERNOR.castVoteWithBalanceProof(_id, FOR, new bytes[](0), proof);
    }

    function testAProofBringsALateQuorumToo() public {
        PROOFS.anchor(_snapshot, _headers);
        bytes[] memory proof = Tries.proofOf(_accounts, 2);
        uint256 deadline = GOVERNOR.proposalDeadline(_id);
        vm.warp(deadline);
        vm.expectEmit(Predeploys.POCA_GOVERNOR);
        emit GovernorPreventLateQuorum.ProposalExtended(_id, uint64(deadline + 2 days));
        vm.prank(_voters[2]);
        GOVERNOR.castVoteWithBalanceProof(_id, FOR, new bytes[](0), proof);
    }

    function testFuzzSystemContractsDoNotVoteWithOthersCoin(uint8 number) public {
        address account = address(uint160(Predeploys.SYSTEM_HUB) - 1 + number);
        vm.expectRevert(
            abi.encodeWithSelector(IPocaGovernor.PocaGovernorSystemAccount.selector, account)
        );
        vm.prank(account);
        GOVERNOR.castVoteWithBalanceProof(_id, FOR, new bytes[](0), new bytes[](0));
    }

    /* BY SIGNATURE */

    function testAnotherBringsASignedBallot() public {
        bytes[] memory proof = Tries.proofOf(_accounts, 0);
        bytes memory signature = _sign(0, 0, FOR);
        vm.prank(_RELAY);
        uint256 weight = GOVERNOR.castVoteWithBalanceProofBySig(
            _id,
            FOR,
            _voters[0],
            _headers,
            proof,
            signature
        );
        assertEq(weight, 1_600e18, "both parts");
        assertEq(GOVERNOR.nonces(_voters[0]), 1, "used");
        _expectInvalidSignature(_voters[0]);
        GOVERNOR.castVoteWithBalanceProofBySig(
            _id,
            FOR,
            _voters[0],
            new bytes[](0),
            proof,
            signature
        );
    }

    function testASignatureServesItsSignerAndChoiceOnly() public {
        PROOFS.anchor(_snapshot, _headers);
        bytes memory signature = _sign(2, 0, FOR);
        bytes[] memory proof = Tries.proofOf(_accounts, 2);
        _expectInvalidSignature(_voters[2]);
        GOVERNOR.castVoteWithBalanceProofBySig(
            _id,
            AGAINST,
            _voters[2],
            new bytes[](0),
            proof,
            signature
        );
        _expectInvalidSignature(_voters[3]);
        GOVERNOR.castVoteWithBalanceProofBySig(
            _id,
            FOR,
            _voters[3],
            new bytes[](0),
            proof,
            signature
        );
        // Nor does it serve as a ballot for the locked votes alone.
        _expectInvalidSignature(_voters[2]);
        GOVERNOR.castVoteBySig(_id, FOR, _voters[2], signature);
    }

    /* PROPOSALS AND SETTINGS */

    function testAProposerHasOneOpenProposal() public {
        assertEq(GOVERNOR.lastProposalOf(_voters[0]), _id, "last");
        vm.expectRevert(
            abi.encodeWithSelector(IPocaGovernor.PocaGovernorOneAtATime.selector, _voters[0], _id)
        );
        proposeNothing(_voters[0], "another");
        vm.warp(GOVERNOR.proposalDeadline(_id) + 1);
        vm.expectEmit(Predeploys.POCA_GOVERNOR);
        emit IPocaGovernor.QuorumSet(2, 2_000e18);
        assertEq(proposeNothing(_voters[0], "another"), 2, "decided");
    }

    function testTheQuorumOfAProposalStaysWhenCoinIsBurned() public {
        assertEq(GOVERNOR.quorum(_snapshot), 2_000e18, "1 % of the premine");
        vm.deal(Predeploys.SUPPLY_METER, 100_000e18);
        assertEq(GOVERNOR.quorum(_snapshot), 2_000e18, "unchanged");
        vm.warp(timeNow() + 1);
        proposeNothing(_voters[1], "two");
        assertEq(GOVERNOR.quorum(_snapshot), 2_000e18, "still");
        assertEq(GOVERNOR.quorum(timeNow()), 1_000e18, "the floor");
    }

    function testSettingsHaveBounds() public {
        _settingFails(
            abi.encodeCall(GovernorSettings.setVotingDelay, (9)),
            "votingDelay",
            9,
            10,
            30 days
        );
        _settingFails(
            abi.encodeCall(GovernorSettings.setVotingPeriod, (30 days + 1)),
            "votingPeriod",
            30 days + 1,
            60,
            30 days
        );
        _settingFails(
            abi.encodeCall(GovernorSettings.setProposalThreshold, (0)),
            "proposalThreshold",
            0,
            1e18,
            10_000_000e18
        );
    }

    /* INVARIANT */

    /// @dev Votes never exceed the coin, whatever is tried in whatever order.
    function testFuzzOneVotePerWei(uint8[24] calldata moves) public {
        PROOFS.anchor(_snapshot, _headers);
        for (uint256 i = 0; i < moves.length; ++i) {
            uint256 who = moves[i] % VOTERS;
            uint8 support = (moves[i] >> 2) % 3;
            bytes[] memory proof = Tries.proofOf(_accounts, (moves[i] >> 5) % VOTERS);
            vm.prank(_voters[who]);
            if (moves[i] & 16 == 0) {
                try GOVERNOR.castVote(_id, support) returns (uint256) {} catch {}
            } else {
                try GOVERNOR.castVoteWithBalanceProof(_id, support, new bytes[](0), proof) returns (
                    uint256
                ) {} catch {}
            }
        }
        (uint256 no, uint256 yes, uint256 abstain) = GOVERNOR.proposalVotes(_id);
        uint256 wanted = 0;
        for (uint256 i = 0; i < VOTERS; ++i) {
            IPocaGovernor.Ballot memory ballot = GOVERNOR.ballotOf(_id, _voters[i]);
            if (ballot.lockedCounted) wanted += POWER.getPastVotes(_voters[i], _snapshot);
            if (ballot.balanceCounted) wanted += _accounts[i].balance;
        }
        assertEq(no + yes + abstain, wanted, "each part once");
        assertTrue(wanted <= 2_500e18 + 3_150e18, "never more than there is");
    }

    function _castByProof(uint256 index, uint8 support, uint256 weight) private {
        PROOFS.anchor(_snapshot, _headers);
        bytes[] memory proof = Tries.proofOf(_accounts, index);
        vm.prank(_voters[index]);
        assertEq(
            GOVERNOR.castVoteWithBalanceProof(_id, support, new bytes[](0), proof),
            weight,
            "weight"
        );
    }

    function _settingFails(
        bytes memory data,
        bytes32 setting,
        uint256 value,
        uint256 min,
        uint256 max
    ) private {
        vm.warp(GOVERNOR.proposalDeadline(GOVERNOR.latestProposalId()) + 1);
        address[] memory targets = new address[](1);
        bytes[] memory calldatas = new bytes[](1);
        (targets[0], calldatas[0]) = (Predeploys.POCA_GOVERNOR, data);
        vm.prank(_voters[0]);
        uint256 id = GOVERNOR.propose(
            targets,
            new uint256[](1),
            calldatas,
            string(abi.encodePacked(setting))
        );
        lock(_voters[3], 3_000e18);
        vm.warp(timeNow() + VOTING_DELAY + 1);
        vm.prank(_voters[3]);
        GOVERNOR.castVote(id, FOR);
        vm.warp(GOVERNOR.proposalDeadline(id) + 1);
        GOVERNOR.queue(id);
        vm.warp(timeNow() + TIMELOCK_DELAY);
        vm.expectRevert(
            abi.encodeWithSelector(
                IPocaGovernor.PocaGovernorOutOfBounds.selector,
                setting,
                value,
                min,
                max
            )
        );
        GOVERNOR.execute(id);
    }

    function _sign(
        uint256 index,
        uint256 nonce,
        uint8 support
    ) private view returns (bytes memory) {
        (
            ,
            string memory name,
            string memory version,
            uint256 chainId,
            address governor,
            ,

        ) = GOVERNOR.eip712Domain();
        bytes32 domain = keccak256(
            abi.encode(
                keccak256(
                    "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
                ),
                keccak256(bytes(name)),
                keccak256(bytes(version)),
                chainId,
                governor
            )
        );
        bytes32 ballot = keccak256(
            abi.encode(
                keccak256(
                    "BalanceBallot(uint256 proposalId,uint8 support,address voter,uint256 nonce)"
                ),
                _id,
                support,
                _voters[index],
                nonce
            )
        );
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(
            _keys[index],
            keccak256(abi.encodePacked(hex"1901", domain, ballot))
        );
        return abi.encodePacked(r, s, v);
    }

    function _expectInvalidSignature(address voter) private {
        vm.expectRevert(abi.encodeWithSelector(IGovernor.GovernorInvalidSignature.selector, voter));
    }

    function _assertVotes(uint256 no, uint256 yes, uint256 abstain) private view {
        (uint256 against, uint256 for_, uint256 abstained) = GOVERNOR.proposalVotes(_id);
        assertEq(against, no, "against");
        assertEq(for_, yes, "for");
        assertEq(abstained, abstain, "abstain");
    }
}
