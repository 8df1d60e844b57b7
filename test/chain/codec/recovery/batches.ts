import {
  createBatch,
  type RawBatch,
  type Recovered,
} from '../../../../chain/codec/recovery/recoverBatch.ts'
import { keccak256 } from '../../../../chain/crypto/keccak.ts'
import { type Sample, sampleTransactions } from '../signedTransactions.ts'

/** A batch and what has to be found in it. */
export type KnownBatch = { readonly batch: RawBatch; readonly expected: Recovered }

const seed = 0x5e4d
const samples: readonly (Omit<Sample, 'hash'> & { readonly ok: 0 | 1 })[] = [
  ...sampleTransactions(89, seed).map(({ raw, sender }) => ({ raw, sender, ok: 1 as const })),
  // Not one of these is a transaction.
  ...sampleTransactions(8, seed + 1).map(({ raw }, i) => ({
    raw: i % 2 === 0 ? raw.subarray(0, raw.length - 1 - i) : raw.map((byte) => byte ^ 0x55),
    sender: new Uint8Array(20),
    ok: 0 as const,
  })),
]

/**
 * A batch of `count` transactions and garbage, from a fixed list whose length is prime, so that no
 * two pieces or chunks are alike.
 */
export function createKnownBatch(count: number, first = 0): KnownBatch {
  const chosen = Array.from(
    { length: count },
    (_, i) => samples[(first + i) % samples.length],
  ).filter((sample) => sample !== undefined)
  return {
    batch: createBatch(chosen.map(({ raw }) => raw)),
    expected: {
      hashes: join(chosen.map(({ raw }) => keccak256(raw))),
      senders: join(chosen.map(({ sender }) => sender)),
      ok: Uint8Array.from(chosen, ({ ok }) => ok),
    },
  }
}

/** The bytes of one transaction of a batch. */
export function rawAt({ bytes, offsets }: RawBatch, index: number): Uint8Array {
  return bytes.slice(offsets[index], offsets[index + 1])
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts))
}
