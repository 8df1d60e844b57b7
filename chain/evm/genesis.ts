import type { Common } from '@ethereumjs/common'
import { bytesToHex, hexToBytes } from '@ethereumjs/util'
import { keepReceipts } from '../codec/receipts.ts'
import { FlatState } from '../state/flatState.ts'
import { createStateTree } from '../state/stateTree.ts'
import type { Genesis } from '../system/genesis/genesisFile.ts'
import { genesisBlockWithRoot, putGenesisAccounts } from '../system/genesis/loadGenesis.ts'
import type { ExecutedBlock } from './engine.ts'
import { withNativeCrypto } from './workspace.ts'

/** A database before the first block. */
const nothing = {
  nodeAt: () => new Uint8Array(),
  rootPosition: () => undefined,
  code: () => undefined,
}

/** Block 0 with the state it starts from. */
export async function executeGenesis(genesis: Genesis, plain: Common): Promise<ExecutedBlock> {
  const common = withNativeCrypto(plain)
  const flat = new FlatState(createStateTree(nothing), undefined)
  await putGenesisAccounts(flat, genesis.accounts)
  const state = flat.finish()
  const { stateRoot } = state
  const block = genesisBlockWithRoot(genesis, hexToBytes(stateRoot), common)
  return {
    height: 0n,
    hash: bytesToHex(block.hash()),
    raw: block.serialize(),
    stateRoot,
    timestamp: genesis.timestamp,
    receipts: keepReceipts([]),
    state,
    isDegraded: false,
  }
}
