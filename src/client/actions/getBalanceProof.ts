import { getBlock, getProof, readContract } from 'viem/actions'
import type { Address, Hex } from '../../../chain/primitives/hex.ts'
import { balanceProofsAbi } from '../../../chain/system/abi/balanceProofs.ts'
import { predeploys } from '../../../chain/system/addresses.ts'
import { readHeader } from '../blockHeader.ts'
import { ClientError, translateErrors } from '../errors.ts'
import type { PocaClient } from '../transactions.ts'

export type GetBalanceProofParameters = {
  readonly account: Address
  /** A past second, such as the snapshot of a proposal. */
  readonly timepoint: bigint
}

export type GetBalanceProofReturnType = {
  /** At the end of the block, wei. */
  readonly balance: bigint
  /** The last block that is not later than the second. */
  readonly height: bigint
  /** What anchors the second on chain; empty when it is anchored. */
  readonly headers: readonly Hex[]
  /** Nodes from the state root to the account. */
  readonly accountProof: readonly Hex[]
}

/** What the history contract keeps, less some blocks for the transaction to arrive. */
const historyBlocks = 8_100n
/** The most headers that `BalanceProofs.anchor` takes. */
const headersMax = 256n

/**
 * Proves what an account owned natively at the end of a second.
 *
 * @source EIP-1186, EIP-2935
 * @throws ClientError `CLIENT_SNAPSHOT_AHEAD` when no block is later than that second yet,
 *   `CLIENT_SNAPSHOT_FORGOTTEN` when nobody anchored it while its block was known.
 */
export function getBalanceProof(
  client: PocaClient,
  { account, timepoint }: GetBalanceProofParameters,
): Promise<GetBalanceProofReturnType> {
  return translateErrors(async () => {
    const anchor = await readContract(client, {
      address: predeploys.balanceProofs,
      abi: balanceProofsAbi,
      functionName: 'anchorOf',
      args: [Number(timepoint)],
    })
    const isAnchored = BigInt(anchor.stateRoot) !== 0n
    const height = isAnchored ? anchor.height : await findHeight(client, timepoint)
    const headers = isAnchored ? [] : await readHeaders(client, height, timepoint)
    const proof = await getProof(client, { address: account, storageKeys: [], blockNumber: height })
    return { balance: proof.balance, height, headers, accountProof: proof.accountProof }
  })
}

/** The height of the last block that is not later than `timepoint`. */
async function findHeight(client: PocaClient, timepoint: bigint): Promise<bigint> {
  const head = await getBlock(client)
  if (head.timestamp <= timepoint) {
    throw new ClientError(
      { code: 'CLIENT_SNAPSHOT_AHEAD', timepoint, timestamp: head.timestamp },
      `No block is later than second ${timepoint} yet; try again after the next one.`,
    )
  }
  // The block is in [low, high); each step halves the range.
  let low = 0n
  let high = head.number
  while (high - low > 1n) {
    const middle = (low + high) / 2n
    const { timestamp } = await getBlock(client, { blockNumber: middle })
    if (timestamp <= timepoint) low = middle
    else high = middle
  }
  return low
}

/** From a block that the chain still knows down to `height`. */
async function readHeaders(
  client: PocaClient,
  height: bigint,
  timepoint: bigint,
): Promise<readonly Hex[]> {
  const head = await getBlock(client)
  const known = head.number - historyBlocks
  const first = known > height + 1n ? known : height + 1n
  if (first - height >= headersMax) {
    throw new ClientError(
      { code: 'CLIENT_SNAPSHOT_FORGOTTEN', timepoint, height },
      `Nobody anchored second ${timepoint} in time; only locked coin votes there.`,
    )
  }
  const headers: Hex[] = []
  for (let at = first; at >= height; at -= 1n) headers.push(await readHeader(client, at))
  return headers
}
