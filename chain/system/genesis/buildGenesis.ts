import { createEVM, type EVM } from '@ethereumjs/evm'
import { MerkleStateManager } from '@ethereumjs/statemanager'
import {
  type Address as AddressObject,
  bytesToHex,
  createAccount,
  createAddressFromString,
  createZeroAddress,
  hexToBytes,
} from '@ethereumjs/util'
import { type Abi, encodeDeployData, encodeFunctionData, numberToHex } from 'viem'
import { type ChainSpec, minedCapOf, premineOf } from '../../params/chainSpec.ts'
import { commonOf } from '../../params/common.ts'
import { assert } from '../../primitives/assert.ts'
import type { Address, Hash, Hex } from '../../primitives/hex.ts'
import { predeploys } from '../addresses.ts'
import { GenesisError } from './genesisErrors.ts'
import type { GenesisAccount, GenesisFile } from './genesisFile.ts'
import { genesisBlockWithRoot, genesisState } from './loadGenesis.ts'
import { type GenesisEntry, manifestOf } from './manifest.ts'

/** A compiled contract. */
export type GenesisArtifact = { readonly abi: Abi; readonly bytecode: Hex }

/** Finds a compiled contract by its name. */
export type ArtifactSource = (name: string) => GenesisArtifact

export type BuiltGenesis = {
  readonly file: GenesisFile
  readonly stateRoot: Hash
  readonly blockHash: Hash
  /** What code is where, in manifest order. */
  readonly contracts: readonly { readonly name: string; readonly address: Address }[]
}

type Builder = {
  readonly evm: EVM
  readonly state: MerkleStateManager
  readonly block: ReturnType<typeof genesisBlockWithRoot>
  readonly artifactOf: ArtifactSource
  /** Slots written, by account. */
  readonly touched: Map<Address, Set<Hash>>
}

/** EIP-170. */
const codeSizeMax = 24_576
const constructorGas = 30_000_000n
const zeroHash: Hash = `0x${'00'.repeat(32)}`
const zeroAddress: Address = `0x${'00'.repeat(20)}`
/** Version 1, round 0, seat 0: the form of every header's extra data. */
const genesisExtraData: Hex = '0x01000000000000'

/**
 * Builds a chain's first state by running the real constructors, each at its own address, in a
 * block with the chain's genesis time.
 *
 * @throws GenesisError when a constructor reverts, leaves no valid code, or coin is lost.
 */
export async function buildGenesis(
  spec: ChainSpec,
  artifactOf: ArtifactSource,
): Promise<BuiltGenesis> {
  if (minedCapOf(spec) < 0n) throw wrongSum(premineOf(spec), spec.cap)
  const manifest = manifestOf(spec)
  const builder = await startBuilder(spec, artifactOf)
  const balances = await putBalances(builder.state, spec)
  for (const entry of manifest) await place(builder, entry, balances)

  const addresses = [...new Set([...balances.keys(), ...manifest.map(({ address }) => address)])]
  const accounts = await Promise.all(
    addresses.sort().map((address) => readAccount(builder, address)),
  )
  requireCap(spec, accounts)

  const common = commonOf(spec)
  const { stateRoot } = await genesisState(accounts, common)
  assert(
    bytesToHex(stateRoot) === bytesToHex(await builder.state.getStateRoot()),
    'the accounts written are all that the constructors left behind',
  )
  return {
    file: writeFile(spec, accounts),
    stateRoot: bytesToHex(stateRoot),
    blockHash: bytesToHex(genesisBlockWithRoot(headerOf(spec), stateRoot, common).hash()),
    contracts: manifest.map(({ name, address }) => ({ name, address })),
  }
}

async function startBuilder(spec: ChainSpec, artifactOf: ArtifactSource): Promise<Builder> {
  const common = commonOf(spec)
  const state = new MerkleStateManager({ common })
  const touched: Builder['touched'] = new Map()
  const putStorage = state.putStorage.bind(state)
  state.putStorage = async (address, key, value) => {
    const at = address.toString()
    const slots = touched.get(at) ?? new Set<Hash>()
    touched.set(at, slots.add(bytesToHex(key)))
    await putStorage(address, key, value)
  }
  const evm = await createEVM({ common, stateManager: state })
  const block = genesisBlockWithRoot(headerOf(spec), new Uint8Array(32), common)
  return { evm, state, block, artifactOf, touched }
}

/** Allocations as the spec has them, and what is left for the reserve. */
async function putBalances(
  state: MerkleStateManager,
  spec: ChainSpec,
): Promise<ReadonlyMap<Address, bigint>> {
  const balances = new Map<Address, bigint>([[predeploys.emissionReserve, minedCapOf(spec)]])
  for (const { address, balance } of spec.balances) {
    const at = address.toLowerCase() as Address // lower case of an address is one
    balances.set(at, (balances.get(at) ?? 0n) + balance)
  }
  for (const [address, balance] of balances) {
    await state.putAccount(createAddressFromString(address), createAccount({ balance }))
  }
  return balances
}

async function place(
  builder: Builder,
  entry: GenesisEntry,
  balances: ReadonlyMap<Address, bigint>,
): Promise<void> {
  const at = createAddressFromString(entry.address)
  // EIP-161: a contract's nonce starts at 1.
  const balance = balances.get(entry.address) ?? 0n
  await builder.state.putAccount(at, createAccount({ nonce: 1n, balance }))
  const code =
    entry.kind === 'runtime'
      ? hexToBytes(entry.runtime)
      : await construct(builder, at, entry.name, creationOf(entry, builder.artifactOf))
  if (code.length === 0 || code.length > codeSizeMax || code[0] === 0xef) {
    throw new GenesisError(
      { code: 'GENESIS_CODE_INVALID', contract: entry.name, size: code.length },
      `${entry.name} leaves ${code.length} bytes of code, which is not code a chain may hold.`,
    )
  }
  await builder.state.putCode(at, code)
  const nonce = (await builder.state.getAccount(at))?.nonce
  assert(nonce === 1n, 'no constructor creates another contract')
}

