// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {IERC1967} from "@openzeppelin/contracts/interfaces/IERC1967.sol";
import {ERC1967Utils} from "@openzeppelin/contracts/proxy/ERC1967/ERC1967Utils.sol";
import {ProxyAdmin} from "@openzeppelin/contracts/proxy/transparent/ProxyAdmin.sol";
import {ITransparentUpgradeableProxy} from "@openzeppelin/contracts/proxy/transparent/TransparentUpgradeableProxy.sol";
import {ISignerBoard} from "../../../contracts/interfaces/ISignerBoard.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {UpgradedTreasury} from "../../../contracts/mocks/UpgradedTreasury.sol";
import {SystemProxy} from "../../../contracts/system/SystemProxy.sol";
import {SystemTest} from "../support/SystemTest.sol";
import {vm} from "../support/Vm.sol";

/// @dev Shows that the ProxyAdmin reaches the upgrade and nothing else, everyone else the code
/// behind and nothing else, and that the ProxyAdmin obeys the Timelock.
contract SystemProxyTest is SystemTest {
    ITransparentUpgradeableProxy private constant _PROXY = ITransparentUpgradeableProxy(
        Predeploys.SIGNER_BOARD
    );

    function setUp() public {
        deployCore();
    }

    function testTheSlotsAreThoseOfErc1967() public view {
        address implementation = 0x90cac0De00000000000000000000000000000005;
        bytes32 stored = vm.load(Predeploys.SIGNER_BOARD, ERC1967Utils.IMPLEMENTATION_SLOT);
        assertEq(stored, bytes32(uint256(uint160(implementation))), "implementation");
        stored = vm.load(Predeploys.SIGNER_BOARD, ERC1967Utils.ADMIN_SLOT);
        assertEq(stored, bytes32(uint256(uint160(Predeploys.PROXY_ADMIN))), "admin");
    }

    function testTheAdminUpgrades() public {
        address code = address(new UpgradedTreasury());
        vm.expectEmit(Predeploys.SIGNER_BOARD);
        emit IERC1967.Upgraded(code);
        vm.prank(Predeploys.PROXY_ADMIN);
        _PROXY.upgradeToAndCall(code, abi.encodeCall(UpgradedTreasury.initializeLimit, (7)));
        assertEq(UpgradedTreasury(Predeploys.SIGNER_BOARD).limit(), 7, "new code");
    }

    function testTheAdminReachesNothingElse() public {
        vm.expectRevert(SystemProxy.SystemProxyDeniedAdminAccess.selector);
        vm.prank(Predeploys.PROXY_ADMIN);
        ISignerBoard(Predeploys.SIGNER_BOARD).seatCount();
    }

    function testFuzzNobodyElseUpgrades(address caller) public {
        vm.assume(caller != Predeploys.PROXY_ADMIN);
        address code = address(new UpgradedTreasury());
        // Goes to the code behind, which has no such function.
        vm.expectRevert();
        vm.prank(caller);
        _PROXY.upgradeToAndCall(code, "");
        assertEq(
            vm.load(Predeploys.SIGNER_BOARD, ERC1967Utils.IMPLEMENTATION_SLOT),
            bytes32(uint256(uint160(implementationOf(Predeploys.SIGNER_BOARD)))),
            "unchanged"
        );
    }

    function testRefusesAnImplementationWithoutCode() public {
        vm.expectRevert(
            abi.encodeWithSelector(ERC1967Utils.ERC1967InvalidImplementation.selector, address(1))
        );
        vm.prank(Predeploys.PROXY_ADMIN);
        _PROXY.upgradeToAndCall(address(0x1), "");
    }

    function testAProxyOfStatelessCodeNeedsNoInitializer() public {
        address code = address(new UpgradedTreasury());
        SystemProxy proxy = new SystemProxy(code, "");
        assertEq(UpgradedTreasury(address(proxy)).limit(), 0, "works");
    }

    function testFuzzOnlyTheTimelockUsesTheAdmin(address caller) public {
        vm.assume(caller != Predeploys.TIMELOCK);
        assertEq(ProxyAdmin(Predeploys.PROXY_ADMIN).owner(), Predeploys.TIMELOCK, "owner");
        address code = address(new UpgradedTreasury());
        vm.expectRevert(
            abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, caller)
        );
        vm.prank(caller);
        ProxyAdmin(Predeploys.PROXY_ADMIN).upgradeAndCall(_PROXY, code, "");
    }
}
