// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC1967Proxy} from "@openzeppelin/contracts/proxy/ERC1967/ERC1967Proxy.sol";
import {ERC1967Utils} from "@openzeppelin/contracts/proxy/ERC1967/ERC1967Utils.sol";
import {ITransparentUpgradeableProxy} from "@openzeppelin/contracts/proxy/transparent/TransparentUpgradeableProxy.sol";
import {Predeploys} from "../libraries/Predeploys.sol";

/// @title The face of an upgradeable system contract.
/// @notice A transparent proxy whose admin is the ProxyAdmin predeploy, for ever. The admin reaches
/// `upgradeToAndCall` and nothing else; everyone else reaches the implementation and nothing else.
/// @dev Speaks the interface of OpenZeppelin's TransparentUpgradeableProxy, without deploying an
/// admin of its own.
contract SystemProxy is ERC1967Proxy {
    /// @notice The admin called something other than `upgradeToAndCall`.
    error SystemProxyDeniedAdminAccess();

    /// @param implementation the code to run.
    /// @param initData call of the initializer; empty for code that needs none.
    constructor(
        address implementation,
        bytes memory initData
    ) payable ERC1967Proxy(implementation, initData) {
        ERC1967Utils.changeAdmin(Predeploys.PROXY_ADMIN);
    }

    function _fallback() internal override {
        if (msg.sender == Predeploys.PROXY_ADMIN) {
            require(
                msg.sig == ITransparentUpgradeableProxy.upgradeToAndCall.selector,
                SystemProxyDeniedAdminAccess()
            );
            (address implementation, bytes memory data) = abi.decode(
                msg.data[4:],
                (address, bytes)
            );
            ERC1967Utils.upgradeToAndCall(implementation, data);
        } else {
            super._fallback();
        }
    }

    /// @dev RewardFormula has nothing to initialize. All proxies are built at genesis, so no
    /// stranger can come first.
    function _unsafeAllowUninitialized() internal pure override returns (bool) {
        return true;
    }
}
