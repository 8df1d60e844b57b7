// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ICollateralVault} from "../interfaces/ICollateralVault.sol";
import {IOracleHub, Offence} from "../interfaces/IOracleHub.sol";
import {IProtocolParams} from "../interfaces/IProtocolParams.sol";
import {ParamKeys} from "../libraries/ParamKeys.sol";
import {Predeploys} from "../libraries/Predeploys.sol";
import {SystemContract} from "../libraries/SystemContract.sol";

/// @title Who is an oracle, and what that costs.
/// @dev A configuration is the list of members with their collateral. Every change of members makes
/// a new one; old ones are kept, so that committees are drawn from those who were active when they
/// were opened. Small penalties do not make a new one: weights may lag by a few percent.
abstract contract OracleBook is IOracleHub, SystemContract {
    struct Member {
        address account; // ──╮
        uint96 collateral; // ╯ wei, when the configuration was made
    }

    struct Config {
        Member[] members;
        uint8 quorum;
    }

    ICollateralVault internal constant VAULT = ICollateralVault(Predeploys.COLLATERAL_VAULT);
    IProtocolParams internal constant PARAMS = IProtocolParams(Predeploys.PROTOCOL_PARAMS);

    uint256 internal constant BPS = 10_000;
    uint256 internal constant MEMBERS_MAX = 31;
    uint256 internal constant MEMBERS_MIN = 3;
    bytes32 internal constant COLLATERAL_REF = "oracle";

    uint256 private constant EPOCH = 1 days;
    uint256 private constant JAIL_SECONDS = 7 days;
    uint256 private constant SILENCES_MAX = 3;
    uint256 private constant REPEAT_SECONDS = 90 days;
    uint256 private constant FINDER_BPS = 1_000;

    mapping(address account => Oracle oracle) internal _oracles;
    address[] internal _members;
    uint256 internal _configNumber;
    bytes32 internal _configDigest;
    mapping(bytes32 digest => Config config) internal _configs;

    /* MEMBERSHIP */

    /// @inheritdoc IOracleHub
    function admit(address oracle) external onlyTimelock {
        _admit(oracle);
    }

    /// @inheritdoc IOracleHub
    function remove(address oracle) external onlyTimelock {
        _dismiss(oracle);
    }

    /// @inheritdoc IOracleHub
    function activate() external {
        Oracle storage oracle = _oracles[msg.sender];
        require(oracle.isAdmitted, OracleHubNotAdmitted(msg.sender));
        require(oracle.place == 0, OracleHubAlreadyActive(msg.sender));
        require(
            block.timestamp >= oracle.jailedUntil,
            OracleHubJailed(msg.sender, oracle.jailedUntil)
        );
        require(_members.length < MEMBERS_MAX, OracleHubFull(MEMBERS_MAX));
        uint256 held = collateralOf(msg.sender);
        uint256 wanted = Math.max(held, PARAMS.get(ParamKeys.ORACLE_COLLATERAL));
        _members.push(msg.sender);
        // At most 31.
        oracle.place = uint8(_members.length);
        oracle.unbondedAt = 0;
        emit OracleActivated(msg.sender, wanted);
        if (wanted > held) VAULT.lock(msg.sender, COLLATERAL_REF, wanted - held);
        _renewConfig();
    }

    /// @inheritdoc IOracleHub
    function addCollateral(uint96 amount) external {
        _requireActive(msg.sender);
        emit OracleCollateralAdded(msg.sender, amount);
        VAULT.lock(msg.sender, COLLATERAL_REF, amount);
        _renewConfig();
    }

    /// @inheritdoc IOracleHub
    function deactivate() external {
        _requireActive(msg.sender);
        _leave(msg.sender);
        _renewConfig();
    }

    /// @inheritdoc IOracleHub
    function release(address account) external {
        Oracle storage oracle = _oracles[account];
        uint256 held = collateralOf(account);
        require(held > 0, OracleHubNothingLocked(account));
        uint40 until = oracle.place == 0 ? oracle.unbondedAt : type(uint40).max;
        require(block.timestamp >= until, OracleHubStillBonded(account, until));
        emit OracleReleased(account, held);
        VAULT.unlock(account, COLLATERAL_REF, held);
    }

    /* READING */

    /// @inheritdoc IOracleHub
    function members() external view returns (address[] memory) {
        return _members;
    }

    /// @inheritdoc IOracleHub
    function oracleOf(address oracle) external view returns (Oracle memory) {
        return _oracles[oracle];
    }

    /// @inheritdoc IOracleHub
    function quorum() external view returns (uint8 m) {
        return _configs[_configDigest].quorum;
    }

    /// @inheritdoc IOracleHub
    function configDigest() external view returns (bytes32 digest) {
        return _configDigest;
    }

    /// @inheritdoc IOracleHub
    function collateralOf(address oracle) public view returns (uint256 amount) {
        return VAULT.lockOf(address(this), oracle, COLLATERAL_REF);
    }

    function _admit(address account) internal {
        require(!_oracles[account].isAdmitted, OracleHubAlreadyAdmitted(account));
        _oracles[account].isAdmitted = true;
        emit OracleAdmitted(account);
    }

    function _dismiss(address account) internal {
        require(_oracles[account].isAdmitted, OracleHubNotAdmitted(account));
        _oracles[account].isAdmitted = false;
        emit OracleRemoved(account);
        if (_oracles[account].place == 0) return;
        _leave(account);
        _renewConfig();
    }

    function _requireActive(address account) private view {
        require(_oracles[account].place != 0, OracleHubNotActive(account));
    }

    /// @dev The last member takes the free place. The caller renews the configuration.
    function _leave(address account) private {
        uint8 place = _oracles[account].place;
        address last = _members[_members.length - 1];
        _members[place - 1] = last;
        _oracles[last].place = place;
        _members.pop();
        _oracles[account].place = 0;
        // A time plus a parameter of at most a year.
        uint40 unbondedAt = uint40(block.timestamp + PARAMS.get(ParamKeys.ORACLE_UNBOND_SECONDS));
        _oracles[account].unbondedAt = unbondedAt;
        emit OracleDeactivated(account, unbondedAt);
    }

    function _renewConfig() internal {
        address[] memory list = _members;
        (uint8 faults, uint8 m) = _quorumOf(list.length);
        uint256 number = ++_configNumber;
        bytes32 digest = keccak256(
            abi.encode(block.chainid, address(this), number, list, faults, m)
        );
        _configDigest = digest;
        Config storage config = _configs[digest];
        config.quorum = m;
        for (uint256 i = 0; i < list.length; ++i) {
            // The vault holds coin, all of which fits 96 bits.
            config.members.push(Member(list[i], uint96(collateralOf(list[i]))));
        }
        emit ConfigChanged(digest, list, faults, m);
    }

    /* PUNISHING */

    /// @dev Rounded up, so that no offence is free.
    function _slash(address account, Offence offence, uint256 bps, Claim memory claim) internal {
        uint256 held = collateralOf(account);
        if (held == 0) return;
        uint256 seized = Math.ceilDiv(held * bps, BPS);
        uint256 toSponsor = Math.min(seized, claim.damage);
        claim.damage -= toSponsor;
        // A producer that could earn by evidence would keep others' evidence out of its blocks.
        bool hasFinder = claim.finder != address(0) && claim.finder != block.coinbase;
        uint256 toFinder =
            hasFinder ? Math.min(seized - toSponsor, (seized * FINDER_BPS) / BPS) : 0;
        uint256 toBurn = seized - toSponsor - toFinder;
        if (toSponsor > 0) VAULT.seize(account, COLLATERAL_REF, toSponsor, claim.sponsor);
        if (toFinder > 0) VAULT.seize(account, COLLATERAL_REF, toFinder, claim.finder);
        if (toBurn > 0) VAULT.burn(account, COLLATERAL_REF, toBurn);
        emit OracleSlashed(account, offence, seized, toSponsor, toFinder, toBurn);
    }

    /// @dev Who has half of what is asked, or less, is out until it adds to it.
    function _suspendIfPoor(address account) internal returns (bool hasLeft) {
        if (_oracles[account].place == 0) return false;
        if (collateralOf(account) * 2 > PARAMS.get(ParamKeys.ORACLE_COLLATERAL)) return false;
        _leave(account);
        return true;
    }

    /// @dev Counts a silence; the third in an epoch jails.
    function _countSilence(address account) internal returns (bool hasLeft) {
        Oracle storage oracle = _oracles[account];
        // Days since 1970.
        uint32 epoch = uint32(block.timestamp / EPOCH);
        if (oracle.silenceEpoch != epoch) (oracle.silenceEpoch, oracle.silences) = (epoch, 0);
        if (++oracle.silences < SILENCES_MAX) return false;
        oracle.silences = 0;
        // A time plus a week.
        oracle.jailedUntil = uint40(block.timestamp + JAIL_SECONDS);
        emit OracleJailed(account, oracle.jailedUntil);
        if (oracle.place == 0) return false;
        _leave(account);
        return true;
    }

    /// @dev 5 %, doubling with each repeat within 90 days of the one before.
    function _overturnBps(address account) internal returns (uint256 bps) {
        Oracle storage oracle = _oracles[account];
        if (block.timestamp > oracle.overturnedAt + REPEAT_SECONDS) oracle.overturns = 0;
        // A time.
        oracle.overturnedAt = uint40(block.timestamp);
        bps = Math.min(500 << oracle.overturns, BPS);
        // Five doublings are more than everything.
        if (oracle.overturns < 5) ++oracle.overturns;
    }

    /// @dev Tolerates f faulty members of n >= 3f + 1; two quorums share an honest member.
    /// @custom:source libocr, quorum of a unique outcome
    function _quorumOf(uint256 count) internal pure returns (uint8 faults, uint8 m) {
        uint256 f = count == 0 ? 0 : (count - 1) / 3;
        // At most 31 members, so both fit 8 bits.
        return (uint8(f), uint8((count + f) / 2 + 1));
    }
}
