// Shows that viem works against a real node with the real genesis, as it comes: no fake below the
// port.
import {
  BaseError,
  ContractFunctionRevertedError,
  createPublicClient,
  createTestClient,
  createWalletClient,
  defineChain,
  encodeFunctionData,
  getContract,
  type Hash,
  http,
  InsufficientFundsError,
  NonceTooLowError,
  numberToHex,
  parseEther,
  publicActions,
  stringToHex,
  verifyMessage,
  verifyTypedData,
  webSocket,
} from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compileProbe, startDevNode } from './devNode.ts'

const GWEI = 10n ** 9n
const topic = stringToHex('hello', { size: 32 })
const { abi, bytecode } = compileProbe()

type Dev = Awaited<ReturnType<typeof startDevNode>>
let dev: Dev

beforeAll(async () => {
  dev = await startDevNode()
})

afterAll(async () => {
  const { bugs } = dev
  await dev.stop()
  expect(bugs, 'nothing failed inside the node').toEqual([])
})

const chain = () =>
  defineChain({
    id: 18512,
    name: 'POCA dev',
    nativeCurrency: { name: 'HPC', symbol: 'HPC', decimals: 18 },
    rpcUrls: { default: { http: [dev.server.url] } },
  })
const publicClient = () =>
  createPublicClient({ chain: chain(), transport: http(), pollingInterval: 20, cacheTime: 0 })
const accountOf = (index: number) => {
  const held = dev.accounts[index]
  if (held === undefined) throw new RangeError(`no account ${index}`)
  return privateKeyToAccount(held.privateKey)
}
const walletOf = (index: number) =>
  createWalletClient({ account: accountOf(index), chain: chain(), transport: http() })
const rpc = async (method: string, params: unknown[] = []) => {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params })
  const response = await fetch(dev.server.url, { method: 'POST', body })
  return (await response.json()) as {
    result?: unknown
    error?: { code: number; message: string; data?: unknown }
  }
}

async function deployProbe(index = 0) {
  const client = publicClient()
  const wallet = walletOf(index)
  const hash = await wallet.deployContract({ abi, bytecode, args: [5n] })
  const receipt = await client.waitForTransactionReceipt({ hash })
  if (!receipt.contractAddress) throw new Error('a deployment has an address')
  return getContract({ abi, address: receipt.contractAddress, client: { public: client, wallet } })
}

