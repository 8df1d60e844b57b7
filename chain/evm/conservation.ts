import { EvmError } from './errors.ts'

/** What a block did to the supply. */
export type SupplyFacts = {
  readonly height: bigint
  /** Wei by which all balances together changed. */
  readonly change: bigint
  readonly gasUsed: bigint
  readonly baseFeePerGas: bigint
  /** A contract destroyed itself in the transaction that created it, and its coin with it. */
  readonly hasSelfDestruct: boolean
}

/**
 * Only base fees leave the sum of balances, and nothing enters it.
 *
 * EIP-6780 lets a contract destroy itself, with the coin it holds, in the transaction that created
 * it; in such a block more may leave, and still nothing enters.
 *
 * @throws EvmError `EVM_SUPPLY_NOT_CONSERVED`
 */
export function checkConservation(facts: SupplyFacts): void {
  const expected = -(facts.gasUsed * facts.baseFeePerGas)
  if (facts.change === expected) return
  if (facts.hasSelfDestruct && facts.change < expected) return
  const { height, change } = facts
  throw new EvmError(
    { code: 'EVM_SUPPLY_NOT_CONSERVED', height, change, expected },
    `Block ${height} changes the supply by ${change} wei instead of ${expected}; ` +
      'this node stops rather than build on it.',
  )
}
