// Shows what the three chains start with, against the whitepapers' own numbers.
import { privateKeyToAddress } from 'viem/accounts'
import { describe, expect, it } from 'vitest'
import { minedCapOf, premineOf } from '../../../chain/params/chainSpec.ts'
import { devAccounts, devAddresses, devMnemonic } from '../../../chain/params/devAccounts.ts'
import { dev, smart, tesra } from '../../../chain/params/specs.ts'

const [a, b, c, d, ...rest] = devAddresses
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
  distribution: d,
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
    const held = tesraSpec.balances.find(({ address }) => address === d)
    expect(held?.balance).toBe((1_000_000_000n - 700n) * 10n ** 18n)
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