/** Runs creation code at an address and returns the code it leaves. */
async function construct(
  { evm, block }: Builder,
  to: AddressObject,
  name: string,
  creation: Hex,
): Promise<Uint8Array> {
  await evm.journal.checkpoint()
  const result = await evm.runCode({
    code: hexToBytes(creation),
    data: new Uint8Array(),
    to,
    caller: createZeroAddress(),
    gasLimit: constructorGas,
    block,
  })
  if (result.exceptionError !== undefined) {
    const data = bytesToHex(result.returnValue)
    throw new GenesisError(
      { code: 'GENESIS_CONSTRUCTOR_FAILED', contract: name, data },
      `The constructor of ${name} failed: ${result.exceptionError.error} ${data}`,
    )
  }
  await evm.journal.commit()
  await evm.journal.cleanup()
  evm.transientStorage.clear()
  return result.returnValue
}

function creationOf(entry: Exclude<GenesisEntry, { kind: 'runtime' }>, artifactOf: ArtifactSource) {
  if (entry.kind === 'creation') return entry.creation
  if (entry.kind === 'contract')
    return encodeDeployData({ ...artifactOf(entry.name), args: entry.args })
  const { abi } = artifactOf(entry.name)
  const init =
    entry.init === undefined
      ? '0x'
      : encodeFunctionData({ abi, functionName: 'initialize', args: entry.init })
  return encodeDeployData({ ...artifactOf('SystemProxy'), args: [entry.implementation, init] })
}

async function readAccount(builder: Builder, address: Address): Promise<GenesisAccount> {
  const { state, touched } = builder
  const at = createAddressFromString(address)
  const account = await state.getAccount(at)
  const code = bytesToHex(await state.getCode(at))
  const storage: [Hash, Hash][] = []
  for (const slot of [...(touched.get(address) ?? [])].sort()) {
    const value = bytesToHex(await state.getStorage(at, hexToBytes(slot)))
    if (BigInt(value === '0x' ? 0 : value) !== 0n) storage.push([slot, padWord(value)])
  }
  return { address, balance: account?.balance ?? 0n, nonce: account?.nonce ?? 0n, code, storage }
}

function padWord(value: Hex): Hash {
  return `0x${value.slice(2).padStart(64, '0')}`
}

function requireCap({ cap }: ChainSpec, accounts: readonly GenesisAccount[]): void {
  const sum = accounts.reduce((total, { balance }) => total + balance, 0n)
  if (sum !== cap) throw wrongSum(sum, cap)
}

function wrongSum(sum: bigint, cap: bigint): GenesisError {
  return new GenesisError(
    { code: 'GENESIS_SUPPLY_MISMATCH', sum, cap },
    `Genesis holds ${sum} wei, but the cap is ${cap}.`,
  )
}

function headerOf(spec: ChainSpec) {
  return {
    timestamp: spec.genesisTime,
    gasLimit: spec.blockGasLimit,
    baseFeePerGas: spec.initialBaseFee,
    extraData: genesisExtraData,
    mixHash: zeroHash,
    coinbase: zeroAddress,
    parentHash: zeroHash,
  }
}

function writeFile(spec: ChainSpec, accounts: readonly GenesisAccount[]): GenesisFile {
  return {
    config: gethConfig(spec),
    nonce: '0x0',
    timestamp: numberToHex(spec.genesisTime),
    extraData: genesisExtraData,
    gasLimit: numberToHex(spec.blockGasLimit),
    difficulty: '0x0',
    mixHash: zeroHash,
    coinbase: zeroAddress,
    number: '0x0',
    gasUsed: '0x0',
    parentHash: zeroHash,
    baseFeePerGas: numberToHex(spec.initialBaseFee),
    excessBlobGas: '0x0',
    blobGasUsed: '0x0',
    alloc: Object.fromEntries(
      accounts.map(({ address, balance, nonce, code, storage }) => [
        address,
        {
          balance: numberToHex(balance),
          nonce: numberToHex(nonce),
          ...(code === '0x' ? {} : { code }),
          ...(storage.length === 0 ? {} : { storage: Object.fromEntries(storage) }),
        },
      ]),
    ),
  }
}

/** Every fork active from the start; `poca` is ours, other clients pass over it. */
function gethConfig(spec: ChainSpec): GenesisFile['config'] {
  const blobs = { target: 6, max: 9, baseFeeUpdateFraction: 5_007_716 }
  return {
    chainId: Number(spec.chainId),
    homesteadBlock: 0,
    eip150Block: 0,
    eip155Block: 0,
    eip158Block: 0,
    byzantiumBlock: 0,
    constantinopleBlock: 0,
    petersburgBlock: 0,
    istanbulBlock: 0,
    berlinBlock: 0,
    londonBlock: 0,
    mergeNetsplitBlock: 0,
    terminalTotalDifficulty: 0,
    terminalTotalDifficultyPassed: true,
    shanghaiTime: 0,
    cancunTime: 0,
    pragueTime: 0,
    osakaTime: 0,
    depositContractAddress: zeroAddress,
    blobSchedule: {
      cancun: { target: 3, max: 6, baseFeeUpdateFraction: 3_338_477 },
      prague: blobs,
      osaka: blobs,
    },
    poca: {
      spec: spec.name,
      coin: spec.coin,
      systemTxGas: numberToHex(spec.systemTxGas),
      targetBlockMs: spec.targetBlockMs,
    },
  }
}
