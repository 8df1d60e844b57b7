import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { type Abi, type Hex, keccak256, stringToHex } from 'viem'
import { GenesisError } from '../../chain/system/genesis/genesisErrors.ts'

/** A compiled contract as Hardhat wrote it. */
export type CompiledContract = {
  readonly contractName: string
  readonly abi: Abi
  readonly bytecode: Hex
  readonly buildInfoId: string
}

/** What decides bytecode besides the sources. */
export type CompilerFacts = { readonly version: string; readonly settingsHash: Hex }

export const root = resolve(import.meta.dirname, '../..')

/** Sources that no chain contains. */
const foreignSources = ['examples', 'mocks']

/**
 * Reads compiled contracts by name from Hardhat's artifacts folder.
 */
export function readArtifacts(folder = join(root, 'artifacts')) {
  const paths = new Map(
    listFiles(join(folder, 'contracts'))
      .filter((path) => path.endsWith('.json'))
      .map((path) => [path.replace(/^.*\/|\.json$/g, ''), path]),
  )
  const artifactOf = (name: string): CompiledContract => {
    const path = paths.get(name)
    if (path === undefined) {
      throw new GenesisError(
        { code: 'GENESIS_NO_ARTIFACT', contract: name },
        `There is no compiled ${name}; run "npm run build" first.`,
      )
    }
    return JSON.parse(readFileSync(path, 'utf8'))
  }
  const has = (name: string): boolean => paths.has(name)
  return { artifactOf, has, compilerOf: (name: string) => compilerOf(folder, artifactOf(name)) }
}

/** A hash of every Solidity source of ours, and of the versions of those that are not. */
export function hashSources(): Hex {
  const folder = join(root, 'contracts')
  const require = createRequire(import.meta.url)
  const own = listFiles(folder)
    .filter((path) => path.endsWith('.sol'))
    .map((path) => path.slice(folder.length + 1))
    .filter((path) => !foreignSources.some((part) => path.startsWith(`${part}/`)))
    .map((path) => `${path} ${keccak256(readFileSync(join(folder, path)))}`)
  const foreign = ['@openzeppelin/contracts', '@openzeppelin/contracts-upgradeable'].map(
    (name) => `${name} ${require(`${name}/package.json`).version}`,
  )
  return keccak256(stringToHex([...own.sort(), ...foreign].join('\n')))
}

function compilerOf(folder: string, { buildInfoId }: CompiledContract): CompilerFacts {
  const path = join(folder, 'build-info', `${buildInfoId}.json`)
  const { solcLongVersion, input } = JSON.parse(readFileSync(path, 'utf8'))
  const { evmVersion, metadata, optimizer, viaIR } = input.settings
  return {
    version: solcLongVersion,
    settingsHash: keccak256(
      stringToHex(JSON.stringify({ evmVersion, metadata, optimizer, viaIR })),
    ),
  }
}

function listFiles(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
}
