// A valid block passes; each way of tampering with it is refused with its own code. Every tampered
// block is signed and hashed afresh, so that only the rule under test can refuse it.
import { type Block, createBlock } from '@ethereumjs/block'
import { RLP } from '@ethereumjs/rlp'
import { createFeeMarket1559Tx, type TypedTransaction } from '@ethereumjs/tx'
import { bytesToHex, createAddressFromString, hexToBytes } from '@ethereumjs/util'
import { encodeFunctionData } from 'viem'
import { beforeAll, describe, expect, test } from 'vitest'
import { sign } from '../../../chain/crypto/secp256k1.ts'
import { noCandidates } from '../../../chain/evm/candidates.ts'
import { checkConservation } from '../../../chain/evm/conservation.ts'
import type { EvmErrorType } from '../../../chain/evm/errors.ts'
import { decodeExtraData, encodeExtraData } from '../../../chain/evm/header.ts'
import type { Hex } from '../../../chain/primitives/hex.ts'
import { predeploys } from '../../../chain/system/addresses.ts'
import { engineOfTests } from '../../engineOfTests.ts'
import {
  addresses,
  common,
  hubAbi,
  keys,
  proposerKey,
  say,
  signTx,
  toolAbi,
  toolAddress,
  word,
} from '../fixtures/smallChain.ts'
import { createTestChain, decode, proposer, type TestChain } from './harness.ts'

type Change = {
  readonly header?: Record<string, unknown>
  readonly transactions?: readonly TypedTransaction[]
}

let chain: TestChain
let valid: Block

beforeAll(async () => {
  chain = await createTestChain()
  await chain.build()
  const built = await chain.engine.build({
    parent: chain.parent(),
    timestamp: chain.parent().timestamp + 5n,
    proposer,
    sign: (hash) => sign(hash, proposerKey),
    candidates: () =>
      Object.assign(
        [
          signTx({ nonce: 0n, to: toolAddress, data: say(word(1n), 2n) }),
          signTx({ key: keys[2] as Uint8Array, nonce: 0n, to: addresses[3] as Hex, value: 1n }),
        ],
        { skipSender: () => undefined },
      ),
  })
  valid = decode(built.raw)
})

function tamper(change: Change): Uint8Array {
  const header = { ...valid.header, ...change.header }
  const transactions = [...(change.transactions ?? valid.transactions)]
  const block = createBlock({ header, transactions, withdrawals: [] }, { common })
  return block.serialize()
}

/** The valid block's transactions, their trie root recomputed by the library when it is built. */
async function withTransactions(transactions: readonly TypedTransaction[]): Promise<Uint8Array> {
  const draft = createBlock({ header: valid.header, transactions: [...transactions] }, { common })
  const transactionsTrie = await draft.genTxTrie()
  return tamper({ transactions, header: { transactionsTrie } })
}

function verify(raw: Uint8Array) {
  return chain.engine.verify({ parent: chain.parent(), proposer, raw })
}

async function refused(raw: Uint8Array, facts: EvmErrorType | Partial<EvmErrorType>) {
  await expect(verify(raw)).rejects.toMatchObject({ facts })
}

const last = (): TypedTransaction => valid.transactions.at(-1) as TypedTransaction

/** The system transaction with some fields changed, signed again. */
function system(change: Record<string, unknown>, key = proposerKey): TypedTransaction {
  const tx = last()
  if (!('maxFeePerGas' in tx)) throw new Error('type')
  const { nonce, gasLimit, to, value, data, maxFeePerGas, maxPriorityFeePerGas } = tx
  const fields = { nonce, gasLimit, to, value, data, maxFeePerGas, maxPriorityFeePerGas }
  return createFeeMarket1559Tx({ chainId: common.chainId(), ...fields, ...change } as never, {
    common,
  }).sign(key)
}

const users = (): readonly TypedTransaction[] => valid.transactions.slice(0, -1)

