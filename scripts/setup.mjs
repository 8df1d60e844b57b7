// Runs before `npm start` and `npm test`, on a machine that may have nothing but Node and npm.
// Plain JavaScript without dependencies: it must also run, and explain itself, under an old Node.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const stamp = join(root, 'node_modules', '.poca-installed')
const major = Number(process.versions.node.split('.')[0])

if (major < 24) {
  const script = process.env.npm_lifecycle_event === 'pretest' ? 'test' : 'start'
  process.stderr.write(
    `POCA needs Node 24 and this is ${process.versions.node}. Run: npx -y -p node@24 npm ${script}\n`,
  )
  process.exit(1)
}

const lockHash = createHash('sha256')
  .update(readFileSync(join(root, 'package-lock.json')))
  .update(process.versions.modules)
  .digest('hex')

if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== lockHash) {
  process.stderr.write('Installing dependencies (npm ci), about a minute the first time …\n')
  const result = spawnSync('npm', ['ci', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  })
  if (result.status !== 0) {
    process.stderr.write(
      'npm ci failed. Is the package registry reachable? Then run the same command again.\n',
    )
    process.exit(1)
  }
  mkdirSync(dirname(stamp), { recursive: true })
  writeFileSync(stamp, lockHash)
}
