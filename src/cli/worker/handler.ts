import { pino } from 'pino'
import { readKeyFile } from '../../compute/readKeyFile.ts'
import { runService } from '../../compute/runService.ts'
import { startWorker } from '../../worker/startWorker.ts'
import type { WorkerCommandOptions } from './options.ts'

/** Runs one worker until it is told to stop. */
export async function runWorker({ rpc, keyFile, data }: WorkerCommandOptions): Promise<void> {
  await runService(async () =>
    startWorker({
      url: rpc,
      account: await readKeyFile(keyFile),
      dataDir: data,
      log: pino(pino.destination(process.stderr.fd)),
    }),
  )
}
