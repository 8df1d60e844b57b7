import { bytesToHex } from '@ethereumjs/util'
import type { Engine, ExecutedBlock, ParentBlock, Proposer } from './engine.ts'
import { EvmError } from './errors.ts'

/**
 * An engine that executes each block whose height is a multiple of `every` on a second one too, and
 * throws when the two differ: for networks that would rather stop than trust one implementation.
 */
export function createAuditedEngine(
  engine: Engine,
  audit: { readonly by: Engine; readonly every: number },
): Engine {
  const every = BigInt(audit.every)
  const check = async (
    block: ExecutedBlock,
    request: { readonly parent: ParentBlock; readonly proposer: Proposer },
  ): Promise<void> => {
    if (block.height % every !== 0n) return
    const { parent, proposer } = request
    let found: ExecutedBlock
    try {
      found = await audit.by.verify({ parent, proposer, raw: block.raw })
    } catch (cause) {
      throw differ(block, cause instanceof Error ? cause.message : String(cause), cause)
    }
    const what = differenceOf(block, found)
    if (what !== undefined) throw differ(block, `another ${what}`)
  }
  return {
    ...engine,
    async build(request) {
      const block = await engine.build(request)
      await check(block, request)
      return block
    },
    async verify(request) {
      const block = await engine.verify(request)
      await check(block, request)
      return block
    },
  }
}

function differenceOf(a: ExecutedBlock, b: ExecutedBlock): string | undefined {
  if (a.hash !== b.hash) return 'hash'
  if (a.stateRoot !== b.stateRoot) return 'state root'
  if (a.isDegraded !== b.isDegraded) return 'verdict on the system transaction'
  if (bytesToHex(a.receipts.bytes) !== bytesToHex(b.receipts.bytes)) return 'list of receipts'
  return undefined
}

function differ({ height }: ExecutedBlock, reason: string, cause?: unknown): EvmError {
  return new EvmError(
    { code: 'EVM_ENGINES_DIFFER', height, reason },
    `The engines differ on block ${height}: ${reason}. This node stops; start it with ` +
      '--engine reference and report the block.',
    { cause },
  )
}
