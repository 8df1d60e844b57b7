// Shows that the README's example of the plugin runs as it is printed, in this very project.
import assert from 'node:assert/strict'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { pathToFileURL } from 'node:url'

const root = join(import.meta.dirname, '../../..')

describe('README', () => {
  it('has an example of the plugin that runs', async () => {
    const readme = readFileSync(join(root, 'README.md'), 'utf8')
    const [, section = ''] = readme.split('## Test economic rules in Hardhat')
    const snippets = [...section.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code = '']) => code)
    const [config = '', example = ''] = snippets
    assert.match(config, /plugins: \[hardhatPoca\]/)

    // Next to this test, so that its imports are found; what it would print is kept.
    const said: unknown[] = []
    Object.assign(globalThis, { readmeSays: (...words: unknown[]) => said.push(...words) })
    const path = join(import.meta.dirname, `readme.${process.pid}.mts`)
    writeFileSync(path, example.replace('console.log(', 'readmeSays('))
    try {
      await import(pathToFileURL(path).href)
    } finally {
      rmSync(path)
    }
    assert.equal(said.length, 2)
    assert.ok(
      [30n, 36n, 48n].some((coin) => said[1] === coin * 10n ** 18n),
      String(said[1]),
    )
  })
})
