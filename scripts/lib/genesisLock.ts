import { keccak256 } from 'viem'
import type { Hex } from '../../chain/primitives/hex.ts'
import type { BuiltGenesis } from '../../chain/system/genesis/buildGenesis.ts'
import { hashSources, type readArtifacts } from './hardhatArtifacts.ts'

/** What a genesis was made of, for others to build it again and compare. */
export type GenesisLock = {
  readonly version: 1
  readonly spec: string
  readonly stateRoot: Hex
  readonly blockHash: Hex
  readonly compiler: { readonly version: string; readonly settingsHash: Hex }
  readonly sourceHash: Hex
  /** By address. */
  readonly code: Readonly<
    Record<string, { readonly contract: string; readonly size: number; readonly hash: Hex }>
  >
}

/** The lock of a genesis just built from `artifacts`. */
export function lockOf(
  built: BuiltGenesis,
  artifacts: ReturnType<typeof readArtifacts>,
): GenesisLock {
  const code = Object.entries(built.file.alloc).flatMap(([address, account]) => {
    const bytes = account.code as Hex | undefined // written by the builder
    if (bytes === undefined) return []
    const contract = built.contracts.find((entry) => entry.address === address)?.name ?? ''
    return [[address, { contract, size: (bytes.length - 2) / 2, hash: keccak256(bytes) }] as const]
  })
  return {
    version: 1,
    spec: built.file.config.poca.spec,
    stateRoot: built.stateRoot,
    blockHash: built.blockHash,
    compiler: artifacts.compilerOf('SystemHub'),
    sourceHash: hashSources(),
    code: Object.fromEntries(code),
  }
}
