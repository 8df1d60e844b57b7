// The small world in which engines are compared: accounts of every kind that a rule tells apart.
import { bytesToHex, concatBytes, hexToBytes } from '@ethereumjs/util'
import { privateKeyToAddress } from '../../../../chain/crypto/secp256k1.ts'
import { commonOf } from '../../../../chain/params/common.ts'
import type { Address, Hex } from '../../../../chain/primitives/hex.ts'
import { predeploys } from '../../../../chain/system/addresses.ts'
import { systemTxTarget } from '../../../../chain/system/encoders.ts'
import { type Genesis, parseGenesis } from '../../../../chain/system/genesis/genesisFile.ts'
import { preinstallEntries } from '../../../../chain/system/genesis/preinstalls.ts'
import { assemble, type Item } from './assembler.ts'
import { createRandom } from './random.ts'
import { randomCode } from './randomCode.ts'
import { scriptCode } from './script.ts'

export const spec = { name: 'dev', chainId: 18_512n, blockGasLimit: 30_000_000n } as const
export const common = commonOf(spec)

/** Gas of the system transaction: the stub needs little, and candidates get the rest. */
const SYSTEM_GAS = 500_000n
const RICH = 10n ** 21n
const NONCE_MAX = 2n ** 64n - 1n

/** Private keys by the part that their accounts play. */
const roles = {
  proposers: 3,
  rich: 8,
  /** Delegated to code from the start (EIP-7702). */
  delegated: 2,
  /** Have a contract's code; they may not send (EIP-3607). */
  contracts: 1,
  /** The last nonce there is, and the one before it. */
  exhausted: 2,
  /** A few cents. */
  poor: 3,
  /** Not in the state. */
  absent: 3,
} as const

type Role = keyof typeof roles

const roleNames = Object.keys(roles) as Role[]
const roleOf: readonly Role[] = roleNames.flatMap((role) => new Array<Role>(roles[role]).fill(role))

/** Private keys, all that sign. */
export const keys: readonly Uint8Array[] = roleOf.map((_, index) =>
  hexToBytes(`0x${(0x5000 + index).toString(16).padStart(64, '0')}`),
)
export const senders: readonly Address[] = keys.map((key) => privateKeyToAddress(key))
/** Indexes of the keys whose accounts have a contract's code. */
export const contractIndexes = roleOf.flatMap((role, index) =>
  role === 'contracts' ? [index] : [],
)
/** Indexes of the keys that propose. */
export const proposerIndexes = [0, 1, 2] as const

/** Addresses of the world by kind. */
export const places = {
  scripts: ['0xa100', '0xa101', '0xa102'].map(addressOf),
  random: ['0xb100', '0xb101', '0xb102', '0xb103', '0xb104', '0xb105'].map(addressOf),
  big: addressOf('0xc100'),
  reverter: addressOf('0xc101'),
  /** In the state though empty: whoever touches them removes them (EIP-161). */
  empty: [addressOf('0x03'), addressOf('0xd100'), addressOf('0xd101')],
  /** Coin without code. */
  plain: addressOf('0xe100'),
  absent: [addressOf('0xf100'), addressOf('0xf101'), addressOf('0xf102')],
  precompiles: Array.from({ length: 0x11 }, (_, i) => addressOf(`0x${(i + 1).toString(16)}`)),
  p256: addressOf('0x100'),
  hub: systemTxTarget,
  /** Answers every question about parameters with one number. */
  params: predeploys.protocolParams,
} as const

/** Selector of the hub stub's switch: what comes behind it decides whether `endBlock` fails. */
export const SWITCH_SELECTOR = 0x51717c4n
/** Selector with which anybody sets what the stub answers: the last height, or a parameter. */
export const CLAIM_SELECTOR = 0xc1a1ac01n

/**
 * The hub, as little of it as the rules ask for: `endBlock` keeps the height in slot 0 and emits a
 * log, everything else but the switches answers slot 0.
 */
function hubCode(endBlockSelector: Hex): Uint8Array {
  const items: readonly Item[] = [
    ...(['PUSH0', 'CALLDATALOAD', 0xe0, 'SHR'] as const),
    ...(['DUP1', { push: endBlockSelector }, 'EQ', { ref: 'end' }, 'JUMPI'] as const),
    ...(['DUP1', SWITCH_SELECTOR, 'EQ', { ref: 'switch' }, 'JUMPI'] as const),
    ...(['DUP1', CLAIM_SELECTOR, 'EQ', { ref: 'claim' }, 'JUMPI'] as const),
    ...(['PUSH0', 'SLOAD', 'PUSH0', 'MSTORE', 0x20, 'PUSH0', 'RETURN'] as const),
    { label: 'end' },
    ...([1, 'SLOAD', { ref: 'broken' }, 'JUMPI'] as const),
    ...(['NUMBER', 'PUSH0', 'SSTORE', 'GAS', 'PUSH0', 'MSTORE'] as const),
    ...(['NUMBER', 0x20, 'PUSH0', 'LOG1', 'STOP'] as const),
    { label: 'switch' },
    ...([4, 'CALLDATALOAD', 1, 'SSTORE', 'STOP'] as const),
    { label: 'claim' },
    ...([4, 'CALLDATALOAD', 'PUSH0', 'SSTORE', 'STOP'] as const),
    { label: 'broken' },
    ...(['PUSH0', 'PUSH0', 'REVERT'] as const),
  ]
  return assemble(items)
}

