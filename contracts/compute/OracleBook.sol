// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICollateralVault} from "../interfaces/ICollateralVault.sol";
import {IOracleHub} from "../interfaces/IOracleHub.sol";
import {IProtocolParams} from "../interfaces/IProtocolParams.sol";
import {ParamKeys} from "../libraries/ParamKeys.sol";
import {Predeploys} from "../libraries/Predeploys.sol";
import {SystemContract} from "../libraries/SystemContract.sol";

/// @title Who is an oracle.
/// @dev A configuration is the list of members with their collateral. Every change makes a new one;
/// old ones are kept, so that committees are drawn from those who were active when they were opened.
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

    uint256 internal constant MEMBERS_MAX = 31;
    uint256 internal constant MEMBERS_MIN = 3;
    bytes32 internal constant COLLATERAL_REF = "oracle";

    mapping(address oracle => bool isAdmitted) internal _admitted;

    /// @dev Place in the member list plus one; 0 when not active.
    mapping(address oracle => uint256 place) internal _places;
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
        require(_admitted[oracle], OracleHubNotAdmitted(oracle));
        _admitted[oracle] = false;
        emit OracleRemoved(oracle);
        if (_places[oracle] != 0) _deactivate(oracle);
    }

    /// @inheritdoc IOracleHub
    function activate() external {
        require(_admitted[msg.sender], OracleHubNotAdmitted(msg.sender));
        require(_places[msg.sender] == 0, OracleHubAlreadyActive(msg.sender));
        require(_members.length < MEMBERS_MAX, OracleHubFull(MEMBERS_MAX));
        uint256 collateral = PARAMS.get(ParamKeys.ORACLE_COLLATERAL);
        _members.push(msg.sender);
        _places[msg.sender] = _members.length;
        emit OracleActivated(msg.sender, collateral);
        if (collateral > 0) VAULT.lock(msg.sender, COLLATERAL_REF, collateral);
        _renewConfig();
    }

    /// @inheritdoc IOracleHub
    function deactivate() external {
        require(_places[msg.sender] != 0, OracleHubNotActive(msg.sender));
        _deactivate(msg.sender);
    }

    /* READING */

    /// @inheritdoc IOracleHub
    function members() external view returns (address[] memory) {
        return _members;
    }

    /// @inheritdoc IOracleHub
    function quorum() external view returns (uint8 m) {
        return _configs[_configDigest].quorum;
    }

    /// @inheritdoc IOracleHub
    function configDigest() external view returns (bytes32 digest) {
        return _configDigest;
    }

    function _admit(address oracle) internal {
        require(!_admitted[oracle], OracleHubAlreadyAdmitted(oracle));
        _admitted[oracle] = true;
        emit OracleAdmitted(oracle);
    }

    /// @dev The last member takes the free place.
    function _deactivate(address oracle) private {
        uint256 place = _places[oracle];
        address last = _members[_members.length - 1];
        _members[place - 1] = last;
        _places[last] = place;
        _members.pop();
        delete _places[oracle];
        emit OracleDeactivated(oracle);
        _renewConfig();
        uint256 collateral = _collateralOf(oracle);
        if (collateral > 0) VAULT.unlock(oracle, COLLATERAL_REF, collateral);
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
            config.members.push(Member(list[i], uint96(_collateralOf(list[i]))));
        }
        emit ConfigChanged(digest, list, faults, m);
    }

    function _collateralOf(address oracle) internal view returns (uint256) {
        return VAULT.lockOf(address(this), oracle, COLLATERAL_REF);
    }

    /// @dev Tolerates f faulty members of n >= 3f + 1; two quorums share an honest member.
    /// @custom:source libocr, quorum of a unique outcome
    function _quorumOf(uint256 count) internal pure returns (uint8 faults, uint8 m) {
        uint256 f = count == 0 ? 0 : (count - 1) / 3;
        // At most 31 members, so both fit 8 bits.
        return (uint8(f), uint8((count + f) / 2 + 1));
    }
}
