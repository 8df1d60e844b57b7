import { getMerkleStateProof } from '@ethereumjs/statemanager'
import {
  bytesToHex,
  createAddressFromString,
  hexToBytes,
  KECCAK256_NULL_S,
  KECCAK256_RLP_S,
  setLengthLeft,
} from '@ethereumjs/util'
import type { Address, Hash, Hex } from '../primitives/hex.ts'
import type { AccountProof, AccountState, StateRef } from './engine.ts'
import { type EngineContext, openState } from './workspace.ts'

/** An account; one that does not exist reads as empty. */
export async function readAccount(
  context: EngineContext,
  address: Address,
  at: StateRef,
): Promise<AccountState> {
  const account = await openState(context, at).state.getAccount(createAddressFromString(address))
  return {
    balance: account?.balance ?? 0n,
    nonce: account?.nonce ?? 0n,
    codeHash: account === undefined ? KECCAK256_NULL_S : bytesToHex(account.codeHash),
    storageRoot: account === undefined ? KECCAK256_RLP_S : bytesToHex(account.storageRoot),
  }
}

/** Code of an account. */
export async function readCode(
  context: EngineContext,
  address: Address,
  at: StateRef,
): Promise<Hex> {
  const code = await openState(context, at).state.getCode(createAddressFromString(address))
  return bytesToHex(code)
}

/** One storage slot, padded to 32 bytes. */
export async function readStorage(
  context: EngineContext,
  address: Address,
  slot: Hash,
  at: StateRef,
): Promise<Hash> {
  const { state } = openState(context, at)
  const value = await state.getStorage(createAddressFromString(address), hexToBytes(slot))
  return bytesToHex(setLengthLeft(value, 32))
}

/** Merkle proof of an account and some of its slots. @source EIP-1186 */
export async function readProof(
  context: EngineContext,
  address: Address,
  slots: readonly Hash[],
  at: StateRef,
): Promise<AccountProof> {
  const { state } = openState(context, at)
  const keys = slots.map((slot) => hexToBytes(slot))
  const proof = await getMerkleStateProof(state, createAddressFromString(address), keys)
  const found = new Map(proof.storageProof.map((item) => [item.key, item]))
  return {
    ...(await readAccount(context, address, at)),
    address,
    accountProof: proof.accountProof,
    storageProof: slots.map((key) => {
      const item = found.get(key)
      return { key, value: BigInt(item?.value ?? '0x0'), proof: item?.proof ?? [] }
    }),
  }
}
