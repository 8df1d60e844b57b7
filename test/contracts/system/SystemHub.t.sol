// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {EndBlockInput} from "../../../contracts/interfaces/IHubModule.sol";
import {ISupplyMeter} from "../../../contracts/interfaces/ISupplyMeter.sol";
import {ISystemHub} from "../../../contracts/interfaces/ISystemHub.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {HostileModule} from "../../../contracts/mocks/HostileModule.sol";
import {RefusingReceiver} from "../../../contracts/mocks/RefusingReceiver.sol";
import {Timelock} from "../../../contracts/governance/Timelock.sol";
import {SystemTest} from "../support/SystemTest.sol";
import {Vm, vm} from "../support/Vm.sol";

/// @dev Shows that only the block's proposer ends a block, once, and that no module can stop it.
/// The table under test is: a good module, the hostile one, a good module.
contract SystemHubTest is SystemTest {
    ISystemHub private constant _HUB = ISystemHub(Predeploys.SYSTEM_HUB);
    uint32 private constant _CAP = 500_000;

    HostileModule private _first;
    HostileModule private _hostile;
    HostileModule private _last;

    function setUp() public {
        deployCore();
        _first = new HostileModule();
        _hostile = new HostileModule();
        _last = new HostileModule();
        deployHub(_table(address(_first), address(_hostile), address(_last), _CAP));
        nextBlock(1);
    }

    /* WHO MAY END A BLOCK */

    function testEndsABlockOnce() public {
        endBlock();
        assertEq(_HUB.lastBlock(), heightNow(), "last block");
        vm.expectRevert(
            abi.encodeWithSelector(
                ISystemHub.SystemHubAlreadyProcessed.selector,
                uint64(heightNow())
            )
        );
        endBlock();
        nextBlock(1);
        endBlock();
        assertEq(_hostile.callCount(), 2, "calls");
        assertEq(_hostile.heightSeen(), heightNow(), "height");
    }

    function testFuzzRefusesOthersThanTheProposer(address sender) public {
        vm.assume(sender != PROPOSER);
        vm.expectRevert(
            abi.encodeWithSelector(ISystemHub.SystemHubNotProposer.selector, sender, PROPOSER)
        );
        vm.prank(sender, sender);
        _HUB.endBlock(plainInput());
    }

    function testRefusesAContractUsedByTheProposer() public {
        RefusingReceiver account = new RefusingReceiver();
        vm.expectRevert(
            abi.encodeWithSelector(ISystemHub.SystemHubNotProposer.selector, account, PROPOSER)
        );
        vm.prank(PROPOSER, PROPOSER);
        account.forward(address(_HUB), abi.encodeCall(ISystemHub.endBlock, (plainInput())));
    }

    function testRefusesADelegatedProposerDrivenByAStranger() public {
        // As after EIP-7702: the proposer's own address runs code that calls for anyone.
        vm.etch(PROPOSER, address(new RefusingReceiver()).code);
        vm.expectRevert(
            abi.encodeWithSelector(ISystemHub.SystemHubNotProposer.selector, PROPOSER, PROPOSER)
        );
        vm.prank(address(0xBAD), address(0xBAD));
        RefusingReceiver(payable(PROPOSER)).forward(
            address(_HUB),
            abi.encodeCall(ISystemHub.endBlock, (plainInput()))
        );
    }

    function testRefusesAProposerWithoutASeat() public {
        vm.coinbase(address(0xBAD));
        vm.expectRevert(
            abi.encodeWithSelector(ISystemHub.SystemHubNotSigner.selector, address(0xBAD))
        );
        vm.prank(address(0xBAD), address(0xBAD));
        _HUB.endBlock(plainInput());
    }

    function testFuzzRefusesAnotherHeight(uint64 given) public {
        vm.assume(given != heightNow());
        EndBlockInput memory input = plainInput();
        input.height = given;
        vm.expectRevert(
            abi.encodeWithSelector(ISystemHub.SystemHubWrongHeight.selector, given, heightNow())
        );
        endBlock(input);
    }

    /// @dev Whatever gas comes in, either nothing happens or every module gets all of its cap.
    function testFuzzNeverStarvesAModule(uint256 gasLimit) public {
        gasLimit = 100_000 + (gasLimit % 3_000_000);
        _first.behave(HostileModule.Behaviour.BurnAndReturn);
        _hostile.behave(HostileModule.Behaviour.BurnAndReturn);
        vm.prank(PROPOSER, PROPOSER);
        try _HUB.endBlock{gas: gasLimit}(plainInput()) {
            assertTrue(_first.gasSeen() > _CAP - 2_000, "gas of the first");
            assertTrue(_hostile.gasSeen() > _CAP - 2_000, "gas of the second");
            assertTrue(_last.gasSeen() > _CAP - 2_000, "gas of the last");
        } catch {
            assertEq(_first.callCount(), 0, "calls");
            assertEq(_HUB.lastBlock(), 0, "last block");
        }
        for (uint256 i = 0; i < 3; ++i) {
            assertEq(_HUB.moduleAt(i).failures, 0, "failures");
        }
    }

    function testNamesTheGasThatIsMissing() public {
        // 1.5 M for the modules, 0.2 M for the refund, a 63rd of both, 4 x 30,000, 100,000.
        uint256 needed = 1_946_984;
        vm.prank(PROPOSER, PROPOSER);
        try _HUB.endBlock{gas: 1_900_000}(plainInput()) {
            assertTrue(false, "ended");
        } catch (bytes memory reason) {
            assertEq(bytes4(reason), ISystemHub.SystemHubNotEnoughGas.selector, "selector");
            (uint256 available, uint256 wanted) = abi.decode(_tail(reason), (uint256, uint256));
            assertTrue(available < 1_900_000 && available > 1_850_000, "available");
            assertEq(wanted, needed, "needed");
        }
    }

    /// @dev 21,000 and 16 a byte of input are counted before the first module.
    function testEachModuleIsToldWhatTheBlockHasCost() public {
        bytes memory ask = abi.encodeCall(ISystemHub.gasUsed, ());
        _first.act(address(_HUB), ask);
        _hostile.behave(HostileModule.Behaviour.BurnAndReturn);
        _last.act(address(_HUB), ask);
        endBlock();
        uint256 atFirst = abi.decode(_first.actReturned(), (uint256));
        uint256 atLast = abi.decode(_last.actReturned(), (uint256));
        assertTrue(atFirst > 21_000 + 16 * 300, "with the transaction's own");
        assertTrue(atFirst < 21_000 + 16 * 400 + 100_000, "and little more");
        assertTrue(atLast > atFirst + _CAP - 5_000, "the second burned its cap");
        assertTrue(atLast < atFirst + _CAP + 200_000, "and the first little");
        assertEq(_HUB.gasUsed(), 0, "outside");
    }

    /* WHAT A BAD MODULE CAN DO */

    function testLogsTheBlock() public {
        vm.recordLogs();
        endBlock();
        Vm.Log[] memory logs = vm.getRecordedLogs();
        assertEq(logs.length, 1, "logs");
        assertEq(logs[0].topics[0], ISystemHub.BlockProcessed.selector, "event");
        assertEq(uint256(logs[0].topics[1]), heightNow(), "height");
        assertEq(address(uint160(uint256(logs[0].topics[2]))), PROPOSER, "proposer");
        uint256 gasUsed = abi.decode(logs[0].data, (uint256));
        assertTrue(gasUsed > 100_000 && gasUsed < 400_000, "gas used");
    }

    function testAReasonIsLogged() public {
        _hostile.behave(HostileModule.Behaviour.RevertWithReason);
        _expectFailure(
            abi.encodeWithSelector(HostileModule.HostileModuleRefuses.selector, heightNow())
        );
        endBlock();
        _assertOnlyTheHostileFailed();
    }

    function testASilentRevertIsContained() public {
        _assertContained(HostileModule.Behaviour.RevertSilently);
    }

    function testALoopIsContained() public {
        _assertContained(HostileModule.Behaviour.Loop);
    }

    function testAnInvalidOpcodeIsContained() public {
        _assertContained(HostileModule.Behaviour.InvalidOpcode);
    }

    function testAnEmptyModuleIsContained() public {
        vm.etch(address(_hostile), "");
        _expectFailure("");
        endBlock();
        assertEq(_HUB.moduleAt(1).failures, 1, "failures");
        assertEq(_last.callCount(), 1, "last");
    }

    function testAFailedModuleIsRolledBackAlone() public {
        _hostile.behave(HostileModule.Behaviour.WriteThenRevert);
        endBlock();
        _assertOnlyTheHostileFailed();
    }

    function testFuzzABombCostsTheHubNothing(uint256 size) public {
        // 500,000 gas buy about 400 kB of memory.
        size = size % 350_000;
        _hostile.behaveAsBomb(HostileModule.Behaviour.RevertBomb, size);
        vm.recordLogs();
        uint256 gasBefore = gasleft();
        endBlock();
        // The bomb's own cap and what a block with three good modules costs, cold.
        assertTrue(gasBefore - gasleft() < _CAP + 500_000, "gas");
        Vm.Log[] memory logs = vm.getRecordedLogs();
        bytes memory reason = abi.decode(logs[0].data, (bytes));
        assertEq(reason.length, size < 256 ? size : 256, "size kept");
        _assertOnlyTheHostileFailed();
    }

    /// @dev The assembly keeps just what a plain call would return, cut to 256 bytes.
    function testFuzzTheReasonIsThatOfAPlainCall(uint256 size) public {
        size = size % 1_024;
        _hostile.behaveAsBomb(HostileModule.Behaviour.RevertBomb, size);
        EndBlockInput memory input = plainInput();
        (bool success, bytes memory returned) = address(_hostile).call(
            abi.encodeCall(HostileModule.onEndBlock, (input))
        );
        assertTrue(!success, "plain call");
        bytes memory expected = new bytes(size < 256 ? size : 256);
        for (uint256 i = 0; i < expected.length; ++i) {
            expected[i] = returned[i];
        }
        _expectFailure(expected);
        endBlock(input);
    }

    function testABigReturnValueIsNotAFailure() public {
        _hostile.behaveAsBomb(HostileModule.Behaviour.ReturnBomb, 300_000);
        endBlock();
        assertEq(_hostile.callCount(), 1, "hostile");
        assertEq(_HUB.moduleAt(1).failures, 0, "failures");
    }

    function testASelfDestructingModuleStays() public {
        _hostile.behave(HostileModule.Behaviour.SelfDestruct);
        endBlock();
        assertEq(_last.callCount(), 1, "last");
        nextBlock(1);
        endBlock();
        assertEq(_HUB.lastBlock(), heightNow(), "last block");
    }

    function testAModuleCannotEndTheBlockAgain() public {
        _hostile.act(address(_HUB), abi.encodeCall(ISystemHub.endBlock, (plainInput())));
        endBlock();
        assertTrue(!_hostile.actSucceeded(), "succeeded");
        assertEq(
            bytes4(_hostile.actReturned()),
            ISystemHub.SystemHubNotProposer.selector,
            "reason"
        );
        assertEq(_last.callCount(), 1, "last");
    }

    function testAModuleCannotEndTheBlockAgainThroughADelegatedProposer() public {
        vm.etch(PROPOSER, address(new RefusingReceiver()).code);
        bytes memory inner = abi.encodeCall(ISystemHub.endBlock, (plainInput()));
        _hostile.act(PROPOSER, abi.encodeCall(RefusingReceiver.forward, (address(_HUB), inner)));
        endBlock();
        assertTrue(!_hostile.actSucceeded(), "succeeded");
        assertEq(
            bytes4(_hostile.actReturned()),
            ISystemHub.SystemHubAlreadyProcessed.selector,
            "reason"
        );
        assertEq(_last.callCount(), 1, "last");
    }

    /// @dev A vote that replaces a module is executed by the one before it.
    function testAReplacedModuleLeavesNoFailureToItsSuccessor() public {
        HostileModule successor = new HostileModule();
        bytes memory data = abi.encodeCall(ISystemHub.setModule, (1, address(successor), _CAP));
        vm.prank(Predeploys.POCA_GOVERNOR);
        Timelock(payable(Predeploys.TIMELOCK)).schedule(
            address(_HUB),
            0,
            data,
            0,
            0,
            TIMELOCK_DELAY
        );
        nextBlock(TIMELOCK_DELAY);
        _first.act(
            Predeploys.TIMELOCK,
            abi.encodeCall(
                Timelock(payable(Predeploys.TIMELOCK)).execute,
                (address(_HUB), 0, data, 0, 0)
            )
        );
        endBlock();
        assertTrue(_first.actSucceeded(), "replaced");
        assertEq(_HUB.moduleAt(1).target, address(successor), "target");
        assertEq(successor.callCount(), 1, "successor runs");
        assertEq(_HUB.moduleAt(1).failures, 0, "failures");
    }

    /// @dev What a module does before it fails is rolled back, its own replacement too: the failure
    /// is that of the module that is still there.
    function testAModuleThatReplacesItselfAndFailsIsStillThere() public {
        bytes memory data = abi.encodeCall(
            ISystemHub.setModule,
            (1, address(new HostileModule()), _CAP)
        );
        vm.prank(Predeploys.POCA_GOVERNOR);
        Timelock(payable(Predeploys.TIMELOCK)).schedule(
            address(_HUB),
            0,
            data,
            0,
            0,
            TIMELOCK_DELAY
        );
        nextBlock(TIMELOCK_DELAY);
        bytes memory execution = abi.encodeCall(
            Timelock(payable(Predeploys.TIMELOCK)).execute,
            (address(_HUB), 0, data, 0, 0)
        );
        _hostile.act(Predeploys.TIMELOCK, execution);
        _hostile.behave(HostileModule.Behaviour.ActThenRevert);
        endBlock();
        assertEq(_HUB.moduleAt(1).target, address(_hostile), "still there");
        assertEq(_HUB.moduleAt(1).failures, 1, "failures");
        // Without the failure the same vote passes.
        _hostile.behave(HostileModule.Behaviour.Act);
        nextBlock(1);
        endBlock();
        assertTrue(_HUB.moduleAt(1).target != address(_hostile), "replaced");
        assertEq(_HUB.moduleAt(1).failures, 0, "failures of the successor");
    }

    function testAnInputHasAtMost16384Bytes() public {
        bytes memory data = abi.encodeCall(ISystemHub.endBlock, (plainInput()));
        bytes memory longest = bytes.concat(data, new bytes(16_384 - data.length));
        vm.prank(PROPOSER, PROPOSER);
        (bool success, bytes memory reason) = address(_HUB).call(bytes.concat(longest, hex"00"));
        assertTrue(!success, "too long");
        bytes memory wanted = abi.encodeWithSelector(
            ISystemHub.SystemHubInputTooLong.selector,
            16_385,
            16_384
        );
        assertEq(keccak256(reason), keccak256(wanted), "reason");
        vm.prank(PROPOSER, PROPOSER);
        (success, ) = address(_HUB).call(longest);
        assertTrue(success, "ended");
    }

    /// @dev The worst table that governance can make, in a system transaction of 10 million gas.
    function testTheWorstTableEndsTheBlock() public {
        ISystemHub.Module[] memory modules = new ISystemHub.Module[](12);
        for (uint256 i = 0; i < 12; ++i) {
            HostileModule module = new HostileModule();
            module.behave(HostileModule.Behaviour.Loop);
            modules[i] = ISystemHub.Module(address(module), 750_000, 0, false);
        }
        modules[11].target = address(new HostileModule());
        deployHub(modules);
        vm.fee(1 gwei);
        EndBlockInput memory input = plainInput();
        input.evidence = new bytes[](8);
        for (uint256 i = 0; i < 8; ++i) {
            input.evidence[i] = new bytes(512);
        }
        bytes memory data = abi.encodeCall(ISystemHub.endBlock, (input));
        vm.prank(PROPOSER, PROPOSER);
        // What is left of 10 M after 21,000 and 16 a byte.
        (bool success, ) = address(_HUB).call{gas: 10_000_000 - 21_000 - 16 * data.length}(data);
        assertTrue(success, "ended");
        assertEq(HostileModule(modules[11].target).callCount(), 1, "the last one ran");
        assertTrue(HostileModule(modules[11].target).gasSeen() > 748_000, "with all of its gas");
        for (uint256 i = 0; i < 11; ++i) {
            assertEq(_HUB.moduleAt(i).failures, 1, "failures");
        }
    }

    /* TRIPPING */

    function testTripsAfterEightFailuresInARow() public {
        _hostile.behave(HostileModule.Behaviour.RevertSilently);
        for (uint256 i = 1; i < 8; ++i) {
            endBlock();
            assertEq(_HUB.moduleAt(1).failures, i, "failures");
            assertTrue(!_HUB.moduleAt(1).tripped, "not yet");
            nextBlock(1);
        }
        _expectFailure("");
        vm.expectEmit(address(_HUB));
        emit ISystemHub.ModuleTripped(1, address(_hostile));
        endBlock();
        assertTrue(_HUB.moduleAt(1).tripped, "tripped");

        _hostile.behave(HostileModule.Behaviour.Behave);
        nextBlock(1);
        endBlock();
        assertEq(_hostile.callCount(), 0, "skipped");
        assertEq(_last.callCount(), 9, "the others go on");

        vm.expectEmit(address(_HUB));
        emit ISystemHub.ModuleReset(1, address(_hostile));
        vm.prank(Predeploys.TIMELOCK);
        _HUB.resetModule(1);
        assertEq(_HUB.moduleAt(1).failures, 0, "forgotten");
        nextBlock(1);
        endBlock();
        assertEq(_hostile.callCount(), 1, "runs again");
    }

    function testOneSuccessForgetsTheFailures() public {
        _hostile.behave(HostileModule.Behaviour.RevertSilently);
        for (uint256 i = 0; i < 7; ++i) {
            endBlock();
            nextBlock(1);
        }
        _hostile.behave(HostileModule.Behaviour.Behave);
        endBlock();
        assertEq(_HUB.moduleAt(1).failures, 0, "failures");
    }

    /* THE TABLE */

    function testOnlyTheTimelockChangesTheTable() public {
        vm.expectRevert(
            abi.encodeWithSelector(ISystemHub.SystemHubOnlyTimelock.selector, address(this))
        );
        _HUB.setModule(0, address(1), 1);
        vm.expectRevert(
            abi.encodeWithSelector(ISystemHub.SystemHubOnlyTimelock.selector, address(this))
        );
        _HUB.resetModule(0);
    }

    function testReplacesAndAppends() public {
        HostileModule module = new HostileModule();
        vm.startPrank(Predeploys.TIMELOCK);
        vm.expectEmit(address(_HUB));
        emit ISystemHub.ModuleSet(1, address(module), 7);
        _HUB.setModule(1, address(module), 7);
        vm.expectEmit(address(_HUB));
        emit ISystemHub.ModuleSet(3, address(module), 8);
        _HUB.setModule(3, address(module), 8);
        vm.stopPrank();
        assertEq(_HUB.moduleCount(), 4, "count");
        assertEq(_HUB.moduleAt(1).target, address(module), "target");
        assertEq(_HUB.moduleAt(3).gasCap, 8, "cap");
    }

    function testRefusesAGapInTheTable() public {
        vm.startPrank(Predeploys.TIMELOCK);
        vm.expectRevert(abi.encodeWithSelector(ISystemHub.SystemHubUnknownModule.selector, 4, 3));
        _HUB.setModule(4, address(1), 1);
        vm.expectRevert(abi.encodeWithSelector(ISystemHub.SystemHubUnknownModule.selector, 3, 3));
        _HUB.resetModule(3);
        vm.expectRevert(abi.encodeWithSelector(ISystemHub.SystemHubUnknownModule.selector, 3, 3));
        _HUB.moduleAt(3);
        vm.stopPrank();
    }

    function testTheGasOfAllModulesIsBounded() public {
        vm.startPrank(Predeploys.TIMELOCK);
        _HUB.setModule(1, address(_hostile), 8_000_000);
        vm.expectRevert(
            abi.encodeWithSelector(
                ISystemHub.SystemHubGasCapOutOfBounds.selector,
                9_000_001,
                9_000_000
            )
        );
        _HUB.setModule(1, address(_hostile), 8_000_001);
        vm.stopPrank();
    }

    function testTheTableHoldsTwelve() public {
        vm.startPrank(Predeploys.TIMELOCK);
        for (uint256 i = 3; i < 12; ++i) {
            _HUB.setModule(i, address(_hostile), 1);
        }
        vm.expectRevert(
            abi.encodeWithSelector(ISystemHub.SystemHubTooManyModules.selector, 13, 12)
        );
        _HUB.setModule(12, address(_hostile), 1);
        vm.stopPrank();
    }

    /* THE REAL MODULES */

    function testRunsTheMeterAndTheDistributor() public {
        deployHub(coreModules());
        vm.fee(1 gwei);
        EndBlockInput memory input = plainInput();
        input.parentGasUsed = 1_000_000;
        input.parentBaseFee = 3 gwei;
        uint256 before = PROPOSER.balance;
        endBlock(input);
        assertEq(_HUB.moduleAt(0).failures, 0, "meter");
        assertEq(_HUB.moduleAt(1).failures, 0, "distributor");
        assertEq(ISupplyMeter(Predeploys.SUPPLY_METER).burnedFees(), 0.003 ether, "burned fees");
        assertTrue(PROPOSER.balance > before + 100_000 gwei, "gas comes back");
        assertTrue(PROPOSER.balance < before + 600_000 gwei, "and no more");
    }

    function testAFailedRefundIsLoggedAndNotCounted() public {
        vm.fee(1 gwei);
        vm.etch(Predeploys.REWARD_DISTRIBUTOR, "");
        vm.expectEmit(address(_HUB));
        emit ISystemHub.ModuleFailed(3, Predeploys.REWARD_DISTRIBUTOR, "");
        endBlock();
        assertEq(_HUB.lastBlock(), heightNow(), "last block");
    }

    function _assertContained(HostileModule.Behaviour behaviour) private {
        _hostile.behave(behaviour);
        _expectFailure("");
        endBlock();
        _assertOnlyTheHostileFailed();
    }

    function _assertOnlyTheHostileFailed() private view {
        assertEq(_HUB.lastBlock(), heightNow(), "last block");
        assertEq(_hostile.callCount(), 0, "rolled back");
        assertEq(_first.callCount(), 1, "first");
        assertEq(_last.callCount(), 1, "last");
        assertEq(_HUB.moduleAt(0).failures, 0, "failures of the first");
        assertEq(_HUB.moduleAt(1).failures, 1, "failures of the hostile");
        assertEq(_HUB.moduleAt(2).failures, 0, "failures of the last");
    }

    function _expectFailure(bytes memory reason) private {
        vm.expectEmit(address(_HUB));
        emit ISystemHub.ModuleFailed(1, address(_hostile), reason);
    }

    function _table(
        address a,
        address b,
        address c,
        uint32 gasCap
    ) private pure returns (ISystemHub.Module[] memory modules) {
        modules = new ISystemHub.Module[](3);
        modules[0] = ISystemHub.Module(a, gasCap, 0, false);
        // Counters in the table are ignored.
        modules[1] = ISystemHub.Module(b, gasCap, 5, true);
        modules[2] = ISystemHub.Module(c, gasCap, 0, false);
    }

    function _tail(bytes memory reason) private pure returns (bytes memory tail) {
        tail = new bytes(reason.length - 4);
        for (uint256 i = 0; i < tail.length; ++i) {
            tail[i] = reason[i + 4];
        }
    }
}
