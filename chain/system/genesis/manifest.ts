import { type ChainSpec, minedCapOf, proposerRules } from '../../params/chainSpec.ts'
import { paramsOf } from '../../params/protocolParams.ts'
import type { Address, Hex } from '../../primitives/hex.ts'
import { implementationOf, type PredeployName, predeploys, taskEndings } from '../addresses.ts'
import { asciiKey } from '../asciiKey.ts'
import { preinstallEntries } from './preinstalls.ts'

/** One account with code, as the builder makes it. Entries are run in order. */
export type GenesisEntry =
  | {
      readonly kind: 'runtime'
      readonly name: string
      readonly address: Address
      /** Stored as it is. */
      readonly runtime: Hex
    }
  | {
      readonly kind: 'creation'
      readonly name: string
      readonly address: Address
      readonly creation: Hex
    }
  | {
      readonly kind: 'contract'
      /** Name of the Solidity contract whose constructor runs at `address`. */
      readonly name: string
      readonly address: Address
      readonly args: readonly unknown[]
    }
  | {
      readonly kind: 'proxy'
      /** Name of the contract behind the proxy. */
      readonly name: string
      readonly address: Address
      readonly implementation: Address
      /** Arguments of `initialize`; absent when there is nothing to initialise. */
      readonly init?: readonly unknown[]
    }

const zeroAddress: Address = `0x${'00'.repeat(20)}`

/** Gas that each module of the hub may use in a block. */
export const moduleGasCaps = {
  supplyMeter: 200_000,
  signerBoard: 400_000,
  slashCourt: 450_000,
  rewardDistributor: 800_000,
  onlineReward: 400_000,
  priceBook: 100_000,
  taskMarket: 770_000,
} as const

/** Contract names of the predeploys that sit behind a proxy. */
export const proxied = {
  protocolParams: 'ProtocolParams',
  votingPower: 'VotingPower',
  treasury: 'Treasury',
  rewardDistributor: 'RewardDistributor',
  nodeRegistry: 'NodeRegistry',
  signerBoard: 'SignerBoard',
  collateralVault: 'CollateralVault',
  taskEscrow: 'TaskEscrow',
  rewardFormula: 'RewardFormula',
  reputation: 'Reputation',
  oracleHub: 'OracleHub',
  taskMarket: 'TaskMarket',
  slashCourt: 'SlashCourt',
  capabilityChallenge: 'CapabilityChallenge',
  disputeCourt: 'DisputeCourt',
  priceBook: 'PriceBook',
  council: 'Council',
  allocationVesting: 'AllocationVesting',
  additionalIssuance: 'AdditionalIssuance',
  onlineReward: 'OnlineReward',
  leaseMarket: 'LeaseMarket',
  contributionBoard: 'ContributionBoard',
  oracleBallot: 'OracleBallot',
} as const satisfies Partial<Record<PredeployName, string>>

/**
 * Everything with code that a chain starts with, in the order in which constructors run: each finds
 * the contracts it reads already in place.
 */
