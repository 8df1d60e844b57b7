import { isIP } from 'node:net'

/**
 * Whether a `Host` header names this machine by itself: localhost, an IP address, or a name that
 * the
 * operator allows. A page that rebinds its own name to 127.0.0.1 sends that name.
 */
export function isLocalHost(host: string | undefined, allowed: readonly string[]): boolean {
  const name = hostName(host ?? '')
  if (name === 'localhost' || name.endsWith('.localhost')) return true
  return isIP(name) !== 0 || allowed.includes(name)
}

/** The header without its port and without the brackets of IPv6. */
function hostName(host: string): string {
  const bracketed = /^\[([^\]]*)\](:\d+)?$/.exec(host)
  return (bracketed?.[1] ?? host.replace(/:\d+$/, '')).toLowerCase()
}
