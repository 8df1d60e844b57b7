import { Common, Hardfork, Mainnet } from '@ethereumjs/common'
import {
  type CustomPrecompile,
  type EVMBN254Interface,
  type EVMInterface,
  type EVMOpts,
  getActivePrecompiles,
  type PrecompileFunc,
} from '@ethereumjs/evm'
import { setLengthRight } from '@ethereumjs/util'
import { assert } from '../primitives/assert.ts'
import { blake2F } from './blake2f.ts'
import { bls12381With } from './bls12381.ts'
import { bn254With } from './bn254.ts'
import { numberBytes } from './mcl.ts'
import { verifyP256 } from './p256.ts'
import { powMod } from './powMod.ts'

/** Options of the EVM that replace its slow precompiles. */
export type PrecompileOptions = Required<Pick<EVMOpts, 'bls' | 'customPrecompiles'>>

/**
 * The precompiles of both engines. Outputs, gas and failures are those of the interpreter's own, as
 * `test/chain/crypto/precompiles.test.ts` shows; ecrecover, SHA-256 and point evaluation come with
 * `customCrypto`, and RIPEMD-160 and the identity are fast enough for their gas.
 *
 * @param pulse - Called again and again while one of them runs for long. What it throws makes the
 *   precompile fail at once, so who throws must throw the whole execution away.
 */
export function precompileOptions(pulse: () => void = doNothing): PrecompileOptions {
  const bn254 = bn254With(pulse)
  const customPrecompiles: CustomPrecompile[] = [
    { address: '0x0000000000000000000000000000000000000005', function: modexpWith(pulse) },
    { address: '0x0000000000000000000000000000000000000006', function: onCurve('0x06', bn254) },
    { address: '0x0000000000000000000000000000000000000007', function: onCurve('0x07', bn254) },
    { address: '0x0000000000000000000000000000000000000008', function: onCurve('0x08', bn254) },
    { address: '0x0000000000000000000000000000000000000009', function: blake2f },
    { address: '0x0000000000000000000000000000000000000100', function: p256verify },
  ]
  return { bls: bls12381With(pulse), customPrecompiles }
}

function doNothing(): void {}

const stock = getActivePrecompiles(new Common({ chain: Mainnet, hardfork: Hardfork.Osaka }))

function stockAt(address: string): PrecompileFunc {
  const found = stock.get(address.slice(2).padStart(40, '0'))
  assert(found !== undefined, 'the precompile exists in Osaka')
  return found
}

/**
 * The interpreter's own with another curve. `createEVM` puts its own curve over whatever it is given
 * as `bn254`, so the precompiles get a machine that has nothing else.
 */
function onCurve(address: string, bn254: EVMBN254Interface): PrecompileFunc {
  const own = stockAt(address)
  // They read nothing of the machine but this; the version of the package is pinned.
  const machine = { _bn254: bn254 } as unknown as EVMInterface
  return (input) => own({ ...input, _EVM: machine })
}

/** EIP-7823. */
const MODEXP_SIZE_MAX = 1_024
const stockModexp = stockAt('0x05')

/** The interpreter's own finds gas and failures, given no modulus: then it computes nothing. */
const modexpWith =
  (pulse: () => void): PrecompileFunc =>
  async (input) => {
    const data = input.data.length < 96 ? setLengthRight(input.data, 96) : input.data
    const [baseSize, exponentSize, size] = [0, 32, 64].map((at) =>
      Number(toNumber(data.subarray(at, at + 32))),
    )
    assert(
      baseSize !== undefined && exponentSize !== undefined && size !== undefined,
      'three sizes',
    )
    const isBig = Math.max(baseSize, exponentSize, size) > MODEXP_SIZE_MAX
    if (isBig) return stockModexp(input)
    const modulusAt = 96 + baseSize + exponentSize
    const result = await stockModexp({ ...input, data: data.subarray(0, modulusAt) })
    if (result.exceptionError !== undefined || size === 0) return result
    // Bytes behind the end of the data are zero.
    const at = (from: number, length: number): bigint =>
      toNumber(setLengthRight(data.subarray(from, from + length), length))
    const modulus = at(modulusAt, size)
    if (modulus === 0n) return result
    const power = powMod(at(96, baseSize), at(96 + baseSize, exponentSize), modulus, pulse)
    return { ...result, returnValue: numberBytes(power, size) }
  }

const BLAKE2F_SIZE = 213
const stockBlake2f = stockAt('0x09')

/** One gas a round. */
const blake2f: PrecompileFunc = (input) => {
  const { data, gasLimit } = input
  const isFinal = data[BLAKE2F_SIZE - 1] ?? 2
  const rounds = new DataView(data.buffer, data.byteOffset, data.length)
  const isValid = data.length === BLAKE2F_SIZE && isFinal <= 1
  if (!isValid || gasLimit < BigInt(rounds.getUint32(0))) return stockBlake2f(input)
  return {
    executionGasUsed: BigInt(rounds.getUint32(0)),
    returnValue: blake2F(rounds.getUint32(0), data.subarray(4), isFinal === 1),
  }
}

const stockP256 = stockAt('0x100')
const nothing = new Uint8Array()

/** The interpreter's own finds the gas, given nothing to verify. */
const p256verify: PrecompileFunc = async (input) => {
  const result = await stockP256({ ...input, data: nothing })
  if (result.exceptionError !== undefined || !verifyP256(input.data)) return result
  return { ...result, returnValue: numberBytes(1n, 32) }
}

function toNumber(bytes: Uint8Array): bigint {
  if (bytes.length === 0) return 0n
  return BigInt(`0x${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex')}`)
}
