import { createAddressFromString, hexToBytes } from '@ethereumjs/util'
import { lazyReceipts } from '../../chain/codec/receipts.ts'
import { decodeTransaction } from '../../chain/codec/transaction.ts'
import { createPrograms } from '../../chain/evm/fast/interpreter/programs.ts'
import { createRun } from '../../chain/evm/fast/openRun.ts'
import { payTips, processTransaction, type Run } from '../../chain/evm/fast/processor.ts'
import { senderOf } from '../../chain/evm/fast/senders.ts'
import { FlatState } from '../../chain/state/flatState.ts'
import { createStateTree } from '../../chain/state/stateTree.ts'
import { putGenesisAccounts } from '../../chain/system/genesis/loadGenesis.ts'
import { createMemoryLog } from '../chain/state/memoryLog.ts'
import type {
  ExecutorState,
  OpenRequest,
  StateTestExecutor,
  TransactionOutcome,
} from './executor.ts'
import { blockOf, commonFor } from './referenceExecutor.ts'

/** The processor of the fast engine on the flat state, written to a log block by block. */
export const fastExecutor: StateTestExecutor = {
  name: 'fast',
  // Its processor knows the rules of this chain alone.
  supports: (hardfork) => hardfork === 'osaka',
  acceptsBlobs: false,
  open: openFast,
}

async function openFast(request: OpenRequest): Promise<ExecutorState> {
  const common = commonFor(request)
  const log = createMemoryLog()
  const tree = createStateTree(log)
  const close = (state: FlatState) => {
    const patch = state.finish()
    log.append(patch)
    return patch.stateRoot
  }
  const genesis = new FlatState(tree, undefined)
  await putGenesisAccounts(genesis, request.accounts)
  let root = close(genesis)
  const programs = createPrograms()
  return {
    async run(environment, transactions) {
      const state = new FlatState(tree, tree.rootOf(root))
      const source = { blockHash: environment.hashOf }
      const context = { common, evmOpts: {}, source, programs }
      const run = await createRun(context, {
        state,
        block: blockOf(environment, common),
        baseFee: environment.baseFeePerGas ?? 0n,
        coinbase: state.entryOf(hexToBytes(environment.coinbase)),
      })
      const outcomes = await runAll(run, transactions, environment.gasLimit)
      payTips(run)
      root = close(state)
      return outcomes
    },
    stateRoot: async () => root,
    async account(address) {
      const state = new FlatState(tree, tree.rootOf(root))
      const account = await state.getAccount(createAddressFromString(address))
      return { nonce: account?.nonce ?? 0n, balance: account?.balance ?? 0n }
    },
  }
}

async function runAll(
  run: Run,
  transactions: readonly Uint8Array[],
  gasLimit: bigint,
): Promise<readonly TransactionOutcome[]> {
  const reasons: (string | undefined)[] = []
  for (const raw of transactions) {
    try {
      const tx = decodeTransaction(raw)
      await processTransaction(run, tx, senderOf(tx), gasLimit - run.receipts.gasUsed)
      reasons.push(undefined)
    } catch (error) {
      reasons.push(error instanceof Error ? error.message : String(error))
    }
  }
  // Those that ran have a receipt each, in order.
  const receipts = lazyReceipts(run.receipts.toBytes()).decode().values()
  return reasons.map((reason): TransactionOutcome => {
    if (reason !== undefined) return { kind: 'refused', reason }
    const { value: receipt } = receipts.next()
    if (receipt === undefined) throw new Error('a transaction that ran has no receipt')
    const { status, gasUsed, contractAddress, logs } = receipt
    return { kind: 'executed', status, gasUsed, contractAddress, logs }
  })
}
