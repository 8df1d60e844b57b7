// Shows what the three chains start with, against the whitepapers' own numbers.
import { privateKeyToAddress } from 'viem/accounts'
import { describe, expect, it } from 'vitest'
import { minedCapOf, premineOf } from '../../../chain/params/chainSpec.ts'
import { devAccounts, devAddresses, devMnemonic } from '../../../chain/params/devAccounts.ts'
import { dev, smart, tesra } from '../../../chain/params/specs.ts'
import { predeploys } from '../../../chain/system/addresses.ts'

const [a, b, c, ...rest] = devAddresses
const deployment = {
  genesisTime: 1_800_000_000n,
  signers: rest.slice(0, 4),
  oracles: rest.slice(3, 7),
  autoMineNode: a,
}
const smartSpec = smart(deployment)
const tesraSpec = tesra(deployment, {
  foundationCommunity: a,
  foundation: b,
  team: c,
})

describe('specs', () => {
  it('shares out the whole subsidy', () => {
    for (const { sharesBps } of [dev, smartSpec, tesraSpec]) {
      expect(Object.values(sharesBps).reduce((sum, share) => sum + share, 0)).toBe(10_000)
    }
  })

  it('gives each chain its own id', () => {
    expect([dev, smartSpec, tesraSpec].map(({ chainId }) => chainId)).toEqual([
      18_512n,
      4_739_139n,
      5_263_171n,
    ])
  })

  it('keeps the system transaction within a block', () => {
    for (const { systemTxGas, blockGasLimit } of [dev, smartSpec, tesraSpec]) {
      expect(systemTxGas * 2n).toBeLessThan(blockGasLimit)
    }
  })
})

describe('dev', () => {
  it('has room for 20,000 transfers in a block of a second', () => {
    expect(dev.targetBlockMs).toBe(1_000)
    expect(dev.blockGasLimit - dev.systemTxGas).toBeGreaterThanOrEqual(20_000n * 21_000n)
  })

  it('gives 20 known accounts 10,000 coins each', () => {
    expect(dev.balances).toHaveLength(20)
    expect(premineOf(dev)).toBe(200_000n * 10n ** 18n)
    expect(minedCapOf(dev)).toBe(209_800_000n * 10n ** 18n)
  })

  it('is signed by account 19 and watched by accounts 16, 17 and 18', () => {
    expect(dev.signers).toEqual([devAddresses[19]])
    expect(dev.oracles).toEqual(devAddresses.slice(16, 19))
  })
})

describe('smart', () => {
  it('allocates nothing but a gas float, once to each signer and oracle', () => {
    expect(smartSpec.balances).toHaveLength(7)
    expect(premineOf(smartSpec)).toBe(700n * 10n ** 18n)
  })

  it('halves every 1,461 days', () => {
    expect(smartSpec.emission).toEqual({ kind: 'halving', eraSeconds: 1_461n * 86_400n })
    expect(smartSpec.cap).toBe(210_000_000n * 10n ** 18n)
  })
})

describe('tesra', () => {
  it('allocates 34 % and mines 66 % of ten billion over 66 years', () => {
    expect(premineOf(tesraSpec)).toBe(3_400_000_000n * 10n ** 18n)
    expect(minedCapOf(tesraSpec)).toBe(6_600_000_000n * 10n ** 18n)
    expect(tesraSpec.emission).toEqual({
      kind: 'linear',
      durationSeconds: (66n * 1_461n * 86_400n) / 4n,
      scheduled: 6_600_000_000n * 10n ** 18n,
    })
  })

  it('takes the gas float off the distribution', () => {
    const held = tesraSpec.balances.find(({ address }) => address === predeploys.allocationVesting)
    const granted = tesraSpec.allocations.grants.reduce((sum, { total }) => sum + total, 0n)
    expect(held?.balance).toBe((3_400_000_000n - 700n) * 10n ** 18n)
    expect((held?.balance ?? 0n) - granted).toBe((1_000_000_000n - 700n) * 10n ** 18n)
  })

  it('grants 9, 5 and 10 % and locks the last two for 24 months of 8 years', () => {
    const { grants, investorTerms, closesAt } = tesraSpec.allocations
    const terms = { start: 1_863_115_200, cliff: 1_863_115_200, end: 2_052_460_800 }
    const coins = (amount: bigint) => ({ total: amount * 10n ** 18n, released: 0n })
    expect(grants).toEqual([
      {
        beneficiary: a,
        ...coins(900_000_000n),
        start: 1_800_000_000,
        cliff: 1_800_000_000,
        end: 2_052_460_800,
      },
      { beneficiary: b, ...coins(500_000_000n), ...terms },
      { beneficiary: c, ...coins(1_000_000_000n), ...terms },
    ])
    expect(investorTerms).toEqual(terms)
    expect(closesAt).toBe(1_863_115_200)
  })

  it('leaves additional tokens and empty allocations to SmartChain', () => {
    expect([dev, smartSpec, tesraSpec].map(({ additionalIssuance }) => additionalIssuance)).toEqual(
      [10n ** 36n, 10n ** 36n, 0n],
    )
    expect([dev, smartSpec].map(({ allocations }) => allocations.grants)).toEqual([[], []])
  })
})

describe('devAccounts', () => {
  it('holds the key of each address', () => {
    const accounts = devAccounts()
    expect(accounts.map(({ address }) => address)).toEqual(devAddresses)
    for (const { address, privateKey } of accounts) {
      expect(privateKeyToAddress(privateKey).toLowerCase()).toBe(address)
    }
    expect(devMnemonic.split(' ')).toHaveLength(12)
  })
})
