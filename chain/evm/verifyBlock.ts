import { type Block, createBlockFromRLP } from '@ethereumjs/block'
import { runBlock } from '@ethereumjs/vm'
import { type CpuDeadline, createCpuDeadline } from './cpuBudget.ts'
import type { ExecutedBlock, VerifyRequest } from './engine.ts'
import { invalidBlock, type ResultField } from './errors.ts'
import { checkEmptyLists, checkHeader, headerFactsOf } from './header.ts'
import { finishBlock } from './results.ts'
import { checkSystemTransaction } from './systemTransaction.ts'
import { type EngineContext, openWorkspace } from './workspace.ts'

/** Words of `runBlock`'s errors, and the field of the header each means. */
const resultFields: readonly (readonly [string, ResultField])[] = [
  ['invalid receiptTrie', 'receiptsRoot'],
  ['invalid bloom', 'logsBloom'],
  ['invalid gasUsed', 'gasUsed'],
  ['invalid block stateRoot', 'stateRoot'],
  ['invalid requestsHash', 'requestsHash'],
  ['invalid transaction trie', 'transactionsRoot'],
]

/** Checks a block of others: cheap rules first, then stock `runBlock`. */
export async function verifyOnParent(
  context: EngineContext,
  request: VerifyRequest,
  baseFeePerGas: bigint,
): Promise<ExecutedBlock> {
  const { parent, proposer, raw } = request
  const block = decodeBlock(context, raw)
  checkHeader(headerFactsOf(block), { parent, proposer, baseFeePerGas })
  checkEmptyLists(block)
  checkSystemTransaction(block, { rules: context.rules, parent, proposer, baseFeePerGas })
  const deadline = deadlineOf(context, request)
  const rests = context.pacing?.block()
  const pace = deadline === undefined ? rests : deadline.paced(rests)
  const workspace = await openWorkspace(context, { stateRoot: parent.stateRoot }, pace)
  const { results } = await run(workspace.vm, block, deadline)
  return finishBlock(context, workspace, block, results)
}

/** When verification is given up, if it is. */
export function deadlineOf(
  { cpuMeter }: EngineContext,
  { cpuBudgetMs }: VerifyRequest,
): CpuDeadline | undefined {
  if (cpuMeter === undefined || cpuBudgetMs === undefined) return undefined
  return createCpuDeadline(cpuBudgetMs, cpuMeter)
}

/**
 * Decodes a block in RLP.
 * @throws EvmError `EVM_MALFORMED_BLOCK`
 */
export function decodeBlock(context: Pick<EngineContext, 'common'>, raw: Uint8Array): Block {
  try {
    return createBlockFromRLP(raw, { common: context.common })
  } catch (cause) {
    const reason = messageOf(cause)
    throw invalidBlock(
      { code: 'EVM_MALFORMED_BLOCK', reason },
      `cannot be decoded: ${reason}`,
      cause,
    )
  }
}

async function run(
  vm: Parameters<typeof runBlock>[0],
  block: Block,
  deadline: CpuDeadline | undefined,
) {
  try {
    // The header's own rules are in `checkHeader`; the stock ones know no floor of the base fee.
    const done = await runBlock(vm, { block, skipHeaderValidation: true })
    deadline?.check()
    return done
  } catch (cause) {
    // What came out after the deadline is no judgement, whatever it looks like.
    deadline?.check()
    const reason = messageOf(cause)
    const field = resultFields.find(([words]) => reason.includes(words))?.[1]
    if (field !== undefined) {
      const text = `states another ${field} than its transactions have`
      throw invalidBlock({ code: 'EVM_WRONG_RESULT', field }, text, cause)
    }
    const text = `holds a transaction that cannot be executed: ${reason}`
    throw invalidBlock({ code: 'EVM_BAD_TRANSACTIONS', reason }, text, cause)
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
