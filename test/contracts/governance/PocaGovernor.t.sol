// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
import {GovernorPreventLateQuorum} from "@openzeppelin/contracts/governance/extensions/GovernorPreventLateQuorum.sol";
import {IAccessControl} from "@openzeppelin/contracts/access/IAccessControl.sol";
import {IERC1967} from "@openzeppelin/contracts/interfaces/IERC1967.sol";
import {ProxyAdmin} from "@openzeppelin/contracts/proxy/transparent/ProxyAdmin.sol";
import {ITransparentUpgradeableProxy} from "@openzeppelin/contracts/proxy/transparent/TransparentUpgradeableProxy.sol";
import {PocaGovernor} from "../../../contracts/governance/PocaGovernor.sol";
import {Timelock} from "../../../contracts/governance/Timelock.sol";
import {IProtocolParams} from "../../../contracts/interfaces/IProtocolParams.sol";
import {ISignerBoard} from "../../../contracts/interfaces/ISignerBoard.sol";
import {ISystemHub} from "../../../contracts/interfaces/ISystemHub.sol";
import {ITreasury} from "../../../contracts/interfaces/ITreasury.sol";
import {IVotingPower} from "../../../contracts/interfaces/IVotingPower.sol";
import {ParamKeys} from "../../../contracts/libraries/ParamKeys.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {UpgradedTreasury} from "../../../contracts/mocks/UpgradedTreasury.sol";
import {SystemTest} from "../support/SystemTest.sol";
import {vm} from "../support/Vm.sol";

