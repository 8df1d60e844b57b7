// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IProtocolParams} from "../../../contracts/interfaces/IProtocolParams.sol";
import {ParamKeys} from "../../../contracts/libraries/ParamKeys.sol";

/// @title The parameters of nodes, for tests that set up the contracts themselves.
library NodeParams {
    /// @dev As on the chain, but without a bond.
    function append(
        IProtocolParams.Param[] memory others
    ) internal pure returns (IProtocolParams.Param[] memory p) {
        uint256 n = others.length;
        p = new IProtocolParams.Param[](n + 13);
        for (uint256 i = 0; i < n; ++i) p[i] = others[i];
        p[n] = IProtocolParams.Param(ParamKeys.NODE_PROOF_MAX_AGE, 86_400, 1, 365 days);
        p[n + 1] = IProtocolParams.Param(ParamKeys.NODE_POWER_MIN, 1, 1, 1e13);
        p[n + 2] = IProtocolParams.Param(ParamKeys.NODE_TIER2_POWER, 1e6, 1, 1e13);
        p[n + 3] = IProtocolParams.Param(ParamKeys.NODE_TIER3_POWER, 1e7, 1, 1e13);
        p[n + 4] = IProtocolParams.Param(ParamKeys.NODE_TIER4_POWER, 1e8, 1, 1e13);
        p[n + 5] = IProtocolParams.Param(ParamKeys.NODE_COMMENT_MIN_BPS, 5_500, 0, 10_000);
        p[n + 6] = IProtocolParams.Param(ParamKeys.NODE_SLOTS_MAX, 16, 1, 1_000);
        p[n + 7] = IProtocolParams.Param(ParamKeys.NODE_STAKE_COOLDOWN, 86_400, 1, 30 days);
        p[n + 8] = IProtocolParams.Param(ParamKeys.NODE_CHALLENGE_BOND, 0, 0, 10_000e18);
        p[n + 9] = IProtocolParams.Param(ParamKeys.NODE_SUSPENSION, 864_000, 1, 365 days);
        p[n + 10] = IProtocolParams.Param(ParamKeys.NODE_CHALLENGE_WINDOW, 20, 5, 200);
        p[n + 11] = IProtocolParams.Param(ParamKeys.NODE_CHALLENGE_INTERVAL, 20, 5, 30 days);
        p[n + 12] = IProtocolParams.Param(ParamKeys.NODE_UNIT_POWER, 1_000, 1, 1e13);
    }
}
