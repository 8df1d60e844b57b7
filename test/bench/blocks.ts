// node/block txs=0 and node/block txs=100: milliseconds per block on the real development genesis,
// with storage. Run: node test/bench/blocks.ts
import { readFileSync } from 'node:fs'
import { hexToBytes } from '@ethereumjs/util'
import { createBackend } from '../../chain/node/backend.ts'
import { createNode } from '../../chain/node/node.ts'
import { defaults } from '../../chain/node/options.ts'
import { devAccounts, devRoles } from '../../chain/params/devAccounts.ts'
import { parseGenesis } from '../../chain/system/genesis/genesisFile.ts'
import { signTx } from '../chain/fixtures/smallChain.ts'

const file = new URL('../../deploy/genesis/dev.json', import.meta.url)
const genesis = parseGenesis(JSON.parse(readFileSync(file, 'utf8')))
const accounts = devAccounts()
const [from, to, signer] = [accounts[0], accounts[1], accounts[devRoles.signer]]
if (from === undefined || to === undefined || signer === undefined) throw new Error('accounts')
const node = await createNode(
  { ...defaults, genesis, signerKey: signer.privateKey, intervalMs: 0 },
  { now: () => Number(genesis.timestamp) },
)
const backend = createBackend(node)

async function time(name: string, runs: number, work: () => Promise<unknown>): Promise<void> {
  const start = performance.now()
  for (let i = 0; i < runs; i++) await work()
  process.stdout.write(`${name} ${((performance.now() - start) / runs).toFixed(1)} ms\n`)
}

for (let i = 0; i < 10; i++) await node.mine()
await time('node/block txs=0', 50, node.mine)
let nonce = 0n
for (let round = 0; round < 3; round++) {
  for (let i = 0; i < 100; i++) {
    const key = hexToBytes(from.privateKey)
    const tx = signTx({ key, nonce: nonce++, to: to.address, value: 1n, gas: 21_000n })
    await backend.submit(tx.raw)
  }
  await time('node/block txs=100', 1, node.mine)
}
await node.stop()
