// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ProxyAdmin} from "@openzeppelin/contracts/proxy/transparent/ProxyAdmin.sol";
import {Predeploys} from "../libraries/Predeploys.sol";

/// @title Admin of every system proxy.
/// @notice Owned by the Timelock, so code changes by vote and after the delay only.
contract SystemProxyAdmin is ProxyAdmin {
    constructor() ProxyAdmin(Predeploys.TIMELOCK) {}
}
