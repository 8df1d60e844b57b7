// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Initializable} from "@openzeppelin/contracts/proxy/utils/Initializable.sol";
import {SystemContract} from "../libraries/SystemContract.sol";

/// @title SKELETON, to be written.
contract AdditionalIssuance
    is SystemContract, Initializable
    layout at erc7201("poca.storage.AdditionalIssuance")
{
    constructor() {
        _disableInitializers();
    }

    function initialize() external initializer {}
}
