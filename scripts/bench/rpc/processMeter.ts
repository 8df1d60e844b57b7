import { readdirSync, readFileSync } from 'node:fs'

/** What a program has used so far. */
export type ProcessUse = {
  /** Microseconds of processor time, of it and of what it started. */
  readonly cpuUs: number
  /** Most memory that it ever held, in bytes. */
  readonly rssPeakBytes: number
}

/** Of a tick: what Linux tells programs that it counts in, on every machine there is. */
const TICK_US = 10_000

/** Reads what the process `pid` and its descendants have used. Zeros where there is no /proc. */
export function readProcessUse(pid: number): ProcessUse {
  const all = [pid, ...descendantsOf(pid)].map(readOne)
  return {
    cpuUs: all.reduce((sum, { cpuUs }) => sum + cpuUs, 0),
    rssPeakBytes: all.reduce((sum, { rssPeakBytes }) => sum + rssPeakBytes, 0),
  }
}

function readOne(pid: number): ProcessUse {
  // The name in parentheses may hold spaces; user and system time are the 12th and 13th after it.
  const fields = read(`/proc/${pid}/stat`)
    .replace(/^.*\) /s, '')
    .split(' ')
  const ticks = Number(fields[11] ?? 0) + Number(fields[12] ?? 0)
  const peak = /VmHWM:\s+(\d+) kB/.exec(read(`/proc/${pid}/status`))?.[1] ?? '0'
  return { cpuUs: ticks * TICK_US, rssPeakBytes: Number(peak) * 1_024 }
}

function descendantsOf(pid: number): readonly number[] {
  let tasks: readonly string[] = []
  try {
    tasks = readdirSync(`/proc/${pid}/task`)
  } catch {
    return []
  }
  const children = tasks.flatMap((task) =>
    read(`/proc/${pid}/task/${task}/children`).split(' ').filter(Boolean).map(Number),
  )
  return children.flatMap((child) => [child, ...descendantsOf(child)])
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
