import { parseArgs } from 'node:util'
import { pino } from 'pino'
import { readKeyFile } from '../compute/readKeyFile.ts'
import { runService } from '../compute/runService.ts'
import { startWorker } from './startWorker.ts'

// node src/worker/main.ts --rpc URL --key-file FILE --data FOLDER [--power N]
const { values } = parseArgs({
  options: {
    rpc: { type: 'string', default: 'http://127.0.0.1:8545' },
    'key-file': { type: 'string', default: 'worker.key' },
    data: { type: 'string', default: '.poca/worker' },
    power: { type: 'string' },
  },
})

await runService(async () =>
  startWorker({
    url: values.rpc,
    account: await readKeyFile(values['key-file']),
    dataDir: values.data,
    log: pino(pino.destination(process.stderr.fd)),
    ...(values.power === undefined ? {} : { power: BigInt(values.power) }),
  }),
)
