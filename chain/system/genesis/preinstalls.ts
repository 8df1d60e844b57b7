import type { Address, Hex } from '../../primitives/hex.ts'
import { preinstalls } from '../addresses.ts'
import { multicall3Creation } from './multicall3.ts'

/** A contract of others: its code, or the creation code that leaves it. */
export type Preinstall = {
  readonly name: string
  readonly address: Address
} & ({ readonly runtime: Hex } | { readonly creation: Hex })

/** Reads and keeps the commit certificates' hashes, EIP-4788. */
const beaconRoots: Hex = `0x${[
  '3373fffffffffffffffffffffffffffffffffffffffe14604d57602036146024575f5ffd5b5f3580156049',
  '5762001fff810690815414603c575f5ffd5b62001fff01545f5260205ff35b5f5ffd5b62001fff4206428155',
  '5f359062001fff015500',
].join('')}`

/** Reads and keeps the last 8,191 block hashes, EIP-2935. */
const blockHashHistory: Hex = `0x${[
  '3373fffffffffffffffffffffffffffffffffffffffe14604657602036036042575f35600143038111604',
  '257611fff81430311604257611fff9006545f5260205ff35b5f5ffd5b5f35611fff60014303065500',
].join('')}`

/** The deterministic deployer: calldata is a salt and creation code. */
const create2Deployer: Hex = `0x${[
  '7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0360160008160208237',
  '8035828234f58015156039578182fd5b8082525050506014600cf3',
].join('')}`

/**
 * One STOP. EIP-7002 and EIP-7251 call a queue of validators' requests in every block and call the
 * block invalid when there is no code. There are no validators here; STOP answers with no requests
 * and keeps no state.
 */
const stop: Hex = '0x00'

/** What every chain has besides its own contracts. */
export const preinstallEntries: readonly Preinstall[] = [
  { name: 'BeaconRoots', address: preinstalls.beaconRoots, runtime: beaconRoots },
  { name: 'BlockHashHistory', address: preinstalls.blockHashHistory, runtime: blockHashHistory },
  { name: 'WithdrawalRequests', address: preinstalls.withdrawalRequests, runtime: stop },
  { name: 'ConsolidationRequests', address: preinstalls.consolidationRequests, runtime: stop },
  { name: 'Create2Deployer', address: preinstalls.create2Deployer, runtime: create2Deployer },
  { name: 'Multicall3', address: preinstalls.multicall3, creation: multicall3Creation },
]
