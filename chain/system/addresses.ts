import type { Address } from '../primitives/hex.ts'

/** Where the system contracts live. The twin of `contracts/libraries/Predeploys.sol`. */
export const predeploys = {
  systemHub: '0x90ca000000000000000000000000000000000001',
  emissionReserve: '0x90ca000000000000000000000000000000000002',
  rewardDistributor: '0x90ca000000000000000000000000000000000003',
  nodeRegistry: '0x90ca000000000000000000000000000000000004',
  signerBoard: '0x90ca000000000000000000000000000000000005',
  slashCourt: '0x90ca000000000000000000000000000000000006',
  collateralVault: '0x90ca000000000000000000000000000000000007',
  taskEscrow: '0x90ca000000000000000000000000000000000008',
  taskMarket: '0x90ca000000000000000000000000000000000009',
  rewardFormula: '0x90ca00000000000000000000000000000000000a',
  reputation: '0x90ca00000000000000000000000000000000000b',
  oracleHub: '0x90ca00000000000000000000000000000000000c',
  capabilityChallenge: '0x90ca00000000000000000000000000000000000d',
  disputeCourt: '0x90ca00000000000000000000000000000000000e',
  priceBook: '0x90ca00000000000000000000000000000000000f',
  protocolParams: '0x90ca000000000000000000000000000000000010',
  votingPower: '0x90ca000000000000000000000000000000000011',
  pocaGovernor: '0x90ca000000000000000000000000000000000012',
  timelock: '0x90ca000000000000000000000000000000000013',
  council: '0x90ca000000000000000000000000000000000014',
  proxyAdmin: '0x90ca000000000000000000000000000000000015',
  treasury: '0x90ca000000000000000000000000000000000016',
  allocationVesting: '0x90ca000000000000000000000000000000000017',
  additionalIssuance: '0x90ca000000000000000000000000000000000018',
  whpc: '0x90ca000000000000000000000000000000000020',
  supplyMeter: '0x90ca000000000000000000000000000000000021',
  onlineReward: '0x90ca000000000000000000000000000000000032',
  leaseMarket: '0x90ca000000000000000000000000000000000038',
  contributionBoard: '0x90ca000000000000000000000000000000000039',
  oracleBallot: '0x90ca00000000000000000000000000000000003a',
  balanceProofs: '0x90ca00000000000000000000000000000000003c',
} as const satisfies Readonly<Record<string, Address>>

export type PredeployName = keyof typeof predeploys

/** Contracts of others at the addresses where every tool looks for them. */
export const preinstalls = {
  /** EIP-4788: here, hashes of commit certificates. */
  beaconRoots: '0x000f3df6d732807ef1319fb7b8bb8522d0beac02',
  /** EIP-2935. */
  blockHashHistory: '0x0000f90827f1c53a10cb7a02335b175320002935',
  /** EIP-7002 and EIP-7251: must have code for a block to be valid; inert here. */
  withdrawalRequests: '0x00000961ef480eb55e80d19ad83579a64c007002',
  consolidationRequests: '0x0000bbddc7ce488642fb579f8b00f3a590007251',
  create2Deployer: '0x4e59b44847b379578588920ca78fbf26c0b4956c',
  multicall3: '0xca11bde05977b3631167028862be2a173976ca11',
} as const satisfies Readonly<Record<string, Address>>

/** The second piece of TaskMarket's code, to which the first hands over. */
export const taskEndings: Address = '0x90cac0de00000000000000000000000000000109'

/** Where the code behind the proxy of a predeploy is. */
export function implementationOf(predeploy: Address): Address {
  return `0x90cac0de${predeploy.slice(10)}`
}
