// Shows which rules a chain runs under, and that contracts are compiled and simulated for the same.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { commonOf, hardfork } from '../../../chain/params/common.ts'
import { dev } from '../../../chain/params/specs.ts'
import { compiler } from '../../../scripts/lib/compiler.ts'

const plugin = readFileSync('src/hardhat/configHooks.ts', 'utf8')
const common = commonOf(dev)

describe('commonOf', () => {
  it('has the chain id and the rules of Osaka at every height and time', () => {
    expect(common.chainId()).toBe(dev.chainId)
    expect(common.hardfork()).toBe('osaka')
    for (const timestamp of [0n, dev.genesisTime, 2n ** 40n]) {
      expect(common.getHardforkBy({ blockNumber: 0n, timestamp })).toBe('osaka')
    }
  })

  it('bounds the gas of a transaction (EIP-7825) and not the size of a block (EIP-7934)', () => {
    expect(common.isActivatedEIP(7825)).toBe(true)
    expect(common.isActivatedEIP(7934)).toBe(false)
    expect(dev.systemTxGas).toBeLessThanOrEqual(2n ** 24n)
  })

  it('is proof of stake to the libraries, so that headers are post-merge ones', () => {
    expect(common.consensusType()).toBe('pos')
  })

  it('activates the fork that contracts are compiled for and simulated with', () => {
    expect(compiler.settings.evmVersion).toBe(hardfork)
    expect(/hardfork: '(\w+)'/.exec(plugin)?.[1]).toBe(hardfork)
  })
})
