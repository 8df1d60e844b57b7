// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {VotesUpgradeable} from "@openzeppelin/contracts-upgradeable/governance/utils/VotesUpgradeable.sol";
import {IERC6372} from "@openzeppelin/contracts/interfaces/IERC6372.sol";
import {IVotes} from "@openzeppelin/contracts/governance/utils/IVotes.sol";
import {ERC6372Utils} from "@openzeppelin/contracts/utils/ERC6372Utils.sol";
import {LowLevelCall} from "@openzeppelin/contracts/utils/LowLevelCall.sol";
import {Time} from "@openzeppelin/contracts/utils/types/Time.sol";
import {IVotingPower} from "../interfaces/IVotingPower.sol";

/// @title Locked coin as votes.
/// @notice Who delegates to nobody votes for itself.
/// @custom:invariant address(this).balance >= totalLocked() == sum of lockedOf
contract VotingPower
    is IVotingPower, VotesUpgradeable
    layout at erc7201("poca.storage.VotingPower")
{
    mapping(address account => uint256 amount) private _locked;

    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor() {
        _disableInitializers();
    }

    /// @notice Names the contract in the signatures of `delegateBySig`.
    function initialize() external initializer {
        __EIP712_init("POCA VotingPower", "1");
    }

    /// @inheritdoc IVotingPower
    function lock() external payable {
        require(msg.value != 0, VotingPowerZeroAmount());
        _locked[msg.sender] += msg.value;
        _transferVotingUnits(address(0), msg.sender, msg.value);
        emit VotesLocked(msg.sender, msg.value);
    }

    /// @inheritdoc IVotingPower
    function unlock(uint256 amount) external {
        uint256 locked = _locked[msg.sender];
        require(amount != 0, VotingPowerZeroAmount());
        require(amount <= locked, VotingPowerInsufficient(msg.sender, amount, locked));
        _locked[msg.sender] = locked - amount;
        _transferVotingUnits(msg.sender, address(0), amount);
        emit VotesUnlocked(msg.sender, amount);

        require(
            LowLevelCall.callNoReturn(msg.sender, amount, ""),
            VotingPowerTransferFailed(msg.sender, amount)
        );
    }

    /// @inheritdoc IVotingPower
    function lockedOf(address account) external view returns (uint256 amount) {
        return _locked[account];
    }

    /// @inheritdoc IVotingPower
    function totalLocked() external view returns (uint256 amount) {
        return _getTotalSupply();
    }

    /// @inheritdoc IVotes
    function delegates(
        address account
    ) public view override(IVotes, VotesUpgradeable) returns (address) {
        address delegatee = super.delegates(account);
        return delegatee == address(0) ? account : delegatee;
    }

    /// @inheritdoc IERC6372
    function clock() public view override(IERC6372, VotesUpgradeable) returns (uint48) {
        return Time.timestamp();
    }

    /// @inheritdoc IERC6372
    // solhint-disable-next-line func-name-mixedcase
    function CLOCK_MODE() public view override(IERC6372, VotesUpgradeable) returns (string memory) {
        return ERC6372Utils.timestampClockMode(clock);
    }

    /// @dev Delegating to nobody takes the votes back.
    function _delegate(address account, address delegatee) internal override {
        super._delegate(account, delegatee == address(0) ? account : delegatee);
    }

    function _getVotingUnits(address account) internal view override returns (uint256) {
        return _locked[account];
    }
}