describe('viem', () => {
  it('reads the chain', async () => {
    const client = publicClient()
    expect(await client.getChainId()).toBe(18512)
    const genesis = await client.getBlock({ blockNumber: 0n })
    expect(genesis.number).toBe(0n)
    const latest = await client.getBlock({ blockTag: 'finalized', includeTransactions: true })
    expect(latest.baseFeePerGas).toBeGreaterThan(0n)
    expect(await client.getBalance({ address: accountOf(9).address })).toBe(parseEther('10000'))
    const pending = await client.getBlock({ blockTag: 'pending' })
    expect(pending.hash).toBeNull()
    expect(
      (await client.getFeeHistory({ blockCount: 4, rewardPercentiles: [50] })).baseFeePerGas,
    ).not.toHaveLength(0)
  })

  it('transfers and pays exactly what the receipt says', async () => {
    const client = publicClient()
    const to = privateKeyToAccount(generatePrivateKey()).address
    const { address } = accountOf(0)
    const before = await client.getBalance({ address })
    const hash = await walletOf(0).sendTransaction({ to, value: parseEther('1.5') })
    const receipt = await client.waitForTransactionReceipt({ hash })
    expect(receipt).toMatchObject({ status: 'success', gasUsed: 21_000n, type: 'eip1559' })
    expect(await client.getBalance({ address: to })).toBe(parseEther('1.5'))
    const fee = receipt.gasUsed * receipt.effectiveGasPrice
    expect(await client.getBalance({ address })).toBe(before - parseEther('1.5') - fee)
    const tx = await client.getTransaction({ hash })
    expect(tx).toMatchObject({ blockHash: receipt.blockHash, chainId: 18512, nonce: 0 })
    const block = await client.getBlock({ blockHash: receipt.blockHash })
    expect(block.transactions[0]).toBe(hash)
    expect(block.transactions.length).toBe(2)
  })

  it('deploys, calls and writes', async () => {
    const probe = await deployProbe()
    expect(await probe.read.count?.()).toBe(5n)
    const hash = (await probe.write.say?.([topic, 37n])) as Hash
    const receipt = await publicClient().waitForTransactionReceipt({ hash })
    expect(receipt.logs).toHaveLength(1)
    expect(await probe.read.count?.()).toBe(42n)
    expect(await probe.read.count?.({ blockNumber: receipt.blockNumber - 1n })).toBe(5n)
  })

  it('decodes custom errors, reasons and panics', async () => {
    const probe = await deployProbe()
    const failure = async (name: string, args: unknown[] = []) => {
      const outcome = await publicClient()
        .simulateContract({ abi, address: probe.address, functionName: name, args })
        .catch((error: unknown) => error)
      if (!(outcome instanceof BaseError)) throw new Error(`${name} did not fail`)
      const cause = outcome.walk((error) => error instanceof ContractFunctionRevertedError)
      if (!(cause instanceof ContractFunctionRevertedError)) throw outcome
      return cause
    }
    expect((await failure('failCustom')).data).toMatchObject({
      errorName: 'TooLate',
      args: [7n, 'too late'],
    })
    expect((await failure('fail')).reason).toBe('it is late')
    expect((await failure('divide', [0n])).reason).toContain('zero')
    const raw = await rpc('eth_call', [
      { to: probe.address, data: encodeFunctionData({ abi, functionName: 'fail' }) },
    ])
    expect(raw.error).toMatchObject({ code: 3, message: 'execution reverted: it is late' })
    const silent = await rpc('eth_call', [
      { to: probe.address, data: encodeFunctionData({ abi, functionName: 'failSilently' }) },
    ])
    expect(silent.error).toMatchObject({ code: 3, message: 'execution reverted', data: '0x' })
  })

  it('estimates gas that is enough and not much more', async () => {
    const probe = await deployProbe()
    const client = publicClient()
    for (const [name, args] of [
      ['say', [topic, 1n]],
      ['nest', [200n]],
    ] as const) {
      const request = { address: probe.address, abi, functionName: name, args }
      const gas = await client.estimateContractGas({ ...request, account: accountOf(0) })
      const hash = await walletOf(0).writeContract({ ...request, gas })
      const receipt = await client.waitForTransactionReceipt({ hash })
      expect(receipt.status, name).toBe('success')
      expect(gas).toBeLessThan((receipt.gasUsed * 105n) / 100n + 5_000n)
    }
    const estimate = client.estimateContractGas({
      address: probe.address,
      abi,
      functionName: 'fail',
    })
    await expect(estimate).rejects.toThrow('it is late')
  })

  it('finds logs by address, topic and range', async () => {
    const probe = await deployProbe()
    const client = publicClient()
    const from = await client.getBlockNumber()
    for (const value of [1n, 2n, 3n]) {
      const hash = (await probe.write.say?.([topic, value])) as Hash
      await client.waitForTransactionReceipt({ hash })
    }
    const logs = await client.getContractEvents({
      abi,
      address: probe.address,
      eventName: 'Said',
      args: { topic },
      fromBlock: from,
    })
    expect(logs.map((log) => (log.args as unknown as { value: bigint }).value)).toEqual([
      1n,
      2n,
      3n,
    ])
    const other = { topic: stringToHex('other', { size: 32 }) }
    const none = await client.getContractEvents({
      abi,
      eventName: 'Said',
      args: other,
      fromBlock: 0n,
    })
    expect(none).toEqual([])
  })

  it('follows events with a filter', async () => {
    const probe = await deployProbe()
    const client = publicClient()
    const filter = await client.createContractEventFilter({ abi, address: probe.address })
    await probe.write.say?.([topic, 9n])
    expect(await client.getFilterChanges({ filter })).toHaveLength(1)
    expect(await client.getFilterChanges({ filter })).toHaveLength(0)
    expect(await client.uninstallFilter({ filter })).toBe(true)
  })

  it('subscribes over WebSocket', async () => {
    const probe = await deployProbe()
    const transport = webSocket(dev.server.url.replace('http', 'ws'))
    const client = createPublicClient({ chain: chain(), transport })
    const heads: bigint[] = []
    const values: bigint[] = []
    const unwatchHeads = client.watchBlockNumber({ onBlockNumber: (number) => heads.push(number) })
    const unwatchLogs = client.watchContractEvent({
      abi,
      address: probe.address,
      onLogs: (logs) => {
        for (const log of logs)
          values.push((log as unknown as { args: { value: bigint } }).args.value)
      },
    })
    await expect
      .poll(async () => {
        await probe.write.say?.([topic, 4n])
        return [values[0], heads.length > 0]
      })
      .toEqual([4n, true])
    unwatchHeads()
    unwatchLogs()
    const raw = await client.transport.getRpcClient()
    raw.close()
  })

  it('sends and gets the receipt in one call', async () => {
    const wallet = walletOf(1).extend(publicActions)
    const request = await wallet.prepareTransactionRequest({
      to: accountOf(2).address,
      value: 1n,
    })
    const serializedTransaction = await wallet.signTransaction(request)
    const receipt = await wallet.sendRawTransactionSync({ serializedTransaction })
    expect(receipt).toMatchObject({ status: 'success', from: accountOf(1).address.toLowerCase() })
  })

  it('proves accounts', async () => {
    const { address } = accountOf(0)
    const proof = await publicClient().getProof({ address, storageKeys: [topic] })
    expect(proof.balance).toBe(await publicClient().getBalance({ address }))
    expect(proof.accountProof.length).toBeGreaterThan(0)
    expect(proof.storageProof).toMatchObject([{ key: topic, value: 0n }])
  })

  it('names what is wrong with a transaction', async () => {
    const wallet = walletOf(3)
    const to = accountOf(2).address
    await publicClient().waitForTransactionReceipt({ hash: await wallet.sendTransaction({ to }) })
    const low = await wallet
      .sendTransaction({ to, nonce: 0, gas: 21_000n })
      .catch((e: unknown) => e)
    expect((low as BaseError).walk((e) => e instanceof NonceTooLowError)).not.toBeNull()
    const poor = createWalletClient({
      account: privateKeyToAccount(generatePrivateKey()),
      chain: chain(),
      transport: http(),
    })
    const broke = await poor
      .sendTransaction({ to, value: 1n, gas: 21_000n })
      .catch((e: unknown) => e)
    expect((broke as BaseError).walk((e) => e instanceof InsufficientFundsError)).not.toBeNull()
  })

  it('makes access lists that a transaction can carry', async () => {
    const probe = await deployProbe()
    const client = publicClient()
    const data = encodeFunctionData({ abi, functionName: 'nest', args: [3n] })
    const { accessList, gasUsed } = await client.createAccessList({
      account: accountOf(0),
      to: probe.address,
      data,
    })
    const slot = numberToHex(0, { size: 32 })
    const own = accessList.find(({ address }) => address.toLowerCase() === probe.address)
    expect(own?.storageKeys).toContain(slot)
    expect(accessList).toHaveLength(2)
    const hash = await walletOf(0).sendTransaction({ to: probe.address, data, accessList })
    expect(await client.waitForTransactionReceipt({ hash })).toMatchObject({
      status: 'success',
      gasUsed,
    })
    expect((await client.getTransaction({ hash })).accessList).toEqual(accessList)
  })

  it('overrides state in a call', async () => {
    const probe = await deployProbe()
    const data = encodeFunctionData({ abi, functionName: 'count' })
    const result = await publicClient().call({
      to: probe.address,
      data,
      stateOverride: [
        {
          address: probe.address,
          stateDiff: [{ slot: numberToHex(0, { size: 32 }), value: numberToHex(77, { size: 32 }) }],
        },
      ],
    })
    expect(BigInt(result.data ?? 0)).toBe(77n)
  })
})

