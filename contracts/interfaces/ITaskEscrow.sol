// SPDX-License-Identifier: MIT
pragma solidity >=0.8.24;

/// @title Clients' money, one balance per task.
/// @notice Filled when a task is created, emptied when it ends. Everything goes out as a credit
/// that its owner withdraws.
/// @custom:invariant address(this).balance == sum of balanceOf + sum of creditOf
interface ITaskEscrow {
    event TaskFunded(uint256 indexed taskId, address indexed sponsor, uint256 amount);
    event TaskPaid(uint256 indexed taskId, address indexed to, uint256 amount);
    event TaskBurned(uint256 indexed taskId, uint256 amount);
    event CreditWithdrawn(address indexed account, uint256 amount);

    error TaskEscrowOnlyMarket(address caller);
    error TaskEscrowInsufficient(uint256 taskId, uint256 wanted, uint256 balance);
    error TaskEscrowNoCredit(address account);
    error TaskEscrowTransferFailed(address to, uint256 amount);

    function fund(uint256 taskId, address sponsor) external payable;
    function pay(uint256 taskId, address to, uint256 amount) external;
    function burn(uint256 taskId, uint256 amount) external;
    function withdraw() external returns (uint256 amount);
    /// @notice Pays `account` its credit. Anyone may call; the money goes to `account`.
    function withdrawFor(address account) external returns (uint256 amount);

    function balanceOf(uint256 taskId) external view returns (uint256 amount);
    function creditOf(address account) external view returns (uint256 amount);
}
