import { stages } from '../../../chain/primitives/stageClock.ts'
import { type BenchReport, bestOf, type CaseReport, nameAmong } from './benchReport.ts'
import { hasStages, otherThreadsUs } from './markdown.ts'
import { type Bar, barChart, type Line, lineChart } from './svg.ts'

/** A picture, and the end of its file's name. */
export type Plot = { readonly name: string; readonly svg: string }

/** The pictures that a report has the numbers for. */
export function plotsOf({ cases }: BenchReport): readonly Plot[] {
  return [
    { name: 'tps', svg: ratePlot(cases) },
    ...(cases.some(hasStages) ? [{ name: 'stages', svg: stagePlot(cases) }] : []),
    ...growthPlots(cases),
  ]
}

function ratePlot(cases: readonly CaseReport[]): string {
  const bars = cases.map((report): Bar => {
    const { tps } = bestOf(report)
    return {
      label: nameAmong(report, cases),
      parts: [{ name: 'transactions per second', value: tps }],
    }
  })
  return barChart({ title: 'Transactions per second', unit: 'TPS', bars })
}

function stagePlot(cases: readonly CaseReport[]): string {
  const bars = cases.filter(hasStages).map(
    (report): Bar => ({
      label: nameAmong(report, cases),
      parts: [
        ...stages.map((stage) => ({
          name: stage,
          value: bestOf(report).stagesUsPerTx?.[stage] ?? 0,
        })),
        { name: 'other threads', value: otherThreadsUs(report) },
      ],
    }),
  )
  return barChart({ title: 'Processor time per transaction', unit: 'µs', bars })
}

type Axis = {
  readonly name: string
  readonly title: string
  readonly at: (report: CaseReport) => number
}

const axes: readonly Axis[] = [
  { name: 'accounts', title: 'accounts', at: ({ accounts }) => accounts },
  { name: 'blocks', title: 'transactions per block', at: ({ blockTxs }) => blockTxs ?? 0 },
  { name: 'code', title: 'bytes of contract code', at: ({ tokenCodeSize }) => tokenCodeSize },
]

/** How processor time grows with what was varied. */
function growthPlots(cases: readonly CaseReport[]): readonly Plot[] {
  return axes.flatMap(({ name, title, at }) => {
    // What differs in nothing but this belongs to one line.
    const others = axes.filter((axis) => axis.name !== name)
    const lines = new Map<string, { readonly label: string; points: [number, number][] }>()
    for (const report of cases) {
      const label = nameOf(report)
      const key = [label, ...others.map((axis) => axis.at(report))].join('/')
      const line = lines.get(key) ?? { label, points: [] }
      line.points.push([at(report), bestOf(report).cpuUsPerTx])
      lines.set(key, line)
    }
    const rising = [...lines.values()].filter(
      ({ points }) => new Set(points.map(([x]) => x)).size > 1,
    )
    if (rising.length === 0) return []
    const drawn: readonly Line[] = rising.map(({ label, points }) => ({
      label,
      points: [...points].sort(([a], [b]) => a - b),
    }))
    const svg = lineChart({
      title: `Processor time by ${title}`,
      unit: 'µs/tx',
      axis: title,
      lines: drawn,
    })
    return [{ name, svg }]
  })
}

function nameOf({ workload, level, target, feed }: CaseReport): string {
  const how = feed === undefined ? '' : feed.batch === 1 ? ' singly' : ''
  return `${workload} ${level} ${target}${how}`
}
