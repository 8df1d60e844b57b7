import type { Account, Chain, Client, Log, TransactionReceipt, Transport } from 'viem'
import { estimateGas, sendTransaction, waitForTransactionReceipt } from 'viem/actions'
import type { Address, Hash, Hex } from '../../chain/primitives/hex.ts'
import { ClientError, translateErrors } from './errors.ts'

/** Any viem client; those that send need an account. */
export type PocaClient = Client<Transport, Chain | undefined, Account | undefined>

/** A transaction in a block. Every block is final. */
export type Included = {
  readonly hash: Hash
  readonly receipt: TransactionReceipt
}

/** Highest gas limit a transaction may have, EIP-7825. */
const gasLimitMax = 2n ** 24n

/**
 * Sends a transaction from the client's account and waits for its block.
 *
 * The gas limit is twice the estimate and more: whoever takes a task's last step opens its next
 * state, and it may turn out to be this transaction although it was not while estimating.
 *
 * @throws ClientError when the contract would refuse, before anything is sent.
 */
export function send(
  client: PocaClient,
  request: { readonly to: Address; readonly data: Hex; readonly value?: bigint },
): Promise<Included> {
  const { account, chain } = client
  if (!account) {
    throw new ClientError(
      { code: 'CLIENT_NO_ACCOUNT' },
      'This needs an account; create the client with one.',
    )
  }
  return translateErrors(async () => {
    const estimate = await estimateGas(client, { account, prepare: false, ...request })
    const wanted = estimate * 2n + 300_000n
    const gas = wanted < gasLimitMax ? wanted : gasLimitMax
    const hash = await sendTransaction(client, { account, chain: chain ?? null, gas, ...request })
    const receipt = await waitForTransactionReceipt(client, { hash, checkReplacement: false })
    if (receipt.status === 'success') return { hash, receipt }
    throw new ClientError(
      { code: 'CLIENT_TRANSACTION_FAILED', hash },
      `Transaction ${hash} was included and reverted: the state had changed meanwhile.`,
    )
  })
}

/** The first of the decoded logs, which a contract never omits. */
export function firstEvent<T extends Log>(
  logs: readonly T[],
  event: string,
  { hash }: Included,
): T {
  const log = logs[0]
  if (log) return log
  throw new ClientError(
    { code: 'CLIENT_EVENT_MISSING', event, hash },
    `Transaction ${hash} has no event ${event}; is this the right chain?`,
  )
}
