// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {BlockHeader} from "@openzeppelin/contracts/utils/BlockHeader.sol";
import {Memory} from "@openzeppelin/contracts/utils/Memory.sol";
import {RLP} from "@openzeppelin/contracts/utils/RLP.sol";
import {TrieProof} from "@openzeppelin/contracts/utils/cryptography/TrieProof.sol";
import {IBalanceProofs} from "../interfaces/IBalanceProofs.sol";

/// @title What an account owned at a past second, proved.
/// @notice Has no owner and no parameter: what it says follows from the chain's own blocks.
contract BalanceProofs is IBalanceProofs layout at erc7201("poca.storage.BalanceProofs") {
    using BlockHeader for bytes;
    using BlockHeader for Memory.Slice[];
    using RLP for *;

    /// @dev Bounds the gas of one anchor; each header costs about 30,000.
    uint256 private constant _HEADERS_MAX = 256;

    /// @dev Place of the balance among nonce, balance, storage root and code hash.
    uint256 private constant _BALANCE_FIELD = 1;

    mapping(uint48 timepoint => Anchor value) private _anchors;

    /// @inheritdoc IBalanceProofs
    function anchor(uint48 timepoint, bytes[] calldata headers) external {
        if (_anchors[timepoint].stateRoot != 0) return;
        require(
            2 <= headers.length && headers.length <= _HEADERS_MAX,
            BalanceProofsHeaderCount(headers.length, _HEADERS_MAX)
        );
        Memory.Slice[] memory fields = _canonical(headers[0]);
        uint256 childTime;
        for (uint256 i = 1; i < headers.length; ++i) {
            childTime = fields.getTimestamp();
            fields = _parent(headers[i], i, fields.getParentHash());
        }
        uint256 time = fields.getTimestamp();
        require(
            time <= timepoint && timepoint < childTime,
            BalanceProofsWrongBlock(timepoint, time, childTime)
        );
        bytes32 stateRoot = fields.getStateRoot();
        // Casts: heights and times of this chain's own blocks.
        uint64 height = uint64(fields.getNumber());
        _anchors[timepoint] = Anchor({stateRoot: stateRoot, height: height, time: uint64(time)});
        emit SnapshotAnchored(timepoint, height, stateRoot);
    }

    /// @inheritdoc IBalanceProofs
    function anchorOf(uint48 timepoint) external view returns (Anchor memory) {
        return _anchors[timepoint];
    }

    /// @inheritdoc IBalanceProofs
    function balanceAt(
        uint48 timepoint,
        address account,
        bytes[] calldata accountProof
    ) external view returns (uint256 balance) {
        bytes32 stateRoot = _anchors[timepoint].stateRoot;
        require(stateRoot != 0, BalanceProofsNotAnchored(timepoint));
        (bytes memory value, TrieProof.ProofError fault) = TrieProof.tryTraverse(
            stateRoot,
            abi.encodePacked(keccak256(abi.encodePacked(account))),
            accountProof
        );
        require(
            fault == TrieProof.ProofError.NO_ERROR,
            BalanceProofsInvalid(timepoint, account, fault)
        );
        return value.decodeList()[_BALANCE_FIELD].readUint256();
    }

    function _canonical(bytes memory header) private view returns (Memory.Slice[] memory fields) {
        fields = header.parseHeader();
        bytes32 hash = keccak256(header);
        require(
            fields.verifyBlockHeader(hash),
            BalanceProofsUnknownHeader(fields.getNumber(), hash)
        );
    }

    function _parent(
        bytes memory header,
        uint256 index,
        bytes32 wanted
    ) private pure returns (Memory.Slice[] memory fields) {
        bytes32 hash = keccak256(header);
        require(hash == wanted, BalanceProofsNotParent(index, wanted, hash));
        return header.parseHeader();
    }
}
