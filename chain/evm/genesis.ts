import type { Common } from '@ethereumjs/common'
import { MerklePatriciaTrie } from '@ethereumjs/mpt'
import { Caches, MerkleStateManager } from '@ethereumjs/statemanager'
import { bytesToHex, ValueEncoding } from '@ethereumjs/util'
import type { Genesis } from '../system/genesis/genesisFile.ts'
import { genesisBlockWithRoot, putGenesisAccounts } from '../system/genesis/loadGenesis.ts'
import type { ExecutedBlock } from './engine.ts'
import { StateOverlay } from './stateOverlay.ts'
import { withNativeCrypto } from './workspace.ts'

/** Block 0 with the state it starts from. */
export async function executeGenesis(genesis: Genesis, plain: Common): Promise<ExecutedBlock> {
  const common = withNativeCrypto(plain)
  const overlay = new StateOverlay(() => undefined)
  const trie = new MerklePatriciaTrie({
    common,
    db: overlay,
    useKeyHashing: true,
    valueEncoding: ValueEncoding.Bytes,
  })
  const state = new MerkleStateManager({ common, trie, caches: new Caches() })
  await putGenesisAccounts(state, genesis.accounts)
  const root = await state.getStateRoot()
  const block = genesisBlockWithRoot(genesis, root, common)
  const stateRoot = bytesToHex(root)
  return {
    height: 0n,
    hash: bytesToHex(block.hash()),
    raw: block.serialize(),
    stateRoot,
    timestamp: genesis.timestamp,
    receipts: [],
    state: overlay.reachable(stateRoot),
    isDegraded: false,
  }
}
