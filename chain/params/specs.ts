import type { Address } from '../primitives/hex.ts'
import {
  type Allocation,
  type Allocations,
  type ChainName,
  type ChainSpec,
  COIN,
  type Coin,
  type Grant,
  type SubsidyShares,
  type Terms,
} from './chainSpec.ts'
import { devAddresses, devRoles } from './devAccounts.ts'

/** What a deployment decides: when the chain starts and who runs it in its first term. */
export type Deployment = {
  readonly genesisTime: bigint
  readonly signers: readonly Address[]
  readonly oracles: readonly Address[]
  readonly autoMineNode: Address
}

/** To whom Tesra's allocations are released; amounts and times follow from the paper. */
export type TesraBeneficiaries = {
  /** 9 %: community nodes and commercial cooperation. */
  readonly foundationCommunity: Address
  /** 5 %. */
  readonly foundation: Address
  /** 10 %. */
  readonly team: Address
}

const hpc: Coin = { name: 'HPC', symbol: 'HPC', decimals: 18 }
const day = 86_400

/** 1,461 days: four years with one leap day. */
const eraSeconds = 126_230_400n
/** Years of 365.25 days. */
const yearSeconds = 31_557_600
/** AllocationVesting; `chain/system/addresses.ts` has it from the contracts. */
const allocationVesting: Address = '0x90ca000000000000000000000000000000000017'
/** 66 years of 365.25 days. */
const tesraMiningSeconds = 2_082_801_600n

const chainIds = { dev: 18_512n, smart: 4_739_139n, tesra: 5_263_171n } as const satisfies Record<
  ChainName,
  bigint
>

const sharesBps: SubsidyShares = {
  producer: 3_000,
  standby: 1_000,
  online: 2_000,
  challenge: 1_500,
  storage: 1_000,
  autoMine: 500,
  ecosystem: 500,
  transmission: 500,
}

/**
 * What is to fit into a block decides: 20,000 transfers, the system transaction and a twentieth to
 * spare. Its only proposer holds the time. See docs/gasTable.md and decision 23.
 */
const devBlockGas = 450_000_000n
/**
 * Several signers execute what one proposes, who may ignore his budget of time: 3 s of the worst
 * program, so that a machine three times slower stays below the 10 s of a block.
 */
const networkBlockGas = 30_000_000n

const block = {
  systemTxGas: 10_000_000n,
  initialBaseFee: 1_000_000_000n,
  targetBlockMs: 1_000,
} as const

const networkGovernance = {
  votingDelay: day,
  votingPeriod: 5 * day,
  lateQuorumExtension: day,
  timelockDelay: 2 * day,
} as const

/** Coin that each signer and oracle of a new network gets, to pay gas before it has earned any. */
const gasFloat = 100n * COIN

const noAllocations: Allocations = {
  grants: [],
  investorTerms: { start: 0, cliff: 0, end: 0 },
  closesAt: 0,
}
/** 10^18 tokens of 18 decimals. */
const sccTotal = 10n ** 36n

const devCap = 210_000_000n * COIN
const tesraCap = 10_000_000_000n * COIN

/** The development chain: SmartChain's rules, known accounts, short votes. */
export const dev: ChainSpec = {
  ...block,
  name: 'dev',
  blockGasLimit: devBlockGas,
  chainId: chainIds.dev,
  coin: hpc,
  cap: devCap,
  emission: { kind: 'halving', eraSeconds },
  genesisTime: 1_767_225_600n, // 2026-01-01T00:00:00Z
  balances: devAddresses.map((address) => ({ address, balance: 10_000n * COIN })),
  allocations: noAllocations,
  additionalIssuance: sccTotal,
  signers: [devAddresses[devRoles.signer]],
  proposerRule: 'rotation',
  oracles: devRoles.oracles.map((index) => devAddresses[index]),
  autoMineNode: devAddresses[devRoles.signer],
  sharesBps,
  governance: {
    votingDelay: 60,
    votingPeriod: 600,
    proposalThreshold: 100n * COIN,
    lateQuorumExtension: 60,
    timelockDelay: 60,
  },
  params: {
    'task.challengeWindow': 60n,
    'node.challengeBond': 0n,
    // Challenges follow each other without a pause.
    'node.challengeInterval': 20n,
    'node.proofMaxAge': 86_400n,
    // What a machine at home proves without noticing.
    'node.unitPower': 10n,
    'governance.quorumBps': 200n,
    'governance.quorumFloor': 100n * COIN,
  },
}