export function manifestOf(spec: ChainSpec): readonly GenesisEntry[] {
  const names = Object.keys(proxied) as readonly (keyof typeof proxied)[] // keys of a literal
  return [
    ...preinstallEntries.map(
      (entry): GenesisEntry =>
        'runtime' in entry ? { kind: 'runtime', ...entry } : { kind: 'creation', ...entry },
    ),
    ...names.map(
      (name): GenesisEntry => ({
        kind: 'contract',
        name: proxied[name],
        address: implementationOf(predeploys[name]),
        args: [],
      }),
    ),
    { kind: 'contract', name: 'TaskEndings', address: taskEndings, args: [] },
    fixed('proxyAdmin', 'SystemProxyAdmin', []),
    fixed('timelock', 'Timelock', [BigInt(spec.governance.timelockDelay)]),
    behindProxy('protocolParams', [
      paramsOf(spec).map((param) => ({ ...param, key: asciiKey(param.key) })),
    ]),
    behindProxy('votingPower', []),
    fixed('pocaGovernor', 'PocaGovernor', [
      spec.governance.votingDelay,
      spec.governance.votingPeriod,
      spec.governance.proposalThreshold,
      spec.governance.lateQuorumExtension,
    ]),
    fixed('balanceProofs', 'BalanceProofs', []),
    reserveEntry(spec),
    fixed('supplyMeter', 'SupplyMeter', []),
    fixed('whpc', 'WHPC', []),
    behindProxy('treasury', []),
    behindProxy('signerBoard', [spec.signers, proposerRules.indexOf(spec.proposerRule)]),
    behindProxy('rewardDistributor', [sharesOf(spec), spendersOf(spec)]),
    behindProxy('collateralVault', []),
    behindProxy('nodeRegistry', []),
    behindProxy('taskEscrow', []),
    behindProxy('rewardFormula'),
    behindProxy('reputation', []),
    behindProxy('oracleHub', [spec.oracles]),
    behindProxy('taskMarket', []),
    behindProxy('slashCourt', []),
    behindProxy('capabilityChallenge', []),
    behindProxy('disputeCourt', []),
    behindProxy('priceBook', []),
    behindProxy('council', []),
    behindProxy('allocationVesting', [
      spec.allocations.grants,
      spec.allocations.investorTerms,
      spec.allocations.closesAt,
    ]),
    behindProxy('additionalIssuance', [spec.additionalIssuance]),
    behindProxy('onlineReward', []),
    behindProxy('leaseMarket', []),
    behindProxy('contributionBoard', []),
    behindProxy('oracleBallot', []),
    fixed('systemHub', 'SystemHub', [hubModules()]),
  ]
}

function fixed(at: PredeployName, name: string, args: readonly unknown[]): GenesisEntry {
  return { kind: 'contract', name, address: predeploys[at], args }
}

function behindProxy(at: keyof typeof proxied, init?: readonly unknown[]): GenesisEntry {
  return {
    kind: 'proxy',
    name: proxied[at],
    address: predeploys[at],
    implementation: implementationOf(predeploys[at]),
    ...(init === undefined ? {} : { init }),
  }
}

function reserveEntry(spec: ChainSpec): GenesisEntry {
  const { cap, emission, genesisTime } = spec
  return emission.kind === 'halving'
    ? fixed('emissionReserve', 'HalvingEmission', [
        cap,
        minedCapOf(spec),
        genesisTime,
        emission.eraSeconds,
      ])
    : fixed('emissionReserve', 'LinearEmission', [
        cap,
        minedCapOf(spec),
        emission.scheduled,
        genesisTime,
        emission.durationSeconds,
      ])
}

/** The order of `IRewardDistributor.Pool`. */
function sharesOf({ sharesBps }: ChainSpec): readonly number[] {
  return [
    sharesBps.producer,
    sharesBps.standby,
    sharesBps.online,
    sharesBps.challenge,
    sharesBps.storage,
    sharesBps.autoMine,
    sharesBps.ecosystem,
    sharesBps.transmission,
  ]
}

/** Who draws on each pool, in the same order. Producers are credited in each block. */
function spendersOf({ autoMineNode }: ChainSpec): readonly Address[] {
  return [
    zeroAddress,
    predeploys.signerBoard,
    predeploys.onlineReward,
    predeploys.capabilityChallenge,
    predeploys.onlineReward,
    autoMineNode,
    predeploys.contributionBoard,
    predeploys.onlineReward,
  ]
}

function hubModules(): readonly unknown[] {
  const order = [
    'supplyMeter',
    'signerBoard',
    'slashCourt',
    'rewardDistributor',
    'onlineReward',
    'priceBook',
    'taskMarket',
  ] as const
  return order.map((name) => ({
    target: predeploys[name],
    gasCap: moduleGasCaps[name],
    failures: 0,
    tripped: false,
  }))
}
