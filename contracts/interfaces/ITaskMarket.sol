// SPDX-License-Identifier: MIT
pragma solidity >=0.8.24;

import {ITaskEndings} from "./ITaskEndings.sol";
import {ITaskWork} from "./ITaskWork.sol";

/// @title Paid work: the state machine of tasks and slots.
/// @notice A client creates a task and escrows its collateral. Workers drawn by weight accept its
/// slots with collateral of their own, commit to and reveal a Merkle root of their results, oracles
/// attest them, and after a challenge window anyone, or the block producer, settles the task by the
/// whitepaper's formula. Every state can be left by a stranger's call once its deadline has passed.
/// @dev One address, two pieces of code: see docs/decisions/0011.
/// @custom:source TS 3.1 to 3.4; SC 3.2.1; SC 5.2
interface ITaskMarket is ITaskWork, ITaskEndings {}
