// Shows that the genesis in deploy/ is what today's contracts make, that it holds exactly the cap,
// and that what can go wrong while building or loading one is said with a code.
import { readFileSync } from 'node:fs'
import { createBlock } from '@ethereumjs/block'
import { bytesToHex, createAddressFromString, hexToBytes } from '@ethereumjs/util'
import { createVM, runBlock } from '@ethereumjs/vm'
import { keccak256, numberToHex, stringToHex } from 'viem'
import { describe, expect, it } from 'vitest'
import type { ChainSpec } from '../../../chain/params/chainSpec.ts'
import { commonOf } from '../../../chain/params/common.ts'
import { dev } from '../../../chain/params/specs.ts'
import type { Address, Hash } from '../../../chain/primitives/hex.ts'
import { implementationOf, predeploys, preinstalls } from '../../../chain/system/addresses.ts'
import { type ArtifactSource, buildGenesis } from '../../../chain/system/genesis/buildGenesis.ts'
import { parseDeployment } from '../../../chain/system/genesis/deployment.ts'
import { parseGenesis } from '../../../chain/system/genesis/genesisFile.ts'
import { genesisBlock, genesisState } from '../../../chain/system/genesis/loadGenesis.ts'
import { manifestOf, proxied } from '../../../chain/system/genesis/manifest.ts'
import { lockOf } from '../../../scripts/lib/genesisLock.ts'
import { readArtifacts } from '../../../scripts/lib/hardhatArtifacts.ts'

const json = (path: string) => JSON.parse(readFileSync(path, 'utf8'))
const file = json('deploy/genesis/dev.json')
const genesis = parseGenesis(file)
const artifacts = readArtifacts()
const accountOf = (address: Address) => genesis.accounts.find((a) => a.address === address)
const slotOf = (address: Address, slot: Hash) =>
  new Map(accountOf(address)?.storage ?? []).get(slot)

// EIP-1967 and OpenZeppelin's Initializable.
const adminSlot = '0xb53127684a568b3173ae13b9f8a6016e243e63b6e8ee1178d6a717850b5d6103'
const implementationSlot = '0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc'
const initialisedSlot = erc7201('openzeppelin.storage.Initializable')
const behindProxy = (Object.keys(proxied) as (keyof typeof proxied)[]).filter(
  (name) => name !== 'rewardFormula',
)

describe('deploy/genesis', () => {
  it('is what the compiled contracts make', async () => {
    const built = await buildGenesis(dev, artifacts.artifactOf)
    expect(built.file).toEqual(file)
    expect(lockOf(built, artifacts)).toEqual(lockedCode('dev'))
  })

  it.each(['smart', 'tesra'])('locks a rehearsal of %s', async (name) => {
    const spec = parseDeployment(json(`deploy/deployments/${name}.rehearsal.json`), {
      allowDevKeys: true,
    })
    const built = await buildGenesis(spec, artifacts.artifactOf)
    expect(lockOf(built, artifacts)).toEqual(lockedCode(name))
    const sum = parseGenesis(built.file).accounts.reduce((total, a) => total + a.balance, 0n)
    expect(sum).toBe(spec.cap)
  })

  it('holds 210,000,000 coins, all but the premine in the reserve', () => {
    const sum = genesis.accounts.reduce((total, { balance }) => total + balance, 0n)
    expect(sum).toBe(210_000_000n * 10n ** 18n)
    expect(accountOf(predeploys.emissionReserve)?.balance).toBe(209_800_000n * 10n ** 18n)
  })

  it('gives contracts nonce 1 and accounts nonce 0', () => {
    for (const { nonce, code } of genesis.accounts) expect(nonce).toBe(code === '0x' ? 0n : 1n)
  })

  it('puts each implementation behind its proxy, under the one admin', () => {
    for (const name of Object.keys(proxied) as (keyof typeof proxied)[]) {
      const proxy = predeploys[name]
      expect(slotOf(proxy, implementationSlot)).toBe(word(implementationOf(proxy)))
      expect(slotOf(proxy, adminSlot)).toBe(word(predeploys.proxyAdmin))
    }
  })

  it('has initialised each proxy once and no implementation ever', () => {
    for (const name of behindProxy) {
      expect(slotOf(predeploys[name], initialisedSlot), name).toBe(word('0x01'))
      const implementation = implementationOf(predeploys[name])
      expect(slotOf(implementation, initialisedSlot), name).toBe(word('0xffffffffffffffff'))
    }
  })

  it('keeps the table of modules at the ERC-7201 slot of the hub', () => {
    expect(slotOf(predeploys.systemHub, erc7201('poca.storage.SystemHub'))).toBe(word('0x07'))
  })

  it('has the code of Ethereum at the addresses of Ethereum', () => {
    const hashes = [
      preinstalls.beaconRoots,
      preinstalls.blockHashHistory,
      preinstalls.create2Deployer,
    ]
    expect(hashes.map((address) => keccak256(accountOf(address)?.code ?? '0x'))).toEqual([
      '0xf57acd40259872606d76197ef052f3d35588dadf919ee1f0e3cb9b62d3f4b02c',
      '0x6e49e66782037c0555897870e29fa5e552daf4719552131a0abce779daec0a5d',
      '0x2fa86add0aed31f33a762c9d88e807c475bd51d0f52bd0955754b2608f7e4989',
    ])
    expect(accountOf(preinstalls.multicall3)?.code.length).toBeGreaterThan(5_000)
  })
})