/** Code of the largest size there may be: a jump over bytes that look like jump destinations. */
function bigCode(): Uint8Array {
  const tail = assemble([...([{ label: 'here' }, 'GAS', 'PUSH0', 'SSTORE', 'STOP'] as const)])
  const size = 24_576
  const out = new Uint8Array(size).fill(0x5b)
  for (let at = 64; at < size - 64; at += 7) out[at] = 0x61 // PUSH2 hides two destinations
  const start = size - tail.length
  // What stands before must not swallow the destination.
  out.fill(0x5b, start - 8, start)
  out.set(tail, start)
  out.set(assemble([start, 'JUMP']), 0)
  return out
}

const reverterCode = assemble([
  ...(['CALLDATASIZE', 'PUSH0', 'PUSH0', 'CALLDATACOPY', 1, 'PUSH0', 'SSTORE'] as const),
  ...(['CALLDATASIZE', 'PUSH0', 'REVERT'] as const),
])

/** Genesis of the world that `seed` describes. */
export function createWorld(seed: number, endBlockSelector: Hex): Genesis {
  const random = createRandom(seed)
  const alloc: Record<string, unknown> = {}
  const put = (address: Address, account: AccountJson): void => {
    const { balance = 0n, nonce = 0n, code = new Uint8Array(), storage = {} } = account
    alloc[address] = {
      balance: `0x${balance.toString(16)}`,
      nonce: `0x${nonce.toString(16)}`,
      code: bytesToHex(code),
      storage,
    }
  }
  for (const entry of preinstallEntries) {
    if ('runtime' in entry) put(entry.address, { nonce: 1n, code: hexToBytes(entry.runtime) })
  }
  for (const address of [places.hub, places.params]) {
    put(address, { nonce: 1n, code: hubCode(endBlockSelector) })
  }
  for (const [index, address] of places.scripts.entries()) {
    const storage = index === 0 ? {} : { [word(1n)]: word(7n), [word(2n)]: word(2n ** 255n) }
    put(address, { nonce: 1n, balance: index === 1 ? 10n ** 18n : 0n, code: scriptCode, storage })
  }
  for (const address of places.random) {
    put(address, { nonce: 1n, balance: 5n, code: randomCode(random) })
  }
  put(places.big, { nonce: 1n, code: bigCode() })
  put(places.reverter, { nonce: 1n, code: reverterCode })
  put(places.plain, { balance: 1n })
  for (const address of places.empty) put(address, {})
  for (const [index, address] of senders.entries()) putSender(put, index, address)
  return parseGenesis({ ...head(random.pick(BLOCK_GAS)), alloc })
}

/** Gas limits of blocks: so that many, few and hardly any candidates fit. */
const BLOCK_GAS = [60_000_000n, 60_000_000n, 30_000_000n, 4_000_000n] as const

type AccountJson = {
  readonly balance?: bigint
  readonly nonce?: bigint
  readonly code?: Uint8Array
  readonly storage?: Readonly<Record<Hex, Hex>>
}

function putSender(
  put: (address: Address, account: AccountJson) => void,
  index: number,
  address: Address,
): void {
  const [script = places.plain] = places.scripts
  switch (roleOf[index]) {
    case 'proposers': {
      // One of those who propose runs code when it is called.
      if (index === 1) put(address, { balance: RICH, nonce: 1n, code: delegationTo(script) })
      else put(address, { balance: RICH })
      break
    }
    case 'delegated':
      put(address, { balance: RICH, nonce: 1n, code: delegationTo(script) })
      break
    case 'contracts':
      put(address, { balance: RICH, nonce: 1n, code: scriptCode })
      break
    case 'exhausted':
      put(address, { balance: RICH, nonce: NONCE_MAX - BigInt(index % 2) })
      break
    case 'poor':
      put(address, { balance: 10n ** 14n })
      break
    case 'rich':
      put(address, { balance: RICH })
      break
    default:
  }
}

/** Code of an account that runs the code at another address. */
export function delegationTo(address: Address): Uint8Array {
  return concatBytes(Uint8Array.of(0xef, 0x01, 0x00), hexToBytes(address))
}

export function word(value: bigint): Hex {
  return `0x${value.toString(16).padStart(64, '0')}`
}

function addressOf(digits: string): Address {
  return `0x${digits.slice(2).padStart(40, '0')}`
}

function head(gasLimit: bigint) {
  return {
    config: {
      chainId: Number(spec.chainId),
      osakaTime: 0,
      poca: {
        spec: 'dev',
        coin: { name: 'HPC', symbol: 'HPC', decimals: 18 },
        systemTxGas: `0x${SYSTEM_GAS.toString(16)}`,
        targetBlockMs: 1_000,
      },
    },
    nonce: '0x0',
    timestamp: '0x65000000',
    extraData: '0x',
    gasLimit: `0x${gasLimit.toString(16)}`,
    difficulty: '0x0',
    mixHash: word(0n),
    coinbase: `0x${'0'.repeat(40)}`,
    number: '0x0',
    gasUsed: '0x0',
    parentHash: word(0n),
    baseFeePerGas: '0x3b9aca00',
    excessBlobGas: '0x0',
    blobGasUsed: '0x0',
  }
}
