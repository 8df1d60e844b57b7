import type { Hex } from '../primitives/hex.ts'

const ERROR_SELECTOR = '0x08c379a0' // Error(string)
const PANIC_SELECTOR = '0x4e487b71' // Panic(uint256)

/** @source Solidity documentation, "Panic via assert and Error via require" */
const PANICS: Readonly<Record<string, string>> = {
  0: 'generic panic',
  1: 'assert(false)',
  17: 'arithmetic underflow or overflow',
  18: 'division or modulo by zero',
  33: 'enum overflow',
  34: 'invalid encoded storage byte array accessed',
  49: 'out-of-bounds array access; popping on an empty array',
  50: 'out-of-bounds access of an array or bytesN',
  65: 'out of memory',
  81: 'uninitialized function',
}

/** The reason in revert data, for Solidity's own two errors; custom errors stay to the client. */
export function explainRevert(data: Hex): string | undefined {
  const bytes = Buffer.from(data.slice(10), 'hex')
  if (data.startsWith(PANIC_SELECTOR)) {
    const code = readWord(bytes, 0)
    return code === undefined ? undefined : (PANICS[code] ?? `unknown panic code: ${code}`)
  }
  if (!data.startsWith(ERROR_SELECTOR)) return undefined
  const offset = readWord(bytes, 0)
  if (offset === undefined) return undefined
  const size = readWord(bytes, offset)
  if (size === undefined || offset + 32 + size > bytes.length) return undefined
  return bytes.toString('utf8', offset + 32, offset + 32 + size)
}

/** A word that is small enough to count bytes with. */
function readWord(bytes: Buffer, at: number): number | undefined {
  if (at + 32 > bytes.length) return undefined
  const value = BigInt(`0x${bytes.toString('hex', at, at + 32)}`)
  return value <= 0xffff_ffffn ? Number(value) : undefined
}
