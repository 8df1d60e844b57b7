import { privateKeyToAccount } from 'viem/accounts'
import { devAccounts, devRoles } from '../../../chain/params/devAccounts.ts'
import { assert } from '../../../chain/primitives/assert.ts'
import type { Address, Hex } from '../../../chain/primitives/hex.ts'
import { connect } from '../../client/connect.ts'
import { pocaActions } from '../../client/pocaActions.ts'

/** Somebody in the story: a name, a key, and a viem client that signs with it. */
export type Actor = {
  readonly name: string
  readonly address: Address
  readonly privateKey: Hex
  readonly client: Awaited<ReturnType<typeof openClient>>
}

/** Who takes part. */
export type Cast = {
  readonly client: Actor
  readonly holder: Actor
  readonly workers: readonly Actor[]
  readonly oracles: readonly Actor[]
  readonly signer: Actor
}

/** Gives everybody a client of the node at `url`. */
export async function gatherCast(url: string): Promise<Cast> {
  const [client, holder, signer] = await Promise.all([
    openActor(url, 'Alice', devRoles.client),
    openActor(url, 'Heidi', devRoles.holders[0]),
    openActor(url, 'the signer', devRoles.signer),
  ])
  const workerNames = ['Wanda', 'Wu', 'Will']
  const workers = await Promise.all(
    workerNames.map((name, i) => openActor(url, name, devRoles.workers[i] ?? 0)),
  )
  const oracles = await Promise.all(
    devRoles.oracles.map((index, i) => openActor(url, `oracle ${i + 1}`, index)),
  )
  return { client, holder, workers, oracles, signer }
}

async function openActor(url: string, name: string, index: number): Promise<Actor> {
  const account = devAccounts()[index]
  assert(account !== undefined, 'every role is one of the development accounts')
  return { name, ...account, client: await openClient(url, account.privateKey) }
}

async function openClient(url: string, privateKey: Hex) {
  const client = await connect({ url, account: privateKeyToAccount(privateKey) })
  return client.extend(pocaActions())
}
