// Genesis files that are none of ours, parameters no vote can set, and messages no state can run:
// each is refused with its own code instead of giving a wrong block or a bare exception.
import { createBlock } from '@ethereumjs/block'
import { createBlob4844Tx } from '@ethereumjs/tx'
import { bytesToHex, hexToBytes } from '@ethereumjs/util'
import { encodeFunctionData } from 'viem'
import { afterAll, describe, expect, test } from 'vitest'
import { createSenderRecovery } from '../../../chain/codec/recovery/senderRecovery.ts'
import { keccak256 } from '../../../chain/crypto/keccak.ts'
import { sign } from '../../../chain/crypto/secp256k1.ts'
import type { CallMessage } from '../../../chain/evm/engine.ts'
import { createFastEngine } from '../../../chain/evm/fastEngine.ts'
import { createReferenceEngine } from '../../../chain/evm/referenceEngine.ts'
import { withNativeCrypto } from '../../../chain/evm/workspace.ts'
import { systemRulesOf } from '../../../chain/node/systemRules.ts'
import type { Hash, Hex } from '../../../chain/primitives/hex.ts'
import { predeploys } from '../../../chain/system/addresses.ts'
import type { Genesis, GenesisAccount } from '../../../chain/system/genesis/genesisFile.ts'
import {
  addresses,
  asciiWord,
  common,
  compiled,
  keys,
  paramsAbi,
  proposerKey,
  say,
  signTx,
  smallGenesis,
  toolAddress,
  word,
} from '../fixtures/smallChain.ts'
import { candidatesOf, createTestChain, decode, proposer, type TestChain } from './harness.ts'

/** Bytes of code that create a contract may not be more, EIP-3860. */
const INITCODE_SIZE_MAX = 49_152

/** The floor that the fixture's parameters begin with. */
async function floorOf(): Promise<bigint> {
  const chain = await createTestChain()
  return chain.engine.baseFeeFloor(chain.parent())
}

function withAccount(address: Hex, change: (account: GenesisAccount) => GenesisAccount): Genesis {
  const genesis = smallGenesis()
  const accounts = genesis.accounts.map((account) =>
    account.address === address ? change(account) : account,
  )
  return { ...genesis, accounts }
}

const keeper = '0x0000000000000000000000000000000000feed00'

/** A genesis whose parameters are all `value`, which another contract keeps. */
function withKeptParameters(value: bigint) {
  // Answers with slot 0; writes what it is given to it.
  const keeperCode = '0x3615600a575f355f55005b5f545f5260205ff3'
  const asks = `0x60205f5f5f73${keeper.slice(2)}5afa5060205ff3` as const
  const genesis = withAccount(predeploys.protocolParams, (one) => ({ ...one, code: asks }))
  const storage = [[word(0n), word(value)]] as const
  const account = { address: keeper, balance: 1n, nonce: 0n, code: keeperCode, storage } as const
  return { genesis: { ...genesis, accounts: [...genesis.accounts, account] }, keeperCode } as const
}

