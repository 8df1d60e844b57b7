import { parseArgs } from 'node:util'
import { pino } from 'pino'
import { readKeyFile } from '../compute/readKeyFile.ts'
import { runService } from '../compute/runService.ts'
import { startOracle } from './startOracle.ts'

// node src/oracle/main.ts --rpc URL --key-file FILE --data FOLDER
const { values } = parseArgs({
  options: {
    rpc: { type: 'string', default: 'http://127.0.0.1:8545' },
    'key-file': { type: 'string', default: 'oracle.key' },
    data: { type: 'string', default: '.poca/oracle' },
  },
})

await runService(async () =>
  startOracle({
    url: values.rpc,
    account: await readKeyFile(values['key-file']),
    dataDir: values.data,
    log: pino(pino.destination(process.stderr.fd)),
  }),
)
