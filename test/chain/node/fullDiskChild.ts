// A node for fullDisk.test.ts. Prints `ack HASH` for each transaction that it has included, then
// `refused CODE` for the first that the disk has no room for, and `stopped` once it has let go.
import { bytesToHex } from '@ethereumjs/util'
import { createBackend } from '../../../chain/node/backend.ts'
import { createNode } from '../../../chain/node/node.ts'
import { defaults } from '../../../chain/node/options.ts'
import { PocaError } from '../../../chain/primitives/errors.ts'
import { engineOfTests } from '../../engineOfTests.ts'
import { keys, say, signTx, smallGenesis, toolAddress, word } from '../fixtures/smallChain.ts'

const dataDir = process.argv[2]
if (dataDir === undefined) throw new Error('give a folder')
let now = 0x65000000
const print = (line: string) => process.stdout.write(`${line}\n`)
const node = await createNode(
  {
    ...defaults,
    engine: engineOfTests,
    genesis: smallGenesis(),
    dataDir,
    signerKey: bytesToHex(keys[0] as Uint8Array),
    intervalMs: 0,
    automine: true,
  },
  {
    now: () => now++,
    onFatal: (error) => print(`fatal ${error instanceof PocaError ? error.facts.code : 'other'}`),
  },
)
const backend = createBackend(node)
try {
  for (let nonce = 0n; ; nonce++) {
    const data = say(word(nonce), nonce)
    print(`ack ${await backend.submit(signTx({ nonce, to: toolAddress, data }).raw)}`)
  }
} catch (error) {
  print(`refused ${error instanceof PocaError ? error.facts.code : String(error)}`)
}
await node.stop()
print('stopped')
