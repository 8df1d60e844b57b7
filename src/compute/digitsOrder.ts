import type { Hex } from '../../chain/primitives/hex.ts'
import { digitPixels } from './digitsData.ts'
import {
  type DigitsManifest,
  digitsKind,
  mnistDataset,
  parseDigitsManifest,
} from './digitsManifest.ts'
import { digitsRowSizeBytes } from './digitsResult.ts'
import { ComputeError } from './errors.ts'

/** The result of a slot may have so many bytes. */
const resultSizeMax = 65_536

/** What a client asks for, as far as the work itself goes. */
export type WorkOrder = {
  readonly kind: Hex
  readonly manifest: Hex
  readonly units: number
  readonly expectedSeconds: number
}

/** The kinds of task whose work can be done here. */
export const knownKinds: readonly Hex[] = [digitsKind]

/** Whether a task's kind is one that is known here. */
export function isKnownKind(kind: Hex): boolean {
  return knownKinds.includes(kind)
}

/**
 * The manifest of a task that a machine of that power can do, whatever slice of it it gets;
 * undefined when it should be left alone.
 */
export function readFeasibleOrder(order: WorkOrder, power: bigint): DigitsManifest | undefined {
  if (!isKnownKind(order.kind)) return undefined
  try {
    const manifest = parseDigitsManifest(order.manifest)
    const { testCount } = manifest.split
    const trainCount = mnistDataset.imageCount - testCount
    const work = BigInt(order.units) * BigInt(trainCount) * BigInt(digitPixels)
    const isFeasible =
      manifest.dataset.sha256 === mnistDataset.sha256 &&
      order.units <= testCount &&
      order.units * digitsRowSizeBytes <= resultSizeMax &&
      work <= power * 1_000_000n * BigInt(order.expectedSeconds)
    return isFeasible ? manifest : undefined
  } catch (error) {
    if (error instanceof ComputeError) return undefined
    throw error
  }
}
