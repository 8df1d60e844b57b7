/** A bar of one or more parts. */
export type Bar = {
  readonly label: string
  readonly parts: readonly { readonly name: string; readonly value: number }[]
}

/** A line through points. */
export type Line = {
  readonly label: string
  readonly points: readonly (readonly [x: number, y: number])[]
}

const WIDTH = 860
const LEFT = 290
const RIGHT = 90
const TOP = 50
const BAR_HEIGHT = 22
const BAR_STEP = 30
const LEGEND_STEP = 18
const LEGEND_COLUMNS = 3
const LEGEND_WIDTH = 270
const PLOT_HEIGHT = 260

/** Told apart by those who see few colours, too. */
const colours = [
  ...['#4477aa', '#ee6677', '#228833', '#ccbb44', '#66ccee', '#aa3377'],
  ...['#bbbbbb', '#222255', '#225555', '#666633', '#663333'],
]

/** Horizontal bars, longest value at the right edge; with a legend when they have parts. */
export function barChart(chart: {
  readonly title: string
  readonly unit: string
  readonly bars: readonly Bar[]
}): string {
  const { title, unit, bars } = chart
  const sums = bars.map(({ parts }) => parts.reduce((sum, { value }) => sum + value, 0))
  const scale = (WIDTH - LEFT - RIGHT) / Math.max(...sums, Number.MIN_VALUE)
  const names = [...new Set(bars.flatMap(({ parts }) => used(parts).map(({ name }) => name)))]
  const colourOf = (name: string): string => colours[names.indexOf(name) % colours.length] ?? '#000'
  const drawn = bars.map(({ label, parts }, row) => {
    const y = TOP + row * BAR_STEP
    let x = LEFT
    const rects = used(parts).map(({ name, value }) => {
      const width = value * scale
      const rect = `<rect x="${n(x)}" y="${y}" width="${n(width)}" height="${BAR_HEIGHT}" fill="${colourOf(name)}"/>`
      x += width
      return rect
    })
    const middle = y + BAR_HEIGHT / 2 + 4
    return [
      text(LEFT - 8, middle, label, 'end'),
      ...rects,
      text(x + 6, middle, `${figure(sums[row] ?? 0)} ${unit}`),
    ].join('\n')
  })
  const legendTop = TOP + bars.length * BAR_STEP + 16
  const legend = names.length > 1 ? legendOf(names, colourOf, legendTop) : ''
  const height =
    legendTop + (names.length > 1 ? Math.ceil(names.length / LEGEND_COLUMNS) * LEGEND_STEP : 0)
  return page(title, height, [...drawn, legend])
}

/** Lines over an axis of powers; both axes begin at what the data begin with. */
export function lineChart(chart: {
  readonly title: string
  readonly unit: string
  readonly axis: string
  readonly lines: readonly Line[]
}): string {
  const { title, unit, axis, lines } = chart
  const xs = [...new Set(lines.flatMap(({ points }) => points.map(([x]) => x)))].sort(
    (a, b) => a - b,
  )
  const top = Math.max(...lines.flatMap(({ points }) => points.map(([, y]) => y)))
  const log = (x: number): number => Math.log(Math.max(x, 1))
  const [first, last] = [log(xs[0] ?? 1), log(xs.at(-1) ?? 1)]
  const xAt = (x: number): number =>
    60 + ((log(x) - first) / Math.max(last - first, Number.MIN_VALUE)) * (WIDTH - 60 - RIGHT)
  const yAt = (y: number): number => TOP + PLOT_HEIGHT - (y / top) * PLOT_HEIGHT
  const floor = TOP + PLOT_HEIGHT
  const ticks = [0, 0.5, 1].map((share) =>
    [
      `<line x1="60" x2="${WIDTH - RIGHT}" y1="${n(yAt(top * share))}" y2="${n(yAt(top * share))}" stroke="#ddd"/>`,
      text(54, yAt(top * share) + 4, figure(top * share), 'end'),
    ].join('\n'),
  )
  const marks = xs.map((x) => text(xAt(x), floor + 18, figure(x), 'middle'))
  const labels = lines.map(({ label }) => label)
  const colourOf = (name: string): string =>
    colours[labels.indexOf(name) % colours.length] ?? '#000'
  const drawn = lines.map(({ label, points }) => {
    const at = points.map(([x, y]) => `${n(xAt(x))},${n(yAt(y))}`)
    const dots = points.map(
      ([x, y]) => `<circle cx="${n(xAt(x))}" cy="${n(yAt(y))}" r="3.5" fill="${colourOf(label)}"/>`,
    )
    const path = `<polyline points="${at.join(' ')}" fill="none" stroke="${colourOf(label)}" stroke-width="2"/>`
    return [path, ...dots].join('\n')
  })
  const names = [text(60, TOP - 10, unit), text(WIDTH - RIGHT, floor + 36, axis, 'end')]
  const legendTop = floor + 58
  const height = legendTop + Math.ceil(labels.length / LEGEND_COLUMNS) * LEGEND_STEP
  return page(title, height, [
    ...ticks,
    ...marks,
    ...drawn,
    ...names,
    legendOf(labels, colourOf, legendTop),
  ])
}

function legendOf(
  names: readonly string[],
  colourOf: (name: string) => string,
  top: number,
): string {
  return names
    .map((name, index) => {
      const x = 40 + (index % LEGEND_COLUMNS) * LEGEND_WIDTH
      const y = top + Math.floor(index / LEGEND_COLUMNS) * LEGEND_STEP
      const square = `<rect x="${x}" y="${y - 10}" width="11" height="11" fill="${colourOf(name)}"/>`
      return `${square}\n${text(x + 16, y, name)}`
    })
    .join('\n')
}

function page(title: string, height: number, parts: readonly string[]): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height + 10}" font-family="sans-serif" font-size="13">`,
    `<rect width="${WIDTH}" height="${height + 10}" fill="#fff"/>`,
    `<text x="16" y="26" font-size="16" font-weight="bold">${escapeXml(title)}</text>`,
    ...parts.filter((part) => part !== ''),
    '</svg>',
    '',
  ].join('\n')
}

function text(x: number, y: number, content: string, anchor = 'start'): string {
  return `<text x="${n(x)}" y="${n(y)}" text-anchor="${anchor}">${escapeXml(content)}</text>`
}

function used(parts: Bar['parts']): Bar['parts'] {
  return parts.filter(({ value }) => value > 0)
}

function figure(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en-US') : value.toFixed(1)
}

function n(value: number): string {
  return value.toFixed(1)
}

function escapeXml(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}