describe('verify', () => {
  test('a valid block passes and gives what building it gave', async () => {
    const executed = await verify(valid.serialize())
    expect(executed.hash).toBe(bytesToHex(valid.hash()))
    expect(executed.stateRoot).toBe(bytesToHex(valid.header.stateRoot))
    expect(executed.receipts.count).toBe(3)
    expect(executed.isDegraded).toBe(false)
  })

  test.each([
    ['gasLimit', { gasLimit: 29_999_999n }],
    ['baseFeePerGas', { baseFeePerGas: 999_999_999n }],
    ['baseFeePerGas', { baseFeePerGas: 1_000_000_001n }],
    ['timestamp', { timestamp: 0x65000001n }],
    ['coinbase', { coinbase: createAddressFromString(addresses[4] as Hex) }],
    ['extraData', { extraData: hexToBytes('0x01000000010000') }],
    ['extraData', { extraData: new Uint8Array() }],
    ['mixHash', { mixHash: new Uint8Array(32) }],
    ['parentBeaconBlockRoot', { parentBeaconBlockRoot: new Uint8Array(32) }],
    ['parentHash', { parentHash: new Uint8Array(32) }],
    ['number', { number: 3n }],
    ['excessBlobGas', { excessBlobGas: 131_072n }],
    ['blobGasUsed', { blobGasUsed: 131_072n }],
  ] as const)('a wrong %s in the header is refused', async (field, header) => {
    await refused(tamper({ header }), { code: 'EVM_BAD_HEADER', field } as never)
  })

  test.each([
    ['stateRoot', { stateRoot: new Uint8Array(32) }],
    ['receiptsRoot', { receiptTrie: new Uint8Array(32) }],
    ['logsBloom', { logsBloom: new Uint8Array(256).fill(1) }],
    ['gasUsed', { gasUsed: 21_000n }],
    ['requestsHash', { requestsHash: new Uint8Array(32) }],
    ['transactionsRoot', { transactionsTrie: new Uint8Array(32) }],
  ] as const)('a wrong %s is refused', async (field, header) => {
    await refused(tamper({ header }), { code: 'EVM_WRONG_RESULT', field })
  })

  test('a block without a system transaction is refused', async () => {
    const facts = { code: 'EVM_SYSTEM_TX_MISSING', height: 2n } as const
    await refused(await withTransactions(users()), facts)
    await refused(await withTransactions([]), facts)
  })

  test('a system transaction that is not last is refused', async () => {
    const [first, second] = users() as [TypedTransaction, TypedTransaction]
    const early = [system({}), first, second]
    await refused(await withTransactions(early), { code: 'EVM_SYSTEM_TX_EXTRA', index: 0 })
    const twice = [first, system({}), system({ nonce: 99n })]
    await refused(await withTransactions(twice), { code: 'EVM_SYSTEM_TX_EXTRA', index: 1 })
  })

  test.each([
    ['data', {}],
    ['gasLimit', { gasLimit: 9_999_999n }],
    ['maxFeePerGas', { maxFeePerGas: 1_000_000_001n }],
    ['maxPriorityFeePerGas', { maxPriorityFeePerGas: 1n }],
    ['value', { value: 1n }],
    ['accessList', { accessList: [{ address: addresses[1], storageKeys: [] }] }],
  ] as const)('a system transaction with another %s is refused', async (field, change) => {
    const data = last().data.slice()
    data[35] = 9 // another height
    const tx = system(field === 'data' ? { data } : change)
    const raw = await withTransactions([...users(), tx])
    await refused(raw, { code: 'EVM_SYSTEM_TX_WRONG', field })
  })

  test('a system transaction of somebody else is refused', async () => {
    const tx = system({}, keys[4])
    const raw = await withTransactions([...users(), tx])
    await refused(raw, { code: 'EVM_SYSTEM_TX_WRONG', field: 'sender' })
  })

  test('a transaction that cannot run makes the block invalid', async () => {
    const wrongNonce = createFeeMarket1559Tx(
      {
        chainId: common.chainId(),
        nonce: 7n,
        gasLimit: 21_000n,
        maxFeePerGas: 10n ** 10n,
        to: toolAddress,
      },
      { common },
    ).sign(keys[3] as Uint8Array)
    const raw = await withTransactions([wrongNonce, ...valid.transactions])
    await refused(raw, { code: 'EVM_BAD_TRANSACTIONS' } as never)
  })

  test('bytes that are no block are refused', async () => {
    await refused(new Uint8Array([1, 2, 3]), { code: 'EVM_MALFORMED_BLOCK' } as never)
    await refused(valid.serialize().slice(0, 300), { code: 'EVM_MALFORMED_BLOCK' } as never)
  })

  test('a block with more in it than its fields is refused', async () => {
    const [header, transactions, ommers, withdrawals] = RLP.decode(valid.serialize())
    const parts = [header, transactions, ommers, withdrawals].flatMap((part) => [part ?? []])
    expect(RLP.encode(parts)).toEqual(valid.serialize())
    await refused(RLP.encode([...parts, []]), { code: 'EVM_MALFORMED_BLOCK' } as never)
  })

  test.skipIf(engineOfTests === 'reference')(
    'what was prepared of another block is refused',
    async () => {
      const { engine } = chain
      const request = { parent: chain.parent(), proposer, raw: valid.serialize() }
      const timestamp = request.parent.timestamp + 1n
      const signAsProposer = (hash: Uint8Array) => sign(hash, proposerKey)
      const candidates = () => noCandidates
      const other = await engine.build({ ...request, timestamp, sign: signAsProposer, candidates })
      const prepared = engine.prepare(other.raw)
      await expect(engine.verify({ ...request, prepared })).rejects.toThrow('prepared')
      const executed = await engine.verify({ ...request, prepared: engine.prepare(request.raw) })
      expect(executed.hash).toBe(bytesToHex(valid.hash()))
    },
  )

  test('an unknown parent state is named', async () => {
    const stateRoot = word(5n)
    const parent = { ...chain.parent(), stateRoot }
    const request = { parent, proposer, raw: valid.serialize() }
    await expect(chain.engine.verify(request)).rejects.toMatchObject({
      facts: { code: 'EVM_UNKNOWN_STATE', stateRoot },
    })
  })
})

