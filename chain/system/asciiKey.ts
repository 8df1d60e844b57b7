import { hexToString, stringToHex } from 'viem'
import type { Hash } from '../primitives/hex.ts'

/** A short ASCII string as Solidity's `bytes32` literal of it: left-aligned, padded with zeros. */
export function asciiKey(text: string): Hash {
  return stringToHex(text, { size: 32 })
}

/** The string behind `asciiKey`. */
export function readAsciiKey(key: Hash): string {
  return hexToString(key, { size: 32 })
}
