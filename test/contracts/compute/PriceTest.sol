// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICollateralVault} from "../../../contracts/interfaces/ICollateralVault.sol";
import {IOracleBallot} from "../../../contracts/interfaces/IOracleBallot.sol";
import {IOracleHub} from "../../../contracts/interfaces/IOracleHub.sol";
import {IPriceBook} from "../../../contracts/interfaces/IPriceBook.sol";
import {IProtocolParams} from "../../../contracts/interfaces/IProtocolParams.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {PocaTest} from "../support/PocaTest.sol";
import {vm} from "../support/Vm.sol";

/// @notice A NodeRegistry of whose nodes only the sums are known: what a test says.
contract FakeNodes {
    uint256 private _proved;
    uint256 private _leased;

    function setTotals(uint256 proved, uint256 leased) external {
        (_proved, _leased) = (proved, leased);
    }

    function totals() external view returns (uint256 provedPower, uint256 leasedPower) {
        return (_proved, _leased);
    }
}

/// @title Base of the tests of prices and leases.
/// @notice The development chain's genesis with oracles that are on duty. Prices follow the use of
/// the network, so the nodes are what a test says; leases are shown on the real ones.
abstract contract PriceTest is PocaTest {
    IPriceBook internal constant BOOK = IPriceBook(Predeploys.PRICE_BOOK);
    FakeNodes internal constant NODES = FakeNodes(Predeploys.NODE_REGISTRY);
    ICollateralVault internal constant VAULT = ICollateralVault(Predeploys.COLLATERAL_VAULT);
    IOracleHub internal constant HUB = IOracleHub(Predeploys.ORACLE_HUB);
    IOracleBallot internal constant BALLOT = IOracleBallot(Predeploys.ORACLE_BALLOT);
    IProtocolParams internal constant PARAMS = IProtocolParams(Predeploys.PROTOCOL_PARAMS);

    address internal constant STRANGER = address(0x57A46E);
    /// @dev A dollar in pico-USD.
    uint64 internal constant DOLLAR = 1e12;

    error AssertionFailed(string what, uint256 actual, uint256 expected);

    function setUp() public virtual override {
        super.setUp();
        placeNodes();
    }

    /// @dev A test that wants the real registry overrides this.
    function placeNodes() internal virtual {
        vm.etch(Predeploys.NODE_REGISTRY, type(FakeNodes).runtimeCode);
    }

    /* TIME */

    /// @dev Lets time pass in a new block.
    function pass(uint256 duration) internal {
        _height += 1;
        _time += duration;
        vm.roll(_height);
        vm.warp(_time);
        vm.coinbase(_proposer());
    }

    /* PEOPLE */

    function oracleKey(uint256 i) internal pure returns (uint256) {
        return 0xACE0 + i;
    }

    function oracle(uint256 i) internal pure returns (address) {
        return vm.addr(oracleKey(i));
    }

    /// @dev Oracles 0 to count - 1 are members, in this order.
    function activateOracles(uint256 count) internal {
        for (uint256 i = 0; i < count; ++i) {
            vm.prank(Predeploys.TIMELOCK);
            HUB.admit(oracle(i));
            giveCollateral(oracle(i), 1_000e18);
            vm.prank(oracle(i));
            HUB.activate();
        }
    }

    function giveCollateral(address account, uint256 amount) internal {
        vm.deal(address(this), address(this).balance + amount);
        VAULT.depositFor{value: amount}(account);
    }

    function vote(bytes32 key, uint256 value) internal {
        vm.prank(Predeploys.TIMELOCK);
        PARAMS.set(key, value);
    }

    /* ORACLES */

    function post(uint256 i, uint64 coinPrice) internal {
        vm.prank(oracle(i));
        BOOK.post(coinPrice);
    }

    /// @dev Three oracles say the same.
    function postAll(uint64 coinPrice) internal {
        for (uint256 i = 0; i < 3; ++i) post(i, coinPrice);
    }

    /// @dev From the second next day on `key` signs for oracle i.
    function setKey(uint256 i, uint256 key) internal {
        bytes memory signature = signOne(BALLOT.hashKey(oracle(i), vm.addr(key)), key);
        vm.prank(oracle(i));
        BALLOT.setKey(vm.addr(key), signature);
    }

    function signOne(bytes32 digest, uint256 key) internal pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        return abi.encodePacked(r, bytes32(uint256(s) | (uint256(v - 27) << 255)));
    }

    /* ASSERTING */

    function assertEq(uint256 actual, uint256 expected, string memory what) internal pure {
        require(actual == expected, AssertionFailed(what, actual, expected));
    }

    function assertTrue(bool condition, string memory what) internal pure {
        require(condition, AssertionFailed(what, 0, 1));
    }
}
