// One table of an LMDB file that is thrown away after the test.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { open } from 'lmdb'
import type { Table } from '../../../chain/storage/tables.ts'

/** Runs `work` on an empty table; what it does under `write` is one transaction. */
export async function withTable(
  work: (table: Table, write: <T>(change: () => T) => Promise<T>) => Promise<void>,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'poca-table-'))
  const binary = { encoding: 'binary', keyEncoding: 'binary' } as const
  const path = join(folder, 'table.mdb')
  const root = open<Uint8Array, Uint8Array>({ ...binary, path, noSubdir: true, noSync: true })
  try {
    const table = root.openDB<Uint8Array, Uint8Array>({ ...binary, name: 'table' })
    await work(table, (change) => root.childTransaction(change))
  } finally {
    await root.close()
    rmSync(folder, { recursive: true, force: true })
  }
}
