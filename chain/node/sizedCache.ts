/** The newest entries, as many as fit. */
export type SizedCache<K, V> = {
  get(key: K): V | undefined
  /** Keeps `value`, which holds `sizeBytes`; the oldest go to make room, never the one given. */
  set(key: K, value: V, sizeBytes: number): void
  clear(): void
}

/** A cache of at most `countMax` entries and, unless one alone is larger, `sizeMax` bytes. */
export function createSizedCache<K, V>(countMax: number, sizeMax: number): SizedCache<K, V> {
  const entries = new Map<K, { readonly value: V; readonly sizeBytes: number }>()
  let sizeBytes = 0
  const drop = (key: K): void => {
    sizeBytes -= entries.get(key)?.sizeBytes ?? 0
    entries.delete(key)
  }
  return {
    get: (key) => entries.get(key)?.value,
    set(key, value, size) {
      drop(key)
      entries.set(key, { value, sizeBytes: size })
      sizeBytes += size
      for (const oldest of entries.keys()) {
        if (oldest === key || (entries.size <= countMax && sizeBytes <= sizeMax)) break
        drop(oldest)
      }
    },
    clear() {
      entries.clear()
      sizeBytes = 0
    },
  }
}
