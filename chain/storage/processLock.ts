import { readFileSync } from 'node:fs'

/** Names a running process so that a later one with the same number is not taken for it. */
export type ProcessIdentity = { readonly pid: number; readonly started: string }

/** This process. */
export function ownIdentity(): ProcessIdentity {
  return { pid: process.pid, started: startOf(process.pid) }
}

/** Whether `identity` still runs. */
export function isAlive(identity: ProcessIdentity): boolean {
  try {
    process.kill(identity.pid, 0)
  } catch (error) {
    // EPERM: it runs, as another user.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false
  }
  return startOf(identity.pid) === identity.started
}

/** The form in which a lock is written into the database. */
export function encodeIdentity(identity: ProcessIdentity): Uint8Array {
  return new TextEncoder().encode(`${identity.pid} ${identity.started}`)
}

/** Undoes `encodeIdentity`; undefined for anything else. */
export function decodeIdentity(bytes: Uint8Array): ProcessIdentity | undefined {
  const match = /^(\d{1,10}) (\S*)$/.exec(new TextDecoder().decode(bytes))
  if (match?.[1] === undefined || match[2] === undefined) return undefined
  return { pid: Number(match[1]), started: match[2] }
}

/** Boot and start time of a process where the system tells (Linux); else the empty string. */
function startOf(pid: number): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The name in parentheses may hold spaces; start time is field 22, the 20th after it.
    const start = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
    return `${boot}:${start}`
  } catch {
    return ''
  }
}
