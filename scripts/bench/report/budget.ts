import { stages } from '../../../chain/primitives/stageClock.ts'
import { type BenchReport, bestOf, nameAmong } from './benchReport.ts'
import { hasStages, otherThreadsUs } from './markdown.ts'

/** Microseconds of each stage of a transfer, beside the least that native code needs for it. */
export function budgetTable({ cases, floorsUs = {} }: BenchReport): string {
  const shown = cases.filter(hasStages).filter(({ workload }) => workload === 'T1')
  const names = shown.map((report) => nameAmong(report, cases))
  const row = (title: string, floor: number | undefined, values: readonly number[]): string => {
    const cells = [floor, ...values].map((value) => (value ? value.toFixed(1) : '–'))
    return `| ${[title, ...cells].join(' | ')} |`
  }
  const rows = stages
    .map((stage) => ({
      stage,
      values: shown.map((report) => bestOf(report).stagesUsPerTx?.[stage] ?? 0),
    }))
    .filter(({ stage, values }) => floorsUs[stage] !== undefined || values.some((us) => us > 0))
    .map(({ stage, values }) => row(stage, floorsUs[stage], values))
  const floorSum = Object.values(floorsUs).reduce((sum, us) => sum + us, 0)
  return [
    `| ${['stage', 'floor', ...names].join(' | ')} |`,
    `|${['', '', ...names].map(() => '---').join('|')}|`,
    ...rows,
    row('other threads', undefined, shown.map(otherThreadsUs)),
    row(
      'sum',
      floorSum,
      shown.map((report) => bestOf(report).cpuUsPerTx),
    ),
  ].join('\n')
}
