// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Initializable} from "@openzeppelin/contracts-upgradeable/proxy/utils/Initializable.sol";
import {ProtocolParams} from "../../../contracts/governance/ProtocolParams.sol";
import {IProtocolParams} from "../../../contracts/interfaces/IProtocolParams.sol";
import {ParamKeys} from "../../../contracts/libraries/ParamKeys.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {SystemContract} from "../../../contracts/libraries/SystemContract.sol";
import {SystemTest} from "../support/SystemTest.sol";
import {vm} from "../support/Vm.sol";

/// @dev Shows that a parameter is known, inside its bounds, and changed by the Timelock alone.
contract ProtocolParamsTest is SystemTest {
    IProtocolParams private constant _PARAMS = IProtocolParams(Predeploys.PROTOCOL_PARAMS);
    bytes32 private constant _FORK = "second";

    function setUp() public {
        vm.warp(GENESIS_TIME);
        deployGovernance();
    }

    function testHoldsWhatGenesisGave() public view {
        IProtocolParams.Param[] memory given = coreParams();
        IProtocolParams.Param[] memory all = _PARAMS.all();
        assertEq(all.length, given.length, "count");
        for (uint256 i = 0; i < all.length; ++i) {
            assertEq(keccak256(abi.encode(all[i])), keccak256(abi.encode(given[i])), "parameter");
            assertEq(_PARAMS.get(given[i].key), given[i].value, "value");
        }
        assertEq(_PARAMS.param(ParamKeys.TASK_FEE_BPS).max, 499, "fees stay under 5 %");
    }

    function testFuzzAValueInsideTheBoundsIsTaken(uint16 value) public {
        value = value % 500;
        vm.prank(Predeploys.TIMELOCK);
        vm.expectEmit(Predeploys.PROTOCOL_PARAMS);
        emit IProtocolParams.ParamChanged(ParamKeys.TASK_FEE_BPS, 450, value);
        _PARAMS.set(ParamKeys.TASK_FEE_BPS, value);
        assertEq(_PARAMS.get(ParamKeys.TASK_FEE_BPS), value, "value");
        assertEq(_PARAMS.param(ParamKeys.TASK_FEE_BPS).max, 499, "bounds stay");
    }

    function testFuzzAValueOutsideTheBoundsIsRefused(uint256 value) public {
        vm.assume(value < 8 || value > 1_000);
        vm.prank(Predeploys.TIMELOCK);
        _expectOutOfBounds(ParamKeys.BASE_FEE_DENOMINATOR, value, 8, 1_000);
        _PARAMS.set(ParamKeys.BASE_FEE_DENOMINATOR, value);
    }

    function testTheEdgesAreInside() public {
        vm.startPrank(Predeploys.TIMELOCK);
        _PARAMS.set(ParamKeys.BASE_FEE_DENOMINATOR, 8);
        _PARAMS.set(ParamKeys.BASE_FEE_DENOMINATOR, 1_000);
        _expectOutOfBounds(ParamKeys.BASE_FEE_DENOMINATOR, 7, 8, 1_000);
        _PARAMS.set(ParamKeys.BASE_FEE_DENOMINATOR, 7);
        _expectOutOfBounds(ParamKeys.BASE_FEE_DENOMINATOR, 1_001, 8, 1_000);
        _PARAMS.set(ParamKeys.BASE_FEE_DENOMINATOR, 1_001);
        vm.stopPrank();
    }

    function testFuzzAnUnknownKeyIsRefused(bytes32 key) public {
        IProtocolParams.Param[] memory given = coreParams();
        for (uint256 i = 0; i < given.length; ++i) {
            vm.assume(given[i].key != key);
        }
        bytes memory expected = abi.encodeWithSelector(
            IProtocolParams.ProtocolParamsUnknownKey.selector,
            key
        );
        vm.expectRevert(expected);
        _PARAMS.get(key);
        vm.expectRevert(expected);
        _PARAMS.param(key);
        vm.prank(Predeploys.TIMELOCK);
        vm.expectRevert(expected);
        _PARAMS.set(key, 1);
    }

    function testFuzzOnlyTheTimelock(address caller) public {
        vm.assume(caller != Predeploys.TIMELOCK && caller != Predeploys.PROXY_ADMIN);
        bytes memory expected = abi.encodeWithSelector(
            SystemContract.SystemContractUnauthorized.selector,
            caller,
            Predeploys.TIMELOCK
        );
        vm.startPrank(caller);
        vm.expectRevert(expected);
        _PARAMS.set(ParamKeys.TASK_FEE_BPS, 1);
        vm.expectRevert(expected);
        _PARAMS.scheduleFork(_FORK, uint64(timeNow() + 1));
        vm.stopPrank();
    }

    /* GENESIS */

    function testRefusesABadListAtGenesis() public {
        _expectOutOfBounds("a", 2, 3, 4);
        this.deployOne("a", 2, 3, 4);
        _expectOutOfBounds("a", 5, 3, 4);
        this.deployOne("a", 5, 3, 4);
        _expectOutOfBounds("a", 0, 0, 0);
        this.deployOne("a", 0, 0, 0);
        vm.expectRevert(
            abi.encodeWithSelector(IProtocolParams.ProtocolParamsUnknownKey.selector, bytes32(0))
        );
        this.deployOne(0, 1, 0, 2);
        IProtocolParams.Param[] memory twice = new IProtocolParams.Param[](2);
        twice[0] = IProtocolParams.Param("a", 1, 0, 2);
        twice[1] = IProtocolParams.Param("a", 2, 0, 2);
        vm.expectRevert(
            abi.encodeWithSelector(
                IProtocolParams.ProtocolParamsDuplicateKey.selector,
                bytes32("a")
            )
        );
        this.deployParams(twice);
    }

    function testCannotBeInitializedAgain() public {
        vm.expectRevert(Initializable.InvalidInitialization.selector);
        ProtocolParams(Predeploys.PROTOCOL_PARAMS).initialize(coreParams());
        vm.expectRevert(Initializable.InvalidInitialization.selector);
        ProtocolParams(implementationOf(Predeploys.PROTOCOL_PARAMS)).initialize(coreParams());
    }

    /* FORKS */

    function testSchedulesAndMovesAForkInTheFuture() public {
        assertEq(_PARAMS.forkTime(_FORK), 0, "not scheduled");
        vm.startPrank(Predeploys.TIMELOCK);
        vm.expectEmit(Predeploys.PROTOCOL_PARAMS);
        emit IProtocolParams.ForkScheduled(_FORK, uint64(GENESIS_TIME + 10));
        _PARAMS.scheduleFork(_FORK, uint64(GENESIS_TIME + 10));
        _PARAMS.scheduleFork(_FORK, uint64(GENESIS_TIME + 20));
        assertEq(_PARAMS.forkTime(_FORK), GENESIS_TIME + 20, "moved");
        _expectForkInPast(GENESIS_TIME);
        _PARAMS.scheduleFork(_FORK, uint64(GENESIS_TIME));
        vm.warp(GENESIS_TIME + 20);
        _expectForkInPast(GENESIS_TIME + 20);
        _PARAMS.scheduleFork(_FORK, uint64(GENESIS_TIME + 30));
        vm.stopPrank();
    }

    function deployOne(bytes32 key, uint128 value, uint128 min, uint128 max) external {
        IProtocolParams.Param[] memory params = new IProtocolParams.Param[](1);
        params[0] = IProtocolParams.Param(key, value, min, max);
        this.deployParams(params);
    }

    /// @dev A call of its own, so that its revert can be expected.
    function deployParams(IProtocolParams.Param[] calldata params) external {
        deployProxied(
            address(0x90CA000000000000000000000000000000000ffF),
            vm.getCode("contracts/governance/ProtocolParams.sol:ProtocolParams"),
            abi.encodeCall(ProtocolParams.initialize, (params))
        );
    }

    function _expectOutOfBounds(bytes32 key, uint256 value, uint256 min, uint256 max) private {
        vm.expectRevert(
            abi.encodeWithSelector(
                IProtocolParams.ProtocolParamsOutOfBounds.selector,
                key,
                value,
                min,
                max
            )
        );
    }

    function _expectForkInPast(uint256 timestamp) private {
        vm.expectRevert(
            abi.encodeWithSelector(
                IProtocolParams.ProtocolParamsForkInPast.selector,
                _FORK,
                uint64(timestamp)
            )
        );
    }
}
