/** Where values lie. */
export type Quantiles = {
  readonly p50: number
  readonly p95: number
  readonly p99: number
  readonly max: number
}

/** The quantiles of `values`, each one of them; zeros when there are none. */
export function quantilesOf(values: readonly number[]): Quantiles {
  const sorted = [...values].sort((a, b) => a - b)
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? 0
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) }
}
