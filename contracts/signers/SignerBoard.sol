// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Initializable} from "@openzeppelin/contracts-upgradeable/proxy/utils/Initializable.sol";
import {ISignerBoard} from "../interfaces/ISignerBoard.sol";
import {SystemContract} from "../libraries/SystemContract.sol";

/// @title Who may sign blocks.
/// @notice Seats are numbered from 0 without gaps, never none and never more than a certificate can
/// hold.
contract SignerBoard
    is ISignerBoard, SystemContract, Initializable
    layout at erc7201("poca.storage.SignerBoard")
{
    /// @notice Seats there may be.
    uint256 public constant SEAT_COUNT_MAX = 127;

    address[] private _seats;
    /// @dev Seat plus one; 0 for accounts without a seat.
    mapping(address signer => uint256 seatPlusOne) private _seatsPlusOne;

    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor() {
        _disableInitializers();
    }

    /// @notice Grants the first seats, in this order.
    function initialize(address[] calldata signers) external initializer {
        require(signers.length != 0, SignerBoardLastSeat());
        for (uint256 i = 0; i < signers.length; ++i) {
            _grantSeat(signers[i]);
        }
    }

    /// @inheritdoc ISignerBoard
    function grantSeat(address signer) external onlyTimelock {
        _grantSeat(signer);
    }

    /// @inheritdoc ISignerBoard
    function revokeSeat(uint16 seat) external onlyTimelock {
        uint256 count = _seats.length;
        require(seat < count, SignerBoardNoSuchSeat(seat));
        require(count > 1, SignerBoardLastSeat());

        address signer = _seats[seat];
        address moved = _seats[count - 1];
        _seats.pop();
        delete _seatsPlusOne[signer];
        emit SeatRevoked(seat, signer);

        if (moved != signer) {
            _seats[seat] = moved;
            _seatsPlusOne[moved] = uint256(seat) + 1;
            // Cast: at most 127 seats.
            emit SeatRevoked(uint16(count - 1), moved);
            emit SeatGranted(seat, moved);
        }
    }

    /// @inheritdoc ISignerBoard
    function seatCount() external view returns (uint256 count) {
        return _seats.length;
    }

    /// @inheritdoc ISignerBoard
    function seatAt(uint16 seat) external view returns (address signer) {
        require(seat < _seats.length, SignerBoardNoSuchSeat(seat));
        return _seats[seat];
    }

    /// @inheritdoc ISignerBoard
    function isSigner(address account) external view returns (bool) {
        return _seatsPlusOne[account] != 0;
    }

    /// @inheritdoc ISignerBoard
    function proposerAt(uint64 height, uint32 round) external view returns (address signer) {
        return _seats[(uint256(height) + round) % _seats.length];
    }

    function _grantSeat(address signer) private {
        uint256 seat = _seats.length;
        require(signer != address(0), SignerBoardZeroSigner());
        require(_seatsPlusOne[signer] == 0, SignerBoardSeatTaken(signer));
        require(seat < SEAT_COUNT_MAX, SignerBoardFull(SEAT_COUNT_MAX));
        _seats.push(signer);
        _seatsPlusOne[signer] = seat + 1;
        // Cast: at most 127 seats.
        emit SeatGranted(uint16(seat), signer);
    }
}