describe('extraData', () => {
  test('golden vector', () => {
    const facts = { coinbase: proposer.coinbase, round: 0x01020304, seat: 0x0506 }
    expect(encodeExtraData(facts)).toBe('0x01010203040506')
    expect(decodeExtraData('0x01010203040506')).toEqual({ round: 0x01020304, seat: 0x0506 })
    const bad = expect.objectContaining({ code: 'EVM_BAD_HEADER' })
    expect(() => decodeExtraData('0x02010203040506')).toThrow(bad)
    expect(() => decodeExtraData('0x01')).toThrow(bad)
  })
})

describe('a failing hub', () => {
  test('makes a degraded block that verifies, and the chain goes on', async () => {
    const sick = await createTestChain()
    const setBroken = (value: boolean, nonce: bigint) =>
      signTx({
        nonce,
        to: predeploys.systemHub,
        data: encodeFunctionData({ abi: hubAbi, functionName: 'setBroken', args: [value] }),
      })
    const parent = sick.parent()
    const broken = await sick.build([setBroken(true, 0n)])
    expect(broken.isDegraded).toBe(true)
    expect(broken.receipts.decode().at(-1)?.status).toBe(0)
    const again = await sick.engine.verify({ parent, proposer, raw: broken.raw })
    expect(again.isDegraded).toBe(true)
    expect((await sick.build()).isDegraded).toBe(true)
    expect((await sick.build([setBroken(false, 1n)])).isDegraded).toBe(false)
  })
})

describe('conservation of supply', () => {
  const facts = { height: 1n, gasUsed: 100n, baseFeePerGas: 7n, hasSelfDestruct: false }
  const broken = expect.objectContaining({ code: 'EVM_SUPPLY_NOT_CONSERVED' })

  test('exactly the base fees leave', () => {
    expect(() => checkConservation({ ...facts, change: -700n })).not.toThrow()
    expect(() => checkConservation({ ...facts, change: -699n })).toThrow(broken)
    expect(() => checkConservation({ ...facts, change: -701n })).toThrow(broken)
  })

  test('more may leave only when a contract took its coin with it', () => {
    const gone = { ...facts, hasSelfDestruct: true }
    expect(() => checkConservation({ ...gone, change: -701n })).not.toThrow()
    expect(() => checkConservation({ ...gone, change: -699n })).toThrow(broken)
  })

  test('a contract that destroys itself in its constructor takes its coin with it', async () => {
    const small = await createTestChain()
    const data = encodeFunctionData({ abi: toolAbi, functionName: 'vanish' })
    const parent = small.parent()
    const block = await small.build([signTx({ nonce: 0n, to: toolAddress, data, value: 1_000n })])
    expect(block.receipts.decode()[0]?.status).toBe(1)
    await small.engine.verify({ parent, proposer, raw: block.raw })
  })

  test('coin out of nowhere stops building and verifying', async () => {
    const mint = '0x00000000000000000000000000000000006d696e'
    type Minter = { readonly stateManager: import('@ethereumjs/statemanager').MerkleStateManager }
    const minting = await createTestChain({
      evmOpts: {
        customPrecompiles: [
          {
            address: createAddressFromString(mint),
            function: async (input) => {
              const { stateManager } = input._EVM as unknown as Minter
              const rich = createAddressFromString(addresses[5] as Hex)
              const account = await stateManager.getAccount(rich)
              if (account === undefined) throw new Error('account')
              account.balance += 1n
              await stateManager.putAccount(rich, account)
              return { executionGasUsed: 0n, returnValue: new Uint8Array() }
            },
          },
        ],
      },
    })
    const tx = signTx({ nonce: 0n, to: mint, gas: 100_000n })
    await expect(minting.build([tx])).rejects.toMatchObject({
      facts: { code: 'EVM_SUPPLY_NOT_CONSERVED', height: 1n },
    })
  })
})
