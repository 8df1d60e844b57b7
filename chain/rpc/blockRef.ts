import type { Hash } from '../primitives/hex.ts'
import type { Backend, BlockView } from './backend.ts'
import { createRpcError, invalidParams } from './errors.ts'
import { boolean, hash, object, optional, type Parser, quantity } from './parse.ts'

/** A block as a client names it. */
export type BlockRef =
  | { readonly type: 'head' }
  | { readonly type: 'pending' }
  | { readonly type: 'number'; readonly number: bigint }
  | { readonly type: 'hash'; readonly hash: Hash }

/** Every block is final the moment it exists, so three tags mean the same. */
const TAGS: Readonly<Record<string, BlockRef>> = {
  latest: { type: 'head' },
  safe: { type: 'head' },
  finalized: { type: 'head' },
  pending: { type: 'pending' },
  earliest: { type: 'number', number: 0n },
}

/** A number or a tag. */
export const blockNumberOrTag: Parser<BlockRef> = (value, name) => {
  if (typeof value === 'string') {
    const tag = Object.hasOwn(TAGS, value) ? TAGS[value] : undefined
    if (tag !== undefined) return tag
    return { type: 'number', number: quantity(64)(value, name) }
  }
  throw invalidParams(`${name}: not a block number or tag`)
}

/** A number, a tag, a hash, or an EIP-1898 object; missing means the head. */
export const blockRef: Parser<BlockRef> = (value, name) => {
  if (value === undefined || value === null) return { type: 'head' }
  if (typeof value === 'string') {
    if (value.length === 66) return { type: 'hash', hash: hash(value, name) }
    return blockNumberOrTag(value, name)
  }
  const { blockNumber, blockHash, requireCanonical } = object(value, name)
  optional(boolean)(requireCanonical, `${name}.requireCanonical`)
  if ((blockNumber === undefined) === (blockHash === undefined)) {
    throw invalidParams(`${name}: want blockNumber or blockHash, and only one`)
  }
  if (blockHash !== undefined) {
    return { type: 'hash', hash: hash(blockHash, `${name}.blockHash`) }
  }
  return blockNumberOrTag(blockNumber, `${name}.blockNumber`)
}

/** The block, or undefined where there is none. */
export async function findBlock(backend: Backend, ref: BlockRef): Promise<BlockView | undefined> {
  if (ref.type === 'head') return backend.head()
  if (ref.type === 'pending') return backend.pendingBlock()
  if (ref.type === 'hash') return backend.blockByHash(ref.hash)
  return backend.blockByNumber(ref.number)
}

/**
 * The block whose state a call reads.
 *
 * @throws RpcError `RPC_BLOCK_NOT_FOUND`.
 */
export async function findState(backend: Backend, ref: BlockRef): Promise<BlockView> {
  const block = await findBlock(backend, ref)
  if (block === undefined) {
    throw createRpcError({ code: 'RPC_BLOCK_NOT_FOUND', block: describeRef(ref) })
  }
  return block
}

function describeRef(ref: BlockRef): string {
  if (ref.type === 'number') return ref.number.toString()
  return ref.type === 'hash' ? ref.hash : ref.type
}