describe('system contracts', () => {
  test('a chain without ProtocolParams has no base fee', async () => {
    const genesis = withAccount(predeploys.protocolParams, (one) => ({ ...one, code: '0x' }))
    const chain = await createTestChain({ genesis })
    await expect(chain.engine.nextBaseFee(chain.parent())).rejects.toMatchObject({
      facts: { code: 'EVM_NO_SYSTEM_HUB', hub: predeploys.protocolParams },
    })
  })

  test('parameters that another contract keeps are those of the state, whoever asks', async () => {
    const { genesis } = withKeptParameters(100n)
    const chain = await createTestChain({ genesis })
    expect(await chain.engine.baseFeeFloor(chain.parent())).toBe(100n)
    await chain.build([signTx({ nonce: 0n, to: keeper, data: word(200n) })])
    expect(await chain.second.baseFeeFloor(chain.parent())).toBe(200n)
    expect(await chain.engine.baseFeeFloor(chain.parent())).toBe(200n)
  })

  test.each([
    ['a denominator of 0', 'fee.denominator', 0n],
    ['a denominator past its bound', 'fee.denominator', 1_025n],
    ['a floor past its bound', 'fee.floor', 10n ** 12n + 1n],
  ])('%s counts as the first value of the parameter', async (_, key, value) => {
    const chain = await createTestChain()
    const args = [asciiWord(key), value] as const
    const data = encodeFunctionData({ abi: paramsAbi, functionName: 'set', args })
    await chain.build([signTx({ nonce: 0n, to: predeploys.protocolParams, data })])
    const { baseFeePerGas } = chain.parent()
    // Far from full, at or above the floor of 1 gwei, and falling by at most 1/96.
    const next = await chain.engine.nextBaseFee(chain.parent())
    expect(next).toBeGreaterThanOrEqual(1_000_000_000n)
    expect(next).toBeGreaterThanOrEqual(baseFeePerGas - baseFeePerGas / 96n - 1n)
    expect(await chain.engine.baseFeeFloor(chain.parent())).toBe(
      key === 'fee.floor' ? 1_000_000_000n : await floorOf(),
    )
    await chain.build()
  })

  test('parameters that revert leave the chain going, with their first values', async () => {
    // PUSH0 PUSH0 REVERT
    const genesis = withAccount(predeploys.protocolParams, (one) => ({ ...one, code: '0x5f5ffd' }))
    const chain = await createTestChain({ genesis })
    expect(await chain.engine.baseFeeFloor(chain.parent())).toBe(1_000_000_000n)
    await chain.build()
    await chain.build()
  })

  test('a system transaction may not fail in a block that the hub has ended', async () => {
    // The fixture's hub keeps `lastBlock` in slot 0: block 1 is ended before it begins.
    const ended: readonly [Hash, Hash] = [word(0n), word(1n)]
    const genesis = withAccount(predeploys.systemHub, (one) => ({ ...one, storage: [ended] }))
    const chain = await createTestChain({ genesis })
    await expect(chain.build()).rejects.toMatchObject({
      facts: { code: 'EVM_SYSTEM_TX_FAILED_AFTER_END', height: 1n },
    })
  })
})

/** A call from an account without code, on the newest block. */
function message(chain: TestChain, data: Hex): CallMessage {
  const { stateRoot, height, timestamp, coinbase, gasLimit, baseFeePerGas } = chain.parent()
  const block = { number: height, timestamp, coinbase, gasLimit, baseFeePerGas }
  return {
    at: { stateRoot },
    block: { ...block, mixHash: word(0n) },
    from: addresses[1] as Hex,
    data,
    value: 0n,
    gas: 10_000_000n,
    asTransaction: true,
  }
}

describe.each([
  ['fast', createFastEngine],
  ['reference', createReferenceEngine],
])('a damaged database under the engine %s', (_, create) => {
  const recovery = createSenderRecovery()
  afterAll(() => recovery.close())

  /** An engine on the state of `chain` that has lost a piece of code. */
  const createDamaged = (chain: TestChain, lost: Hex) => {
    const codeHash = bytesToHex(keccak256(hexToBytes(lost)))
    const code = (hash: Hash) => (hash === codeHash ? undefined : chain.log.code(hash))
    const source = { ...chain.log, code, blockHash: () => undefined }
    const rules = systemRulesOf(chain.genesis)
    const engine = create({ common }, { source, rules, recovery })
    return { engine, damaged: { facts: { code: 'STATE_CODE_MISSING', codeHash } } }
  }

  test('is no fault of a transaction, of a block, nor of a call', async () => {
    const chain = await createTestChain()
    const parent = chain.parent()
    const { stateRoot } = parent
    const call = signTx({ nonce: 0n, to: toolAddress, data: say(word(1n), 1n) })
    const { raw } = await chain.build([call])
    const { engine, damaged } = createDamaged(chain, compiled.Tool)
    const request = { parent, proposer, timestamp: parent.timestamp + 1n, sign: signAsProposer }
    const candidates = () => candidatesOf([call])
    await expect(engine.build({ ...request, candidates })).rejects.toMatchObject(damaged)
    await expect(engine.verify({ parent, proposer, raw })).rejects.toMatchObject(damaged)
    for (const asTransaction of [true, false]) {
      const asked = { ...message(chain, say(word(1n), 1n)), at: { stateRoot }, to: toolAddress }
      await expect(engine.call({ ...asked, asTransaction })).rejects.toMatchObject(damaged)
    }
    await expect(engine.code(toolAddress, { stateRoot })).rejects.toMatchObject(damaged)
    const trace = engine.trace({ parentStateRoot: stateRoot, raw })
    await expect(trace).rejects.toMatchObject(damaged)
  })

  test('gives no other base fee than the undamaged one', async () => {
    const { genesis, keeperCode } = withKeptParameters(100n)
    const chain = await createTestChain({ genesis })
    const { engine, damaged } = createDamaged(chain, keeperCode)
    expect(await chain.engine.baseFeeFloor(chain.parent())).toBe(100n)
    await expect(engine.baseFeeFloor(chain.parent())).rejects.toMatchObject(damaged)
    await expect(engine.nextBaseFee(chain.parent())).rejects.toMatchObject(damaged)
  })
})

