import { createKeccak } from 'hash-wasm'
import { hashProduct, leafEntries } from './kernelChallenge.ts'
import type { HashBytes } from './packedTree.ts'

const sampleMs = 150
const sampleSize = 256
const seed = `0x${'00'.repeat(32)}` as const

/** The most of this machine's time that a proof of power takes, when nobody asks for more. */
const proofMs = 1_000n

/** How fast this machine proves power, in million multiply-adds per second of one core. */
export async function measureSpeed(): Promise<bigint> {
  const hasher = await createKeccak(256)
  const hash: HashBytes = (bytes) => hasher.init().update(bytes).digest('binary')
  const leaves = new Uint8Array((sampleSize ** 2 / leafEntries) * 32)
  const work = () => hashProduct({ seed, size: sampleSize }, 0, leaves, hash)
  // The first product is compiled, the later ones are measured. Nothing else runs in between.
  work()
  const start = performance.now()
  let products = 0
  let elapsedMs = 0
  while (elapsedMs < sampleMs) {
    work()
    products++
    elapsedMs = performance.now() - start
  }
  return BigInt(Math.max(1, Math.floor((products * sampleSize ** 3) / (elapsedMs * 1_000))))
}

/**
 * The power that a machine of that speed proves without haste: what it does in a quarter of the
 * window, and in a second at most.
 */
export function easyPower(speed: bigint, windowSeconds: bigint): bigint {
  const quarterMs = windowSeconds * 250n
  const workMs = quarterMs < proofMs ? quarterMs : proofMs
  const power = (speed * workMs) / (windowSeconds * 1_000n)
  return power > 0n ? power : 1n
}
