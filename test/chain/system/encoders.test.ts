// Shows that the host's reads of the system contracts find on the genesis state what the chain spec
// put there, and that the system transaction's calldata decodes to what was given.
import { readFileSync } from 'node:fs'
import type { Block } from '@ethereumjs/block'
import { createEVM, type EVM } from '@ethereumjs/evm'
import { bytesToHex, createAddressFromString, hexToBytes } from '@ethereumjs/util'
import fc from 'fast-check'
import { decodeFunctionData, encodeAbiParameters, encodeEventTopics, getAddress, toHex } from 'viem'
import { beforeAll, describe, expect, it } from 'vitest'
import { minedCapOf, premineOf } from '../../../chain/params/chainSpec.ts'
import { commonOf } from '../../../chain/params/common.ts'
import { protocolParams } from '../../../chain/params/protocolParams.ts'
import { dev } from '../../../chain/params/specs.ts'
import { systemHubAbi } from '../../../chain/system/abi/systemHub.ts'
import { predeploys } from '../../../chain/system/addresses.ts'
import {
  baseFeeDenominatorCall,
  baseFeeFloorCall,
  type EndBlockInput,
  encodeEndBlock,
  forkTimeCall,
  lastBlockCall,
  paramCall,
  proposerAtCall,
  releasedCall,
  type SystemCall,
  seatAtCall,
  seatCountCall,
  supplyCall,
} from '../../../chain/system/encoders.ts'
import { type RawLog, readEndBlockLogs } from '../../../chain/system/endBlockLogs.ts'
import { parseGenesis } from '../../../chain/system/genesis/genesisFile.ts'
import { genesisBlock, genesisState } from '../../../chain/system/genesis/loadGenesis.ts'

const genesis = parseGenesis(JSON.parse(readFileSync('deploy/genesis/dev.json', 'utf8')))
const input: EndBlockInput = {
  height: 7n,
  parentRound: 2,
  parentGasUsed: 21_000n,
  parentBaseFee: 1_000_000_000n,
  parentProposer: '0x8626f6940E2eb28930eFb4CeF49B2d1F2C9C1199',
  parentSigners: 0b101n,
  skippedSeats: [1, 3],
  evidence: ['0xdeadbeef'],
}

describe('encodeEndBlock', () => {
  it('is decoded by the hub’s ABI to the same facts', () => {
    const { functionName, args } = decodeFunctionData({
      abi: systemHubAbi,
      data: encodeEndBlock(input),
    })
    expect(functionName).toBe('endBlock')
    expect(args).toEqual([input])
  })

  it('loses nothing of any input', () => {
    const word64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })
    const word256 = fc.bigInt({ min: 0n, max: 2n ** 256n - 1n })
    const anyInput = fc.record({
      height: word64,
      parentRound: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
      parentGasUsed: word64,
      parentBaseFee: word256,
      parentProposer: fc.constantFrom(...Object.values(predeploys)).map((a) => getAddress(a)),
      parentSigners: word256,
      skippedSeats: fc.array(fc.integer({ min: 0, max: 65_535 }), { maxLength: 8 }),
      evidence: fc.array(
        fc.uint8Array({ maxLength: 80 }).map((bytes) => toHex(bytes)),
        {
          maxLength: 8,
        },
      ),
    })
    fc.assert(
      fc.property(anyInput, (any) => {
        const { args } = decodeFunctionData({ abi: systemHubAbi, data: encodeEndBlock(any) })
        expect(args).toEqual([any])
      }),
    )
  })
})

describe('calls', () => {
  let evm: EVM
  let block: Block
  const read = async <T>({ to, data, decode }: SystemCall<T>): Promise<T> => {
    const { execResult } = await evm.runCall({
      to: createAddressFromString(to),
      data: hexToBytes(data),
      block,
      skipBalance: true,
    })
    expect(execResult.exceptionError).toBeUndefined()
    return decode(bytesToHex(execResult.returnValue))
  }
  beforeAll(async () => {
    const common = commonOf(dev)
    const { state } = await genesisState(genesis.accounts, common)
    evm = await createEVM({ common, stateManager: state })
    block = await genesisBlock(dev, genesis)
  })

  it('find every parameter at its genesis value', async () => {
    for (const { key, value } of protocolParams) {
      expect(await read(paramCall(key)), key).toBe(dev.params[key] ?? value)
    }
    expect(await read(baseFeeFloorCall())).toBe(1_000_000_000n)
    expect(await read(baseFeeDenominatorCall())).toBe(96n)
  })

  it('find the one signer in its seat, proposing every height', async () => {
    const [signer] = dev.signers
    expect(await read(seatCountCall())).toBe(1n)
    expect(await read(seatAtCall(0))).toBe(signer)
    for (const height of [1n, 2n, 1_000n]) {
      expect(await read(proposerAtCall(height, 3))).toBe(signer)
    }
  })

  it('find no block ended, no fork scheduled and no coin released', async () => {
    expect(await read(lastBlockCall())).toBe(0n)
    expect(await read(forkTimeCall('anything'))).toBe(0n)
    expect(await read(releasedCall())).toBe(0n)
  })

  it('find the supply that the spec allocates', async () => {
    expect(await read(supplyCall())).toEqual({
      cap: dev.cap,
      issued: premineOf(dev),
      burned: 0n,
      locked: 0n,
      circulating: dev.cap - minedCapOf(dev),
    })
  })
})

describe('readEndBlockLogs', () => {
  const target = '0x90CA000000000000000000000000000000000009'
  const processed: RawLog = {
    address: predeploys.systemHub,
    topics: topics('BlockProcessed', { height: 1n, proposer: target }),
    data: encodeAbiParameters([{ type: 'uint256' }], [123_456n]),
  }
  const failed: RawLog = {
    address: predeploys.systemHub,
    topics: topics('ModuleFailed', { index: 2n, target }),
    data: encodeAbiParameters([{ type: 'bytes' }], ['0x1234']),
  }
  const tripped: RawLog = {
    address: predeploys.systemHub,
    topics: topics('ModuleTripped', { index: 2n, target }),
    data: '0x',
  }

  it('tells what failed, what tripped and the gas used', () => {
    expect(readEndBlockLogs([failed, tripped, processed])).toEqual({
      gasUsed: 123_456n,
      failures: [{ index: 2n, target, reason: '0x1234' }],
      tripped: [2n],
    })
  })

  it('passes over the logs of others, and of a block that was not ended', () => {
    const foreign = { ...failed, address: predeploys.taskMarket }
    expect(readEndBlockLogs([foreign])).toEqual({ gasUsed: undefined, failures: [], tripped: [] })
  })
})

function topics(
  eventName: 'BlockProcessed' | 'ModuleFailed' | 'ModuleTripped',
  args: Record<string, unknown>,
): RawLog['topics'] {
  // All arguments are single values, so each topic is one word.
  return encodeEventTopics({ abi: systemHubAbi, eventName, args } as never) as `0x${string}`[]
}
