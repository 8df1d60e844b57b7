// Shows which ClientError each refusal becomes. The node is a function that answers JSON-RPC.
import { createWalletClient, custom, encodeErrorResult, type Hex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { describe, expect, it } from 'vitest'
import { taskMarketAbi } from '../../../chain/system/abi/taskMarket.ts'
import { acceptSlot } from '../../../src/client/actions/acceptSlot.ts'
import { createTask } from '../../../src/client/actions/createTask.ts'
import { getCredit } from '../../../src/client/actions/getCredit.ts'
import { pocaDev } from '../../../src/client/chain.ts'
import { connect } from '../../../src/client/connect.ts'
import { isRefusal, isRevert, isUnreachable } from '../../../src/client/errors.ts'

const account = privateKeyToAccount(`0x${'01'.repeat(32)}`)

function clientOf(answer: (method: string) => unknown) {
  const request = async ({ method }: { method: string }) => answer(method)
  const transport = custom({ request }, { retryCount: 0 })
  return createWalletClient({ account, chain: pocaDev, transport })
}

function refusing(data: Hex) {
  return clientOf(() => {
    throw Object.assign(new Error('execution reverted'), { code: 3, data })
  })
}

async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => 'no failure',
    (error: unknown) => error,
  )
}

describe('send', () => {
  it("names the contract's error and its arguments", async () => {
    const data = encodeErrorResult({
      abi: taskMarketAbi,
      errorName: 'TaskMarketPowerTooLow',
      args: [account.address, 5n, 9n],
    })
    const error = await failureOf(acceptSlot(refusing(data), { taskId: 1n, slot: 0 }))
    expect(error).toMatchObject({
      facts: {
        code: 'CLIENT_CONTRACT_REVERTED',
        error: 'TaskMarketPowerTooLow',
        args: { worker: account.address, power: 5n, wanted: 9n },
      },
    })
    expect(isRevert(error, 'TaskMarketPowerTooLow')).toBe(true)
    expect(isRevert(error, 'TaskMarketWrongState')).toBe(false)
    expect(isRefusal(error)).toBe(true)
  })

  it('keeps the bytes of an error it does not know', async () => {
    const error = await failureOf(acceptSlot(refusing('0xdeadbeef'), { taskId: 1n, slot: 0 }))
    expect(error).toMatchObject({ facts: { code: 'CLIENT_REVERTED', data: '0xdeadbeef' } })
  })

  it('needs an account', () => {
    const { account: _, ...client } = clientOf(() => '0x1')
    expect(() => acceptSlot({ ...client, account: undefined }, { taskId: 1n, slot: 0 })).toThrow(
      expect.objectContaining({ facts: { code: 'CLIENT_NO_ACCOUNT' } }),
    )
  })

  it('says when the account cannot pay', async () => {
    const client = clientOf(() => {
      throw Object.assign(new Error('insufficient funds for gas * price + value'), { code: -32000 })
    })
    const error = await failureOf(acceptSlot(client, { taskId: 1n, slot: 0 }))
    expect(error).toMatchObject({ code: 'CLIENT_INSUFFICIENT_FUNDS' })
  })
})

describe('what was included', () => {
  const hash = `0x${'0a'.repeat(32)}`
  const head = {
    number: '0x1',
    hash,
    timestamp: '0x1',
    baseFeePerGas: '0x1',
    transactions: [],
    difficulty: '0x0',
    gasLimit: '0x1c9c380',
    gasUsed: '0x0',
    size: '0x1',
    totalDifficulty: '0x0',
    nonce: '0x0000000000000000',
  }
  const including = (status: string) => {
    const answers: Readonly<Record<string, unknown>> = {
      eth_chainId: '0x4850',
      eth_estimateGas: '0x5208',
      eth_getTransactionCount: '0x0',
      eth_maxPriorityFeePerGas: '0x1',
      eth_gasPrice: '0x1',
      eth_blockNumber: '0x1',
      eth_getBlockByNumber: head,
      // Two words: what a price and a collateral are read from.
      eth_call: `0x${'01'.padStart(64, '0').repeat(2)}`,
      eth_sendRawTransaction: hash,
      eth_getTransactionReceipt: {
        status,
        transactionHash: hash,
        blockHash: hash,
        blockNumber: '0x1',
        logs: [],
        type: '0x2',
      },
    }
    return clientOf((method) => answers[method])
  }

  it('fails when the transaction reverted in its block', async () => {
    const error = await failureOf(acceptSlot(including('0x0'), { taskId: 1n, slot: 0 }))
    expect(error).toMatchObject({ facts: { code: 'CLIENT_TRANSACTION_FAILED', hash } })
    expect(isRefusal(error)).toBe(true)
  })

  it('fails when the contract did not tell what it must', async () => {
    const error = await failureOf(
      createTask(including('0x1'), {
        kind: 'digits',
        manifest: '0x',
        price: 1n,
        units: 1,
        expectedSeconds: 1,
        slotCount: 1,
      }),
    )
    expect(error).toMatchObject({
      facts: { code: 'CLIENT_EVENT_MISSING', event: 'TaskCreated', hash },
    })
  })
})

describe('reading', () => {
  it('decodes errors of calls, too', async () => {
    const data = encodeErrorResult({
      abi: taskMarketAbi,
      errorName: 'TaskMarketUnknownTask',
      args: [4n],
    })
    const error = await failureOf(getCredit(refusing(data), { account: account.address }))
    expect(error).toMatchObject({ facts: { error: 'TaskMarketUnknownTask', args: { taskId: 4n } } })
  })
})

describe('connect', () => {
  it('says when no node is there', async () => {
    // Port 1 is reserved, and nobody serves JSON-RPC there.
    const error = await failureOf(connect({ url: 'http://127.0.0.1:1', account }))
    expect(error).toMatchObject({ code: 'CLIENT_UNREACHABLE' })
    expect(isUnreachable(error)).toBe(true)
  })
})