describe('genesisBlock', () => {
  it('has the hash and state root of the lock', async () => {
    const block = await genesisBlock(dev, genesis)
    const lock = json('deploy/genesis/dev.lock')
    expect(bytesToHex(block.hash())).toBe(lock.blockHash)
    expect(bytesToHex(block.header.stateRoot)).toBe(lock.stateRoot)
    expect(block.header.timestamp).toBe(dev.genesisTime)
    expect(bytesToHex(block.header.extraData)).toBe('0x01000000000000')
  })

  it('refuses the genesis of another chain', async () => {
    await expect(genesisBlock({ ...dev, chainId: 1n }, genesis)).rejects.toMatchObject({
      facts: { code: 'GENESIS_WRONG_CHAIN', given: 18_512n, expected: 1n },
    })
  })

  it('lets contracts read certificates (EIP-4788) and hashes (EIP-2935) in block 1', async () => {
    const common = commonOf(dev)
    const { state } = await genesisState(genesis.accounts, common)
    const vm = await createVM({ common, stateManager: state })
    const parent = await genesisBlock(dev, genesis)
    const certificate: Hash = `0x${'c7'.repeat(32)}`
    const timestamp = dev.genesisTime + 1n
    const header = {
      number: 1n,
      timestamp,
      parentHash: parent.hash(),
      gasLimit: dev.blockGasLimit,
      baseFeePerGas: dev.initialBaseFee,
      parentBeaconBlockRoot: certificate,
    }
    const block = createBlock({ header, withdrawals: [] }, { common })
    await runBlock(vm, { block, generate: true, skipBlockValidation: true })
    const ask = async (to: Address, question: bigint) => {
      const { execResult } = await vm.evm.runCall({
        to: createAddressFromString(to),
        data: hexToBytes(numberToHex(question, { size: 32 })),
        block: createBlock({ header: { ...header, number: 2n }, withdrawals: [] }, { common }),
      })
      return bytesToHex(execResult.returnValue)
    }
    expect(await ask(preinstalls.beaconRoots, timestamp)).toBe(certificate)
    expect(await ask(preinstalls.blockHashHistory, 0n)).toBe(bytesToHex(parent.hash()))
  })
})

describe('parseGenesis', () => {
  it.each([
    ['nothing', undefined],
    ['an unknown field', { ...file, surprise: 1 }],
    ['an odd number of digits', { ...file, extraData: '0x0' }],
    ['an upper-case address', { ...file, alloc: { [`0x${'AB'.repeat(20)}`]: { balance: '0x0' } } }],
    ['a short slot', withAccount({ balance: '0x0', storage: { '0x01': word('0x01') } })],
    ['a negative balance', withAccount({ balance: '-0x1' })],
    ['a fork that is not active', { ...file, config: { ...file.config, osakaTime: 5 } }],
  ])('refuses %s', (_, value) => {
    expect(() => parseGenesis(value)).toThrow(
      expect.objectContaining({ facts: expect.objectContaining({ code: 'GENESIS_MALFORMED' }) }),
    )
  })
})

