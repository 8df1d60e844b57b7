import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { type Hex, parseAbi } from 'viem'
import { compiler } from '../lib/compiler.ts'
import { cacheFolder, keyOf, writeWhole } from './cacheFolder.ts'

/** Where the contract of workload C3 stands. */
export const stressAddress = '0xbe00000000000000000000000000000000000001'

/** What it can be asked to do, as often as it is told. */
export const stressAbi = parseAbi([
  'function store(uint256 first, uint256 count)',
  'function hash(uint256 count) returns (bytes32)',
  'function create(uint256 count)',
  'function nest(uint256 depth)',
])

const source = `
pragma solidity 0.8.37;
contract Crumb { uint256 public immutable number; constructor(uint256 n) { number = n; } }
contract Stress {
  mapping(uint256 => uint256) private _words;
  uint256 private _count;
  error Bottom(uint256 depth);
  function store(uint256 first, uint256 count) external {
    for (uint256 i = 0; i < count; ++i) _words[first + i] += i + 1;
  }
  function hash(uint256 count) external returns (bytes32 digest) {
    digest = bytes32(_count);
    for (uint256 i = 0; i < count; ++i) digest = keccak256(abi.encode(digest, i));
    ++_count;
  }
  function create(uint256 count) external {
    for (uint256 i = 0; i < count; ++i) new Crumb(i);
  }
  function nest(uint256 depth) external {
    _words[depth] = depth;
    if (depth == 0) revert Bottom(depth);
    try this.nest(depth - 1) { _words[depth] = 0; } catch { _words[depth] = depth + 1; }
  }
}
`

/** Runtime code of the contract of C3. Compiled once; the compiler takes seconds to load. */
export function stressCode(): Hex {
  const path = join(cacheFolder, `stress-${keyOf({ source, compiler })}.hex`)
  // Written below, so it is hex.
  if (existsSync(path)) return readFileSync(path, 'utf8') as Hex
  const code = compile()
  writeWhole(path, [new TextEncoder().encode(code)])
  return code
}

function compile(): Hex {
  // The package has no types; this is the part of it that is used.
  const solc = createRequire(import.meta.url)('solc') as { compile(input: string): string }
  const { evmVersion, optimizer, metadata } = compiler.settings
  const output: {
    readonly errors?: readonly { readonly severity: string; readonly formattedMessage: string }[]
    readonly contracts: Record<
      string,
      Record<string, { readonly evm: { readonly deployedBytecode: { readonly object: string } } }>
    >
  } = JSON.parse(
    solc.compile(
      JSON.stringify({
        language: 'Solidity',
        sources: { 'Stress.sol': { content: source } },
        settings: {
          ...{ evmVersion, optimizer, metadata },
          outputSelection: { '*': { '*': ['evm.deployedBytecode.object'] } },
        },
      }),
    ),
  )
  const fault = output.errors?.find(({ severity }) => severity === 'error')
  const code = output.contracts?.['Stress.sol']?.Stress?.evm.deployedBytecode.object
  if (code === undefined) throw new Error(fault?.formattedMessage ?? 'solc gave no code')
  return `0x${code}`
}
