import { equalsBytes } from '@ethereumjs/util'
import type { Engine, ExecutedBlock, VerifyRequest } from './engine.ts'
import { EvmError, isFaultOfNode } from './errors.ts'

/** What a block is executed on, and by whom. */
type Request = Pick<VerifyRequest, 'parent' | 'proposer'>

/**
 * An engine that executes each block whose height is a multiple of `every` on a second one too, and
 * throws when the two differ, also about whether the block is valid: for networks that would rather
 * stop than trust one implementation. Which rule a block breaks may differ.
 */
export function createAuditedEngine(
  engine: Engine,
  audit: { readonly by: Engine; readonly every: number },
): Engine {
  const every = BigInt(audit.every)
  const isAudited = ({ parent }: Request) => (parent.height + 1n) % every === 0n
  const again = ({ parent, proposer }: Request, raw: Uint8Array) =>
    audit.by.verify({ parent, proposer, raw })

  const confirm = async (block: ExecutedBlock, request: Request): Promise<void> => {
    if (!isAudited(request)) return
    let found: ExecutedBlock
    try {
      found = await again(request, block.raw)
    } catch (cause) {
      if (isFaultOfNode(cause)) throw cause
      throw differ(block.height, cause instanceof Error ? cause.message : String(cause), cause)
    }
    const what = differenceOf(block, found)
    if (what !== undefined) throw differ(block.height, `another ${what}`)
  }

  const confirmRefusal = async (refusal: unknown, request: VerifyRequest): Promise<void> => {
    if (!(refusal instanceof EvmError) || refusal.code === 'EVM_BLOCK_TOO_LONG') return
    if (!isAudited(request)) return
    const isValid = await again(request, request.raw).then(
      () => true,
      (cause) => {
        if (isFaultOfNode(cause)) throw cause
        return false
      },
    )
    const height = request.parent.height + 1n
    if (isValid) throw differ(height, `one refuses it: ${refusal.message}`, refusal)
  }

  return {
    ...engine,
    async build(request) {
      const block = await engine.build(request)
      await confirm(block, request)
      return block
    },
    async verify(request) {
      let block: ExecutedBlock
      try {
        block = await engine.verify(request)
      } catch (refusal) {
        await confirmRefusal(refusal, request)
        throw refusal
      }
      await confirm(block, request)
      return block
    },
  }
}

function differenceOf(a: ExecutedBlock, b: ExecutedBlock): string | undefined {
  if (a.hash !== b.hash) return 'hash'
  if (a.stateRoot !== b.stateRoot) return 'state root'
  if (a.isDegraded !== b.isDegraded) return 'verdict on the system transaction'
  if (!equalsBytes(a.receipts.bytes, b.receipts.bytes)) return 'list of receipts'
  return undefined
}

function differ(height: bigint, reason: string, cause?: unknown): EvmError {
  return new EvmError(
    { code: 'EVM_ENGINES_DIFFER', height, reason },
    `The engines differ on block ${height}: ${reason}. This node stops; start it with ` +
      '--engine reference and report the block.',
    { cause },
  )
}
