import { getBalance, readContract } from 'viem/actions'
import { premineOf } from '../../../chain/params/chainSpec.ts'
import { dev } from '../../../chain/params/specs.ts'
import { emissionReserveAbi } from '../../../chain/system/abi/emissionReserve.ts'
import { predeploys } from '../../../chain/system/addresses.ts'
import { coin } from '../ui/amounts.ts'
import type { Narrator } from '../ui/narrator.ts'
import type { Cast } from './cast.ts'

/** What the host found when it added up every account. */
export type Audit = {
  /** Sum of all balances in the state, wei. */
  readonly balanceSum: bigint
  /** Base fees burned since genesis, from the headers, wei. */
  readonly burnedFees: bigint
}

/** Adds up all coin there is and compares it with the cap. */
export async function audit({ client }: Cast, narrator: Narrator, found: Audit): Promise<void> {
  narrator.chapter('7  The books: supply is conserved to the wei')
  const supply = await client.client.getSupply()
  const reserve = await getBalance(client.client, { address: predeploys.emissionReserve })
  narrator.fact('cap', coin(supply.cap))
  narrator.fact('issued', coin(supply.issued))
  narrator.fact('burned', coin(supply.burned))
  narrator.fact('locked', coin(supply.locked))
  narrator.fact('circulating', coin(supply.circulating))
  narrator.fact('sum of all balances', coin(found.balanceSum))
  narrator.fact('base fees burned', coin(found.burnedFees))
  narrator.check(
    'all balances + burned base fees = the cap, to the wei',
    found.balanceSum + found.burnedFees === supply.cap && supply.cap === dev.cap,
  )
  const released = await readContract(client.client, {
    address: predeploys.emissionReserve,
    abi: emissionReserveAbi,
    functionName: 'released',
  })
  narrator.check(
    'the reserve lacks exactly what it counts as released',
    reserve === dev.cap - premineOf(dev) - released && supply.issued === premineOf(dev) + released,
  )
}
