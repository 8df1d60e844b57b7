import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { privateKeyToAddress } from '../../chain/crypto/secp256k1.ts'
import type { Address } from '../../chain/primitives/hex.ts'
import { cacheFolder, keyOf, writeWhole } from './cacheFolder.ts'
import { createProgress } from './progress.ts'
import { createRandom } from './random.ts'

/** How many accounts a benchmark's genesis funds. */
export type AccountCounts = {
  readonly seed: string
  /** All of them. */
  readonly accounts: number
  /** Those that have a key, the first ones; the others only hold and receive. */
  readonly senders: number
}

/** The accounts of a benchmark. */
export type Accounts = {
  /** With keys. */
  readonly senders: readonly Address[]
  /** Without. */
  readonly idle: readonly Address[]
  keyOf(sender: number): Uint8Array
}

const ADDRESS_SIZE = 20

/** Derives the accounts. Addresses are cached: each costs a multiplication on the curve. */
export function deriveAccounts(counts: AccountCounts): Accounts {
  const random = createRandom(counts.seed)
  const keyAt = (sender: number) => random.bytes('sender', sender)
  return {
    senders: readAddresses(counts, keyAt),
    idle: Array.from({ length: counts.accounts - counts.senders }, (_, index) =>
      addressOf(random.bytes('idle', index).subarray(12)),
    ),
    keyOf: keyAt,
  }
}

function readAddresses(
  { seed, senders }: AccountCounts,
  keyAt: (sender: number) => Uint8Array,
): readonly Address[] {
  const path = join(cacheFolder, `addresses-${keyOf({ seed, senders })}.bin`)
  if (existsSync(path)) {
    const bytes = readFileSync(path)
    return Array.from({ length: senders }, (_, index) =>
      addressOf(bytes.subarray(index * ADDRESS_SIZE, (index + 1) * ADDRESS_SIZE)),
    )
  }
  const progress = createProgress('addresses of senders', senders)
  const addresses = Array.from({ length: senders }, (_, index) => {
    progress.to(index)
    return privateKeyToAddress(keyAt(index))
  })
  progress.end()
  writeWhole(path, [Buffer.from(addresses.map((address) => address.slice(2)).join(''), 'hex')])
  return addresses
}

function addressOf(bytes: Uint8Array): Address {
  return `0x${Buffer.from(bytes).toString('hex')}`
}
