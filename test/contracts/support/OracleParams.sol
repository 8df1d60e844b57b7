// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IProtocolParams} from "../../../contracts/interfaces/IProtocolParams.sol";
import {ParamKeys} from "../../../contracts/libraries/ParamKeys.sol";

/// @title The parameters of oracles and disputes, for tests that set up the contracts themselves.
library OracleParams {
    /// @dev As on the chain, with wide bounds where a test moves them.
    function append(
        IProtocolParams.Param[] memory others
    ) internal pure returns (IProtocolParams.Param[] memory p) {
        uint256 n = others.length;
        p = new IProtocolParams.Param[](n + 7);
        for (uint256 i = 0; i < n; ++i) p[i] = others[i];
        p[n] = IProtocolParams.Param(ParamKeys.ORACLE_UNBOND_SECONDS, 28 days, 0, 365 days);
        p[n + 1] = IProtocolParams.Param(ParamKeys.ORACLE_HIDDEN_PRICE, 1_000e18, 1, 1e27);
        p[n + 2] = IProtocolParams.Param(ParamKeys.ORACLE_RECHECK_BPS, 1_000, 0, 10_000);
        p[n + 3] = IProtocolParams.Param(ParamKeys.COURT_BOND_MIN, 5e18, 1, 1_000e18);
        p[n + 4] = IProtocolParams.Param(ParamKeys.COURT_BOND_BPS, 1_000, 0, 5_000);
        p[n + 5] = IProtocolParams.Param(ParamKeys.COURT_VOTE_WINDOW, 14_400, 60, 57_600);
        p[n + 6] = IProtocolParams.Param(ParamKeys.COURT_APPEAL_WINDOW, 3_600, 60, 28_800);
    }
}
