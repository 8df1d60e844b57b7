// One measurement at L1, L2 or L3 in a process of its own, so that neither the memory nor the
// compiled code of an earlier one counts.
//
//   node scripts/bench/importChild.ts '{ ...ImportJob, "target": "reference" }'
//
// Writes one line of JSON: the ImportResult.
import { engineTargets } from './engineTargets.ts'
import { measureImport } from './importCell.ts'

const job = JSON.parse(process.argv[2] ?? '{}')
const target = engineTargets.find(({ name }) => name === job.target)
if (target === undefined) throw new Error(`There is no engine ${job.target}.`)
process.stdout.write(`${JSON.stringify(await measureImport({ ...job, target }))}\n`)
