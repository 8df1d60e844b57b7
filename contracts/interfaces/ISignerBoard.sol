// SPDX-License-Identifier: MIT
pragma solidity >=0.8.24;

/// @title Who may sign blocks.
/// @notice Seats in office and the turn in which they propose.
interface ISignerBoard {
    event SeatGranted(uint16 indexed seat, address indexed signer);
    event SeatRevoked(uint16 indexed seat, address indexed signer);

    error SignerBoardSeatTaken(address signer);
    error SignerBoardNoSuchSeat(uint16 seat);
    error SignerBoardLastSeat();
    error SignerBoardFull(uint256 max);
    error SignerBoardZeroSigner();

    /// @notice Grants a new seat. Timelock only.
    function grantSeat(address signer) external;
    /// @notice Takes a seat away; the last one cannot be. The holder of the highest seat moves into
    /// the gap, so that seats stay dense. Timelock only.
    function revokeSeat(uint16 seat) external;

    function seatCount() external view returns (uint256 count);
    function seatAt(uint16 seat) external view returns (address signer);
    function isSigner(address account) external view returns (bool);
    /// @notice Whose turn it is: round robin over the seats by height plus round.
    function proposerAt(uint64 height, uint32 round) external view returns (address signer);
}
