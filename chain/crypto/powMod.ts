/** Bits of the exponent that one multiplication takes. */
const WINDOW = 5

/**
 * base^exponent mod modulus, by sliding windows: one multiplication for about six squarings, where
 * bit by bit the worst exponent costs one for each.
 *
 * @units `modulus` is above 0, the others are not below.
 * @param pulse - Called for each window.
 */
export function powMod(
  base: bigint,
  exponent: bigint,
  modulus: bigint,
  pulse: () => void = () => undefined,
): bigint {
  const bits = exponent === 0n ? '' : exponent.toString(2)
  const first = base % modulus
  let result = 1n % modulus
  if (bits.length <= WINDOW) {
    for (const bit of bits) {
      result = (result * result) % modulus
      if (bit === '1') result = (result * first) % modulus
    }
    return result
  }
  const odd = oddPowers(first, modulus)
  for (let at = 0; at < bits.length; ) {
    if (bits.charCodeAt(at) === ZERO) {
      result = (result * result) % modulus
      at++
      continue
    }
    let end = Math.min(at + WINDOW, bits.length)
    while (bits.charCodeAt(end - 1) === ZERO) end--
    pulse()
    const power = odd[Number.parseInt(bits.slice(at, end), 2) >> 1] ?? first
    for (; at < end; at++) result = (result * result) % modulus
    result = (result * power) % modulus
  }
  return result
}

const ZERO = 48

/** base, base³, base⁵ … up to what a window holds. */
function oddPowers(base: bigint, modulus: bigint): readonly bigint[] {
  const square = (base * base) % modulus
  const powers = [base]
  for (let power = base; powers.length < 1 << (WINDOW - 1); powers.push(power)) {
    power = (power * square) % modulus
  }
  return powers
}
