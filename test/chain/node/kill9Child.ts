// A node under load for kill9.test.ts. Prints one line for each receipt that it may acknowledge:
// `ack HASH HEIGHT BLOCKHASH`, only after the block event, that is after the disk has it.

import { bytesToHex } from '@ethereumjs/util'
import { createBackend } from '../../../chain/node/backend.ts'
import { createNode } from '../../../chain/node/node.ts'
import { defaults } from '../../../chain/node/options.ts'
import { engineOfTests } from '../../engineOfTests.ts'
import {
  addresses,
  keys,
  say,
  signTx,
  smallGenesis,
  toolAddress,
  word,
} from '../fixtures/smallChain.ts'

const dataDir = process.argv[2]
if (dataDir === undefined) throw new Error('give a folder')
let now = 0x65000000
const node = await createNode(
  {
    ...defaults,
    engine: engineOfTests,
    genesis: smallGenesis(),
    dataDir,
    signerKey: bytesToHex(keys[0] as Uint8Array),
    intervalMs: 0,
    automine: false,
  },
  { now: () => now++ },
)
const backend = createBackend(node)
backend.subscribe((event) => {
  if (event.type !== 'block') return
  const { block } = event
  const hashes = block.transactions.hashes()
  const lines = hashes.map((hash) => `ack ${hash} ${block.number} ${block.hash}\n`)
  process.stdout.write(lines.join(''))
})
process.stdout.write('ready\n')

for (;;) {
  for (const [index, address] of addresses.entries()) {
    if (index === 0) continue
    const nonce = await backend.pendingNonce(address)
    const data = say(word(nonce), 1n)
    const key = keys[index] as Uint8Array
    await backend.submit(signTx({ key, nonce, to: toolAddress, data }).raw)
  }
  await node.mine()
}
