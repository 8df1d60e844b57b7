// The real development genesis: its system contracts end every block, and an unmodified runBlock on
// stock state and JavaScript crypto comes to the same roots.
import { readFileSync } from 'node:fs'
import { createBlockFromRLP } from '@ethereumjs/block'
import { MerkleStateManager } from '@ethereumjs/statemanager'
import { bytesToHex, hexToBytes } from '@ethereumjs/util'
import { createVM, runBlock } from '@ethereumjs/vm'
import { expect, test } from 'vitest'
import { createBackend } from '../../../chain/node/backend.ts'
import { createNode } from '../../../chain/node/node.ts'
import { defaults } from '../../../chain/node/options.ts'
import { commonOf } from '../../../chain/params/common.ts'
import { devAccounts, devRoles } from '../../../chain/params/devAccounts.ts'
import type { Hex } from '../../../chain/primitives/hex.ts'
import { parseGenesis } from '../../../chain/system/genesis/genesisFile.ts'
import { putGenesisAccounts } from '../../../chain/system/genesis/loadGenesis.ts'
import { engineOfTests } from '../../engineOfTests.ts'
import { signTx } from '../fixtures/smallChain.ts'

const file = new URL('../../../deploy/genesis/dev.json', import.meta.url)
const genesis = parseGenesis(JSON.parse(readFileSync(file, 'utf8')))
const accounts = devAccounts()
const keyOf = (index: number): Hex => accounts[index]?.privateKey ?? '0x'
const options = {
  ...defaults,
  engine: engineOfTests,
  genesis,
  signerKey: keyOf(devRoles.signer),
  intervalMs: 0,
}
const clock = { now: () => Number(genesis.timestamp) + 3_600 }

test('blocks on the development genesis end well and replay on stock parts', async () => {
  const node = await createNode({ ...options, automine: true, verifyBuilt: true }, clock)
  const backend = createBackend(node)
  await node.mine()
  const to = accounts[1]?.address ?? '0x'
  await backend.submit(signTx({ key: hexToBytes(keyOf(0)), nonce: 0n, to, value: 5n }).raw)
  await node.mine()

  const common = commonOf({ chainId: node.chainId, name: 'dev', blockGasLimit: genesis.gasLimit })
  const state = new MerkleStateManager({ common })
  await putGenesisAccounts(state, genesis.accounts)
  const vm = await createVM({ common, stateManager: state })
  for (let height = 1n; height <= 3n; height += 1n) {
    const raw = node.store.blockAt(height)
    const receipts = node.store.receiptsAt(height)
    expect(receipts?.decode().at(-1)?.status).toBe(1)
    const block = createBlockFromRLP(new Uint8Array(raw ?? []), { common })
    const result = await runBlock(vm, { block, skipHeaderValidation: true })
    expect(bytesToHex(result.stateRoot)).toBe(bytesToHex(block.header.stateRoot))
    expect(bytesToHex(result.receiptsRoot)).toBe(bytesToHex(block.header.receiptTrie))
    expect(result.logsBloom).toEqual(block.header.logsBloom)
    expect(result.gasUsed).toBe(block.header.gasUsed)
  }
  await node.stop()
})

test('a key without the seat is refused', async () => {
  await expect(createNode({ ...options, signerKey: keyOf(0) }, clock)).rejects.toMatchObject({
    code: 'NODE_NOT_PROPOSER',
  })
})
