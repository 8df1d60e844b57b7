import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Abi } from 'viem'
import { createBackend } from '../../../chain/node/backend.ts'
import { createNode } from '../../../chain/node/node.ts'
import { defaults, type NodeOptions } from '../../../chain/node/options.ts'
import { devAccounts, devRoles } from '../../../chain/params/devAccounts.ts'
import type { Hex } from '../../../chain/primitives/hex.ts'
import { defaultRpcOptions, type RpcOptions } from '../../../chain/rpc/options.ts'
import { startRpcServer } from '../../../chain/rpc/server.ts'
import { parseGenesis } from '../../../chain/system/genesis/genesisFile.ts'
import { engineOfTests } from '../../engineOfTests.ts'

/** A contract that does, on demand, everything that an answer has a form for. */
const probeSource = `
// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;
contract Inner {
  uint256 public total;
  function burn(uint256 n) external { for (uint256 i; i < n; i++) total += i; }
}
contract Probe {
  event Said(address indexed by, bytes32 indexed topic, uint256 value);
  error TooLate(uint256 deadline, string why);
  uint256 public count;
  Inner private _inner = new Inner();
  mapping(address account => uint256 amount) public paid;
  constructor(uint256 start) payable { count = start; }
  receive() external payable { paid[msg.sender] += msg.value; }
  function say(bytes32 topic, uint256 value) external {
    count += value;
    emit Said(msg.sender, topic, value);
  }
  function fail() external pure { revert("it is late"); }
  function failCustom() external pure { revert TooLate(7, "too late"); }
  function divide(uint256 by) external pure returns (uint256) { return 100 / by; }
  function failSilently() external pure { revert(); }
  function nest(uint256 n) external { _inner.burn(n); count++; }
  function who() external view returns (address, uint256, uint256) {
    return (msg.sender, block.number, block.chainid);
  }
}`

type Compiled = { readonly abi: Abi; readonly bytecode: Hex }

/** Compiles the probe. */
export function compileProbe(): Compiled {
  const solc = createRequire(import.meta.url)('solc') as { compile(input: string): string }
  const input = {
    language: 'Solidity',
    sources: { 'Probe.sol': { content: probeSource } },
    settings: {
      evmVersion: 'osaka',
      optimizer: { enabled: true },
      outputSelection: { '*': { '*': ['abi', 'evm.bytecode.object'] } },
    },
  }
  const output = JSON.parse(solc.compile(JSON.stringify(input)))
  const contract = output.contracts?.['Probe.sol']?.Probe
  if (contract === undefined) throw new Error(JSON.stringify(output.errors))
  return { abi: contract.abi, bytecode: `0x${contract.evm.bytecode.object}` }
}

/** A development node with the real genesis and its JSON-RPC on a free port. */
export async function startDevNode(
  changes: { readonly node?: Partial<NodeOptions>; readonly rpc?: Partial<RpcOptions> } = {},
) {
  const accounts = devAccounts()
  const signer = accounts[devRoles.signer]
  if (signer === undefined) throw new Error('the signer is a development account')
  const path = new URL('../../../deploy/genesis/dev.json', import.meta.url)
  let seconds = 1_800_000_000
  const node = await createNode(
    {
      ...defaults,
      engine: engineOfTests,
      genesis: parseGenesis(JSON.parse(readFileSync(path, 'utf8'))),
      signerKey: signer.privateKey,
      automine: true,
      intervalMs: 0,
      devAccounts: accounts,
      clientVersion: 'hardhat/poca-0.0.0',
      ...changes.node,
    },
    // Time goes on only when somebody looks.
    { now: () => seconds++ },
  )
  const bugs: unknown[] = []
  const server = await startRpcServer(
    { ...defaultRpcOptions, port: 0, ...changes.rpc },
    { backend: createBackend(node), now: () => 0, onBug: (error) => bugs.push(error) },
  )
  const stop = async () => {
    await server.stop()
    await node.stop()
  }
  return { accounts, bugs, node, server, stop }
}