describe('the development chain', () => {
  const testClient = () => createTestClient({ mode: 'hardhat', chain: chain(), transport: http() })

  it('sends and signs with the keys it holds', async () => {
    const wallet = createWalletClient({ chain: chain(), transport: http() })
    const [account] = await wallet.getAddresses()
    if (account === undefined) throw new Error('a development chain has accounts')
    const hash = await wallet.sendTransaction({ account, to: account, value: 1n })
    const receipt = await publicClient().waitForTransactionReceipt({ hash })
    expect(receipt.status).toBe('success')
    const signature = await wallet.signMessage({ account, message: 'hello' })
    expect(await verifyMessage({ address: account, message: 'hello', signature })).toBe(true)
    const typed = {
      domain: { name: 'POCA', chainId: 18512 },
      types: { Vote: [{ name: 'proposal', type: 'uint256' }] },
      primaryType: 'Vote',
      message: { proposal: 7n },
    } as const
    const typedSignature = await wallet.signTypedData({ account, ...typed })
    expect(await verifyTypedData({ address: account, signature: typedSignature, ...typed })).toBe(
      true,
    )
  })

  it('travels in time, snapshots and goes back', async () => {
    const client = publicClient()
    const start = await client.getBlock()
    const id = await testClient().snapshot()
    await testClient().increaseTime({ seconds: 86_400 })
    await testClient().mine({ blocks: 1 })
    const later = await client.getBlock()
    expect(later.timestamp - start.timestamp).toBeGreaterThanOrEqual(86_400n)
    const target = later.timestamp + 1_000n
    await testClient().setNextBlockTimestamp({ timestamp: target })
    await testClient().mine({ blocks: 1 })
    expect((await client.getBlock()).timestamp).toBe(target)
    await testClient().revert({ id })
    expect((await client.getBlock()).hash).toBe(start.hash)
  })

  it('holds transactions while automine is off, and follows their replacement', async () => {
    const client = publicClient()
    const wallet = walletOf(4)
    await testClient().setAutomine(false)
    try {
      const to = accountOf(5).address
      const fees = { maxFeePerGas: 10n * GWEI, maxPriorityFeePerGas: GWEI, gas: 21_000n, nonce: 0 }
      const first = await wallet.sendTransaction({ to, ...fees })
      expect((await client.getTransaction({ hash: first })).blockHash).toBeNull()
      const { address } = accountOf(4)
      expect(await client.getTransactionCount({ address, blockTag: 'pending' })).toBe(1)
      await expect(wallet.sendTransaction({ to, ...fees, value: 1n })).rejects.toThrow(
        'replacement transaction underpriced',
      )
      const raised = { ...fees, maxFeePerGas: 11n * GWEI, maxPriorityFeePerGas: 2n * GWEI }
      const second = await wallet.sendTransaction({ to, ...raised })
      await wallet.sendTransaction({ to, ...fees, nonce: 5 })
      expect(await testClient().getTxpoolStatus()).toEqual({ pending: 1, queued: 1 })
      expect(await testClient().getAutomine()).toBe(false)
      await testClient().mine({ blocks: 1 })
      expect((await client.getTransactionReceipt({ hash: second })).status).toBe('success')
      expect((await rpc('eth_getTransactionReceipt', [first])).result).toBeNull()
    } finally {
      await testClient().setAutomine(true)
    }
  })
})

