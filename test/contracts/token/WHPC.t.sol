// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {IWHPC} from "../../../contracts/interfaces/IWHPC.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {RefusingReceiver} from "../../../contracts/mocks/RefusingReceiver.sol";
import {WHPC} from "../../../contracts/token/WHPC.sol";
import {SystemTest} from "../support/SystemTest.sol";
import {vm} from "../support/Vm.sol";

/// @dev Shows that a token is worth one coin, always, and that permits are good for once.
contract WHPCTest is SystemTest {
    WHPC private constant _WHPC = WHPC(payable(Predeploys.WHPC));
    address private constant _ALICE = address(0xA11CE);

    function setUp() public {
        vm.warp(GENESIS_TIME);
        deployAt(Predeploys.WHPC, vm.getCode("contracts/token/WHPC.sol:WHPC"));
    }

    function testHasANameAndEighteenDecimals() public view {
        assertEq(keccak256(bytes(_WHPC.name())), keccak256("Wrapped HPC"), "name");
        assertEq(keccak256(bytes(_WHPC.symbol())), keccak256("WHPC"), "symbol");
        assertEq(_WHPC.decimals(), 18, "decimals");
    }

    function testFuzzWrapsAndUnwraps(uint96 amount, uint96 back) public {
        back = uint96(uint256(back) % (uint256(amount) + 1));
        vm.deal(_ALICE, amount);
        vm.startPrank(_ALICE);
        vm.expectEmit(Predeploys.WHPC);
        emit IERC20.Transfer(address(0), _ALICE, amount);
        vm.expectEmit(Predeploys.WHPC);
        emit IWHPC.Deposit(_ALICE, amount);
        _WHPC.deposit{value: amount}();
        assertEq(_WHPC.totalSupply(), Predeploys.WHPC.balance, "backed");

        vm.expectEmit(Predeploys.WHPC);
        emit IERC20.Transfer(_ALICE, address(0), back);
        vm.expectEmit(Predeploys.WHPC);
        emit IWHPC.Withdrawal(_ALICE, back);
        _WHPC.withdraw(back);
        vm.stopPrank();
        assertEq(_WHPC.balanceOf(_ALICE), amount - back, "tokens");
        assertEq(_ALICE.balance, back, "coin");
        assertEq(_WHPC.totalSupply(), Predeploys.WHPC.balance, "still backed");
    }

    function testAPlainTransferWraps() public {
        vm.deal(_ALICE, 5);
        vm.prank(_ALICE);
        (bool success, ) = Predeploys.WHPC.call{value: 5}("");
        assertTrue(success, "sent");
        assertEq(_WHPC.balanceOf(_ALICE), 5, "tokens");
    }

    function testRefusesToUnwrapMoreThanThereIs() public {
        vm.deal(_ALICE, 5);
        vm.startPrank(_ALICE);
        _WHPC.deposit{value: 5}();
        vm.expectRevert(
            abi.encodeWithSelector(IERC20Errors.ERC20InsufficientBalance.selector, _ALICE, 5, 6)
        );
        _WHPC.withdraw(6);
        vm.stopPrank();
    }

    function testARefusedPaymentKeepsTheTokens() public {
        RefusingReceiver account = new RefusingReceiver();
        vm.deal(address(this), 5);
        account.forward{value: 5}(Predeploys.WHPC, abi.encodeCall(IWHPC.deposit, ()));
        vm.expectRevert(abi.encodeWithSelector(IWHPC.WHPCTransferFailed.selector, account, 5));
        account.forward(Predeploys.WHPC, abi.encodeCall(IWHPC.withdraw, (5)));
        assertEq(_WHPC.balanceOf(address(account)), 5, "tokens");
    }

    function testUnwrappingCannotBeReentered() public {
        RefusingReceiver account = new RefusingReceiver();
        vm.deal(address(this), 5);
        account.forward{value: 5}(Predeploys.WHPC, abi.encodeCall(IWHPC.deposit, ()));
        vm.deal(Predeploys.WHPC, 100);
        account.act(Predeploys.WHPC, abi.encodeCall(IWHPC.withdraw, (5)));
        account.forward(Predeploys.WHPC, abi.encodeCall(IWHPC.withdraw, (5)));
        assertTrue(!account.actSucceeded(), "second time");
        assertEq(address(account).balance, 5, "paid once");
    }

    function testAPermitIsGoodOnce() public {
        uint256 key = 0xA11CE;
        address owner = vm.addr(key);
        bytes32 typeHash = keccak256(
            "Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"
        );
        uint256 deadline = GENESIS_TIME;
        bytes32 structHash = keccak256(abi.encode(typeHash, owner, _ALICE, 7, 0, deadline));
        bytes32 digest = keccak256(
            abi.encodePacked(hex"1901", _WHPC.DOMAIN_SEPARATOR(), structHash)
        );
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        _WHPC.permit(owner, _ALICE, 7, deadline, v, r, s);
        assertEq(_WHPC.allowance(owner, _ALICE), 7, "allowance");
        vm.expectRevert();
        _WHPC.permit(owner, _ALICE, 7, deadline, v, r, s);
        vm.warp(deadline + 1);
        vm.expectRevert(
            abi.encodeWithSelector(ERC20Permit.ERC2612ExpiredSignature.selector, deadline)
        );
        _WHPC.permit(owner, _ALICE, 7, deadline, v, r, s);
    }
}
