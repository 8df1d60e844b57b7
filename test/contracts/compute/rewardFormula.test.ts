// Shows that the contract gives the shared vectors' results, so that it, the TypeScript twin and
// the pages agree to the wei.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import hre from 'hardhat'
import type { Abi } from 'viem'

type Case = Readonly<Record<string, string>>

const vectorsPath = new URL('../../vectors/rewardFormula.json', import.meta.url)
// The file is ours; a wrong name fails the call below.
const vectors = JSON.parse(readFileSync(vectorsPath, 'utf8')) as Readonly<
  Record<string, readonly Case[]>
>

describe('RewardFormula', async () => {
  const { viem } = await hre.network.create('pocaSim')
  const formula = await viem.deployContract('RewardFormula')
  const client = await viem.getPublicClient()

  for (const [name, cases] of Object.entries(vectors)) {
    it(`${name} gives the shared results`, async () => {
      // The name comes from the vectors, so the literal type of the ABI is of no use here.
      const abi: Abi = formula.abi
      const inputs = abi.find((item) => item.type === 'function' && item.name === name)
      assert.ok(inputs !== undefined && inputs.type === 'function', `the contract has ${name}`)
      for (const vector of cases) {
        const args = inputs.inputs.map((input) => BigInt(vector[input.name ?? ''] ?? ''))
        const actual: unknown = await client.readContract({
          address: formula.address,
          abi: [inputs],
          functionName: name,
          // One number for each input, in the order of the ABI.
          args: args as never,
        })
        assert.equal(String(actual), vector.expected, JSON.stringify(vector))
      }
    })
  }
})
