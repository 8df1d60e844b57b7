/** The quotient, rounded up; neither is negative. */
export function ceilDiv(a: bigint, b: bigint): bigint {
  return (a + b - 1n) / b
}

/** The smaller one. */
export function min(a: bigint, b: bigint): bigint {
  return a < b ? a : b
}

/** The larger one. */
export function max(a: bigint, b: bigint): bigint {
  return a > b ? a : b
}
