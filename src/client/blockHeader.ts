import { keccak256, toRlp } from 'viem'
import type { Hash, Hex } from '../../chain/primitives/hex.ts'
import { ClientError } from './errors.ts'
import type { PocaClient } from './transactions.ts'

/** Fields of a header in the order in which they are encoded. @source EIP-7685 */
const fields = [
  'parentHash',
  'sha3Uncles',
  'miner',
  'stateRoot',
  'transactionsRoot',
  'receiptsRoot',
  'logsBloom',
  'difficulty',
  'number',
  'gasLimit',
  'gasUsed',
  'timestamp',
  'extraData',
  'mixHash',
  'nonce',
  'baseFeePerGas',
  'withdrawalsRoot',
  'blobGasUsed',
  'excessBlobGas',
  'parentBeaconBlockRoot',
  'requestsHash',
] as const

const quantities: ReadonlySet<string> = new Set([
  'difficulty',
  'number',
  'gasLimit',
  'gasUsed',
  'timestamp',
  'baseFeePerGas',
  'blobGasUsed',
  'excessBlobGas',
])

type HeaderAnswer = Readonly<Record<(typeof fields)[number] | 'hash', Hex>>

/**
 * The RLP of the header of block `height`, checked against the block's hash.
 *
 * @throws ClientError `CLIENT_HEADER_UNKNOWN` when the node's blocks have other fields.
 */
export async function readHeader(client: PocaClient, height: bigint): Promise<Hex> {
  const answer = await client.request({
    method: 'eth_getBlockByNumber',
    params: [`0x${height.toString(16)}`, false],
  })
  if (answer === null || answer.hash === null) throw unknownHeader(height)
  const block = answer as unknown as HeaderAnswer // Osaka's fields; the hash tells if not
  const header = encodeHeader(block)
  if (keccak256(header) !== (block.hash satisfies Hash)) throw unknownHeader(height)
  return header
}

/** A header as JSON-RPC gives it, in RLP. */
export function encodeHeader(block: Readonly<Record<(typeof fields)[number], Hex>>): Hex {
  return toRlp(fields.map((name) => (quantities.has(name) ? minimal(block[name]) : block[name])))
}

/** A quantity without leading zeros; zero is empty. */
function minimal(quantity: Hex): Hex {
  const value = BigInt(quantity)
  if (value === 0n) return '0x'
  const digits = value.toString(16)
  return `0x${digits.length % 2 === 0 ? '' : '0'}${digits}`
}

function unknownHeader(height: bigint): ClientError {
  return new ClientError(
    { code: 'CLIENT_HEADER_UNKNOWN', height },
    `The header of block ${height} is not one that this version can encode.`,
  )
}
