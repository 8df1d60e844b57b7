/**
 * A 0x-prefixed hex string; the form in which bytes, hashes and addresses cross module borders as
 * text.
 */
export type Hex = `0x${string}`

/** A 20-byte address in lower-case hex. */
export type Address = Hex

/** A 32-byte hash in lower-case hex. */
export type Hash = Hex