describe('a chain that mines later', () => {
  it('pushes pending transactions, and answers the one call once its block is there', async () => {
    const client = publicClient()
    const socket = createPublicClient({
      chain: chain(),
      transport: webSocket(dev.server.url.replace('http', 'ws')),
    })
    const seen: Hash[] = []
    const unwatch = socket.watchPendingTransactions({ onTransactions: (hs) => seen.push(...hs) })
    await rpc('evm_setAutomine', [false])
    try {
      const wallet = walletOf(10).extend(publicActions)
      // The subscription is open once a transaction sent after it is seen.
      const request = await wallet.prepareTransactionRequest({ to: accountOf(2).address })
      await socket.getBlockNumber()
      const serializedTransaction = await wallet.signTransaction(request)
      const waiting = wallet.sendRawTransactionSync({ serializedTransaction })
      await expect.poll(() => seen.length).toBe(1)
      expect(await client.getTransaction({ hash: seen[0] ?? '0x' })).toMatchObject({
        blockHash: null,
      })
      const pending = await client.getBalance({
        address: accountOf(10).address,
        blockTag: 'pending',
      })
      expect(pending).toBeLessThan(parseEther('10000'))
      await rpc('evm_mine')
      expect(await waiting).toMatchObject({ status: 'success', transactionHash: seen[0] })
    } finally {
      await rpc('evm_setAutomine', [true])
      unwatch()
      const raw = await socket.transport.getRpcClient()
      raw.close()
    }
  })
})

