#!/usr/bin/env node
// The binary. Plain JavaScript, so that an old Node can say what it lacks instead of a syntax error.
const major = Number(process.versions.node.split('.')[0])
if (major < 24) {
  process.stderr.write(
    `poca needs Node 24 and this is ${process.versions.node}. Run: npx -y -p node@24 npm start\n`,
  )
  process.exit(1)
}
await import('./main.ts')
