import type { ContractFunctionReturnType } from 'viem'
import { readContract } from 'viem/actions'
import { leaseMarketAbi } from '../../../chain/system/abi/leaseMarket.ts'
import { predeploys } from '../../../chain/system/addresses.ts'
import { translateErrors } from '../errors.ts'
import type { PocaClient } from '../transactions.ts'

const contract = { address: predeploys.leaseMarket, abi: leaseMarketAbi } as const

export type GetLeaseParameters = {
  readonly leaseId: bigint
}

export type GetLeaseReturnType = Omit<
  ContractFunctionReturnType<typeof leaseMarketAbi, 'view', 'leaseOf'>,
  'state'
> & {
  /** `ILeaseMarket.LeaseState`, as time has made it. */
  readonly state: number
  /** Until when the deposits reach, seconds since 1970; 0 before a worker took it. */
  readonly fundedUntil: bigint
  /** What a checkpoint would now pay, wei. */
  readonly due: bigint
  /** Deposits that are neither paid nor refunded, wei. */
  readonly balance: bigint
  readonly depositCount: number
}

/** A lease as it stands, with what follows from the time of the newest block. */
export function getLease(
  client: PocaClient,
  { leaseId }: GetLeaseParameters,
): Promise<GetLeaseReturnType> {
  return translateErrors(async () => {
    const args = [leaseId] as const
    const lease = await readContract(client, { ...contract, functionName: 'leaseOf', args })
    const [state, fundedUntil, due, balance, depositCount] = await Promise.all([
      readContract(client, { ...contract, functionName: 'stateOf', args }),
      lease.startedAt === 0
        ? 0n
        : readContract(client, { ...contract, functionName: 'fundedUntil', args }),
      readContract(client, { ...contract, functionName: 'dueOf', args }),
      readContract(client, { ...contract, functionName: 'balanceOf', args }),
      readContract(client, { ...contract, functionName: 'depositCount', args }),
    ])
    return { ...lease, state, fundedUntil, due, balance, depositCount: Number(depositCount) }
  })
}
