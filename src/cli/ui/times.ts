/** A second since 1970 as people read it; `never` for 0. */
export function moment(seconds: number | bigint): string {
  if (BigInt(seconds) === 0n) return 'never'
  return new Date(Number(seconds) * 1_000).toISOString().replace('.000Z', 'Z')
}
