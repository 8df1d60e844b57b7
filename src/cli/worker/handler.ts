import { pino } from 'pino'
import { startWorker } from '../../worker/startWorker.ts'
import { readKeyFile } from '../readKeyFile.ts'
import { runService } from '../runService.ts'
import type { WorkerCommandOptions } from './options.ts'

/** Runs one worker until it is told to stop. */
export async function runWorker({
  rpc,
  keyFile,
  data,
  power,
  contest,
}: WorkerCommandOptions): Promise<void> {
  await runService(async () =>
    startWorker({
      url: rpc,
      account: await readKeyFile(keyFile),
      dataDir: data,
      contests: contest,
      log: pino(pino.destination(process.stderr.fd)),
      ...(power === undefined ? {} : { power }),
    }),
  )
}
