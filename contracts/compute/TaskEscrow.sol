// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Initializable} from "@openzeppelin/contracts/proxy/utils/Initializable.sol";
import {ISupplyMeter} from "../interfaces/ISupplyMeter.sol";
import {ITaskEscrow} from "../interfaces/ITaskEscrow.sol";
import {Predeploys} from "../libraries/Predeploys.sol";

/// @title Clients' money, one balance per task.
contract TaskEscrow is ITaskEscrow, Initializable layout at erc7201("poca.storage.TaskEscrow") {
    mapping(uint256 taskId => uint256 amount) private _balances;
    mapping(address account => uint256 amount) private _credits;

    modifier onlyTaskMarket() {
        require(msg.sender == Predeploys.TASK_MARKET, TaskEscrowOnlyMarket(msg.sender));
        _;
    }

    constructor() {
        _disableInitializers();
    }

    function initialize() external initializer {}

    /* KEEPING */

    /// @inheritdoc ITaskEscrow
    function fund(uint256 taskId, address sponsor) external payable onlyTaskMarket {
        _balances[taskId] += msg.value;
        emit TaskFunded(taskId, sponsor, msg.value);
    }

    /// @inheritdoc ITaskEscrow
    function pay(uint256 taskId, address to, uint256 amount) external onlyTaskMarket {
        _take(taskId, amount);
        _credits[to] += amount;
        emit TaskPaid(taskId, to, amount);
    }

    /// @inheritdoc ITaskEscrow
    function burn(uint256 taskId, uint256 amount) external onlyTaskMarket {
        _take(taskId, amount);
        emit TaskBurned(taskId, amount);
        ISupplyMeter(Predeploys.SUPPLY_METER).burn{value: amount}();
    }

    /* WITHDRAWING */

    /// @inheritdoc ITaskEscrow
    function withdraw() external returns (uint256 amount) {
        return _withdraw(msg.sender);
    }

    /// @inheritdoc ITaskEscrow
    function withdrawFor(address account) external returns (uint256 amount) {
        return _withdraw(account);
    }

    /* READING */

    /// @inheritdoc ITaskEscrow
    function balanceOf(uint256 taskId) external view returns (uint256 amount) {
        return _balances[taskId];
    }

    /// @inheritdoc ITaskEscrow
    function creditOf(address account) external view returns (uint256 amount) {
        return _credits[account];
    }

    function _take(uint256 taskId, uint256 amount) private {
        uint256 balance = _balances[taskId];
        require(balance >= amount, TaskEscrowInsufficient(taskId, amount, balance));
        _balances[taskId] = balance - amount;
    }

    function _withdraw(address account) private returns (uint256 amount) {
        amount = _credits[account];
        require(amount > 0, TaskEscrowNoCredit(account));
        _credits[account] = 0;
        emit CreditWithdrawn(account, amount);
        (bool ok, ) = account.call{value: amount}("");
        require(ok, TaskEscrowTransferFailed(account, amount));
    }
}