describe('bad transactions', () => {
  const signed = (changes: object) =>
    accountOf(6).signTransaction({
      chainId: 18512,
      type: 'eip1559',
      to: accountOf(7).address,
      nonce: 0,
      gas: 21_000n,
      maxFeePerGas: 20n * GWEI,
      maxPriorityFeePerGas: GWEI,
      ...changes,
    })

  it.each([
    ['TX_WRONG_CHAIN_ID', 'invalid chain id', { chainId: 1 }],
    [
      'TX_FEE_BELOW_FLOOR',
      'max fee per gas less than block base fee',
      { maxFeePerGas: 1n, maxPriorityFeePerGas: 0n },
    ],
    ['TX_INTRINSIC_GAS', 'intrinsic gas too low', { gas: 20_000n }],
    ['TX_GAS_ABOVE_CAP', 'transaction gas limit too high', { gas: 16_777_217n }],
    ['TX_NONCE_TOO_HIGH', 'nonce too high', { nonce: 100_000 }],
    [
      'TX_INSUFFICIENT_FUNDS',
      'insufficient funds for gas * price + value',
      { value: parseEther('10001') },
    ],
  ])('are refused with %s', async (code, words, changes) => {
    const { error } = await rpc('eth_sendRawTransaction', [await signed(changes)])
    expect(error).toMatchObject({ code: -32000, data: { code } })
    expect(error?.message).toContain(words)
  })

  it('that are no transactions are refused', async () => {
    for (const raw of ['0x', '0x00', '0x02', '0xc0', '0x03c0', `0x02${'f9'.repeat(500)}`]) {
      expect((await rpc('eth_sendRawTransaction', [raw])).error?.code).toBe(-32000)
    }
  })

  it('that are sent twice are known', async () => {
    const raw = await signed({ nonce: 3 })
    expect((await rpc('eth_sendRawTransaction', [raw])).result).toMatch(/^0x/)
    const { error } = await rpc('eth_sendRawTransaction', [raw])
    expect(error?.message).toContain('already known')
  })
})

describe('debug', () => {
  const options = { tracer: 'callTracer' }

  it('shows the calls of a transaction and of a whole block', async () => {
    const probe = await deployProbe()
    const hash = (await probe.write.nest?.([3n])) as Hash
    const receipt = await publicClient().waitForTransactionReceipt({ hash })
    const trace = (await rpc('debug_traceTransaction', [hash, options])).result
    expect(trace).toMatchObject({
      type: 'CALL',
      from: accountOf(0).address.toLowerCase(),
      to: probe.address,
      value: '0x0',
      gasUsed: numberToHex(receipt.gasUsed),
      calls: [{ type: 'CALL', from: probe.address, value: '0x0' }],
    })
    expect(trace).not.toHaveProperty('error')
    const block = numberToHex(receipt.blockNumber)
    const all = (await rpc('debug_traceBlockByNumber', [block, options])).result as {
      txHash: Hash
      result: { to: string; calls: unknown[] }
    }[]
    expect(all).toHaveLength(2)
    expect(all[0]).toEqual({ txHash: hash, result: trace })
    expect(all[1]?.result.to).toBe('0x90ca000000000000000000000000000000000001')
    expect(all[1]?.result.calls.length).toBeGreaterThan(2)
    const top = { ...options, tracerConfig: { onlyTopCall: true } }
    const short = (await rpc('debug_traceTransaction', [hash, top])).result
    expect(short).not.toHaveProperty('calls')
  })

  it('shows creations and reverts', async () => {
    const hash = await walletOf(0).deployContract({ abi, bytecode, args: [5n] })
    const { contractAddress } = await publicClient().waitForTransactionReceipt({ hash })
    expect((await rpc('debug_traceTransaction', [hash, options])).result).toMatchObject({
      type: 'CREATE',
      to: contractAddress,
      calls: [{ type: 'CREATE', from: contractAddress }],
    })
    const data = encodeFunctionData({ abi, functionName: 'fail' })
    const to = contractAddress ?? undefined
    const failed = await walletOf(0).sendTransaction({ to, data, gas: 100_000n })
    expect((await rpc('debug_traceTransaction', [failed, options])).result).toMatchObject({
      error: 'execution reverted',
      revertReason: 'it is late',
    })
  })

  it('has nothing of genesis and of unknown transactions', async () => {
    const refused = { code: -32000, data: { code: 'RPC_NOT_TRACEABLE' } }
    const unknown = await rpc('debug_traceTransaction', [topic, options])
    expect(unknown.error).toMatchObject(refused)
    const genesis = await rpc('debug_traceBlockByNumber', ['0x0', options])
    expect(genesis.error).toMatchObject(refused)
  })
})

describe('poca methods', () => {
  it('read the system contracts', async () => {
    const supply = (await rpc('poca_supply')).result as Record<string, string>
    expect(BigInt(supply.cap ?? 0)).toBe(parseEther('210000000'))
    expect(BigInt(supply.circulating ?? 0)).toBe(
      BigInt(supply.issued ?? 0) - BigInt(supply.burned ?? 0),
    )
    const params = (await rpc('poca_params')).result
    expect(params).toContainEqual(
      expect.objectContaining({ key: 'fee.floor', value: '0x3b9aca00', unit: 'wei per gas' }),
    )
    const signer = dev.accounts[19]?.address
    expect((await rpc('poca_seats')).result).toEqual([{ seat: '0x0', signer, isNext: true }])
  })
})
