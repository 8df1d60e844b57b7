import { keccak256, stringToHex, zeroAddress, zeroHash } from 'viem'
import type { Address, Hash, Hex } from '../../chain/primitives/hex.ts'

/** What a client asks for. */
export type TaskOrder = {
  /** What a worker must know how to do, such as `digits`; at most 32 ASCII letters. */
  readonly kind: string
  /** What to do, in the form the kind defines; at most 4 KiB. */
  readonly manifest: Hex
  /** Wei, for work in time by workers of comment 10,000; the limit when `quoted`. */
  readonly price: bigint
  /** Has the PriceBook name the price, from dollars by the second; fixed at creation. */
  readonly quoted?: {
    /** Billion multiply-adds per second. */
    readonly computeUnits: number
    readonly storageGiB: number
  }
  /**
   * Pieces of work, sliced over the slots by power: at most what workers of the least power do in
   * the expected time.
   */
  readonly units: number
  readonly expectedSeconds: number
  readonly slotCount: number
  /** Workers that may be lost while running before the task ends; none when left out. */
  readonly maxSlotLoss?: number
  /**
   * Slots that do the same slice, so that their results can be compared; 1 when left out. The slots
   * are then a multiple of it.
   */
  readonly replicas?: number
  /** Power each worker must have proved; what the units need when left out. */
  readonly minPower?: bigint
  /** Root over the slices of the data, where it is cut. */
  readonly sliceRoot?: Hash
  /** Gets refunds; the account when left out. */
  readonly sponsor?: Address
}

/** The order as TaskMarket takes it. */
export function taskSpecOf(order: TaskOrder) {
  const { kind, manifest, quoted, sponsor = zeroAddress } = order
  const { maxSlotLoss = 0, replicas = 1, minPower = leastPowerOf({ ...order, replicas }) } = order
  const { price, units, expectedSeconds, slotCount, sliceRoot = zeroHash } = order
  return {
    kind: stringToHex(kind, { size: 32 }),
    manifestHash: keccak256(manifest),
    sliceRoot,
    price,
    units,
    expectedSeconds,
    slotCount,
    maxSlotLoss,
    replicas,
    isQuoted: quoted !== undefined,
    computeUnits: quoted?.computeUnits ?? 0,
    storageGiB: quoted?.storageGiB ?? 0,
    minPower,
    sponsor,
  }
}

/**
 * The least power, million multiply-adds per second, with which workers do their slices in the
 * expected time when a unit is a million multiply-adds: TaskMarket refuses orders that allow less.
 */
export function leastPowerOf(work: {
  readonly units: number
  readonly expectedSeconds: number
  readonly slotCount: number
  readonly replicas: number
}): bigint {
  const { units, expectedSeconds, slotCount, replicas } = work
  const groupCount = Math.max(1, Math.trunc(slotCount / replicas))
  const doable = BigInt(groupCount) * BigInt(expectedSeconds)
  return doable === 0n ? 0n : (BigInt(units) + doable - 1n) / doable
}
