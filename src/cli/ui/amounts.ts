import { formatEther } from 'viem'

/** Digits after the point that are shown; the rest becomes an ellipsis. */
const shownDigits = 6

/** An amount in coin, with thousands separated: `1,234.5 HPC`, `0.333333… HPC`. */
export function coin(wei: bigint, symbol = 'HPC'): string {
  const [whole = '0', fraction = ''] = formatEther(wei).split('.')
  const grouped = whole.replace(/\B(?=(\d{3})+(?!\d))/g, ',')
  const rest = fraction.length > shownDigits ? `${fraction.slice(0, shownDigits)}…` : fraction
  return `${grouped}${rest === '' ? '' : `.${rest}`} ${symbol}`
}

/** Basis points as a factor: `12000` is `1.2`. */
export function factor(bps: bigint | number): string {
  return String(Number(bps) / 10_000)
}

/** Basis points as people say them: `250` is `2.5 %`. */
export function percent(bps: bigint | number): string {
  return `${Number(bps) / 100} %`
}

/** A hash cut to its ends, for lines that must stay short. */
export function short(hash: string): string {
  return `${hash.slice(0, 10)}…${hash.slice(-4)}`
}