describe('buildGenesis', () => {
  // PUSH 1 byte of code at 0 and return it; REVERT; return nothing; give all coin away and return.
  it.each([
    ['a constructor that reverts', '0x5f5ffd', 'GENESIS_CONSTRUCTOR_FAILED'],
    ['a constructor that leaves no code', '0x00', 'GENESIS_CODE_INVALID'],
    ['code that starts with 0xEF', '0x60ef5f5360015ff3', 'GENESIS_CODE_INVALID'],
    ['code over 24,576 bytes', '0x6160015ff3', 'GENESIS_CODE_INVALID'],
    [
      'coin that leaves the known accounts',
      '0x5f5f5f5f4761dead5af160015ff3',
      'GENESIS_SUPPLY_MISMATCH',
    ],
  ] as const)('refuses %s', async (_, bytecode, code) => {
    await expect(buildGenesis(dev, replaced('HalvingEmission', bytecode))).rejects.toMatchObject({
      facts: { code },
    })
  })

  it('refuses allocations above the cap', async () => {
    const greedy: ChainSpec = { ...dev, cap: 1n }
    await expect(buildGenesis(greedy, artifacts.artifactOf)).rejects.toMatchObject({
      facts: { code: 'GENESIS_SUPPLY_MISMATCH', sum: 200_000n * 10n ** 18n, cap: 1n },
    })
  })

  it('says which contract is not compiled', () => {
    expect(() => artifacts.artifactOf('Nothing')).toThrow(
      expect.objectContaining({ facts: { code: 'GENESIS_NO_ARTIFACT', contract: 'Nothing' } }),
    )
  })

  it('adds up what one account is given twice', async () => {
    const [first] = dev.balances
    if (first === undefined) throw new Error('dev allocates')
    const spec = { ...dev, balances: [first, first] }
    const built = await buildGenesis(spec, artifacts.artifactOf)
    expect(built.file.alloc[first.address]?.balance).toBe(numberToHex(2n * first.balance))
  })
})

describe('manifestOf', () => {
  it('names each address once', () => {
    const addresses = manifestOf(dev).map(({ address }) => address)
    expect(new Set(addresses).size).toBe(addresses.length)
  })
})

describe('parseDeployment', () => {
  const smart = json('deploy/deployments/smart.rehearsal.json')

  it('refuses accounts whose key everybody knows', () => {
    expect(() => parseDeployment(smart, { allowDevKeys: false })).toThrow(
      expect.objectContaining({ facts: expect.objectContaining({ code: 'GENESIS_DEV_KEY' }) }),
    )
  })

  it.each([
    ['no signers', { ...smart, signers: [] }],
    ['no beneficiaries of Tesra’s grants', { ...smart, spec: 'tesra' }],
    ['an unknown chain', { ...smart, spec: 'dev' }],
    ['a time that is none', { ...smart, genesisTime: 'tomorrow' }],
  ])('refuses %s', (_, value) => {
    expect(() => parseDeployment(value, { allowDevKeys: true })).toThrow(
      expect.objectContaining({
        facts: expect.objectContaining({ code: 'GENESIS_DEPLOYMENT_MALFORMED' }),
      }),
    )
  })

  it('takes a start with the founders', () => {
    const spec = parseDeployment(smart, { allowDevKeys: true })
    expect(spec.name).toBe('smart')
    expect(spec.genesisTime).toBe(1_798_761_600n) // 2027-01-01T00:00:00Z
    expect(spec.signers).toHaveLength(4)
  })
})

/** A lock, whatever its sources: `npm run generated:check` compares those, comments and all. */
function lockedCode(name: string) {
  return { ...json(`deploy/genesis/${name}.lock`), sourceHash: expect.any(String) }
}

/** The real contracts, but for the creation code of one. */
function replaced(name: string, bytecode: `0x${string}`): ArtifactSource {
  return (wanted) => {
    const artifact = artifacts.artifactOf(wanted)
    return wanted === name ? { ...artifact, bytecode } : artifact
  }
}

function withAccount(account: unknown) {
  return { ...file, alloc: { [`0x${'ab'.repeat(20)}`]: account } }
}

function word(value: `0x${string}`): Hash {
  return numberToHex(BigInt(value), { size: 32 })
}

/** keccak256(keccak256(id) - 1) with the last byte cleared. */
function erc7201(id: string): Hash {
  const inner = BigInt(keccak256(stringToHex(id))) - 1n
  const slot = BigInt(keccak256(numberToHex(inner, { size: 32 })))
  return numberToHex(slot - (slot & 0xffn), { size: 32 })
}
