import type { Hash } from '../../../chain/primitives/hex.ts'
import type { StatePatch } from '../../../chain/state/nodeLog.ts'
import type { StateSource } from '../../../chain/state/stateSource.ts'

/** A log of nodes in memory, as the store keeps one on disk. */
export type MemoryLog = StateSource & {
  append(patch: StatePatch): void
  sizeBytes(): number
  /** Its bytes from a position on. */
  from(position: number): Uint8Array
}

/** An empty log. */
export function createMemoryLog(): MemoryLog {
  let bytes = new Uint8Array(1 << 16)
  let size = 0
  const roots = new Map<Hash, number>()
  const codes = new Map<Hash, Uint8Array>()
  return {
    append(patch) {
      const placed = patch.place(size)
      while (bytes.length < size + placed.bytes.length) {
        const larger = new Uint8Array(bytes.length * 2)
        larger.set(bytes)
        bytes = larger
      }
      bytes.set(placed.bytes, size)
      size += placed.bytes.length
      roots.set(patch.stateRoot, placed.root)
      for (const [hash, code] of patch.codes) codes.set(hash, code)
    },
    sizeBytes: () => size,
    from: (position) => bytes.slice(position, size),
    nodeAt(position) {
      const length = ((bytes[position] ?? 0) << 8) | (bytes[position + 1] ?? 0)
      return bytes.slice(position + 2, position + 2 + length)
    },
    rootPosition: (stateRoot) => roots.get(stateRoot),
    code: (hash) => codes.get(hash),
  }
}