/** SmartChain: HPC, halving every four years, nothing allocated but a gas float. */
export function smart(deployment: Deployment): ChainSpec {
  return {
    ...block,
    ...deployment,
    name: 'smart',
    blockGasLimit: networkBlockGas,
    chainId: chainIds.smart,
    coin: hpc,
    cap: devCap,
    emission: { kind: 'halving', eraSeconds },
    balances: floatsOf(deployment),
    proposerRule: 'rotation',
    allocations: noAllocations,
    additionalIssuance: sccTotal,
    sharesBps,
    governance: { ...networkGovernance, proposalThreshold: 10_000n * COIN },
    params: {},
  }
}

/** Tesra: TSR, 66 % mined over 66 years, 34 % allocated. The gas float comes off distribution. */
export function tesra(deployment: Deployment, beneficiaries: TesraBeneficiaries): ChainSpec {
  const floats = floatsOf(deployment)
  const floatSum = floats.reduce((sum, { balance }) => sum + balance, 0n)
  return {
    ...block,
    ...deployment,
    name: 'tesra',
    blockGasLimit: networkBlockGas,
    chainId: chainIds.tesra,
    coin: { name: 'Tesra', symbol: 'TSR', decimals: 18 },
    cap: tesraCap,
    emission: {
      kind: 'linear',
      durationSeconds: tesraMiningSeconds,
      scheduled: percent(tesraCap, 66n),
    },
    balances: [
      { address: allocationVesting, balance: percent(tesraCap, 34n) - floatSum },
      ...floats,
    ],
    proposerRule: 'lottery',
    allocations: tesraAllocations(Number(deployment.genesisTime), beneficiaries),
    additionalIssuance: 0n,
    sharesBps,
    governance: { ...networkGovernance, proposalThreshold: 100_000n * COIN },
    params: { 'governance.quorumFloor': 100_000n * COIN },
  }
}

/**
 * Team, foundation and investors: 24 months locked, then linear until 8 years have passed. What the
 * foundation has for community nodes and commerce is needed from the start: linear over the same 8
 * years, without a lock-up. Early contributors are awarded within two years.
 *
 * @source TS 5.2, TS 5.5
 */
function tesraAllocations(genesis: number, beneficiaries: TesraBeneficiaries): Allocations {
  const unlocked = genesis + 2 * yearSeconds
  const end = genesis + 8 * yearSeconds
  const locked: Terms = { start: unlocked, cliff: unlocked, end }
  const open: Terms = { start: genesis, cliff: genesis, end }
  const grant = (beneficiary: Address, share: bigint, terms: Terms): Grant => ({
    beneficiary,
    total: percent(tesraCap, share),
    released: 0n,
    ...terms,
  })
  return {
    grants: [
      grant(beneficiaries.foundationCommunity, 9n, open),
      grant(beneficiaries.foundation, 5n, locked),
      grant(beneficiaries.team, 10n, locked),
    ],
    investorTerms: locked,
    closesAt: unlocked,
  }
}

function floatsOf({ signers, oracles }: Deployment): readonly Allocation[] {
  return [...new Set([...signers, ...oracles])].map((address) => ({ address, balance: gasFloat }))
}

function percent(amount: bigint, share: bigint): bigint {
  return (amount * share) / 100n
}
