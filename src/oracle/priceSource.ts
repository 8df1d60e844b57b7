import { open } from 'node:fs/promises'
import { parseUnits } from 'viem'
import { z } from 'zod'
import { PocaError } from '../../chain/primitives/errors.ts'
import { limits } from '../../chain/primitives/limits.ts'

/** What can be wrong with a source of the coin's price. */
export type PriceSourceErrorType =
  | { readonly code: 'PRICE_SOURCE_ADDRESS'; readonly source: string }
  | { readonly code: 'PRICE_SOURCE_UNREADABLE'; readonly source: string; readonly reason: string }
  | { readonly code: 'PRICE_SOURCE_MALFORMED'; readonly source: string }
  | { readonly code: 'PRICE_SOURCE_TOO_LARGE'; readonly source: string; readonly sizeMax: number }
  | {
      readonly code: 'PRICE_SOURCE_OUT_OF_BOUNDS'
      readonly source: string
      /** Pico-USD per coin. */
      readonly price: bigint
      readonly min: bigint
      readonly max: bigint
    }
  | {
      readonly code: 'PRICE_SOURCE_OLD'
      readonly source: string
      readonly ageSeconds: number
      readonly ageMaxSeconds: number
    }

/** A price of the coin that cannot be had or used. */
export class PriceSourceError extends PocaError<PriceSourceErrorType> {}

/** Tells what the coin is worth. */
export type PriceSource = {
  /** What people are told about where the price comes from. */
  readonly name: string
  /** Pico-USD per coin, in the bounds of PriceBook. */
  read(signal: AbortSignal): Promise<bigint>
}

/** What PriceBook takes: a billionth of a dollar to a million dollars, in pico-USD. */
export const coinPriceMin = 1_000n
export const coinPriceMax = 10n ** 18n

/** A price in a file or behind a URL is refused when it was observed longer ago, seconds. */
export const priceAgeMaxSeconds = 600

/** Milliseconds after which a URL that does not answer is given up. */
const timeoutMs = 5_000

/** A price that somebody set by hand. It is an assumption; no market is asked. */
export function fixedPrice(usd: string): PriceSource {
  const name = `fixed at ${usd} USD`
  const price = parsePrice(usd, name)
  return { name, read: async () => price }
}

/**
 * A price that another program keeps in a JSON file, `{ "usd": "0.25", "observedAt":
 * "2026-01-01T00:00:00Z" }`: dollars per coin as a decimal text, and when that was so.
 *
 * @param now milliseconds since 1970.
 */
export function filePrice(path: string, now: () => number = Date.now): PriceSource {
  return {
    name: path,
    read: async () => parseQuote(await readHead(path), path, now()),
  }
}

/**
 * The same JSON behind a URL: `https:`, or `http:` to this machine.
 *
 * @throws PriceSourceError `PRICE_SOURCE_ADDRESS` for any other address.
 */
export function urlPrice(address: string, now: () => number = Date.now): PriceSource {
  const url = URL.parse(address)
  const isSafe =
    url?.protocol === 'https:' ||
    (url?.protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname))
  if (!url || !isSafe) {
    throw new PriceSourceError(
      { code: 'PRICE_SOURCE_ADDRESS', source: address },
      `A price is read over https:, or over http: from this machine only; ${address} is neither.`,
    )
  }
  // What follows the address, and names in it, may be secret.
  const name = `${url.origin}${url.pathname}`
  return {
    name,
    read: async (signal) => parseQuote(await fetchHead(url, name, signal), name, now()),
  }
}

/** The source that a text names: a URL, else a file. */
export function priceSourceAt(text: string): PriceSource {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? urlPrice(text) : filePrice(text)
}

const quoteSchema = z.object({
  usd: z.string(),
  observedAt: z.iso.datetime({ offset: true }),
})

function parseQuote(text: string, source: string, nowMs: number): bigint {
  const quote = quoteSchema.safeParse(parseJSON(text))
  if (!quote.success) throw malformed(source)
  const ageSeconds = Math.floor((nowMs - Date.parse(quote.data.observedAt)) / 1_000)
  // A clock that is ahead by as much is as wrong.
  if (Math.abs(ageSeconds) > priceAgeMaxSeconds) {
    throw new PriceSourceError(
      { code: 'PRICE_SOURCE_OLD', source, ageSeconds, ageMaxSeconds: priceAgeMaxSeconds },
      `The price of ${source} is ${ageSeconds} s old; it may be ${priceAgeMaxSeconds} s off.`,
    )
  }
  return parsePrice(quote.data.usd, source)
}

function parseJSON(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function parsePrice(usd: string, source: string): bigint {
  if (!/^\d{1,9}(\.\d{1,12})?$/.test(usd)) throw malformed(source)
  const price = parseUnits(usd, 12)
  if (coinPriceMin <= price && price <= coinPriceMax) return price
  throw new PriceSourceError(
    { code: 'PRICE_SOURCE_OUT_OF_BOUNDS', source, price, min: coinPriceMin, max: coinPriceMax },
    `A coin at ${usd} USD (${source}) is outside of what the chain takes, 10⁻⁹ to 10⁶ USD.`,
  )
}

function malformed(source: string): PriceSourceError {
  return new PriceSourceError(
    { code: 'PRICE_SOURCE_MALFORMED', source },
    `No price can be read from ${source}; it must be dollars as a decimal text such as "0.25", ` +
      'in a file or behind a URL as {"usd":"0.25","observedAt":"2026-01-01T00:00:00Z"}.',
  )
}

/** The text of a file, unless it is larger than any price. */
async function readHead(path: string): Promise<string> {
  try {
    const file = await open(path)
    try {
      const bytes = new Uint8Array(limits.priceSourceSizeMax + 1)
      const { bytesRead } = await file.read(bytes, 0, bytes.length)
      return decode(bytes.subarray(0, bytesRead), path)
    } finally {
      await file.close()
    }
  } catch (cause) {
    if (cause instanceof PriceSourceError) throw cause
    throw unreadable(path, cause)
  }
}

async function fetchHead(url: URL, source: string, signal: AbortSignal): Promise<string> {
  try {
    const response = await fetch(url, {
      headers: { accept: 'application/json' },
      redirect: 'error',
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    })
    if (!response.ok) throw new Error(`it answers with status ${response.status}`)
    const chunks: Uint8Array[] = []
    let sizeBytes = 0
    for await (const chunk of response.body ?? []) {
      chunks.push(chunk)
      sizeBytes += chunk.length
      if (sizeBytes > limits.priceSourceSizeMax) break
    }
    return decode(Buffer.concat(chunks), source)
  } catch (cause) {
    if (cause instanceof PriceSourceError) throw cause
    throw unreadable(source, cause)
  }
}

function decode(bytes: Uint8Array, source: string): string {
  const sizeMax = limits.priceSourceSizeMax
  if (bytes.length <= sizeMax) return new TextDecoder().decode(bytes)
  throw new PriceSourceError(
    { code: 'PRICE_SOURCE_TOO_LARGE', source, sizeMax },
    `What ${source} gives is larger than ${sizeMax} bytes, which no price is.`,
  )
}

function unreadable(source: string, cause: unknown): PriceSourceError {
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new PriceSourceError(
    { code: 'PRICE_SOURCE_UNREADABLE', source, reason },
    `The price cannot be read from ${source}: ${reason}.`,
    { cause },
  )
}
