import { encodeFunctionData } from 'viem'
import { nodeRegistryAbi } from '../../../chain/system/abi/nodeRegistry.ts'
import { predeploys } from '../../../chain/system/addresses.ts'
import { type Included, type PocaClient, send } from '../transactions.ts'

export type RegisterNodeParameters = {
  /** Rows and columns of the matrices: a power of two from 64 to 4,096. */
  readonly size: number
  /** How many products; with the size they say which power is claimed. */
  readonly products: number
}

export type RegisterNodeReturnType = Included

/** Registers the account as a worker that will compute so many products of matrices. */
export function registerNode(
  client: PocaClient,
  { size, products }: RegisterNodeParameters,
): Promise<RegisterNodeReturnType> {
  return send(client, {
    to: predeploys.nodeRegistry,
    data: encodeFunctionData({
      abi: nodeRegistryAbi,
      functionName: 'register',
      args: [size, products],
    }),
  })
}
