/**
 * Receipts of a block as they are kept: version(1) ‖ count(4) ‖ log count(4), then for each receipt
 * flags(1) ‖ from(20) ‖ to(20)? ‖ created(20)? ‖ gas used ‖ gas price ‖ rlp([log, …])?. The two
 * numbers are size(1) ‖ bytes without leading zeros. Cumulative gas is not kept: it is a sum.
 */
export const RECEIPTS_VERSION = 2

/** version, count, log count. */
export const HEADER_SIZE = 9

export const ADDRESS_SIZE = 20

// Bits of the flags. The uppermost is 0.
export const TYPE_MASK = 0b111
export const STATUS_SHIFT = 3
export const HAS_TO = 1 << 4
export const HAS_CREATED = 1 << 5
export const HAS_LOGS = 1 << 6
export const FLAGS_UNUSED = 1 << 7
