import type { Block } from '@ethereumjs/block'
import { createBlockFromRLP } from '@ethereumjs/block'
import type { Common } from '@ethereumjs/common'
import { bytesToHex, hexToBytes } from '@ethereumjs/util'
import type { Engine, ExecutedBlock, ParentBlock } from '../evm/engine.ts'
import { decodeExtraData } from '../evm/header.ts'
import { assert } from '../primitives/assert.ts'
import type { Hash } from '../primitives/hex.ts'
import { limits } from '../primitives/limits.ts'
import type { Receipt } from '../primitives/receipt.ts'
import { type Certificate, decodeCertificate, encodeCertificate } from '../producer/certificate.ts'
import { parentBlockOf } from '../producer/parentBlock.ts'
import type { BlockView, ReceiptView } from '../rpc/backend.ts'
import { corrupt } from '../storage/errors.ts'
import type { Store } from '../storage/store.ts'
import { blockViewOf, receiptViewsOf } from './views.ts'

/** The chain of final blocks: its head, and any block as others want to see it. */
export type Chain = {
  head(): ParentBlock
  headView(): BlockView
  /** A final block, with its receipts as kept. */
  at(height: bigint): StoredBlock | undefined
  receiptViews(block: StoredBlock): readonly ReceiptView[]
  /** Makes a block durable, then the head. */
  append(block: ExecutedBlock, certificate: Certificate): Promise<StoredBlock>
  revertTo(height: bigint): Promise<void>
  /** Base fee of the next block and the floor under it, as of the head. */
  fees(): { readonly baseFee: bigint; readonly floor: bigint }
}

export type StoredBlock = { readonly view: BlockView; readonly receipts: readonly Receipt[] }

/** Opens the chain that `store` holds; its head must exist. */
export async function openChain(deps: {
  readonly store: Store
  readonly engine: Engine
  readonly common: Common
}): Promise<Chain> {
  const { store, engine, common } = deps
  const cache = new Map<bigint, StoredBlock>()

  const decode = (raw: Uint8Array): Block => createBlockFromRLP(raw, { common })
  const remember = (height: bigint, block: StoredBlock): StoredBlock => {
    cache.set(height, block)
    const oldest = cache.keys().next().value
    if (cache.size > limits.blockViewsMax && oldest !== undefined) cache.delete(oldest)
    return block
  }
  const at = (height: bigint): StoredBlock | undefined => {
    const known = cache.get(height)
    if (known !== undefined) return known
    const raw = height < 0n ? undefined : store.blockAt(height)
    if (raw === undefined) return undefined
    const receipts = store.receiptsAt(height) ?? []
    return remember(height, { view: blockViewOf(decode(raw), receipts, raw.length), receipts })
  }
  const parentAt = (height: bigint): ParentBlock => {
    const raw = store.blockAt(height)
    const certificate = store.certificateAt(height)
    assert(raw !== undefined && certificate !== undefined, 'the head is stored')
    return parentBlockOf(decode(raw), decodeCertificate(certificate))
  }

  const saved = store.head()
  assert(saved !== undefined, 'the store has a head')
  await checkHead(deps, saved.height, parentAt, decode)
  let head = parentAt(saved.height)
  let fees = await readFees(engine, head)

  return {
    head: () => head,
    headView() {
      const block = at(head.height)
      assert(block !== undefined, 'the head is stored')
      return block.view
    },
    at,
    receiptViews: ({ view, receipts }) => receiptViewsOf(view, receipts, common),
    fees: () => fees,
    async append(executed, certificate) {
      await store.commit({ ...executed, certificate: encodeCertificate(certificate) })
      const block = decode(executed.raw)
      const next = parentBlockOf(block, certificate)
      // Both change at once, or a failure in between would leave a head without its fees.
      fees = await readFees(engine, next)
      head = next
      const { receipts, raw } = executed
      return remember(executed.height, { view: blockViewOf(block, receipts, raw.length), receipts })
    },
    async revertTo(height) {
      await store.revertTo(height)
      cache.clear()
      head = parentAt(height)
      fees = await readFees(engine, head)
    },
  }
}

async function readFees(engine: Engine, head: ParentBlock) {
  return { baseFee: await engine.nextBaseFee(head), floor: await engine.baseFeeFloor(head) }
}

/** Executes the head once more: a disk that lies is found before anything is built on it. */
async function checkHead(
  deps: { readonly store: Store; readonly engine: Engine },
  height: bigint,
  parentAt: (height: bigint) => ParentBlock,
  decode: (raw: Uint8Array) => Block,
): Promise<void> {
  if (height === 0n) return
  const { store, engine } = deps
  try {
    const raw = store.blockAt(height)
    assert(raw !== undefined, 'the head is stored')
    const { header } = decode(raw)
    const coinbase = bytesToHex(header.coinbase.bytes)
    const proposer = { coinbase, ...decodeExtraData(bytesToHex(header.extraData)) }
    await engine.verify({ parent: parentAt(height - 1n), proposer, raw })
  } catch (cause) {
    throw corrupt(store.path, `block ${height} does not follow from the one before it`, cause)
  }
}

/** What of a store the engine reads. */
export function stateSourceOf(store: Store) {
  return {
    nodeAt: (position: number) => store.nodeAt(position),
    rootPosition: (stateRoot: Hash) => store.rootPosition(stateRoot),
    code: (codeHash: Hash) => store.code(codeHash),
    blockHash: (height: bigint) => {
      const hash = store.hashAt(height)
      return hash && hexToBytes(hash)
    },
  }
}
