import type { Backend, BlockView } from '../backend.ts'
import { type BlockRef, blockNumberOrTag, blockRef, findBlock } from '../blockRef.ts'
import { type MethodTable, method } from '../dispatch.ts'
import {
  formatBlock,
  formatHeader,
  formatPendingBlock,
  formatReceipt,
  toQuantity,
} from '../format.ts'
import { boolean, hash, optional, quantity } from '../parse.ts'
import type { Services } from '../services.ts'

/** eth_ methods about blocks. */
export function createBlockMethods({ backend }: Services): MethodTable {
  const byHash = (blockHash: `0x${string}`): BlockRef => ({ type: 'hash', hash: blockHash })
  return {
    eth_blockNumber: method([], () => toQuantity(backend.head().number)),
    eth_getBlockByNumber: method([blockNumberOrTag, optional(boolean)], ([ref, isFull]) =>
      readBlock(backend, ref, isFull ?? false),
    ),
    eth_getBlockByHash: method([hash, optional(boolean)], ([blockHash, isFull]) =>
      readBlock(backend, byHash(blockHash), isFull ?? false),
    ),
    eth_getHeaderByNumber: method([blockNumberOrTag], ([ref]) =>
      mapBlock(backend, ref, formatHeader),
    ),
    eth_getHeaderByHash: method([hash], ([blockHash]) =>
      mapBlock(backend, byHash(blockHash), formatHeader),
    ),
    eth_getBlockTransactionCountByNumber: method([blockNumberOrTag], ([ref]) =>
      mapBlock(backend, ref, countTransactions),
    ),
    eth_getBlockTransactionCountByHash: method([hash], ([blockHash]) =>
      mapBlock(backend, byHash(blockHash), countTransactions),
    ),
    eth_getBlockReceipts: method([blockRef], ([ref]) =>
      mapBlock(backend, ref, async (block) =>
        ref.type === 'pending' ? [] : (await backend.receipts(block)).all().map(formatReceipt),
      ),
    ),
    eth_getUncleCountByBlockNumber: method([blockNumberOrTag], ([ref]) =>
      mapBlock(backend, ref, () => '0x0'),
    ),
    eth_getUncleCountByBlockHash: method([hash], ([blockHash]) =>
      mapBlock(backend, byHash(blockHash), () => '0x0'),
    ),
    eth_getUncleByBlockNumberAndIndex: method([blockNumberOrTag, quantity(64)], () => null),
    eth_getUncleByBlockHashAndIndex: method([hash, quantity(64)], () => null),
  }
}

async function readBlock(backend: Backend, ref: BlockRef, isFull: boolean) {
  const format = ref.type === 'pending' ? formatPendingBlock : formatBlock
  return mapBlock(backend, ref, (block) => format(block, isFull))
}

/** Null where there is no such block. */
async function mapBlock<T>(
  backend: Backend,
  ref: BlockRef,
  read: (block: BlockView) => T,
): Promise<Awaited<T> | null> {
  const block = await findBlock(backend, ref)
  return block === undefined ? null : await read(block)
}

function countTransactions(block: BlockView) {
  return toQuantity(block.transactions.length)
}
