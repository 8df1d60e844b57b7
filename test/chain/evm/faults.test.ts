// Genesis files that are none of ours, parameters no vote can set, and messages no state can run:
// each is refused with its own code instead of giving a wrong block or a bare exception.
import { createBlock } from '@ethereumjs/block'
import { createBlob4844Tx } from '@ethereumjs/tx'
import { bytesToHex, hexToBytes } from '@ethereumjs/util'
import { encodeFunctionData } from 'viem'
import { describe, expect, test } from 'vitest'
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

describe('system contracts', () => {
  test('a chain without ProtocolParams has no base fee', async () => {
    const genesis = withAccount(predeploys.protocolParams, (one) => ({ ...one, code: '0x' }))
    const chain = await createTestChain({ genesis })
    await expect(chain.engine.nextBaseFee(chain.parent())).rejects.toMatchObject({
      facts: { code: 'EVM_NO_SYSTEM_HUB', hub: predeploys.protocolParams },
    })
  })

  test('parameters that another contract keeps are those of the state, whoever asks', async () => {
    const keeper = '0x0000000000000000000000000000000000feed00'
    // Answers with slot 0; writes what it is given to it.
    const keeps = '0x3615600a575f355f55005b5f545f5260205ff3'
    const asks = `0x60205f5f5f73${keeper.slice(2)}5afa5060205ff3` as const
    const { accounts, ...rest } = withAccount(predeploys.protocolParams, (one) => ({
      ...one,
      code: asks,
    }))
    const storage = [[word(0n), word(100n)]] as const
    const account = { address: keeper, balance: 1n, nonce: 0n, code: keeps, storage } as const
    const chain = await createTestChain({ genesis: { ...rest, accounts: [...accounts, account] } })
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

describe('a damaged database', () => {
  test('is no fault of a transaction, nor of a block', async () => {
    const chain = await createTestChain()
    const parent = chain.parent()
    const call = signTx({ nonce: 0n, to: toolAddress, data: say(word(1n), 1n) })
    const { raw } = await chain.build([call])
    const code = keccak256(hexToBytes(compiled.Tool))
    const source = {
      ...chain.log,
      code: (hash: Hash) => (hash === bytesToHex(code) ? undefined : chain.log.code(hash)),
      blockHash: () => undefined,
    }
    const rules = systemRulesOf(chain.genesis)
    const recovery = createSenderRecovery()
    const engine = createFastEngine({ common }, { source, rules, recovery })
    const damaged = { facts: { code: 'STATE_CODE_MISSING', codeHash: bytesToHex(code) } }
    const request = { parent, proposer, timestamp: parent.timestamp + 1n, sign: signAsProposer }
    const candidates = () => candidatesOf([call])
    await expect(engine.build({ ...request, candidates })).rejects.toMatchObject(damaged)
    await expect(engine.verify({ parent, proposer, raw })).rejects.toMatchObject(damaged)
    await recovery.close()
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
  const message = (chain: TestChain, data: Hex): CallMessage => {
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
