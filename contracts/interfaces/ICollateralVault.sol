// SPDX-License-Identifier: MIT
pragma solidity >=0.8.24;

/// @title Everything forfeitable.
/// @notice Accounts deposit coin, system contracts ("controllers") lock parts of it under a
/// reference of their own, and give it back or seize it. A lock can only be undone by the
/// controller that made it.
/// @custom:invariant address(this).balance == sum of freeOf + sum of lockedOf
interface ICollateralVault {
    event Deposited(address indexed account, address indexed from, uint256 amount);
    event Withdrawn(address indexed account, uint256 amount);
    event CollateralLocked(
        address indexed controller,
        address indexed account,
        bytes32 indexed ref,
        uint256 amount
    );
    event CollateralUnlocked(
        address indexed controller,
        address indexed account,
        bytes32 indexed ref,
        uint256 amount
    );
    /// @param to who the seized coin is credited to; the SupplyMeter when it is burned.
    event CollateralSeized(
        address indexed controller,
        address indexed account,
        bytes32 indexed ref,
        address to,
        uint256 amount
    );

    error CollateralVaultNotController(address caller);
    error CollateralVaultInsufficientFree(address account, uint256 wanted, uint256 free);
    error CollateralVaultInsufficientLock(
        address account,
        bytes32 ref,
        uint256 wanted,
        uint256 locked
    );
    error CollateralVaultZeroAmount();
    error CollateralVaultTransferFailed(address to, uint256 amount);

    function deposit() external payable;
    function depositFor(address account) external payable;
    /// @notice Pays out free collateral to its owner.
    function withdraw(uint256 amount) external;

    function lock(address account, bytes32 ref, uint256 amount) external;
    function unlock(address account, bytes32 ref, uint256 amount) external;
    /// @notice Moves locked collateral to the free balance of `to`.
    function seize(address account, bytes32 ref, uint256 amount, address to) external;
    /// @notice Destroys locked collateral by sending it to the SupplyMeter.
    function burn(address account, bytes32 ref, uint256 amount) external;

    function freeOf(address account) external view returns (uint256 amount);
    function lockedOf(address account) external view returns (uint256 amount);
    function lockOf(
        address controller,
        address account,
        bytes32 ref
    ) external view returns (uint256 amount);
}
