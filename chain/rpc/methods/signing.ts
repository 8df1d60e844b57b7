import {
  hashMessage,
  hashTypedData,
  keccak256,
  serializeSignature,
  serializeTransaction,
  type TransactionSerializable,
  type TypedDataDefinition,
} from 'viem'
import type { Address, Hash, Hex } from '../../primitives/hex.ts'
import type { Backend, DevControls } from '../backend.ts'
import { type TransactionRequest, transactionRequest, withoutMissing } from '../callRequest.ts'
import { type MethodTable, method } from '../dispatch.ts'
import { createRpcError, invalidParams } from '../errors.ts'
import { estimateGas } from '../estimateGas.ts'
import { suggestTip } from '../fees.ts'
import { address, bytes, object, type Parser } from '../parse.ts'
import type { Services } from '../services.ts'
import { toBytes } from './transactions.ts'

/** Methods that sign with the keys a development chain holds. */
export function createSigningMethods({ backend }: Services, dev: DevControls): MethodTable {
  const sendTransaction = async ([request]: readonly [TransactionRequest]) =>
    backend.submit(toBytes(await signRequest(backend, dev, request)))
  const signMessage = (account: Address, message: Hex) =>
    signHash(dev, hashMessage({ raw: message }), account)
  return {
    eth_accounts: method([], () => dev.accounts.map((account) => account.address)),
    eth_requestAccounts: method([], () => dev.accounts.map((account) => account.address)),
    eth_sendTransaction: method([transactionRequest], sendTransaction),
    eth_signTransaction: method([transactionRequest], async ([request]) => {
      const raw = await signRequest(backend, dev, request)
      return { raw, tx: { hash: keccak256(raw) } }
    }),
    eth_sign: method([address, bytes()], ([account, message]) => signMessage(account, message)),
    personal_sign: method([bytes(), address], ([message, account]) =>
      signMessage(account, message),
    ),
    eth_signTypedData_v4: method([address, typedData], ([account, data]) =>
      signHash(dev, hashTyped(data), account),
    ),
  }
}

/** Fills in what the request leaves open and signs it. */
async function signRequest(
  backend: Backend,
  dev: DevControls,
  request: TransactionRequest,
): Promise<Hex> {
  const { from, to, data, value, chainId } = request
  if (from === undefined) throw invalidParams('argument 0.from: missing')
  if (chainId !== undefined && chainId !== backend.chainId) {
    throw invalidParams(`invalid chain id: have ${chainId}, want ${backend.chainId}`)
  }
  if (!dev.accounts.some((account) => account.address === from)) {
    throw createRpcError({ code: 'RPC_UNKNOWN_ACCOUNT', address: from })
  }
  const block = backend.head()
  const nonce = request.nonce ?? (await backend.pendingNonce(from))
  if (nonce > BigInt(Number.MAX_SAFE_INTEGER)) throw invalidParams('argument 0.nonce: too large')
  const gas = request.gas ?? (await estimateGas(backend, { request, block }))
  const unsigned = withoutMissing({
    chainId: Number(backend.chainId),
    nonce: Number(nonce),
    gas,
    to,
    data,
    value,
    accessList: request.accessList,
    authorizationList: request.authorizationList?.map((item) => ({
      ...item,
      chainId: Number(item.chainId),
      nonce: Number(item.nonce),
      r: toWord(item.r),
      s: toWord(item.s),
    })),
    ...(await chooseFees(backend, request)),
  })
  // The type is named by `chooseFees` and the members are those that it asks for.
  const transaction = unsigned as TransactionSerializable
  const { r, s, yParity } = sign(dev, keccak256(serializeTransaction(transaction)), from)
  const signature = { r: toWord(r), s: toWord(s), yParity }
  return serializeTransaction(transaction, signature)
}

async function chooseFees(backend: Backend, request: TransactionRequest) {
  if (request.gasPrice !== undefined) {
    const type = request.accessList === undefined ? 'legacy' : 'eip2930'
    return { type, gasPrice: request.gasPrice }
  }
  const suggested = await suggestTip(backend)
  const cap = request.maxFeePerGas
  const tip =
    request.maxPriorityFeePerGas ?? (cap !== undefined && cap < suggested ? cap : suggested)
  return {
    type: request.authorizationList === undefined ? 'eip1559' : 'eip7702',
    maxPriorityFeePerGas: tip,
    maxFeePerGas: cap ?? 2n * (await backend.nextBaseFee()) + tip,
  }
}

function signHash(dev: DevControls, hash: Hash, account: Address): Hex {
  const { r, s, yParity } = sign(dev, hash, account)
  return serializeSignature({ r: toWord(r), s: toWord(s), yParity })
}

function sign(dev: DevControls, hash: Hash, account: Address) {
  const signature = dev.sign(hash, account)
  if (signature !== undefined) return signature
  throw createRpcError({ code: 'RPC_UNKNOWN_ACCOUNT', address: account })
}

/** EIP-712 data, as an object or as its JSON text. */
const typedData: Parser<unknown> = (value, name) => {
  if (typeof value !== 'string') return object(value, name)
  try {
    return object(JSON.parse(value), name)
  } catch {
    throw invalidParams(`${name}: not JSON`)
  }
}

function hashTyped(data: unknown): Hash {
  try {
    // viem checks the data against the types that it carries, and throws where they disagree.
    return hashTypedData(data as TypedDataDefinition)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.split('\n')[0] : 'unreadable'
    throw invalidParams(`argument 1: ${reason}`)
  }
}

function toWord(value: bigint): Hex {
  return `0x${value.toString(16).padStart(64, '0')}`
}
