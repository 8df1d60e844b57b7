/** Blocks aim at being half full. */
const ELASTICITY = 2n

/** What sets the base fee besides the parent; governed. */
export type FeeParams = {
  /** Wei per gas. */
  readonly floor: bigint
  /** The base fee changes by at most 1/denominator per block. */
  readonly denominator: bigint
}

/**
 * Base fee of the block after one with these header fields.
 * @source EIP-1559
 * @rounding Down, as in the EIP; a rise is at least one wei.
 */
export function nextBaseFee(
  parent: { readonly gasLimit: bigint; readonly gasUsed: bigint; readonly baseFeePerGas: bigint },
  params: FeeParams,
): bigint {
  const { gasUsed, baseFeePerGas } = parent
  const target = parent.gasLimit / ELASTICITY
  const distance = gasUsed > target ? gasUsed - target : target - gasUsed
  const change = (baseFeePerGas * distance) / target / params.denominator
  const rise = change === 0n ? 1n : change
  const next =
    gasUsed === target
      ? baseFeePerGas
      : gasUsed > target
        ? baseFeePerGas + rise
        : baseFeePerGas - change
  return next < params.floor ? params.floor : next
}
