// SPDX-License-Identifier: MIT
pragma solidity >=0.8.24;

/// @title Hashes of blocks of the last hours.
/// @notice The EVM knows those of 256 blocks, the history contract those of 8,191.
/// @custom:source EIP-2935
library BlockHashes {
    uint256 internal constant REACH = 8_191;

    address private constant HISTORY = 0x0000F90827F1C53a10cb7A02335B175320002935;

    /// @return hash 0 when the block is not over, is too old or is not remembered.
    function read(uint256 height) internal view returns (bytes32 hash) {
        if (height >= block.number || block.number - height > REACH) return 0;
        hash = blockhash(height);
        if (hash != 0) return hash;
        (bool ok, bytes memory data) = HISTORY.staticcall(abi.encode(height));
        if (ok && data.length == 32) hash = abi.decode(data, (bytes32));
    }
}
