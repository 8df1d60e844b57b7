// Shows that the contracts of supply, rewards and comments give the shared vectors' results, so
// that they, the TypeScript twins and the pages agree to the wei.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { encodeFunctionData, numberToHex, parseAbi } from 'viem'
import { predeploys } from '../../../chain/system/addresses.ts'
import { setNextTime } from '../../../src/hardhat/time.ts'
import { pocaSim } from '../support/pocaSim.ts'
import { dataOf, storageOf } from '../support/population.ts'

type Case = Readonly<Record<string, string>>
type CommentCase = {
  readonly note: string
  readonly events: readonly { readonly kind: string; readonly at: string }[]
  readonly after: string
  readonly expected: string
}

const path = new URL('../../vectors/economy.json', import.meta.url)
// The file is ours; a missing key fails the case that needs it.
const vectors = JSON.parse(readFileSync(path, 'utf8')) as Readonly<
  Record<'halving' | 'linear' | 'onlineRate' | 'vested', readonly Case[]>
> & { readonly comment: readonly CommentCase[] }

/** The order of `Fault`. */
const faults = ['none', 'abort', 'late', 'nonReveal', 'invalid', 'unattested', 'unavailable']
const reputationAbi = parseAbi([
  'function recordCompletion(address worker)',
  'function recordFault(address worker, uint8 fault)',
  'function recordRating(address worker, uint8 rating)',
])

function value(vector: Case, name: string): bigint {
  const text = vector[name]
  if (text === undefined) throw new Error(`the vector has no ${name}`)
  return BigInt(text)
}

describe('the shared vectors of the economy', () => {
  it('hold for HalvingEmission', async () => {
    const { viem } = await pocaSim()
    for (const vector of vectors.halving) {
      const start = 1_000n
      const reserve = await viem.deployContract('HalvingEmission', [
        value(vector, 'cap'),
        value(vector, 'minedCap'),
        start,
        value(vector, 'eraSeconds'),
      ])
      const emitted = await reserve.read.emitted([start + value(vector, 'elapsed')])
      assert.equal(emitted, value(vector, 'expected'), vector.note)
    }
  })

  it('hold for LinearEmission', async () => {
    const { viem } = await pocaSim()
    for (const vector of vectors.linear) {
      const start = 1_000n
      const reserve = await viem.deployContract('LinearEmission', [
        value(vector, 'cap'),
        value(vector, 'minedCap'),
        value(vector, 'scheduled'),
        start,
        value(vector, 'duration'),
      ])
      const emitted = await reserve.read.emitted([start + value(vector, 'elapsed')])
      assert.equal(emitted, value(vector, 'expected'), vector.note)
    }
  })

  it('hold for OnlineReward, with the rates of genesis', async () => {
    const { poca } = await pocaSim()
    for (const vector of vectors.onlineRate) {
      const rate = await poca.contracts.onlineReward.read.rateAt([value(vector, 'utilisationBps')])
      assert.equal(rate, value(vector, 'expected'), vector.note)
    }
  })

  it('hold for AllocationVesting', async () => {
    const { poca, provider } = await pocaSim()
    const vesting = poca.contracts.allocationVesting
    const storage = await storageOf(provider, 'allocationVesting', 'AllocationVesting')
    const grants = storage.at('_grants').slot
    await storage.write(grants, 1n)
    for (const vector of vectors.vested) {
      const [total, start, cliff, end] = ['total', 'start', 'cliff', 'end'].map((name) =>
        value(vector, name),
      ) as [bigint, bigint, bigint, bigint]
      // A grant with these terms, written where the contract keeps them.
      await storage.write(dataOf(grants), 0xbeefn | (total << 160n))
      await storage.write(dataOf(grants) + 1n, start | (cliff << 40n) | (end << 80n))
      const kept = await vesting.read.grantOf([0n])
      assert.deepEqual([kept.total, BigInt(kept.cliff)], [total, cliff])
      const vested = await vesting.read.vested([0n, value(vector, 't')])
      assert.equal(vested, value(vector, 'expected'), vector.note)
    }
  })

  it('hold for Reputation', async () => {
    const { poca, provider, networkHelpers } = await pocaSim()
    const market = predeploys.taskMarket
    await networkHelpers.impersonateAccount(market)
    await networkHelpers.setBalance(market, 10n ** 20n)
    const begin = BigInt(await networkHelpers.time.latest()) + 1_000_000n
    for (const [i, vector] of vectors.comment.entries()) {
      const worker = numberToHex(0x5000 + i, { size: 20 })
      const start = begin + BigInt(i) * 4_000_000n
      for (const { kind, at } of vector.events) {
        await setNextTime(provider, start + BigInt(at))
        await provider.request({
          method: 'eth_sendTransaction',
          params: [{ from: market, to: predeploys.reputation, data: callOf(worker, kind) }],
        })
      }
      await networkHelpers.time.increaseTo(start + BigInt(vector.after))
      const comment = await poca.contracts.reputation.read.commentOf([worker])
      assert.equal(String(comment), vector.expected, vector.note)
    }
  })
})

function callOf(worker: `0x${string}`, kind: string): `0x${string}` {
  const abi = reputationAbi
  if (kind === 'completion') {
    return encodeFunctionData({ abi, functionName: 'recordCompletion', args: [worker] })
  }
  if (kind.startsWith('rating')) {
    const args = [worker, Number(kind.slice('rating'.length))] as const
    return encodeFunctionData({ abi, functionName: 'recordRating', args })
  }
  const fault = faults.indexOf(kind)
  return encodeFunctionData({ abi, functionName: 'recordFault', args: [worker, fault] })
}
