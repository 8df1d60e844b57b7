// Shows that PriceBook and LeaseMarket give the shared vectors' results, so that they, the
// TypeScript twin and the pages agree to the wei.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import hre from 'hardhat'
import type { Abi } from 'viem'

type Case = Readonly<Record<string, string>>

const vectorsPath = new URL('../../vectors/priceBook.json', import.meta.url)
// The file is ours; a wrong name fails the call below.
const vectors = JSON.parse(readFileSync(vectorsPath, 'utf8')) as Readonly<
  Record<'quoteAt' | 'nextFactor' | 'leaseCost', readonly Case[]>
>

describe('the formulas of prices', async () => {
  const { viem } = await hre.network.create('pocaSim')
  const book = await viem.deployContract('PriceBook')
  const market = await viem.deployContract('LeaseMarket')
  const client = await viem.getPublicClient()

  /** What the contract answers to a vector, its outputs in the order of the ABI. */
  async function read(target: { address: `0x${string}`; abi: Abi }, name: string, vector: Case) {
    const item = target.abi.find((item) => item.type === 'function' && item.name === name)
    assert.ok(item !== undefined && item.type === 'function', `the contract has ${name}`)
    const args = item.inputs.map((input) => BigInt(vector[input.name ?? ''] ?? ''))
    return client.readContract({
      address: target.address,
      abi: [item],
      functionName: name,
      // One number for each input, in the order of the ABI.
      args: args as never,
    })
  }

  for (const name of ['quoteAt', 'nextFactor'] as const) {
    it(`${name} gives the shared results`, async () => {
      for (const vector of vectors[name]) {
        const actual: unknown = await read(book, name, vector)
        assert.equal(String(actual), vector.expected, JSON.stringify(vector))
      }
    })
  }

  it('leaseCost gives the shared results', async () => {
    for (const vector of vectors.leaseCost) {
      const actual: unknown = await read(market, 'leaseCost', vector)
      const expected = [vector.gross, vector.fee, vector.burned].join()
      assert.equal(String(actual), expected, JSON.stringify(vector))
    }
  })
})
