import { pino } from 'pino'
import { startOracle } from '../../oracle/startOracle.ts'
import { readKeyFile } from '../readKeyFile.ts'
import { runService } from '../runService.ts'
import type { OracleCommandOptions } from './options.ts'

/** Runs one oracle until it is told to stop. */
export async function runOracle({ rpc, keyFile, data }: OracleCommandOptions): Promise<void> {
  await runService(async () =>
    startOracle({
      url: rpc,
      account: await readKeyFile(keyFile),
      dataDir: data,
      log: pino(pino.destination(process.stderr.fd)),
    }),
  )
}
