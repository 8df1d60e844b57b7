// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {EndBlockInput, IHubModule} from "../interfaces/IHubModule.sol";
import {IRewardDistributor} from "../interfaces/IRewardDistributor.sol";
import {ISignerBoard} from "../interfaces/ISignerBoard.sol";
import {ISystemHub} from "../interfaces/ISystemHub.sol";
import {Predeploys} from "../libraries/Predeploys.sol";

/// @title The end-of-block dispatcher.
/// @notice Not upgradeable; governance changes the table of modules, never this code.
/// @custom:invariant No module can make `endBlock` revert, whatever it does.
contract SystemHub is ISystemHub layout at erc7201("poca.storage.SystemHub") {
    /// @notice Failures in a row after which a module is skipped.
    uint256 public constant FAILURES_TO_TRIP = 8;
    /// @notice Gas that all modules together may be given.
    uint256 public constant MODULE_GAS_MAX = 9_000_000;
    /// @notice Modules there may be.
    uint256 public constant MODULE_COUNT_MAX = 12;
    /// @notice Bytes of a call of `endBlock`: room for eight pieces of evidence of 512 bytes and
    /// for as many missed turns as there can be seats.
    uint256 public constant INPUT_SIZE_MAX = 16_384;
    /// @notice Gas ceiling of the refund of the proposer's gas.
    uint256 public constant REFUND_GAS = 200_000;

    /// @dev Bytes kept of what a failed module returned.
    uint256 private constant _REASON_SIZE_MAX = 256;
    /// @dev Gas the hub itself needs around one call: code check, log of 256 bytes, counter.
    uint256 private constant _CALL_OVERHEAD_GAS = 30_000;
    /// @dev Gas the hub itself needs besides: guards, `lastBlock`, encoding, the last event.
    uint256 private constant _FIXED_OVERHEAD_GAS = 100_000;
    /// @dev What a transaction costs before its first instruction, and a byte of its data at most.
    uint256 private constant _TX_GAS = 21_000;
    uint256 private constant _DATA_BYTE_GAS = 16;
    /// @dev What the refund and the last event cost after the gas has been measured.
    uint256 private constant _TAIL_GAS = 25_000;

    Module[] private _modules;
    uint64 private _lastBlock;
    uint256 private transient _gasUsed;

    /// @param modules the table, in the order of running; counters in it are ignored.
    constructor(Module[] memory modules) {
        for (uint256 i = 0; i < modules.length; ++i) {
            _setModule(i, modules[i].target, modules[i].gasCap);
        }
    }

    /* ENDING A BLOCK */

    /// @inheritdoc ISystemHub
    function endBlock(EndBlockInput calldata input) external {
        uint256 gasStart = gasleft();
        require(
            msg.sender == tx.origin && msg.sender == block.coinbase,
            SystemHubNotProposer(msg.sender, block.coinbase)
        );
        require(input.height == block.number, SystemHubWrongHeight(input.height, block.number));
        require(input.height > _lastBlock, SystemHubAlreadyProcessed(input.height));
        require(
            ISignerBoard(Predeploys.SIGNER_BOARD).isSigner(msg.sender),
            SystemHubNotSigner(msg.sender)
        );
        require(
            msg.data.length <= INPUT_SIZE_MAX,
            SystemHubInputTooLong(msg.data.length, INPUT_SIZE_MAX)
        );
        uint256 gasNeeded = _gasNeeded();
        require(gasleft() >= gasNeeded, SystemHubNotEnoughGas(gasleft(), gasNeeded));

        // Before any module runs, so that nothing can come in a second time.
        _lastBlock = input.height;

        bytes memory data = abi.encodeCall(IHubModule.onEndBlock, (input));
        uint256 count = _modules.length;
        for (uint256 i = 0; i < count; ++i) {
            _gasUsed = _gasSince(gasStart);
            _runModule(i, data);
        }
        _gasUsed = 0;
        _refundGas(gasStart, count);

        emit BlockProcessed(input.height, msg.sender, gasStart - gasleft());
    }

    /* GOVERNANCE */

    /// @inheritdoc ISystemHub
    function setModule(uint256 index, address target, uint32 gasCap) external {
        require(msg.sender == Predeploys.TIMELOCK, SystemHubOnlyTimelock(msg.sender));
        _setModule(index, target, gasCap);
    }

    /// @inheritdoc ISystemHub
    function resetModule(uint256 index) external {
        require(msg.sender == Predeploys.TIMELOCK, SystemHubOnlyTimelock(msg.sender));
        require(index < _modules.length, SystemHubUnknownModule(index, _modules.length));
        Module storage module = _modules[index];
        module.failures = 0;
        module.tripped = false;
        emit ModuleReset(index, module.target);
    }

    /// @inheritdoc ISystemHub
    function lastBlock() external view returns (uint64 height) {
        return _lastBlock;
    }

    /// @inheritdoc ISystemHub
    function gasUsed() external view returns (uint256 gas) {
        return _gasUsed;
    }

    /// @inheritdoc ISystemHub
    function moduleCount() external view returns (uint256 count) {
        return _modules.length;
    }

    /// @inheritdoc ISystemHub
    function moduleAt(uint256 index) external view returns (Module memory module) {
        require(index < _modules.length, SystemHubUnknownModule(index, _modules.length));
        return _modules[index];
    }

    function _setModule(uint256 index, address target, uint32 gasCap) private {
        uint256 count = _modules.length;
        require(index <= count, SystemHubUnknownModule(index, count));
        Module memory module = Module({
            target: target,
            gasCap: gasCap,
            failures: 0,
            tripped: false
        });
        if (index == count) {
            require(count < MODULE_COUNT_MAX, SystemHubTooManyModules(count + 1, MODULE_COUNT_MAX));
            _modules.push(module);
        } else {
            _modules[index] = module;
        }
        uint256 total = _gasCapSum();
        require(total <= MODULE_GAS_MAX, SystemHubGasCapOutOfBounds(total, MODULE_GAS_MAX));
        emit ModuleSet(index, target, gasCap);
    }

    /* RUNNING MODULES */

    function _runModule(uint256 index, bytes memory data) private {
        Module memory module = _modules[index];
        if (module.tripped) return;

        (bool success, bytes memory reason) = _tryCall(module.target, module.gasCap, data);
        if (success) {
            if (module.failures != 0) _modules[index].failures = 0;
            return;
        }
        emit ModuleFailed(index, module.target, reason);

        // The same module still: what the failed call did to the table is rolled back with it.
        Module storage stored = _modules[index];
        // Cannot overflow: the module is tripped at 8.
        uint16 failures = module.failures + 1;
        stored.failures = failures;
        if (failures >= FAILURES_TO_TRIP) {
            stored.tripped = true;
            emit ModuleTripped(index, module.target);
        }
    }

    /// @dev Pays the proposer's gas back out of its own credit. What is counted too much was the
    /// proposer's anyway.
    function _refundGas(uint256 gasStart, uint256 count) private {
        uint256 amount = (_gasSince(gasStart) + _TAIL_GAS) * block.basefee;
        if (amount == 0) return;
        bytes memory data = abi.encodeCall(IRewardDistributor.refundGas, (msg.sender, amount));
        (bool success, bytes memory reason) = _tryCall(
            Predeploys.REWARD_DISTRIBUTOR,
            REFUND_GAS,
            data
        );
        // Logged under the index after the last module; never counted.
        if (!success) emit ModuleFailed(count, Predeploys.REWARD_DISTRIBUTOR, reason);
    }

    /// @dev What the transaction has cost so far; each byte of input counts as a non-zero one.
    function _gasSince(uint256 gasStart) private view returns (uint256) {
        return gasStart - gasleft() + _TX_GAS + msg.data.length * _DATA_BYTE_GAS;
    }

    /// @dev Calls `target` and keeps at most 256 bytes of what a failure returned.
    function _tryCall(
        address target,
        uint256 gasCap,
        bytes memory data
    ) private returns (bool success, bytes memory reason) {
        // A call of an address without code would succeed.
        if (target.code.length == 0) return (false, "");
        // A plain `call` copies all that comes back, and the copy is paid by the hub: 9 M gas buy
        // a module about 1.5 MB of zeros. Safe: writes only memory taken from the free pointer.
        assembly ("memory-safe") {
            success := call(gasCap, target, 0, add(data, 0x20), mload(data), 0, 0)
            if iszero(success) {
                let size := returndatasize()
                if gt(size, _REASON_SIZE_MAX) {
                    size := _REASON_SIZE_MAX
                }
                reason := mload(0x40)
                mstore(0x40, add(reason, add(0x20, _REASON_SIZE_MAX)))
                mstore(reason, size)
                returndatacopy(add(reason, 0x20), 0, size)
            }
        }
    }

    /// @dev Gas with which every module surely gets all of its cap. A call hands on at most 63/64
    /// of what is left, so a 63rd is added. Less is the proposer's fault, not a module's.
    function _gasNeeded() private view returns (uint256) {
        uint256 callGas = _gasCapSum() + REFUND_GAS;
        return
            callGas +
            callGas / 63 +
            (_modules.length + 1) * _CALL_OVERHEAD_GAS +
            _FIXED_OVERHEAD_GAS;
    }

    function _gasCapSum() private view returns (uint256 total) {
        uint256 count = _modules.length;
        for (uint256 i = 0; i < count; ++i) {
            total += _modules[i].gasCap;
        }
    }
}
