import { numberToHex } from 'viem'
import type { Actor } from './cast.ts'

/** Lets time pass on the development chain, in one block. */
export async function letPass(actor: Actor, seconds: number): Promise<void> {
  await actor.client.request<{ Method: string; Parameters: unknown; ReturnType: unknown }>({
    method: 'evm_increaseTime',
    params: [numberToHex(seconds)],
  })
  await mineBlock(actor)
}

/** Makes a block now. */
export async function mineBlock(actor: Actor): Promise<void> {
  await actor.client.request<{ Method: string; Parameters: unknown; ReturnType: unknown }>({
    method: 'evm_mine',
    params: [],
  })
}

/** Seconds of a length of time, as people say it. */
export const seconds = { minute: 60, hour: 3_600, day: 86_400, fourYears: 126_230_400 } as const
