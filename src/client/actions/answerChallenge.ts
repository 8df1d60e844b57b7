import { encodeFunctionData } from 'viem'
import type { Hex } from '../../../chain/primitives/hex.ts'
import { nodeRegistryAbi } from '../../../chain/system/abi/nodeRegistry.ts'
import { predeploys } from '../../../chain/system/addresses.ts'
import { type Included, type PocaClient, send } from '../transactions.ts'

export type AnswerChallengeParameters = {
  /** 64 x 64 int32, big endian, row-major. */
  readonly product: Hex
}

export type AnswerChallengeReturnType = Included

/** Answers the challenge of a registered worker. */
export function answerChallenge(
  client: PocaClient,
  { product }: AnswerChallengeParameters,
): Promise<AnswerChallengeReturnType> {
  return send(client, {
    to: predeploys.nodeRegistry,
    data: encodeFunctionData({
      abi: nodeRegistryAbi,
      functionName: 'answerChallenge',
      args: [product],
    }),
  })
}
