import { parseEther } from 'viem'
import { readContract } from 'viem/actions'
import { dev } from '../../../chain/params/specs.ts'
import { emissionReserveAbi } from '../../../chain/system/abi/emissionReserve.ts'
import { predeploys } from '../../../chain/system/addresses.ts'
import { coin } from '../ui/amounts.ts'
import type { Narrator } from '../ui/narrator.ts'
import type { Actor, Cast } from './cast.ts'
import { letPass, seconds } from './time.ts'

/** Four years pass in one block, and the subsidy halves. */
export async function halve({ client, signer }: Cast, narrator: Narrator): Promise<void> {
  narrator.chapter('6  Four years pass: the subsidy halves')
  const end = dev.genesisTime + BigInt(seconds.fourYears)
  const firstRate = await read(client, 'ratePerSecond', end - 1n)
  const secondRate = await read(client, 'ratePerSecond', end)
  const firstEra = await read(client, 'emitted', end)
  narrator.fact('first era, per second', coin(firstRate))
  narrator.fact('second era, per second', coin(secondRate))
  narrator.check(
    'the first era emits exactly 105,000,000 HPC',
    firstEra === parseEther('105000000'),
  )
  narrator.check(
    'the rate of the second era is half the first, to the wei',
    secondRate === firstRate / 2n,
  )

  const started = await signer.client.getReward({ account: signer.address })
  await letPass(signer, seconds.fourYears)
  const grown = await signer.client.getReward({ account: signer.address })
  narrator.say(`one block later the chain is four years older; nothing had to be mined in between`)
  narrator.check('the producer was credited for the time that passed', grown > started)
  const claimed = await signer.client.claimReward()
  narrator.say(`the signer claims its part of the subsidy`, claimed.hash)
  const released = await read(client, 'released')
  const emitted = await read(client, 'emitted', await now(client))
  narrator.fact('emitted so far', coin(emitted))
  narrator.fact('claimed so far', coin(released))
  narrator.check('no more coin left the reserve than the schedule allows', released <= emitted)
}

type View = 'ratePerSecond' | 'emitted' | 'released'

function read(actor: Actor, functionName: View, t?: bigint): Promise<bigint> {
  const contract = { address: predeploys.emissionReserve, abi: emissionReserveAbi } as const
  if (functionName === 'released') return readContract(actor.client, { ...contract, functionName })
  return readContract(actor.client, { ...contract, functionName, args: [t ?? 0n] })
}

async function now(actor: Actor): Promise<bigint> {
  const block = await actor.client.request({
    method: 'eth_getBlockByNumber',
    params: ['latest', false],
  })
  return BigInt(block?.timestamp ?? 0)
}
