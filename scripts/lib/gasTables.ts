import { createRequire } from 'node:module'
import type { Abi } from 'viem'

/** Gas of one function, as Hardhat's `--gas-stats-json` has it. */
export type GasStats = {
  readonly min: number
  readonly max: number
  readonly avg: number
  readonly median: number
  readonly count: number
}

/** Contract name -> function name -> gas. */
export type GasReport = Readonly<Record<string, Readonly<Record<string, GasStats>>>>

/** What prices and settings the tables show. */
export type TableOptions = {
  /** Wei per gas. */
  readonly gasPrice: bigint
  readonly symbol: string
  readonly blockGasLimit: bigint
  readonly solc: { readonly version: string; readonly runs: number; readonly viaIR: boolean }
  readonly abiOf: (contract: string) => Abi
}

type Method = {
  readonly contract: string
  readonly method: string
  readonly fnSig: string
  gasData: number[]
  numberOfCalls: number
  min?: number
  max?: number
  minDelta?: number
  maxDelta?: number
  executionGasAverageDelta?: number
}

/** The part of hardhat-gas-reporter that does not need Hardhat 2: its data and its renderers. */
type GasData = {
  readonly methods: Record<string, Method>
  initialize(provider: unknown, contracts: readonly unknown[]): void
  runAnalysis(hre: unknown, options: unknown): Promise<void>
  addDeltas(previous: GasData): void
}

type Renderer = (hre: unknown, data: GasData, options: unknown, toolchain: string) => string

const require = createRequire(import.meta.url)
const { GasData: Data } = require('hardhat-gas-reporter/dist/lib/gasData') as {
  readonly GasData: new () => GasData
}
const { generateTerminalTextTable } = require('hardhat-gas-reporter/dist/lib/render/terminal') as {
  readonly generateTerminalTextTable: Renderer
}
const { generateMarkdownTable } = require('hardhat-gas-reporter/dist/lib/render/markdown') as {
  readonly generateMarkdownTable: Renderer
}

const toolchain = 'Hardhat 3 (--gas-stats-json)'

/** The report as people know it, once for terminals and once as markdown, with deltas. */
export async function gasTables(
  report: GasReport,
  previous: GasReport,
  options: TableOptions,
): Promise<{ readonly terminal: string; readonly markdown: string; readonly deltas: string }> {
  const data = await dataOf(report, options)
  data.addDeltas(await dataOf(previous, options))
  const settings = settingsOf(options, true)
  // The renderers write currencies small, and a heading for deployments even without any.
  const spelled = (table: string) =>
    table
      .replaceAll(options.symbol.toLowerCase(), options.symbol)
      .replace(/## Deployments\n[^#]*/, '')
  return {
    terminal: spelled(generateTerminalTextTable({}, data, settings, toolchain)),
    markdown: spelled(generateMarkdownTable({}, data, settings, toolchain)),
    deltas: deltaTable(data),
  }
}

/** Only what has changed; the markdown table of the reporter has no place for it. */
function deltaTable(data: GasData): string {
  const rows = Object.values(data.methods)
    .filter(({ minDelta, maxDelta, executionGasAverageDelta }) =>
      [minDelta, maxDelta, executionGasAverageDelta].some((delta) => delta),
    )
    .map(
      ({ contract, method, ...deltas }) =>
        `| ${contract}.${method} | ${signed(deltas.minDelta)} | ${signed(deltas.maxDelta)} ` +
        `| ${signed(deltas.executionGasAverageDelta)} |`,
    )
  if (rows.length === 0) return 'Nothing has changed.'
  return ['| function | min | max | avg |', '|---|---:|---:|---:|', ...rows.sort()].join('\n')
}

async function dataOf(report: GasReport, options: TableOptions): Promise<GasData> {
  const data = new Data()
  const contracts = Object.keys(report).map((name) => ({
    name,
    // Any bytecode: the reporter would leave out what has none, as an interface.
    artifact: { abi: options.abiOf(name), bytecode: '0x00', deployedBytecode: '0x00' },
    excludedMethods: [],
  }))
  data.initialize(undefined, contracts)
  const filled = Object.values(data.methods).flatMap((method) => {
    const functions = report[method.contract]
    // Hardhat gives the signature where a name alone would be ambiguous.
    const stats = functions?.[method.method] ?? functions?.[method.fnSig]
    if (stats === undefined) return []
    method.gasData = [stats.avg]
    method.numberOfCalls = stats.count
    return [[method, stats] as const]
  })
  const block = { gasLimit: `0x${options.blockGasLimit.toString(16)}` }
  const hre = { network: { provider: { send: async () => block } }, __hhgrec: {} }
  await data.runAnalysis(hre, settingsOf(options, false))
  for (const [method, stats] of filled) {
    method.min = stats.min
    method.max = stats.max
  }
  return data
}

function settingsOf({ gasPrice, symbol, blockGasLimit, solc }: TableOptions, deltas: boolean) {
  return {
    L1: symbol,
    currency: symbol,
    token: 'gas token',
    tokenPrice: '1',
    currencyDisplayPrecision: 9,
    // Gwei.
    gasPrice: Number(gasPrice) / 1e9,
    blockGasLimit: Number(blockGasLimit),
    solcInfo: { ...solc, optimizer: 'true' },
    trackGasDeltas: deltas,
    offline: true,
  }
}

function signed(delta: number | undefined): string {
  if (!delta) return ''
  return delta > 0 ? `+${delta.toLocaleString('en')}` : delta.toLocaleString('en')
}
