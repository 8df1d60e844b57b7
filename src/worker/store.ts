import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { bigintSchema, hexSchema, readJSONFile, writeJSONFile } from '../compute/jsonFile.ts'

const resultSchema = z.object({
  version: z.literal(1),
  taskId: bigintSchema,
  slot: z.number().int(),
  attempt: z.number().int(),
  resultRoot: hexSchema,
  units: bigintSchema,
  salt: hexSchema,
  result: hexSchema,
})

const cursorSchema = z.object({
  version: z.literal(1),
  genesisHash: hexSchema,
  height: bigintSchema,
  slots: z.array(
    z.object({
      taskId: bigintSchema,
      slot: z.number().int(),
      since: bigintSchema.default(0n),
    }),
  ),
})

/** A finished slice, kept from before its commitment is sent until its task has ended. */
export type StoredResult = Readonly<Omit<z.infer<typeof resultSchema>, 'version'>>

/** Up to which block the worker has read the chain, and the slots it holds. */
export type StoredCursor = Readonly<Omit<z.infer<typeof cursorSchema>, 'version'>>

/** What a worker remembers over restarts. Each file is replaced as a whole, and synced. */
export type WorkerStore = {
  readCursor(): Promise<StoredCursor | undefined>
  writeCursor(cursor: StoredCursor): Promise<void>
  readResult(slot: SlotId): Promise<StoredResult | undefined>
  writeResult(result: StoredResult): Promise<void>
  deleteResult(slot: SlotId): Promise<void>
  /** Forgets everything: the folder belongs to another chain. */
  clear(): Promise<void>
}

/** Names a slot in one of its attempts. */
export type SlotId = {
  readonly taskId: bigint
  readonly slot: number
  readonly attempt: number
}

/** Opens a worker's folder and makes it when it is not there. */
export async function openWorkerStore(folder: string): Promise<WorkerStore> {
  const results = join(folder, 'results')
  const cursorPath = join(folder, 'cursor.json')
  await mkdir(results, { recursive: true })
  const resultPath = ({ taskId, slot, attempt }: SlotId) =>
    join(results, `${taskId}-${slot}-${attempt}.json`)

  return {
    readCursor: () => readJSONFile(cursorPath, cursorSchema),
    writeCursor: (cursor) => writeJSONFile(cursorPath, { version: 1, ...cursor }),
    readResult: (slot) => readJSONFile(resultPath(slot), resultSchema),
    writeResult: (result) => writeJSONFile(resultPath(result), { version: 1, ...result }),
    deleteResult: (slot) => rm(resultPath(slot), { force: true }),
    async clear() {
      await rm(cursorPath, { force: true })
      for (const name of await readdir(results)) await rm(join(results, name), { force: true })
    },
  }
}
