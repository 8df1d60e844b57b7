// SPDX-License-Identifier: MIT
pragma solidity >=0.8.24;

import {EndBlockInput} from "./IHubModule.sol";

/// @title The end-of-block dispatcher.
/// @notice The last transaction of every block is a call of `endBlock` by the block's proposer.
/// Each module runs with its own gas cap and is rolled back alone when it fails. A module that
/// fails `FAILURES_TO_TRIP` times in a row is skipped until governance resets it.
interface ISystemHub {
    /// @notice One module of the table.
    struct Module {
        address target;
        uint32 gasCap;
        uint16 failures; // consecutive
        bool tripped;
    }

    /// @notice The block was ended.
    event BlockProcessed(uint64 indexed height, address indexed proposer, uint256 gasUsed);
    /// @notice A module reverted, ran out of its gas or was empty; its changes are rolled back.
    /// @param reason the first 256 bytes of what it returned.
    event ModuleFailed(uint256 indexed index, address indexed target, bytes reason);
    /// @notice A module is skipped from now on.
    event ModuleTripped(uint256 indexed index, address indexed target);
    /// @notice Governance let a tripped module run again.
    event ModuleReset(uint256 indexed index, address indexed target);
    /// @notice Governance replaced or added a module.
    event ModuleSet(uint256 indexed index, address indexed target, uint32 gasCap);

    error SystemHubNotProposer(address sender, address coinbase);
    error SystemHubNotSigner(address sender);
    error SystemHubWrongHeight(uint64 given, uint256 current);
    error SystemHubAlreadyProcessed(uint64 height);
    error SystemHubUnknownModule(uint256 index, uint256 count);
    error SystemHubTooManyModules(uint256 count, uint256 max);
    error SystemHubGasCapOutOfBounds(uint256 total, uint256 max);
    /// @notice More bytes than what modules look at needs: copying them would eat their gas.
    error SystemHubInputTooLong(uint256 size, uint256 max);
    error SystemHubOnlyTimelock(address caller);
    /// @notice The transaction has too little gas for every module to get its cap.
    error SystemHubNotEnoughGas(uint256 available, uint256 needed);

    /// @notice Ends the block. Callable once in a block, by the proposer itself, in a transaction
    /// of its own (`tx.origin == msg.sender == block.coinbase`), when it holds a seat.
    function endBlock(EndBlockInput calldata input) external;

    /// @notice Replaces module `index`, or appends when `index == moduleCount()`. Timelock only.
    /// @param gasCap gas the module may use; the sum over modules is bounded by `MODULE_GAS_MAX`.
    function setModule(uint256 index, address target, uint32 gasCap) external;

    /// @notice Lets a tripped module run again and forgets its failures. Timelock only.
    function resetModule(uint256 index) external;

    /// @notice Height of the last block that was ended.
    function lastBlock() external view returns (uint64 height);

    /// @notice Gas that ending this block had cost when the running module was called, with the
    /// transaction's own; 0 outside of a module. A module whose work can wait does as much as
    /// others left.
    function gasUsed() external view returns (uint256 gas);

    function moduleCount() external view returns (uint256 count);

    function moduleAt(uint256 index) external view returns (Module memory module);
}
