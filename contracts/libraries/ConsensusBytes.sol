// SPDX-License-Identifier: MIT
pragma solidity >=0.8.24;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

/// @title What seats sign.
/// @notice Fixed-width big-endian fields behind a text that names the kind and its version, hashed
/// with keccak-256 and signed with the secp256k1 key of the account that acts for the seat. The
/// text keeps a signature of one kind from counting as another, or as a transaction.
/// @dev precommit: "POCA commit v1" chainId(8) height(8) round(4) value(32); what a certificate of
/// a block collects. prevote and proposal: "POCA prevote v1" or "POCA proposal v1", chainId(8)
/// height(8) round(4) validRound(4, signed) value(32). Seat and term are not signed: the recovered
/// account is the signer, and no account signs for two seats at one height. The TypeScript twin is
/// `chain/system/consensusBytes.ts`; test/vectors/consensusBytes.json binds the two.
library ConsensusBytes {
    enum Kind {
        Prevote,
        Precommit,
        Proposal
    }

    struct SignedMessage {
        Kind kind;
        uint64 height;
        uint32 round;
        int32 validRound; // round in which `value` had a quorum of prevotes, -1 for none
        bytes32 value; // block hash; 0 for nil
        bytes32 r;
        bytes32 s; // in the lower half of the order
        uint8 yParity;
    }

    function digestOf(SignedMessage memory message) internal view returns (bytes32 digest) {
        if (message.kind == Kind.Precommit) {
            return precommitDigest(message.height, message.round, message.value);
        }
        if (message.kind == Kind.Prevote) {
            return prevoteDigest(message.height, message.round, message.validRound, message.value);
        }
        return
            keccak256(
                abi.encodePacked(
                    "POCA proposal v1",
                    uint64(block.chainid),
                    message.height,
                    message.round,
                    message.validRound,
                    message.value
                )
            );
    }

    function prevoteDigest(
        uint64 height,
        uint32 round,
        int32 validRound,
        bytes32 value
    ) internal view returns (bytes32 digest) {
        return
            keccak256(
                abi.encodePacked(
                    "POCA prevote v1",
                    uint64(block.chainid),
                    height,
                    round,
                    validRound,
                    value
                )
            );
    }

    /// @dev Cast: a chain's id fits 64 bits, as its certificates say. So above.
    function precommitDigest(
        uint64 height,
        uint32 round,
        bytes32 value
    ) internal view returns (bytes32 digest) {
        return
            keccak256(
                abi.encodePacked("POCA commit v1", uint64(block.chainid), height, round, value)
            );
    }

    /// @return signer zero when nobody can have made the signature.
    function signerOf(
        bytes32 digest,
        bytes32 r,
        bytes32 s,
        uint8 yParity
    ) internal pure returns (address signer) {
        if (yParity > 1) return address(0);
        (signer, , ) = ECDSA.tryRecover(digest, 27 + yParity, r, s);
    }
}
