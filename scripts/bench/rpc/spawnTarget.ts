import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { createServer } from 'node:net'

/** A program to start, and where it may run. */
export type Program = {
  readonly command: string
  readonly args: readonly string[]
  /** Processors as `taskset` names them, such as `0,1`; undefined for any. */
  readonly cpus?: string | undefined
  readonly env?: Readonly<Record<string, string>>
}

/** A started program. */
export type Started = {
  readonly pid: number
  /** Lines that it writes to stdout. */
  onLine(listener: (line: string) => void): void
  /** Resolves with its exit code, null when a signal ended it. */
  readonly ended: Promise<number | null>
  /** What it last wrote to stderr. */
  complaint(): string
  stop(): Promise<void>
}

const COMPLAINT_SIZE = 4_000
const STOP_MS = 10_000

/** Whether programs can be kept to some of the processors. */
export function canPin(): boolean {
  return spawnSync('taskset', ['--version']).status === 0
}

/** Starts a program, on its processors only. */
export function startProgram({ command, args, cpus, env }: Program): Started {
  const [file, all] =
    cpus === undefined ? [command, args] : (['taskset', ['-c', cpus, command, ...args]] as const)
  const child: ChildProcess = spawn(file, all, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  })
  let complaint = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    complaint = (complaint + chunk.toString('utf8')).slice(-COMPLAINT_SIZE)
  })
  let rest = ''
  const listeners = new Set<(line: string) => void>()
  child.stdout?.on('data', (chunk: Buffer) => {
    const lines = (rest + chunk.toString('utf8')).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) for (const listener of listeners) listener(line)
  })
  const ended = new Promise<number | null>((resolve) => {
    child.once('exit', (code) => resolve(code))
    child.once('error', (error) => {
      complaint += error.message
      resolve(1)
    })
  })
  return {
    pid: child.pid ?? 0,
    onLine: (listener) => listeners.add(listener),
    ended,
    complaint: () => complaint.trim(),
    async stop() {
      child.kill('SIGTERM')
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS)
      await ended
      clearTimeout(timer)
    },
  }
}

/** A TCP port that nobody has at the moment. */
export function findPort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' ? (address?.port ?? 0) : 0))
    })
  })
}
