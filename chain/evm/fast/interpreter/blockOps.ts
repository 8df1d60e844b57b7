import type { Common } from '@ethereumjs/common'
import type { EVMRunCallOpts } from '@ethereumjs/evm'
import { charge, type Frame, holds, peek, push } from './frame.ts'
import type { Handler } from './host.ts'
import { runByLibraryNow } from './library.ts'
import { wordOf } from './words.ts'

/** The block that messages run in, as the library has it. */
export type Block = NonNullable<EVMRunCallOpts['block']>

/** What instructions tell about a block, beside the fields of its header that are words already. */
export type BlockWords = {
  readonly block: Block
  readonly coinbase: bigint
  /** The random word; the difficulty before there was one. @source EIP-4399 */
  readonly prevRandao: bigint
  blobBaseFee: bigint | undefined
  /** Hashes of earlier blocks that were asked for: at most 256. */
  readonly hashes: Map<bigint, bigint>
}

/** Blocks further back have no hash for contracts. @source Ethereum Yellow Paper, appendix H.2 */
const HASHES_MAX = 256n

/** The words of a block. */
export function blockWordsOf(block: Block, common: Common): BlockWords {
  const { header } = block
  return {
    block,
    coinbase: wordOf(header.coinbase.bytes),
    // The library's header throws when it has no random word.
    prevRandao: common.isActivatedEIP(4399) ? wordOf(header.prevRandao) : header.difficulty,
    blobBaseFee: undefined,
    hashes: new Map(),
  }
}

/** Instructions that need nothing but the block and the transaction. */
export const blockOps: readonly (readonly [op: number, Handler])[] = [
  [0x32, (frame) => push(frame, frame.host.origin())],
  [0x3a, (frame) => push(frame, frame.host.gasPrice())],
  [0x41, (frame) => push(frame, frame.host.blockWords().coinbase)],
  [0x42, (frame) => push(frame, headerOf(frame).timestamp)],
  [0x43, (frame) => push(frame, headerOf(frame).number)],
  [0x44, (frame) => push(frame, frame.host.blockWords().prevRandao)],
  [0x45, (frame) => push(frame, headerOf(frame).gasLimit)],
  [0x46, (frame) => push(frame, frame.host.chainId)],
  [0x48, basefee],
  [0x49, blobhash],
  [0x4a, blobbasefee],
]

/**
 * BLOCKHASH, when the answer is known.
 * @returns whether it was; otherwise the chain has to be asked.
 */
export function blockhash(frame: Frame, base: number): boolean {
  const { block, hashes } = frame.host.blockWords()
  const number = frame.sp > 0 ? peek(frame, 0) : 0n
  const age = block.header.number - number
  const hash = age > HASHES_MAX || age <= 0n ? 0n : hashes.get(number)
  if (hash === undefined && frame.sp > 0) return false
  if (charge(frame, base) && holds(frame, 1)) frame.stack[frame.sp - 1] = hash ?? 0n
  return true
}

function headerOf({ host }: Frame): Block['header'] {
  return host.blockWords().block.header
}

function basefee(frame: Frame, base: number, op: number): void {
  const { baseFeePerGas } = headerOf(frame)
  // The library says what is wrong with such a block.
  if (baseFeePerGas === undefined) runByLibraryNow(frame, base, op)
  else push(frame, baseFeePerGas)
}

function blobbasefee(frame: Frame, base: number, op: number): void {
  const words = frame.host.blockWords()
  words.blobBaseFee ??= words.block.header.getBlobGasPrice()
  if (words.blobBaseFee === undefined) runByLibraryNow(frame, base, op)
  else push(frame, words.blobBaseFee)
}

function blobhash(frame: Frame): void {
  if (!holds(frame, 1)) return
  const hash = frame.message.blobVersionedHashes?.[Number(peek(frame, 0))]
  frame.stack[frame.sp - 1] = hash === undefined ? 0n : BigInt(hash)
}
