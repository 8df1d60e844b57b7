import { parseEther } from 'viem'
import { getBlock, readContract } from 'viem/actions'
import { dev } from '../../../chain/params/specs.ts'
import { emissionReserveAbi } from '../../../chain/system/abi/emissionReserve.ts'
import { rewardDistributorAbi } from '../../../chain/system/abi/rewardDistributor.ts'
import { predeploys } from '../../../chain/system/addresses.ts'
import { coin, percent } from '../ui/amounts.ts'
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

  const before = await standing(signer)
  await letPass(client, seconds.fourYears)
  const after = await standing(signer)
  narrator.say(`one block later the chain is four years older; nothing had to be mined in between`)
  // On this chain the signer is also the special node of the AutoMine pool.
  const share = BigInt(dev.sharesBps.producer + dev.sharesBps.autoMine)
  const due = ((after.emitted - before.emitted) * share) / 10_000n
  const missing = due - (after.credit - before.credit)
  narrator.fact('emitted in between', coin(after.emitted - before.emitted))
  narrator.check(
    `the signer was credited its ${percent(share)} of that, less the gas it got back`,
    missing >= 0n && missing < gasTolerance,
  )
  const claimed = await client.client.claimReward({ account: signer.address })
  narrator.say(`${client.name} has the signer’s part of the subsidy paid out to it`, claimed.hash)
  const released = await read(client, 'released')
  const { emitted } = await standing(signer)
  narrator.fact('emitted so far', coin(emitted))
  narrator.fact('claimed so far', coin(released))
  narrator.check('no more coin left the reserve than the schedule allows', released <= emitted)
}

/** Gas that is paid back out of the credit in the few blocks in between, at most. */
const gasTolerance = parseEther('0.01')

/** What has been emitted, and what the signer has to claim, in one block. */
async function standing(signer: Actor) {
  const blockNumber = BigInt(await signer.client.request({ method: 'eth_blockNumber' }))
  const { timestamp } = await getBlock(signer.client, { blockNumber })
  const credit = await readContract(signer.client, {
    address: predeploys.rewardDistributor,
    abi: rewardDistributorAbi,
    functionName: 'creditOf',
    args: [signer.address],
    blockNumber,
  })
  return { emitted: await read(signer, 'emitted', timestamp), credit }
}

type View = 'ratePerSecond' | 'emitted' | 'released'

function read(actor: Actor, functionName: View, t?: bigint): Promise<bigint> {
  const contract = { address: predeploys.emissionReserve, abi: emissionReserveAbi } as const
  if (functionName === 'released') return readContract(actor.client, { ...contract, functionName })
  return readContract(actor.client, { ...contract, functionName, args: [t ?? 0n] })
}
