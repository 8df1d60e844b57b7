// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAdditionalIssuance} from "../../../contracts/interfaces/IAdditionalIssuance.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {MoneyTest} from "../support/MoneyTest.sol";

/// @title SC "Regarding SCC": "50% for technology development"
/// @notice And 15, 20 and 15 % for the other three, each released linearly over its own time.
/// @custom:sentence 50% for technology development
/// @custom:sentence 15% for ecological incentives
/// @custom:sentence 20% for liquidity support
/// @custom:sentence 15% for strategic cooperation
/// @custom:sentence This additional issuance will strictly follow the principles of transparency,
/// fairness and sustainability, and all tokens will be released in succession as planned to ensure
/// the long-term and healthy development of the community and ecology.
contract SCSCCStreamsTest is MoneyTest {
    IAdditionalIssuance private constant _SCC = IAdditionalIssuance(Predeploys.ADDITIONAL_ISSUANCE);
    uint256 private constant _GENESIS = 1_767_225_600;
    uint256 private constant _YEAR = 31_557_600;

    function testFourStreams() public view {
        _assertStream(IAdditionalIssuance.Stream.Development, 500_000_000_000_000_000e18, 8);
        _assertStream(IAdditionalIssuance.Stream.Ecosystem, 150_000_000_000_000_000e18, 4);
        _assertStream(IAdditionalIssuance.Stream.Liquidity, 200_000_000_000_000_000e18, 2);
        _assertStream(IAdditionalIssuance.Stream.Strategic, 150_000_000_000_000_000e18, 6);
    }

    function testFuzzWhatIsFreeNeverFalls(uint8 stream, uint40 t, uint40 later) public view {
        IAdditionalIssuance.Stream of_ = IAdditionalIssuance.Stream(stream % 4);
        assertTrue(_SCC.unlocked(of_, t) <= _SCC.unlocked(of_, uint256(t) + later), "falls");
    }

    function _assertStream(
        IAdditionalIssuance.Stream stream,
        uint256 amount,
        uint256 years_
    ) private view {
        uint256 end = _GENESIS + years_ * _YEAR;
        assertEq(_SCC.allocation(stream), amount, "allocation");
        assertEq(_SCC.unlocked(stream, _GENESIS), 0, "nothing at once");
        assertEq(_SCC.unlocked(stream, _GENESIS + _YEAR), amount / years_, "a year");
        assertEq(_SCC.unlocked(stream, _GENESIS + (years_ * _YEAR) / 2), amount / 2, "half way");
        assertTrue(_SCC.unlocked(stream, end - 1) < amount, "a second before the end");
        assertEq(_SCC.unlocked(stream, end), amount, "the end");
    }
}
