// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Initializable} from "@openzeppelin/contracts/proxy/utils/Initializable.sol";
import {ICollateralVault} from "../interfaces/ICollateralVault.sol";
import {ISupplyMeter} from "../interfaces/ISupplyMeter.sol";
import {Predeploys} from "../libraries/Predeploys.sol";

/// @title Everything forfeitable.
/// @dev The controllers are constants: a new one is a new implementation, put in place by vote.
contract CollateralVault
    is ICollateralVault, Initializable
    layout at erc7201("poca.storage.CollateralVault")
{
    mapping(address account => uint256 amount) private _free;
    mapping(address account => uint256 amount) private _locked;
    mapping(address controller => mapping(address account => mapping(bytes32 ref => uint256 held)))
        private _locks;

    modifier onlyController() {
        require(_isController(msg.sender), CollateralVaultNotController(msg.sender));
        _;
    }

    constructor() {
        _disableInitializers();
    }

    function initialize() external initializer {}

    /* DEPOSITING */

    /// @inheritdoc ICollateralVault
    function deposit() external payable {
        _deposit(msg.sender);
    }

    /// @inheritdoc ICollateralVault
    function depositFor(address account) external payable {
        _deposit(account);
    }

    /// @inheritdoc ICollateralVault
    function withdraw(uint256 amount) external {
        require(amount > 0, CollateralVaultZeroAmount());
        _takeFree(msg.sender, amount);
        emit Withdrawn(msg.sender, amount);
        (bool ok, ) = msg.sender.call{value: amount}("");
        require(ok, CollateralVaultTransferFailed(msg.sender, amount));
    }

    /* LOCKING */

    /// @inheritdoc ICollateralVault
    function lock(address account, bytes32 ref, uint256 amount) external onlyController {
        require(amount > 0, CollateralVaultZeroAmount());
        _takeFree(account, amount);
        _locked[account] += amount;
        _locks[msg.sender][account][ref] += amount;
        emit CollateralLocked(msg.sender, account, ref, amount);
    }

    /// @inheritdoc ICollateralVault
    function unlock(address account, bytes32 ref, uint256 amount) external onlyController {
        _takeLock(account, ref, amount);
        _free[account] += amount;
        emit CollateralUnlocked(msg.sender, account, ref, amount);
    }

    /// @inheritdoc ICollateralVault
    function seize(
        address account,
        bytes32 ref,
        uint256 amount,
        address to
    ) external onlyController {
        _takeLock(account, ref, amount);
        _free[to] += amount;
        emit CollateralSeized(msg.sender, account, ref, to, amount);
    }

    /// @inheritdoc ICollateralVault
    function burn(address account, bytes32 ref, uint256 amount) external onlyController {
        _takeLock(account, ref, amount);
        emit CollateralSeized(msg.sender, account, ref, Predeploys.SUPPLY_METER, amount);
        ISupplyMeter(Predeploys.SUPPLY_METER).burn{value: amount}();
    }

    /* READING */

    /// @inheritdoc ICollateralVault
    function freeOf(address account) external view returns (uint256 amount) {
        return _free[account];
    }

    /// @inheritdoc ICollateralVault
    function lockedOf(address account) external view returns (uint256 amount) {
        return _locked[account];
    }

    /// @inheritdoc ICollateralVault
    function lockOf(
        address controller,
        address account,
        bytes32 ref
    ) external view returns (uint256 amount) {
        return _locks[controller][account][ref];
    }

    function _deposit(address account) private {
        require(msg.value > 0, CollateralVaultZeroAmount());
        _free[account] += msg.value;
        emit Deposited(account, msg.sender, msg.value);
    }

    function _takeFree(address account, uint256 amount) private {
        uint256 free = _free[account];
        require(free >= amount, CollateralVaultInsufficientFree(account, amount, free));
        _free[account] = free - amount;
    }

    function _takeLock(address account, bytes32 ref, uint256 amount) private {
        require(amount > 0, CollateralVaultZeroAmount());
        uint256 held = _locks[msg.sender][account][ref];
        require(held >= amount, CollateralVaultInsufficientLock(account, ref, amount, held));
        _locks[msg.sender][account][ref] = held - amount;
        _locked[account] -= amount;
    }

    function _isController(address account) private pure returns (bool) {
        return
            account == Predeploys.TASK_MARKET ||
            account == Predeploys.ORACLE_HUB ||
            account == Predeploys.DISPUTE_COURT ||
            account == Predeploys.NODE_REGISTRY ||
            account == Predeploys.CAPABILITY_CHALLENGE ||
            account == Predeploys.LEASE_MARKET ||
            account == Predeploys.SIGNER_BOARD ||
            account == Predeploys.SLASH_COURT;
    }
}
