import { open, readFile, rename } from 'node:fs/promises'
import { dirname } from 'node:path'
import { z } from 'zod'
import { PocaError } from '../../chain/primitives/errors.ts'

/** What can be wrong with a file of ours. */
export type JSONFileErrorType = {
  readonly code: 'JSON_FILE_DAMAGED'
  readonly path: string
}

/** A file that cannot be used. */
export class JSONFileError extends PocaError<JSONFileErrorType> {}

/** Bytes in hex. */
export const hexSchema = z.templateLiteral(['0x', z.string().regex(/^([0-9a-f]{2})*$/)])

/** A bigint, in decimal as `writeJSONFile` puts it. */
export const bigintSchema = z
  .string()
  .regex(/^[0-9]+$/)
  .transform(BigInt)

/** Reads a file; undefined when there is none. */
export async function readJSONFile<T extends z.ZodType>(
  path: string,
  schema: T,
): Promise<z.infer<T> | undefined> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
  try {
    return schema.parse(JSON.parse(text))
  } catch (cause) {
    throw new JSONFileError(
      { code: 'JSON_FILE_DAMAGED', path },
      `The file ${path} is damaged; remove it if its task no longer matters.`,
      { cause },
    )
  }
}

/** Replaces a file as a whole. It is on the disk when this resolves, the old one or the new one. */
export async function writeJSONFile(path: string, value: unknown): Promise<void> {
  const text = JSON.stringify(value, (_, field: unknown) =>
    typeof field === 'bigint' ? field.toString() : field,
  )
  const draft = `${path}.new`
  const file = await open(draft, 'w', 0o600)
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(draft, path)
  const folder = await open(dirname(path))
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
