// Options of `poca dev` that contradict each other are refused before anything is opened.
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { runDev } from '../../../src/cli/dev/handler.ts'
import { type DevOptions, defaults } from '../../../src/cli/dev/options.ts'

const folder = mkdtempSync(join(tmpdir(), 'poca-options-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const contradictions: readonly (readonly [string, Partial<DevOptions>])[] = [
  ['CLI_EXIT_NEEDS_DEMO', { exit: true }],
  ['CLI_AUDIT_NEEDS_FAST', { engine: 'reference', auditEvery: 10 }],
]

test.each(contradictions)('%s', async (code, options) => {
  const dataDir = join(folder, 'chain')
  await expect(runDev({ ...defaults, dataDir, ...options })).rejects.toMatchObject({ code })
  expect(existsSync(dataDir)).toBe(false)
})
