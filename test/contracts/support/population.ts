import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { artifacts } from 'hardhat'
import { encodeAbiParameters, type Hex, hexToBigInt, keccak256, numberToHex } from 'viem'
import { type PredeployName, predeploys } from '../../../chain/system/addresses.ts'
import type { RPCProvider } from '../../../src/hardhat/index.ts'

/** Where a variable of a contract is. */
type Variable = { readonly slot: bigint; readonly type: string }

type Layout = {
  readonly storage: readonly {
    readonly label: string
    readonly slot: string
    readonly type: string
  }[]
  readonly types: Readonly<
    Record<string, { readonly numberOfBytes: string; readonly value?: string }>
  >
}

/** Reads and writes variables of a system contract by their names, past all its rules. */
export async function storageOf(provider: RPCProvider, name: PredeployName, contract: string) {
  const layout = await layoutOf(contract)
  const address = predeploys[name]
  return {
    at(label: string): Variable {
      const found = layout.storage.find((variable) => variable.label === label)
      if (found === undefined) throw new Error(`${contract} has no variable ${label}`)
      return { slot: BigInt(found.slot), type: found.type }
    },
    /** Words of one value of a mapping. */
    wordsOf({ type }: Variable): number {
      const value = layout.types[layout.types[type]?.value ?? '']
      return Math.ceil(Number(value?.numberOfBytes ?? 32) / 32)
    },
    async read(slot: bigint): Promise<bigint> {
      const params = [address, numberToHex(slot, { size: 32 }), 'latest']
      // The method answers with hex.
      return hexToBigInt((await provider.request({ method: 'eth_getStorageAt', params })) as Hex)
    },
    async write(slot: bigint, value: bigint): Promise<void> {
      const params = [address, numberToHex(slot), numberToHex(value, { size: 32 })]
      await provider.request({ method: 'hardhat_setStorageAt', params })
    },
  }
}

/** Slot of a mapping's value. */
export function slotAt(mapping: bigint, key: bigint): bigint {
  return hexToBigInt(keccak256(encodeWords(key, mapping)))
}

/** Slot of the first word of a dynamic array. */
export function dataOf(array: bigint): bigint {
  return hexToBigInt(keccak256(numberToHex(array, { size: 32 })))
}

/** Values of 64 bits, four to a word, the first lowest. */
export function packed(values: readonly bigint[]): bigint {
  return values.reduce((word, value, lane) => word | (value << BigInt(64 * lane)), 0n)
}

function encodeWords(a: bigint, b: bigint): Hex {
  return encodeAbiParameters([{ type: 'uint256' }, { type: 'uint256' }], [a, b])
}

/** The storage layout that the compiler wrote. */
async function layoutOf(contract: string): Promise<Layout> {
  const { sourceName, buildInfoId } = await artifacts.readArtifact(contract)
  if (buildInfoId === undefined) throw new Error(`${contract} was not compiled`)
  const root = join(import.meta.dirname, '../../..')
  const path = join(root, 'artifacts/build-info', `${buildInfoId}.output.json`)
  const { output } = JSON.parse(readFileSync(path, 'utf8'))
  const source = Object.keys(output.contracts).find((key) => key.endsWith(sourceName)) ?? ''
  return output.contracts[source][contract].storageLayout
}
