import { bytesToHex, hexToBytes, setLengthLeft } from '@ethereumjs/util'
import { keccak256 } from '../../crypto/keccak.ts'
import type { Address, Hash, Hex } from '../../primitives/hex.ts'
import { EMPTY_CODE_HASH, rootHash } from '../../state/nodeHash.ts'
import { ACCOUNT, type AccountLeaf, SLOT } from '../../state/nodes.ts'
import { findLeaf } from '../../state/trie.ts'
import type { AccountState, StateRef } from '../engine.ts'
import { codeOf, type EngineContext, rootOf } from '../workspace.ts'

/** An account; one that does not exist reads as empty. */
export function readAccountFast(
  context: EngineContext,
  address: Address,
  at: StateRef,
): AccountState {
  const leaf = leafOf(context, address, at)
  return {
    balance: leaf?.balance ?? 0n,
    nonce: leaf?.nonce ?? 0n,
    codeHash: bytesToHex(leaf?.codeHash ?? EMPTY_CODE_HASH),
    storageRoot: bytesToHex(rootHash(leaf?.storage)),
  }
}

/** Code of an account. */
export function readCodeFast(context: EngineContext, address: Address, at: StateRef): Hex {
  const leaf = leafOf(context, address, at)
  const codeHash = bytesToHex(leaf?.codeHash ?? EMPTY_CODE_HASH)
  if (codeHash === NO_CODE) return '0x'
  return bytesToHex(codeOf(context, at, codeHash))
}

/** One storage slot, padded to 32 bytes. */
export function readStorageFast(
  context: EngineContext,
  address: Address,
  slot: Hash,
  at: StateRef,
): Hash {
  const leaf = leafOf(context, address, at)
  const holder = { root: leaf?.storage }
  const reading = context.tree.read()
  const found = findLeaf(reading, holder, keccak256(hexToBytes(slot)))
  if (leaf !== undefined && reading.isKeeping) leaf.storage = holder.root
  const value = found?.kind === SLOT ? found.value : new Uint8Array()
  return bytesToHex(setLengthLeft(value, 32))
}

const NO_CODE = bytesToHex(EMPTY_CODE_HASH)

function leafOf(context: EngineContext, address: Address, at: StateRef): AccountLeaf | undefined {
  const holder = { root: rootOf(context, at) }
  const leaf = findLeaf(context.tree.read(), holder, keccak256(hexToBytes(address)))
  return leaf?.kind === ACCOUNT ? leaf : undefined
}
