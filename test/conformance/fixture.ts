import { hexToBytes } from '@ethereumjs/util'
import { keccak256 } from '../../chain/crypto/keccak.ts'
import type { Address, Hash, Hex } from '../../chain/primitives/hex.ts'
import type { GenesisAccount } from '../../chain/system/genesis/genesisFile.ts'
import {
  encodeTransaction,
  type TransactionFields,
} from '../chain/evm/differential/rawTransaction.ts'
import type { BlockEnvironment } from './executor.ts'

/** One transaction of a public state test with what must come of it under one fork. */
export type StateTest = {
  /** Name in the file, fork and indexes of data, gas and value. */
  readonly id: string
  /** Where the file was made and with what, as far as it says. */
  readonly origin: string
  /** Fork as the file calls it. */
  readonly fork: string
  readonly chainId: bigint
  readonly accounts: readonly GenesisAccount[]
  readonly block: BlockEnvironment
  readonly raw: Uint8Array
  readonly expected: {
    readonly stateRoot: Hash
    /** Keccak of the RLP of all logs. */
    readonly logsHash: Hash
    /** Set when the transaction must be refused. */
    readonly exception: string | undefined
  }
}

/** Fork in a fixture -> fork in `@ethereumjs/common`. */
export const forkNames: Readonly<Record<string, string>> = {
  Frontier: 'chainstart',
  Homestead: 'homestead',
  EIP150: 'tangerineWhistle',
  EIP158: 'spuriousDragon',
  Byzantium: 'byzantium',
  Constantinople: 'constantinople',
  ConstantinopleFix: 'petersburg',
  Istanbul: 'istanbul',
  Berlin: 'berlin',
  London: 'london',
  Merge: 'paris',
  Paris: 'paris',
  Shanghai: 'shanghai',
  Cancun: 'cancun',
  Prague: 'prague',
  Osaka: 'osaka',
}

/** JSON of a file in the format of `ethereum/tests` and `execution-spec-tests`. */
type FixtureFile = Readonly<Record<string, FixtureCase>>

type FixtureCase = {
  readonly _info?: Readonly<Record<string, unknown>>
  readonly config?: { readonly chainid?: string }
  readonly env: Readonly<Record<string, string | undefined>>
  readonly pre: Readonly<Record<string, FixtureAccount>>
  readonly transaction: FixtureTransaction
  readonly post: Readonly<Record<string, readonly FixturePost[]>>
}

type FixtureAccount = {
  readonly balance: string
  readonly nonce: string
  readonly code: string
  readonly storage: Readonly<Record<string, string>>
}

type FixtureTransaction = {
  readonly nonce: string
  readonly gasPrice?: string
  readonly maxFeePerGas?: string
  readonly maxPriorityFeePerGas?: string
  readonly gasLimit: readonly string[]
  /** Empty or absent: creates a contract. */
  readonly to?: string
  readonly value: readonly string[]
  readonly data: readonly string[]
  readonly accessLists?: readonly (readonly FixtureAccess[] | null)[]
  readonly secretKey?: string
  readonly maxFeePerBlobGas?: string
  readonly authorizationList?: readonly unknown[]
}

type FixtureAccess = { readonly address: string; readonly storageKeys: readonly string[] }

type FixturePost = {
  readonly hash: string
  readonly logs: string
  readonly txbytes?: string
  readonly expectException?: string
  readonly indexes: { readonly data: number; readonly gas: number; readonly value: number }
}

/** The tests of a file. Transactions that it does not give as bytes are signed with its key. */
export function parseFixture(json: string): {
  readonly tests: readonly StateTest[]
  /** Tests whose transaction is neither given as bytes nor can be signed. */
  readonly withoutBytes: number
} {
  // Public files of a known format; one that breaks it throws here or fails its test.
  const file = JSON.parse(json) as FixtureFile
  const tests: StateTest[] = []
  let withoutBytes = 0
  for (const [name, one] of Object.entries(file)) {
    if (one.post === undefined || one.env === undefined) continue
    const accounts = Object.entries(one.pre).map(([address, fields]) => accountOf(address, fields))
    const chainId = BigInt(one.config?.chainid ?? 1)
    for (const [fork, posts] of Object.entries(one.post)) {
      for (const post of posts) {
        const raw = transactionOf(one.transaction, post, chainId)
        if (raw === undefined) {
          withoutBytes++
          continue
        }
        const { data, gas, value } = post.indexes
        tests.push({
          origin: `${one._info?.url ?? ''} ${one._info?.['filling-transition-tool'] ?? ''}`,
          id: `${name} ${fork} d${data}g${gas}v${value}`,
          fork,
          chainId,
          accounts,
          block: blockOf(one.env),
          raw,
          expected: {
            stateRoot: post.hash as Hash,
            logsHash: post.logs as Hash,
            exception: post.expectException,
          },
        })
      }
    }
  }
  return { tests, withoutBytes }
}

