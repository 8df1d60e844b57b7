import { type Block, createBlockFromRLP } from '@ethereumjs/block'
import { equalsBytes, KECCAK256_RLP } from '@ethereumjs/util'
import { runBlock } from '@ethereumjs/vm'
import { type CpuDeadline, createCpuDeadline } from './cpuBudget.ts'
import type { ExecutedBlock, VerifyRequest } from './engine.ts'
import { type EvmError, invalidBlock, isFaultOfNode, type ResultField } from './errors.ts'
import { checkHeader, headerFactsOf } from './header.ts'
import { decodeTransactions, scanRawBlock } from './rawBlock.ts'
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
]

/** Checks a block of others: cheap rules first, then stock `runBlock`. */
export async function verifyOnParent(
  context: EngineContext,
  request: VerifyRequest,
  baseFeePerGas: bigint,
): Promise<ExecutedBlock> {
  const { parent, proposer, raw } = request
  decodeTransactions(scanRawBlock(raw).transactions)
  const block = decodeBlock(context, raw)
  checkHeader(headerFactsOf(block), { parent, proposer, baseFeePerGas })
  checkSystemTransaction(block, { rules: context.rules, parent, proposer, baseFeePerGas })
  // Before they run: what is not what the header states is not worth running.
  if (!(await block.transactionsTrieIsValid())) throw wrongResult('transactionsRoot')
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
  const block = parseBlock(context, raw)
  if (block.uncleHeaders.length > 0) throw malformed('it has ommers')
  if (block.withdrawals?.length !== 0) throw malformed('it has withdrawals')
  const { logsBloom, withdrawalsRoot } = block.header
  if (logsBloom.length !== BLOOM_SIZE) throw malformed('its bloom is not one of 256 bytes')
  for (const hash of [block.header.requestsHash, block.header.parentBeaconBlockRoot]) {
    if (hash?.length !== HASH_SIZE) throw malformed('a hash in its header is not one of 32 bytes')
  }
  if (withdrawalsRoot === undefined || !equalsBytes(withdrawalsRoot, KECCAK256_RLP)) {
    throw malformed('it states withdrawals')
  }
  // The library passes over what it does not ask for, and then one block has more than one form.
  if (!equalsBytes(block.serialize(), raw)) {
    throw malformed('it is not in the one form that its fields have')
  }
  return block
}

const BLOOM_SIZE = 256
const HASH_SIZE = 32

function parseBlock({ common }: Pick<EngineContext, 'common'>, raw: Uint8Array): Block {
  try {
    return createBlockFromRLP(raw, { common })
  } catch (cause) {
    throw malformed(messageOf(cause), cause)
  }
}

function malformed(reason: string, cause?: unknown): EvmError {
  const text = `cannot be decoded: ${reason}`
  return invalidBlock({ code: 'EVM_MALFORMED_BLOCK', reason }, text, cause)
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
    if (isFaultOfNode(cause)) throw cause
    const reason = messageOf(cause)
    const field = resultFields.find(([words]) => reason.includes(words))?.[1]
    if (field !== undefined) throw wrongResult(field, cause)
    const text = `holds a transaction that cannot be executed: ${reason}`
    throw invalidBlock({ code: 'EVM_BAD_TRANSACTIONS', reason }, text, cause)
  }
}

function wrongResult(field: ResultField, cause?: unknown): EvmError {
  const text = `states another ${field} than its transactions have`
  return invalidBlock({ code: 'EVM_WRONG_RESULT', field }, text, cause)
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
