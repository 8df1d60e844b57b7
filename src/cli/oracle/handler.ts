import { pino } from 'pino'
import { fixedPrice, type PriceSource, priceSourceAt } from '../../oracle/priceSource.ts'
import { startOracle } from '../../oracle/startOracle.ts'
import { readKeyFile } from '../readKeyFile.ts'
import { runService } from '../runService.ts'
import type { OracleCommandOptions } from './options.ts'

/** Runs one oracle until it is told to stop. */
export async function runOracle(options: OracleCommandOptions): Promise<void> {
  const { rpc, keyFile, data } = options
  const priceSource = priceSourceOf(options)
  await runService(async () =>
    startOracle({
      url: rpc,
      account: await readKeyFile(keyFile),
      dataDir: data,
      ...(priceSource ? { priceSource } : {}),
      log: pino(pino.destination(process.stderr.fd)),
    }),
  )
}

function priceSourceOf(options: OracleCommandOptions): PriceSource | undefined {
  const { coinPrice, priceSource } = options
  if (coinPrice !== undefined) return fixedPrice(coinPrice)
  return priceSource === undefined ? undefined : priceSourceAt(priceSource)
}
