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
  readonly name: 'accounts' | 'blocks' | 'code'
  readonly title: string
  readonly at: (report: CaseReport) => number
}

const axes: readonly Axis[] = [
  { name: 'accounts', title: 'accounts', at: ({ accounts }) => accounts },
  { name: 'blocks', title: 'transactions per block', at: ({ blockTxs }) => blockTxs ?? 0 },
  { name: 'code', title: 'bytes of contract code', at: ({ tokenCodeSize }) => tokenCodeSize },
]

/** How processor time grows with what was varied. What differs in nothing else is one line. */
function growthPlots(cases: readonly CaseReport[]): readonly Plot[] {
  return axes.flatMap(({ name, title, at }) => {
    const lines = new Map<string, [number, number][]>()
    for (const report of cases) {
      const label = nameAmong(report, cases, name)
      const points = lines.get(label) ?? []
      lines.set(label, points)
      points.push([at(report), bestOf(report).cpuUsPerTx])
    }
    const drawn = [...lines]
      .filter(([, points]) => new Set(points.map(([x]) => x)).size > 1)
      .map(([label, points]): Line => ({ label, points: points.sort(([a], [b]) => a - b) }))
    if (drawn.length === 0) return []
    const chart = { title: `Processor time by ${title}`, unit: 'µs/tx', axis: title, lines: drawn }
    return [{ name, svg: lineChart(chart) }]
  })
}
