import { dev, smart, tesra } from '../../chain/params/specs.ts'

const nobody = '0x0000000000000000000000000000000000000000'
const deployment = { genesisTime: 0n, signers: [], oracles: [], autoMineNode: nobody } as const

/** The block gas limits that chain specs have, with the names of those that share one. */
export function specGasLimits(): readonly { readonly names: string; readonly gas: number }[] {
  const beneficiaries = { foundationCommunity: nobody, foundation: nobody, team: nobody } as const
  const specs = [dev, smart(deployment), tesra(deployment, beneficiaries)]
  const byGas = Map.groupBy(specs, ({ blockGasLimit }) => Number(blockGasLimit))
  return [...byGas].map(([gas, group]) => ({
    names: group.map(({ name }) => name).join(', '),
    gas,
  }))
}
