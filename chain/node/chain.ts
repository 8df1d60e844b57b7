import { hexToBytes } from '@ethereumjs/util'
import { headerBytesOf, headerOfBlock } from '../codec/block.ts'
import { decodeHeader } from '../codec/header.ts'
import type { Engine, ExecutedBlock, ParentBlock } from '../evm/engine.ts'
import { EvmError } from '../evm/errors.ts'
import { decodeExtraData } from '../evm/header.ts'
import { assert } from '../primitives/assert.ts'
import type { Hash } from '../primitives/hex.ts'
import { limits } from '../primitives/limits.ts'
import {
  type Certificate,
  checkCertificate,
  decodeCertificate,
  encodeCertificate,
  genesisCertificate,
} from '../producer/certificate.ts'
import { parentBlockOf } from '../producer/parentBlock.ts'
import type { BlockView } from '../rpc/backend.ts'
import { transactionHashes } from '../storage/blockBytes.ts'
import { corrupt } from '../storage/errors.ts'
import type { Head, Store } from '../storage/store.ts'
import { createSizedCache } from './sizedCache.ts'
import { type BlockBytes, type StoredBlock, storedBlockOf } from './views.ts'

/** The chain of final blocks: its head, and any block as others want to see it. */
export type Chain = {
  head(): ParentBlock
  headView(): BlockView
  /** A final block, with its receipts as kept. */
  at(height: bigint): StoredBlock | undefined
  /** The final block that holds a transaction, and its place there. */
  find(transactionHash: Hash): { readonly block: StoredBlock; readonly index: number } | undefined
  /** Makes a block durable, then the head. */
  append(block: ExecutedBlock, certificate: Certificate): Promise<StoredBlock>
  revertTo(height: bigint): Promise<void>
  /** Base fee of the next block and the floor under it, as of the head. */
  fees(): { readonly baseFee: bigint; readonly floor: bigint }
}

/** Opens the chain that `store` holds; its head must exist. */
export async function openChain(deps: {
  readonly store: Store
  readonly engine: Engine
  readonly chainId: bigint
}): Promise<Chain> {
  const { store, engine, chainId } = deps
  const cache = createSizedCache<bigint, StoredBlock>(
    limits.blockViewsMax,
    limits.blockViewsSizeMax,
  )
  const remember = (height: bigint, bytes: BlockBytes): StoredBlock => {
    const block = storedBlockOf(bytes)
    cache.set(height, block, sizeOf(bytes))
    return block
  }
  const at = (height: bigint): StoredBlock | undefined => {
    const known = cache.get(height)
    if (known !== undefined) return known
    const raw = height < 0n ? undefined : store.blockAt(height)
    const receipts = raw && store.receiptsAt(height)
    return receipts && remember(height, { raw, receipts })
  }
  const parentAt = (height: bigint): ParentBlock => {
    const header = store.headerAt(height)
    const certificate = store.certificateAt(height)
    assert(header !== undefined && certificate !== undefined, 'the head is stored')
    return parentBlockOf(header, decodeCertificate(certificate))
  }

  const saved = store.head()
  assert(saved !== undefined, 'the store has a head')
  await checkHead(deps, saved.height, parentAt)
  checkHeadCertificate(store, saved, chainId)
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
    find(hash) {
      for (const { height, index } of store.transactionPlaces(hash)) {
        const block = at(height)
        if (block?.view.transactions.hashAt(index) === hash) return { block, index }
      }
      return undefined
    },
    fees: () => fees,
    async append(executed, certificate) {
      const { raw, receipts } = executed
      const hashes = executed.transactionHashes ?? transactionHashes(raw)
      await store.commit({
        ...executed,
        transactionHashes: hashes,
        certificate: encodeCertificate(certificate),
      })
      const next = parentBlockOf(headerBytesOf(raw), certificate)
      // Both change at once, or a failure in between would leave a head without its fees.
      fees = await readFees(engine, next)
      head = next
      return remember(executed.height, { raw, receipts, transactionHashes: hashes })
    },
    async revertTo(height) {
      await store.revertTo(height)
      cache.clear()
      head = parentAt(height)
      fees = await readFees(engine, head)
    },
  }
}

/** Bytes that a block at hand holds: itself, its receipts, and the hashes of its transactions. */
function sizeOf({ raw, receipts }: BlockBytes): number {
  return raw.length + receipts.bytes.length + 32 * receipts.count
}

async function readFees(engine: Engine, head: ParentBlock) {
  return { baseFee: await engine.nextBaseFee(head), floor: await engine.baseFeeFloor(head) }
}

/** Executes the head once more: a disk that lies is found before anything is built on it. */
async function checkHead(
  deps: { readonly store: Store; readonly engine: Engine },
  height: bigint,
  parentAt: (height: bigint) => ParentBlock,
): Promise<void> {
  if (height === 0n) return
  const { store, engine } = deps
  try {
    const raw = store.blockAt(height)
    assert(raw !== undefined, 'the head is stored')
    const { coinbase, extraData } = headerOfBlock(raw)
    const proposer = { coinbase, ...decodeExtraData(extraData) }
    await engine.verify({ parent: parentAt(height - 1n), proposer, raw })
  } catch (cause) {
    // An audit at the start: the disk has what one of the engines made of the block.
    if (cause instanceof EvmError && cause.code === 'EVM_ENGINES_DIFFER') throw cause
    throw corrupt(store.path, `block ${height} does not follow from the one before it`, cause)
  }
}

/**
 * Checks the certificate of the head, of which the next block is made. Those before it are named by
 * the blocks that came after them.
 */
function checkHeadCertificate(store: Store, head: Head, chainId: bigint): void {
  const { height, hash } = head
  const bytes = store.certificateAt(height)
  const header = store.headerAt(height)
  assert(bytes !== undefined && header !== undefined, 'the head is stored')
  try {
    const certificate = decodeCertificate(bytes)
    const { coinbase, extraData } = decodeHeader(header)
    const isGenesis = height === 0n
    const { round, seat } = isGenesis ? genesisCertificate(hash) : decodeExtraData(extraData)
    if (certificate.height !== height || certificate.blockHash !== hash) throw new Error('block')
    // The seat is not signed, and is told to the next block.
    if (certificate.round !== round || certificate.seat !== seat) throw new Error('proposer')
    if (!isGenesis) checkCertificate(certificate, chainId, coinbase)
    else if (certificate.signature.length > 0) throw new Error('signature')
  } catch (cause) {
    throw corrupt(store.path, `the certificate of block ${height} was changed`, cause)
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
