// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {BlockHeader} from "@openzeppelin/contracts/utils/BlockHeader.sol";
import {RLP} from "@openzeppelin/contracts/utils/RLP.sol";
import {TrieProof} from "@openzeppelin/contracts/utils/cryptography/TrieProof.sol";
import {IBalanceProofs} from "../../../contracts/interfaces/IBalanceProofs.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {Tries} from "../support/Tries.sol";
import {vm} from "../support/Vm.sol";
import {ProofTest} from "./ProofTest.sol";

/// @dev Shows that a second is anchored to the last block up to it and to no other, and that a
/// proof shows the balance of its own account only.
contract BalanceProofsTest is ProofTest {
    uint48 private constant _SECOND = 1_800_000_500;

    Tries.Account[] private _accounts;
    bytes32 private _root;
    bytes[] private _headers;

    function setUp() public {
        deployWithHistory();
        Tries.Account[] memory accounts = accountsWith([uint256(1), 20e18, 0, 1 << 95]);
        for (uint256 i = 0; i < VOTERS; ++i) {
            _accounts.push(accounts[i]);
        }
        _root = Tries.rootOf(accounts);
        _headers = past(_root, 15_000, _SECOND - 2, _SECOND + 3);
    }

    /* ANCHORING */

    function testKeepsTheRootOfTheLastBlockUpToTheSecond() public {
        vm.expectEmit(Predeploys.BALANCE_PROOFS);
        emit IBalanceProofs.SnapshotAnchored(_SECOND, 15_000, _root);
        PROOFS.anchor(_SECOND, _headers);
        IBalanceProofs.Anchor memory anchor = PROOFS.anchorOf(_SECOND);
        assertEq(anchor.stateRoot, _root, "root");
        assertEq(anchor.height, 15_000, "height");
        assertEq(anchor.time, _SECOND - 2, "time");
        assertEq(PROOFS.anchorOf(_SECOND + 1).stateRoot, 0, "this second alone");
    }

    function testTheBlocksOwnSecondIsTheFirstAndTheChildsIsTooLate() public {
        PROOFS.anchor(_SECOND - 2, _headers);
        PROOFS.anchor(_SECOND + 2, _headers);
        _expectWrongBlock(_SECOND - 3);
        PROOFS.anchor(_SECOND - 3, _headers);
        _expectWrongBlock(_SECOND + 3);
        PROOFS.anchor(_SECOND + 3, _headers);
    }

    function testStaysWhenTheBlocksAreLongForgotten() public {
        PROOFS.anchor(_SECOND, _headers);
        vm.roll(20_000 + 8_191 * 3);
        assertEq(_balanceOf(1), 20e18, "still provable");
        // Whoever comes second loses nothing but gas.
        PROOFS.anchor(_SECOND, new bytes[](0));
        assertEq(PROOFS.anchorOf(_SECOND).stateRoot, _root, "unchanged");
    }

    function testALongerChainOfHeadersReachesFurtherBack() public {
        bytes[] memory headers = new bytes[](3);
        (headers[2], headers[1]) = (_headers[1], _headers[0]);
        headers[0] = Tries.header(keccak256(_headers[0]), 0, 15_002, _SECOND + 9);
        know(15_002, headers[0]);
        vm.roll(15_002 + 8_191);
        vm.expectRevert(
            abi.encodeWithSelector(
                IBalanceProofs.BalanceProofsUnknownHeader.selector,
                15_001,
                keccak256(_headers[0])
            )
        );
        PROOFS.anchor(_SECOND, _headers);
        PROOFS.anchor(_SECOND, headers);
        assertEq(PROOFS.anchorOf(_SECOND).height, 15_000, "height");
    }

    function testKnowsNoBlockOlderThan8191() public {
        vm.roll(15_001 + 8_192);
        vm.expectRevert(
            abi.encodeWithSelector(
                IBalanceProofs.BalanceProofsUnknownHeader.selector,
                15_001,
                keccak256(_headers[0])
            )
        );
        PROOFS.anchor(_SECOND, _headers);
    }

    function testRefusesAnInventedBlock() public {
        bytes[] memory headers = _headers;
        headers[0] = Tries.header(keccak256(headers[1]), 0, 15_001, _SECOND + 4);
        vm.expectRevert(
            abi.encodeWithSelector(
                IBalanceProofs.BalanceProofsUnknownHeader.selector,
                15_001,
                keccak256(headers[0])
            )
        );
        PROOFS.anchor(_SECOND, headers);
    }

    function testRefusesAnInventedParent() public {
        bytes[] memory headers = _headers;
        bytes32 wanted = keccak256(headers[1]);
        headers[1] = Tries.header(0, bytes32(uint256(0xBAD)), 15_000, _SECOND);
        vm.expectRevert(
            abi.encodeWithSelector(
                IBalanceProofs.BalanceProofsNotParent.selector,
                1,
                wanted,
                keccak256(headers[1])
            )
        );
        PROOFS.anchor(_SECOND, headers);
    }

    function testTakesFromTwoTo256Headers() public {
        _expectHeaderCount(0);
        PROOFS.anchor(_SECOND, new bytes[](0));
        _expectHeaderCount(1);
        PROOFS.anchor(_SECOND, new bytes[](1));
        _expectHeaderCount(257);
        PROOFS.anchor(_SECOND, new bytes[](257));
    }

    function testRefusesWhatIsNoHeader() public {
        bytes[] memory headers = _headers;
        headers[0] = hex"1234";
        vm.expectRevert(RLP.RLPInvalidEncoding.selector);
        PROOFS.anchor(_SECOND, headers);
        headers[0] = hex"c0";
        vm.expectRevert(
            abi.encodeWithSelector(
                BlockHeader.FieldNotPresentInBlockHeader.selector,
                BlockHeader.HeaderField.Number
            )
        );
        PROOFS.anchor(_SECOND, headers);
    }

    /* BALANCES */

    function testShowsTheBalanceOfEachAccount() public {
        PROOFS.anchor(_SECOND, _headers);
        assertEq(_balanceOf(0), 1, "a wei");
        assertEq(_balanceOf(1), 20e18, "coins");
        assertEq(_balanceOf(2), 0, "nothing");
        assertEq(_balanceOf(3), 1 << 95, "very much");
    }

    function testShowsNothingBeforeTheAnchor() public {
        bytes[] memory proof = Tries.proofOf(_accounts, 0);
        vm.expectRevert(
            abi.encodeWithSelector(IBalanceProofs.BalanceProofsNotAnchored.selector, _SECOND)
        );
        PROOFS.balanceAt(_SECOND, _voters[0], proof);
    }

    function testRefusesAnotherAccountsProof() public {
        PROOFS.anchor(_SECOND, _headers);
        bytes[] memory proof = Tries.proofOf(_accounts, 3);
        _expectInvalid(_voters[0], TrieProof.ProofError.INVALID_LARGE_NODE);
        PROOFS.balanceAt(_SECOND, _voters[0], proof);
    }

    function testRefusesAProofOfAnotherState() public {
        PROOFS.anchor(_SECOND, _headers);
        Tries.Account[] memory richer = _accounts;
        richer[0].balance = 1e24;
        bytes[] memory proof = Tries.proofOf(richer, 0);
        _expectInvalid(_voters[0], TrieProof.ProofError.INVALID_ROOT);
        PROOFS.balanceAt(_SECOND, _voters[0], proof);
        // The true root with the false leaf.
        proof[0] = Tries.proofOf(_accounts, 0)[0];
        _expectInvalid(_voters[0], TrieProof.ProofError.INVALID_LARGE_NODE);
        PROOFS.balanceAt(_SECOND, _voters[0], proof);
    }

    function testRefusesAProofThatEndsEarlyOrLate() public {
        PROOFS.anchor(_SECOND, _headers);
        bytes[] memory proof = Tries.proofOf(_accounts, 0);
        bytes[] memory shorter = new bytes[](1);
        shorter[0] = proof[0];
        _expectInvalid(_voters[0], TrieProof.ProofError.INVALID_PROOF);
        PROOFS.balanceAt(_SECOND, _voters[0], shorter);
        bytes[] memory longer = new bytes[](3);
        (longer[0], longer[1], longer[2]) = (proof[0], proof[1], proof[1]);
        _expectInvalid(_voters[0], TrieProof.ProofError.INVALID_EXTRA_PROOF_ELEMENT);
        PROOFS.balanceAt(_SECOND, _voters[0], longer);
        _expectInvalid(_voters[0], TrieProof.ProofError.INVALID_PROOF);
        PROOFS.balanceAt(_SECOND, _voters[0], new bytes[](0));
    }

    function testFuzzEveryBalanceIsReadAsItIs(uint96[VOTERS] calldata balances) public {
        uint256[VOTERS] memory wide;
        for (uint256 i = 0; i < VOTERS; ++i) {
            wide[i] = balances[i];
        }
        Tries.Account[] memory accounts = accountsWith(wide);
        bytes32 root = Tries.rootOf(accounts);
        PROOFS.anchor(_SECOND + 50, past(root, 16_000, _SECOND + 50, _SECOND + 51));
        for (uint256 i = 0; i < VOTERS; ++i) {
            uint256 read = PROOFS.balanceAt(_SECOND + 50, _voters[i], Tries.proofOf(accounts, i));
            assertEq(read, balances[i], "balance");
        }
    }

    function _balanceOf(uint256 index) private view returns (uint256 balance) {
        return PROOFS.balanceAt(_SECOND, _voters[index], Tries.proofOf(_accounts, index));
    }

    function _expectWrongBlock(uint48 timepoint) private {
        vm.expectRevert(
            abi.encodeWithSelector(
                IBalanceProofs.BalanceProofsWrongBlock.selector,
                timepoint,
                _SECOND - 2,
                _SECOND + 3
            )
        );
    }

    function _expectHeaderCount(uint256 given) private {
        vm.expectRevert(
            abi.encodeWithSelector(IBalanceProofs.BalanceProofsHeaderCount.selector, given, 256)
        );
    }

    function _expectInvalid(address account, TrieProof.ProofError fault) private {
        vm.expectRevert(
            abi.encodeWithSelector(
                IBalanceProofs.BalanceProofsInvalid.selector,
                _SECOND,
                account,
                fault
            )
        );
    }
}
