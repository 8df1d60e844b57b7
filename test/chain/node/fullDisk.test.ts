// A node whose database may grow no further says so with a code, stops in order, and has every
// block that it acknowledged when it is opened again. A limit on the size of files, which a shell
// sets for the child, stands in for a full disk: the write fails in the same place.
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { bytesToHex } from '@ethereumjs/util'
import { expect, test } from 'vitest'
import { createBackend } from '../../../chain/node/backend.ts'
import { createNode } from '../../../chain/node/node.ts'
import { defaults } from '../../../chain/node/options.ts'
import type { Hash } from '../../../chain/primitives/hex.ts'
import { engineOfTests } from '../../engineOfTests.ts'
import { compiled, keys, smallGenesis } from '../fixtures/smallChain.ts'

const child = join(import.meta.dirname, 'fullDiskChild.ts')

test('a full disk ends production with one code, and nothing acknowledged is lost', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'poca-full-'))
  try {
    // Blocks of 512 or 1,024 bytes, as the shell counts. Ignored signals stay so in the child.
    const limited = `trap '' XFSZ; ulimit -f 1000; exec "$0" "$1" "$2"`
    const { stdout } = await promisify(execFile)(
      'sh',
      ['-c', limited, process.execPath, child, dataDir],
      { env: { ...process.env, POCA_SMALL_CHAIN: JSON.stringify(compiled) } },
    )
    const lines = stdout.trim().split('\n')
    const rest = lines.filter((line) => !line.startsWith('ack '))
    expect(rest).toEqual(['fatal STORAGE_WRITE_FAILED', 'refused STORAGE_WRITE_FAILED', 'stopped'])
    const acknowledged = lines.filter((line) => line.startsWith('ack '))
    expect(acknowledged.length).toBeGreaterThan(10)

    const node = await createNode(
      {
        ...defaults,
        engine: engineOfTests,
        genesis: smallGenesis(),
        dataDir,
        signerKey: bytesToHex(keys[0] as Uint8Array),
        intervalMs: 0,
      },
      { now: () => 0 },
    )
    const backend = createBackend(node)
    for (const line of acknowledged) {
      expect(await backend.receipt(line.slice(4) as Hash)).toMatchObject({ status: 1 })
    }
    expect(backend.head().number).toBe(BigInt(acknowledged.length))
    await node.stop()
  } finally {
    rmSync(dataDir, { recursive: true, force: true })
  }
}, 60_000)
