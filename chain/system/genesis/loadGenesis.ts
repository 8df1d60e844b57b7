import { type Block, createBlock } from '@ethereumjs/block'
import type { Common, StateManagerInterface } from '@ethereumjs/common'
import { MerkleStateManager } from '@ethereumjs/statemanager'
import { createAccount, createAddressFromString, hexToBytes } from '@ethereumjs/util'
import type { ChainSpec } from '../../params/chainSpec.ts'
import { commonOf } from '../../params/common.ts'
import { GenesisError } from './genesisErrors.ts'
import type { Genesis, GenesisAccount } from './genesisFile.ts'

/** What of a spec the genesis block depends on. */
export type GenesisChain = Pick<ChainSpec, 'name' | 'chainId' | 'blockGasLimit'>

/** Puts accounts into a state that may hold others. */
export async function putGenesisAccounts(
  state: StateManagerInterface,
  accounts: readonly GenesisAccount[],
): Promise<void> {
  for (const { address, balance, nonce, code, storage } of accounts) {
    const at = createAddressFromString(address)
    await state.putAccount(at, createAccount({ balance, nonce }))
    if (code !== '0x') await state.putCode(at, hexToBytes(code))
    for (const [slot, value] of storage) {
      await state.putStorage(at, hexToBytes(slot), hexToBytes(value))
    }
  }
}

/** State root after genesis, and the state itself. */
export async function genesisState(
  accounts: readonly GenesisAccount[],
  common: Common,
): Promise<{ readonly state: MerkleStateManager; readonly stateRoot: Uint8Array }> {
  const state = new MerkleStateManager({ common })
  await putGenesisAccounts(state, accounts)
  return { state, stateRoot: await state.getStateRoot() }
}

/**
 * The genesis block, with the state root of the file's accounts.
 *
 * @throws GenesisError `GENESIS_WRONG_CHAIN` when the file is another chain's.
 */
export async function genesisBlock(chain: GenesisChain, genesis: Genesis): Promise<Block> {
  requireChain(chain, genesis)
  const common = commonOf(chain)
  const { stateRoot } = await genesisState(genesis.accounts, common)
  return genesisBlockWithRoot(genesis, stateRoot, common)
}

/** The genesis block when the state root is known. */
export function genesisBlockWithRoot(
  genesis: Omit<Genesis, 'accounts' | 'config'>,
  stateRoot: Uint8Array,
  common: Common,
): Block {
  const { timestamp, gasLimit, baseFeePerGas, extraData, mixHash, coinbase, parentHash } = genesis
  const header = {
    number: 0n,
    timestamp,
    gasLimit,
    baseFeePerGas,
    extraData,
    mixHash,
    coinbase,
    parentHash,
    stateRoot,
    difficulty: 0n,
  }
  return createBlock({ header, withdrawals: [] }, { common })
}

function requireChain(chain: GenesisChain, { config }: Genesis): void {
  const given = BigInt(config.chainId)
  if (given === chain.chainId) return
  throw new GenesisError(
    { code: 'GENESIS_WRONG_CHAIN', given, expected: chain.chainId },
    `The genesis file is of chain ${given}, not ${chain.chainId}.`,
  )
}