/// @dev Shows the whole way from locked coin to a changed chain: a parameter, a module, a seat, a
/// payment, the code of a proxy; and where the way ends.
contract PocaGovernorTest is SystemTest {
    PocaGovernor private constant _GOVERNOR = PocaGovernor(payable(Predeploys.POCA_GOVERNOR));
    IVotingPower private constant _POWER = IVotingPower(Predeploys.VOTING_POWER);
    IProtocolParams private constant _PARAMS = IProtocolParams(Predeploys.PROTOCOL_PARAMS);
    address private constant _ALICE = address(0xA11CE);
    address private constant _BOB = address(0xB0B);

    uint8 private constant _AGAINST = 0;
    uint8 private constant _FOR = 1;

    function setUp() public {
        deployCore();
        _lock(_ALICE, 2_000e18);
        _lock(_BOB, 1_500e18);
        vm.warp(timeNow() + 1);
    }

    /* FROM VOTE TO EFFECT */

    function testAVoteChangesAParameter() public {
        uint256 id = _propose(
            _ALICE,
            Predeploys.PROTOCOL_PARAMS,
            abi.encodeCall(IProtocolParams.set, (ParamKeys.TASK_FEE_BPS, 300))
        );
        assertEq(id, 1, "numbered from 1");
        assertEq(uint256(_GOVERNOR.state(id)), uint256(IGovernor.ProposalState.Pending), "pending");

        vm.warp(timeNow() + VOTING_DELAY + 1);
        assertEq(uint256(_GOVERNOR.state(id)), uint256(IGovernor.ProposalState.Active), "active");
        vm.prank(_ALICE);
        vm.expectEmit(Predeploys.POCA_GOVERNOR);
        emit IGovernor.VoteCast(_ALICE, id, _FOR, 2_000e18, "");
        _GOVERNOR.castVote(id, _FOR);
        vm.prank(_BOB);
        _GOVERNOR.castVote(id, _AGAINST);

        vm.warp(_GOVERNOR.proposalDeadline(id) + 1);
        assertEq(
            uint256(_GOVERNOR.state(id)),
            uint256(IGovernor.ProposalState.Succeeded),
            "succeeded"
        );
        _GOVERNOR.queue(id);
        assertEq(uint256(_GOVERNOR.state(id)), uint256(IGovernor.ProposalState.Queued), "queued");
        assertEq(_PARAMS.get(ParamKeys.TASK_FEE_BPS), 450, "not yet");

        vm.warp(timeNow() + TIMELOCK_DELAY - 1);
        vm.expectRevert();
        _GOVERNOR.execute(id);

        vm.warp(timeNow() + 1);
        vm.expectEmit(Predeploys.PROTOCOL_PARAMS);
        emit IProtocolParams.ParamChanged(ParamKeys.TASK_FEE_BPS, 450, 300);
        // Anyone may execute.
        vm.prank(address(0xC0FFEE));
        _GOVERNOR.execute(id);
        assertEq(_PARAMS.get(ParamKeys.TASK_FEE_BPS), 300, "changed");
        assertEq(
            uint256(_GOVERNOR.state(id)),
            uint256(IGovernor.ProposalState.Executed),
            "executed"
        );
    }

    function testAVoteOutsideTheBoundsCannotBeExecuted() public {
        uint256 id = _pass(
            Predeploys.PROTOCOL_PARAMS,
            abi.encodeCall(IProtocolParams.set, (ParamKeys.TASK_FEE_BPS, 500))
        );
        vm.expectRevert(
            abi.encodeWithSelector(
                IProtocolParams.ProtocolParamsOutOfBounds.selector,
                ParamKeys.TASK_FEE_BPS,
                500,
                0,
                499
            )
        );
        _GOVERNOR.execute(id);
        assertEq(_PARAMS.get(ParamKeys.TASK_FEE_BPS), 450, "unchanged");
    }

    function testAVoteUpgradesAProxy() public {
        address code = address(new UpgradedTreasury());
        vm.deal(Predeploys.TREASURY, 5e18);
        vm.startPrank(Predeploys.TIMELOCK);
        ITreasury(Predeploys.TREASURY).setBudget(_BOB, 7e18, 30 days, "before the upgrade");
        ITreasury(Predeploys.TREASURY).spend(_BOB, 1e18, "before the upgrade");
        vm.stopPrank();
        bytes memory data = abi.encodeCall(UpgradedTreasury.initializeLimit, (42));
        uint256 id = _pass(
            Predeploys.PROXY_ADMIN,
            abi.encodeCall(
                ProxyAdmin.upgradeAndCall,
                (ITransparentUpgradeableProxy(Predeploys.TREASURY), code, data)
            )
        );
        vm.expectEmit(Predeploys.TREASURY);
        emit IERC1967.Upgraded(code);
        _GOVERNOR.execute(id);
        assertEq(UpgradedTreasury(Predeploys.TREASURY).limit(), 42, "new code");
        assertEq(Predeploys.TREASURY.balance, 4e18, "the coin stays");
        UpgradedTreasury upgraded = UpgradedTreasury(Predeploys.TREASURY);
        assertEq(upgraded.budgetOf(1).amount, 7e18, "what was stored stays");
        assertEq(upgraded.spendingCount(), 1, "and what was disclosed");
        vm.expectRevert();
        ITreasury(Predeploys.TREASURY).spend(_ALICE, 1, "old code");
    }

    function testAVoteReplacesAModuleGrantsASeatAndPays() public {
        vm.deal(Predeploys.TREASURY, 5e18);
        address[] memory targets = new address[](3);
        bytes[] memory calldatas = new bytes[](3);
        (targets[0], calldatas[0]) = (
            Predeploys.SYSTEM_HUB,
            abi.encodeCall(ISystemHub.setModule, (2, Predeploys.SUPPLY_METER, 1_000))
        );
        (targets[1], calldatas[1]) = (
            Predeploys.SIGNER_BOARD,
            abi.encodeCall(ISignerBoard.grantSeat, (_BOB))
        );
        (targets[2], calldatas[2]) = (
            Predeploys.TREASURY,
            abi.encodeCall(ITreasury.spend, (_BOB, 1e18, "for the seat"))
        );
        vm.prank(_ALICE);
        uint256 id = _GOVERNOR.propose(targets, new uint256[](3), calldatas, "three things");
        _carry(id);
        _GOVERNOR.execute(id);
        assertEq(ISystemHub(Predeploys.SYSTEM_HUB).moduleCount(), 3, "module");
        assertTrue(ISignerBoard(Predeploys.SIGNER_BOARD).isSigner(_BOB), "seat");
        assertEq(_BOB.balance, 1e18, "payment");
    }

    function testAProposalIsKeptWholeOnChain() public {
        bytes memory data = abi.encodeCall(IProtocolParams.set, (ParamKeys.TASK_FEE_BPS, 300));
        uint256 id = _propose(_ALICE, Predeploys.PROTOCOL_PARAMS, data);
        (address[] memory targets, , bytes[] memory calldatas, bytes32 descriptionHash) = _GOVERNOR
            .proposalDetails(id);
        assertEq(_GOVERNOR.proposalCount(), 1, "count");
        assertEq(_GOVERNOR.latestProposalId(), 1, "latest");
        assertEq(targets[0], Predeploys.PROTOCOL_PARAMS, "target");
        assertEq(keccak256(calldatas[0]), keccak256(data), "data");
        assertEq(descriptionHash, keccak256("change"), "description");
        assertEq(
            _GOVERNOR.getProposalId(targets, new uint256[](1), calldatas, descriptionHash),
            1,
            "id"
        );
    }

    /* WHERE THE WAY ENDS */

    function testNeedsTheThreshold() public {
        vm.prank(_ALICE);
        _POWER.unlock(1_000e18 + 1);
        vm.warp(timeNow() + 1);
        (address[] memory targets, uint256[] memory values, bytes[] memory calldatas) = _single(
            address(1),
            ""
        );
        vm.expectRevert(
            abi.encodeWithSelector(
                IGovernor.GovernorInsufficientProposerVotes.selector,
                _ALICE,
                1_000e18 - 1,
                1_000e18
            )
        );
        vm.prank(_ALICE);
        _GOVERNOR.propose(targets, values, calldatas, "change");
    }

    function testCoinLockedAfterTheSnapshotDoesNotCount() public {
        uint256 id = _propose(_ALICE, address(1), "");
        vm.warp(timeNow() + VOTING_DELAY + 1);
        _lock(address(0xCA401), 1_000_000e18);
        vm.warp(timeNow() + 1);
        vm.prank(address(0xCA401));
        assertEq(_GOVERNOR.castVote(id, _FOR), 0, "weight");
    }

    function testADefeatedProposalIsNotQueued() public {
        uint256 id = _propose(_ALICE, address(1), "");
        vm.warp(timeNow() + VOTING_DELAY + 1);
        vm.prank(_ALICE);
        _GOVERNOR.castVote(id, _AGAINST);
        vm.prank(_BOB);
        _GOVERNOR.castVote(id, _FOR);
        vm.warp(_GOVERNOR.proposalDeadline(id) + 1);
        assertEq(
            uint256(_GOVERNOR.state(id)),
            uint256(IGovernor.ProposalState.Defeated),
            "defeated"
        );
        vm.expectRevert();
        _GOVERNOR.queue(id);
    }

    function testNeedsAQuorumOfTheCirculatingCoin() public {
        vm.prank(Predeploys.TIMELOCK);
        _PARAMS.set(ParamKeys.GOVERNANCE_QUORUM_BPS, 200);
        // 2 % of 200,000 are 4,000; both together have 3,500.
        uint256 id = _propose(_ALICE, address(1), "");
        vm.warp(timeNow() + VOTING_DELAY + 1);
        assertEq(_GOVERNOR.quorum(timeNow() - 1), 4_000e18, "quorum");
        vm.prank(_ALICE);
        _GOVERNOR.castVote(id, _FOR);
        vm.prank(_BOB);
        _GOVERNOR.castVote(id, _FOR);
        vm.warp(_GOVERNOR.proposalDeadline(id) + 1);
        assertEq(
            uint256(_GOVERNOR.state(id)),
            uint256(IGovernor.ProposalState.Defeated),
            "defeated"
        );
    }

    function testALateQuorumProlongsTheVote() public {
        uint256 id = _propose(_ALICE, address(1), "");
        uint256 deadline = _GOVERNOR.proposalDeadline(id);
        vm.warp(deadline);
        vm.expectEmit(Predeploys.POCA_GOVERNOR);
        emit GovernorPreventLateQuorum.ProposalExtended(
            id,
            uint64(deadline + LATE_QUORUM_EXTENSION)
        );
        vm.prank(_ALICE);
        _GOVERNOR.castVote(id, _FOR);
        assertEq(_GOVERNOR.proposalDeadline(id), deadline + 2 days, "deadline");
    }

    function testTheProposerWithdrawsBeforeTheVote() public {
        uint256 id = _propose(_ALICE, address(1), "");
        vm.expectRevert(
            abi.encodeWithSelector(IGovernor.GovernorUnableToCancel.selector, id, _BOB)
        );
        vm.prank(_BOB);
        _GOVERNOR.cancel(id);
        vm.prank(_ALICE);
        _GOVERNOR.cancel(id);
        assertEq(
            uint256(_GOVERNOR.state(id)),
            uint256(IGovernor.ProposalState.Canceled),
            "canceled"
        );
    }

    function testFuzzOnlyTheGovernorProposesToTheTimelock(address caller) public {
        vm.assume(caller != Predeploys.POCA_GOVERNOR);
        TimelockController timelock = TimelockController(payable(Predeploys.TIMELOCK));
        bytes32 role = timelock.PROPOSER_ROLE();
        vm.expectRevert(
            abi.encodeWithSelector(
                IAccessControl.AccessControlUnauthorizedAccount.selector,
                caller,
                role
            )
        );
        vm.prank(caller);
        timelock.schedule(address(1), 0, "", 0, 0, TIMELOCK_DELAY);
        assertTrue(
            !timelock.hasRole(timelock.DEFAULT_ADMIN_ROLE(), caller) ||
                caller == Predeploys.TIMELOCK,
            "admin"
        );
        assertTrue(!timelock.hasRole(timelock.CANCELLER_ROLE(), caller), "canceller");
    }

    function testTheDelayStaysBetweenAMinuteAnd30Days() public {
        Timelock timelock = Timelock(payable(Predeploys.TIMELOCK));
        uint256[2] memory outside = [uint256(59), 30 days + 1];
        vm.startPrank(Predeploys.TIMELOCK);
        for (uint256 i = 0; i < 2; ++i) {
            vm.expectRevert(
                abi.encodeWithSelector(
                    Timelock.TimelockDelayOutOfBounds.selector,
                    outside[i],
                    60,
                    30 days
                )
            );
            timelock.updateDelay(outside[i]);
        }
        timelock.updateDelay(60);
        assertEq(timelock.getMinDelay(), 60, "the least");
        timelock.updateDelay(30 days);
        assertEq(timelock.getMinDelay(), 30 days, "the most");
        vm.stopPrank();
        vm.expectRevert(
            abi.encodeWithSelector(
                TimelockController.TimelockUnauthorizedCaller.selector,
                address(this)
            )
        );
        timelock.updateDelay(60);
    }

    function testSettingsAreThoseOfGenesis() public view {
        assertEq(_GOVERNOR.votingDelay(), VOTING_DELAY, "delay");
        assertEq(_GOVERNOR.votingPeriod(), VOTING_PERIOD, "period");
        assertEq(_GOVERNOR.proposalThreshold(), PROPOSAL_THRESHOLD, "threshold");
        assertEq(_GOVERNOR.quorum(timeNow()), 2_000e18, "1 % of the circulating coin");
        assertEq(_GOVERNOR.lateQuorumVoteExtension(), LATE_QUORUM_EXTENSION, "extension");
        assertEq(_GOVERNOR.timelock(), Predeploys.TIMELOCK, "timelock");
        assertEq(address(_GOVERNOR.token()), Predeploys.VOTING_POWER, "token");
        assertEq(keccak256(bytes(_GOVERNOR.CLOCK_MODE())), keccak256("mode=timestamp"), "clock");
        assertEq(
            TimelockController(payable(Predeploys.TIMELOCK)).getMinDelay(),
            TIMELOCK_DELAY,
            "delay"
        );
    }

    function _lock(address account, uint256 amount) private {
        vm.deal(account, amount);
        vm.prank(account);
        _POWER.lock{value: amount}();
    }

    function _pass(address target, bytes memory data) private returns (uint256 id) {
        id = _propose(_ALICE, target, data);
        _carry(id);
    }

    function _carry(uint256 id) private {
        vm.warp(timeNow() + VOTING_DELAY + 1);
        vm.prank(_ALICE);
        _GOVERNOR.castVote(id, _FOR);
        vm.warp(_GOVERNOR.proposalDeadline(id) + 1);
        _GOVERNOR.queue(id);
        vm.warp(timeNow() + TIMELOCK_DELAY);
    }

    function _propose(
        address proposer,
        address target,
        bytes memory data
    ) private returns (uint256 id) {
        (address[] memory targets, uint256[] memory values, bytes[] memory calldatas) = _single(
            target,
            data
        );
        vm.prank(proposer);
        id = _GOVERNOR.propose(targets, values, calldatas, "change");
    }

    function _single(
        address target,
        bytes memory data
    )
        private
        pure
        returns (address[] memory targets, uint256[] memory values, bytes[] memory calldatas)
    {
        targets = new address[](1);
        values = new uint256[](1);
        calldatas = new bytes[](1);
        targets[0] = target;
        calldatas[0] = data;
    }
}
