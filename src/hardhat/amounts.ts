import { formatEther, parseEther } from 'viem'

/** An amount as a test says it: wei, or coin as text (`'36'`, `'36 HPC'`). */
export type Amount = bigint | string

/** Wei. */
export function weiOf(amount: Amount): bigint {
  return typeof amount === 'bigint' ? amount : parseEther(amount.replace(/\s*[A-Z]+$/, ''))
}

/** Every digit: tests that differ by one wei have to show it. */
export function coinText(wei: bigint, symbol: string): string {
  return `${formatEther(wei)} ${symbol}`
}

/** Basis points as a factor: `12000` is `1.2`. */
export function factorText(bps: bigint): string {
  const digits = String(bps % 10_000n)
    .padStart(4, '0')
    .replace(/0+$/, '')
  return `${bps / 10_000n}${digits === '' ? '.0' : `.${digits}`}`
}

/** Basis points of a factor: `1.2`, or `'1.2'`, is 12,000. */
export function bpsOf(factor: number | string): bigint {
  return BigInt(Math.round(Number(factor) * 10_000))
}
