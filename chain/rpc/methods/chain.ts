import { keccak256 } from 'viem'
import { limits } from '../../primitives/limits.ts'
import { blockNumberOrTag, findState } from '../blockRef.ts'
import { type MethodTable, method } from '../dispatch.ts'
import { invalidParams } from '../errors.ts'
import { readFeeHistory, suggestTip } from '../fees.ts'
import { toQuantity } from '../format.ts'
import { bytes, list, looseQuantity, optional, type Parser } from '../parse.ts'
import type { Services } from '../services.ts'

/** Base fee of blobs where none is ever used, EIP-4844. */
const BLOB_BASE_FEE = '0x1'
const PERCENTILES_MAX = 100

/** Methods about the chain as a whole and its fees; net_ and web3_. */
export function createChainMethods({ backend }: Services): MethodTable {
  return {
    eth_chainId: method([], () => toQuantity(backend.chainId)),
    eth_syncing: method([], () => false),
    eth_coinbase: method([], () => backend.head().coinbase),
    eth_mining: method([], () => false),
    eth_hashrate: method([], () => '0x0'),
    eth_gasPrice: method([], async () =>
      toQuantity((await backend.nextBaseFee()) + (await suggestTip(backend))),
    ),
    eth_maxPriorityFeePerGas: method([], async () => toQuantity(await suggestTip(backend))),
    eth_baseFee: method([], async () => toQuantity(await backend.nextBaseFee())),
    eth_blobBaseFee: method([], () => BLOB_BASE_FEE),
    eth_feeHistory: method(
      [looseQuantity(), blockNumberOrTag, optional(percentiles)],
      async ([wanted, ref, percents]) => {
        // A block that is not there yet has paid nothing.
        const known = ref.type === 'pending' ? ({ type: 'head' } as const) : ref
        const newest = await findState(backend, known)
        const max = BigInt(limits.rpcBlocksPerCallMax)
        const count = wanted > max ? max : wanted
        return readFeeHistory(backend, { count, newest, percentiles: percents })
      },
    ),
    net_version: method([], () => backend.chainId.toString()),
    net_listening: method([], () => true),
    // Blocks come from one seat so far: there is nobody to be connected to.
    net_peerCount: method([], () => '0x0'),
    web3_clientVersion: method([], () => backend.clientVersion),
    web3_sha3: method([bytes()], ([data]) => keccak256(data)),
  }
}

const percentile: Parser<number> = (value, name) => {
  if (typeof value === 'number' && value >= 0 && value <= 100) return value
  throw invalidParams(`${name}: not a number from 0 to 100`)
}

const percentiles: Parser<readonly number[]> = (value, name) => {
  const read = list(percentile, PERCENTILES_MAX)(value, name)
  for (const [at, percent] of read.entries()) {
    if (percent < (read[at - 1] ?? 0)) throw invalidParams(`${name}: percentiles must rise`)
  }
  return read
}