const signAsProposer = (hash: Uint8Array): Uint8Array => sign(hash, proposerKey)

describe('blobs', () => {
  test('a block with a blob transaction is refused', async () => {
    const chain = await createTestChain()
    const native = withNativeCrypto(common)
    const source = { ...chain.log, blockHash: () => undefined }
    const rules = systemRulesOf(chain.genesis)
    const engine = createReferenceEngine({ common: native }, { source, rules })
    const parent = chain.parent()
    const valid = decode((await chain.build()).raw)
    const blob = createBlob4844Tx(
      {
        chainId: common.chainId(),
        gasLimit: 21_000n,
        maxFeePerGas: 10_000_000_000n,
        maxFeePerBlobGas: 1n,
        to: toolAddress,
        blobVersionedHashes: [`0x01${'00'.repeat(31)}`],
      },
      { common: native },
    ).sign(keys[1] as Uint8Array)
    const transactions = [blob, ...valid.transactions]
    const options = { common: native }
    const draft = createBlock({ header: valid.header, transactions }, options)
    const header = { ...valid.header, transactionsTrie: await draft.genTxTrie() }
    const raw = createBlock({ header, transactions, withdrawals: [] }, options).serialize()
    await expect(engine.verify({ parent, proposer, raw })).rejects.toMatchObject({
      facts: { code: 'EVM_BLOB_TRANSACTION', index: 0 },
    })
  })
})

describe('calls', () => {
  test('code one byte too long to create a contract from is refused, the longest is not', async () => {
    const chain = await createTestChain()
    const zeros = (size: number): Hex => `0x${'00'.repeat(size)}`
    const longest = await chain.engine.call(message(chain, zeros(INITCODE_SIZE_MAX)))
    expect(longest.failure).toBeUndefined()
    const tooLong = chain.engine.call(message(chain, zeros(INITCODE_SIZE_MAX + 1)))
    await expect(tooLong).rejects.toMatchObject({ facts: { code: 'EVM_BAD_CALL' } })
  })

  test('an authorization that nobody can have signed is passed over', async () => {
    const chain = await createTestChain()
    const nobody = {
      chainId: 0n,
      address: toolAddress,
      nonce: 0n,
      yParity: 0,
      r: 0n,
      s: 0n,
    } as const
    const input = { ...message(chain, '0x'), to: toolAddress, authorizationList: [nobody] }
    const plain = await chain.engine.call({ ...input, asTransaction: false })
    const { authorizationList: _, ...without } = { ...input, asTransaction: false }
    expect(plain).toEqual(await chain.engine.call(without))
  })

  test('a state that is not in the database is refused', async () => {
    const chain = await createTestChain()
    const stateRoot = word(77n)
    const call = chain.engine.call({ ...message(chain, '0x'), at: { stateRoot } })
    await expect(call).rejects.toMatchObject({ facts: { code: 'EVM_UNKNOWN_STATE', stateRoot } })
  })
})
