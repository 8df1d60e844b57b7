import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { open } from 'lmdb'
import { keccak256 } from '../../chain/crypto/keccak.ts'
import { recoverPublicKey, sign } from '../../chain/crypto/secp256k1.ts'
import type { Stage } from '../../chain/primitives/stageClock.ts'
import { makeRunFolder } from './cacheFolder.ts'

/** Below what a transfer's stage cannot come with these libraries, microseconds. */
export type Floors = Readonly<Partial<Record<Stage, number>>>

/** Bytes of a signed transfer, and of a receipt without logs. */
const TRANSFER_SIZE = 115
/** Of an account in its leaf, and of a full branch of hashes. */
const LEAF_SIZE = 110
const BRANCH_SIZE = 532
/** Accounts that a transfer changes, and branches above each that it shares with few others. */
const ACCOUNTS = 2
const BRANCHES = 1.5

const ROUNDS = 2_000
const RECORDS = 20_000

/**
 * Measures the native work without which no transfer can be done: one signature recovered with the
 * hashes around it, the hashes of the tries, the bytes written. Everything else is our own code and
 * has no floor.
 */
export async function measureFloors(): Promise<Floors> {
  const hash = (size: number) => {
    const bytes = new Uint8Array(size).fill(size)
    return timeOf(() => keccak256(bytes))
  }
  const [transfer, leaf, branch] = [hash(TRANSFER_SIZE), hash(LEAF_SIZE), hash(BRANCH_SIZE)]
  const digest = keccak256(new Uint8Array(TRANSFER_SIZE))
  const signature = sign(digest, digest)
  const recovery = timeOf(() => {
    recoverPublicKey(digest, signature.subarray(0, 64), signature[64] ?? 0)
  })
  return {
    decode: transfer,
    // What is signed is hashed, and so is the public key.
    recover: recovery + transfer + hash(64),
    root: ACCOUNTS * (leaf + BRANCHES * branch),
    // One leaf in each trie, and a sixteenth of the branch above it.
    tries: 2 * (transfer + branch / 16),
    // The accounts' nodes, and the transaction in its block.
    commit: await timeOfWrites(ACCOUNTS * (LEAF_SIZE + BRANCHES * BRANCH_SIZE) + TRANSFER_SIZE),
  }
}

/** Processor time of one `work`, the best of a few rounds. */
function timeOf(work: () => void): number {
  let best = Number.POSITIVE_INFINITY
  for (let round = 0; round < 3; round++) {
    const before = process.cpuUsage()
    for (let i = 0; i < ROUNDS; i++) work()
    const { user, system } = process.cpuUsage(before)
    best = Math.min(best, (user + system) / ROUNDS)
  }
  return best
}

/** Processor time of `size` bytes more in one large value of a synced transaction. */
async function timeOfWrites(size: number): Promise<number> {
  const folder = makeRunFolder()
  const database = open<Uint8Array, number>({ path: join(folder, 'floor.mdb'), encoding: 'binary' })
  try {
    const value = new Uint8Array(size * RECORDS)
    const before = process.cpuUsage()
    await database.put(1, value)
    await database.flushed
    const { user, system } = process.cpuUsage(before)
    return (user + system) / RECORDS
  } finally {
    await database.close()
    rmSync(folder, { recursive: true, force: true })
  }
}
