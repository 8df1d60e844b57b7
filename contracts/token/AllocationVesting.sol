// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Initializable} from "@openzeppelin/contracts-upgradeable/proxy/utils/Initializable.sol";
import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {LowLevelCall} from "@openzeppelin/contracts/utils/LowLevelCall.sol";
import {IAllocationVesting} from "../interfaces/IAllocationVesting.sol";
import {ILinearEmission} from "../interfaces/ILinearEmission.sol";
import {Predeploys} from "../libraries/Predeploys.sol";
import {SystemContract} from "../libraries/SystemContract.sol";

/// @title What was allocated before the first block, and when it comes free.
/// @notice Takes no coin after genesis. Every wei in it belongs to a grant, an award, a batch or
/// the distribution.
contract AllocationVesting
    is IAllocationVesting, SystemContract, Initializable
    layout at erc7201("poca.storage.AllocationVesting")
{
    uint256 private constant _BPS = 10_000;
    /// @dev Of what is unsold; the rest is mined.
    uint256 private constant _FUND_BPS = 3_000;
    uint256 private constant _BATCHES_MAX = 64;
    /// @dev How long after the closing date batches can be claimed.
    uint256 private constant _CLAIM_TIME = 180 days;

    uint96 private _unsold; //   ─╮ 96 bits, wei
    uint40 private _closesAt; // ─╯ 40 bits, seconds
    Terms private _investorTerms;
    Grant[] private _grants;
    Batch[] private _batches;
    mapping(uint256 grantId => address to) private _offers;
    mapping(address account => uint256 amount) private _awards;
    mapping(uint256 batchId => mapping(address account => bool hasClaimed)) private _hasClaimed;

    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor() {
        _disableInitializers();
    }

    /// @notice Takes the allocations. What the grants leave of the balance is the distribution.
    /// @param grants with nothing released.
    /// @param terms of what is sold to investors.
    /// @param closesAt_ from when on nothing of the distribution can be awarded.
    function initialize(
        Grant[] calldata grants,
        Terms calldata terms,
        uint40 closesAt_
    ) external initializer {
        uint256 allocated = 0;
        for (uint256 i = 0; i < grants.length; ++i) {
            require(grants[i].released == 0, AllocationVestingInvalidGrant(i));
            _createGrant(
                grants[i].beneficiary,
                grants[i].total,
                Terms({start: grants[i].start, cliff: grants[i].cliff, end: grants[i].end})
            );
            allocated += grants[i].total;
        }
        uint256 balance = address(this).balance;
        require(
            allocated <= balance && balance <= type(uint96).max,
            AllocationVestingUnderfunded(allocated, balance)
        );
        // Cast: checked above.
        _unsold = uint96(balance - allocated);
        _closesAt = closesAt_;
        _investorTerms = terms;
    }

    /* GRANTS */

    /// @inheritdoc IAllocationVesting
    function release(uint256 grantId) external returns (uint256 amount) {
        amount = releasable(grantId);
        Grant storage grant = _grants[grantId];
        require(amount != 0, AllocationVestingNothingToRelease(grantId, grant.cliff));
        // Cast: never more than the total.
        grant.released += uint96(amount);
        emit GrantReleased(grantId, grant.beneficiary, amount);
        _send(grant.beneficiary, amount);
    }

    /// @inheritdoc IAllocationVesting
    function offer(uint256 grantId, address to) external {
        require(grantId < _grants.length, AllocationVestingUnknownGrant(grantId));
        require(
            msg.sender == _grants[grantId].beneficiary,
            AllocationVestingNotBeneficiary(grantId, msg.sender)
        );
        _offers[grantId] = to;
        emit GrantOffered(grantId, to);
    }

    /// @inheritdoc IAllocationVesting
    function accept(uint256 grantId) external {
        require(msg.sender == _offers[grantId], AllocationVestingNotOffered(grantId, msg.sender));
        address from = _grants[grantId].beneficiary;
        _offers[grantId] = address(0);
        _grants[grantId].beneficiary = msg.sender;
        emit GrantHandedOver(grantId, from, msg.sender);
    }

    /* AWARDING THE DISTRIBUTION */

    /// @inheritdoc IAllocationVesting
    function award(address account, uint96 amount, bytes32 reason) external onlyTimelock {
        _takeUnsold(amount);
        _awards[account] += amount;
        emit Awarded(account, amount, reason);
    }

    /// @inheritdoc IAllocationVesting
    function awardLocked(
        address investor,
        uint96 amount
    ) external onlyTimelock returns (uint256 grantId) {
        _takeUnsold(amount);
        return _createGrant(investor, amount, _investorTerms);
    }

    /// @inheritdoc IAllocationVesting
    function openBatch(
        bytes32 root,
        uint96 total,
        bytes32 reason
    ) external onlyTimelock returns (uint256 batchId) {
        batchId = _batches.length;
        require(batchId < _BATCHES_MAX, AllocationVestingTooManyBatches(_BATCHES_MAX));
        _takeUnsold(total);
        _batches.push(Batch({root: root, total: total, claimed: 0, isClosed: false}));
        emit BatchOpened(batchId, root, total, reason);
    }

    /// @inheritdoc IAllocationVesting
    function claimAward(address account) external returns (uint256 amount) {
        amount = _awards[account];
        require(amount != 0, AllocationVestingNothingAwarded(account));
        _awards[account] = 0;
        emit AwardClaimed(account, amount);
        _send(account, amount);
    }

    /// @inheritdoc IAllocationVesting
    function claimBatch(
        uint256 batchId,
        address account,
        uint256 amount,
        bytes32[] calldata proof
    ) external {
        Batch storage batch = _openBatch(batchId);
        require(!_hasClaimed[batchId][account], AllocationVestingAlreadyClaimed(batchId, account));
        bytes32 leaf = keccak256(bytes.concat(keccak256(abi.encode(account, amount))));
        require(
            MerkleProof.verifyCalldata(proof, batch.root, leaf),
            AllocationVestingWrongProof(batchId, account, amount)
        );
        uint256 left = batch.total - batch.claimed;
        require(amount <= left, AllocationVestingExceedsBatch(batchId, amount, left));
        _hasClaimed[batchId][account] = true;
        // Cast: not above what is left of 96 bits.
        batch.claimed += uint96(amount);
        emit BatchClaimed(batchId, account, amount);
        _send(account, amount);
    }

    /* SPLITTING WHAT IS UNSOLD */

    /// @inheritdoc IAllocationVesting
    function splitUnsold() external {
        require(block.timestamp >= _closesAt, AllocationVestingNotClosed(_closesAt));
        uint256 amount = _unsold;
        require(amount != 0, AllocationVestingNothingUnsold());
        _unsold = 0;
        _split(amount);
    }

    /// @inheritdoc IAllocationVesting
    function closeBatch(uint256 batchId) external {
        Batch storage batch = _openBatch(batchId);
        uint256 claimUntil = _closesAt + _CLAIM_TIME;
        require(block.timestamp >= claimUntil, AllocationVestingNotClosed(claimUntil));
        uint256 unclaimed = batch.total - batch.claimed;
        batch.isClosed = true;
        emit BatchClosed(batchId, unclaimed);
        if (unclaimed != 0) _split(unclaimed);
    }

    /* READING */

    /// @inheritdoc IAllocationVesting
    function grantCount() external view returns (uint256 grants) {
        return _grants.length;
    }

    /// @inheritdoc IAllocationVesting
    function grantOf(uint256 grantId) external view returns (Grant memory) {
        require(grantId < _grants.length, AllocationVestingUnknownGrant(grantId));
        return _grants[grantId];
    }

    /// @inheritdoc IAllocationVesting
    function awardOf(address account) external view returns (uint256 amount) {
        return _awards[account];
    }

    /// @inheritdoc IAllocationVesting
    function batchCount() external view returns (uint256 batches) {
        return _batches.length;
    }

    /// @inheritdoc IAllocationVesting
    function batchOf(uint256 batchId) external view returns (Batch memory) {
        require(batchId < _batches.length, AllocationVestingUnknownBatch(batchId));
        return _batches[batchId];
    }

    /// @inheritdoc IAllocationVesting
    function unsold() external view returns (uint256 amount) {
        return _unsold;
    }

    /// @inheritdoc IAllocationVesting
    function closesAt() external view returns (uint256 t) {
        return _closesAt;
    }

    /// @inheritdoc IAllocationVesting
    function investorTerms() external view returns (Terms memory) {
        return _investorTerms;
    }

    /// @inheritdoc IAllocationVesting
    function vested(uint256 grantId, uint256 t) public view returns (uint256 amount) {
        require(grantId < _grants.length, AllocationVestingUnknownGrant(grantId));
        Grant memory grant = _grants[grantId];
        if (t < grant.cliff) return 0;
        if (t >= grant.end) return grant.total;
        // Not before `cliff`, which is not before `start`.
        return (uint256(grant.total) * (t - grant.start)) / (grant.end - grant.start);
    }

    /// @inheritdoc IAllocationVesting
    function releasable(uint256 grantId) public view returns (uint256 amount) {
        uint256 free = vested(grantId, block.timestamp);
        return free - _grants[grantId].released;
    }

    function _createGrant(
        address beneficiary,
        uint96 total,
        Terms memory terms
    ) private returns (uint256 grantId) {
        grantId = _grants.length;
        require(
            beneficiary != address(0) &&
                total != 0 &&
                terms.start <= terms.cliff &&
                terms.cliff <= terms.end &&
                terms.start < terms.end,
            AllocationVestingInvalidGrant(grantId)
        );
        _grants.push(
            Grant({
                beneficiary: beneficiary,
                total: total,
                start: terms.start,
                cliff: terms.cliff,
                end: terms.end,
                released: 0
            })
        );
        emit GrantCreated(grantId, beneficiary, total, terms.start, terms.cliff, terms.end);
    }

    function _takeUnsold(uint96 amount) private {
        require(block.timestamp < _closesAt, AllocationVestingClosed(_closesAt));
        require(amount <= _unsold, AllocationVestingExceedsDistribution(amount, _unsold));
        _unsold -= amount;
    }

    function _openBatch(uint256 batchId) private view returns (Batch storage batch) {
        require(batchId < _batches.length, AllocationVestingUnknownBatch(batchId));
        batch = _batches[batchId];
        require(!batch.isClosed, AllocationVestingBatchClosed(batchId));
    }

    /// @dev The fund's part is rounded down, so the odd wei is mined.
    function _split(uint256 amount) private {
        uint256 toFund = (amount * _FUND_BPS) / _BPS;
        emit UnsoldSplit(amount - toFund, toFund);
        ILinearEmission(Predeploys.EMISSION_RESERVE).extend{value: amount - toFund}();
        _send(Predeploys.TREASURY, toFund);
    }

    function _send(address to, uint256 amount) private {
        require(
            LowLevelCall.callNoReturn(to, amount, ""),
            AllocationVestingTransferFailed(to, amount)
        );
    }
}
