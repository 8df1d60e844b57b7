// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {EndBlockInput, IHubModule} from "../interfaces/IHubModule.sol";

/// @title A module of the hub that behaves as badly as a test tells it to.
contract HostileModule is IHubModule {
    enum Behaviour {
        Behave,
        RevertWithReason,
        RevertSilently,
        WriteThenRevert,
        Loop,
        RevertBomb,
        ReturnBomb,
        BurnAndReturn,
        InvalidOpcode,
        SelfDestruct,
        Act,
        ActThenRevert
    }

    error HostileModuleRefuses(uint256 height);

    /// @notice Calls that were not rolled back.
    uint256 public callCount;
    /// @notice Gas at the start of the last call that was not rolled back.
    uint256 public gasSeen;
    /// @notice Height of the last call that was not rolled back.
    uint64 public heightSeen;
    /// @notice Whether the last `Act` succeeded, and what it returned.
    bool public actSucceeded;
    bytes public actReturned;

    Behaviour private _behaviour;
    uint256 private _size;
    address private _actTarget;
    bytes private _actData;

    /// @notice Chooses what happens in the next blocks.
    function behave(Behaviour behaviour) external {
        _behaviour = behaviour;
    }

    /// @notice Reverts with, or returns, `size` bytes.
    function behaveAsBomb(Behaviour behaviour, uint256 size) external {
        _behaviour = behaviour;
        _size = size;
    }

    /// @notice Calls `target` with `data` in the next blocks.
    function act(address target, bytes calldata data) external {
        _behaviour = Behaviour.Act;
        _actTarget = target;
        _actData = data;
    }

    /// @inheritdoc IHubModule
    function onEndBlock(EndBlockInput calldata input) external {
        uint256 gasStart = gasleft();
        Behaviour behaviour = _behaviour;
        if (behaviour == Behaviour.RevertWithReason) revert HostileModuleRefuses(input.height);
        if (behaviour == Behaviour.RevertSilently) {
            assembly {
                revert(0, 0)
            }
        }
        if (behaviour == Behaviour.Loop) {
            for (;;) {}
        }
        if (behaviour == Behaviour.InvalidOpcode) {
            assembly {
                invalid()
            }
        }

        ++callCount;
        gasSeen = gasStart;
        heightSeen = input.height;

        if (behaviour == Behaviour.WriteThenRevert) revert HostileModuleRefuses(input.height);
        if (behaviour == Behaviour.BurnAndReturn) {
            while (gasleft() > 5_000) {}
        }
        if (behaviour == Behaviour.SelfDestruct) selfdestruct(payable(address(this)));
        if (behaviour == Behaviour.Act || behaviour == Behaviour.ActThenRevert) {
            (actSucceeded, actReturned) = _actTarget.call(_actData);
        }
        if (behaviour == Behaviour.ActThenRevert) revert HostileModuleRefuses(input.height);
        uint256 size = _size;
        if (behaviour == Behaviour.RevertBomb) {
            assembly {
                revert(0, size)
            }
        }
        if (behaviour == Behaviour.ReturnBomb) {
            assembly {
                return(0, size)
            }
        }
    }
}
