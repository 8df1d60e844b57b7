import { type Block, createBlock } from '@ethereumjs/block'
import { type Common, createCustomCommon, Hardfork, Mainnet } from '@ethereumjs/common'
import { EVMMockBlockchain } from '@ethereumjs/evm'
import { Caches, MerkleStateManager } from '@ethereumjs/statemanager'
import { createTxFromRLP } from '@ethereumjs/tx'
import { bytesToHex, createAddressFromString } from '@ethereumjs/util'
import { createVM, type RunTxResult, runTx, type VM } from '@ethereumjs/vm'
import { customCrypto } from '../../chain/crypto/customCrypto.ts'
import { putGenesisAccounts } from '../../chain/system/genesis/loadGenesis.ts'
import type {
  BlockEnvironment,
  ExecutorState,
  OpenRequest,
  StateTestExecutor,
  TransactionOutcome,
} from './executor.ts'

const forks: readonly string[] = Object.values(Hardfork)

/** Stock `runTx` over the stock state manager. */
export const referenceExecutor: StateTestExecutor = {
  name: 'reference',
  supports: (hardfork) => forks.includes(hardfork),
  acceptsBlobs: true,
  open: openReference,
}

async function openReference(request: OpenRequest): Promise<ExecutorState> {
  const common = commonFor(request)
  // The default cache type keeps every entry; the LRU one forgets written entries when it is full.
  const state = new MerkleStateManager({ common, caches: new Caches() })
  await putGenesisAccounts(state, request.accounts)
  await state.flush()
  const blockchain = new BlockHashes()
  const vm = await createVM({ common, stateManager: state, blockchain })
  return {
    async run(environment, transactions) {
      blockchain.hashOf = environment.hashOf
      const block = blockOf(environment, common)
      const outcomes: TransactionOutcome[] = []
      let gasUsed = 0n
      for (const raw of transactions) {
        const outcome = await runOne({ vm, common, block, gasUsed }, raw)
        if (outcome.kind === 'executed') gasUsed += outcome.gasUsed
        outcomes.push(outcome)
      }
      return outcomes
    },
    stateRoot: async () => bytesToHex(await state.getStateRoot()),
    async account(address) {
      const account = await state.getAccount(createAddressFromString(address))
      return { nonce: account?.nonce ?? 0n, balance: account?.balance ?? 0n }
    },
  }
}

/** The `Common` of a public test: mainnet's forks under another chain id. */
export function commonFor(request: Pick<OpenRequest, 'hardfork' | 'chainId'>): Common {
  const chainId = Number(request.chainId)
  return createCustomCommon({ chainId }, Mainnet, { hardfork: request.hardfork, customCrypto })
}

/** A block that transactions can read; only as much of it is true as `environment` says. */
export function blockOf(environment: BlockEnvironment, common: Common): Block {
  const isMerged = common.gteHardfork(Hardfork.Paris)
  const { number, timestamp, coinbase, gasLimit, baseFeePerGas } = environment
  const header = {
    number,
    timestamp,
    coinbase,
    gasLimit,
    ...(isMerged ? { mixHash: environment.mixHash } : { difficulty: environment.difficulty }),
    ...(common.isActivatedEIP(1559) ? { baseFeePerGas: baseFeePerGas ?? 0n } : {}),
    ...(common.isActivatedEIP(4844) ? { excessBlobGas: environment.excessBlobGas } : {}),
  }
  return createBlock({ header }, { common, skipConsensusFormatValidation: true })
}

type Job = {
  readonly vm: VM
  readonly common: Common
  readonly block: Block
  /** By the transactions before it. */
  readonly gasUsed: bigint
}

async function runOne(job: Job, raw: Uint8Array): Promise<TransactionOutcome> {
  const { vm, common, block, gasUsed } = job
  try {
    const tx = createTxFromRLP(raw, { common })
    // As `runBlock` does; `runTx` compares with the limit of the whole block only.
    if (gasUsed + tx.gasLimit > block.header.gasLimit) {
      throw new Error('tx has a higher gas limit than the block')
    }
    return outcomeOf(await runTx(vm, { tx, block, blockGasUsed: gasUsed }), tx.to === undefined)
  } catch (error) {
    return { kind: 'refused', reason: error instanceof Error ? error.message : String(error) }
  }
}

function outcomeOf(result: RunTxResult, isCreation: boolean): TransactionOutcome {
  const { execResult, createdAddress, receipt } = result
  return {
    kind: 'executed',
    status: execResult.exceptionError === undefined ? 1 : 0,
    gasUsed: result.totalGasSpent,
    contractAddress:
      isCreation && createdAddress !== undefined ? bytesToHex(createdAddress.bytes) : null,
    logs: receipt.logs.map(([address, topics, data]) => ({
      address: bytesToHex(address),
      topics: topics.map((topic) => bytesToHex(topic)),
      data: bytesToHex(data),
    })),
  }
}

/** Serves the BLOCKHASH instruction. */
class BlockHashes extends EVMMockBlockchain {
  hashOf: BlockEnvironment['hashOf'] = () => new Uint8Array(32)

  override async getBlock(height?: number) {
    const hash = this.hashOf(BigInt(height ?? 0))
    return { hash: () => new Uint8Array(hash) }
  }

  override shallowCopy(): this {
    return this
  }
}
