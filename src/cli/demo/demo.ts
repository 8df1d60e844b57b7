import type { Narrator } from '../ui/narrator.ts'
import { type Cast, gatherCast } from './cast.ts'
import { type Crew, hireCrew } from './crew.ts'
import { fail } from './faults.ts'
import { halve } from './halving.ts'
import { rent } from './rent.ts'
import { type Audit, audit } from './supply.ts'
import { vote } from './vote.ts'

/** What the story needs of the chain it is told on. */
export type DemoOptions = {
  /** Where the node answers. */
  readonly url: string
  /** Folder for the workers' and oracles' own data. */
  readonly dataDir: string
  readonly narrator: Narrator
  /** Adds up every account of the newest state. */
  readonly audit: () => Promise<Audit>
}

/** Tells the whole story on a fresh development chain. Throws when a step cannot be told. */
export async function runDemo({
  url,
  dataDir,
  narrator,
  audit: addUp,
}: DemoOptions): Promise<void> {
  const cast = await gatherCast(url)
  narrator.chapter('0  Workers and oracles join, each by RPC alone')
  const crew = await hireCrew(cast, { url, dataDir })
  try {
    await prove(cast, crew, narrator)
    await rent(cast, crew, narrator)
    await fail(cast, crew, narrator)
    await vote(cast, narrator)
  } finally {
    await crew.stop()
  }
  await halve(cast, narrator)
  await audit(cast, narrator, await addUp())
}

async function prove(cast: Cast, crew: Crew, narrator: Narrator): Promise<void> {
  const progress = narrator.progress('proving power', cast.workers.length)
  await crew.untilProved((count) => progress.to(count, `${count} proved`))
  progress.stop('each multiplied matrices for a second; the chain checked 16 entries of each')
  for (const { name, address, client } of cast.workers) {
    const { power } = await client.getNode({ worker: address })
    narrator.fact(name, `power ${power} million multiply-adds per second`)
  }
}
