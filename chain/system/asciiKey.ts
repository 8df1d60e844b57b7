import { hexToString, stringToHex } from 'viem'
import type { Hash } from '../primitives/hex.ts'

/** A short ASCII string as Solidity's `bytes32` literal of it: left-aligned, padded with zeros. */
export function asciiKey(text: string): Hash {
  return stringToHex(text, { size: 32 })
}

/** The string behind `asciiKey`; empty for zero. */
export function readAsciiKey(key: Hash): string {
  // Zero alone would be read as one NUL character.
  return hexToString(key, { size: 32 }).replace(/\0+$/, '')
}
