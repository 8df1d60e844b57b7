// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {RLP} from "@openzeppelin/contracts/utils/RLP.sol";
import {IAllocationVesting} from "../../../contracts/interfaces/IAllocationVesting.sol";
import {IOnlineReward} from "../../../contracts/interfaces/IOnlineReward.sol";
import {IRewardDistributor} from "../../../contracts/interfaces/IRewardDistributor.sol";
import {Predeploys} from "../../../contracts/libraries/Predeploys.sol";
import {AllocationVesting} from "../../../contracts/token/AllocationVesting.sol";
import {PocaTest} from "./PocaTest.sol";
import {SystemTest} from "./SystemTest.sol";
import {vm} from "./Vm.sol";

/// @dev Stands for the NodeRegistry: tells the power it is told.
contract PowerStub {
    uint256 private _proved;
    uint256 private _leased;

    function set(uint256 proved, uint256 leased) external {
        _proved = proved;
        _leased = leased;
    }

    function totals() external view returns (uint256 provedPower, uint256 leasedPower) {
        return (_proved, _leased);
    }
}

/// @title Base of tests about supply and rewards: the development chain, or Tesra's allocations on
/// it.
abstract contract MoneyTest is PocaTest, SystemTest {
    using RLP for RLP.Encoder;

    IRewardDistributor internal constant DISTRIBUTOR = IRewardDistributor(
        Predeploys.REWARD_DISTRIBUTOR
    );
    IOnlineReward internal constant ONLINE = IOnlineReward(Predeploys.ONLINE_REWARD);
    IAllocationVesting internal constant VESTING = IAllocationVesting(
        Predeploys.ALLOCATION_VESTING
    );

    /// @dev Tesra's genesis in the tests, and its times in seconds from there.
    uint256 internal constant TESRA_START = 1_800_000_000;
    uint256 internal constant TWO_YEARS = 63_115_200;
    uint256 internal constant EIGHT_YEARS = 252_460_800;
    uint256 internal constant SIXTY_SIX_YEARS = 2_082_801_600;

    address internal constant COMMUNITY = address(0xC0);
    address internal constant FOUNDATION = address(0xF0);
    address internal constant TEAM = address(0x7EA);

    /// @dev Where OpenZeppelin keeps whether a proxy is initialised.
    bytes32 private constant _INITIALISED =
        0xf0c57e16840df040f15088dc2f81fe391c3923bec73e23a9662efc9c229c6a00;

    /// @dev The registry from now on says that `leased` of `proved` power is at work.
    function _usePower(uint256 proved, uint256 leased) internal {
        if (Predeploys.NODE_REGISTRY.code.length != type(PowerStub).runtimeCode.length) {
            vm.etch(Predeploys.NODE_REGISTRY, type(PowerStub).runtimeCode);
        }
        PowerStub(Predeploys.NODE_REGISTRY).set(proved, leased);
    }

    function _setUnits(address node, uint32 units) internal {
        vm.prank(Predeploys.CAPABILITY_CHALLENGE);
        ONLINE.setUnits(node, units);
    }

    /// @dev What the node has been credited with on being paid.
    function _draw(address node) internal returns (uint256) {
        return ONLINE.draw(IOnlineReward.Service.Compute, node);
    }

    /// @dev Puts Tesra's reserve and allocations in the place of those of the development chain:
    /// ten billion, of which 34 % are allocated.
    function _becomeTesra() internal {
        _time = TESRA_START;
        vm.warp(TESRA_START);
        deployAt(
            Predeploys.EMISSION_RESERVE,
            abi.encodePacked(
                vm.getCode("contracts/system/LinearEmission.sol:LinearEmission"),
                abi.encode(10e27, 6.6e27, 6.6e27, TESRA_START, SIXTY_SIX_YEARS)
            )
        );
        vm.deal(Predeploys.EMISSION_RESERVE, 6.6e27);
        vm.store(Predeploys.ALLOCATION_VESTING, _INITIALISED, 0);
        vm.store(implementationOf(Predeploys.ALLOCATION_VESTING), _INITIALISED, 0);
        vm.deal(Predeploys.ALLOCATION_VESTING, 3.4e27);
        deployProxied(
            Predeploys.ALLOCATION_VESTING,
            vm.getCode("contracts/token/AllocationVesting.sol:AllocationVesting"),
            abi.encodeCall(
                AllocationVesting.initialize,
                (_tesraGrants(), _lockUp(), uint40(TESRA_START + TWO_YEARS))
            )
        );
    }

    function _tesraGrants() internal pure returns (IAllocationVesting.Grant[] memory grants) {
        grants = new IAllocationVesting.Grant[](3);
        grants[0] = _grant(
            COMMUNITY,
            0.9e27,
            IAllocationVesting.Terms(
                uint40(TESRA_START),
                uint40(TESRA_START),
                uint40(TESRA_START + EIGHT_YEARS)
            )
        );
        grants[1] = _grant(FOUNDATION, 0.5e27, _lockUp());
        grants[2] = _grant(TEAM, 1e27, _lockUp());
    }

    function _grant(
        address beneficiary,
        uint96 total,
        IAllocationVesting.Terms memory terms
    ) internal pure returns (IAllocationVesting.Grant memory) {
        return
            IAllocationVesting.Grant({
                beneficiary: beneficiary,
                total: total,
                start: terms.start,
                cliff: terms.cliff,
                end: terms.end,
                released: 0
            });
    }

    function _lockUp() internal pure returns (IAllocationVesting.Terms memory) {
        return
            IAllocationVesting.Terms({
                start: uint40(TESRA_START + TWO_YEARS),
                cliff: uint40(TESRA_START + TWO_YEARS),
                end: uint40(TESRA_START + EIGHT_YEARS)
            });
    }

    /// @dev A header of this chain with these numbers in it.
    function _header(
        uint256 height,
        uint256 gasUsed,
        uint256 baseFee
    ) internal pure returns (bytes memory) {
        RLP.Encoder memory list = RLP.encoder();
        list.push(bytes32(uint256(1))).push(bytes32(uint256(2))).push(address(3));
        list.push(bytes32(uint256(4))).push(bytes32(uint256(5))).push(bytes32(uint256(6)));
        list.push(new bytes(256)).push(uint256(0)).push(height).push(uint256(30_000_000));
        list.push(gasUsed).push(uint256(1_800_000_000)).push(abi.encodePacked(uint56(1)));
        list.push(bytes32(uint256(7))).push(new bytes(8)).push(baseFee);
        list.push(bytes32(uint256(8))).push(uint256(0)).push(uint256(0));
        list.push(bytes32(uint256(9))).push(bytes32(uint256(10)));
        return list.encode();
    }

    /// @dev Makes the chain remember `header` as that of block `height` (EIP-2935).
    function _remember(uint256 height, bytes memory header) internal {
        vm.store(
            0x0000F90827F1C53a10cb7A02335B175320002935,
            bytes32(height % 8191),
            keccak256(header)
        );
    }
}
