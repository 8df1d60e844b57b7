import { z } from 'zod'
import type { Address, Hash, Hex } from '../../primitives/hex.ts'
import { GenesisError } from './genesisErrors.ts'

const hex = z.string().regex(/^0x([0-9a-f]{2})*$/, 'must be lower-case hex of whole bytes')
const quantity = z.string().regex(/^0x(0|[1-9a-f][0-9a-f]{0,63})$/, 'must be a hex quantity')
const address = z.string().regex(/^0x[0-9a-f]{40}$/, 'must be a lower-case address')
const word = z.string().regex(/^0x[0-9a-f]{64}$/, 'must be 32 bytes')
const zero = z.literal(0)

const account = z.strictObject({
  balance: quantity.transform(BigInt),
  nonce: quantity.transform(BigInt).default(0n),
  code: hex.default('0x').transform((value): Hex => value as Hex), // matched above
  storage: z.record(word, word).default({}),
})

const config = z.looseObject({
  chainId: z.number().int().positive(),
  osakaTime: zero,
  poca: z.strictObject({
    spec: z.enum(['dev', 'smart', 'tesra']),
    coin: z.strictObject({ name: z.string(), symbol: z.string(), decimals: z.literal(18) }),
    systemTxGas: quantity.transform(BigInt),
    targetBlockMs: z.number().int().positive(),
  }),
})

const file = z.strictObject({
  config,
  nonce: z.literal('0x0'),
  timestamp: quantity.transform(BigInt),
  extraData: hex,
  gasLimit: quantity.transform(BigInt),
  difficulty: z.literal('0x0'),
  mixHash: word,
  coinbase: address,
  number: z.literal('0x0'),
  gasUsed: z.literal('0x0'),
  parentHash: word,
  baseFeePerGas: quantity.transform(BigInt),
  excessBlobGas: z.literal('0x0'),
  blobGasUsed: z.literal('0x0'),
  alloc: z.record(address, account),
})

/** A genesis file as it is written: the JSON form that geth reads. */
export type GenesisFile = z.input<typeof file>

/** A genesis as the node holds it. */
export type Genesis = {
  readonly config: z.output<typeof config>
  readonly timestamp: bigint
  readonly gasLimit: bigint
  readonly baseFeePerGas: bigint
  readonly extraData: Hex
  readonly mixHash: Hash
  readonly coinbase: Address
  readonly parentHash: Hash
  /** By address, ascending. */
  readonly accounts: readonly GenesisAccount[]
}

export type GenesisAccount = {
  readonly address: Address
  readonly balance: bigint
  readonly nonce: bigint
  readonly code: Hex
  /** Slots that are not zero, ascending. */
  readonly storage: readonly (readonly [slot: Hash, value: Hash])[]
}

/**
 * Reads a geth-format genesis.
 *
 * @throws GenesisError `GENESIS_MALFORMED` with every fault found.
 */
export function parseGenesis(json: unknown): Genesis {
  const result = file.safeParse(json)
  if (!result.success) {
    const issues = result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
    throw new GenesisError(
      { code: 'GENESIS_MALFORMED', issues },
      `The genesis file is malformed: ${issues.slice(0, 3).join('; ')}.`,
    )
  }
  const { alloc, extraData, mixHash, coinbase, parentHash, ...rest } = result.data
  return {
    config: rest.config,
    timestamp: rest.timestamp,
    gasLimit: rest.gasLimit,
    baseFeePerGas: rest.baseFeePerGas,
    // The schema has matched each of these.
    extraData: extraData as Hex,
    mixHash: mixHash as Hash,
    coinbase: coinbase as Address,
    parentHash: parentHash as Hash,
    accounts: Object.entries(alloc)
      .map(([key, { balance, nonce, code, storage }]) => ({
        address: key as Address,
        balance,
        nonce,
        code,
        storage: sorted(Object.entries(storage) as (readonly [Hash, Hash])[]),
      }))
      .sort((a, b) => (a.address < b.address ? -1 : 1)),
  }
}

function sorted<T extends readonly [string, string]>(pairs: readonly T[]): readonly T[] {
  return [...pairs].sort(([a], [b]) => (a < b ? -1 : 1))
}