function transactionOf(
  tx: FixtureTransaction,
  { txbytes, indexes }: FixturePost,
  chainId: bigint,
): Uint8Array | undefined {
  if (txbytes !== undefined) return bytesOf(txbytes)
  // Blobs and authorizations come with bytes wherever they occur.
  const isPlain = tx.maxFeePerBlobGas === undefined && tx.authorizationList === undefined
  if (tx.secretKey === undefined || !isPlain) return undefined
  const accessList = tx.accessLists?.[indexes.data]
  const maxFee = numberOf(tx.maxFeePerGas ?? tx.gasPrice ?? '0x0')
  const fields: TransactionFields = {
    type: tx.maxFeePerGas !== undefined ? 2 : accessList ? 1 : 0,
    chainId,
    isProtected: false,
    nonce: numberOf(tx.nonce),
    maxFee,
    maxTip: numberOf(tx.maxPriorityFeePerGas ?? '0x0'),
    gas: numberOf(tx.gasLimit[indexes.gas] ?? '0x0'),
    to: tx.to === undefined || tx.to === '' ? null : addressOf(tx.to),
    value: numberOf(tx.value[indexes.value] ?? '0x0'),
    data: bytesOf(tx.data[indexes.data] ?? '0x'),
    accessList: (accessList ?? []).map(({ address, storageKeys }) => ({
      address: addressOf(address),
      storageKeys: storageKeys.map(wordOf),
    })),
    authorizations: [],
  }
  return encodeTransaction(fields, hexToBytes(wordOf(tx.secretKey)))
}

function addressOf(text: string): Address {
  return `0x${evenDigits(text).padStart(40, '0')}`
}

function accountOf(address: string, fields: FixtureAccount): GenesisAccount {
  return {
    address: address.toLowerCase() as Address,
    balance: numberOf(fields.balance),
    nonce: numberOf(fields.nonce),
    code: `0x${evenDigits(fields.code)}`,
    storage: Object.entries(fields.storage)
      .map(([slot, value]) => [wordOf(slot), wordOf(value)] as const)
      .filter(([, value]) => BigInt(value) !== 0n),
  }
}

function blockOf(env: Readonly<Record<string, string | undefined>>): BlockEnvironment {
  const number = (key: string) => numberOf(env[key] ?? '0x0')
  return {
    number: number('currentNumber'),
    timestamp: number('currentTimestamp'),
    coinbase: (env.currentCoinbase ?? `0x${'0'.repeat(40)}`).toLowerCase() as Address,
    gasLimit: number('currentGasLimit'),
    ...(env.currentBaseFee === undefined ? {} : { baseFeePerGas: number('currentBaseFee') }),
    mixHash: wordOf(env.currentRandom ?? '0x0'),
    difficulty: number('currentDifficulty'),
    excessBlobGas: number('currentExcessBlobGas'),
    // The convention of the public tests.
    hashOf: (height) => keccak256(Buffer.from(String(height), 'ascii')),
  }
}

function numberOf(text: string): bigint {
  return BigInt(text === '0x' || text === '' ? 0 : text)
}

function wordOf(text: string): Hash {
  return `0x${numberOf(text).toString(16).padStart(64, '0')}`
}

function evenDigits(hex: string): string {
  const digits = hex.replace(/^0x/, '').toLowerCase()
  return digits.length % 2 === 0 ? digits : `0${digits}`
}

function bytesOf(hex: string): Uint8Array {
  const text: Hex = `0x${evenDigits(hex)}`
  return new Uint8Array(Buffer.from(text.slice(2), 'hex'))
}
